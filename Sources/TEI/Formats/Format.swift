/// Turns a transcription into bytes.
///
///     let bytes = JSONFormat().export(transcription, policy: .revised)
///
/// A format is a type of its own:
///
///     struct WordCount: Format {
///         let name = "count"
///         let title = "the number of words"
///         let fileExtension = "count.txt"
///
///         func export(_ transcription: Transcription, policy: Policy) -> [UInt8] {
///             let words = transcription.reading(policy).text.split { $0.isWhitespace }
///             return Array("\(words.count)\n".utf8)
///         }
///     }
///
/// The formats of the command are the list `Formats` in the module `Corpus`.
public protocol Format: Sendable {
    /// The name in `export --to`, such as `json`.
    var name: String { get }

    /// The name in a list of the help, such as `tables (CSV)`. Formats with the same title are listed once.
    var title: String { get }

    /// Whole sentences for the help; empty if the title says enough. Several formats may have the same ones.
    var help: String { get }

    /// The extension of its files, without the dot before it.
    var fileExtension: String { get }

    /// Whether one file `NAME.html` has all texts of a document. Otherwise each text has a file, `NAME/POLICY.txt`.
    var holdsAllTexts: Bool { get }

    /// The names of the pages that lead to this format's files if several documents are exported. No document may
    /// have one of these names. Empty if there are no such pages.
    var siteNames: Set<String> { get }

    /// Returns one text of a document. The same input gives the same bytes.
    func export(_ transcription: Transcription, policy: Policy) -> [UInt8]

    /// Returns one file of an export. Implement it if the bytes depend on where the file is or on several texts.
    func export(_ file: ExportRequest) -> [UInt8]
}

extension Format {
    /// No sentences.
    public var help: String { "" }
    /// Each text has a file.
    public var holdsAllTexts: Bool { false }
    /// No pages.
    public var siteNames: Set<String> { [] }

    /// Returns the first text of the request.
    public func export(_ file: ExportRequest) -> [UInt8] { export(file.transcription, policy: file.policies[0]) }
}

/// A file that an export needs, for the format that makes it.
///
///     let bytes = JSONFormat().export(ExportRequest(transcription, policies: [.revised], name: "memo"))
public struct ExportRequest: Sendable {
    /// The document.
    public let transcription: Transcription
    /// The texts: one, or any number if the format holds all texts.
    public let policies: [Policy]
    /// The name under which the document is exported.
    public let name: String
    /// The path of the file, relative to the output folder; `nil` for a single result that goes to no folder.
    public let address: String?
    /// The relative path from the file to the folder to which the sources' paths are relative, such as `../../`.
    public let base: String
    /// Whether the pages that lead to the documents are in the same folder.
    public let isInSite: Bool
    /// The document's files in other formats, relative to the output folder, with a label for each.
    public let files: [(label: String, address: String)]

    /// Makes a request; each parameter sets the property of its name.
    public init(
        _ transcription: Transcription, policies: [Policy], name: String, address: String? = nil, base: String = "",
        isInSite: Bool = false, files: [(label: String, address: String)] = []
    ) {
        (self.transcription, self.policies, self.name, self.address) = (transcription, policies, name, address)
        (self.base, self.isInSite, self.files) = (base, isInSite, files)
    }
}
