internal import XML

// How words, marks and acts are counted. Every format that gives a number asks here.
//
// - A word is Unicode's (UAX 29), as in a collation, with a letter or digit in it: a sign is no word. It is counted
//   once, however markup, a note or the end of a line cuts it, and for the hand that wrote its first letter. Words that
//   were struck out count. A word in which letters were replaced is one; one word in place of another are two. Of several
//   readings, the text's own counts. The editors' words do not: notes, corrections, what they supplied.
// - A mark is counted once, and so is an act, however many elements it takes: fragments that `@next` or `@prev` joins are
//   one. What only holds acts or marks (`mod` around `add` and `del`, `add` around a check mark) is none. In a
//   substitution the deletion and the addition are two.
// - What no known hand wrote or did is counted too, as nobody's (`nil`).

extension Transcription {
    /// The number of words that each hand wrote, struck out or not. Keys are indexes into ``hands``; `nil` counts the
    /// words of no known hand. The editors' words are not counted.
    ///
    ///     for (hand, count) in transcription.wordCounts {
    ///         print(hand.map { transcription.hands[$0].label } ?? "hand unknown", count)
    ///     }
    ///
    /// A word is Unicode's (UAX 29), with a letter or digit in it. It is counted once, however markup cuts it, and for
    /// the hand that wrote its first letter.
    public var wordCounts: [Int?: Int] {
        let reading = reading(.written)
        let scalars = Array(reading.text.unicodeScalars)
        let gaps = Set(reading.gaps.compactMap { $0?.lowerBound })
        var counter = WordCounter()
        for segment in reading.segments {
            let text = scalars[segment.start..<(segment.start + segment.length)]
            if segment.nodeOffset == nil {
                // A gap within a word, and brackets around letters, part nothing.
                if !gaps.contains(segment.start), text.contains(where: \.partsWords) { counter.endWords() }
            } else if segment.state.isEditorial {
                if text.contains(where: \.isSpace) { counter.endWords() }
            } else {
                counter.read(text, WordCounter.Writing(hand: segment.state.hand, layer: layer(segment.state)))
            }
        }
        counter.endWords()
        return counter.counts
    }

    private func layer(_ state: State) -> WordCounter.Layer {
        let kinds = state.interventions.map { interventions[$0].kind }
        let isDeleted = kinds.contains(.deletion) && !kinds.contains(.restoration)
        return kinds.contains(.addition) ? isDeleted ? .addedAndDeleted : .added : isDeleted ? .deleted : .kept
    }

    /// The writers' acts, each once: indexes into ``interventions``. Of an act in fragments it is the first.
    ///
    ///     let deletions = transcription.acts.filter { transcription.interventions[$0].kind == .deletion }
    public var acts: [Int] {
        let signs = Set(marks.filter { !$0.isAroundWords }.map(\.node))
        let held = interventions.filter { !$0.kind.isEditorial }.map(\.node) + marks.map(\.node)
        let holders = Set(held.flatMap { Array($0.ancestors) })
        return interventions.indices.filter { number in
            let act = interventions[number]
            guard !act.kind.isEditorial, act.continued == nil else { return false }
            switch act.kind {
            case .modification: return act.isSpan || !holders.contains(act.node)
            case .addition: return act.isSpan || !holders.contains(act.node) || !act.node.holdsAlone(signs)
            default: return true
            }
        }
    }

    /// The marks, each once: indexes into ``marks``. Of a mark in fragments it is the first.
    ///
    ///     let stamps = transcription.wholeMarks.filter { transcription.marks[$0].kind == .stamp }
    public var wholeMarks: [Int] { firstMarks.enumerated().filter { $0 == $1 }.map(\.element) }

    /// For each mark, the first of the fragments of which it is one (`@next`, `@prev`).
    var firstMarks: [Int] {
        let numbers = Dictionary(marks.enumerated().map { ($1.node, $0) }) { first, _ in first }
        func targets(_ mark: Mark, _ attribute: String) -> [Int] {
            mark.node.tokens(attribute).compactMap { mark.node.target($0).flatMap { numbers[$0] } }
        }
        var firsts = Array(marks.indices)
        for (number, mark) in marks.enumerated() {
            for before in targets(mark, "prev") where before < number { firsts[number] = firsts[before] }
            for following in targets(mark, "next") where following > number { firsts[following] = firsts[number] }
        }
        return firsts
    }
}

extension Policy.Kind {
    /// All that writers wrote, struck out or not, with every word whole: the text whose words are counted.
    fileprivate static let written = Policy.Kind(
        name: "written", subject: nil, title: .diplomatic, about: .aboutDiplomatic,
        rules: .init(showsChanges: true, hasEditorsNotes: false, namesSpeakers: false))
}

extension Policy {
    fileprivate static let written = Policy(.written)
}

extension Node {
    /// Whether it has nothing but these elements, however deep they are in others.
    fileprivate func holdsAlone(_ nodes: Set<Node>) -> Bool {
        children.allSatisfy { child in
            switch child.kind {
            case .text: child.isBlank
            case .element: nodes.contains(child) || child.firstChild != nil && child.holdsAlone(nodes)
            case .document, .comment, .processingInstruction: true
            }
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isSpace: Bool { value < 0x80 ? value <= 0x20 : properties.isWhitespace }

    /// Whether words that the program wrote part what is before and after them.
    fileprivate var partsWords: Bool { isSpace || isQuotationMark || self == "(" || self == ")" }
}

// MARK: - Words

/// Counts words as they are read.
private struct WordCounter {
    /// When letters were in the text: those that were struck out and those that were put in their place were never
    /// side by side.
    enum Layer { case kept, deleted, added, addedAndDeleted }

    struct Writing: Equatable {
        let hand: Int?
        let layer: Layer
    }

    private(set) var counts: [Int?: Int] = [:]
    /// What was read since the last white space.
    private var stretch: [Unicode.Scalar] = []
    /// Where in the stretch each writing begins.
    private var writings: [(start: Int, writing: Writing)] = []

    mutating func read(_ text: ArraySlice<Unicode.Scalar>, _ writing: Writing) {
        var (start, shape, plain) = (text.startIndex, Shape.signs, 0)
        for position in text.indices {
            let scalar = text[position]
            guard scalar.isSpace else {
                shape.append(scalar)
                continue
            }
            // A stretch that began before is not whole here.
            if stretch.isEmpty, shape != .other {
                plain += shape == .signs ? 0 : 1
            } else {
                append(text[start..<position], writing)
                endWords()
            }
            (start, shape) = (position + 1, .signs)
        }
        append(text[start...], writing)
        if plain > 0 { counts[writing.hand, default: 0] += plain }
    }

    private mutating func append(_ text: ArraySlice<Unicode.Scalar>, _ writing: Writing) {
        guard !text.isEmpty else { return }
        if writings.last?.writing != writing { writings.append((stretch.count, writing)) }
        stretch += text
    }

    /// What a stretch without white space is: signs alone, a word with signs around it, or what has to be taken apart.
    private enum Shape {
        case signs, word, wordAndSigns, other

        mutating func append(_ scalar: Unicode.Scalar) {
            if scalar.isPlainLetter {
                self = self == .signs || self == .word ? .word : .other
            } else if !scalar.isPlainSign {
                self = .other
            } else if self == .word {
                self = .wordAndSigns
            }
        }
    }

    mutating func endWords() {
        guard !stretch.isEmpty else { return }
        let layers = Set(writings.map(\.writing.layer)).subtracting([.kept])
        if layers.count < 2 {
            // Nothing was replaced.
            for word in WordCounter.words(in: stretch) { count(word.lowerBound) }
        } else {
            countReplaced(layers)
        }
        stretch.removeAll(keepingCapacity: true)
        writings.removeAll(keepingCapacity: true)
    }

    private mutating func count(_ letter: Int) {
        let writing = writings[writings.boundary { $0.start > letter } - 1].writing
        counts[writing.hand, default: 0] += 1
    }

    /// The words that the stretch was at one time and at another: those that share a letter are one word.
    private mutating func countReplaced(_ layers: Set<Layer>) {
        /// For each letter, the first letter of a word that it is in.
        var firsts = Array(stretch.indices)
        func first(_ letter: Int) -> Int { firsts[letter] == letter ? letter : first(firsts[letter]) }
        var begins: Set<Int> = []
        for layer in layers {
            let letters = stretch.indices.filter { [.kept, layer].contains(self.layer(of: $0)) }
            for word in WordCounter.words(in: letters.map { stretch[$0] }) {
                let places = letters[word].map(first)
                let least = places.min()!
                for place in places { firsts[place] = least }
                begins.formUnion(places)
            }
        }
        for letter in begins where firsts[letter] == letter { count(letter) }
    }

    private func layer(of letter: Int) -> Layer { writings[writings.boundary { $0.start > letter } - 1].writing.layer }

    /// The words in a stretch without white space.
    private static func words(in stretch: [Unicode.Scalar]) -> [Range<Int>] {
        if stretch.allSatisfy({ $0.isPlainLetter || $0.isPlainSign }) { return plainWords(in: stretch) }
        return Tokenizer().tokens(of: String(scalars: stretch[...])).filter { $0.kind == .word }.map(\.range)
    }

    /// The words in a stretch of letters of an alphabet and signs: what a ``Tokenizer`` finds, at less cost.
    private static func plainWords(in stretch: [Unicode.Scalar]) -> [Range<Int>] {
        var words: [Range<Int>] = []
        for (position, scalar) in stretch.enumerated() where scalar.isPlainLetter {
            if let last = words.last, goesOn(last.upperBound, position, stretch) {
                words[words.count - 1] = last.lowerBound..<(position + 1)
            } else {
                words.append(position..<(position + 1))
            }
        }
        return words
    }

    /// Whether a word that ends at a position goes on at a later one: with the next letter, or after one sign that joins
    /// letters or digits (UAX 29, WB6, WB7, WB11 and WB12).
    private static func goesOn(_ end: Int, _ position: Int, _ stretch: [Unicode.Scalar]) -> Bool {
        guard position == end + 1 else { return position == end }
        let areDigits = [stretch[end - 1], stretch[position]].map { ("0"..."9").contains($0) }
        switch stretch[end] {
        case ".", "'", "‘", "’", "\u{2024}": return areDigits[0] == areDigits[1]
        case ":", "\u{2027}": return areDigits == [false, false]
        case ",", ";": return areDigits == [true, true]
        default: return false
        }
    }
}

extension Unicode.Scalar {
    /// A letter that makes one word with any other such letter beside it.
    fileprivate var isPlainLetter: Bool {
        switch self {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: (0xC0..<0x590).contains(value) && properties.isAlphabetic
        }
    }

    /// A sign that is in no word, unless between letters or digits.
    fileprivate var isPlainSign: Bool {
        switch value {
        case 0x21..<0x80: !isPlainLetter && self != "_"
        case 0xA1...0xA9, 0xAB...0xAC, 0xAE...0xB1, 0xB4, 0xB6, 0xB8, 0xBB, 0xBF, 0x2010...0x2027, 0x2030...0x203E: true
        default: false
        }
    }
}
