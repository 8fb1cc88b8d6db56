internal import RelaxNG
internal import XML

/// A document that a client has opened, with what is known about its text.
final class OpenDocument {
    private(set) var text: TextDocument
    private var currentMarkup: Markup?
    private var currentWalk: GrammarWalk?
    private var currentWriting: Writing?
    private var currentIndex: FileIndex?
    private var currentPointerSyntax: PointerSyntax?
    private var currentUse: Use?

    init(_ text: TextDocument) { self.text = text }

    func apply(_ changes: [TextDocumentContentChangeEvent], version: Int?) {
        text.apply(changes, version: version)
        (currentMarkup, currentWalk, currentWriting, currentIndex, currentUse) = (nil, nil, nil, nil, nil)
        currentPointerSyntax = nil
    }

    var markup: Markup {
        if let currentMarkup { return currentMarkup }
        let markup = Markup(text.bytes)
        currentMarkup = markup
        return markup
    }

    /// How its elements, attributes and values are used.
    var use: Use {
        if let currentUse { return currentUse }
        let use = Use(all: markup)
        currentUse = use
        return use
    }

    /// The elements at which pointers may point.
    var index: FileIndex {
        if let currentIndex { return currentIndex }
        let index = FileIndex(markup, path: text.path)
        currentIndex = index
        return index
    }

    /// How its pointers are meant.
    var pointerSyntax: PointerSyntax {
        if let currentPointerSyntax { return currentPointerSyntax }
        let syntax = PointerSyntax(markup, path: text.path)
        currentPointerSyntax = syntax
        return syntax
    }

    /// Whose hand is where, as it is now.
    var writing: Writing {
        if let currentWriting { return currentWriting }
        let writing = Writing(text)
        currentWriting = writing
        return writing
    }

    /// The way to places by the grammar.
    func walk(_ model: ContentModel) -> GrammarWalk {
        if let currentWalk, currentWalk.model === model { return currentWalk }
        let walk = GrammarWalk(model, markup)
        currentWalk = walk
        return walk
    }

    /// A well-formed document with the processing instructions of this one, and its outermost start tag: what decides by
    /// which schemas it is validated.
    var prolog: [UInt8] {
        let root = markup.elements.first.map { markup.items[$0.startTag] }
        let instructions = markup.items.filter { item in
            item.kind == .instruction && item.isClosed
                && (root.map { item.range.upperBound <= $0.range.lowerBound } ?? true)
        }.map { markup.string($0.range) }.filter { $0.hasPrefix("<?xml-model") }
        let name = root.map { markup.string($0.name) } ?? "TEI"
        let namespace = markup.elements.isEmpty ? Namespace.tei : markup.qualifiedName(of: 0).namespace
        let prefix = name.utf8.firstIndex(of: UInt8(ascii: ":")).map { ":" + name[..<$0] } ?? ""
        let declaration = namespace.map { " xmlns\(prefix)=\"\($0.escapedAsAttribute)\"" } ?? ""
        return Array((instructions.joined() + "<\(name)\(declaration)/>").utf8)
    }
}

extension TextDocument {
    /// The document as a file in UTF-8 has it: without a declaration of another encoding, of which only the file knows.
    var utf8File: [UInt8] {
        guard let declared = Encoding.detect(bytes)?.encoding, declared != .utf8,
            let end = bytes.span.firstOffset(of: "?>".utf8.span),
            let start = bytes.span.extracting(0..<end).firstOffset(of: "encoding".utf8.span)
        else { return bytes }
        var file = bytes
        for offset in start..<end { file[offset] = 0x20 }
        return file
    }
}
