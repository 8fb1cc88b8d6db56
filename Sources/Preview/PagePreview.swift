internal import Corpus
internal import Pages
internal import Synchronization
internal import TEI
package import XML
internal import XPath

/// The pages of documents as they are now: the last page that could be made, and a message if it is not the newest.
package final class PagePreview: Sendable {
    /// The page of a document.
    package struct Page: Sendable {
        /// The page, in HTML; `nil` if none could be made yet.
        package fileprivate(set) var html: [UInt8]?
        /// What keeps a newer page from being made, with its place; empty if nothing does.
        package fileprivate(set) var message = ""
        /// A number for each page that was made.
        package fileprivate(set) var version = 0
        fileprivate var document: Document?
    }

    private struct Known {
        var page: Page
        /// What the page was made of.
        var stamps: FileStamps
        var text: Int?
    }

    /// The text of a document as an editor has it, and its version.
    package struct Text: Sendable {
        package let bytes: [UInt8]
        package let version: Int

        package init(bytes: [UInt8], version: Int) { (self.bytes, self.version) = (bytes, version) }
    }

    private let root: String?
    private let known = Mutex<[String: Known]>([:])
    private let texts = Mutex<[String: Text]>([:])

    /// - Parameter root: the folder that every file must lie below; `nil` for the default.
    package init(root: String? = nil) { self.root = root }

    /// Takes the text of a file from an editor, or forgets it.
    package func setText(_ text: Text?, of path: String) { texts.withLock { $0[path] = text } }

    /// The page of a file, made anew if the file, or one that it reads, has changed.
    package func page(of path: String) -> Page {
        let text = texts.withLock { $0[path] }
        let before = known.withLock { $0[path] }
        if let before, before.text == text?.version, before.stamps.areCurrent { return before.page }
        let made = Tracked { Result { () throws(Diagnostics) in try make(path, text?.bytes) } }
        var page = before?.page ?? Page()
        switch made.value {
        case .success(let (html, document)):
            if html != page.html { (page.html, page.version) = (html, page.version + 1) }
            (page.document, page.message) = (document, "")
        case .failure(let diagnostics): page.message = PagePreview.message(diagnostics)
        }
        let (result, stamps) = (page, made.log.stamps)
        known.withLock { $0[path] = Known(page: result, stamps: stamps, text: text?.version) }
        return result
    }

    private func make(_ path: String, _ bytes: [UInt8]?) throws(Diagnostics) -> (html: [UInt8], document: Document) {
        let (document, library) = try EditionFiles.read(path, bytes: bytes, root: root)
        guard let item = try EditionFiles.items(in: document, library: library).first else {
            throw Diagnostics([Messages.noDocument(path)])
        }
        let transcription = Transcription(of: item.element, library: item.library, patterns: XPathPatterns())
        let request = ExportRequest(transcription, policies: transcription.policies, name: item.name)
        return (HTMLFormat().export(request), document)
    }

    private static func message(_ diagnostics: Diagnostics) -> String {
        guard let first = diagnostics.list.first else { return "" }
        let place = first.location.map { "\(Reference.name(of: $0.file)):\($0.line):\($0.column): " } ?? ""
        return place + first.message + (first.help.map { " – \($0)" } ?? "")
    }

    // MARK: Places

    /// The id of the innermost element on the page that is at or around a place of the source.
    ///
    /// - Parameter offset: in bytes, of the text from which the page was made.
    package func id(at offset: Int, of path: String) -> String? {
        guard let page = known.withLock({ $0[path]?.page }), let document = page.document, let html = page.html else {
            return nil
        }
        var best: (node: Node, length: Int)?
        for node in document.root.descendantsOrSelf where node.kind == .element && node.file.path.isSame(as: path) {
            let range = node.byteRange
            if range.contains(offset), range.count <= best?.length ?? .max { best = (node, range.count) }
        }
        return best?.node.ancestorsOrSelf.lazy.compactMap { node -> String? in
            let id = node.xmlID ?? "e:\(node.index)"
            return html.span.firstOffset(of: Array("id=\"\(id.escapedAsAttribute)\"".utf8).span) == nil ? nil : id
        }.first
    }

    /// The place in the source of a word of the page.
    ///
    /// - Parameters:
    ///   - word: the word; an empty one means the element itself.
    ///   - ids: the ids of elements on the page that begin before the word, the nearest first; those count that come from
    ///     the source.
    package func location(of word: String, after ids: [String], in path: String) -> SourceLocation? {
        guard let document = known.withLock({ $0[path]?.page.document }) else { return nil }
        let first = ids.lazy.compactMap { PagePreview.element($0, in: document) }.first ?? document.root
        let letters = Array(word.utf8)
        guard !letters.isEmpty else { return first.location }
        for index in first.index..<document.nodes.count {
            let node = Node(document: document, index: index)
            guard node.kind == .text, let offset = Array(node.sourceText).span.firstOffset(of: letters.span) else {
                continue
            }
            return node.location.advanced(by: node.sourceText.prefix(offset))
        }
        return first.location
    }
}

extension PagePreview {
    private static func element(_ id: String, in document: Document) -> Node? {
        guard id.hasPrefix("e:") else { return document.element(withID: id) }
        guard let index = Int(id.dropFirst(2)), index > 0, index < document.nodes.count else { return nil }
        return Node(document: document, index: index)
    }
}

extension SourceLocation {
    /// The place after some text.
    fileprivate func advanced(by text: ArraySlice<UInt8>) -> SourceLocation {
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let last = lines.last?.unicodeScalars.count ?? 0
        return SourceLocation(
            file: file, line: line + lines.count - 1, column: lines.count > 1 ? last + 1 : column + last,
            byteOffset: byteOffset + text.count)
    }
}
