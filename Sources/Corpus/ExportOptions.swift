public import TEI
package import XML

/// Everything on which the result of an export depends, besides the documents.
///
///     let options = ExportOptions(formats: ["text", "html"], texts: .some([.revised, .diplomatic]), output: "out")
public struct ExportOptions: Hashable, Sendable, Encodable {
    /// The names of the formats: see ``Formats``.
    public var formats: [String]
    /// The texts of each document.
    public var texts: TextChoice
    /// Options of the formats.
    public var format: FormatOptions
    /// The folder for the files; `nil` for a single result, which goes to the console.
    public var output: String?
    /// The folder that must contain every file that is read; by default as in
    /// ``TEI/EditionFiles/read(_:bytes:root:sharing:skipsFailures:)``.
    public var root: String?

    /// Makes the options; each parameter sets the property of its name.
    public init(
        formats: [String], texts: TextChoice = .usual, format: FormatOptions = FormatOptions(), output: String? = nil,
        root: String? = nil
    ) {
        (self.formats, self.texts, self.format) = (formats, texts, format)
        (self.output, self.root) = (output, root)
    }

    /// - Throws: ``XML/Diagnostics`` with the rule `usage` for the name of no format.
    func chosenFormats() throws(Diagnostics) -> [any Format] {
        let all = Formats.all(format)
        return try formats.map { name throws(Diagnostics) in
            guard let format = all.first(where: { $0.name == name }) else {
                throw Diagnostics([Messages.noFormat(name, all.map(\.name))])
            }
            return format
        }
    }
}

/// The texts of each document that are exported.
public enum TextChoice: Hashable, Sendable, Encodable {
    /// The reading text; on pages, all texts.
    case usual
    /// All texts that a document has.
    case all
    /// The texts of these policies.
    case some([Policy])

    /// - Parameter names: policies as on the command line, or `all`; no names mean the usual choice.
    /// - Throws: ``XML/Diagnostics`` with the rule `usage` for a name that is not a policy.
    package init(named names: [String]) throws(Diagnostics) {
        if names.contains("all") {
            self = .all
        } else if names.isEmpty {
            self = .usual
        } else {
            self = .some(try names.map { name throws(Diagnostics) in try Policy(named: name, isList: true) })
        }
    }

    /// The texts with a file of their own; `nil` for all that a document has.
    var policies: [Policy]? {
        switch self {
        case .usual: [.reading]
        case .all: nil
        case .some(let policies): policies
        }
    }

    /// The texts on a page; `nil` for all that a document has.
    var policiesOnPages: [Policy]? { if case .some(let policies) = self { policies } else { nil } }

    /// Encodes the choice as the policies on the command line, for the key of a cache.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .usual: try container.encode([String]())
        case .all: try container.encode(["all"])
        case .some(let policies): try container.encode(policies.map(\.description))
        }
    }
}

extension Policy {
    /// The policy that an option names.
    ///
    /// - Parameter isList: whether ‘all’ might have been said.
    /// - Throws: ``XML/Diagnostics`` with the rule `usage`.
    package init(named name: String, isList: Bool = false) throws(Diagnostics) {
        guard let policy = Policy(name) else { throw Diagnostics([Messages.noPolicy(name, isList: isList)]) }
        self = policy
    }
}
