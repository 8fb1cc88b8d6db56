internal import CHTTPServer
internal import Dispatch
internal import Synchronization
internal import TEI
package import XML

/// Shows pages in a browser on this machine, and shows them again when the documents change.
///
///     let server = try PreviewServer(PagePreview(), folder: "TEI") { print($0) }
///     print(server.address(of: "TEI/memo.xml"))       // http://127.0.0.1:40123/4f1e…/view/memo.xml
///
/// It listens on the loopback address alone, and answers only addresses that begin with a secret. Of files it sends the
/// pages of documents, and images, below its folder.
package final class PreviewServer: Sendable {
    /// The place in the source to which a click on a page leads back.
    private let onClick: @Sendable (SourceLocation) -> Void
    private let preview: PagePreview
    private let folder: String
    private let access: FileAccess
    private let secret: String
    private let port = Mutex(0)
    private let state = Mutex(State())

    private struct State {
        /// The place that is shown in each document, and how often it has changed.
        var cursors: [String: (offset: Int, count: Int)] = [:]
    }

    /// Starts a server, which runs until the program ends.
    ///
    /// - Parameters:
    ///   - preview: makes the pages.
    ///   - folder: the folder whose documents and images are shown.
    ///   - onClick: takes the place of what was clicked, on any thread.
    /// - Throws: ``XML/Diagnostics`` with the rule `preview` if it cannot be started.
    package init(
        _ preview: PagePreview, folder: String, onClick: @escaping @Sendable (SourceLocation) -> Void
    ) throws(Diagnostics) {
        (self.preview, self.folder, self.onClick) = (preview, folder, onClick)
        access = FileAccess(root: folder)
        var random = SystemRandomNumberGenerator()
        secret = (0..<2).map { _ in
            let digits = String(random.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
        var (chosen, reason): (Int32, [CChar]) = (0, [CChar](repeating: 0, count: 64))
        // The server lives as long as the program.
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        let started = unsafe CHTTPStart(
            { context, connection, request in
                guard let context = unsafe context, let request = unsafe request else { return }
                let server = unsafe Unmanaged<PreviewServer>.fromOpaque(context).takeUnretainedValue()
                unsafe server.answer(connection, request.pointee)
            }, context, &chosen, &reason, reason.count)
        guard started != 0 else {
            let isMissing = reason.first == CChar(UInt8(ascii: "c"))
            throw Diagnostics([isMissing ? Messages.noLibrary() : Messages.noPort()])
        }
        port.withLock { [chosen] in $0 = Int(chosen) }
    }

    /// The address of a document's page; without a document, of the list of them.
    package func address(of path: String? = nil) -> String {
        let place = path.map { "view/" + relative($0).percentEncodedPath } ?? ""
        return "http://127.0.0.1:\(port.withLock { $0 })/\(secret)/\(place)"
    }

    /// Shows a place of the source on the pages that are open.
    ///
    /// - Parameter offset: in bytes.
    package func show(_ offset: Int, of path: String) {
        let file = file(of: path)
        state.withLock { state in
            guard state.cursors[file]?.offset != offset else { return }
            state.cursors[file] = (offset, (state.cursors[file]?.count ?? 0) + 1)
        }
    }

    /// The path under which a document's page is made, whichever way it is named.
    package func file(of path: String) -> String { "\(folder)/\(relative(path))" }

    private func relative(_ path: String) -> String {
        let canonical = FileAccess.canonical(Reference.folder(of: path)) + "/" + Reference.name(of: path)
        return Reference.path(of: canonical, from: FileAccess.canonical(folder))
    }

    // MARK: Answers

    private func answer(_ connection: OpaquePointer?, _ request: CHTTPRequest) {
        let method = unsafe request.method.map { unsafe String(cString: $0) } ?? ""
        let path = unsafe request.path.map { unsafe String(cString: $0) } ?? ""
        let query = unsafe request.query.map { unsafe String(cString: $0) } ?? ""
        let host = unsafe request.host.map { unsafe String(cString: $0) } ?? ""
        let reply = unsafe Reply(connection)
        let number = port.withLock { $0 }
        // A name of another machine that leads here is that of a stranger's page.
        guard ["127.0.0.1:\(number)", "localhost:\(number)"].contains(host), path.hasPrefix("/\(secret)/") else {
            return reply.send(404, "text/plain", Array("not found\n".utf8))
        }
        let parts = path.dropFirst(secret.count + 2).split(
            separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let kind = parts.first ?? ""
        let file = parts.count > 1 ? "\(folder)/\(parts[1])" : ""
        switch (method, kind) {
        case ("GET", ""): reply.send(200, "text/html; charset=utf-8", Array(onOwnThread { self.list }.utf8))
        case ("GET", "preview.js"):
            reply.send(200, "text/javascript; charset=utf-8", embeddedFile("Resources/preview.js"))
        case ("GET", "preview.css"): reply.send(200, "text/css; charset=utf-8", embeddedFile("Resources/preview.css"))
        case _ where !onOwnThread({ self.access.allows(file) }):
            reply.send(404, "text/plain", Array("not found\n".utf8))
        case ("GET", "view"): reply.send(200, "text/html; charset=utf-8", Array(onOwnThread { self.frame(file) }.utf8))
        case ("GET", "page"): sendPage(file, reply)
        case ("GET", "events"): sendEvents(file, Int(query) ?? 0, reply)
        case ("POST", "click"):
            onOwnThread {
                let parts = query.split(separator: "&", omittingEmptySubsequences: false).map {
                    String($0).percentDecoded
                }
                let place = self.preview.location(of: parts.last ?? "", after: (parts.first ?? "").tokens, in: file)
                if let place { self.onClick(place) }
            }
            reply.send(204, "text/plain", [])
        default: reply.send(404, "text/plain", Array("not found\n".utf8))
        }
    }

    /// The threads of the library have small stacks, too small to make a page.
    private func onOwnThread<Result: Sendable>(_ work: @escaping @Sendable () -> Result) -> Result {
        let (result, done) = (Once<Result>(), DispatchSemaphore(value: 0))
        DispatchQueue.global(qos: .userInitiated).async {
            result.value.withLock { $0 = work() }
            done.signal()
        }
        done.wait()
        return result.value.withLock { $0! }
    }

    /// The result of work on another thread.
    private final class Once<Result: Sendable>: Sendable {
        let value = Mutex<Result?>(nil)
    }

    private static let images = [
        "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
        "svg": "image/svg+xml", "avif": "image/avif",
    ]

    private func sendPage(_ file: String, _ reply: Reply) {
        let ending = Reference.name(of: file).split(separator: ".").last.map { $0.lowercased() } ?? ""
        if let type = PreviewServer.images[ending], let bytes = try? access.bytes(of: file) {
            return reply.send(200, type, bytes)
        }
        let page = onOwnThread { self.preview.page(of: file) }
        reply.send(200, "text/html; charset=utf-8", page.html ?? Array("<!DOCTYPE html><title>–</title>".utf8))
    }

    /// The documents of the folder.
    private var list: String {
        let files = (try? EditionFiles.files(at: [folder])) ?? []
        let items = files.map { file in
            "<li><a href=\"view/\(relative(file).percentEncodedPath.escapedAsAttribute)\">\(relative(file).escapedAsText)</a></li>"
        }
        return "<!DOCTYPE html><meta charset=\"utf-8\"><title>\(Reference.name(of: folder).escapedAsText)</title>"
            + "<link rel=\"stylesheet\" href=\"preview.css\"><ul>\(items.joined(separator: "\n"))</ul>\n"
    }

    /// The frame around a page.
    private func frame(_ file: String) -> String {
        let up = String(repeating: "../", count: relative(file).pathComponents.count)
        let page = preview.page(of: file)
        return """
            <!DOCTYPE html><html><head><meta charset="utf-8"><title>\(Reference.name(of: file).escapedAsText)</title>
            <link rel="stylesheet" href="\(up)preview.css"></head>
            <body data-version="\(page.version)"><output \(page.message.isEmpty ? "hidden" : "")>\(page.message.escapedAsText)</output>
            <iframe title="\(Reference.name(of: file).escapedAsAttribute)"></iframe><script src="\(up)preview.js"></script></body></html>

            """
    }

    /// Tells a page of changes and places until it is closed.
    ///
    /// - Parameter version: the version that it has.
    private func sendEvents(_ file: String, _ version: Int, _ reply: Reply) {
        // The message as it is now comes first: the page may have been without it.
        var (version, message, count) = (version, nil as String?, -1)
        var isThere = reply.begin("text/event-stream")
        var quiet = 0
        while isThere {
            let page = onOwnThread { self.preview.page(of: file) }
            if page.version != version || page.message != message {
                var writer = JSONWriter()
                writer.object {
                    $0.string("message", page.message)
                    $0.bool("isNew", page.version != version)
                }
                isThere = reply.write(
                    "event: change\ndata: \(String(decoding: writer.bytes, as: UTF8.self).normalizedSpace)\n\n")
                (version, message) = (page.version, page.message)
            } else if let cursor = state.withLock({ $0.cursors[file] }), cursor.count != count {
                count = cursor.count
                if let id = onOwnThread({ self.preview.id(at: cursor.offset, of: file) }) {
                    var writer = JSONWriter()
                    writer.string(nil, id)
                    isThere = reply.write("event: reveal\ndata: \(String(decoding: writer.bytes, as: UTF8.self))\n\n")
                }
            } else if quiet % 50 == 49 {
                isThere = reply.write(": \n\n")
            }
            quiet += 1
            FileAccess.sleep(.milliseconds(20))
        }
    }
}

/// The answer to a request.
@safe private struct Reply {
    private let connection: OpaquePointer?

    init(_ connection: OpaquePointer?) { unsafe self.connection = connection }

    private static let fields =
        "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n"

    func send(_ status: Int, _ type: String, _ bytes: [UInt8]) {
        let names = [200: "OK", 204: "No Content", 404: "Not Found"]
        let head =
            "HTTP/1.1 \(status) \(names[status] ?? "")\r\nContent-Type: \(type)\r\nContent-Length: \(bytes.count)\r\n\(Reply.fields)\r\n"
        _ = write(head) && write(bytes)
    }

    /// Begins an answer of unknown length.
    func begin(_ type: String) -> Bool { write("HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\n\(Reply.fields)\r\n") }

    func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    private func write(_ bytes: [UInt8]) -> Bool {
        unsafe bytes.withUnsafeBytes { unsafe CHTTPWrite(connection, $0.baseAddress, $0.count) } != 0
    }
}
