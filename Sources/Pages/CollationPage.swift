public import TEI

extension OutputFormat where Value == Collation {
    /// A page of HTML with the witnesses side by side, and a list of their differences below.
    ///
    ///     let bytes = Collation(of: witnesses).export(as: .html)
    public static var html: Self { Self("html") { CollationPage($0).bytes } }

    /// All formats of collations.
    public static var all: [Self] { [.lines, .json, .csv, .html, .tei] }
}

/// The page of a collation: the witnesses side by side, row by row, and below them each place where they differ.
struct CollationPage {
    private let collation: Collation
    private var out = HTMLBytes()
    /// The numbers of the segments that differ.
    private var numbers: [Int: Int] = [:]

    /// How many columns a row may have before it ends at the next end of a sentence.
    private static let rowLength = 40

    init(_ collation: Collation) {
        self.collation = collation
        for (index, segment) in collation.segments.enumerated() where segment.isVariant {
            numbers[index] = numbers.count + 1
        }
        write()
    }

    var bytes: [UInt8] { out.bytes }

    private mutating func write() {
        let title = Wording.collation(of: collation.witnesses.map(\.siglum))
        out.beginPage(title: title, language: "en", bodyClass: "collation", style: collationStylesheet)
        out.raw("<header>\n<div class=\"about\">\n")
        out.element("h1", "", title)
        out.element("p", " class=\"summary\"", collation.summary)
        out.raw("<dl>\n")
        for witness in collation.witnesses {
            out.element("dt", "", witness.siglum)
            out.element("dd", "", witness.label)
        }
        out.raw("</dl>\n</div>\n</header>\n<main>\n")
        writeTable()
        if collation.hasVariants { writeVariants() }
        out.raw("</main>\n")
        out.endPage()
    }

    // MARK: Side by side

    private mutating func writeTable() {
        out.raw("<table class=\"witnesses-table\">\n<thead><tr>")
        for witness in collation.witnesses { out.element("th", " scope=\"col\"", witness.siglum) }
        out.raw("</tr></thead>\n<tbody>\n")
        for row in rows {
            out.raw("<tr>")
            for witness in collation.witnesses.indices { writeCell(witness, row) }
            out.raw("</tr>\n")
        }
        out.raw("</tbody>\n</table>\n")
    }

    /// Segments by paragraphs, and long paragraphs by sentences.
    private var rows: [Range<Int>] {
        var (rows, start): ([Range<Int>], Int) = ([], 0)
        for (index, segment) in collation.segments.enumerated() where index > start {
            let columns = collation.segments[start].columns.lowerBound..<segment.columns.lowerBound
            let last = collation.segments[index - 1]
            let isSentence =
                !last.isVariant
                && collation.tokens(of: 0, in: last.columns).last.map { ".?!".contains($0.text) } ?? false
            guard collation.beginsParagraph(segment) || columns.count > CollationPage.rowLength && isSentence else {
                continue
            }
            rows.append(start..<index)
            start = index
        }
        return start < collation.segments.count ? rows + [start..<collation.segments.count] : rows
    }

    private mutating func writeCell(_ witness: Int, _ row: Range<Int>) {
        out.raw("<td")
        out.attribute("data-siglum", collation.witnesses[witness].siglum)
        out.raw(">")
        for (position, index) in row.enumerated() {
            let segment = collation.segments[index]
            let tokens = collation.tokens(of: witness, in: segment.columns)
            if position > 0, (tokens.first?.separation ?? .space) > .none { out.raw(" ") }
            if let number = numbers[index] {
                writeReading(number, witness, tokens.text)
            } else {
                out.text(tokens.text)
            }
        }
        out.raw("</td>")
    }

    private mutating func writeReading(_ number: Int, _ witness: Int, _ text: String) {
        out.raw("<mark class=\"\(text.isEmpty ? "nothing" : "differs")\" id=\"place:\(number):\(witness + 1)\">")
        if text.isEmpty {
            out.raw("<i aria-hidden=\"true\">\(Wording.omits)</i>")
            out.element("span", " class=\"heard\"", Wording.omitted)
        } else {
            out.text(text)
        }
        out.raw("</mark><a class=\"sign-number\" href=\"#place:\(number)\"")
        out.attribute("aria-label", Wording.place(number))
        out.raw(">\(number)</a>")
    }

    // MARK: One by one

    private mutating func writeVariants() {
        out.raw("<section class=\"below\">\n")
        out.element("h2", "", Wording.variants)
        out.raw("<ol class=\"variants\">\n")
        for (index, segment) in collation.segments.enumerated() {
            guard let number = numbers[index] else { continue }
            out.raw("<li id=\"place:\(number)\">")
            for (position, reading) in segment.readings.enumerated() {
                if position > 0 { out.raw("; ") }
                out.element(reading.isOmission ? "i" : "span", "", collation.text(of: reading, in: segment.columns))
                for witness in reading.witnesses {
                    out.raw(" <a href=\"#place:\(number):\(witness + 1)\">")
                    out.element("b", "", collation.witnesses[witness].siglum)
                    out.raw("</a>")
                }
            }
            out.raw("</li>\n")
        }
        out.raw("</ol>\n")
        writeTranspositions()
        out.raw("</section>\n")
    }

    private mutating func writeTranspositions() {
        guard !collation.transpositions.isEmpty else { return }
        out.element("h2", "", Wording.transpositions)
        out.raw("<ul>\n")
        for move in collation.transpositions {
            out.raw("<li>“")
            out.text(move.text)
            out.raw("”:")
            for (side, place) in move.places.enumerated() {
                let segment = collation.segment(at: place.columns.lowerBound)
                out.raw(side > 0 ? "; " : " ")
                out.text(collation.sigla(place.witnesses).joined(separator: " "))
                guard let number = numbers[segment] else { continue }
                out.raw(" ")
                out.element("a", " href=\"#place:\(number):\(place.witnesses[0] + 1)\"", Wording.place(number))
            }
            out.raw("</li>\n")
        }
        out.raw("</ul>\n")
    }
}
