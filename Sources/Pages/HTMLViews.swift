internal import TEI

/// Some of the texts of a page: it holds one flow, in which each element and each word knows the texts that it stands
/// in.
struct Views: Hashable, Sendable {
    private var bits: UInt128

    /// As many texts as a page may have.
    static let limit = 128
    static let none = Views(bits: 0)

    private init(bits: UInt128) { self.bits = bits }

    init(_ number: Int) { bits = 1 << number }

    /// Those from 0 to before `count`.
    static func first(_ count: Int) -> Views { Views(bits: count >= limit ? .max : (1 << count) - 1) }

    var isEmpty: Bool { bits == 0 }

    func contains(_ number: Int) -> Bool { bits & (1 << number) != 0 }

    func isSuperset(of other: Views) -> Bool { other.bits & ~bits == 0 }
    func intersection(_ other: Views) -> Views { Views(bits: bits & other.bits) }
    func union(_ other: Views) -> Views { Views(bits: bits | other.bits) }
    func subtracting(_ other: Views) -> Views { Views(bits: bits & ~other.bits) }
    mutating func insert(_ other: Views) { bits |= other.bits }
    mutating func remove(_ other: Views) { bits &= ~other.bits }
}

/// The texts of a page, each by its number.
struct PageTexts {
    let policies: [Policy]
    let selections: [Selection]
    let all: Views

    init(_ transcription: Transcription, _ policies: [Policy]) {
        self.policies = Array(policies.prefix(Views.limit))
        selections = self.policies.map(transcription.selection)
        all = .first(self.policies.count)
        diplomatic = views(where: \.isDiplomatic)
        showingDeletions = views(where: \.showsDeletions)
        markingOmissions = views(where: \.marksOmissions)
        namingSpeakers = views { $0.policy == .reading || $0.isDiplomatic }
    }

    private(set) var diplomatic = Views.none
    private(set) var showingDeletions = Views.none
    /// Those of one hand alone.
    private(set) var markingOmissions = Views.none
    private(set) var namingSpeakers = Views.none

    /// The texts in which a thing is so.
    func views(where isSo: (Selection) -> Bool) -> Views {
        var found = Views.none
        for (number, selection) in selections.enumerated() where isSo(selection) { found.insert(Views(number)) }
        return found
    }

    /// The texts by the transpositions that are done in them: those of the first, then the others.
    func flows(of transcription: Transcription) -> [(views: Views, first: Int)] {
        let whole = transcription.transpositions.indices.filter { transcription.transpositions[$0].isWhole }
        var flows: [(views: Views, first: Int, done: [Int])] = []
        for (number, selection) in selections.enumerated() {
            let done = whole.filter(selection.includes(transposition:))
            if let known = flows.firstIndex(where: { $0.done == done }) {
                flows[known].views.insert(Views(number))
            } else {
                flows.append((Views(number), number, done))
            }
        }
        return flows.map { ($0.views, $0.first) }
    }
}

/// White space as it is in each text of a page, where the words before it may differ.
struct ViewSpaces {
    /// Where white space was read that may yet become a space.
    private(set) var pending = Views.none
    /// Where nothing stands in the line yet, so that white space is dropped.
    private(set) var atStart: Views
    /// Where white space is dropped until the next character: behind `lb/@break="no"`.
    private var suppressed = Views.none

    init(_ views: Views) { atStart = views }

    mutating func startLine(_ views: Views) {
        pending.remove(views)
        atStart.insert(views)
    }

    mutating func suppress(_ views: Views) {
        pending.remove(views)
        suppressed.insert(views)
    }

    /// White space is forgotten.
    mutating func drop(_ views: Views) { pending.remove(views) }

    /// White space was read.
    mutating func space(_ views: Views) { pending.insert(views.subtracting(atStart).subtracting(suppressed)) }

    /// A character was read.
    ///
    /// - Returns: where a space goes before it.
    mutating func character(_ views: Views) -> Views {
        defer {
            pending.remove(views)
            atStart.remove(views)
            suppressed.remove(views)
        }
        return pending.intersection(views)
    }
}

/// The classes of what is seen in some of the texts of a page alone.
struct ViewClasses {
    private(set) var list: [Views] = []
    private var numbers: [Views: Int] = [:]

    mutating func name(_ views: Views) -> Markup {
        let number = numbers[views] ?? list.count
        if number == list.count {
            numbers[views] = number
            list.append(views)
        }
        return "v\(number)"
    }
}

/// The style by which a page shows one of its texts, and beside it another.
struct ViewRules {
    private let texts: PageTexts
    var classes = ViewClasses()

    init(_ texts: PageTexts) { self.texts = texts }

    var style: PageCode {
        guard texts.policies.count > 1 else { return rules(0, in: "", copies: false) }
        return texts.policies.indices.map { number -> PageCode in
            rules(number, in: "body:has(.t\(number):checked) ", copies: false)
                + rules(number, in: "[data-beside=\"\(number)\"] ", copies: true)
                + "body:has(.t\(number):checked) .policy:not(.of-t\(number)){display:none}\n"
        }.joined()
    }

    /// `data-views`: the texts of each class, by their numbers.
    var data: Markup {
        let lists = classes.list.map { views in
            texts.policies.indices.filter(views.contains).map(String.init).joined(separator: " ")
        }
        return " data-views=\"\(lists.joined(separator: "|"))\""
    }

    /// - Parameter copies: whether the rules are those of the second text, whose passages are copies beside the
    ///   first's.
    private func rules(_ number: Int, in page: PageCode, copies: Bool) -> PageCode {
        let selection = texts.selections[number]
        let hidden = classes.list.indices.filter { !classes.list[$0].contains(number) }.map { ".v\($0)" as PageCode }
            .joined(separator: ",")
        func rule(_ selector: PageCode, _ declarations: PageCode) -> PageCode {
            if copies { return "\(page).copy:is(\(selector)),\(page).copy :is(\(selector)){\(declarations)}" }
            return "\(page):is(\(selector)):not(.copy,.copy *){\(declarations)}"
        }
        var style: PageCode = hidden.isEmpty ? "" : rule(hidden, "display:none")
        if selection.isDiplomatic {
            style += rule("ins.own", "text-decoration:underline dotted")
        } else {
            style += rule(".tei-supplied", "--open:\"[\";--close:\"]\"")
        }
        if !selection.showsDeletions { style += rule("del:not(.left-out *)", "text-decoration:none") }
        return style + "\n"
    }
}
