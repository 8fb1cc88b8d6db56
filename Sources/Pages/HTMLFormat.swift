public import TEI
internal import XML

/// A page in HTML for a reader, who can choose, filter, compare, cite and download the texts of a document.
///
///     let bytes = HTMLFormat().page(transcription, policies: transcription.policies)
///
/// The texts are views of one flow. Marks and notes are in the margin beside their passages, with a colour and a letter
/// for each hand.
///
/// A page is one file that needs nothing else and opens from disk: HTML5 that is also well-formed XML. It can be read
/// without its script. Below the text, it lists everything that the policies leave out, so that every page has every
/// mark, hand and gap. Its data are:
///
/// | attribute | on | value |
/// |---|---|---|
/// | `data-mark` | a mark | its kind |
/// | `data-hand` | a mark, or an element with `@hand` | the id of the hand |
/// | `data-shift` | a `handShift` | the id of the new hand |
/// | `data-described` | a hand that is described | its id |
/// | `data-gap` | a gap | its kind |
/// | `data-ref` | a mention | the pointer |
/// | `data-element` | an element that the element table does not have | its name |
///
/// An `xml:id` becomes the `id` of its element on the page. The page's own identifiers have a colon.
public struct HTMLFormat: Format {
    /// The name in `export --to`.
    public let name = "html"
    /// The name in the help.
    public let title = "HTML"
    /// Sentences for the help.
    public let help = """
        ‘html’ is one page for each document, where the reader chooses among all its texts, or those of --policy. \
        Several documents get an index, pages of people, organisations, places and events, and a search.
        """
    /// The extension of the files.
    public let fileExtension = "html"
    /// A page has all texts of a document.
    public let holdsAllTexts = true

    /// The language of the page's controls, headings and labels; `nil` for the language of the document, or English
    /// if pages do not speak that.
    public let interface: PageLanguage?
    /// The relative path from the page to the folder to which the source's path is relative, such as `../`.
    public let base: String
    /// Whether it is a page of an ``HTMLSite``.
    public let isInSite: Bool
    /// The relative path from the page to the folder of the site's pages, such as `../`; empty for the same folder.
    public let siteFolder: String
    /// Files beside the page that it offers for download. The TEI and the text are in the page itself.
    public let files: [File]

    /// A file beside a page.
    public struct File: Sendable {
        /// The words of the link.
        public let label: String
        /// The path, relative to the page.
        public let address: String

        /// Makes a link to a file.
        public init(label: String, address: String) { (self.label, self.address) = (label, address) }
    }

    /// Makes the format; each parameter sets the property of its name.
    public init(
        interface: PageLanguage? = nil, base: String = "", isInSite: Bool = false, siteFolder: String = "",
        files: [File] = []
    ) {
        (self.interface, self.base, self.isInSite) = (interface, base, isInSite)
        (self.siteFolder, self.files) = (siteFolder, files)
    }

    /// Returns a page with one text.
    public func export(_ transcription: Transcription, policy: Policy) -> [UInt8] {
        page(transcription, policies: [policy])
    }

    /// Returns a page with the texts of a request, and links to the files beside it.
    public func export(_ file: ExportRequest) -> [UInt8] {
        let folder = Reference.folder(of: file.address ?? "", slash: true)
        let files = file.files.map {
            File(label: $0.label, address: Reference.path(of: $0.address, from: folder).percentEncodedPath)
        }
        let siteFolder = String(repeating: "../", count: folder.pathComponents.count)
        return HTMLFormat(
            interface: interface, base: file.base, isInSite: file.isInSite, siteFolder: siteFolder, files: files
        ).page(file.transcription, policies: file.policies, name: file.name)
    }

    /// Returns a page with several texts.
    ///
    /// - Parameters:
    ///   - transcription: the document.
    ///   - policies: the texts; the page has the first 128. It shows the reading text first, or else the first of
    ///     these.
    ///   - name: the name under which the document is exported, for the names of downloads; by default its file's name.
    public func page(_ transcription: Transcription, policies: [Policy], name: String? = nil) -> [UInt8] {
        var page = DocumentPage(transcription, policies, self, name: name)
        return page.write()
    }
}

extension HTMLFormat {
    /// The names of the pages of an ``HTMLSite``.
    public var siteNames: Set<String> {
        Set(["index", "search", "statistics"] + Entity.Kind.allCases.compactMap(\.registerPage))
    }
}

extension Format where Self == HTMLFormat {
    /// A page in HTML.
    public static var html: HTMLFormat { HTMLFormat() }
}

/// How hands are told apart on a page: by a letter, and by a colour beside it.
struct HTMLHands {
    private let letters: [String]
    private let classes: [String]

    init(_ hands: [Hand]) {
        var (letters, classes): ([String], [String]) = ([], [])
        var number = 0
        for hand in hands {
            let colour = hand.isMain ? 0 : number % 8 + 1
            letters.append(hand.isMain ? "" : HTMLHands.letter(number))
            classes.append("h\(colour) w\(classes.count)")
            number += hand.isMain ? 0 : 1
        }
        (self.letters, self.classes) = (letters, classes)
    }

    private static func letter(_ number: Int) -> String {
        let letter = String(UnicodeScalar(UInt8(ascii: "A") + UInt8(number % 26)))
        return number < 26 ? letter : letter + "\(number / 26 + 1)"
    }

    /// The letter; empty for the hand of the text.
    func letter(_ hand: Int) -> String { letters[hand] }

    /// The classes of its colour and of the hand itself.
    func cssClass(_ hand: Int?) -> String { hand.map { classes[$0] } ?? "h0" }

    func id(_ pointer: String) -> String { Reference(pointer).fragment ?? pointer }
}

extension HTMLHands {
    /// The rules for hiding the marks and changes of a hand.
    var style: PageCode {
        classes.indices.map { hand -> PageCode in
            "body:has(.hand-\(hand):not(:checked)) :is(.entry,.sign-number,.letter).w\(hand){display:none}"
                + "body:has(.hand-\(hand):not(:checked)) .flow .w\(hand){color:inherit;--by:var(--ink);--hand:var(--ink)}"
                + "body:has(.hand-\(hand):not(:checked)) .flow [data-letter].w\(hand)::before{content:none}\n"
        }.joined()
    }
}

extension HTMLBytes {
    /// Everything up to the content of the body.
    ///
    /// - Parameters:
    ///   - bodyData: attributes of the body.
    ///   - style: rules besides those of every page.
    ///   - imageOrigins: from where images may be fetched.
    mutating func beginPage(
        title: String, language: String, bodyClass: Markup, bodyData: Markup = "", style: PageCode = "",
        imageOrigins: [Markup] = [], script: PageScript? = nil
    ) {
        raw("<!DOCTYPE html>\n<html")
        attribute("lang", language)
        raw(
            """
            >
            <head>
            <meta charset="utf-8"/>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
            img-src data:\(imageOrigins.reduce("" as Markup) { "\($0) \($1)" }); \(script.map { "script-src 'sha256-\($0.hash)'; " } ?? "" as Markup)\
            base-uri 'none'; form-action 'none'"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <title>
            """
        )
        text(title)
        raw("</title>\n<style>\n")
        code(pageStylesheet + style)
        raw("</style>\n</head>\n<body class=\"\(bodyClass)\"\(bodyData)>\n")
    }

    mutating func endPage(script: PageScript? = nil) {
        if let script {
            raw("<script>")
            code(script.text)
            raw("</script>\n")
        }
        raw("</body>\n</html>\n")
    }

    /// Writes the description in a register.
    mutating func entry(_ description: String, _ identifiers: [(type: String, value: String)]) {
        if !description.isEmpty { element("span", " class=\"description\"", description) }
        for (name, address) in identifiers {
            raw("<span class=\"identifier\">")
            if PageAddress(web: address) != nil {
                link(to: address, name.isEmpty ? address : name)
            } else {
                text(name.isEmpty ? address : "\(name) \(address)")
            }
            raw("</span>")
        }
    }

    /// A term and its description.
    mutating func field(_ label: String, _ values: [String]) {
        let values = values.filter { !$0.isEmpty }
        guard !values.isEmpty else { return }
        element("dt", "", label)
        for value in values { element("dd", "", value) }
    }

    mutating func licence(_ licence: String?, _ interface: PageLanguage) {
        guard let licence else { return }
        element("dt", "", interface(.licence))
        raw("<dd>")
        link(to: licence, licence)
        raw("</dd>")
    }
}
