internal import TEI
internal import XML

/// Whose hand wrote which part of a document, and at which stage. Only a well-formed document says so.
struct Writing {
    /// A text by one hand at one stage.
    struct Run {
        let start: Int
        let end: Int
        let hand: String?
        let stage: String?
        let isMain: Bool
    }

    /// In the order of the document.
    let runs: [Run]

    /// A larger document would keep its editor waiting.
    private static let limit = 1 << 20

    init(_ text: TextDocument) {
        guard text.bytes.count <= Writing.limit,
            let (document, library) = try? EditionFiles.read(text.path, bytes: text.utf8File, root: nil),
            let items = try? EditionFiles.items(in: document, library: library)
        else {
            runs = []
            return
        }
        let transcriptions = items.map { Transcription(of: $0.element, library: $0.library) }
        runs = transcriptions.flatMap { transcription in
            transcription.events.compactMap { Writing.run($0, transcription, text.path) }
        }
    }

    private static func run(_ event: Event, _ transcription: Transcription, _ path: String) -> Run? {
        guard case .text(let node, _, let state) = event, node.file.path.isSame(as: path) else { return nil }
        let range = node.byteRange
        return Run(
            start: range.lowerBound, end: range.upperBound, hand: state.hand.map { transcription.hands[$0].label },
            stage: state.stage.map { Writing.label(transcription.stages[$0]) },
            isMain: state.hand == transcription.mainHand)
    }

    private static func label(_ stage: Stage) -> String { stage.description.isEmpty ? stage.id : stage.description }

    /// The run of the first text in a range.
    func run(in range: Range<Int>) -> Run? {
        runs.first { $0.end > range.lowerBound && $0.start < max(range.upperBound, range.lowerBound + 1) }
    }
}

extension Server {
    /// Whose hand the first text of an element is in, and at which stage it was written.
    func handLabel(of element: Int, in document: OpenDocument) -> String? {
        let run = document.writing.run(in: document.markup.range(of: element))
        let parts = [run?.hand, run?.stage].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    /// Where the text goes over into another hand than the main one, or another stage: whose it is.
    func inlayHints(_ params: RangeParams) throws(ResponseError) -> [InlayHint]? {
        let document = try document(params.textDocument)
        let range = document.text.offsets(params.range)
        var (hints, before): ([InlayHint], Writing.Run?) = ([], nil)
        for run in document.writing.runs {
            defer { before = run }
            guard run.start < range.upperBound, run.end > range.lowerBound else { continue }
            let label = [run.isMain ? nil : run.hand, run.stage].compactMap(\.self).joined(separator: ", ")
            guard !label.isEmpty, before?.hand != run.hand || before?.stage != run.stage else { continue }
            hints.append(InlayHint(position: document.text.position(of: run.start), label: label))
        }
        return hints
    }
}
