package import XML

// Words in the layout: whether the end of a line divides them, and where white space is kept.

extension LayoutBuilder {
    /// Where the hyphen is of a word that the end of a line divides, if some texts have the word without it.
    ///
    /// A hyphen before `lb/@break="no"` is there since the line ends, unless the header says that only those of the word
    /// itself were kept. Before any other `lb`, the header must say that they were kept (`hyphenation/@eol`; TEI P5,
    /// 2.3.3 and 3.2.2), and the next line must go on with a letter, a small one if the hyphen is to go.
    ///
    /// - Parameter start: where the text begins in ``bytes``.
    mutating func hyphenOfDividedWord(from start: Int, at number: Int, _ shown: TextSet) -> Int? {
        guard !texts.joiningWords.isEmpty, let hyphen = lastHyphen(from: start, shown),
            !shown.intersection(texts.joiningWords).isEmpty,
            let lineBreak = lineBreak(after: number), let opening = transcription.opening(at: lineBreak)
        else { return nil }
        let kept = transcription.header.hyphenation
        switch opening.node.attribute("break") {
        case "no": return ["hard", "none"].contains(kept) ? nil : hyphen
        case "yes": return nil
        default: break
        }
        guard let kept, ["all", "some", "hard"].contains(kept), let next = firstScalar(after: lineBreak),
            WhiteSpaceState.Character(next) == .letter
        else { return nil }
        breaksInWords.insert(lineBreak)
        return kept != "hard" && next.properties.isLowercase ? hyphen : nil
    }

    /// A hyphen after a letter at the end of the words.
    private func lastHyphen(from start: Int, _ shown: TextSet) -> Int? {
        var end = bytes.count
        while end > start, bytes[end - 1].isXMLSpace { end -= 1 }
        guard end > start, LayoutBuilder.endOfHyphen.contains(bytes[end - 1]) else { return nil }
        var hyphen = end - 1
        while hyphen > start, bytes[hyphen] & 0xC0 == 0x80 { hyphen -= 1 }
        let isHyphen = LayoutBuilder.hyphens.contains(String(decoding: bytes[hyphen..<end], as: UTF8.self))
        let isAfterLetter =
            hyphen > start
            ? bytes.character(before: hyphen) == .letter
            : line.slots.isEmpty && line.spaces.isAfterLetter(shown.intersection(texts.joiningWords))
        return isHyphen && isAfterLetter ? hyphen : nil
    }

    /// Hyphen-minus, hyphen, soft hyphen, the sign ¬ that editions write for it, and the double oblique hyphen.
    private static let hyphens: Set<String> = ["-", "\u{2010}", "\u{AD}", "\u{AC}", "\u{2E17}"]
    private static let endOfHyphen: [UInt8] = [0x2D, 0x90, 0xAD, 0xAC, 0x97]

    /// The event of the line break that comes before any other words.
    private func lineBreak(after number: Int) -> Int? {
        for next in (number + 1)..<transcription.events.count {
            switch transcription.events[next] {
            case .open(let opening):
                if opening.behaviour == .break, transcription.facts(of: opening).ends == .line { return next }
                guard opening.behaviour.isMilestone else { return nil }
            case .close(let opening): guard !opening.behaviour.startsLine else { return nil }
            case .text(let node, let part, _): guard node.text(in: part).isBlank else { return nil }
            default: return nil
            }
        }
        return nil
    }

    private func firstScalar(after number: Int) -> Unicode.Scalar? {
        for case .text(let node, let part, _) in transcription.events[number...].prefix(16) {
            if let scalar = node.text(in: part).unicodeScalars.first(where: { !$0.properties.isWhitespace }) {
                return scalar
            }
        }
        return nil
    }
}

extension Transcription {
    /// Whether white space is kept in an element with `@xml:space`: in one that is no more than a paragraph, and whose
    /// lines no milestones end. On a whole edition the attribute says how the file is formatted.
    package func preservesSpace(in bearer: Node) -> Bool {
        guard bearer.attribute("space", in: Namespace.xml) == "preserve" else { return false }
        let isEdition = [.section, .body, .text, .document].contains(elements.behaviour(of: bearer))
        return !isEdition && bearer.descendants("lb").isEmpty
    }
}

extension Node {
    /// Whether it says how white space is to be treated.
    var saysOfSpace: Bool { attribute("space", in: Namespace.xml) != nil }
}

extension TextLayout.Entry {
    /// Whether it is the start or end of an element, and writes nothing.
    var isTag: Bool {
        switch step {
        case .open, .close, .span, .target: true
        default: false
        }
    }
}

extension [UInt8] {
    /// The character that begins at a byte.
    func character(at start: Int) -> WhiteSpaceState.Character {
        let first = self[start]
        if first < 0x80 { return WhiteSpaceState.Character(Unicode.Scalar(first)) }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        return String(decoding: self[start..<Swift.min(start + length, count)], as: UTF8.self).unicodeScalars.first
            .map(WhiteSpaceState.Character.init) ?? .other
    }

    /// The character that ends before a byte.
    func character(before end: Int) -> WhiteSpaceState.Character {
        var start = end - 1
        while start > 0, self[start] & 0xC0 == 0x80 { start -= 1 }
        return character(at: start)
    }
}
