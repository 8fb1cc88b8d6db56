public import TEI
package import XML

/// All on which an export's result depends besides the documents.
public struct ExportOptions: Hashable, Sendable, Encodable {
    /// Names of ``Formats``.
    public var formats: [String]
    public var texts: TextChoice
    /// What the formats are told.
    public var format: FormatOptions
    /// The folder for the files; `nil` for the only result of one document, which goes to the console.
    public var output: String?
    /// The folder below which everything that is read must lie; by default as ``TEI/EditionFiles`` finds it.
    public var root: String?

    public init(
        formats: [String], texts: TextChoice = .usual, format: FormatOptions = FormatOptions(), output: String? = nil,
        root: String? = nil
    ) {
        (self.formats, self.texts, self.format) = (formats, texts, format)
        (self.output, self.root) = (output, root)
    }

    /// - Throws: ``XML/Diagnostics`` with the rule `usage` for a name that no format has.
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

/// Which texts of each document are exported.
public enum TextChoice: Hashable, Sendable, Encodable {
    /// The reading text; on pages all.
    case usual
    /// All that a document has.
    case all
    case some([Policy])

    /// - Parameter names: policies as on the command line, or among them `all`; none for the usual choice.
    /// - Throws: ``XML/Diagnostics`` with the rule `usage` for a name that is no policy.
    package init(named names: [String]) throws(Diagnostics) {
        if names.contains("all") {
            self = .all
        } else if names.isEmpty {
            self = .usual
        } else {
            self = .some(try names.map { name throws(Diagnostics) in try Policy(named: name, isList: true) })
        }
    }

    /// Those of which each has a file of its own; `nil` for all that a document has.
    var policies: [Policy]? {
        switch self {
        case .usual: [.reading]
        case .all: nil
        case .some(let policies): policies
        }
    }

    /// Those on a page; `nil` for all that a document has.
    var policiesOnPages: [Policy]? { if case .some(let policies) = self { policies } else { nil } }

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
