public import XML

/// What the editors say of the text elsewhere than in it: how certain they are, who is responsible, what a passage
/// means, what belongs together (TEI P5, CE, AI and SA).
///
///     for statement in transcription.statements {
///         print(statement.kind, statement.targets.map(\.node.localName), statement.text)
///     }
///
/// A statement may be in `standOff`, in the header, in `back`, or within the element that it is about. The notes in
/// `standOff` are among ``Transcription/notes``.
public struct Statement: Sendable {
    /// The kinds of statement.
    public enum Kind: String, Sendable, CaseIterable {
        /// `certainty`, `precision` and `respons` (TEI P5, CE).
        case certainty, precision, responsibility
        /// `span`, and `interp` with all that `@inst` or `@ana` ties to it (TEI P5, AI).
        case interpretation
        /// `link` (TEI P5, SA).
        case link
        /// `annotation` (TEI P5, SA).
        case annotation
    }

    /// Something that a statement is about.
    public struct Target: Sendable, Hashable {
        /// The element; of a passage, the one with which it begins.
        public let node: Node
        /// The element with which a passage ends (`@to`); `nil` for an element alone.
        public let end: Node?
        /// The name of the attribute, if the statement is about an attribute of the element (`@match`).
        public let attribute: String?
    }

    /// The kind of statement.
    public let kind: Kind
    /// The element.
    public let node: Node
    /// What it is about, in the order of its pointers; empty if these lead nowhere, or if its pattern (`@match`) selects
    /// nothing.
    public let targets: [Target]
    /// What of the encoding it is about (`@locus`), such as `value` or `start`.
    public let locus: [String]
    /// How certain or precise that is, in a word (`@cert`, or `precision/@precision`).
    public let certainty: String?
    /// How certain that is, as a number from 0 to 1, as encoded (`@degree`).
    public let degree: String?
    /// The value that may be true (`certainty/@assertedValue`), or the values between which it is, such as `1382–1430`.
    public let value: String?
    /// The `@type`, its own or its group's; of an `annotation`, its `@motivation`.
    public let type: String?
    /// The words, with white space collapsed.
    public let text: String
    /// Who is responsible for what it is about (`respons`), or for the statement (`@resp`).
    public let responsible: [Header.Name]
    /// The pointers that an `annotation` holds (`ptr`, `ref`), as encoded.
    public let references: [String]
}

extension Statement {
    /// The statements of a document, in the order of the source.
    static func list(of tei: Node, library: PointerResolver, patterns: (any PatternLanguage)?) -> [Statement] {
        let reader = StatementReader(tei, library, patterns)
        return tei.descendants("certainty", "precision", "respons", "span", "interp", "link", "annotation")
            .filter { ElementTable.tei.behaviour(of: $0) == .metadata }.map { reader.statement($0) }
    }
}

private struct StatementReader {
    private let library: PointerResolver
    /// The elements whose `@ana` points at each `interp`.
    private var analysed: [Node: [Node]] = [:]
    private let patterns: (any PatternLanguage)?

    init(_ tei: Node, _ library: PointerResolver, _ patterns: (any PatternLanguage)?) {
        (self.library, self.patterns) = (library, patterns)
        guard !tei.descendants("interp").isEmpty else { return }
        for node in tei.document.elements(withAttributes: ["ana"]) where tei.contains(node) {
            for target in targets(of: node, "ana") where target.tei == "interp" {
                analysed[target, default: []].append(node)
            }
        }
    }

    func statement(_ node: Node) -> Statement {
        let kind = StatementReader.kind(of: node)
        let isAboutDegree = kind == .certainty || kind == .precision
        return Statement(
            kind: kind, node: node, targets: targets(of: node), locus: node.tokens("locus"),
            certainty: isAboutDegree ? node.attribute(kind == .precision ? "precision" : "cert") : nil,
            degree: node.attribute("degree"), value: StatementReader.value(of: node),
            type: node.attribute("motivation") ?? node.attribute("type") ?? group(of: node)?.attribute("type"),
            text: StatementReader.text(of: node), responsible: StatementReader.responsible(for: node),
            references: kind == .annotation ? node.descendants("ptr", "ref").flatMap { $0.tokens("target") } : []
        )
    }

    private static func kind(of node: Node) -> Statement.Kind {
        switch node.tei {
        case "certainty": .certainty
        case "precision": .precision
        case "respons": .responsibility
        case "link": .link
        case "annotation": .annotation
        default: .interpretation
        }
    }

    private static func value(of node: Node) -> String? {
        if let value = node.attribute("assertedValue") { return value }
        if let deviation = node.attribute("stdDeviation") { return "±" + deviation }
        let ends = [
            node.attribute("atLeast") ?? node.attribute("min"), node.attribute("atMost") ?? node.attribute("max"),
        ]
        return ends.contains(nil) ? node.attribute("quantity") : ends.compactMap(\.self).joined(separator: "–")
    }

    /// The group that says for its members what they do not say themselves.
    private func group(of node: Node) -> Node? {
        node.parent.flatMap { ["spanGrp", "interpGrp", "linkGrp"].contains($0.tei) ? $0 : nil }
    }

    /// The words, without those about who wrote an annotation, when, and under which licence.
    private static func text(of node: Node) -> String {
        guard node.tei == "annotation" else { return node.plainNoteText }
        return node.childElements.filter { !["respStmt", "revisionDesc", "licence"].contains($0.tei) }
            .map(\.plainNoteText).filter { !$0.isEmpty }.joined(separator: " ")
    }

    private static func responsible(for node: Node) -> [Header.Name] {
        let named = node.child("respStmt")?.childElements.filter { ["persName", "orgName", "name"].contains($0.tei) }
        return node.tokens("resp").map { Header.Name(name: node.name(ofTarget: $0), reference: $0) }
            + (named ?? []).map(Header.Name.init)
    }

    // MARK: Targets

    private func targets(of node: Node) -> [Statement.Target] {
        switch StatementReader.kind(of: node) {
        case .certainty, .precision, .responsibility: return scope(of: node)
        case .link, .annotation: return targets(of: node, "target").map(StatementReader.whole)
        case .interpretation:
            if let start = targets(of: node, "from").first {
                return [Statement.Target(node: start, end: targets(of: node, "to").first, attribute: nil)]
            }
            let holder = node.attribute("inst") == nil ? group(of: node) ?? node : node
            let found = targets(of: node, "target") + targets(of: holder, "inst") + (analysed[node] ?? [])
            return found.map(StatementReader.whole)
        }
    }

    private func targets(of node: Node, _ attribute: String) -> [Node] {
        node.tokens(attribute).compactMap { library.element($0, from: node) }
    }

    private static func whole(_ node: Node) -> Statement.Target {
        Statement.Target(node: node, end: nil, attribute: nil)
    }

    /// What `certainty`, `precision` or `respons` is about: what it points at, or else the element around it; of these,
    /// what its pattern selects (TEI P5, att.scoping).
    private func scope(of node: Node) -> [Statement.Target] {
        let around = node.parent.flatMap { ElementTable.tei.behaviour(of: $0) == .metadata ? nil : $0 }
        let elements =
            node.attribute("target") == nil ? [around].compactMap(\.self) : targets(of: node, "target")
        guard let match = node.attribute("match") else { return elements.map(StatementReader.whole) }
        guard let selected = patterns?.selector(match, of: node) else { return [] }
        // A way upwards begins at the element itself.
        let isUpwards = match.hasPrefix("..") && node.attribute("target") == nil && !elements.isEmpty
        return (isUpwards ? [node] : elements).flatMap(selected).map { found in
            let isPart = found.node.kind == .text || found.node.kind == .comment
            return Statement.Target(
                node: isPart ? found.node.parent ?? found.node : found.node, end: nil,
                attribute: found.attribute?.name.description)
        }
    }
}

extension Node {
    /// The name of whom a pointer in this element leads to, in the same document; else the pointer.
    func name(ofTarget pointer: String) -> String {
        guard let target = target(pointer) else { return Reference(pointer).fragment ?? pointer }
        return Entities.name(of: target) ?? target.descendants("persName", "name", "orgName").first?.plainText
            ?? target.plainText
    }
}
