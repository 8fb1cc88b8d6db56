/// The tokens of an expression, as far as it takes to see what it uses: comments are left out, strings are whole.
struct ExpressionText {
    enum Kind { case name, string, symbol }

    struct Token {
        let kind: Kind
        /// Names with their prefix or `Q{}`, the content of strings, single characters.
        let text: String
    }

    private(set) var tokens: [Token] = []

    init(_ text: String) {
        let scalars = Array(text.unicodeScalars)
        var position = 0
        while position < scalars.count {
            let scalar = scalars[position]
            if scalar.properties.isWhitespace {
                position += 1
            } else if scalar == "(", position + 1 < scalars.count, scalars[position + 1] == ":" {
                ExpressionText.skipComment(scalars, &position)
            } else if scalar == "'" || scalar == "\"" {
                tokens.append(Token(kind: .string, text: ExpressionText.string(scalars, &position)))
            } else if ExpressionText.startsName(scalars, position) {
                tokens.append(Token(kind: .name, text: ExpressionText.name(scalars, &position)))
            } else {
                position += 1
                tokens.append(Token(kind: .symbol, text: String(scalar)))
            }
        }
    }

    /// Whether empty parentheses follow, as behind no name of a type.
    func isEmptyCall(at index: Int) -> Bool { index + 2 < tokens.count && tokens[index + 2].text == ")" }

    private static func skipComment(_ scalars: [Unicode.Scalar], _ position: inout Int) {
        var depth = 0
        while position < scalars.count {
            let pair = (scalars[position], position + 1 < scalars.count ? scalars[position + 1] : " ")
            switch pair {
            case ("(", ":"): (depth, position) = (depth + 1, position + 2)
            case (":", ")"): (depth, position) = (depth - 1, position + 2)
            default: position += 1
            }
            if depth == 0 { return }
        }
    }

    private static func string(_ scalars: [Unicode.Scalar], _ position: inout Int) -> String {
        let quote = scalars[position]
        var content = String.UnicodeScalarView()
        position += 1
        while position < scalars.count {
            defer { position += 1 }
            if scalars[position] == quote {
                guard position + 1 < scalars.count, scalars[position + 1] == quote else { break }
                position += 1
            }
            content.append(scalars[position])
        }
        return String(content)
    }

    private static func startsName(_ scalars: [Unicode.Scalar], _ position: Int) -> Bool {
        scalars[position].properties.isIDStart || scalars[position] == "_"
    }

    private static func name(_ scalars: [Unicode.Scalar], _ position: inout Int) -> String {
        var content = String.UnicodeScalarView()
        if scalars[position] == "Q", position + 1 < scalars.count, scalars[position + 1] == "{" {
            while position < scalars.count, scalars[position] != "}" {
                content.append(scalars[position])
                position += 1
            }
            if position < scalars.count { content.append("}") }
            position += 1
        }
        while position < scalars.count {
            let scalar = scalars[position]
            let isColon =
                scalar == ":" && position + 1 < scalars.count && startsName(scalars, position + 1)
                && !content.contains(":")
            guard scalar.properties.isIDContinue || scalar == "-" || scalar == "." || isColon else { break }
            content.append(scalar)
            position += 1
        }
        return String(content)
    }
}
