internal import Synchronization
internal import XML
#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif
#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The id of a request: a number or a string.
enum RequestID: Codable, Hashable {
    case number(Int)
    case string(String)

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            self = .number(number)
        } else {
            self = .string(try container.decode(String.self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number): try container.encode(number)
        case .string(let string): try container.encode(string)
        }
    }
}

/// A failed request (JSON-RPC 2.0, 5.1; LSP, `ErrorCodes`).
struct ResponseError: Error, Codable {
    var code: Int
    var message: String

    static let parseError = -32700
    static let invalidRequest = -32600
    static let methodNotFound = -32601
    static let invalidParams = -32602
    static let serverNotInitialized = -32002
    static let requestFailed = -32803
}

/// What every message has, whatever its parameters are.
struct MessageHeader: Decodable {
    var id: RequestID?
    var method: String?
}

/// A message with the parameters of its method.
struct Message<Params: Decodable>: Decodable {
    var params: Params
}

struct Notification<Params: Encodable>: Encodable {
    let jsonrpc = "2.0"
    let method: String
    let params: Params

    enum CodingKeys: CodingKey { case jsonrpc, method, params }
}

/// A request of the server, whose answer it does not need.
struct ServerRequest<Params: Encodable>: Encodable {
    let jsonrpc = "2.0"
    let id: RequestID
    let method: String
    let params: Params

    enum CodingKeys: CodingKey { case jsonrpc, id, method, params }
}

struct Response<Result: Encodable>: Encodable {
    let id: RequestID?
    let result: Swift.Result<Result?, ResponseError>

    enum CodingKeys: CodingKey { case jsonrpc, id, result, error }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode("2.0", forKey: .jsonrpc)
        try container.encode(id, forKey: .id)
        switch result {
        // A request without an answer has the result null.
        case .success(let result): try container.encode(result, forKey: .result)
        case .failure(let error): try container.encode(error, forKey: .error)
        }
    }
}

/// Sends a message in JSON.
func sendMessage(_ message: some Encodable, _ send: ([UInt8]) -> Void) {
    if let bytes = try? JSONEncoder().encode(message) { send(Array(bytes)) }
}

/// A result that says nothing.
struct Nothing: Codable {}

/// Messages over a pair of pipes, each after a header with its length in bytes (LSP, Base Protocol).
public final class MessagePipe: Sendable {
    private let input: Int32
    private let output: Int32
    private let buffer = Mutex<[UInt8]>([])
    private let writing = Mutex(())

    /// Uses two open files.
    ///
    /// - Parameters:
    ///   - input: the file descriptor that is read; by default standard input.
    ///   - output: the file descriptor that is written; by default standard output.
    public init(input: Int32 = 0, output: Int32 = 1) {
        (self.input, self.output) = (input, output)
    }

    /// A longer message is taken for a mistake.
    private static let limit = 1 << 30

    /// Waits for the next message. A header without a length is passed over.
    ///
    /// - Returns: the message; `nil` at the end of the input.
    public func receive() -> [UInt8]? {
        buffer.withLock { buffer in
            while true {
                guard let header = readHeader(&buffer) else { return nil }
                guard let length = MessagePipe.length(header), length <= MessagePipe.limit else { continue }
                while buffer.count < length { if !fill(&buffer, atLeast: length) { return nil } }
                let message = Array(buffer[..<length])
                buffer.removeSubrange(..<length)
                return message
            }
        }
    }

    /// Sends a message, whole.
    public func send(_ message: [UInt8]) {
        writing.withLock { _ in
            let bytes = Array("Content-Length: \(message.count)\r\n\r\n".utf8) + message
            var done = 0
            while done < bytes.count {
                let count = unsafe bytes.withUnsafeBytes {
                    unsafe write(output, $0.baseAddress! + done, $0.count - done)
                }
                // The client has gone: the end of the input will say so too.
                if count < 0, errno != EINTR { return }
                done += max(count, 0)
            }
        }
    }

    /// The lines before a message, without the empty line that ends them.
    private func readHeader(_ buffer: inout [UInt8]) -> [UInt8]? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let offset = buffer.span.firstOffset(of: end.span) {
                let header = Array(buffer[..<offset])
                buffer.removeSubrange(..<(offset + end.count))
                return header
            }
            if !fill(&buffer, atLeast: 0) { return nil }
        }
    }

    private static func length(_ header: [UInt8]) -> Int? {
        for line in String(decoding: header, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "content-length" else { continue }
            return Int(String(parts[1]).normalizedSpace)
        }
        return nil
    }

    /// - Returns: whether anything came.
    private func fill(_ buffer: inout [UInt8], atLeast size: Int) -> Bool {
        var part = [UInt8](repeating: 0, count: max(1 << 16, size - buffer.count))
        while true {
            let count = unsafe part.withUnsafeMutableBytes { unsafe read(input, $0.baseAddress!, $0.count) }
            if count > 0 {
                buffer += part[..<count]
                return true
            }
            if count == 0 || errno != EINTR { return false }
        }
    }
}
