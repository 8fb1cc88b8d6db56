import Support
import XML

/// A document made at random, and what a parser must find in it: the oracle of the property tests.
struct RandomDocument {
    struct ExpectedNode {
        var kind: Node.Kind
        var name = ""
        var namespace: String?
        var value: [Unicode.Scalar] = []
        /// Offsets in scalars, from the source's beginning.
        var start: Int
        var end = 0
        var tagEnd = 0
        /// For each scalar of a text, where it was written.
        var places: [Int] = []
        var attributes: [ExpectedAttribute] = []
    }

    struct ExpectedAttribute: Equatable {
        var name: String
        var value: [Unicode.Scalar]
        var start: Int
    }

    private(set) var source: [Unicode.Scalar] = []
    private(set) var nodes: [ExpectedNode] = []
    private var random: Generator
    private let letters: [Unicode.Scalar]
    /// The text that is open, an index into `nodes`.
    private var text: Int?
    private let breadth: Int
    private var scopes: [[String: String]] = [[:]]

    /// - Parameters:
    ///   - encoding: what the document declares; decides whether it has characters beyond Latin-1.
    ///   - breadth: at most how much the outermost element holds.
    init(seed: Int, encoding: Encoding?, breadth: Int) {
        self.breadth = breadth
        random = Generator(seed: UInt64(seed))
        let letters =
            switch encoding {
            case .windows1252: "abc xyz.,;]>'\"é ß\u{A0}\t€“”—Ž…"
            case .latin1: "abc xyz.,;]>'\"é ß\u{85}\u{A0}\t"
            case .utf8, .utf16LittleEndian, .utf16BigEndian, .ascii, nil:
                "abc xyz.,;]>'\"é ß\u{85}\u{A0}\t𝄞💩ſ—\u{2028}中"
            }
        self.letters = Array(letters.unicodeScalars)
        if let encoding {
            let declared = encoding == .utf16LittleEndian || encoding == .utf16BigEndian ? "UTF-16" : encoding.rawValue
            write(
                "<?xml version=\"1.0\" encoding='\(declared)'\(random.chance(1, in: 2) ? " standalone=\"yes\"" : "")?>")
            if random.chance(1, in: 2) { write("\r\n") }
        }
        miscellany()
        write(RandomDocument.documentType)
        miscellany()
        element(depth: 0)
        miscellany()
    }

    // MARK: What is written

    private static let entities: [(name: String, value: String)] = [
        ("t", "text"), ("same", "same;s"), ("semicolon", "n;"), ("none", ""), ("nested", "[text|n;]"), ("latin", "éß"),
    ]

    private static let documentType = """
        <!DOCTYPE a [ <!-- <a> ]> --> <?in ]>?>
        <!ENTITY t "text"><!ENTITY same "same;s"><!ENTITY semicolon "n;"><!ENTITY none "">
        <!ENTITY nested "[&t;|&semicolon;]"><!ENTITY latin "&#xE9;ß">
        <!ENTITY element "<i  n='1'>in<j/><![CDATA[<]]></i>">
        ]>
        """

    private mutating func write(_ string: String) { source.append(contentsOf: string.unicodeScalars) }

    private mutating func space(_ least: Int) {
        for _ in 0..<(least + random.number(below: 3)) { write(random.pick([" ", " ", "\t", "\n", "\r\n"])) }
    }

    private mutating func miscellany() {
        for _ in 0..<random.number(below: 3) {
            random.chance(1, in: 2) ? comment() : instruction()
            if random.chance(1, in: 2) { write(random.pick(["\n", "\r\n", " "])) }
        }
    }

    private mutating func element(depth: Int) {
        text = nil
        var scope = scopes.last!
        let start = source.count
        let prefixes = ["", "p", "q"].filter { random.chance(1, in: 6) && !($0 == "" && depth == 0) }
        for prefix in prefixes { scope[prefix] = "urn:\(random.number(below: 3))" }
        let prefix = random.pick([""] + scope.keys.sorted())
        let name = (prefix.isEmpty ? "" : prefix + ":") + random.pick(["a", "bc", "élan", "x.-1"])
        let index = nodes.count
        nodes.append(ExpectedNode(kind: .element, name: name, namespace: scope[prefix], start: start))
        write("<\(name)")
        attributes(of: index, declaring: prefixes, scope)
        space(0)
        if random.chance(1, in: 4) {
            write("/>")
            nodes[index].tagEnd = source.count
        } else {
            write(">")
            nodes[index].tagEnd = source.count
            scopes.append(scope)
            for _ in 0..<random.number(below: depth == 0 ? breadth : depth < 4 ? 12 : 2) { content(depth: depth) }
            scopes.removeLast()
            write("</\(name)")
            space(0)
            write(">")
        }
        nodes[index].end = source.count
        text = nil
    }

    private mutating func content(depth: Int) {
        switch random.number(below: 14) {
        case 0...2: element(depth: depth + 1)
        case 3: comment()
        case 4: instruction()
        case 5: section()
        case 6: reference()
        case 7: elementEntity()
        case 8: lineEnds()
        case 9 where random.chance(1, in: 3): longText()
        default: for _ in 0..<random.number(below: 12) { plain(random.pick(letters)) }
        }
    }

    private mutating func attributes(of index: Int, declaring prefixes: [String], _ scope: [String: String]) {
        let prefixed = scope.keys.filter { !$0.isEmpty }.sorted()
        var names = ["a", "b", "é", "long.name"].filter { _ in random.chance(1, in: 4) }
        if let prefix = prefixed.first, random.chance(1, in: 4) { names.append(prefix + ":c") }
        names += prefixes.map { $0.isEmpty ? "xmlns" : "xmlns:" + $0 }
        for name in names.shuffled(using: &random) {
            space(1)
            let start = source.count
            write(name)
            space(0)
            write("=")
            space(0)
            let quote = random.pick(["\"", "'"])
            write(quote)
            if name.hasPrefix("xmlns") {
                write(scope[name == "xmlns" ? "" : String(name.dropFirst(6))]!)
            } else {
                let value = attributeValue(quote: quote)
                nodes[index].attributes.append(ExpectedAttribute(name: name, value: value, start: start))
            }
            write(quote)
        }
    }

    private mutating func attributeValue(quote: String) -> [Unicode.Scalar] {
        var value: [Unicode.Scalar] = []
        for _ in 0..<random.number(below: 8) {
            switch random.number(below: 10) {
            case 0:
                let entity = random.pick(RandomDocument.entities)
                write("&\(entity.name);")
                value += Array(entity.value.unicodeScalars)
            case 1:
                let scalar = random.pick(letters + ["\n", "\r"])
                write("&#\(scalar.value);")
                value.append(scalar)
            case 2:
                write(random.pick(["\n ", "\r\n ", "\r ", "\t "]))
                value += ["  "].joined().unicodeScalars
            default:
                let scalar = random.pick(letters)
                guard String(scalar) != quote else { continue }
                write(String(scalar))
                value.append(scalar == "\t" ? " " : scalar)
            }
        }
        return value
    }

    private mutating func comment() {
        text = nil
        let start = source.count
        write("<!--")
        let value = remark()
        write("-->")
        nodes.append(ExpectedNode(kind: .comment, value: value, start: start, end: source.count))
    }

    private mutating func instruction() {
        text = nil
        let start = source.count
        let name = random.pick(["pi", "xml-model", "é"])
        write("<?\(name)")
        var value: [Unicode.Scalar] = []
        if random.chance(2, in: 3) {
            space(1)
            write("v")
            value = ["v"] + remark()
        }
        write("?>")
        nodes.append(
            ExpectedNode(kind: .processingInstruction, name: name, value: value, start: start, end: source.count))
    }

    /// Something that may stand in comments and instructions.
    private mutating func remark() -> [Unicode.Scalar] {
        var value: [Unicode.Scalar] = []
        for _ in 0..<random.number(below: 8) {
            if random.chance(1, in: 8) {
                write(random.pick(["\r\n", "\n", "\r"]) + "x")
                value += ["\n", "x"]
            } else {
                let scalar = random.pick(letters + ["<", "&"])
                write(String(scalar))
                value.append(scalar)
            }
        }
        return value
    }

    // MARK: Text

    /// Extends the text by what was written from `start` to here.
    private mutating func extend(_ value: [Unicode.Scalar], places: [Int], from start: Int) {
        guard !value.isEmpty else { return }
        if text == nil {
            text = nodes.count
            nodes.append(ExpectedNode(kind: .text, start: start))
        }
        nodes[text!].value += value
        nodes[text!].places += places
        nodes[text!].end = source.count
    }

    private mutating func plain(_ scalar: Unicode.Scalar) {
        if scalar == ">", source.suffix(2) == ["]", "]"] { return }
        let start = source.count
        write(String(scalar))
        extend([scalar], places: [start], from: start)
    }

    private mutating func lineEnds() {
        for _ in 0..<(1 + random.number(below: 3)) {
            let (start, end) = (source.count, random.pick(["\n", "\r\n", "\r"]))
            if source.last == "\r", end.unicodeScalars.first == "\n" { continue }
            write(end)
            let place = end == "\r\n" ? start + 1 : start
            extend(["\n"], places: [place], from: place)
        }
    }

    /// More than the 300 bytes that libxml2 delivers at once.
    private mutating func longText() {
        for _ in 0..<random.number(below: 700) {
            random.chance(1, in: 30) ? lineEnds() : plain(random.pick(letters))
        }
    }

    private mutating func section() {
        let start = source.count
        write("<![CDATA[")
        var (value, places): ([Unicode.Scalar], [Int]) = ([], [])
        for _ in 0..<random.number(below: 9) {
            let piece = random.pick(["<", "<![CDATA[", "&amp;", "]]", "]", "\r\n", "\n", "é", "a", "]>"])
            if piece.hasPrefix("\n"), source.last == "\r" { continue }
            if piece == "]>", source.last == "]" { continue }
            let from = source.count
            write(piece)
            let scalars = piece == "\r\n" ? ["\n"] : Array(piece.unicodeScalars)
            value += scalars
            places += scalars.indices.map { from + $0 + (piece == "\r\n" ? 1 : 0) }
        }
        write("]]>")
        extend(value, places: places, from: start)
    }

    private mutating func reference() {
        let start = source.count
        let value: [Unicode.Scalar]
        switch random.number(below: 3) {
        case 0:
            let entity = random.pick(RandomDocument.entities)
            write("&\(entity.name);")
            value = Array(entity.value.unicodeScalars)
        case 1:
            let scalar = random.pick(letters + ["\r", "\n", "&", "<"])
            write(random.chance(1, in: 2) ? "&#\(scalar.value);" : "&#x\(String(scalar.value, radix: 16));")
            value = [scalar]
        default:
            let (name, scalar) = random.pick(
                [("amp", "&"), ("lt", "<"), ("gt", ">"), ("quot", "\""), ("apos", "'")] as [(String, Unicode.Scalar)])
            write("&\(name);")
            value = [scalar]
        }
        extend(value, places: value.map { _ in start }, from: start)
    }

    private mutating func elementEntity() {
        text = nil
        let start = source.count
        write("&element;")
        func node(_ kind: Node.Kind, _ name: String = "", _ value: String = "") -> ExpectedNode {
            let value = Array(value.unicodeScalars)
            return ExpectedNode(
                kind: kind, name: name, namespace: kind == .element ? scopes.last![""] : nil, value: value,
                start: start, end: source.count, tagEnd: source.count, places: value.map { _ in start }
            )
        }
        var outer = node(.element, "i")
        outer.attributes = [ExpectedAttribute(name: "n", value: ["1"], start: start)]
        nodes += [outer, node(.text, "", "in"), node(.element, "j"), node(.text, "", "<")]
    }
}

/// A source in the bytes of an encoding, with the way from scalars to bytes.
struct EncodedSource {
    let bytes: [UInt8]
    /// For each scalar, and for the end, the offset of its first byte.
    let offsets: [Int]
    /// For each scalar, and for the end, line and column.
    let places: [(line: Int, column: Int)]

    init(_ source: [Unicode.Scalar], _ encoding: Encoding, mark: Bool) {
        var bytes: [UInt8] = []
        if mark { bytes = EncodedSource.encode("\u{FEFF}", encoding) }
        var offsets: [Int] = []
        var places: [(Int, Int)] = []
        var (line, column) = (1, 1)
        for (index, scalar) in source.enumerated() {
            offsets.append(bytes.count)
            places.append((line, column))
            bytes += EncodedSource.encode(scalar, encoding)
            let isLineEnd = scalar == "\n" || scalar == "\r" && (index + 1 == source.count || source[index + 1] != "\n")
            (line, column) = isLineEnd ? (line + 1, 1) : (line, column + 1)
        }
        self.bytes = bytes
        self.offsets = offsets + [bytes.count]
        self.places = places + [(line, column)]
    }

    private static func encode(_ scalar: Unicode.Scalar, _ encoding: Encoding) -> [UInt8] {
        switch encoding {
        case .utf8: Array(UTF8.encode(scalar)!)
        case .latin1, .ascii: [UInt8(scalar.value)]
        case .windows1252:
            scalar.value < 0x100
                ? [UInt8(scalar.value)] : (0x80...0x9F).filter { Encoding.windows1252.character($0) == scalar }
        case .utf16LittleEndian: UTF16.encode(scalar)!.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        case .utf16BigEndian: UTF16.encode(scalar)!.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        }
    }
}
