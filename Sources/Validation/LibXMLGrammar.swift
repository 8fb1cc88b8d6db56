// RELAX NG by libxml2, until the engine of our own: everything of it is in this file.

internal import CLibXML2
internal import XML

/// A grammar compiled by libxml2. Unchecked, since libxml2 only reads it once it is compiled.
@safe final class LibXMLGrammar: @unchecked Sendable {
    private let grammar: xmlRelaxNGPtr

    init(path: String, bytes: [UInt8]) throws(Diagnostics) {
        LibXMLGrammar.prepare
        let errors = ErrorList()
        let compiled: xmlRelaxNGPtr? = unsafe bytes.withUnsafeBytes { buffer in
            guard let document = unsafe xmlReadMemory(
                buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count), path, nil,
                Int32(XML_PARSE_NONET.rawValue)
            ) else { return nil }
            guard let context = unsafe xmlRelaxNGNewDocParserCtxt(document) else { return nil }
            unsafe xmlRelaxNGSetParserStructuredErrors(context, collect, Unmanaged.passUnretained(errors).toOpaque())
            let grammar = unsafe xmlRelaxNGParse(context)
            unsafe xmlRelaxNGFreeParserCtxt(context)
            unsafe xmlFreeDoc(document)
            return unsafe grammar
        }
        guard let compiled = unsafe compiled else {
            let found = errors.list.isEmpty ? [("this is not a correct schema", 1, 0)] : errors.list
            throw Diagnostics(found.map {
                Messages.schemaError($0.0, at: SourceLocation(file: path, line: $0.1, column: 1, byteOffset: 0))
            })
        }
        unsafe grammar = unsafe compiled
    }

    deinit {
        unsafe xmlRelaxNGFree(grammar)
    }

    /// Nothing is fetched, whatever a schema includes.
    private static let prepare: Void = {
        xmlInitParser()
        unsafe xmlSetExternalEntityLoader(xmlNoNetExternalEntityLoader)
    }()

    /// libxml2 validates its own tree: the document is written for it, and its elements are numbered to find them again.
    func validate(_ document: Document) -> [Diagnostic] {
        let elements = document.root.descendantsOrSelf.filter { $0.kind == .element }
        let errors = ErrorList()
        var text = document.root.canonical
        text.withUTF8 { buffer in
            unsafe buffer.withMemoryRebound(to: CChar.self) { characters in
                unsafe run(characters, errors)
            }
        }
        let found = diagnostics(errors.list, elements)
        // A second xml:id of the same value was reported when the document was read.
        let duplicates = Set(document.diagnostics.map(\.location))
        return found.filter { !($0.message.contains("Invalid attribute id") && duplicates.contains($0.location)) }
    }

    private func run(_ characters: UnsafeBufferPointer<CChar>, _ errors: ErrorList) {
        let quiet = XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
        let options = Int32(XML_PARSE_NONET.rawValue | XML_PARSE_HUGE.rawValue | quiet)
        // What libxml2 would print itself, of ids, is told by the document already.
        unsafe xmlSetStructuredErrorFunc(nil) { _, _ in }
        defer { xmlSetStructuredErrorFunc(nil, nil) }
        guard let copy = unsafe xmlReadMemory(characters.baseAddress, Int32(characters.count), nil, "UTF-8", options) else { return }
        unsafe number(copy)
        let context = unsafe xmlRelaxNGNewValidCtxt(grammar)
        unsafe xmlRelaxNGSetValidStructuredErrors(context, collect, Unmanaged.passUnretained(errors).toOpaque())
        unsafe xmlRelaxNGValidateDoc(context, copy)
        xmlSetStructuredErrorFunc(nil, nil)
        unsafe xmlRelaxNGFreeValidCtxt(context)
        unsafe xmlFreeDoc(copy)
    }

    /// Each element's number, from 1, in its `_private`.
    private func number(_ document: xmlDocPtr) {
        var count = 0
        var next = unsafe xmlDocGetRootElement(document)
        while let node = unsafe next {
            if unsafe node.pointee.type == XML_ELEMENT_NODE {
                count += 1
                unsafe node.pointee._private = UnsafeMutableRawPointer(bitPattern: count)
            }
            unsafe next = unsafe following(node)
        }
    }

    private func following(_ node: xmlNodePtr) -> xmlNodePtr? {
        if unsafe node.pointee.type == XML_ELEMENT_NODE, let child = unsafe node.pointee.children { return unsafe child }
        var node = unsafe node
        while true {
            if let next = unsafe node.pointee.next { return unsafe next }
            guard let parent = unsafe node.pointee.parent, unsafe parent.pointee.type == XML_ELEMENT_NODE else { return nil }
            unsafe node = unsafe parent
        }
    }

    /// Without the consequences: that a parent fails because of its child.
    private func diagnostics(_ errors: [(message: String, line: Int, element: Int)], _ elements: [Node]) -> [Diagnostic] {
        var seen = Set<Diagnostic>()
        var found: [(node: Node, diagnostic: Diagnostic)] = []
        for error in errors {
            let node = error.element > 0 && error.element <= elements.count ? elements[error.element - 1] : elements[0]
            let isConsequence = ["failed to validate content", "has extra content"].contains(where: error.message.contains)
            if isConsequence, found.contains(where: { node.contains($0.node) }) { continue }
            let diagnostic = Messages.invalid(error.message, node)
            if seen.insert(diagnostic).inserted { found.append((node, diagnostic)) }
        }
        return found.sorted { $0.node.index < $1.node.index }.map(\.diagnostic)
    }
}

private final class ErrorList {
    var list: [(message: String, line: Int, element: Int)] = []
}

private func collect(_ target: UnsafeMutableRawPointer?, _ error: UnsafeMutablePointer<xmlError>?) {
    guard let target = unsafe target, let error = unsafe error?.pointee else { return }
    let errors = unsafe Unmanaged<ErrorList>.fromOpaque(target).takeUnretainedValue()
    guard errors.list.count < 1000 else { return }
    let message = unsafe error.message.map { unsafe String(cString: $0) } ?? ""
    let node = unsafe error.node?.assumingMemoryBound(to: xmlNode.self)
    let element = unsafe node.map { unsafe Int(bitPattern: $0.pointee._private) } ?? 0
    errors.list.append((String(message.reversed().drop { $0.isWhitespace }.reversed()), unsafe Int(error.line), element))
}
