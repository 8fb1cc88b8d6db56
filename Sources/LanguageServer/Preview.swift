internal import Files
internal import Preview
internal import XML
#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

// The page in the browser: it shows each change, follows the cursor, and a click on it leads back.

/// The pages of one folder.
struct Preview {
    let pages: PagePreview
    let server: PreviewServer
}

extension Server {
    static let previewCommand = "marginalia.preview"

    func previewAction(_ document: OpenDocument) -> CodeAction {
        let command = Command(title: Labels.preview, command: Server.previewCommand, arguments: [document.text.uri])
        return CodeAction(title: Labels.preview, kind: "source", command: command)
    }

    /// Starts the preview of a document, and returns its address.
    func execute(_ params: ExecuteCommandParams) throws(ResponseError) -> String? {
        guard params.command == Server.previewCommand, let uri = params.arguments?.first else {
            throw ResponseError(
                code: ResponseError.invalidParams, message: "no command ‘\(params.command)’ with these arguments")
        }
        let document = try document(TextDocumentIdentifier(uri: uri))
        let preview: Preview
        do throws(Diagnostics) {
            preview = try self.preview(for: document)
        } catch {
            let first = error.list[0]
            throw ResponseError(
                code: ResponseError.requestFailed,
                message: [first.message, first.help].compactMap(\.self).joined(separator: ": "))
        }
        let address = preview.server.address(of: document.text.path)
        if canShowDocuments {
            ask("window/showDocument", ShowDocumentParams(uri: address, external: true))
        } else {
            let message = Notification(
                method: "window/showMessage", params: ShowMessageParams(message: Labels.previewIsAt(address)))
            sendMessage(message, send)
        }
        return address
    }

    private func preview(for document: OpenDocument) throws(Diagnostics) -> Preview {
        let folder = FileAccess(forDocumentAt: document.text.path).root
        if let known = previews[folder] { return known }
        let pages = PagePreview()
        // A click comes on another thread, on which nothing of this server may be read.
        let (send, encoding) = (send, encoding)
        let server = try PreviewServer(pages, folder: folder) { place in
            Server.lead(to: place, encoding, send)
        }
        let preview = Preview(pages: pages, server: server)
        previews[folder] = preview
        for document in documents.values { show(document) }
        return preview
    }

    /// Shows a place of a file in the client.
    private static func lead(to place: SourceLocation, _ encoding: PositionEncoding, _ send: ([UInt8]) -> Void) {
        let path = FileAccess.canonical(place.file)
        guard let text = Server.text(ofFile: path, encoding) else { return }
        let position = text.position(of: place.byteOffset)
        let request = ServerRequest(
            id: .string("window/showDocument"), method: "window/showDocument",
            params: ShowDocumentParams(
                uri: text.uri, external: false, selection: LSPRange(start: position, end: position)))
        sendMessage(request, send)
    }

    /// Hands the text of a document to its page.
    func show(_ document: OpenDocument) {
        for preview in previews.values {
            preview.pages.setText(
                PagePreview.Text(bytes: document.text.utf8File, version: document.text.version),
                of: preview.server.file(of: document.text.path))
        }
    }

    func hide(_ document: OpenDocument) {
        for preview in previews.values { preview.pages.setText(nil, of: preview.server.file(of: document.text.path)) }
    }

    /// Shows the place of the cursor on the page.
    func follow(_ document: OpenDocument, _ offset: Int) {
        for preview in previews.values { preview.server.show(offset, of: document.text.path) }
    }
}
