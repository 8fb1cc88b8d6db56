/// Why an expression of XPath, or its use, is wrong. The caller says which error of its language that is.
package enum RegexError: Error, Hashable {
    case unknownFlag(Unicode.Scalar)
    case syntax(pattern: String, RegexSyntaxError)
    /// It becomes too large when its repetitions are written out.
    case tooLarge
    /// It counts further than such a string can be counted through.
    case countTooLarge(Int)
    /// It has tried so many ways in one string, which only expressions with back-references do.
    case tooSlow(ways: Int)
    /// The empty string matches, which is everywhere.
    case matchesEmptyString
    case wrongReplacement(String)
    /// There are more parts than were allowed.
    case tooManyParts(Int)
    /// The result is longer than allowed.
    case resultTooLong
}
