import Foundation
import Support
import Synchronization
import XML

@testable import LanguageServer

/// A client that talks to a server in this process.
final class Client {
    private final class Inbox: Sendable {
        let messages = Mutex<[[UInt8]]>([])
    }

    struct Failure: Error {
        let code: Int
        let message: String
    }

    private let inbox = Inbox()
    let server: Server
    private var count = 0

    init(folder: String? = nil, capabilities: [String: Any] = Client.capabilities) throws {
        let inbox = inbox
        server = Server(version: "1") { message in inbox.messages.withLock { $0.append(message) } }
        var parameters: [String: Any] = ["capabilities": capabilities]
        if let folder { parameters["rootUri"] = "file://" + folder }
        _ = try request("initialize", parameters)
        notify("initialized", [:])
        server.settle()
    }

    static var capabilities: [String: Any] {
        [
            "general": ["positionEncodings": ["utf-16"]],
            "textDocument": [
                "completion": ["completionItem": ["snippetSupport": true]],
                "documentSymbol": ["hierarchicalDocumentSymbolSupport": true],
            ],
        ]
    }

    private func send(_ message: [String: Any]) {
        var message = message
        message["jsonrpc"] = "2.0"
        server.handle(Array(try! JSONSerialization.data(withJSONObject: message)))
    }

    func notify(_ method: String, _ parameters: [String: Any]) { send(["method": method, "params": parameters]) }

    /// - Throws: ``Failure`` for an error.
    func request(_ method: String, _ parameters: [String: Any]) throws -> Any? {
        count += 1
        send(["id": count, "method": method, "params": parameters])
        let answer = inbox.messages.withLock { messages -> [String: Any]? in
            for (index, message) in messages.enumerated() {
                let answer = try? JSONSerialization.jsonObject(with: Data(message)) as? [String: Any]
                if answer?["id"] as? Int == count {
                    messages.remove(at: index)
                    return answer
                }
            }
            return nil
        }
        if let error = answer?["error"] as? [String: Any] {
            throw Failure(code: error["code"] as! Int, message: error["message"] as! String)
        }
        return answer?["result"]
    }

    // MARK: Documents

    static func uri(_ path: String) -> String { "file://" + path.percentEncodedPath }

    func open(_ text: String, at path: String = "/memory/memo.xml") {
        notify(
            "textDocument/didOpen",
            ["textDocument": ["uri": Client.uri(path), "languageId": "xml", "version": 1, "text": text]])
    }

    func parameters(_ path: String, _ more: [String: Any] = [:]) -> [String: Any] {
        more.merging(["textDocument": ["uri": Client.uri(path)]]) { $1 }
    }

    /// The parameters of a request about an offset in bytes.
    func parameters(at offset: Int, of path: String, _ more: [String: Any] = [:]) -> [String: Any] {
        let position = server.documents[Client.uri(path)]!.text.position(of: offset)
        let place = ["position": ["line": position.line, "character": position.character]]
        return parameters(path, more.merging(place) { $1 })
    }

    /// The diagnostics that were published last, after all has been validated.
    func diagnostics(of path: String) -> [[String: Any]] { newDiagnostics(of: path) ?? [] }

    /// The same; `nil` if none were published since they were asked for last.
    func newDiagnostics(of path: String) -> [[String: Any]]? {
        server.settle()
        let all = inbox.messages.withLock { messages in
            let all = messages.compactMap { try? JSONSerialization.jsonObject(with: Data($0)) as? [String: Any] }
            messages.removeAll()
            return all
        }
        let own = all.compactMap { $0["params"] as? [String: Any] }.last { $0["uri"] as? String == Client.uri(path) }
        return own?["diagnostics"] as? [[String: Any]]
    }

    func labels(at offset: Int, of path: String) throws -> [String] {
        let list = try request("textDocument/completion", parameters(at: offset, of: path)) as? [String: Any]
        return (list?["items"] as? [[String: Any]] ?? []).compactMap { $0["label"] as? String }
    }
}
