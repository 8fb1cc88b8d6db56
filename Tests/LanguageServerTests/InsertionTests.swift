import Foundation
import RelaxNG
import Support
import Testing
import Validation
import XML

@testable import LanguageServer

/// What is inserted keeps a document valid, but for what is left to fill in.
struct InsertionTests {
    private static let folder = Repository.data + "/authoring/completion/documents"

    private static func hasJing() -> Bool {
        (try? Execution(of: "/usr/bin/env", ["sh", "-c", "command -v jing"]).code == 0) ?? false
    }

    /// An element that was inserted, and the attributes that it has without a value.
    private struct Insertion {
        let name: String
        let emptyAttributes: Set<String>
        let emptyElements: Set<String>

        init(_ skeleton: Skeleton) {
            var (attributes, elements): (Set<String>, Set<String>) = ([], [])
            func visit(_ skeleton: Skeleton) {
                for attribute in skeleton.attributes {
                    attributes.insert(attribute.name.description)
                }
                if skeleton.children.isEmpty { elements.insert(skeleton.name.localName) }
                skeleton.children.forEach(visit)
            }
            visit(skeleton)
            (name, emptyAttributes, emptyElements) = (skeleton.name.localName, attributes, elements)
        }
    }

    @Test(
        "of 2,000 insertions Jing complains of nothing but what is empty", .hasData("authoring"), .inRelease,
        .enabled("jing is absent") { hasJing() })
    func jing() throws {
        let scratch = try TemporaryFolder()
        let schema = Self.folder + "/marginalia.rng"
        let model = try #require(try Schema(contentsOfFile: schema).contentModel)
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder).filter { $0.hasSuffix(".xml") }
            .sorted()
        let markups = try names.map { Markup(try FileAccess.bytes(ofFile: Self.folder + "/" + $0)) }
        var random = Generator(seed: 2000)
        var insertions: [Insertion] = []
        while insertions.count < 2000 {
            let markup = random.pick(markups)
            guard let (bytes, insertion) = insert(markup, model, &random) else { continue }
            try Data(bytes).write(to: scratch.url("\(insertions.count).xml"))
            insertions.append(insertion)
        }
        let files = insertions.indices.map { scratch.path("\($0).xml") }
        let report = try Execution(of: "/usr/bin/env", ["jing", schema] + files).output
        #expect(Set(insertions.map(\.name)).count > 100)
        for line in report.split(separator: "\n") {
            let number = line.prefix { $0 != ":" }.split(separator: "/").last?.split(separator: ".").first.flatMap {
                Int($0)
            }
            let insertion = try #require(number.map { insertions[$0] }, "\(line)")
            #expect(isAboutEmpty(line, insertion), "<\(insertion.name)>: \(line)")
        }
    }

    private func isAboutEmpty(_ line: Substring, _ insertion: Insertion) -> Bool {
        let quoted =
            line.split(separator: "\"", omittingEmptySubsequences: false).dropFirst().first.map { String($0) } ?? ""
        if line.contains("value of attribute") { return insertion.emptyAttributes.contains(quoted) }
        return line.contains("character content of element") && insertion.emptyElements.contains(quoted)
    }

    /// A document with an element that is offered at a place of it, and breaks nothing after it.
    private func insert(
        _ markup: Markup, _ model: ContentModel, _ random: inout Generator
    ) -> (bytes: [UInt8], insertion: Insertion)? {
        let element = random.number(below: markup.elements.count)
        let content = markup.content(of: element)
        guard !markup.items[markup.elements[element].startTag].isEmpty else { return nil }
        let children = markup.parts(of: element, in: content).compactMap { part -> Int? in
            guard case .element(let child) = part else { return nil }
            return markup.range(of: child).lowerBound
        }
        let offset = random.pick(children + [content.upperBound])
        let walk = GrammarWalk(model, markup)
        walk.enter(element, before: offset)
        let offers = model.elements()
        let broken = model.breaking(offers, before: walk.siblings(of: element, after: offset))
        let usable = zip(offers, broken).filter { !$1 }.map(\.0)
        guard !usable.isEmpty else { return nil }
        let skeleton = model.skeleton(of: random.pick(usable))
        let snippet = Snippet(false).add(
            element: skeleton, skeleton.name.localName, markup.namespace(of: nil, at: element),
            isInText: model.allowsText)
        var bytes = markup.source
        bytes.insert(contentsOf: Array(snippet.text.utf8), at: offset)
        return (bytes, Insertion(skeleton))
    }
}
