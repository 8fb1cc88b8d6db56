// XInclude 1.0 (second edition), over the flat tree: what is included keeps its own file, lines and columns.

extension Document {
    /// Replaces every `xi:include` by the content that it names (XInclude 1.0).
    ///
    ///     let path = "TEI/volume.xml"
    ///     let volume = try Document(contentsOfFile: path).resolvingXInclude(FileAccess(forDocumentAt: path))
    ///
    /// Whole files, elements by `xpointer="id"` and `parse="text"` are included. A missing file is replaced by
    /// `xi:fallback`. Included nodes report the file that contains them and get no `xml:base`. They get `xml:lang` if
    /// the language in scope would otherwise change (XInclude 4.5.6).
    ///
    /// - Parameters:
    ///   - access: the files that may be included.
    ///   - skipsFailures: whether a failed inclusion is left out and reported in the document's ``diagnostics``.
    /// - Returns: the new document, or this document if it includes nothing.
    /// - Throws: ``Diagnostics`` with an `xinclude-` rule for a loop, a missing id or another failed inclusion, with
    ///   `file-outside-root` or another `file-` rule for a file that cannot be read and has no fallback, and with the
    ///   rules of ``init(contentsOfFile:)`` for a file that is not well-formed. If failures are skipped, it throws only
    ///   at a limit, or if no single outermost element is left.
    public func resolvingXInclude(_ access: FileAccess, skipsFailures: Bool = false) throws(Diagnostics) -> Document {
        let isConcerned = ["include", "fallback"].contains {
            names.expandedName($0, namespace: Namespace.xinclude) != nil
        }
        guard isConcerned else { return self }
        var inclusion = Inclusion(access: access)
        inclusion.run(self)
        if inclusion.isStopped || !skipsFailures && !inclusion.errors.isEmpty { throw Diagnostics(inclusion.errors) }
        return Document(
            inclusion.tree, source: inclusion.source, files: inclusion.files,
            diagnostics: inclusion.warnings + inclusion.errors)
    }
}

private struct Inclusion {
    /// A document whose text lies in the merged source at `base`.
    private struct Loaded {
        let document: Document
        let base: Int
        /// For each name of the document, its index in the merged tree.
        let names: [UInt32]
    }

    let access: FileAccess
    var tree = Tree()
    var source: [UInt8] = []
    var files: [SourceFile] = []
    var errors: [Diagnostic] = []
    /// Of the encodings of the files.
    private(set) var warnings: [Diagnostic] = []
    private var loaded: [CodepointString: Loaded] = [:]
    /// Where the files included as text lie in the source.
    private var texts: [CodepointString: Range<Int>] = [:]
    /// The inclusions in progress: file and id.
    private var active: [CodepointString] = []
    /// How many elements are open.
    private var depth = 0
    /// Inclusions within inclusions can be an attack; a volume that includes each of its pages once stays far below.
    private var nodeLimit = 250_000
    /// The same of the bytes of text, which one file may bring in again and again.
    private var byteLimit = 16_000_000
    private var byteCount = 0
    private(set) var isStopped = false
    /// How many of the errors are of inclusions that are done: of those in what another one includes, that one is not
    /// to blame.
    private var errorsInside = 0

    init(access: FileAccess) {
        self.access = access
    }

    mutating func run(_ document: Document) {
        guard let main = load(document) else { return }
        tree.unparsedEntities = document.unparsedEntities
        tree.declaredIDs = document.declaredIDs
        let own = CodepointString(FileAccess.canonical(document.files[0].path))
        loaded[own] = main
        active = [own]
        tree.nodes.append(NodeRecord(.document, parent: 0, index: 0, start: 0, end: Int(document.nodes[0].end)))
        for child in document.documentNode.children { append(child, of: main, parent: 0) }
        tree.nodes[0].subtreeEnd = UInt32(tree.nodes.count)
        let tops = tree.nodes.filter { $0.parent == 0 && $0.kind != .document }
        if tops.contains(where: { $0.kind == .text }) || tops.count(where: { $0.kind == .element }) != 1 {
            if errors.isEmpty { errors.append(Messages.xincludeRoot(document.root)) }
            isStopped = true
        }
    }

    /// - Returns: `nil` where the offsets of a document do not suffice for all of its files.
    private mutating func load(_ document: Document) -> Loaded? {
        let base = source.count
        guard hasRoom(for: document.source.count, at: document.root.location) else { return nil }
        nodeLimit += 16 * document.nodes.count
        byteLimit += 16 * document.source.count
        warnings += document.diagnostics.filter { $0.rule == "control-character" }
        source += document.source
        for var file in document.files {
            file.range = (file.range.lowerBound + base)..<(file.range.upperBound + base)
            files.append(file)
        }
        let names = document.names.qnames.map { tree.names.intern($0) }
        return Loaded(document: document, base: base, names: names)
    }

    private mutating func hasRoom(for count: Int, at location: SourceLocation) -> Bool {
        if source.count + count < Int(Int32.max) { return true }
        stop(Messages.tooLarge(at: location))
        return false
    }

    /// Counts bytes of text.
    private mutating func mayAdd(_ count: Int, for node: Node) -> Bool {
        byteCount += count
        if byteCount > byteLimit { stop(Messages.xincludeExpansion(node)) }
        return byteCount <= byteLimit
    }

    private mutating func stop(_ reason: Diagnostic) {
        errors.append(reason)
        isStopped = true
    }

    // MARK: Copying

    private mutating func append(_ node: Node, of origin: Loaded, parent: Int, fixup: Node? = nil) {
        guard !isStopped else { return }
        guard tree.nodes.count < nodeLimit else { return stop(Messages.xincludeExpansion(node)) }
        guard depth < 256 else { return stop(Messages.xincludeDepth(node)) }
        guard mayAdd(node.kind == .text ? Int(node.record.end - node.record.start) : 0, for: node) else { return }
        if node.namespace == Namespace.xinclude, node.kind == .element {
            let (before, inner) = (errors.count, errorsInside)
            if node.localName == "include" {
                include(node, of: origin, parent: parent)
            } else {
                errors.append(Messages.xincludeElement(node))
            }
            let new = errors.count - before
            if new > errorsInside - inner { tree.gaps.insert(parent) }
            errorsInside = inner + new
            return
        }
        let index = tree.nodes.count
        var record = node.record
        record.parent = UInt32(parent)
        record.start += UInt32(origin.base)
        record.end += UInt32(origin.base)
        if node.kind == .element || node.kind == .processingInstruction {
            record.kindAndName = UInt32(node.kind.rawValue) << 29 | origin.names[record.name]
        }
        if node.kind == .element {
            record.payload = appendAttributes(node, of: origin, fixup: fixup)
            appendNamespaces(node, at: index, fixup: fixup)
        } else if record.payload != NodeRecord.none {
            record.payload = appendPieces(node, of: origin)
        }
        tree.nodes.append(record)
        depth += 1
        for child in node.children { append(child, of: origin, parent: index) }
        depth -= 1
        tree.nodes[index].subtreeEnd = UInt32(tree.nodes.count)
    }

    private mutating func appendAttributes(_ node: Node, of origin: Loaded, fixup: Node?) -> UInt32 {
        let first = tree.attributes.count
        var records = node.attributes.map { node.document.attributes[$0.index] }.map { record in
            let inStrings = record.inStrings
            let start = inStrings ? tree.strings.count : record.start + origin.base
            if inStrings {
                tree.strings += node.document.strings[record.start..<(record.start + Int(record.length))]
            }
            return (name: origin.names[record.name], start: start, length: Int(record.length), inStrings: inStrings)
        }
        if let fixup, node.attribute("lang", in: Namespace.xml) == nil, node.language != fixup.language {
            let value = Array((node.language ?? "").utf8)
            let name = tree.names.intern(QName(prefix: "xml", localName: "lang", namespace: Namespace.xml))
            records.append((name, tree.strings.count, value.count, true))
            tree.strings += value
        }
        for (number, record) in records.enumerated() {
            tree.attributes.append(
                AttributeRecord(
                    name: record.name, start: record.start, length: record.length, inStrings: record.inStrings,
                    isLast: number + 1 == records.count
                ))
        }
        return records.isEmpty ? NodeRecord.none : UInt32(first)
    }

    /// A subtree keeps the namespaces that were in scope where it stood, and no others.
    private mutating func appendNamespaces(_ node: Node, at index: Int, fixup: Node?) {
        guard let fixup else {
            tree.namespaces += node.document.namespaceDeclarations(of: node.index).map {
                NamespaceRecord(node: UInt32(index), prefix: $0.prefix, namespace: $0.namespace)
            }
            return
        }
        var inScope = node.namespaceScope
        if inScope[CodepointString("")] == nil, fixup.namespace(forPrefix: nil) != nil {
            inScope[CodepointString("")] = ""
        }
        for (prefix, namespace) in inScope.sorted(by: { $0.key < $1.key }) {
            tree.namespaces.append(
                NamespaceRecord(
                    node: UInt32(index), prefix: prefix.string.isEmpty ? nil : prefix.string, namespace: namespace)
            )
        }
    }

    private mutating func appendPieces(_ node: Node, of origin: Loaded) -> UInt32 {
        let first = tree.pieces.count
        for var piece in node.document.pieces(of: node.record) {
            piece.source += UInt32(origin.base)
            if piece.isLiteral {
                piece.start = piece.source
            } else {
                let bytes = node.document.bytes(of: piece)
                piece.start = UInt32(tree.strings.count)
                tree.strings += bytes
            }
            tree.pieces.append(piece)
        }
        return UInt32(first)
    }

    // MARK: Including

    private mutating func include(_ node: Node, of origin: Loaded, parent: Int) {
        let fallbacks = node.childElements.filter { $0.namespace == Namespace.xinclude }
        if let wrong = fallbacks.first(where: { $0.localName != "fallback" }) ?? fallbacks.dropFirst().first {
            return errors.append(Messages.xincludeElement(wrong))
        }
        let href = node.attribute("href") ?? ""
        let pointer = node.attribute("xpointer")
        let parse = node.attribute("parse") ?? "xml"
        guard ["xml", "text"].contains(parse) else { return errors.append(Messages.xincludeParse(parse, node)) }
        guard !href.utf8.contains(UInt8(ascii: "#")), !(href.isEmpty && (pointer == nil || parse == "text")) else {
            return errors.append(Messages.xincludeReference(href, node))
        }
        guard let path = Reference(href).path(relativeTo: node.baseURI) else {
            // A resource that cannot be had is what a fallback is for (XInclude, 4.4).
            let reason = Messages.xincludeNetwork(href, node)
            guard let fallback = fallbacks.first else { return errors.append(reason) }
            return useFallback(fallback, for: href, node, of: origin, parent: parent, reason: Diagnostics([reason]))
        }
        guard access.allows(path) else {
            return errors.append(FileMessages.outsideRoot(path, root: access.root, at: node.location))
        }
        if parse == "text" {
            includeText(path, node, fallback: fallbacks.first, of: origin, parent: parent)
        } else {
            includeXML(path, pointer, node, fallback: fallbacks.first, of: origin, parent: parent)
        }
    }

    private mutating func includeXML(
        _ path: String, _ pointer: String?, _ node: Node, fallback: Node?, of origin: Loaded, parent: Int
    ) {
        let key = CodepointString(FileAccess.canonical(path))
        let target: Loaded
        if let known = loaded[key] {
            target = known
        } else {
            let bytes: [UInt8]
            do {
                bytes = try access.bytes(of: path)
            } catch {
                return useFallback(fallback, for: path, node, of: origin, parent: parent, reason: error)
            }
            do {
                guard let new = load(try Document(bytes, path: path)) else { return }
                target = new
                loaded[key] = target
            } catch {
                return errors.append(contentsOf: error.list)
            }
        }
        var tops = target.document.documentNode.children.filter { $0.kind != .text }
        if let pointer {
            guard let element = target.document.element(withID: pointer) else {
                return errors.append(Messages.xincludeID(pointer, path: path, node))
            }
            tops = [element]
        }
        let step = pointer.map { CodepointString("\(key)#\($0)") } ?? key
        let isWithinItself = tops.contains { $0.contains(node) }
        guard !active.contains(step), !isWithinItself else {
            return errors.append(Messages.xincludeLoop(path, node))
        }
        guard active.count < 256 else { return stop(Messages.xincludeDepth(node)) }
        active.append(step)
        for top in tops { append(top, of: target, parent: parent, fixup: node) }
        active.removeLast()
    }

    private mutating func includeText(_ path: String, _ node: Node, fallback: Node?, of origin: Loaded, parent: Int) {
        let key = CodepointString(FileAccess.canonical(path))
        if texts[key] == nil {
            let decoded: DecodedSource
            do {
                decoded = try DecodedSource(try access.bytes(of: path), path: path)
            } catch {
                return useFallback(fallback, for: path, node, of: origin, parent: parent, reason: error)
            }
            if let wrong = firstForbiddenCharacter(decoded.text) {
                return errors.append(Messages.xincludeCharacter(at: decoded.file.location(at: wrong, in: decoded.text)))
            }
            guard hasRoom(for: decoded.text.count, at: node.location) else { return }
            var file = decoded.file
            file.range = source.count..<(source.count + decoded.text.count)
            source += decoded.text
            files.append(file)
            texts[key] = file.range
            byteLimit += 16 * decoded.text.count
            warnings += decoded.warnings
        }
        guard let range = texts[key], !range.isEmpty, mayAdd(range.count, for: node) else { return }
        tree.nodes.append(
            NodeRecord(
                .text, parent: UInt32(parent), index: tree.nodes.count, start: range.lowerBound, end: range.upperBound
            ))
    }

    /// XML 1.0, 2.2: what no document may contain. Surrogates cannot come out of a decoded file.
    private func firstForbiddenCharacter(_ text: [UInt8]) -> Int? {
        text.indices.first { index in
            let byte = text[index]
            if byte < 0x20 { return !byte.isXMLSpace }
            return byte == 0xEF && text[(index + 1)...].starts(with: [0xBF]) && text[index + 2] >= 0xBE
        }
    }

    private mutating func useFallback(
        _ fallback: Node?, for path: String, _ node: Node, of origin: Loaded, parent: Int, reason: Diagnostics
    ) {
        guard let fallback else { return errors.append(Messages.xincludeFailed(path, node, reason: reason)) }
        for child in fallback.children { append(child, of: origin, parent: parent) }
    }
}
