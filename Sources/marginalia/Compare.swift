#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif
internal import ArgumentParser
internal import Pages
internal import TEI
internal import XML

struct Compare: ParsableCommand {
    enum Target: String, ExpressibleByArgument, CaseIterable {
        case lines, json, csv, html, tei

        /// A collation in this form.
        func bytes(of collation: Collation) -> [UInt8] {
            switch self {
            case .lines: collation.export(as: .lines)
            case .json: collation.export(as: .json)
            case .csv: collation.export(as: .csv)
            case .html: collation.page
            case .tei: collation.export(as: .tei)
            }
        }
    }

    enum Ignored: String, ExpressibleByArgument, CaseIterable {
        case letterCase = "case"
        case punctuation, diacritics, typography

        var ignored: Tokenizer.Ignored {
            switch self {
            case .letterCase: .letterCase
            case .punctuation: .punctuation
            case .diacritics: .diacritics
            case .typography: .typography
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Collates two or more texts: what is the same, what differs, and what stands elsewhere.",
        discussion: """
            The texts are those of several files, or several texts of one: its policies, hands, stages and witnesses. FILE#ID is one document \
            of a file, or one element. Files whose names end in .txt are plain texts. Words are Unicode’s; white space is never compared, nor \
            are the editors’ notes.

            Examples:
              marginalia compare draft.xml letter.xml
              marginalia compare memo.xml --policy typed --policy revised
              marginalia compare memo.xml --policy stages --to html -o stages.html
              marginalia compare a.xml#p-5 b.xml#p-2 --ignore case --ignore punctuation --to tei
              marginalia compare --encoding memo-before.xml memo.xml

            Exit code: 0 if the texts were compared, 2 otherwise; with --exit-code 1 if they differ.
            """
    )

    @Option(
        help: ArgumentHelp(
            "Which text; may be given several times, or be hands, stages, witnesses or all.", valueName: "policy"))
    var policy: [String] = []

    @Option(help: "What may differ in words that are taken for equal; may be given several times.")
    var ignore: [Ignored] = []

    @Option(help: "How the collation is written.")
    var to: Target = .lines

    @Option(help: ArgumentHelp("A name for a text, in their order; may be given several times.", valueName: "name"))
    var siglum: [String] = []

    @Flag(help: "Compares two encodings of one document: what they say of hands, marks, gaps and readings.")
    var encoding = false

    @Flag(help: "Ends with 1 if the texts differ.")
    var exitCode = false

    @Option(name: .shortAndLong, help: ArgumentHelp("The file for the result.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("The folder below which everything that is read must lie.", valueName: "folder"))
    var root: String?

    @OptionGroup var runs: RunOptions

    @Argument(help: "Files, each with #ID for a part of it, or - for standard input.")
    var texts: [String]

    mutating func validate() { texts = LongArguments.unfolded(texts) }

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            let (bytes, isDifferent) = encoding ? try encodings() : try collation()
            if let output { try Terminal.save(bytes, at: output) } else { Terminal.write(bytes, to: .output) }
            return exitCode && isDifferent ? 1 : 0
        }
    }

    private func collation() throws(Diagnostics) -> ([UInt8], isDifferent: Bool) {
        let witnesses = try witnesses()
        guard witnesses.count > 1 else { throw Diagnostics([Messages.oneText()]) }
        let collation = Collation(of: witnesses)
        return (to.bytes(of: collation), collation.hasVariants)
    }

    private func encodings() throws(Diagnostics) -> ([UInt8], isDifferent: Bool) {
        guard texts.count == 2, policy.isEmpty, ignore.isEmpty, siglum.isEmpty else {
            throw Diagnostics([Messages.twoEncodings()])
        }
        guard let output = EncodingDifference.Output(rawValue: to.rawValue) else {
            throw Diagnostics([Messages.encodingOutput(to.rawValue)])
        }
        var transcriptions: [Transcription] = []
        for text in texts {
            let (path, part) = ComparedText.split(text)
            let (transcription, element) = try Transcription.chosen(part, in: path, root: root)
            guard element == nil else { throw Diagnostics([Messages.twoEncodings()]) }
            transcriptions.append(transcription)
        }
        let difference = EncodingDifference(from: transcriptions[0], to: transcriptions[1])
        return (difference.export(as: output), !difference.changes.isEmpty)
    }

    private func witnesses() throws(Diagnostics) -> [Collation.Witness] {
        var (texts, wrong): ([ComparedText], [Diagnostic]) = ([], [])
        var run = try Run(self.texts, runs)
        run.forEach { [policy, root] text in
            Result { () throws(Diagnostics) in try ComparedText.read(text, policies: policy, root: root) }
        } deliver: { _, read in
            switch read {
            case .success(let found): texts += found
            case .failure(let found): wrong += found.list
            }
            return 0
        }
        if !wrong.isEmpty { throw Diagnostics(wrong) }
        guard siglum.isEmpty || siglum.count == texts.count,
            Set(siglum.map { CodepointString($0) }).count == siglum.count
        else {
            throw Diagnostics([Messages.sigla(siglum.count, texts.count)])
        }
        if let wrong = siglum.first(where: {
            $0.isEmpty || $0.unicodeScalars.contains { $0.properties.isWhitespace || $0.value < 0x20 }
        }) {
            throw Diagnostics([Messages.siglum(wrong)])
        }
        if !policy.isEmpty, texts.allSatisfy(\.isPlain) { throw Diagnostics([Messages.plainTexts()]) }
        let sigla = siglum.isEmpty ? ComparedText.sigla(of: texts) : siglum
        let tokenizer = Tokenizer(ignoring: Set(ignore.map(\.ignored)))
        var witnesses: [Collation.Witness] = []
        for (text, siglum) in zip(texts, sigla) { witnesses.append(try text.witness(siglum, tokenizer)) }
        return witnesses
    }
}

/// A text that an argument and a policy name.
private struct ComparedText: Sendable {
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
            switch name {
            case "all": policies += transcription.policies
            case "hands": policies += transcription.policies.filter { $0.kind.subject == .hand }
            case "stages": policies += transcription.policies.filter { $0.kind.subject == .stage }
            case "witnesses":
                policies += transcription.policies.filter { $0.kind.subject == .witness }
            default:
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
    /// As it stands in a table: of a witness the sigil alone.
    fileprivate var siglum: String { kind.subject == .witness ? name ?? description : description }
}
