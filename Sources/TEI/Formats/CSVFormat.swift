internal import XML

/// A table of the marks or the variants of a document, for people who count: CSV (RFC 4180) in UTF-8 with a header, and
/// LF as line end.
///
///     let bytes = CSVFormat(.marks).export(transcription, policy: .reading)
///
/// `start` and `end` are offsets in the text of the policy, in Unicode scalars from 0. They are empty if that text does
/// not have the mark or variant. Several values in a cell are separated by spaces. Fragments that `@next` or `@prev`
/// joins have the `number` of the first: so marks, and readings of a `number`, are as many as in ``Statistics``.
///
/// Spreadsheets run some cells as formulas. A cell that begins with `=`, `+`, `-`, `@`, their full-width forms, a tab
/// or a line end therefore has an apostrophe before it. So has a cell that begins with apostrophes and then such a
/// sign: two different texts never become the same cell. To get the text, remove the first apostrophe. Numbers and
/// dates, such as `-3` and `-0044-03-15`, stay as they are.
public struct CSVFormat: Format {
    /// The tables.
    public enum Table: String, Sendable, CaseIterable {
        /// A row for each mark.
        case marks
        /// A row for each reading of each place with several readings, and for each addition, deletion and editorial
        /// reading outside of such places. The readings of one place have the same `number`.
        case variants
    }

    /// The table that is made.
    public let table: Table
    /// The name in the help.
    public let title = "tables (CSV)"
    /// A sentence for the help.
    public let help = "‘marks’ and ‘variants’ are tables."
    /// The name in `export --to`: `marks` or `variants`.
    public var name: String { table.rawValue }
    /// The extension of the files: `marks.csv` or `variants.csv`.
    public var fileExtension: String { "\(table.rawValue).csv" }

    /// Makes the format of a table.
    public init(_ table: Table) {
        self.table = table
    }

    /// Returns the table, with places in the text of a policy.
    public func export(_ transcription: Transcription, policy: Policy) -> [UInt8] {
        let exporter = CSVExporter(transcription, transcription.reading(policy))
        let rows =
            switch table {
            case .marks: exporter.marks
            case .variants: exporter.variants
            }
        return CSV.bytes(rows)
    }
}

extension Format where Self == CSVFormat {
    /// A table of marks or variants.
    public static func csv(_ table: CSVFormat.Table) -> CSVFormat { CSVFormat(table) }
}

private struct CSVExporter {
    private let transcription: Transcription
    private let ranges: TextRanges

    init(_ transcription: Transcription, _ reading: Reading) {
        self.transcription = transcription
        ranges = TextRanges(reading, transcription)
    }

    var marks: [[String]] {
        let header = [
            "document", "number", "kind", "subtype", "text", "hand", "hand_label", "stage", "place", "rend", "cert",
            "target", "start", "end",
            "target_start", "target_end",
        ]
        return [header + sourceHeader]
            + zip(transcription.marks, transcription.firstMarks).map { mark, number in
                let own = [
                    document, "\(number + 1)", mark.kind.rawValue, mark.subtype ?? "", mark.text,
                    transcription.handID(mark.hand) ?? "", label(mark.hand), transcription.stageID(mark.stage) ?? "",
                    mark.place.joined(separator: " "), mark.rendition ?? "", mark.certainty ?? "",
                    mark.targets.joined(separator: " "),
                ]
                let passages = ranges.targets(mark.targets, from: mark.node)
                let touched = [passages.map { "\($0.lowerBound)" }, passages.map { "\($0.upperBound)" }].map {
                    $0.joined(separator: " ")
                }
                return own + cells(ranges.range(of: mark.node)) + touched + source(mark.node)
            }
    }

    var variants: [[String]] {
        let header = [
            "document", "number", "place_kind", "reading", "kind", "text", "hand", "hand_label", "stage", "seq", "wit",
            "cert", "resp", "start", "end",
        ]
        var rows: [[String]] = []
        let (acts, firsts) = (Set(transcription.acts), transcription.firstInterventions)
        var numbers: [Variant: Int] = [:]
        for (index, intervention) in transcription.interventions.enumerated() where isVariant(intervention) {
            let first = firsts[index]
            let whole = transcription.interventions[first]
            guard intervention.kind.isEditorial || acts.contains(first) else { continue }
            let variant = whole.alternative.map(Variant.place) ?? .alone(first)
            let number = numbers[variant] ?? numbers.count + 1
            numbers[variant] = number
            let own = [
                document, "\(number)", whole.alternative.map { transcription.alternatives[$0].kind.rawValue } ?? "",
                whole.alternative == nil ? "" : "\(whole.branch + 1)", intervention.kind.rawValue,
                intervention.isSpan ? "" : intervention.node.plainNoteText,
                transcription.handID(intervention.hand) ?? "", label(intervention.hand),
                transcription.stageID(intervention.stage) ?? "", intervention.sequence.map(String.init) ?? "",
                transcription.witnesses(of: intervention).joined(separator: " "),
                intervention.certainty ?? "", intervention.responsible ?? "",
            ]
            rows.append(own + cells(ranges.range(ofIntervention: index)) + source(intervention.node))
        }
        return [header + sourceHeader] + rows
    }

    /// What has a number: a place with several readings, or an intervention outside of such places.
    private enum Variant: Hashable {
        case place(Int), alone(Int)
    }

    /// Whether a text differs with it.
    private func isVariant(_ intervention: Intervention) -> Bool {
        switch intervention.kind {
        case .retrace, .modification, .unclear, .damage: intervention.alternative != nil
        default: true
        }
    }

    // MARK: Cells

    private var document: String { transcription.element.xmlID ?? "" }
    private var sourceHeader: [String] { ["file", "line", "column", "id"] }

    private func source(_ node: Node) -> [String] {
        let location = node.location
        return [location.file, "\(location.line)", "\(location.column)", node.nearestID ?? ""]
    }

    private func cells(_ range: Range<Int>?) -> [String] {
        range.map { ["\($0.lowerBound)", "\($0.upperBound)"] } ?? ["", ""]
    }

    private func label(_ index: Int?) -> String { index.map { Wording.label(transcription.hands[$0]) } ?? "" }
}
