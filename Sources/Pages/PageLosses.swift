internal import TEI
internal import XML

// What a text lost: where words were struck out and nothing took their place, the texts without them have a sign.

extension PageBody {
    /// - Parameters:
    ///   - event: where the deletion begins.
    ///   - texts: those that do not have its words. The text of one hand has `…`.
    mutating func writeLoss(at event: Int, in texts: TextSet) {
        let texts = texts.subtracting(layout.texts.markingOmissions)
        guard !showsAll, !texts.isEmpty, let number = deletion(at: event), let said = loss(by: number) else { return }
        prepareWrapperForText()
        out.raw("<span role=\"img\" class=\"loss\(textsClass(texts))\"")
        out.attribute("aria-label", said)
        out.attribute("title", said)
        out.raw("></span>")
    }

    /// The texts that have the words of a span that begins here.
    func textsOfSpan(at event: Int) -> TextSet {
        guard case .begin(let number) = transcription.events[event] else { return layout.texts.all }
        for next in (event + 1)..<transcription.events.count {
            switch transcription.events[next] {
            case .text(_, _, let state) where state.interventions.contains(number): return layout.index.texts[next]
            case .end(number): return layout.texts.all
            default: continue
            }
        }
        return layout.texts.all
    }

    private func deletion(at event: Int) -> Int? {
        let number: Int? =
            switch transcription.events[event] {
            case .open(let opening): if case .intervention(let number) = opening.role { number } else { nil }
            case .begin(let number): number
            default: nil
            }
        return number.flatMap { isAlone(transcription.interventions[$0]) ? $0 : nil }
    }

    /// Whether it is a deletion for which nothing was written.
    private func isAlone(_ intervention: Intervention) -> Bool {
        guard intervention.kind == .deletion, intervention.alternative == nil else { return false }
        let node = intervention.node
        let neighbours = [
            node.precedingSiblings.first(where: \.isNotWhiteSpace),
            node.followingSiblings.first(where: \.isNotWhiteSpace),
        ]
        return !neighbours.contains { $0.map { elements.facts(named: $0.tei).intervention == .addition } ?? false }
    }

    /// `deletion, hand of Edith Ferrell: very bad`
    private func loss(by number: Int) -> String? {
        let intervention = transcription.interventions[number]
        let lead = words.lead(intervention)
        if intervention.isSpan { return lead }
        let text = intervention.node.plainText
        guard !text.isEmpty else { return nil }
        return "\(lead): \(text.count > 80 ? text.prefix(80) + "…" : text)"
    }
}
