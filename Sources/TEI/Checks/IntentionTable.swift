// What people write, and how TEI says it.

extension Intention {
    private static func rendered(_ rendition: String, _ words: String) -> String {
        "for \(words) words write <hi rend=\"\(rendition)\">, with hand=\"#…\" if a reader did it"
    }

    static let all: [Intention] = looks + changes + marks + structure + names + places + attributes

    private static let looks: [Intention] = [
        Intention(
            mistake: .unknown(["u", "underline", "underlined", "underscore"]),
            remedy: rendered("underline", "underlined")),
        // Elsewhere it is an utterance.
        Intention(mistake: .within(inText, ["u"]), remedy: rendered("underline", "underlined")),
        Intention(mistake: .unknown(["b", "bold", "strong"]), remedy: rendered("bold", "bold")),
        Intention(mistake: .unknown(["i", "italic", "italics", "em"]), remedy: rendered("italic", "italic")),
        Intention(mistake: .unknown(["sup", "superscript"]), remedy: rendered("superscript", "raised")),
        Intention(mistake: .unknown(["sub", "subscript"]), remedy: rendered("subscript", "lowered")),
        Intention(mistake: .unknown(["small", "smallcaps", "sc"]), remedy: rendered("small-caps", "small-capital")),
        Intention(mistake: .unknown(["circled", "circle", "encircled"]), remedy: rendered("circled", "circled")),
        Intention(mistake: .unknown(["boxed", "box"]), remedy: rendered("boxed", "boxed")),
        Intention(
            mistake: .unknown(["highlight", "highlighted", "mark"]), remedy: rendered("highlight", "highlighted")),
        Intention(
            mistake: .unknown(["font", "span", "tt"]),
            remedy: "write <hi rend=\"…\"> for how it looks, or <seg type=\"…\"> for what it is"),
    ]

    private static let changes: [Intention] = [
        Intention(
            mistake: .unknown([
                "s", "strike", "strikethrough", "struck", "deleted", "deletion", "delete", "crossed", "crossedout",
                "cancelled",
                "erased",
            ]), remedy: "for struck-out words write <del rend=\"strikethrough\" hand=\"#…\">"),
        Intention(
            mistake: .unknown(["ins", "insert", "inserted", "insertion", "added", "addition"]),
            remedy: "for words that were put in write <add place=\"above\" hand=\"#…\">"),
        Intention(
            mistake: .unknown(["handwritten", "handwriting", "manuscript", "autograph", "pencil", "pen", "ink"]),
            remedy:
                "for handwritten words that enter the text write <add hand=\"#…\">, for a remark beside it <note type=\"marginalia\" hand=\"#…\" place=\"…\">"
        ),
        Intention(
            mistake: .unknown(["redacted", "redaction", "blackout", "blacked", "sanitized", "withheld", "censored"]),
            remedy: "for what is blacked out write <gap reason=\"redacted\" unit=\"line\" quantity=\"…\"/>"),
        Intention(
            mistake: .unknown(["illegible", "unreadable"]),
            remedy: "for what cannot be read write <gap reason=\"illegible\" unit=\"word\" quantity=\"…\"/>"),
        Intention(
            mistake: .unknown(["uncertain", "doubtful"]),
            remedy: "for words that are hard to read write <unclear cert=\"low\">"),
        Intention(
            mistake: .unknown(["omitted", "missing", "ellipsis"]),
            remedy: "for what is not there write <gap reason=\"…\"/>"),
    ]

    private static let marks: [Intention] = [
        Intention(
            mistake: .unknown(["footnote", "fn", "endnote"]),
            remedy:
                "for a footnote of the document write <note type=\"authorial\" place=\"bottom\">, for one of yours <note type=\"editorial\" resp=\"#…\">"
        ),
        Intention(
            mistake: .value(["footnote", "endnote", "fn", "foot"], "type", "note"),
            remedy:
                "for a footnote of the document write type=\"authorial\" place=\"bottom\", for one of yours type=\"editorial\" resp=\"#…\""
        ),
        Intention(
            mistake: .value(
                ["handwritten", "handwriting", "margin", "marginal", "remark", "annotation"], "type", "note"),
            remedy: "for a remark beside the text write type=\"marginalia\" hand=\"#…\" place=\"…\""),
        Intention(
            mistake: .value(["check", "checkmark", "tick", "initials", "arrow"], "type", "note"),
            remedy: "for a mark write type=\"mark\" subtype=\"…\" hand=\"#…\" with a <metamark> in it"),
        Intention(
            mistake: .unknown(["marginal", "marginalia", "marginalium", "margin", "remark", "annotation", "sidenote"]),
            remedy: "for a remark beside the text write <note type=\"marginalia\" hand=\"#…\" place=\"…\">"),
        Intention(
            mistake: .unknown(["comment", "editorial", "ednote"]),
            remedy: "for a note of the editors write <note type=\"editorial\" resp=\"#…\">"),
        Intention(
            mistake: .unknown(["check", "checkmark", "tick", "arrow", "bracket"]),
            remedy:
                "for a mark beside the text write <note type=\"mark\" subtype=\"…\" hand=\"#…\" target=\"#…\"><metamark function=\"flag\" target=\"#…\">✓</metamark></note>"
        ),
        Intention(
            mistake: .unknown(["questionmark", "question"]),
            remedy: "for a question mark beside a passage write <note type=\"query\" hand=\"#…\" target=\"#…\">?</note>"
        ),
        Intention(
            mistake: .element(["stamp", "stamped"]),
            remedy:
                "a stamp is in a note: <note type=\"stamp\" hand=\"#…\" place=\"top right\"><stamp type=\"received\">…</stamp></note>"
        ),
        Intention(
            mistake: .unknown(["classification", "header", "footer", "pagenumber", "letterhead"]),
            remedy:
                "for what is printed at the edge of a page write <fw type=\"header\" place=\"top\">, for a page number <fw type=\"pageNum\">"
        ),
    ]

    private static let structure: [Intention] = [
        Intention(mistake: .unknown(["br", "linebreak", "newline"]), remedy: "a line begins with <lb/>"),
        Intention(mistake: .unknown(["page", "pagebreak", "newpage"]), remedy: "a page begins with <pb/>"),
        Intention(mistake: .unknown(["para", "paragraph"]), remedy: "write <p>"),
        Intention(
            mistake: .unknownInText(["letter", "memo", "memorandum", "telegram", "cable", "report", "document"]),
            remedy: "write <div type=\"…\"> around a whole one, and <seg type=\"…\"> around words"),
        Intention(
            mistake: .unknown(["h1", "h2", "h3", "h4", "h5", "h6", "heading"]),
            remedy: "write <head>, first in its <div>"),
        Intention(mistake: .unknown(["section", "chapter", "article", "part"]), remedy: "write <div type=\"…\">"),
        Intention(mistake: .unknown(["ul", "ol", "dl"]), remedy: "write <list>, with <item> for each"),
        Intention(mistake: .unknown(["li", "dd"]), remedy: "write <item>, in a <list>"),
        Intention(mistake: .unknown(["dt"]), remedy: "write <label>, before its <item>"),
        Intention(mistake: .unknown(["tr"]), remedy: "write <row>, in a <table>"),
        Intention(mistake: .unknown(["td", "th", "col", "column"]), remedy: "write <cell>, in a <row>"),
        Intention(
            mistake: .unknown(["img", "image", "picture", "photo"]),
            remedy: "write <figure><graphic url=\"…\"/></figure>"),
        Intention(mistake: .unknown(["a", "link", "url", "xref"]), remedy: "write <ref target=\"…\">"),
        Intention(mistake: .unknown(["blockquote"]), remedy: "write <quote>"),
        Intention(
            mistake: .unknown(["line", "verse"]), remedy: "for a line of verse write <l>, for the start of a line <lb/>"
        ),
        Intention(mistake: .unknown(["signature", "sign"]), remedy: "write <signed>, in a <closer>"),
        Intention(
            mistake: .unknownInText(["to", "from", "subject", "re", "cc"]),
            remedy:
                "write it as it is on the sheet: <label>To:</label> and the words after it, each line in <ab type=\"head\"> after <lb/>"
        ),
    ]

    /// Elements that hold words of a text.
    private static let inText: Set<String> = [
        "p", "ab", "head", "item", "cell", "note", "signed", "salute", "hi", "seg", "add",
    ]

    /// Elements in which somebody or something is named.
    private static let namers = inText.union([
        "byline", "closer", "correspAction", "dateline", "desc", "l", "opener", "q", "quote", "ref", "said", "summary",
        "title",
    ])

    private static let names: [Intention] = [
        Intention(
            mistake: .within(namers, ["person"]),
            remedy: "for a name in the text write <persName ref=\"…\">: <person> is an entry of a register"),
        Intention(
            mistake: .within(namers, ["place"]),
            remedy: "for a name in the text write <placeName ref=\"…\">: <place> is an entry of a register"),
        Intention(
            mistake: .within(namers, ["org"]),
            remedy: "for a name in the text write <orgName ref=\"…\">: <org> is an entry of a register"),
    ]

    private static let attributes: [Intention] = [
        Intention(
            mistake: .attribute(["date", "value", "iso", "year", "datetime"], ["date", "time", "change", "origDate"]),
            remedy: "write the date as when=\"1994-03-14\", or as notBefore and notAfter"),
        Intention(
            mistake: .attribute(["type", "class", "style", "face", "color"], ["hi"]),
            remedy: "write how it looks as rend=\"…\""),
        Intention(mistake: .attribute(["href", "url", "link"], ["ref", "ptr"]), remedy: "write target=\"…\""),
        Intention(mistake: .attribute(["src", "href"], ["graphic", "media"]), remedy: "write url=\"…\""),
        Intention(mistake: .attribute(["type", "cause"], ["gap"]), remedy: "say why by reason=\"…\""),
        Intention(
            mistake: .attribute(
                ["by", "author", "writer", "scribe", "who"], ["add", "del", "figure", "note", "subst", "hi", "stamp"]),
            remedy: "say whose hand it is by hand=\"#…\", of a note by the editors by resp=\"#…\""),
    ]

    /// Elements that hold a name, or a few words of a paragraph.
    private static let phrases: Set<String> = [
        "abbr", "bibl", "choice", "corr", "date", "eventName", "foreign", "hi", "line", "name", "orgName", "persName",
        "placeName", "ref", "rs", "seg", "sic", "supplied", "term", "title", "unclear",
    ]

    /// What is in the items of a list, and in the cells of a table.
    private static let inItems = phrases.union(["add", "ab", "del", "p", "quote", "subst"])

    private static let places: [Intention] = [
        Intention(
            mistake: .within(["body", "div", "front", "back"], ["head"]),
            remedy: "a heading comes first in its <div>: move it up, or begin a new <div> with it"),
        Intention(
            mistake: .within(
                ["body", "div", "front", "back", "postscript", "sp"],
                phrases.union(["add", "del", "subst"]).subtracting(["bibl", "line"])),
            remedy: "put it into a paragraph: <p>…</p>"),
        Intention(
            mistake: .within(["p", "ab"], ["head"]),
            remedy: "a heading is no part of a paragraph: end the paragraph, and begin a new <div> with it"),
        Intention(mistake: .within(["list"], inItems), remedy: "put it into an item: <item>…</item>"),
        Intention(mistake: .within(["table"], inItems), remedy: "put it into a cell: <row><cell>…</cell></row>"),
        Intention(mistake: .within(["row"], inItems), remedy: "put it into a cell: <cell>…</cell>"),
        Intention(mistake: .within(["lg"], phrases), remedy: "put it into a line of verse: <l>…</l>"),
        Intention(
            mistake: .within(["add", "del"], ["p", "ab"]),
            remedy:
                "for whole paragraphs write <addSpan spanTo=\"#…\"/> or <delSpan spanTo=\"#…\"/> before them, and <anchor xml:id=\"…\"/> after them"
        ),
        Intention(
            mistake: .within(phrases, ["p", "ab"]),
            remedy: "leave out the tags of the paragraph: it holds names and phrases, and they hold no paragraph"),
        Intention(
            mistake: .within(["closer"], ["list"]),
            remedy:
                "write its items as lines, each after <lb/>; or put <postscript><label>cc:</label><list>…</list></postscript> after </closer>"
        ),
        Intention(
            mistake: .within(["body"], ["div"]),
            remedy:
                "nothing but closing lines may follow a <closer>: put an enclosure into <back>, and other text before the closer"
        ),
        Intention(
            mistake: .text(["body", "div", "front", "back", "div1", "div2", "div3"]),
            remedy: "put it into a paragraph: <p>…</p>"),
        Intention(
            mistake: .text(["text", "group"]), remedy: "put it into a paragraph of the body: <body><p>…</p></body>"),
        Intention(mistake: .text(["list"]), remedy: "put it into an item: <item>…</item>"),
        Intention(mistake: .text(["table"]), remedy: "put it into a cell: <row><cell>…</cell></row>"),
        Intention(mistake: .text(["row"]), remedy: "put it into a cell: <cell>…</cell>"),
        Intention(mistake: .text(["lg"]), remedy: "put it into a line of verse: <l>…</l>"),
        Intention(mistake: .text(["sp"]), remedy: "put it into a paragraph, or a line of verse: <p>…</p>, <l>…</l>"),
    ]
}
