public import XML

/// The metadata in the `teiHeader` of a document (TEI P5, HD).
///
///     let header = Header(document.root)
///     print(header.titles.first ?? "no title", header.date?.text ?? "no date")
public struct Header: Sendable {
    /// A date as it is encoded (`att.datable.w3c`; TEI P5, NDDATE) and as it is written.
    public struct Date: Sendable, Hashable, Codable {
        /// The date as it is written, with white space collapsed.
        public let text: String
        /// The attributes as encoded, in the notation of W3C's XML Schema: `1994`, `1994-07`, `1994-07-13`.
        public let when, notBefore, notAfter, from, to: String?
        /// How certain the editors are (`@cert`).
        public let certainty: String?

        /// The first day that it may be, if that is known.
        package var earliest: String? { when ?? notBefore ?? from ?? notAfter ?? to }

        init(_ node: Node) {
            text = node.plainText
            when = node.attribute("when")
            notBefore = node.attribute("notBefore")
            notAfter = node.attribute("notAfter")
            from = node.attribute("from")
            to = node.attribute("to")
            certainty = node.attribute("cert")
        }
    }

    /// The place where the document is kept (`msIdentifier`; TEI P5, section “msid”).
    public struct Holding: Sendable, Hashable, Codable {
        /// The elements of these names, with white space collapsed.
        public let settlement, institution, repository, collection: String?
        /// The shelf marks and other identifiers (`idno`).
        public let identifiers: [String]
    }

    /// A name, and the pointer to the person or thing with that name.
    public struct Name: Sendable, Hashable {
        /// The name, with white space collapsed.
        public let name: String
        /// The pointer as encoded (`@ref`), such as `people.xml#lake`.
        public let reference: String?

        init(_ node: Node) {
            name = (node.childElements.first { ["persName", "orgName", "name"].contains($0.tei) } ?? node).plainText
            reference = node.attribute("ref")
        }

        init(name: String, reference: String?) { (self.name, self.reference) = (name, reference) }
    }

    /// An act of sending or receiving (`correspAction`; TEI P5, HD44CD).
    public struct Correspondence: Sendable, Hashable {
        /// The kind of act (`@type`): `sent`, `received`, `transmitted` and so on.
        public let type: String
        /// The people and organisations that did it.
        public let names: [Name]
        /// Where it was done.
        public let place: Name?
        /// When it was done.
        public let date: Date?
    }

    /// The titles (`titleStmt/title`).
    public let titles: [String]
    /// The authors (`titleStmt/author`).
    public let authors: [Name]
    /// The editors and encoders (`editor`, `respStmt`).
    public let editors: [Name]
    /// The publisher (`publicationStmt/publisher`).
    public let publisher: String?
    /// When the document was written: the first `date` in `creation` (TEI P5, HD4C), or else the first `origDate`.
    public let date: Date?
    /// The places where the document is kept.
    public let holdings: [Holding]
    /// The summary in the description of the manuscript, or else the `abstract`.
    public let summary: String?
    /// The acts of sending and receiving.
    public let correspondence: [Correspondence]
    /// The language tags in the header (`language/@ident`; TEI P5, HD41).
    public let languages: [String]
    /// Whether the transcription has the document's quotation marks (`quotation/@marks` `all` or `some`; TEI P5, HD53).
    public let keepsQuotationMarks: Bool
    /// Which hyphens at the ends of lines the transcription has (`hyphenation/@eol`; TEI P5, 2.3.3): `all`, `some`, `hard`
    /// or `none`; `nil` if the header does not say.
    public let hyphenation: String?
    /// The address of the licence, or its text if it has none (TEI P5, HD24).
    public let licence: String?

    /// Reads the header of a `TEI` or `teiCorpus` element.
    public init(_ tei: Node) {
        let header = tei.child("teiHeader")
        let file = header?.child("fileDesc")
        let statement = file?.child("titleStmt")
        let profile = header?.child("profileDesc")
        titles = statement?.children.filter { $0.tei == "title" }.map(\.plainText).filter { !$0.isEmpty } ?? []
        authors = statement?.children.filter { $0.tei == "author" }.map(Name.init) ?? []
        editors = statement?.children.filter { $0.tei == "editor" || $0.tei == "respStmt" }.map(Name.init) ?? []
        publisher = file?.child("publicationStmt")?.child("publisher")?.plainText
        let source = file?.child("sourceDesc")
        date =
            (profile?.child("creation")?.descendants("date").first
            ?? source?.descendants("origDate").first).map(Date.init)
        holdings = source?.descendants("msIdentifier").compactMap(Header.holding) ?? []
        summary = source?.descendants("summary").first?.plainText ?? profile?.child("abstract")?.plainText
        correspondence = profile?.descendants("correspAction").map(Header.correspondence) ?? []
        languages = profile?.descendants("language").compactMap { $0.attribute("ident") } ?? []
        keepsQuotationMarks =
            header?.descendants("quotation").contains { ["all", "some"].contains($0.attribute("marks")) } ?? false
        hyphenation = Header.hyphenation(around: tei)
        licence = file?.descendants("licence").first.map { $0.attribute("target") ?? $0.plainText }
    }

    /// What the nearest header around a node that says anything of hyphens says (`hyphenation/@eol`).
    static func hyphenation(around node: Node) -> String? {
        node.ancestorsOrSelf.lazy
            .compactMap { $0.child("teiHeader")?.descendants("hyphenation").first?.attribute("eol") }.first
    }

    /// `nil` if nothing of it is written yet.
    private static func holding(_ node: Node) -> Holding? {
        func words(_ name: String) -> String? {
            node.child(name).flatMap { $0.plainText.isEmpty ? nil : $0.plainText }
        }
        let holding = Holding(
            settlement: words("settlement"), institution: words("institution"), repository: words("repository"),
            collection: words("collection"),
            identifiers: node.children.filter { $0.tei == "idno" }.map(\.plainText).filter { !$0.isEmpty }
        )
        let named = [holding.settlement, holding.institution, holding.repository, holding.collection]
        return named.allSatisfy { $0 == nil } && holding.identifiers.isEmpty ? nil : holding
    }

    private static func correspondence(_ node: Node) -> Correspondence {
        Correspondence(
            type: node.attribute("type") ?? "",
            names: node.children.filter { ["persName", "orgName", "name", "rs"].contains($0.tei) }.map(Name.init),
            place: node.child("placeName").map(Name.init),
            date: node.child("date").map(Date.init)
        )
    }
}

/// A hand that wrote on the document, or a stamp (`handNote`; TEI P5, PHDH).
///
///     for hand in transcription.hands { print(hand.id, hand.label, hand.isMain) }
public struct Hand: Sendable, Hashable {
    /// The `xml:id`, which policies and exports use. If the document points at a hand and does not describe it, the
    /// pointer without its `#`.
    public let id: String
    /// The scribe's name: from the register that `@scribeRef` or `@corresp` points at, or else a name in the
    /// `handNote`, or else `@scribe`, or else a description of no more than a name, or else the id.
    public let label: String
    /// The description in the `handNote`.
    public let description: String
    /// `@scope` as encoded, here or in another `handNote` that points at this one.
    public internal(set) var scope: String?
    /// `@medium` and `@scribeRef` as encoded.
    public let medium, scribeReference: String?
    /// The `handNote`.
    public let node: Node?
    /// The entry of a register that `@scribeRef` or `@corresp` points at.
    public internal(set) var entry: Node?
    /// Whether the document has a `handNote` for it.
    public var isDescribed: Bool { node != nil }
    /// Whether this hand wrote the text: the hand in the `@hand` of the text, or else the only one with `@scope` `sole`
    /// or `major`, or else the only hand, unless notes and marks alone point at it, or the first if all are one scribe's.
    public internal(set) var isMain = false
    /// Whether the edition says whose hand it is.
    public var isNamed: Bool { !label.isSame(as: id) }
}

/// A witness to the text (`listWit/witness`; TEI P5, TCAPLL).
public struct Witness: Sendable, Hashable {
    /// The `xml:id`.
    public let id: String
    /// The sigil, which policies and exports use.
    public let sigil: String
    /// The description, with white space collapsed.
    public let description: String
}
