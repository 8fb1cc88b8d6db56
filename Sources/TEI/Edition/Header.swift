public import XML

/// What the `teiHeader` says of a document.
///
/// TEI P5, chapter 2 (HD), and 10 (MS) for the holding.
public struct Header: Sendable {
    /// A date as it is encoded (`att.datable.w3c`) and as it is written.
    public struct Date: Sendable, Hashable, Codable {
        public let text: String
        public let when, notBefore, notAfter, from, to: String?
        public let certainty: String?

        /// The first day that it may be, as far as it is known.
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

    /// Where the document is kept (`msIdentifier`).
    public struct Holding: Sendable, Hashable, Codable {
        public let settlement, institution, repository, collection: String?
        public let identifiers: [String]
    }

    /// A name and what it refers to.
    public struct Name: Sendable, Hashable {
        public let name: String
        /// The pointer as encoded, such as `people.xml#lake`.
        public let reference: String?

        init(_ node: Node) {
            name = (node.childElements.first { ["persName", "orgName", "name"].contains($0.tei) } ?? node).plainText
            reference = node.attribute("ref")
        }
    }

    /// Sending or receiving (`correspAction`).
    public struct Correspondence: Sendable, Hashable {
        /// `sent`, `received`, `transmitted` and so on.
        public let type: String
        public let names: [Name]
        public let place: Name?
        public let date: Date?
    }

    public let titles: [String]
    public let authors: [Name]
    /// Who edited or encoded it (`editor`, `respStmt`).
    public let editors: [Name]
    public let publisher: String?
    public let date: Date?
    public let holdings: [Holding]
    public let summary: String?
    public let correspondence: [Correspondence]
    public let languages: [String]
    /// Whether the transcription has the document's quotation marks (`quotation/@marks` `all` or `some`; TEI P5, HD53).
    public let keepsQuotationMarks: Bool
    /// The licence's address, or its text where it has none.
    public let licence: String?

    /// Reads the header of a `TEI` or `teiCorpus` element.
    public init(_ tei: Node) {
        let header = tei.child("teiHeader")
        let file = header?.child("fileDesc")
        let statement = file?.child("titleStmt")
        let profile = header?.child("profileDesc")
        titles = statement?.children.filter { $0.tei == "title" }.map(\.plainText) ?? []
        authors = statement?.children.filter { $0.tei == "author" }.map(Name.init) ?? []
        editors = statement?.children.filter { $0.tei == "editor" || $0.tei == "respStmt" }.map(Name.init) ?? []
        publisher = file?.child("publicationStmt")?.child("publisher")?.plainText
        let source = file?.child("sourceDesc")
        date =
            (profile?.child("creation")?.descendants("date").first
            ?? source?.descendants("origDate").first).map(Date.init)
        holdings = source?.descendants("msIdentifier").map(Header.holding) ?? []
        summary = source?.descendants("summary").first?.plainText ?? profile?.child("abstract")?.plainText
        correspondence = profile?.descendants("correspAction").map(Header.correspondence) ?? []
        languages = profile?.descendants("language").compactMap { $0.attribute("ident") } ?? []
        keepsQuotationMarks =
            header?.descendants("quotation").contains { ["all", "some"].contains($0.attribute("marks")) } ?? false
        licence = file?.descendants("licence").first.map { $0.attribute("target") ?? $0.plainText }
    }

    private static func holding(_ node: Node) -> Holding {
        Holding(
            settlement: node.child("settlement")?.plainText,
            institution: node.child("institution")?.plainText,
            repository: node.child("repository")?.plainText,
            collection: node.child("collection")?.plainText,
            identifiers: node.children.filter { $0.tei == "idno" }.map(\.plainText)
        )
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

/// Someone's writing, or a stamp (`handNote`; TEI P5, PHDH).
public struct Hand: Sendable, Hashable {
    /// The `xml:id`, which policies and exports name. For a hand that is pointed at and nowhere described, the pointer
    /// without `#`.
    public let id: String
    /// The scribe's name: from the register that `@scribeRef` or `@corresp` points at, else a name in the `handNote`,
    /// else `@scribe`, else the id.
    public let label: String
    /// The description in the `handNote`.
    public let description: String
    public let scope, medium, scribeReference: String?
    /// The `handNote`.
    public let node: Node?
    /// Whether there is a `handNote`.
    public var isDescribed: Bool { node != nil }
    /// Whether this hand wrote the text: `@hand` of the text, else `@scope` `sole` or `major`, else the first.
    public internal(set) var isMain = false
    /// Whether the edition says whose hand it is.
    public var isNamed: Bool { !label.isSame(as: id) }
}

/// A witness (`listWit/witness`; TEI P5, TCAPLL).
public struct Witness: Sendable, Hashable {
    public let id: String
    public let sigil: String
    public let description: String
}
