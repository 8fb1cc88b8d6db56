#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif
internal import TEI
internal import XML

/// A text that an argument and a policy name.
struct ComparedText: Sendable {
    let path: String
    /// Without a folder and an ending.
    let name: String
    let content: Content

    enum Content: Sendable {
        case document(Transcription, element: String?, Policy)
        case plain(String)
    }

    static func read(_ argument: String, policies: [String], root: String?) throws(Diagnostics) -> [ComparedText] {
        let (path, part) = split(argument)
        let name = path == "-" ? "stdin" : URL(filePath: path).deletingPathExtension().lastPathComponent
        if path.lowercased().hasSuffix(".txt") {
            guard part == nil else { throw Diagnostics([Messages.plainTexts()]) }
            return [ComparedText(path: path, name: name, content: .plain(try plainText(path, root: root)))]
        }
        let (transcription, element) = try Transcription.chosen(part, in: path, root: root)
        return try chosen(policies, of: transcription).map { policy in
            ComparedText(path: path, name: part ?? name, content: .document(transcription, element: element, policy))
        }
    }

    private static func plainText(_ path: String, root: String?) throws(Diagnostics) -> String {
        let bytes =
            if let root { try FileAccess(root: root).bytes(of: path) } else { try FileAccess.bytes(ofFile: path) }
        // The mark that some programs set before UTF-8 is no part of the text.
        let own = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        guard let text = String(validating: own, as: UTF8.self) else { throw Diagnostics([Messages.notUTF8(path)]) }
        var (line, column) = (1, 1)
        for scalar in text.unicodeScalars {
            if scalar.value < 0x20 && !["\t", "\n", "\r"].contains(scalar)
                || scalar.value & 0xFFFE == 0xFFFE && scalar.value < 0x10000
            {
                throw Diagnostics([Messages.notXML(scalar, "\(path):\(line):\(column)")])
            }
            (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
        }
        return text
    }

    /// A name with `#` may be a file’s own.
    static func split(_ argument: String) -> (path: String, part: String?) {
        guard FileAccess.kind(of: argument) == nil, let sign = argument.utf8.lastIndex(of: UInt8(ascii: "#")),
            sign > argument.startIndex
        else { return (argument, nil) }
        return (String(argument[..<sign]), String(argument[argument.utf8.index(after: sign)...]))
    }

    private static func chosen(_ names: [String], of transcription: Transcription) throws(Diagnostics) -> [Policy] {
        var policies: [Policy] = []
        for name in names.isEmpty ? [Policy.reading.description] : names {
            if name == "all" {
                policies += transcription.policies
            } else if let subject = Policy.Subject.allCases.first(where: { $0.plural == name }) {
                policies += transcription.policies.filter { $0.kind.subject == subject }
            } else {
                let policy = try Policy(named: name, isList: true)
                try transcription.check(policy)
                policies.append(policy)
            }
        }
        return policies
    }

    /// Names by what tells texts apart: their policies, their files, or both.
    static func sigla(of texts: [ComparedText]) -> [String] {
        let policies = texts.map { if case .document(_, _, let policy) = $0.content { policy.siglum } else { "" } }
        let (names, paths) = (texts.map(\.name), texts.map(\.path))
        let choices = [
            Set(policies.map { CodepointString($0) }).count > 1 ? policies : names, names, paths,
            zip(names, policies).map { "\($0)-\($1)" }, zip(paths, policies).map { "\($0)-\($1)" },
        ]
        let sigla = choices.map {
            $0.map {
                String($0.unicodeScalars.map { $0.properties.isWhitespace || $0.value < 0x20 ? "-" : Character($0) })
            }
        }
        return sigla.first { sigla in Set(sigla.map { CodepointString($0) }).count == sigla.count }
            ?? texts.indices.map { "\(sigla[1][$0])-\($0 + 1)" }
    }

    var isPlain: Bool { if case .plain = content { true } else { false } }

    func witness(_ siglum: String, _ tokenizer: Tokenizer) throws(Diagnostics) -> Collation.Witness {
        switch content {
        case .plain(let text): Collation.Witness(siglum: siglum, text: text, file: path, tokenizer: tokenizer)
        case .document(let transcription, let element, let policy):
            try Collation.Witness(
                siglum: siglum, of: transcription, policy: policy, element: element, tokenizer: tokenizer)
        }
    }
}

extension Policy {
    /// The policy in a table. A witness has its sigil alone.
    fileprivate var siglum: String { kind == .witness ? name ?? description : description }
}
