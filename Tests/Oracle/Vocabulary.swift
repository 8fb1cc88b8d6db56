import Foundation
import Support
import XML

/// The names and values that a schema knows, and values that datatypes have trouble with.
struct Vocabulary {
    private(set) var elements: [String] = []
    private(set) var attributes: [String] = []
    private(set) var values: [String] = []

    init(schema path: String) throws {
        if path.hasSuffix(".rnc") {
            readCompact(try String(contentsOfFile: path, encoding: .utf8))
        } else {
            readXML(try Document(contentsOfFile: path).root)
        }
        (elements, attributes, values) = (
            Vocabulary.unique(elements), Vocabulary.unique(attributes), Vocabulary.unique(values)
        )
    }

    private static func unique(_ strings: [String]) -> [String] { Set(strings).filter { !$0.isEmpty }.sorted() }

    private mutating func readXML(_ root: Node) {
        for node in root.descendantsOrSelf where node.kind == .element && node.namespace == root.namespace {
            switch node.localName {
            case "element": elements.append(node.attribute("name") ?? Vocabulary.nameChild(node))
            case "attribute": attributes.append(node.attribute("name") ?? Vocabulary.nameChild(node))
            case "value": values.append(node.stringValue)
            default: break
            }
        }
    }

    private static func nameChild(_ node: Node) -> String {
        node.childElements.first { $0.localName == "name" }?.stringValue ?? ""
    }

    /// Near enough: the words behind the keywords, and the literals that might be values.
    private mutating func readCompact(_ text: String) {
        for line in text.split(separator: "\n") where !line.drop(while: { $0 == " " }).hasPrefix("#") {
            let words = line.split { " {}()|&,*+?=".contains($0) }
            for (word, next) in zip(words, words.dropFirst())
            where next.allSatisfy({ $0.isLetter || $0.isNumber || ".:-_".contains($0) }) {
                if word == "element" { elements.append(String(next)) }
                if word == "attribute" { attributes.append(String(next)) }
            }
            values += line.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
                .filter { $0.offset % 2 == 1 && $0.element.utf8.count < 30 }.map { String($0.element) }
        }
    }

    func value(using generator: inout Generator) -> String {
        guard !values.isEmpty, generator.chance(1, in: 3) else {
            return Vocabulary.hardValues.randomElement(using: &generator)!
        }
        let value = values.randomElement(using: &generator)!
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: return value.uppercased()
        case 1: return "  \(value) "
        case 2: return value + " " + values.randomElement(using: &generator)!
        default: return value
        }
    }

    private static let hardValues = [
        "", " ", "   ", "\u{A0}", "x", "true", "TRUE", "1", "0", "-1", "+3", "007", "1.5", ".5", "5.", "1e3", "1E400",
        "INF", "-INF", "+INF",
        "NaN", "٣", "99999999999999999999999", "-0", " 7 ", "0x10", "1 2", "unknown", "high", "1999", "01999", "-0044",
        "0000", "99", "12000",
        "1999-02", "1999-13", "1999-02-28", "1999-02-29", "2000-02-29", "1999-2-3", "1999-12-31Z", "1999-12-31+14:00",
        "1999-12-31+14:01",
        "--02", "--02-29", "--02-30", "---31", "---32", "24:00:00", "24:00:01", "23:59:60", "12:00", "12:00:00.5",
        "1999-01-01T00:00:00",
        "1999-01-01T24:00:00", "1999-01-01 00:00:00", "12/03/1818", "March", "P1Y", "P", "PT5M", "P1Y2M3DT4H5M6.7S",
        "-P1D", "P1S", "P1.5Y",
        "#p1", "#", "##", "#a#b", "p1 p2", "http://example.org/a", "http://example.org/ü", "http://example.org/a b",
        "http://[::1", "http://[::1]/",
        "%41", "%", "%zz", "a%20b", "urn:x:y", ":", "::x", "1:x", "\\", "{}", "<", "|", "^", "`", "\"", "//", "?",
        "?a=b", "mailto:a@b", "../x.xml#y",
        "en", "EN", "de-AT", "e", "en-", "en_US", "x-klingon", "abcdefghi", "zh-Hant-TW", "a:b", ":a", "a:", "1a",
        "a b", "é", "_", "a.b-c", "-a",
        "A", "AB", "text/xml", "text", "image/*", "10px", "10 px", "10.5cm", "-1em", "50%", "1/2", "👍", "e\u{301}", "𝒳",
        "\u{200B}", "\u{FFFD}",
        "p1", "d1", "above", "above below", "above, below", "strikethrough", "M", "m", "0.5", "1.0", "1.01", "U+0041",
        "\\p{L}", "(", "a|b", "*", "I", "Y",
    ]
}
