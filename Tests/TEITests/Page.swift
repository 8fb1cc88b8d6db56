import Foundation
import Pages
import Support
import Testing
import TEI
import XML

/// A page that was made and read again, once for all that must hold of it.
struct Page {
    let policies: [Policy]
    let root: Node
    let elements: [Node]

    init(_ transcription: Transcription, _ policies: [Policy]) throws {
        self.policies = policies
        root = try Document(HTMLFormat.html.page(transcription, policies: policies), path: "page.html").root
        elements = root.descendants.filter { $0.kind == .element }
    }

    /// The values of an attribute, sorted.
    func values(_ name: String, where condition: (Node) -> Bool = { _ in true }) -> [String] {
        elements.filter(condition).compactMap { $0.attribute(name) }.sorted()
    }

    /// Each text of the page as its style shows it.
    func texts() -> [PageText] {
        let body = root.child("body")!
        let lists = (body.attribute("data-views") ?? "").split(separator: "|", omittingEmptySubsequences: false)
        let texts = lists.map { Set($0.split(separator: " ").compactMap { Int($0) }) }
        let flows = body.descendants.filter { $0.classes.first == "flow" }
        return policies.indices.map { number in
            PageText(flows) { node in
                node.classes.contains { name in
                    name.first == "v" && Int(name.dropFirst()).map { !texts[$0].contains(number) } ?? false
                }
            }
        }
    }
}

/// The words of a text, line by line, and apart from them those of its marks and notes.
///
/// The signs are not among them for which a page has its looks: of a deletion, an addition, a quotation, an underlining.
struct PageText: Equatable, CustomStringConvertible {
    var lines: [String] = []
    var asides: [String] = []
    private var words = ""

    /// - Parameter isHidden: whether the style hides an element in this text.
    init(_ flows: [Node], isHidden: (Node) -> Bool) {
        for flow in flows { append(flow, isHidden, isAside: false) }
        take(words)
    }

    /// From a text as it is exported.
    init(_ reading: Reading, _ transcription: Transcription) {
        let asides = reading.spans.filter { PageText.isAside($0.opening, reading.policy, transcription) }
        var bodies = Array(repeating: "", count: asides.count)
        let scalars = Array(reading.text.unicodeScalars)
        for segment in reading.segments {
            let range = segment.start..<(segment.start + segment.length)
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars[range])
            let string = String(view)
            let around = asides.indices.filter {
                asides[$0].range.lowerBound <= range.lowerBound && range.upperBound <= asides[$0].range.upperBound
            }
            if let inner = around.min(by: { asides[$0].range.count < asides[$1].range.count }) {
                if segment.nodeOffset != nil { bodies[inner] += string }
            } else if segment.nodeOffset != nil || !PageText.isLook(string, of: segment.node) {
                words += string
            } else {
                words += string.contains("\n") ? "\n" : string.hasPrefix(" ") ? " " : ""
            }
        }
        take(words)
        self.asides = bodies.map(PageText.collapsed).sorted()
    }

    private mutating func take(_ text: String) {
        lines = text.split(separator: "\n").map { PageText.collapsed(String($0)) }.filter { !$0.isEmpty }
        asides.sort()
        words = ""
    }

    private static func collapsed(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static func isAside(_ opening: Opening, _ policy: Policy, _ transcription: Transcription) -> Bool {
        switch opening.role {
        case .note: true
        case .mark(let number):
            !["hi", "emph", "seg", "mod"].contains(opening.node.localName)
                && !(policy == .diplomatic && transcription.marks[number].isSign)
        default: opening.behaviour == .note
        }
    }

    /// Whether a page has looks for these words of the program, or leaves them to the margin.
    private static func isLook(_ text: String, of node: Node) -> Bool {
        let sign = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return sign.isEmpty || ["⟦", "⟧", "“", "”", "_", "|", "(", ")"].contains(sign) || sign.hasPrefix("\\")
            || sign.hasSuffix("/") || sign.hasPrefix("[addition")
            || sign.hasPrefix("[") && sign.hasSuffix("”]") && ["hi", "emph", "seg", "mod"].contains(node.localName)
            || ["figDesc", "pb"].contains(node.localName)
    }

    private static let beside: Set<String> = [
        "sign-number", "number", "zone-sign", "facsimile", "heard", "letter", "lead", "badge", "page", "picture",
    ]
    private static let blocks: Set<String> = [
        "p", "div", "li", "br", "h3", "h4", "h5", "h6", "tr", "dd", "dt", "caption", "blockquote", "section", "figure",
    ]

    private mutating func append(_ node: Node, _ isHidden: (Node) -> Bool, isAside: Bool) {
        let classes = node.classes
        guard !isHidden(node), PageText.beside.isDisjoint(with: classes) else { return }
        let isEntry = classes.first == "entry"
        // What these say, a text says in another way or not at all.
        if isEntry, ["around-words", "intervention", "statement"].contains(where: classes.contains) { return }
        guard !isEntry, classes.first != "in-place" else {
            let outer = words
            words = ""
            for child in node.children { append(child, isHidden, isAside: true) }
            asides.append(PageText.collapsed(words))
            words = outer
            return
        }
        let isOfProgram = ["sign", "gap", "speaker"].contains { classes.contains($0) }
        if isOfProgram, isAside || classes.contains("sign") && PageText.isLook(node.stringValue, of: node) { return }
        let separator =
            node.localName == "td" || node.localName == "th"
            ? " " : PageText.blocks.contains(node.localName) && !classes.contains("in-line") ? "\n" : ""
        words += separator
        for child in node.children {
            if child.kind == .text {
                words += child.stringValue.replacing("\n", with: " ")
            } else {
                append(child, isHidden, isAside: isAside)
            }
        }
        words += separator
    }

    var description: String { (lines + asides.map { "    | " + $0 }).joined(separator: "\n") }
}

extension Node {
    var classes: [String] { (attribute("class") ?? "").split(separator: " ").map(String.init) }
    func child(_ name: String) -> Node? { children.first { $0.localName == name } }
}

/// What every page of a document must have.
private struct Conserved {
    let marks: [String]
    let gaps: [String]
    let hands: [String]
    /// Those that elements besides marks name, and those that go on from `handShift`.
    let otherHands: [String]
    let shifts: [String]
    let ids: Set<String>

    init(_ transcription: Transcription) {
        let openings = transcription.events.compactMap { event in
            if case .open(let opening) = event { opening } else { nil }
        }
        func pointers(_ nodes: [Node], _ attribute: String) -> [String] {
            nodes.compactMap { $0.attribute(attribute) }.map { Reference($0).fragment ?? $0 }.sorted()
        }
        let others =
            openings.filter { if case .mark = $0.role { false } else { true } }.map(\.node)
            + transcription.gaps.map(\.node)
        marks = transcription.marks.map { "\($0.kind.rawValue) \($0.hand.map { transcription.hands[$0].id } ?? "")" }
            .sorted()
        gaps = transcription.gaps.map(\.kind.rawValue).sorted()
        hands = transcription.hands.filter(\.isDescribed).map(\.id).sorted()
        otherHands = pointers(others, "hand")
        shifts = pointers(openings.map(\.node).filter { $0.localName == "handShift" }, "new")
        ids = Set(openings.compactMap(\.node.xmlID))
    }
}

/// Each page is made once: one for each text, and one for all.
///
/// - Parameter ids: those that each page must have, if not all of the source.
func expectSoundPages(_ transcription: Transcription, _ policies: [Policy], ids: Set<String>? = nil) throws {
    let conserved = Conserved(transcription)
    let (all, single) = (try Page(transcription, policies), try policies.map { try Page(transcription, [$0]) })
    for page in single + [all] {
        expectConservation(of: conserved, on: page)
        expectSoundLinks(on: page, to: ids ?? conserved.ids)
    }
    expectTextExports(all, transcription)
    for page in single { expectTextExports(page, transcription) }
}

private func expectConservation(of conserved: Conserved, on page: Page) {
    let marks = page.elements.filter { $0.attribute("data-mark") != nil }.map {
        "\($0.attribute("data-mark")!) \($0.attribute("data-hand") ?? "")"
    }
    #expect(marks.sorted() == conserved.marks, "\(page.policies)")
    #expect(page.values("data-gap") == conserved.gaps, "\(page.policies)")
    #expect(page.values("data-described") == conserved.hands, "\(page.policies)")
    #expect(page.values("data-hand") { $0.attribute("data-mark") == nil } == conserved.otherHands, "\(page.policies)")
    #expect(page.values("data-shift") == conserved.shifts, "\(page.policies)")
}

/// Identifiers are on a page once, those of the source among them, and every link into the page leads somewhere.
private func expectSoundLinks(on page: Page, to sources: Set<String>) {
    let ids = page.values("id")
    let known = Set(ids)
    #expect(known.count == ids.count, "\(page.policies)")
    for target in page.values("href") where target.hasPrefix("#") {
        #expect(known.contains(String(target.dropFirst())), "\(page.policies): \(target)")
    }
    #expect(sources.isSubset(of: known), "\(page.policies): \(sources.subtracting(known))")
}

/// The law of the one layout: a text of a page is its text export.
func expectTextExports(_ page: Page, _ transcription: Transcription) {
    for (policy, shown) in zip(page.policies, page.texts()) {
        let exported = PageText(transcription.reading(policy), transcription)
        expectSame(shown.lines, exported.lines, "\(policy), line")
        expectSame(shown.asides, exported.asides, "\(policy), mark or note")
    }
}

private func expectSame(_ shown: [String], _ exported: [String], _ what: String) {
    guard shown != exported else { return }
    let common = zip(shown, exported).prefix { $0 == $1 }.count
    let (page, text) = (shown.dropFirst(common).first ?? "nothing", exported.dropFirst(common).first ?? "nothing")
    Issue.record("\(what) \(common + 1) of the page is “\(page.prefix(300))”, of the text “\(text.prefix(300))”")
}
