// Every message of this module, in one place, so that they can be read and improved together.

enum RegexMessages {
    static let unopened = "this parenthesis closes none; write \\) for the character itself"
    static let unclosedParenthesis = "this parenthesis is not closed; write \\( for the character itself"
    static let unclosedBracket = "this bracket is not closed; write \\[ for the character itself"
    static let unclosedBrace = "this brace is not closed"
    static let unfinishedEscape = "a backslash needs a character behind it; write \\\\ for the character itself"
    static let rangeOfSets = "a range goes from one character to another; write \\- for the character itself"
    static let rangeOrder = "the range ends before it begins"
    static let quantityRange = "the most is less than the least"

    static func nothingToRepeat(_ character: Unicode.Scalar) -> String {
        "there is nothing before it that could be repeated, or it is repeated already; write \\\(character) for the character itself"
    }

    static func unescaped(_ character: Unicode.Scalar) -> String {
        "write \\\(character) for the character itself"
    }

    static func expected(_ expected: Unicode.Scalar, _ found: Unicode.Scalar?) -> String {
        "‘\(expected)’ is expected here" + (found.map { ", not ‘\($0)’" } ?? "")
    }

    static func backreference(_ group: Int) -> String {
        "there is no group \(group) that ends before this"
    }

    static func tooDeep(_ depth: Int) -> String {
        "parentheses may not lie in one another more than \(depth) deep"
    }

    static func digit(_ found: Unicode.Scalar?) -> String {
        "braces hold how often something is repeated, as {2}, {2,} or {2,4}; a digit is expected here"
            + (found.map { ", not ‘\($0)’" } ?? "")
    }

    static func escape(_ character: Unicode.Scalar, _ dialect: RegexReader.Dialect) -> String {
        "‘\\\(character)’ means nothing in \(dialect == .schema ? "XML Schema’s" : "XPath’s") regular expressions"
            + ("^$".unicodeScalars.contains(character) || character.properties.isAlphabetic
                ? "" : "; write the character without the backslash")
    }

    static func category(_ name: String) -> String {
        name.isEmpty
            ? "a category or block is missing between the braces"
            : "‘\(name)’ is no category of characters, as L, Lu or Nd, and no block, as IsGreek"
    }

    static func block(_ name: String, like near: String?) -> String {
        "there is no block of characters ‘\(name)’" + (near.map { "; did you mean Is\($0)?" } ?? "")
    }
}
