package import XML

// MARK: - The rows

extension ElementTable {
    /// The table for TEI P5: every element has a row. `docs/elements.md` is made from it, with an example of each.
    public static let tei = ElementTable(
        rows: [anything] + documents + blocks + milestones + phrases + changes + names
            + registers + dictionaries + drama + speech + descriptions + declarations)

    /// The row for elements that have none, by its index.
    static let unknown = 0
    private static let anything = Row([""], .always, .inline, Facts([.phrase, .apart]))

    /// A row that says the same of several elements.
    private static func each(
        _ elements: String, where predicate: Predicate = .always, _ behaviour: Behaviour, _ facts: Fact...
    ) -> Row {
        Row(elements.split(separator: " ").map(String.init), predicate, behaviour, Facts(facts))
    }

    private static let documents: [Row] = [
        each("TEI teiCorpus", .document, .reaches(.document)),
        each("text sourceDoc", .text, .reaches(.text)),
        each("group floatingText", .text),
        each("front back", .body, .reaches(.matter)),
        each("body", .body),
        // The editors' parts of an edition: of inscriptions (EpiDoc), of letters, of minutes.
        each("div", where: .attribute("type", editorsDivisions), .section, .editors),
        // Of several editions of an inscription side by side, one is its text, and the others are made from it.
        each(
            "div", where: .both(.attribute("type", ["edition"]), .attribute("subtype", madeEditions)), .index, .editors,
            .called(.otherEdition)),
        each(
            "div", where: .both(.attribute("subtype", ["diplomatic"]), .beside("subtype", interpretedEditions)), .index,
            .editors, .called(.otherEdition)),
        // A memo may have a summary of its own.
        each("div", where: .both(.attribute("type", ["summary"]), .has("resp")), .section, .editors),
        // What belongs to the sheet and not to the text, as archives of drafts call it.
        each("zone", where: .attribute("type", sheetZones), .section, .furniture, .called(.runningHead)),
        each("div div1 div2 div3 div4 div5 div6 div7 surfaceGrp surface zone titlePage", .section),
        each("teiHeader standOff facsimile listTranspose certainty precision respons", .metadata),
        each("handNote", .inline, .phrase, .editors, .reaches(.description)),
        each("witness", .listItem, .editors, .reaches(.description)),
        each("listWit", .block, .editors),
        each("change", .inline, .phrase, .editors, .reaches(.stage)),
    ]

    private static let editorsDivisions: Set<String> = [
        "translation", "commentary", "comment", "comments", "bibliography", "apparatus", "regest", "regesta",
        "regesten",
        "normalized", "normalised", "modernized", "modernised",
    ]

    private static let madeEditions: Set<String> = [
        "transcription_segmented", "segmented", "tokenized", "tokenised", "simple-lemmatized", "lemmatized",
        "lemmatised",
        "transliteration", "transliterated", "romanized", "romanised",
    ]

    private static let interpretedEditions: Set<String> = [
        "transcription", "interpretive", "interpretative", "primary",
    ]

    /// Those that whoever keeps the document wrote.
    static let keepersZones: Set<String> = ["library", "shelfmark", "foliation", "folio"]

    static let sheetZones: Set<String> = [
        "pagination", "page-number", "page_number", "pageNumber", "foliation", "folio", "library", "shelfmark",
        "running_head", "running-head", "runningHead", "catchword",
    ]

    private static let inline: Set<String> = ["inline", "run-in", "runin", "runon", "run-on"]

    private static let blocks: [Row] = [
        each("head", where: .parent(["figure"]), .block, .quotable, .keepsLines, .html("span", block: "p")),
        each("head", .heading, .quotable, .keepsLines),
        each("ab", where: .attribute("type", ["head", "heading", "title"]), .paragraph, .quotable, .keepsLines),
        each("p ab", .paragraph, .quotable),
        each("l", .listItem, .quotable, .notesFollowBlock),
        each("figDesc", where: .inSentence, .inline, .phrase, .brackets(.figure), .editors),
        each("figDesc", .block, .brackets(.figure), .editors),
        each("docAuthor docDate docTitle titlePart imprimatur docEdition", where: .inSentence, .inline, .phrase),
        each("docTitle titlePart byline docImprint docAuthor docDate docEdition imprimatur", .block, .keepsLines),
        each("opener closer trailer", .block, .keepsLines, .holdsFields, .html("span", block: "p")),
        each("address", where: .inSentence, .inline, .phrase, .keepsLines, .holdsFields),
        each("address", .block, .keepsLines, .holdsFields),
        each("listBibl", where: .parent(registerEntries), .inline, .phrase, .apart, .holdsFields, .editors),
        each("lg listBibl eg argument epigraph", where: .inSentence, .block, .lines),
        each("listBibl", where: .parent(["back", "standOff"]), .block, .editors),
        each("listBibl", where: .beside("type", ["edition"]), .block, .editors),
        each("postscript lg castList argument epigraph listBibl listApp eg egXML", .block),
        each("prologue epilogue performance set spGrp annotationBlock post", .section),
        each("bibl", where: .parent(partsOfEntries), .inline, .phrase, .apart, .holdsFields),
        each("bibl biblStruct biblFull msDesc", where: .inSentence, .inline, .phrase, .apart, .holdsFields),
        each("bibl biblStruct biblFull", .block, .holdsFields),
        each("item", where: .parentAttribute("rend", inline), .inline, .phrase, .apart),
        each("label", where: .parentAttribute("rend", inline), .inline, .phrase, .apart),
        each("label", where: .parent(["list"]), .listItem, .html("span", block: "dt")),
        each("label", .inline, .phrase, .field),
        each("headLabel headItem", .listItem),
        each("signed dateline salute", where: .parent(["p", "ab", "l", "seg"]), .inline, .phrase, .setOff),
        each("dateline salute signed", .listItem, .keepsLines),
        each("speaker", .listItem, .reaches(.speaker)),
        each("line", .listItem, .notesFollowBlock),
        each("item addrLine castItem", .listItem),
        // A marking of the document's classification is of the text, and a running head of the page.
        each("fw", where: .attribute("type", ["classification", "marking", "security"]), .listItem),
        each("fw", .listItem, .furniture, .called(.runningHead)),
        each("list", where: .attribute("rend", inline), .inline, .phrase),
        each("list", where: .inSentence, .list, .lines),
        each("list castGroup", .list),
        each("table", .table),
        each("row", .row, .notesFollowBlock),
        each("cell", .cell),
        each("figure", where: .inSentence, .inline, .phrase),
        each("figure", .figure),
        each("cit", where: .parent(partsOfEntries), .inline, .phrase, .field, .holdsFields, .unquoted),
        each("cit", where: .inSentence, .inline, .phrase, .field, .holdsFields),
        each("cit", .cit),
        each("note", where: .attribute("type", sheetZones), .listItem, .furniture, .called(.runningHead)),
        each("note", .note, .mayMark, .short(.leftOut)),
        each("witDetail", .note, .editors, .called(.witnessDetail)),
    ]

    private static let milestones: [Row] = [
        each("lb", where: .attribute("type", ["omit"]), .omit),
        each("lb", .break, .ends(.line)),
        each("pb", .break, .ends(.page)),
        each("milestone", where: .attribute("unit", ["p", "tei:p"]), .break, .ends(.paragraph)),
        each("caesura", .break, .ends(.verse)),
        each("milestone cb gb", .break),
        each("anchor handShift path divGen shift move when", .anchor),
        each("addSpan", .anchor, .spans(.addition)),
        each("delSpan", .anchor, .spans(.deletion), .acts),
        each("damageSpan", .anchor, .spans(.damage), .acts),
        each("undo redo", .anchor, .acts),
        each("substJoin", .anchor, .reaches(.fragments)),
        each("join", .anchor),
        each("witStart witEnd lacunaStart lacunaEnd", .anchor, .reaches(.following)),
        each("space", .space),
        each("graphic media", .graphic),
        each("binaryObject", .omit),
        each("index", .index, .called(.indexEntry)),
        each("wit", .index, .short(.leftOut)),
        each("desc", where: .parent(["space"]), .index),
        each("g c", .glyph),
    ]

    private static let phrases: [Row] = [
        each("ref ptr", .link, .field, .leads(.reference)),
        each("noteGrp", .inline, .phrase),
        each("q", .inline, .phrase, .quotable, .brackets(.quotation), .html("q", block: "blockquote")),
        each("quote", .inline, .phrase, .apart, .quotable, .brackets(.quotation), .html("q", block: "blockquote")),
        each("said", .inline, .phrase, .names(.person), .brackets(.quotation), .html("q", block: "blockquote")),
        each("soCalled", .inline, .phrase, .brackets(.quotation), .html("q", block: "blockquote")),
        each("emph", .inline, .phrase, .mayMark, .acts, .html("em")),
        each("hi", .inline, .phrase, .mayMark, .acts, .rendered),
        each("seg", where: .parent(["choice"]), .inline, .phrase, .quotable, .does(.possibility), .acts),
        each("seg", where: .parent(["u"]), .inline, .phrase, .apart, .quotable, .mayMark, .acts, .dates),
        each("seg", .inline, .phrase, .field, .quotable, .mayMark, .acts, .dates),
        each("s", .inline, .phrase, .apart, .quotable),
        each("foreign mentioned", .inline, .phrase, .html("i")),
        each("title", .inline, .phrase, .apart, .html("cite"), .leads(.name)),
        each("code gi att val tag", .inline, .phrase, .html("code")),
        each("email", .inline, .phrase, .html("a")),
        each("metamark stamp", .inline, .phrase, .mayMark, .short(.leftOut)),
        each("idno", .inline, .phrase, .apart, .short(.leftOut)),
        each("ruby", .inline, .phrase, .html("ruby")),
        each("rb", .inline, .phrase),
        each("rt", .inline, .phrase, .brackets(.gloss), .html("rt")),
        each("formula", .inline, .phrase),
        each("notatedMusic", .inline, .phrase),
        each("date", .inline, .phrase, .apart),
        each("gap ellipsis", .inline),
        each("cl distinct m origDate phr", .inline, .phrase),
        each("pc", .inline, .phrase, .joins),
        each("gloss measure measureGrp num", .inline, .phrase, .field),
        each("secl", .inline, .phrase, .does(.surplus), .acts),
        each("w", where: .attribute("part", ["M", "F"]), .inline, .phrase, .continuesWord, .joins),
        each("w", .inline, .phrase, .joins),
        each("rhyme textLang unit", .inline, .phrase),
        each("term time", .inline, .phrase, .field),
        // Parts of a bibliographic reference.
        each("analytic author biblScope citedRange edition editor extent imprint", .inline, .phrase, .apart),
        each("meeting monogr pubPlace publisher relatedItem resp respStmt series", .inline, .phrase, .apart),
        each("authority availability distributor editionStmt fileDesc funder licence", .inline, .phrase, .apart),
        each("notesStmt principal publicationStmt seriesStmt sourceDesc sponsor", .inline, .phrase, .apart),
        each("titleStmt", .inline, .phrase, .apart),
        // Parts of an address.
        each("postBox postCode street", .inline, .phrase, .apart),
    ]

    private static let changes: [Row] = [
        each("choice", .alternate, .offers(.choice)),
        each("app", .alternate, .offers(.apparatus), .reaches(.apparatus)),
        each("subst", .alternate, .offers(.substitution), .acts),
        each("add", .inline, .phrase, .quotable, .does(.addition)),
        each("del", .inline, .phrase, .short(.leftOut), .does(.deletion), .acts),
        each("restore", .inline, .phrase, .does(.restoration), .acts),
        each("retrace", .inline, .phrase, .does(.retrace), .acts),
        each("mod", where: .both(.attribute("rend", strikes), .has("spanTo")), .anchor, .spans(.deletion), .acts),
        each(
            "mod", where: .both(.attribute("rend", strikes), .holdsNone(["add", "subst"])), .inline, .phrase,
            .short(.leftOut), .does(.deletion), .acts),
        each("mod", where: .has("spanTo"), .inline, .phrase, .mayMark, .spans(.modification), .acts),
        each("mod", .inline, .phrase, .mayMark, .does(.modification), .acts),
        each("sic", .inline, .phrase, .does(.sic)),
        each("corr", .inline, .phrase, .short(.preferred), .does(.correction), .editors),
        each("orig", .inline, .phrase, .does(.original)),
        each("reg", .inline, .phrase, .short(.preferred), .does(.regularization), .editors),
        each("abbr", where: .parent(["choice"]), .inline, .phrase, .does(.abbreviation), .html("abbr")),
        each("abbr", .inline, .phrase, .html("abbr")),
        each("am", .inline, .phrase, .does(.abbreviation)),
        // Outside of a `choice`, an expansion is what the text has.
        each("expan", where: .parent(["choice"]), .inline, .phrase, .short(.preferred), .does(.expansion), .editors),
        each("expan", .inline, .phrase),
        each("ex", .inline, .phrase, .short(.preferred), .does(.expansion), .editors),
        each("supplied", where: .parent(["choice"]), .inline, .phrase, .does(.possibility), .acts),
        each("supplied", .inline, .phrase, .does(.supplied), .acts, .editors),
        each("unclear", where: .parent(["choice"]), .inline, .phrase, .does(.possibility), .acts),
        each("unclear", .inline, .phrase, .does(.unclear), .acts),
        each("surplus", .inline, .phrase, .does(.surplus), .acts),
        each("damage", .inline, .phrase, .does(.damage), .acts),
        each("lem", .inline, .phrase, .does(.reading)),
        each("rdg", .inline, .phrase, .short(.leftOut), .does(.reading)),
        each("rdgGrp", .inline, .phrase, .short(.leftOut)),
    ]

    /// The looks of a `mod` that is a deletion (TEI P5, PH).
    private static let strikes: Set<String> = [
        "strikethrough", "strike-through", "struck", "erase", "erased", "erasure", "overstrike", "crossed-out",
    ]

    private static let names: [Row] = [
        each("persName", .inline, .phrase, .apart, .names(.person), .leads(.name)),
        each("sp", .block, .names(.person)),
        each("orgName", .inline, .phrase, .apart, .names(.organisation), .leads(.name)),
        each("placeName geogName settlement country region", .inline, .phrase, .apart, .names(.place), .leads(.name)),
        each("eventName", .inline, .phrase, .apart, .names(.event)),
        each("name", .inline, .phrase, .field, .names(.other)),
        each("rs", .inline, .phrase, .field, .names(.other)),
        each("objectName", .inline, .phrase, .apart, .names(.other)),
        each("addName forename genName roleName surname bloc district", .inline, .phrase, .apart),
        // `d’`, `O’`
        each("nameLink offset geogFeat", .inline, .phrase),
        each("lang", .inline, .phrase, .field),
    ]

    /// Lists of people, places and so on: the editors' words, an entry to a line, each field apart.
    private static let registers: [Row] = [
        each("listPerson listPlace listOrg listEvent listObject listNym listRelation", .block, .editors),
        each("person personGrp persona place org event object nym relation", .listItem, .editors, .holdsFields),
        each(
            "age affiliation birth climate death education faith floruit gender geo", .inline, .phrase, .apart,
            .holdsFields),
        each(
            "langKnowledge langKnown location nationality occupation persPronouns", .inline, .phrase, .apart,
            .holdsFields),
        each("population residence sex socecStatus state terrain trait", .inline, .phrase, .apart, .holdsFields),
        each("objectIdentifier", .inline, .phrase, .apart),
        each("desc", where: .parent(registerEntries), .inline, .phrase, .apart, .editors),
    ]

    private static let registerEntries: Set<String> = [
        "climate", "event", "list", "listBibl", "listEvent", "listNym", "listObject", "listOrg", "listPerson",
        "listPlace", "listRelation", "location", "nym", "object", "org", "person", "personGrp", "place", "population",
        "relation", "state", "terrain", "trait",
    ]

    /// An entry is a paragraph, a sense a line; parts that nothing separates are apart.
    private static let dictionaries: [Row] = [
        each("superEntry entry entryFree hom", .block, .holdsFields),
        each("sense re", .listItem, .holdsFields),
        each(
            "case colloc def dictScrap etym form gen gram gramGrp hyph iType lbl mood", .inline, .phrase, .apart,
            .holdsFields),
        each("number orth per pos pron stress subc syll tns usg xr", .inline, .phrase, .apart, .holdsFields),
        each("oRef pRef", .inline, .phrase, .headword),
    ]

    static let partsOfEntries: Set<String> = [
        "def", "entry", "entryFree", "etym", "form", "gramGrp", "hom", "re", "sense", "usg", "xr",
    ]

    private static let drama: [Row] = [
        each("stage camera sound tech view", where: .inSentence, .inline, .brackets(.parentheses)),
        each("caption", where: .inSentence, .inline, .phrase),
        each("stage camera caption sound tech view", .block, .html("span", block: "p")),
        each("actor role roleDesc", .inline, .phrase, .apart),
    ]

    private static let speech: [Row] = [
        each("u", .listItem, .names(.person)),
        each("writing", .inline, .phrase, .apart),
        // They happen beside the words: the transcribers say so.
        each("pause", .inline, .editors, .sign(.pause)),
        each("incident kinesic vocal", .inline, .editors, .brackets(.square)),
        each("desc", where: .parent(["incident", "kinesic", "vocal"]), .inline, .phrase, .apart, .editors),
    ]

    /// Descriptions of manuscripts, drawings of networks and documentation of schemas, which may be in a text.
    private static let descriptions: [Row] = [
        each("msDesc", .block, .editors),
        each("accMat additional additions adminInfo binding bindingDesc collation", .block, .lines, .editors),
        each("colophon condition custEvent custodialHist decoDesc decoNote explicit", .block, .lines, .editors),
        each("filiation finalRubric foliation handDesc handNotes history incipit layout", .block, .lines, .editors),
        each("layoutDesc msContents msFrag msIdentifier msItem msItemStruct msPart", .block, .lines, .editors),
        each("musicNotation objectDesc origin physDesc provenance acquisition recordHist", .block, .lines, .editors),
        each("rubric scriptDesc scriptNote seal sealDesc source summary support", .block, .lines, .editors),
        each("supportDesc surrogates typeDesc typeNote", .block, .lines, .editors),
        each("altIdentifier catchwords collection depth dim dimensions height heraldry", .inline, .phrase, .apart),
        each("locus", .inline, .phrase, .apart, .leads(.place)),
        each("institution locusGrp material msName objectType origPlace repository", .inline, .phrase, .apart),
        each("secFol signatures watermark width", .inline, .phrase, .apart),
        // It describes the words that it is in.
        each("desc", where: .parent(["hi", "emph", "seg", "unclear", "w"]), .note, .editors, .called(.editorsNote)),
        each("desc", .inline, .phrase, .apart, .editors, .brackets(.square)),
        each("forest graph listForest eTree tree triangle", .block),
        each("arc eLeaf iNode leaf node root", .listItem),
        each("classSpec constraintSpec dataSpec elementSpec macroSpec moduleSpec paramSpec", .block),
        each("schemaSpec specGrp attDef exemplum remarks valItem", .block),
        each("altIdent ident", .inline, .phrase, .apart, .html("code")),
    ]

    /// Elements whose words, if they have any, are no part of a text.
    private static let declarations: [Row] = [
        // Statements about the text. A `span` that points at nothing states nothing, and its words are kept.
        each("span", where: .has("from"), .metadata),
        each("span", where: .has("target"), .metadata),
        each("span", where: .has("inst"), .metadata),
        each("span", where: .parent(["spanGrp"]), .metadata),
        each("span", .inline, .phrase),
        each("alt altGrp annotation interp interpGrp joinGrp link linkGrp listAnnotation spanGrp", .metadata),
        each("timeline transpose", .metadata),
        each("bicond binary cond default f fDecl fDescr fLib fs fsConstraints fsDecl fsDescr fsdDecl", .metadata),
        each("fsdLink fvLib if iff numeric string symbol then vAlt vColl vDefault vLabel vMerge", .metadata),
        each("vNot vRange", .metadata),
        // Of the header.
        each("abstract activity appInfo application cRefPattern calendar calendarDesc", .metadata),
        each("catDesc catRef category channel char charDecl citeData citeStructure classCode", .metadata),
        each("classDecl constitution conversion correction correspAction correspContext", .metadata),
        each("correspDesc creation derivation domain editorialDecl encodingDesc factuality", .metadata),
        each("geoDecl glyph hyphenation interaction interpretation keywords langUsage language", .metadata),
        each("listChange listPrefixDef localProp locale mapping metDecl metSym namespace", .metadata),
        each("normalization particDesc prefixDef preparedness profileDesc projectDesc", .metadata),
        each("punctuation purpose quotation refState refsDecl rendition revisionDesc", .metadata),
        each("samplingDecl schemaRef segmentation setting settingDesc stdVals styleDefDecl", .metadata),
        each("tagUsage tagsDecl taxonomy textClass textDesc unicodeProp unihanProp unitDecl", .metadata),
        each("unitDef variantEncoding xenoData broadcast equipment recording recordingStmt", .metadata),
        each("scriptStmt transcriptionDesc", .metadata),
        // Of a schema.
        each("alternate anyElement attList attRef classRef classes constraint content dataFacet", .metadata),
        each("dataRef datatype defaultVal elementRef empty equiv listRef macroRef memberOf model", .metadata),
        each("modelGrp modelSequence moduleRef outputRendition param paramList sequence", .metadata),
        each("specDesc specGrpRef specList textNode valDesc valList", .metadata),
    ]
}

extension Node {
    /// The local name of a TEI element, empty for everything else.
    package var tei: String { localName(in: Namespace.tei) }

    /// The white-space-separated values of an attribute.
    package func tokens(_ attribute: String) -> [String] {
        self.attribute(attribute)?.tokens ?? []
    }

    /// The element in the same document that a pointer in this element leads to.
    package func target(_ pointer: String) -> Node? {
        let reference = Reference(pointer)
        guard let fragment = reference.fragment else { return nil }
        if reference.resource.isEmpty { return document.element(withID: fragment) }
        guard let path = reference.path(relativeTo: baseURI),
            document.files.contains(where: { $0.path.isSame(as: path) })
        else { return nil }
        return document.element(withID: fragment)
    }

    /// Where a pointer without words leads, which a text says in its place; `nil` if it leads to a note, which is there
    /// itself.
    func namedTarget(_ pointing: ElementTable.Pointing?) -> String? {
        guard let pointing, isEmpty, let pointer = pointing.attributes.lazy.flatMap({ self.tokens($0) }).first,
            target(pointer)?.tei != "note"
        else { return nil }
        return pointer
    }

    /// Whether words are next to it, white space between or not.
    var isBesideWords: Bool {
        func isWords(_ node: Node?) -> Bool { node?.kind == .text && node?.isBlank == false }
        return isWords(precedingSiblings.first { $0.kind != .comment })
            || isWords(followingSiblings.first { $0.kind != .comment })
    }

    /// Whether it has neither words nor elements; a comment is none.
    package var isEmpty: Bool { !children.contains(where: \.isNotWhiteSpace) }

    /// Whether it is an element, or words.
    package var isNotWhiteSpace: Bool { kind == .text ? !isBlank : kind == .element }

    /// Whether there are words of its own between its first children: an entry of a register has none.
    var hasWordsAmongFirst: Bool {
        children.prefix(32).contains { child in
            child.kind == .text
                && child.stringValue.unicodeScalars.contains {
                    $0.properties.isAlphabetic || $0.properties.numericType != nil
                }
        }
    }

    /// The TEI descendants with one of these names, in document order.
    package func descendants(_ names: String...) -> [Node] {
        document.elements(below: self, named: names, in: Namespace.tei)
    }

    /// The first TEI child with this name.
    package func child(_ name: String) -> Node? {
        children.first { $0.tei == name }
    }

    /// A text, or a part of it, in Unicode scalars.
    package func text(in part: Range<Int>?) -> String {
        guard let part else { return stringValue }
        return String(
            String.UnicodeScalarView(stringValue.unicodeScalars.dropFirst(part.lowerBound).prefix(part.count)))
    }

    /// Whether the words begin with a quotation mark of their own, or with the dash that some languages have for it.
    package var beginsWithQuotationMark: Bool {
        firstScalar.map { $0.isQuotationMark || "―—–".unicodeScalars.contains($0) } ?? false
    }

    /// The last character of the words.
    var lastScalar: Unicode.Scalar? {
        for node in descendants.reversed() where node.kind == .text {
            if let scalar = node.stringValue.unicodeScalars.last(where: { !$0.properties.isWhitespace }) {
                return scalar
            }
        }
        return nil
    }

    /// The first character of the words.
    var firstScalar: Unicode.Scalar? {
        for node in descendantsOrSelf where node.kind == .text {
            if let scalar = node.stringValue.unicodeScalars.first(where: { !$0.properties.isWhitespace }) {
                return scalar
            }
        }
        return nil
    }
}

extension Unicode.Scalar {
    package var isQuotationMark: Bool { "\"'“”‘’«»„‚‹›「」『』《》〈〉".unicodeScalars.contains(self) }
}

extension String {
    /// A part of a text that was taken apart, for offsets.
    package init(scalars: ArraySlice<Unicode.Scalar>) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        self.init(view)
    }
}

extension StringProtocol {
    /// White space collapsed to single spaces and trimmed.
    var collapsed: String {
        split { $0.isWhitespace && $0 != "\u{A0}" }.joined(separator: " ")
    }
}
