#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif
internal import Files

/// The language of a page's controls, headings and labels.
public enum PageLanguage: String, Sendable, CaseIterable {
    /// The languages, by their codes (BCP 47).
    case english = "en", german = "de", french = "fr", spanish = "es"

    /// The language of a language tag; `nil` if pages do not speak it.
    package init?(_ language: String) {
        self.init(rawValue: String(language.lowercased().prefix { $0 != "-" && $0 != "_" }))
    }

    /// A phrase in this language; `%` in it stands for each argument in turn.
    package func callAsFunction(_ phrase: Phrase, _ arguments: String...) -> String {
        let text = translations[phrase.rawValue] ?? phrase.rawValue
        guard !arguments.isEmpty else { return text }
        var parts = text.utf8.split(separator: UInt8(ascii: "%"), omittingEmptySubsequences: false)[...]
        var whole = String(Substring(parts.removeFirst()))
        for (argument, part) in zip(arguments, parts) { whole += argument + Substring(part) }
        return whole
    }

    /// The phrases of this language by the English ones: see `Languages`.
    package var translations: [String: String] {
        switch self {
        case .english: [:]
        case .german: PageLanguage.germanPhrases
        case .french: PageLanguage.frenchPhrases
        case .spanish: PageLanguage.spanishPhrases
        }
    }

    private static let germanPhrases = phrases("de")
    private static let frenchPhrases = phrases("fr")
    private static let spanishPhrases = phrases("es")

    private static func phrases(_ language: String) -> [String: String] {
        let json = Data(embeddedFile("Languages/\(language).json"))
        return (try? JSONDecoder().decode([String: String].self, from: json)) ?? [:]
    }
}

/// The words of a page's controls, headings and labels, in English.
package enum Phrase: String, CaseIterable {
    case tools = "Tools of this page"
    case edition = "All documents"
    case text = "Text"
    case texts = "Texts"
    case ofStages = "At a stage of writing"
    case ofWitnesses = "Of a witness"
    case ofHands = "Of one hand alone"
    case beside = "Beside it"
    case nothingBeside = "Nothing"
    case besideHint = "A second text beside this one; what differs is marked."
    case show = "Show"
    case showHands = "Hands in colour"
    case showEditors = "Editors’ changes"
    case showNames = "Names marked"
    case showNotes = "Marks and notes"
    case showImages = "Images of the pages"
    case handsHint = "Whose marks, notes and changes are shown"
    case contents = "Contents"
    case cite = "Cite"
    case download = "Download"
    case copy = "Copy"
    case copied = "Copied"
    case thisView = "Address of this view"
    case tei = "TEI"
    case names = "Names"
    case people = "People"
    case organisations = "Organisations"
    case places = "Places"
    case events = "Events"
    case otherNames = "Other names"
    case mentions = "Mentioned"
    case inDocuments = "In the documents"
    case where_ = "Where"
    case previous = "Previous"
    case next = "Next"
    case stage = "Stage of writing"
    case close = "Close"
    case imageOfPage = "Image of page %"
    case image = "Image"
    case loadImage = "Fetch the image"
    case zone = "Zone %: to its words"
    case onImage = "to its place on the image"
    case statistics = "Statistics"
    case search = "Search"
    case searchFor = "Words to look for"
    case searchHint =
        "All the words must stand in one paragraph; “in quotation marks” one behind the other. With * a word is a beginning. Capitals and accents make no difference."
    case found = "% found"
    case searchNeedsScript = "The search needs a browser that runs scripts."
    case skip = "Skip to the text"
    case hands = "Hands"
    case stages = "Stages of writing"
    case witnesses = "Witnesses"
    case apparatus = "Apparatus"
    case gaps = "Gaps"
    case leftOut = "Left out of this text"
    case none = "None."
    case nothing = "Nothing."
    case documents = "Documents"
    case readers = "Who wrote on the documents"
    case entries = "Entries: %"
    case placeInText = "%, to its place in the text"
    case inMargin = "Margin %: %"
    case page = "page %"
    case pageBreak = "page break"
    case source = "Made by Marginalia from %."
    case author = "Author"
    case date = "Date"
    case holding = "Holding"
    case languages = "Languages"
    case licence = "Licence"
    case sent = "From"
    case received = "To"
    case typed = "Text before any change"
    case revised = "Revised text"
    case reading = "Reading text"
    case diplomatic = "Diplomatic text"
    case mainHandText = "The main hand"
    case handText = "The hand of %"
    case handWords = "The words of %"
    case stageText = "Text at the stage “%”"
    case witnessText = "Text of %"
    case aboutTyped =
        "The text of the main hand before anybody changed it: what was deleted later still stands, nothing is added."
    case aboutRevised =
        "The text as its writers left it: their additions are in it, their deletions are not, and the editors change nothing."
    case aboutReading =
        "The text as its writers left it, with the editors’ corrections, regular spellings, expansions and supplied words."
    case aboutDiplomatic =
        "All that is written, as it is written: deletions, additions and every reading are shown and marked, lines end as on the page."
    case aboutHand =
        "What this one hand wrote, whether or not it was struck out. An ellipsis stands where others wrote between."
    case aboutHandWords = "The words that this one hand wrote, whether or not they were struck out, and nothing else."
    case aboutStage = "The text as it stood after this stage of writing."
    case aboutWitness = "The revised text with the readings of this witness."
    case gapNotInSource = "not in the source of this edition"
    case otherEdition = "another edition of the same text"
    case gapEditorial = "omitted by the editor"
    case gapWithheld = "withheld when the document was released"
    case gapRedacted = "redacted"
    case gapIllegible = "illegible"
    case inaudible = "inaudible"
    case gapDamage = "lost to damage"
    case gapOther = "omitted for another reason"
    case checkMark = "check mark"
    case stamp = "stamp"
    case questionMark = "question mark"
    case underlined = "underlined"
    case underlinedTwice = "underlined twice"
    case underlinedThrice = "underlined three times"
    case circled = "circled"
    case boxed = "in a box"
    case bracketed = "in brackets"
    case highlighted = "highlighted"
    case circle = "circle"
    case box = "box"
    case bracket = "bracket"
    case arrow = "arrow"
    case drawnLine = "drawn line"
    case cross = "cross"
    case asterisk = "asterisk"
    case pointingHand = "pointing hand"
    case insertionSign = "insertion sign"
    case initials = "initials"
    case remark = "remark"
    case mark = "mark"
    case noteOn = "note on a %"
    case handOf = "hand of %"
    case besidePassage = "beside “%”"
    case arrowToPassage = "with an arrow to “%”"
    case uncertain = "uncertain"
    case probable = "probable"
    case certainty = "certainty %"
    case precision = "precision %"
    case editorsNote = "Editors’ note"
    case onCertainty = "Editors’ note on certainty"
    case onPrecision = "Editors’ note on precision"
    case onResponsibility = "Editors’ note on responsibility"
    case interpretation = "Editors’ interpretation"
    case link = "Linked by the editors"
    case annotation = "Annotation"
    case note = "Note"
    case noteOfType = "Note (%)"
    case notFoundInText = "Words that are not found in the text"
    case notInSource = "not in the source"
    case withheld = "withheld"
    case omittedBecause = "omitted: %"
    case omitted = "omitted"
    case onWhole = "on the whole %"
    case document = "document"
    case division = "division"
    case addition = "addition"
    case deletion = "deletion"
    case restored = "restored"
    case retraced = "written over again"
    case asWritten = "as written"
    case correction = "the editors’ correction"
    case originalSpelling = "original spelling"
    case regularSpelling = "the editors’ spelling"
    case abbreviation = "abbreviation"
    case expansion = "the editors’ expansion"
    case supplied = "supplied by the editors"
    case superfluous = "superfluous"
    case unclear = "unclear"
    case damaged = "damaged"
    case otherReading = "other reading"
    case lacuna = "lacuna"
    case otherPossibility = "other possibility"
    case altered = "altered"
    case readingOf = "reading of %"
    case lacunaIn = "lacuna in %"
    case noReadingOf = "no reading of %"
    case noWitness = "no named witness"
    case deleted = "deleted: "
    case deletedBy = "deleted by %: "
    case added = "added: "
    case addedBy = "added by %: "
    case endOfDeletion = " (end of deletion)"
    case endOfAddition = " (end of addition)"
    case nowHandOf = "now the hand of %: "
    case inHandOf = "in the hand of %: "
    case witnessDetail = "note on a witness"
    case runningHead = "running head or foot"
    case indexEntry = "index entry"
    case variant = "variant"
    case or = "or"
    case undone = "undone"
    case redone = "redone"
    case beginsHere = "% begins here"
    case endsHere = "% ends here"
    case endOfLacuna = "end of the lacuna in %"
    case witnessBegins = "begins here"
    case witnessEnds = "ends here"
    case lacunaBegins = "lacuna begins"
    case lacunaEnds = "lacuna ends"
    case heading = "heading"
    case line = "l. %"
    case fromTo = "% to %"
    case fromDate = "from %"
    case toDate = "to %"
    case writtenBy = "in the hand of %"
    case ofLaterStage = "of a later stage, “%”"
    case inMainHand = "in the main hand"
    case mainHand = "main hand"
    case handUnknown = "hand unknown"
    case change = "change %"
    case betweenWords = "between “%” and “%”"
    case beforeWords = "before “%”"
    case afterWords = "after “%”"
    case pause = "pause"
    case figure = "figure"
    case picture = "image"
    case see = "see"
}
