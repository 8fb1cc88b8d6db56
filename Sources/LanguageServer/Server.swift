internal import Corpus
internal import RelaxNG
internal import TEI
internal import Validation
internal import XML
#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A server of the Language Server Protocol 3.17 for the XML files of a folder.
///
///     let pipe = MessagePipe()
///     let server = Server(version: "1.0") { pipe.send($0) }
///     while server.isRunning, let message = pipe.receive() { server.handle(message) }
///
/// Messages are handled one after the other; documents are validated on another thread. It uses no network, and writes
/// no file: all edits are the client's.
public final class Server {
    private enum State {
        case new, initialized, shutDown, ended
    }

    let send: @Sendable ([UInt8]) -> Void
    private let version: String
    private var state = State.new
    private(set) var documents: [String: OpenDocument] = [:]
    private(set) var encoding = PositionEncoding.utf16
    private(set) var usesSnippets = false
    private(set) var hasSymbolTrees = false
    private(set) var usesMarkdown = false
    private var canWatchFiles = false
    private(set) var canShowDocuments = false
    /// By their folders.
    var previews: [String: Preview] = [:]
    private(set) var workspace = Workspace(folders: [])
    let validation: LiveValidation
    /// By the prolog and the path of a document: what its grammar allows, and what that says.
    private var models: [String: ContentModel?] = [:]
    private var documentations: [String: SchemaDocumentation?] = [:]

    /// Takes the client's folder, when it is known.
    private let enter: (String) -> Void

    /// Makes a server.
    ///
    /// - Parameters:
    ///   - version: the version of the program, for the client.
    ///   - enter: takes the client's folder; a program makes it the working folder, below which documents may read files.
    ///   - send: takes each message to the client, from any thread.
    public init(
        version: String, enter: @escaping (String) -> Void = { _ in }, send: @escaping @Sendable ([UInt8]) -> Void
    ) {
        (self.version, self.enter, self.send) = (version, enter, send)
        validation = LiveValidation(send: send)
    }

    /// Whether it waits for more messages: until the client says `exit`.
    public var isRunning: Bool { state != .ended }

    /// The exit code: 0 if the client said `shutdown` before `exit` (LSP, Exit Notification).
    public private(set) var exitCode: Int32 = 1

    /// Waits until the files of the folder have been read, and the documents validated that have changed.
    package func settle() {
        workspace.settle()
        validation.settle()
    }

    /// Handles a message of JSON-RPC 2.0. A message that cannot be read is answered by an error.
    public func handle(_ message: [UInt8]) {
        let header: MessageHeader
        do {
            header = try JSONDecoder().decode(MessageHeader.self, from: Data(message))
        } catch {
            return reply(
                nil, .failure(ResponseError(code: ResponseError.parseError, message: "not a message of JSON-RPC")),
                as: Nothing.self)
        }
        // An answer to a request of the server.
        guard let method = header.method else { return }
        let request = Request(id: header.id, method: method, bytes: message)
        if method == "exit" {
            (state, exitCode) = (.ended, state == .shutDown ? 0 : 1)
        } else if let id = header.id {
            answer(request, id)
        } else if state == .initialized {
            notify(request)
        }
    }

    // MARK: Messages

    /// A message with its parameters, which are read when its method is known.
    struct Request {
        let id: RequestID?
        let method: String
        let bytes: [UInt8]

        func params<Params: Decodable>(_ type: Params.Type = Params.self) throws(ResponseError) -> Params {
            do {
                return try JSONDecoder().decode(Message<Params>.self, from: Data(bytes)).params
            } catch {
                throw ResponseError(
                    code: ResponseError.invalidParams,
                    message: "the parameters of \(method) are not as LSP defines them")
            }
        }
    }

    private func answer(_ request: Request, _ id: RequestID) {
        switch (state, request.method) {
        case (.new, "initialize"): respond(id, request, initialize)
        case (.new, _):
            reply(
                id, .failure(ResponseError(code: ResponseError.serverNotInitialized, message: "send initialize first")),
                as: Nothing.self)
        case (.shutDown, _):
            reply(
                id,
                .failure(ResponseError(code: ResponseError.invalidRequest, message: "the server has been shut down")),
                as: Nothing.self)
        default: answerInitialized(request, id)
        }
    }

    private func answerInitialized(_ request: Request, _ id: RequestID) {
        switch request.method {
        case "shutdown":
            state = .shutDown
            reply(id, .success(nil), as: Nothing.self)
        case "textDocument/completion": respond(id, request, completion)
        case "completionItem/resolve": respond(id, request, resolve)
        case "textDocument/hover": respond(id, request, hover)
        case "textDocument/definition": respond(id, request, definition)
        case "textDocument/references": respond(id, request, references)
        case "textDocument/documentHighlight": respond(id, request, highlights)
        case "textDocument/prepareRename": respond(id, request, prepareRename)
        case "textDocument/rename": respond(id, request, rename)
        case "textDocument/codeAction": respond(id, request, codeActions)
        case "textDocument/documentSymbol":
            if hasSymbolTrees { respond(id, request, symbols) } else { respond(id, request, flatSymbols) }
        case "workspace/executeCommand": respond(id, request, execute)
        case "workspace/symbol": respond(id, request, workspaceSymbols)
        case "textDocument/foldingRange": respond(id, request, foldingRanges)
        case "textDocument/selectionRange": respond(id, request, selectionRanges)
        case "textDocument/linkedEditingRange": respond(id, request, linkedRanges)
        case "textDocument/documentLink": respond(id, request, links)
        case "textDocument/formatting": respond(id, request, format)
        case "textDocument/onTypeFormatting": respond(id, request, closeTag)
        case "textDocument/inlayHint": respond(id, request, inlayHints)
        default:
            let error = ResponseError(code: ResponseError.methodNotFound, message: "no method ‘\(request.method)’")
            reply(id, .failure(error), as: Nothing.self)
        }
    }

    private func respond<Params: Decodable, Result: Encodable>(
        _ id: RequestID, _ request: Request, _ method: (Params) throws(ResponseError) -> Result?
    ) {
        do throws(ResponseError) {
            reply(id, .success(try method(request.params())))
        } catch {
            reply(id, .failure(error), as: Result.self)
        }
    }

    private func reply<Result: Encodable>(
        _ id: RequestID?, _ result: Swift.Result<Result?, ResponseError>, as type: Result.Type = Result.self
    ) {
        sendMessage(Response(id: id, result: result), send)
    }

    /// Sends a request, whose answer is not waited for.
    func ask(_ method: String, _ params: some Encodable) {
        sendMessage(ServerRequest(id: .string(method), method: method, params: params), send)
    }

    private func notify(_ request: Request) {
        // A notification has no answer, so one with wrong parameters is passed over.
        switch request.method {
        case "initialized":
            watchFiles()
            workspace.refresh()
        case "textDocument/didOpen": if let params: DidOpenParams = try? request.params() { open(params.textDocument) }
        case "textDocument/didChange": if let params: DidChangeParams = try? request.params() { change(params) }
        case "textDocument/didSave": filesHaveChanged()
        case "textDocument/didClose":
            if let params: DocumentParams = try? request.params() { close(params.textDocument.uri) }
        case "workspace/didChangeWatchedFiles": filesHaveChanged()
        default: break
        }
    }

    // MARK: Life

    /// Asks the client to tell of files that others change.
    private func watchFiles() {
        guard canWatchFiles else { return }
        let registration = Registrations.Registration(
            id: "files", method: "workspace/didChangeWatchedFiles",
            registerOptions: Registrations.Options(
                watchers: ["xml", "tei", "toml", "rng", "rnc", "sch"].map {
                    Registrations.Watcher(globPattern: "**/*.\($0)")
                }))
        ask("client/registerCapability", Registrations(registrations: [registration]))
    }

    private func initialize(_ params: InitializeParams) throws(ResponseError) -> InitializeResult? {
        let capabilities = params.capabilities
        let known = (capabilities?.general?.positionEncodings ?? []).compactMap(PositionEncoding.init)
        // The text is kept in UTF-8.
        encoding = known.contains(.utf8) ? .utf8 : known.first ?? .utf16
        usesSnippets = capabilities?.textDocument?.completion?.completionItem?.snippetSupport == true
        hasSymbolTrees = capabilities?.textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport == true
        usesMarkdown = capabilities?.textDocument?.hover?.contentFormat?.contains("markdown") == true
        canShowDocuments = capabilities?.window?.showDocument?.support == true
        canWatchFiles = capabilities?.workspace?.didChangeWatchedFiles?.dynamicRegistration == true
        var folders = (params.workspaceFolders ?? []).map(\.uri)
        if folders.isEmpty { folders = [params.rootUri ?? params.rootPath].compactMap(\.self) }
        workspace = Workspace(folders: folders.map { Server.path(of: $0) })
        if let folder = workspace.folders.first { enter(folder) }
        state = .initialized
        return InitializeResult(
            capabilities: InitializeResult.Capabilities(positionEncoding: encoding.rawValue),
            serverInfo: InitializeResult.Info(version: version))
    }

    private func open(_ item: TextDocumentItem) {
        let document = OpenDocument(
            TextDocument(
                uri: item.uri, path: Server.path(of: item.uri), version: item.version, text: item.text,
                encoding: encoding))
        documents[item.uri] = document
        show(document)
        validation.validate(document.text)
    }

    private func change(_ params: DidChangeParams) {
        guard let document = documents[params.textDocument.uri] else { return }
        document.apply(params.contentChanges, version: params.textDocument.version)
        show(document)
        validation.validate(document.text)
    }

    private func close(_ uri: String) {
        guard let document = documents.removeValue(forKey: uri) else { return }
        hide(document)
        validation.forget(document.text)
    }

    /// What is read from files is read again: registers, schemas and settings.
    private func filesHaveChanged() {
        (models, documentations) = ([:], [:])
        workspace.refresh()
        validation.filesHaveChanged()
        for document in documents.values { validation.validate(document.text) }
    }

    // MARK: Documents

    /// - Throws: ``ResponseError`` if the client has not opened it.
    func document(_ identifier: TextDocumentIdentifier) throws(ResponseError) -> OpenDocument {
        guard let document = documents[identifier.uri] else {
            throw ResponseError(code: ResponseError.invalidParams, message: "‘\(identifier.uri)’ is not open")
        }
        return document
    }

    /// The open document of a file.
    func document(at path: String) -> OpenDocument? { documents.values.first { $0.text.path.isSame(as: path) } }

    /// The prolog that decides which schema is a document's, and a key for what that schema says.
    private func schemaKey(of document: OpenDocument) -> (prolog: [UInt8], key: String) {
        let prolog = document.prolog
        return (prolog, document.text.path + "\n" + String(decoding: prolog, as: UTF8.self))
    }

    func model(for document: OpenDocument) -> ContentModel? {
        let (prolog, key) = schemaKey(of: document)
        if let known = models[key] { return known }
        let model = validation.contentModel(for: prolog, path: document.text.path)
        models[key] = .some(model)
        return model
    }

    /// What the schema of a document says about its elements, attributes and values.
    func documentation(for document: OpenDocument) -> SchemaDocumentation? {
        let (prolog, key) = schemaKey(of: document)
        if let known = documentations[key] { return known }
        let documentation = validation.documentation(for: prolog, path: document.text.path)
        documentations[key] = .some(documentation)
        return documentation
    }

    /// The path that an address means: of another scheme than `file`, the address itself.
    static func path(of uri: String) -> String { Reference(uri).path(relativeTo: "") ?? uri }

    static func uri(of path: String) -> String { path.isAbsolutePath ? "file://" + path.percentEncodedPath : path }

    var targets: PointerTargets { PointerTargets(workspace: workspace, open: documents) }
}

// MARK: - Completion

extension Server {
    private func completion(_ params: CompletionParams) throws(ResponseError) -> CompletionList? {
        let document = try document(params.textDocument)
        let offset = document.text.offset(of: params.position)
        follow(document, offset)
        if isProse(document, offset, params.context) { return CompletionList(items: []) }
        let completion = Completion(
            document: document, model: model(for: document), corpus: workspace.use, targets: targets,
            usesSnippets: usesSnippets)
        return completion.items(at: offset)
    }

    /// Whether a character was typed that begins a value or an attribute in a tag, and is punctuation among words.
    private func isProse(_ document: OpenDocument, _ offset: Int, _ context: CompletionParams.Context?) -> Bool {
        guard offset > 0, context?.triggerKind ?? 2 == 2, case .content = document.markup.place(at: offset) else {
            return false
        }
        return " \"'#/".utf8.contains(document.text.bytes[offset - 1])
    }

    /// Adds the documentation of the schema.
    private func resolve(_ item: CompletionItem) throws(ResponseError) -> CompletionItem? {
        guard let data = item.data, let document = documents[data.uri] else { return item }
        var item = item
        let text = documentation(of: data.element, attribute: data.attribute, value: data.value, for: document)
        item.documentation = text
        return item
    }
}
