internal import TEI

/// The classes of what is seen in some of the texts of a page alone.
struct TextClasses {
    private(set) var list: [TextSet] = []
    private var numbers: [TextSet: Int] = [:]

    mutating func name(_ views: TextSet) -> Markup {
        let number = numbers[views] ?? list.count
        if number == list.count {
            numbers[views] = number
            list.append(views)
        }
        return "v\(number)"
    }
}

/// The style by which a page shows one of its texts, and beside it another.
struct TextRules {
    private let texts: SelectedTexts
    var classes = TextClasses()

    init(_ texts: SelectedTexts) { self.texts = texts }

    var style: PageCode {
        guard texts.selections.count > 1 else { return rules(0, in: "", copies: false) }
        return texts.selections.indices.map { number -> PageCode in
            rules(number, in: "body:has(.t\(number):checked) ", copies: false)
                + rules(number, in: "[data-beside=\"\(number)\"] ", copies: true)
                + "body:has(.t\(number):checked) .policy:not(.of-t\(number)){display:none}\n"
        }.joined()
    }

    /// `data-views`: the texts of each class, by their numbers.
    var data: Markup {
        let lists = classes.list.map { views in
            texts.selections.indices.filter(views.contains).map(String.init).joined(separator: " ")
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
