#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
internal import ArgumentParser
internal import TEI
internal import XML

struct Export: ParsableCommand {
    enum Target: String, ExpressibleByArgument, CaseIterable {
        case text, json, html, annotations, marks, variants, apparatus

        func format(_ form: ApparatusForm) -> any Format {
            switch self {
            case .text: .text
            case .json: .json
            case .html: .html
            case .annotations: .annotations
            case .marks: .csv(.marks)
            case .variants: .csv(.variants)
            case .apparatus: .apparatus(form.form)
            }
        }
    }

    enum ApparatusForm: String, ExpressibleByArgument, CaseIterable {
        case negative, positive

        var form: ApparatusFormat.Form {
            switch self {
            case .negative: .negative
            case .positive: .positive
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes documents as text, JSON, HTML, Web Annotations (JSON-LD), tables (CSV) or a critical apparatus.",
        discussion: """
            ‘annotations’ are about the text of the same policy, which ‘text’ writes beside them. ‘marks’ and ‘variants’ are tables. \
            ‘apparatus’ lists where witnesses differ, page by page, as at the foot of a text.

            A policy says which text is meant: typed, revised, reading, diplomatic, hand:ID, stage:ID, witness:SIGIL, or all \
            for each that a document has. With one policy the files are FOLDER/NAME.html and so on, with several \
            FOLDER/NAME/POLICY.html. Without -o one document goes to standard output.

            Examples:
              marginalia export --to text --policy revised memo.xml
              marginalia export --to html --to json --policy all -o Exports TEI
              marginalia export --to text --to annotations --to marks --to variants -o Data TEI
            """
    )

    @Option(help: ArgumentHelp("The format; may be given several times.", valueName: "format"))
    var to: [Target]

    @Option(help: ArgumentHelp("Which text; may be given several times, or be ‘all’.", valueName: "policy"))
    var policy: [String] = []

    @Option(help: "In an apparatus, whether those are named who agree with the text (positive).")
    var apparatus: ApparatusForm = .positive

    @Option(name: .shortAndLong, help: ArgumentHelp("The folder for the files.", valueName: "folder"))
    var output: String?

    @OptionGroup var input: InputOptions

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            let policies = try chosenPolicies()
            let files = try Edition.files(at: input.paths)
            if output == nil, files.count > 1 || to.count > 1 || policies?.count != 1 { throw Diagnostics([Messages.needsFolder()]) }
            var exporter = Exporter(formats: to.map { $0.format(apparatus) }, policies: policies, output: output)
            var progress = Progress(total: files.count)
            for (index, file) in files.enumerated() {
                progress.step(index + 1, file)
                exporter.read(file, among: files, root: input.root)
            }
            progress.end()
            try exporter.writeIndex()
            Terminal.report(exporter.found)
            return exporter.found.isEmpty ? 0 : 2
        }
    }

    /// `nil` for all.
    private func chosenPolicies() throws(Diagnostics) -> [Policy]? {
        if policy.contains("all") { return nil }
        var policies: [Policy] = []
        for name in policy { policies.append(try Policy(named: name, isList: true)) }
        return policies.isEmpty ? [.reading] : policies
    }
}

/// Writes the documents of files, one after the other.
private struct Exporter {
    let formats: [any Format]
    /// `nil` for all that a document has.
    let policies: [Policy]?
    let output: String?
    private(set) var found: [Diagnostic] = []
    private var names = Set<String>()
    /// For the index page of the HTML.
    private var pages: [HTMLFormat.Item] = []
    private var edition: Node?
    private var library: Library?

    init(formats: [any Format], policies: [Policy]?, output: String?) {
        self.formats = formats
        self.policies = policies
        self.output = output
    }

    mutating func read(_ file: String, among files: [String], root: String?) {
        do throws(Diagnostics) {
            let (document, library) = try Edition.read(file, root: root, sharing: library)
            self.library = library
            if edition == nil, document.root.localName == "teiCorpus" { edition = document.root }
            let items = Edition.items(in: document, library: library, besides: files)
            if items.isEmpty, files.count == 1 { throw Diagnostics([Messages.noText(file)]) }
            for item in items { try export(item) }
        } catch {
            found += error.list
        }
    }

    private mutating func export(_ item: Edition.Item) throws(Diagnostics) {
        let transcription = Transcription(of: item.element, library: item.library)
        for policy in policies ?? transcription.policies where !transcription.has(policy) {
            throw Diagnostics([Messages.noSuchPolicy(policy, transcription)])
        }
        guard names.insert(item.name).inserted || output == nil else { throw Diagnostics([Messages.sameName(item.name, item.element)]) }
        let chosen = policies ?? transcription.policies
        guard let output else { return try print(transcription, chosen) }
        func address(_ policy: Policy, _ format: some Format) -> String {
            (policies?.count == 1 ? item.name : "\(item.name)/\(policy.fileName)") + "." + format.fileExtension
        }
        for policy in chosen {
            for format in formats {
                let path = "\(output)/\(address(policy, format))"
                let placed = format is AnnotationsFormat ? Exporter.annotations(at: path, of: address(policy, .text)) : format
                try Terminal.save(placed.export(transcription, policy: policy), at: path)
            }
        }
        if formats.contains(where: { $0 is HTMLFormat }) {
            // The text to read comes first.
            let order = chosen.filter { $0 == .reading } + chosen.filter { $0 != .reading }
            pages.append(HTMLFormat.Item(transcription, links: order.map { ($0, address($0, .html)) }))
        }
    }

    /// Annotations as they are in a file, of a text in a file beside it.
    private static func annotations(at path: String, of text: String) -> any Format {
        AnnotationsFormat(text: text.split(separator: "/").last.map(String.init), base: wayBack(from: path))
    }

    /// What leads from a file to the folder in which the command is run.
    private static func wayBack(from path: String) -> String {
        let folders = path.split(separator: "/").dropLast().filter { $0 != "." }
        let isBelow = !path.hasPrefix("/") && !folders.contains("..")
        return isBelow ? String(repeating: "../", count: folders.count) : FileManager.default.currentDirectoryPath + "/"
    }

    /// The page that leads to the others, where there are several.
    func writeIndex() throws(Diagnostics) {
        guard let output, pages.count > 1 else { return }
        try Terminal.save(HTMLFormat.html.index(of: edition, items: pages), at: "\(output)/index.html")
    }

    private func print(_ transcription: Transcription, _ chosen: [Policy]) throws(Diagnostics) {
        guard names.count == 1 else { throw Diagnostics([Messages.needsFolder()]) }
        Terminal.write(formats[0].export(transcription, policy: chosen[0]), to: .output)
    }
}
