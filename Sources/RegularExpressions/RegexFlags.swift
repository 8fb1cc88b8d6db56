/// The flags of fn:matches (XPath functions, 5.6.1.1).
struct RegexFlags {
    /// `s`: a dot is any character.
    var dotIsAll = false
    /// `m`: the anchors are those of lines.
    var isMultiline = false
    /// `i`
    var ignoresCase = false
    /// `x`: white space means nothing.
    var ignoresSpace = false
    /// `q`: all characters mean themselves.
    var isLiteral = false

    init() {}

    /// - Throws: ``RegexError/unknownFlag(_:)``.
    init(_ flags: String, hasXPath3: Bool) throws(RegexError) {
        for flag in flags.unicodeScalars {
            switch flag {
            case "s": dotIsAll = true
            case "m": isMultiline = true
            case "i": ignoresCase = true
            case "x": ignoresSpace = true
            case "q" where hasXPath3: isLiteral = true
            default: throw .unknownFlag(flag)
            }
        }
    }
}
