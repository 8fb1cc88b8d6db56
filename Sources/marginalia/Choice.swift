public import ArgumentParser
public import Corpus
public import CorpusIndex
internal import Pages
public import TEI
internal import Validation

// What may be named on a command line is what the libraries list.

/// A list of things with names.
protocol Registry {
    static var names: [String] { get }
}

/// One of a list, by its name.
struct Choice<List: Registry>: ExpressibleByArgument, Sendable {
    let name: String

    init(_ name: String) { self.name = name }

    init?(argument: String) {
        guard List.names.contains(argument) else { return nil }
        name = argument
    }

    static var allValueStrings: [String] { List.names }
    static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
    var defaultValueDescription: String { name }
}

extension Formats: Registry {
    static var names: [String] { all().map(\.name) }
}

extension ReportFormats: Registry {
    static var names: [String] { all().map(\.name) }
}

/// A type whose values are written in one of several formats.
public protocol Written: Sendable {
    static var outputs: [OutputFormat<Self>] { get }
}

extension Collation: Written { public static var outputs: [OutputFormat<Self>] { OutputFormat.all } }
extension TextSource: Written { public static var outputs: [OutputFormat<Self>] { OutputFormat.all } }
extension Query.Result: Written { public static var outputs: [OutputFormat<Self>] { OutputFormat.all } }
extension StatisticsTable: Written { public static var outputs: [OutputFormat<Self>] { OutputFormat.all } }

extension OutputFormat: ExpressibleByArgument where Value: Written {
    public init?(argument: String) {
        guard let format = Value.outputs.first(where: { $0.name == argument }) else { return nil }
        self = format
    }

    public static var allValueStrings: [String] { Value.outputs.map(\.name) }
    public static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
    public var defaultValueDescription: String { name }
}

extension Policy.Kind {
    /// The first policies, for a short help.
    static var shortList: String { all.prefix(5).map(\.usage).joined(separator: ", ") }
}

extension ApparatusFormat.Form: ExpressibleByArgument {}
extension PageLanguage: ExpressibleByArgument {}
extension Mark.Kind: ExpressibleByArgument {}
extension Search.Order: ExpressibleByArgument {}
extension Template: ExpressibleByArgument {}
extension Tokenizer.Ignored: ExpressibleByArgument {}

extension StatisticsTable.Grouping: ExpressibleByArgument {
    private static let named: KeyValuePairs<String, Self> = [
        "document": .document, "year": .period(years: 1), "decade": .period(years: 10), "century": .period(years: 100),
        "hand": .hand,
    ]

    public init?(argument: String) {
        guard let grouping = Self.named.first(where: { $0.key == argument })?.value else { return nil }
        self = grouping
    }

    public static var allValueStrings: [String] { named.map(\.key) }
    public static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
    public var defaultValueDescription: String { Self.named.first { $0.value == self }?.key ?? "" }
}
