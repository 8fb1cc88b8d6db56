internal import XML

/// A document, as far as it has been read.
struct ScannedDocument {
    let number: Int
    let isTEI: Bool
    /// The elements around it.
    let corpora: [OpenElement]
    var id: String?
    var location: SourceLocation
    var range = 0..<0
    var sizeOfHeaders = 0
    /// Where it is divided, and what is open there.
    var cuts: [(offset: Int, location: SourceLocation, open: [OpenElement])] = []
    /// The first thing that reaches from one part into another.
    var obstacle: Diagnostic?
    /// How many `text`s and `sourceDoc`s there are, and whether one names its hand.
    var texts = 0
    var hasTextHand = false
    /// Whether the `body` names the hand of the text, and whether there is something beside it.
    var hasBodyHand = false
    var hasMatter = false
    var hasStages = false
    var isLocationReferenced = false
    /// Whether there are pieces of one (`@next`, `@prev`, `substJoin`), and `handShift`s.
    var hasFragments = false
    var hasShifts = false

    /// The ranges beside the text.
    var omitted: [Range<Int>] = []
    /// The largest part so far, and where it begins.
    var largest: (size: Int, location: SourceLocation)?

    /// Only the first obstacle is reported.
    mutating func refuse(_ diagnostic: Diagnostic) {
        if obstacle == nil { obstacle = diagnostic }
    }

    var lastCut: Int { cuts.last?.offset ?? range.lowerBound }

    mutating func measure(to end: Int) {
        let size = size(to: end)
        if size > largest?.size ?? 0 { largest = (size, cuts.last?.location ?? location) }
    }

    var parts: [StreamedText.Part] {
        let cuts = cuts.map { (offset: $0.offset, open: $0.open) }
        let starts = [(offset: range.lowerBound, open: corpora)] + cuts
        let ends = cuts + [(offset: range.upperBound, open: corpora)]
        return zip(starts, ends).map { start, end in
            let range = start.offset..<end.offset
            return StreamedText.Part(
                range: range, before: start.open, behind: end.open,
                omitted: cuts.isEmpty ? [] : omitted.filter { range.contains($0.lowerBound) },
                depth: corpora.count, location: location, isWhole: cuts.isEmpty
            )
        }
    }

    /// How much is read of the part that ends there.
    func size(to end: Int) -> Int {
        end - lastCut - omitted.reduce(0) { $0 + ($1.lowerBound >= lastCut ? $1.count : 0) }
    }
}
