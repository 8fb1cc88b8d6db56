import Foundation
import XML

/// The W3C's test suite for XPath and XQuery (QT3): what its catalog lists, as far as it is here.
package struct Suite: Sendable {
    /// The namespace of the catalog and the test sets.
    static let namespace = "http://www.w3.org/2010/09/qt-fots-catalog"

    /// The folder of the catalog, without symbolic links.
    let folder: String
    package let cases: [TestCase]
    /// The names of the sets that the catalog lists and whose file is absent, in its order.
    package let absentSets: [String]

    /// - Parameter folder: the one in which `catalog.xml` lies.
    /// - Throws: `Diagnostics` where the catalog or a set cannot be parsed.
    package init(at folder: String, sets: Set<String> = []) throws {
        let root = URL(filePath: folder).resolvingSymlinksInPath().path(percentEncoded: false)
        self.folder = root.hasSuffix("/") ? root : root + "/"
        let catalog = try Document(contentsOfFile: self.folder + "catalog.xml").root
        let environments = TestEnvironment.named(in: catalog, folder: self.folder)
        var cases: [TestCase] = []
        var absent: [String] = []
        for entry in catalog.elements("test-set") {
            let (name, path) = (entry.attribute("name") ?? "", self.folder + (entry.attribute("file") ?? ""))
            guard sets.isEmpty || sets.contains(name) else { continue }
            guard FileAccess.exists(path) else {
                absent.append(name)
                continue
            }
            cases += try Suite.cases(of: name, at: path, environments)
        }
        (self.cases, absentSets) = (cases, absent)
    }

    private static func cases(
        of set: String, at path: String, _ environments: [String: TestEnvironment]
    ) throws -> [TestCase] {
        let root = try Document(contentsOfFile: path).root
        let folder = Reference.folder(of: path, slash: true)
        let known = environments.merging(TestEnvironment.named(in: root, folder: folder)) { $1 }
        let dependencies = root.elements("dependency").map(Dependency.init)
        return root.elements("test-case").map { element in
            let environment = element.elements("environment").first.flatMap { own in
                own.attribute("ref").map { known[$0] } ?? TestEnvironment(own, folder: folder)
            }
            return TestCase(
                name: element.attribute("name") ?? "", set: set, file: path, element: element,
                environment: environment ?? TestEnvironment(),
                dependencies: dependencies + element.elements("dependency").map(Dependency.init)
            )
        }
    }
}

/// One test of a set.
package struct TestCase: Sendable {
    package let name: String
    package let set: String
    /// The path of the test set.
    let file: String
    let element: Node
    let environment: TestEnvironment
    let dependencies: [Dependency]

    /// The expression; `nil` where it lies in a file that is absent.
    var expression: String? {
        guard let test = element.elements("test").first else { return nil }
        guard let file = test.attribute("file") else { return test.stringValue }
        return (try? FileAccess.bytes(ofFile: Reference.folder(of: self.file, slash: true) + file)).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// The assertion, which may be made of others.
    var assertion: Node? { element.elements("result").first?.childElements.first { _ in true } }
}

/// What a processor must be or do for a test to apply to it.
struct Dependency: Sendable {
    let type: String
    let value: String
    /// False where the test applies to processors that do not.
    let isSatisfied: Bool

    init(_ element: Node) {
        type = element.attribute("type") ?? ""
        value = element.attribute("value") ?? ""
        isSatisfied = element.attribute("satisfied") != "false"
    }
}

extension Node {
    /// The children of this name in the suite's namespace.
    func elements(_ name: String) -> [Node] {
        childElements.filter { $0.isElement(name, in: Suite.namespace) }
    }
}
