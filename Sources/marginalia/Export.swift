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

        /// The format of one text; `nil` for pages, which have several.
        func format(_ form: ApparatusForm) -> (any Format)? {
            switch self {
            case .text: .text
            case .json: .json
            case .html: nil
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

    enum InterfaceLanguage: String, ExpressibleByArgument, CaseIterable {
        case en, de, fr, es

        var interface: Interface? { Interface(rawValue: rawValue) }
    }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes documents as text, JSON, HTML, Web Annotations (JSON-LD), tables (CSV) or a critical apparatus.",
        discussion: """
            ‘html’ is one page for each document, with all its texts to choose from, or those of --policy; for several documents there \
            are an index, pages of people, organisations, places and events, and a search. \
            ‘annotations’ are about the text of the same policy, which ‘text’ writes beside them. ‘marks’ and ‘variants’ are tables. \
            ‘apparatus’ lists where witnesses differ, page by page, as at the foot of a text.

            A policy says which text is meant: typed, revised, reading, diplomatic, hand:ID, stage:ID, witness:SIGIL, or all \
            for each that a document has. With one policy the files are FOLDER/NAME.txt and so on, with several \
            FOLDER/NAME/POLICY.txt; pages are always FOLDER/NAME.html. Without -o one document goes to standard output.

            Examples:
              marginalia export --to text --policy revised memo.xml
              marginalia export --to html --to json --policy all -o Exports TEI
              marginalia export --to html --interface de -o Seiten TEI
              marginalia export --to text --to annotations --to marks --to variants -o Data TEI
            """
    )

    @Option(help: ArgumentHelp("The format; may be given several times.", valueName: "format"))
    var to: [Target]

    @Option(help: ArgumentHelp("Which text; may be given several times, or be ‘all’.", valueName: "policy"))
    var policy: [String] = []

    @Option(help: "In an apparatus, whether those are named who agree with the text (positive).")
    var apparatus: ApparatusForm = .positive

    @Option(help: ArgumentHelp("The language of the controls on pages: en, de, fr or es; by default the document’s.", valueName: "language"))
    var interface: InterfaceLanguage?

    @Option(name: .shortAndLong, help: ArgumentHelp("The folder for the files.", valueName: "folder"))
    var output: String?

    @OptionGroup var input: InputOptions

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            let policies = try chosenPolicies()
            let files = try Edition.files(at: input.paths)
            if output == nil, files.count > 1 || to.count > 1 || (policies?.count != 1 && to != [.html]) { throw Diagnostics([Messages.needsFolder()]) }
            var exporter = Exporter(
                formats: to.compactMap { $0.format(apparatus) }, hasPages: to.contains(.html), policies: policies,
                pagePolicies: policy.isEmpty ? nil : policies, interface: interface?.interface, output: output
            )
            var progress = Progress(total: files.count)
            for (index, file) in files.enumerated() {
                progress.step(index + 1, file)
                exporter.read(file, among: files, root: input.root)
            }
            progress.end()
            try exporter.writeSite()
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
    /// Those of one text each.
    let formats: [any Format]
    let hasPages: Bool
    /// `nil` for all that a document has.
    let policies: [Policy]?
    /// The texts on a page; `nil` for all that a document has.
    let pagePolicies: [Policy]?
    let interface: Interface?
    let output: String?
    private(set) var found: [Diagnostic] = []
    private var names = Set<String>()
    private var pages: [HTMLFormat.Item] = []
    private var edition: Node?
    private var library: Library?

    init(formats: [any Format], hasPages: Bool, policies: [Policy]?, pagePolicies: [Policy]?, interface: Interface?, output: String?) {
        (self.formats, self.hasPages, self.policies, self.pagePolicies) = (formats, hasPages, policies, pagePolicies)
        (self.interface, self.output) = (interface, output)
    }

    mutating func read(_ file: String, among files: [String], root: String?) {
        do throws(Diagnostics) {
            let (document, library) = try Edition.read(file, root: root, sharing: library)
            self.library = library
            if edition == nil, document.root.localName == "teiCorpus" { edition = document.root }
            let items = Edition.items(in: document, library: library, besides: files)
            if items.isEmpty, files.count == 1 { throw Diagnostics([Messages.noText(file)]) }
            for item in items { try export(item, isAlone: files.count == 1 && items.count == 1) }
        } catch {
            found += error.list
        }
    }

    private mutating func export(_ item: Edition.Item, isAlone: Bool) throws(Diagnostics) {
        let transcription = Transcription(of: item.element, library: item.library)
        for policy in policies ?? [] where !transcription.has(policy) {
            throw Diagnostics([Messages.noSuchPolicy(policy, transcription)])
        }
        guard names.insert(item.name).inserted || output == nil else { throw Diagnostics([Messages.sameName(item.name, item.element)]) }
        if hasPages, !isAlone, HTMLFormat.siteNames.contains(item.name) { throw Diagnostics([Messages.reservedName(item.name, item.element)]) }
        guard let output else { return try print(transcription, item.name) }
        let written = try writeTexts(transcription, item.name, in: output)
        guard hasPages else { return }
        let path = "\(output)/\(item.name).html"
        let format = HTMLFormat(interface: interface, base: Exporter.wayBack(from: path), isInSite: !isAlone, files: written)
        try Terminal.save(format.page(transcription, policies: pagePolicies ?? transcription.policies, name: item.name), at: path)
        if !isAlone { pages.append(HTMLFormat.Item(transcription, address: item.name + ".html")) }
    }

    /// - Returns: the files, to be taken from the page of the document.
    private func writeTexts(_ transcription: Transcription, _ name: String, in folder: String) throws(Diagnostics) -> [HTMLFormat.File] {
        var files: [HTMLFormat.File] = []
        for policy in policies ?? transcription.policies {
            for format in formats {
                let address = (policies?.count == 1 ? name : "\(name)/\(policy.fileName)") + "." + format.fileExtension
                let path = "\(folder)/\(address)"
                let text = address.dropLast(format.fileExtension.utf8.count) + "txt"
                let placed = format is AnnotationsFormat ? Exporter.annotations(at: path, of: String(text)) : format
                try Terminal.save(placed.export(transcription, policy: policy), at: path)
                files.append(HTMLFormat.File(label: "\(policy) (\(format.fileExtension))", address: address))
            }
        }
        return files
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

    /// The pages that lead to those of the documents, where there are several.
    func writeSite() throws(Diagnostics) {
        guard let output, !pages.isEmpty else { return }
        for page in HTMLFormat(interface: interface).site(of: edition, items: pages) { try Terminal.save(page.bytes, at: "\(output)/\(page.name).html") }
    }

    private func print(_ transcription: Transcription, _ name: String) throws(Diagnostics) {
        guard names.count == 1 else { throw Diagnostics([Messages.needsFolder()]) }
        let bytes = if let format = formats.first {
            format.export(transcription, policy: policies?.first ?? .reading)
        } else {
            HTMLFormat(interface: interface).page(transcription, policies: pagePolicies ?? transcription.policies, name: name)
        }
        Terminal.write(bytes, to: .output)
    }
}
