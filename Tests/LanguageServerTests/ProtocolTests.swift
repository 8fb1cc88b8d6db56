import Foundation
import Support
import Testing
import XML

@testable import LanguageServer

/// The protocol: life, errors, messages over pipes.
struct ProtocolTests {
    private func answers(_ messages: [String]) throws -> (answers: [String], server: Server) {
        let inbox = Inbox()
        let server = Server(version: "1") { inbox.add($0) }
        for message in messages { server.handle(Array(message.utf8)) }
        return (inbox.all, server)
    }

    private final class Inbox: @unchecked Sendable {
        private(set) var all: [String] = []

        func add(_ message: [UInt8]) { all.append(String(decoding: message, as: UTF8.self)) }
    }

    @Test func life() throws {
        let (answers, server) = try answers([
            #"{"jsonrpc":"2.0","id":1,"method":"textDocument/hover","params":{}}"#,
            #"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{}}"#,
            #"{"jsonrpc":"2.0","id":"a","method":"initialize","params":{"capabilities":{}}}"#,
            #"{"jsonrpc":"2.0","id":2,"method":"textDocument/hover","params":{}}"#,
            #"{"jsonrpc":"2.0","id":3,"method":"nothing"}"#, "{", "[]", "",
            #"{"jsonrpc":"2.0","id":4,"method":"textDocument/hover","params":{"textDocument":{"uri":"file:///a.xml"},"position":{"line":0,"character":0}}}"#,
            #"{"jsonrpc":"2.0","id":5,"method":"shutdown"}"#,
            #"{"jsonrpc":"2.0","id":6,"method":"textDocument/hover"}"#,
        ])
        let codes = [-32002, nil, -32602, -32601, -32700, -32700, -32700, -32602, nil, -32600]
        #expect(answers.count == codes.count)
        for (answer, code) in zip(answers, codes) {
            #expect(code.map { answer.contains("\"code\":\($0)") } ?? answer.contains("\"result\""), "\(answer)")
        }
        #expect(answers[1].contains("\"id\":\"a\"") && answers[8].contains("\"result\":null"))
        #expect(server.isRunning && server.exitCode == 1)
        server.handle(Array(#"{"jsonrpc":"2.0","method":"exit"}"#.utf8))
        #expect(!server.isRunning && server.exitCode == 0)
    }

    /// Headers in any order and case; one without a length is passed over; the end in the middle is the end.
    @Test func pipes() throws {
        let (input, output) = (Pipe(), Pipe())
        let pipe = MessagePipe(
            input: input.fileHandleForReading.fileDescriptor, output: output.fileHandleForWriting.fileDescriptor)
        input.fileHandleForWriting.write(
            Data(
                "Content-Type: x\r\ncontent-length: 3\r\n\r\nabcX: 1\r\n\r\nContent-Length: 4\r\n\r\nüü"
                    .utf8 + Array("Content-Length: 9\r\n\r\nabc".utf8)))
        try input.fileHandleForWriting.close()
        #expect(pipe.receive() == Array("abc".utf8))
        #expect(pipe.receive() == Array("üü".utf8))
        #expect(pipe.receive() == nil)
        pipe.send(Array("ü".utf8))
        try output.fileHandleForWriting.close()
        #expect(output.fileHandleForReading.readDataToEndOfFile() == Data("Content-Length: 2\r\n\r\nü".utf8))
    }

    /// Whatever a client asks of whatever text, it gets an answer.
    @Test func everyRequestAtEveryPlace() throws {
        let client = try Client(folder: Repository.path("TEI"))
        let path = Repository.path("TEI/memory.xml")
        let sources = [
            "", "<", "<TEI", "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><", "<a b=\"#x\" hand='#", "</", "&", "<!-- ",
            "<?xml",
            "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><text><body><p hand=\"#h\" xml:id=\"p\">x<hi>y</hi> <note/></p></body></text></TEI>",
        ]
        for source in sources {
            client.open(source, at: path)
            _ = client.diagnostics(of: path)
            for offset in 0...source.utf8.count { try ask(client, path, offset) }
        }
    }

    private func ask(_ client: Client, _ path: String, _ offset: Int) throws {
        let place = client.parameters(at: offset, of: path)
        let position = place["position"]!
        let start = ["line": 0, "character": 0]
        let requests: [(String, [String: Any])] = [
            ("completion", place), ("hover", place), ("definition", place),
            ("references", place.merging(["context": ["includeDeclaration": true]]) { $1 }),
            ("documentHighlight", place),
            ("prepareRename", place), ("rename", place.merging(["newName": "new"]) { $1 }),
            ("codeAction", client.parameters(path, ["range": ["start": position, "end": position], "context": [:]])),
            ("codeAction", client.parameters(path, ["range": ["start": start, "end": position], "context": [:]])),
            ("documentSymbol", client.parameters(path)), ("foldingRange", client.parameters(path)),
            ("selectionRange", client.parameters(path, ["positions": [position]])), ("linkedEditingRange", place),
            ("documentLink", client.parameters(path)), ("formatting", client.parameters(path, ["options": [:]])),
            ("onTypeFormatting", place.merging(["ch": "/", "options": [:]]) { $1 }),
            ("inlayHint", client.parameters(path, ["range": ["start": start, "end": position]])),
        ]
        for (method, parameters) in requests {
            do {
                _ = try client.request("textDocument/" + method, parameters)
            } catch let failure as Client.Failure {
                #expect(failure.code == -32803 && method == "rename", "\(method) at \(offset): \(failure)")
            }
        }
    }
}
