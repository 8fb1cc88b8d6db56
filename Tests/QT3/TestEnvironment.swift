import Foundation
import Synchronization
import XML
import XPath

/// The environment of a test: documents, variables, namespaces and more, as the suite describes it.
struct TestEnvironment: Sendable {
    /// A document, or a text that is read as it is.
    struct Resource: Sendable {
        let file: String
        let uri: String

        init(_ element: Node, folder: String) {
            file = FileAccess.canonical(folder + (element.attribute("file") ?? ""))
            let given = element.attribute("uri")
            uri =
                given.flatMap { Reference($0).scheme == nil ? nil : $0 } ?? "file://"
                + (given.map { folder + $0 } ?? file)
        }
    }

    /// Documents with what they are for: `.` is the context item, `$name` a variable.
    private(set) var sources: [(role: String?, resource: Resource)] = []
    private(set) var resources: [Resource] = []
    private(set) var collections: [String: [Resource]] = [:]
    private(set) var parameters: [(name: String, select: String)] = []
    private(set) var namespaces: [String: String] = [:]
    private(set) var collations: [String] = []
    /// An expression for the context item.
    private(set) var contextItem: String?
    /// `nil` where the test set's own address is the base; `.some(nil)` where there is none.
    private(set) var baseURI: String??
    private(set) var hasSchema = false
    private(set) var hasDecimalFormat = false
    /// Whether a collection is made by a query rather than of documents.
    private(set) var hasQuery = false

    init() {}

    init(_ element: Node, folder: String) {
        for child in element.childElements {
            switch child.localName {
            case "source":
                sources.append((child.attribute("role"), Resource(child, folder: folder)))
                if child.attribute("validation") != nil { hasSchema = true }
            case "resource": resources.append(Resource(child, folder: folder))
            case "collection":
                collections[child.attribute("uri") ?? "", default: []] += child.elements("source").map {
                    Resource($0, folder: folder)
                }
                if !child.elements("query").isEmpty { hasQuery = true }
            case "param": parameters.append((child.attribute("name") ?? "", child.attribute("select") ?? "()"))
            case "namespace": namespaces[child.attribute("prefix") ?? ""] = child.attribute("uri")
            case "collation": collations += child.attribute("uri").map { [$0] } ?? []
            case "context-item": contextItem = child.attribute("select")
            case "static-base-uri": baseURI = .some(child.attribute("uri").flatMap { $0 == "#UNDEFINED" ? nil : $0 })
            case "schema": hasSchema = true
            case "decimal-format": hasDecimalFormat = true
            default: break
            }
        }
    }

    static func named(in element: Node, folder: String) -> [String: TestEnvironment] {
        let pairs = element.elements("environment").compactMap { element in
            element.attribute("name").map { ($0, TestEnvironment(element, folder: folder)) }
        }
        return Dictionary(pairs) { $1 }
    }

    fileprivate var everything: [Resource] { sources.map(\.resource) + resources + collections.values.joined() }

    /// The first file that is named and not here.
    var absentFile: String? { everything.first { !FileAccess.exists($0.file) }?.file }
}

/// What an expression is evaluated in.
struct Setting: Sendable {
    var statics = StaticContext()
    var item: Item?
    var variables: [QName: ItemSequence] = [:]
    var resources = XPath.Resources()

    /// - Throws: `Diagnostics` where a document cannot be read, `XPathError` where a parameter has no value.
    init(of test: TestCase, version: StaticContext.Version, in suite: Suite, _ library: Library) throws {
        let environment = test.environment
        statics.version = version
        statics.isCompatible = test.dependencies.contains { $0.value == "xpath-1.0-compatibility" && $0.isSatisfied }
        statics.baseURI = environment.baseURI ?? "file://" + test.file
        for (prefix, namespace) in environment.namespaces {
            if prefix.isEmpty {
                statics.defaultElementNamespace = namespace
            } else {
                statics.namespaces[prefix] = namespace
            }
        }
        resources = Setting.resources(of: environment, below: suite.folder, library)
        for (role, source) in environment.sources {
            guard let role else { continue }
            let document = Item.node(TreeNode(try library.document(source).documentNode))
            if role == "." { item = document } else { bind(String(role.dropFirst()), to: ItemSequence(document)) }
        }
        for (name, select) in environment.parameters { bind(name, to: try evaluate(select)) }
        if let select = environment.contextItem { item = try evaluate(select).first }
    }

    mutating func bind(_ name: String, to value: ItemSequence) {
        let parts = name.split(separator: ":").map(String.init)
        let qname =
            parts.count == 2
            ? QName(localName: parts[1], namespace: statics.namespaces[parts[0]]) : QName(localName: name)
        statics.variables.insert(qname)
        variables[qname] = value
    }

    func evaluate(_ expression: String) throws(XPathError) -> ItemSequence {
        try XPath(expression, statics).evaluate(at: item, variables: variables, resources: resources)
    }

    /// What the environment gives an address, and the other files of the suite by their own.
    private static func resources(
        of environment: TestEnvironment, below folder: String, _ library: Library
    ) -> XPath.Resources {
        let named = Dictionary(environment.everything.map { ($0.uri, $0) }) { first, _ in first }
        let find = { @Sendable (uri: String) throws(Diagnostics) -> TestEnvironment.Resource in
            if let resource = named[uri] { return resource }
            let path = Reference(uri).path(relativeTo: "/") ?? ""
            if let resource = named["file://" + path] { return resource }
            guard path.hasPrefix(folder), FileAccess.exists(path) else { throw Library.absent(uri) }
            return TestEnvironment.Resource(file: path, uri: uri)
        }
        var resources = XPath.Resources()
        resources.document = { uri throws(Diagnostics) in try library.document(find(uri)) }
        resources.text = { uri throws(Diagnostics) in try FileAccess.bytes(ofFile: find(uri).file) }
        let collections = environment.collections.mapValues { $0.map(\.uri) }
        resources.collection = { collections[$0] }
        resources.variables = ["QTTEST": "42", "QTTEST2": "other", "QTTESTEMPTY": ""]
        return resources
    }
}

extension TestEnvironment.Resource {
    fileprivate init(file: String, uri: String) {
        (self.file, self.uri) = (file, uri)
    }
}

/// The documents that have been read: one for each address and file, so that their nodes are the same in all tests.
final class Library: Sendable {
    private let documents = Mutex<[String: Document]>([:])

    func document(_ resource: TestEnvironment.Resource) throws(Diagnostics) -> Document {
        let key = resource.uri + " " + resource.file
        if let known = documents.withLock({ $0[key] }) { return known }
        let document = try Document(FileAccess.bytes(ofFile: resource.file), path: resource.uri)
        return documents.withLock { known in
            known[key] = known[key] ?? document
            return known[key]!
        }
    }

    static func absent(_ uri: String) -> Diagnostics {
        Diagnostics([Diagnostic(rule: "qt3", "there is no resource \(uri)")])
    }
}
