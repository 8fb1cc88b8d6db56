/// Some of the texts of a layout, each by its number from 0.
package struct TextSet: Hashable, Sendable {
    private var bits: UInt128

    /// As many texts as a layout may have.
    package static let limit = 128
    package static let none = TextSet(bits: 0)

    private init(bits: UInt128) { self.bits = bits }

    package init(_ number: Int) { bits = 1 << number }

    /// The texts from 0 up to `count`, without `count`.
    package static func first(_ count: Int) -> TextSet { TextSet(bits: count >= limit ? .max : (1 << count) - 1) }

    package var isEmpty: Bool { bits == 0 }

    package func contains(_ number: Int) -> Bool { bits & (1 << number) != 0 }

    package func isSuperset(of other: TextSet) -> Bool { other.bits & ~bits == 0 }
    package func intersection(_ other: TextSet) -> TextSet { TextSet(bits: bits & other.bits) }
    package func union(_ other: TextSet) -> TextSet { TextSet(bits: bits | other.bits) }
    package func subtracting(_ other: TextSet) -> TextSet { TextSet(bits: bits & ~other.bits) }
    package mutating func insert(_ other: TextSet) { bits |= other.bits }
    package mutating func remove(_ other: TextSet) { bits &= ~other.bits }
}

/// The texts that are laid out together, each by its number.
package struct SelectedTexts: Sendable {
    package let selections: [Selection]
    package let all: TextSet
    package let diplomatic: TextSet
    package let showingDeletions: TextSet
    /// The texts of one hand alone.
    package let markingOmissions: TextSet
    package let namingSpeakers: TextSet
    package let showingEditorsNotes: TextSet
    /// Those with signs around what only the markup sets apart.
    let settingApart: TextSet
    /// Those in which the program writes nothing.
    let ofWordsAlone: TextSet
    /// Those in which words that the end of a line divides are whole, without their hyphen.
    let joiningWords: TextSet

    package init(_ selections: [Selection]) {
        self.selections = selections
        func texts(where isSo: (Selection) -> Bool) -> TextSet { SelectedTexts.texts(selections, where: isSo) }
        all = .first(selections.count)
        diplomatic = texts(where: \.isDiplomatic)
        showingDeletions = texts(where: \.showsDeletions)
        markingOmissions = texts(where: \.marksOmissions)
        namingSpeakers = texts(where: \.namesSpeakers)
        showingEditorsNotes = texts(where: \.showsEditorsNotes)
        settingApart = texts(where: \.setsApart)
        ofWordsAlone = texts(where: \.isWordsAlone)
        joiningWords = texts(where: \.joinsWords)
    }

    /// The texts in which a thing is so.
    package func texts(where isSo: (Selection) -> Bool) -> TextSet { SelectedTexts.texts(selections, where: isSo) }

    /// The texts that have a mark around words. Its hand and stage count besides those of the words.
    package func having(_ mark: Mark, around words: State) -> TextSet {
        texts { $0.shows(mark, around: words) }
    }

    /// The texts that mark a deletion as such.
    package func marking(_ deletion: Intervention) -> TextSet { texts { $0.marksDeletion(by: deletion.hand) } }

    private static func texts(_ selections: [Selection], where isSo: (Selection) -> Bool) -> TextSet {
        var found = TextSet.none
        for (number, selection) in selections.enumerated() where isSo(selection) { found.insert(TextSet(number)) }
        return found
    }
}
