/// Turns a transcription into bytes.
///
/// A format is one file: a struct that conforms, and its row in the list of all formats (`Formats` in `Corpus`).
///
///     let bytes = JSONFormat().export(transcription, policy: .revised)
public protocol Format: Sendable {
    /// What `export --to` calls it: `json`.
    var name: String { get }

    /// What the help calls it in a list: `tables (CSV)`. Formats of one title are listed once.
    var title: String { get }

    /// Whole sentences for the help; empty where the title says enough. Formats may share them.
    var help: String { get }

    /// The extension of its files, without the dot.
    var fileExtension: String { get }

    /// Whether one file has all texts of a document that are asked for, and is `NAME.html`; else each text has its own,
    /// `NAME/POLICY.txt`.
    var holdsAllTexts: Bool { get }

    /// Where several documents are exported, the names of pages that lead to this format's files, which no document may
    /// have; empty where there are no such pages.
    var siteNames: Set<String> { get }

    /// One document in one policy. The same input gives the same bytes.
    func export(_ transcription: Transcription, policy: Policy) -> [UInt8]

    /// One file of an export, which may depend on where it lies.
    func export(_ file: ExportRequest) -> [UInt8]
}

extension Format {
    public var help: String { "" }
    public var holdsAllTexts: Bool { false }
    public var siteNames: Set<String> { [] }

    public func export(_ file: ExportRequest) -> [UInt8] { export(file.transcription, policy: file.policies[0]) }
}

/// A file that an export needs, for the format that makes it.
public struct ExportRequest: Sendable {
    public let transcription: Transcription
    /// One, or for a format that holds all texts any number.
    public let policies: [Policy]
    /// The name under which the document is exported.
    public let name: String
    /// Where the file goes, relative to the folder; `nil` for the only result, which goes to no folder.
    public let address: String?
    /// What leads from the file to the folder to which the sources' paths are relative: `../../`.
    public let base: String
    /// Whether pages that lead to the documents stand beside it.
    public let isInSite: Bool
    /// The document's files of other formats, relative to the folder, with a label for each.
    public let files: [(label: String, address: String)]

    public init(
        _ transcription: Transcription, policies: [Policy], name: String, address: String? = nil, base: String = "",
        isInSite: Bool = false, files: [(label: String, address: String)] = []
    ) {
        (self.transcription, self.policies, self.name, self.address) = (transcription, policies, name, address)
        (self.base, self.isInSite, self.files) = (base, isInSite, files)
    }
}
