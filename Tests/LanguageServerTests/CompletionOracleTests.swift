import RelaxNG
import Support
import Testing
import Validation
import XML

@testable import LanguageServer

/// Jing's own matcher says what may be at each place of real documents: ../shared/data/authoring/README.md.
@Suite(.hasData("authoring"), .inRelease) struct CompletionOracleTests {
    /// A line of `positions-*.tsv`.
    private struct Place {
        let file: String
        let offset: Int?
        let kind: Substring
        let element: Substring
        let next: Substring
        let offered: Set<Substring>
        let special: Set<Substring>
    }

    private static let folder = Repository.data + "/authoring/completion"

    private func places(_ name: String) throws -> [Place] {
        let sets = try lines("sets.tsv").map {
            Set($0.split(separator: "\t").dropFirst().joined().split(separator: " ").map { Substring($0) })
        }
        return try lines("positions-\(name).tsv").map { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            return Place(
                file: String(fields[0]), offset: Int(fields[1]), kind: fields[2], element: fields[3], next: fields[4],
                offered: sets[Int(fields[5])!], special: sets[Int(fields[6])!])
        }
    }

    private func lines(_ name: String) throws -> [Substring] {
        String(decoding: try FileAccess.bytes(ofFile: Self.folder + "/" + name), as: UTF8.self).split(separator: "\n")
            .dropFirst().map { $0 }
    }

    private func path(_ file: String) -> String {
        Repository.data + (file.hasPrefix("completion/") ? "/authoring/" : "/") + file
    }

    private static let schemas = [
        "marginalia": "authoring/completion/documents/marginalia.rng", "tei_all": "tei/tei_all.rng",
        "sga": "sga/schemata/shelley-godwin-page.rng",
    ]

    /// How the offers at a place compare with Jing's.
    private struct Tally {
        var (places, equal, real, next) = (0, 0, 0, 0)
        /// Places where some offers break what follows, and how many of them are told apart as Jing does.
        var (differing, toldApart) = (0, 0)
        var (tags, equalTags, equalRequired) = (0, 0, 0)
        var wrong: [String] = []
    }

    @Test("the offered elements and attributes are Jing's", arguments: ["marginalia", "sga", "tei_all"])
    func sameAsJing(_ name: String) throws {
        let schema = try Schema(contentsOfFile: Repository.data + "/" + Self.schemas[name]!)
        let model = try #require(schema.contentModel)
        var (tally, tag) = (Tally(), 0)
        for places in try chunks(places(name)) {
            let markup = Markup(try FileAccess.bytes(ofFile: path(places[0].file)))
            let walk = GrammarWalk(model, markup)
            for place in places {
                if place.kind == "A" {
                    tag = try #require(place.offset)
                    compare(attributes: walk, markup, place, &tally)
                } else {
                    compare(elements: walk, markup, place, tag, &tally)
                }
            }
        }
        #expect(tally.equal == tally.places && tally.next == tally.real, "\(tally.wrong.prefix(20))")
        #expect(tally.equalTags == tally.tags && tally.equalRequired == tally.tags, "\(tally.wrong.prefix(20))")
        #expect(tally.toldApart * 100 >= tally.differing * 99, "\(tally.wrong.prefix(20))")
    }

    /// The places of each file.
    private func chunks(_ places: [Place]) -> [[Place]] {
        var chunks: [[Place]] = []
        for place in places {
            if chunks.last?.last?.file != place.file { chunks.append([]) }
            chunks[chunks.count - 1].append(place)
        }
        return chunks
    }

    private func names(_ offers: [ContentModel.Offer]) -> Set<Substring> {
        Set(
            offers.map { offer in
                switch offer.name.namespace {
                case Namespace.tei, nil: Substring(offer.name.localName)
                case Namespace.xml: Substring("xml:" + offer.name.localName)
                case let other?: Substring("{\(other)}" + offer.name.localName)
                }
            })
    }

    private func compare(attributes walk: GrammarWalk, _ markup: Markup, _ place: Place, _ tally: inout Tally) {
        let item = markup.lastItem(before: place.offset! + 1)!
        let element = markup.items[item].element!
        walk.enter(markup.elements[element].parent, before: place.offset!)
        walk.model.startElement(walk.model.number(of: markup.qualifiedName(of: element)))
        let offers = walk.model.attributes()
        tally.tags += 1
        if names(offers) == place.offered {
            tally.equalTags += 1
        } else {
            tally.wrong.append("\(place.file):\(place.offset!) @ \(names(offers).symmetricDifference(place.offered))")
        }
        if names(offers.filter(\.isRequired)) == place.special {
            tally.equalRequired += 1
        } else {
            tally.wrong.append(
                "\(place.file):\(place.offset!) required @ \(names(offers.filter(\.isRequired)).symmetricDifference(place.special))"
            )
        }
    }

    private func compare(
        elements walk: GrammarWalk, _ markup: Markup, _ place: Place, _ tag: Int, _ tally: inout Tally
    ) {
        var (element, offset): (Int?, Int) = (nil, place.offset ?? 0)
        let last = markup.items[markup.lastItem(before: tag + 1)!]
        // Of an empty tag directly before an end tag, the list has the offset of that end tag.
        let isInTag =
            place.kind == "E" && last.isEmpty && last.range.upperBound == offset
            && markup.string(last.name) == place.element
        if place.offset == nil || isInTag {
            element = last.element
            offset = markup.content(of: element!).lowerBound
        } else if case .content(let found) = markup.place(at: offset) {
            element = found
        }
        walk.enter(element, before: offset)
        let offers = walk.model.elements()
        tally.places += 1
        if names(offers) == place.offered {
            tally.equal += 1
        } else {
            tally.wrong.append(
                "\(place.file):\(offset) in \(place.element) \(names(offers).symmetricDifference(place.offered))")
        }
        if place.kind == "S" {
            tally.real += 1
            if names(offers).contains(place.next) { tally.next += 1 }
        }
        let broken = walk.model.breaking(offers, before: walk.siblings(of: element, after: offset))
        let breaking = names(zip(offers, broken).filter(\.1).map(\.0))
        if !place.special.isEmpty { tally.differing += 1 }
        if breaking == place.special {
            if !place.special.isEmpty { tally.toldApart += 1 }
        } else {
            tally.wrong.append(
                "\(place.file):\(offset) breaking in \(place.element) \(breaking.symmetricDifference(place.special))")
        }
    }
}
