public import TEI

extension StatisticsTable {
    /// The marks of each group as bars, by their kinds, and above them a timeline of the documents, as a picture (SVG
    /// 1.1).
    ///
    /// It follows the reader's choice of light or dark, and each of its parts says what it is (`title`).
    fileprivate var svg: [UInt8] {
        let bars = ordered.map { group in
            MarkBar(
                label: group.label,
                counts: Mark.Kind.allCases.map { kind in
                    (
                        kind,
                        group.numbers.reduce(0) {
                            $0 + ($1.key.category == .marks && $1.key.kind == kind.rawValue ? $1.value : 0)
                        }
                    )
                })
        }
        let timeline = Timeline(dated)
        var out = HTMLBytes()
        out.picture("Marks and documents", height: (timeline?.height ?? 0) + MarkBar.height(of: bars.count)) { out in
            timeline?.write(&out, label: { Wording.count($0, "mark") })
            out.bars(bars, top: timeline?.height ?? 0, name: \.rawValue)
        }
        return out.bytes
    }
}

extension OutputFormat where Value == StatisticsTable {
    /// A picture (SVG 1.1): bars of marks, and a timeline of the documents with dates.
    public static var svg: Self { Self("svg", write: \.svg) }

    /// All formats of statistics.
    public static var all: [Self] { [.text, .csv, .json, .svg] }
}

/// A bar of a picture: the marks of a document or group, by their kinds.
struct MarkBar {
    let label: String
    let counts: [(kind: Mark.Kind, count: Int)]

    var sum: Int { counts.reduce(0) { $0 + $1.count } }

    fileprivate static let row = 22
    fileprivate static let left = 240
    /// Above the bars, what explains their colours: two lines.
    fileprivate static let legend = 60

    /// How high so many bars are, with what explains their colours.
    static func height(of bars: Int) -> Int { legend + bars * row + 10 }
}

/// Documents by their dates, each the larger the more marks it has.
struct Timeline {
    private let documents: [(title: String, year: Double, marks: Int)]
    private let first, last: Double
    let height = 110

    /// - Returns: `nil` if there are not two dates.
    init?(_ documents: [(title: String, year: Double, marks: Int)]) {
        guard documents.count > 1, let least = documents.map(\.year).min(), let greatest = documents.map(\.year).max()
        else { return nil }
        self.documents = documents
        (first, last) = (least.rounded(.down), max((greatest + 0.001).rounded(.up), least.rounded(.down) + 1))
    }

    private func x(_ year: Double) -> String {
        HTMLBytes.decimal(20 + (year - first) / (last - first) * Double(HTMLBytes.pictureWidth - 40))
    }

    /// - Parameter label: the words for a number of marks.
    func write(_ out: inout HTMLBytes, label: (Int) -> String) {
        let base = height - 30
        out.raw(
            "<line class=\"axis\" x1=\"20\" y1=\"\(base)\" x2=\"\(HTMLBytes.pictureWidth - 20)\" y2=\"\(base)\"/>\n")
        for year in stride(from: first, through: last, by: max(1, ((last - first) / 10).rounded(.up))) {
            out.raw("<text x=\"\(x(year))\" y=\"\(height - 10)\" text-anchor=\"middle\">\(Int(year))</text>\n")
        }
        for document in documents {
            let radius = min(4 + Double(document.marks).squareRoot() * 2, 40)
            out.raw(
                "<circle class=\"dot\" cx=\"\(x(document.year))\" cy=\"\(base)\" r=\"\(HTMLBytes.decimal(radius))\">")
            out.element("title", "", "\(document.title): \(label(document.marks))")
            out.raw("</circle>\n")
        }
    }
}

extension HTMLBytes {
    fileprivate static let pictureWidth = 600

    private static let colours: [(kind: Mark.Kind, light: String, dark: String)] = [
        (.check, "#1b6ca8", "#7cc0f2"), (.stamp, "#a8321b", "#f59e86"), (.query, "#7a5c00", "#e6c65c"),
        (.underline, "#3c7a1f", "#9fdc7f"),
        (.remark, "#6b3fa0", "#c9a6f5"), (.other, "#5a5a5a", "#bdbdbd"),
    ]

    /// A picture (SVG 1.1) in light or dark, as the reader has chosen.
    mutating func picture(_ title: String, height: Int, _ body: (inout HTMLBytes) -> Void) {
        let width = HTMLBytes.pictureWidth
        let (light, dark) = (
            HTMLBytes.colours.map { ".mark-\($0.kind.rawValue){fill:\($0.light)}" },
            HTMLBytes.colours.map { ".mark-\($0.kind.rawValue){fill:\($0.dark)}" }
        )
        raw(
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" role="img" font-family="sans-serif" font-size="12">

            """)
        element("title", "", title)
        raw(
            """

            <style>svg text{fill:#222}.axis{stroke:#666}.dot{fill:#1b6ca8;fill-opacity:.6}\(light.joined())
            @media (prefers-color-scheme:dark){svg text{fill:#eee}.axis{stroke:#aaa}.dot{fill:#7cc0f2}\(dark.joined())}</style>

            """)
        body(&self)
        raw("</svg>\n")
    }

    /// - Parameter name: what a kind of mark is called.
    mutating func bars(_ bars: [MarkBar], top: Int, name: (Mark.Kind) -> String) {
        let most = bars.map(\.sum).max() ?? 0
        for (number, colour) in HTMLBytes.colours.enumerated() {
            let (x, y) = (MarkBar.left + number % 3 * 118, top + 8 + number / 3 * 22)
            raw(
                "<rect class=\"mark-\(colour.kind.rawValue)\" x=\"\(x)\" y=\"\(y)\" width=\"12\" height=\"12\"/><text x=\"\(x + 17)\" y=\"\(y + 11)\">"
            )
            text(name(colour.kind))
            raw("</text>\n")
        }
        for (number, bar) in bars.enumerated() {
            let y = top + MarkBar.legend + number * MarkBar.row
            raw("<text x=\"\(MarkBar.left - 10)\" y=\"\(y + 13)\" text-anchor=\"end\">")
            text(bar.label.count > 33 ? bar.label.prefix(32) + "…" : bar.label)
            raw("</text>\n")
            var position = Double(MarkBar.left)
            for (kind, count) in bar.counts where count > 0 {
                let length = Double(count) / Double(max(1, most)) * Double(HTMLBytes.pictureWidth - MarkBar.left - 60)
                raw(
                    "<rect class=\"mark-\(kind.rawValue)\" x=\"\(HTMLBytes.decimal(position))\" y=\"\(y + 2)\" width=\"\(HTMLBytes.decimal(length))\" height=\"\(MarkBar.row - 8)\">"
                )
                element("title", "", "\(bar.label): \(name(kind)), \(count)")
                raw("</rect>\n")
                position += length
            }
            raw("<text x=\"\(HTMLBytes.decimal(position + 6))\" y=\"\(y + 13)\">\(bar.sum)</text>\n")
        }
    }
}
