#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif
internal import Files
internal import TEI

/// A script of a page, and the hash by which the page's Content-Security-Policy lets it run (CSP3, 2.3.1).
struct PageScript: Sendable {
    let text: PageCode
    /// SHA-256 of ``text`` in base 64.
    let hash: String

    /// What a document's page can do besides: its state in its address, a second text, the slider, cards of names,
    /// images, copying.
    static let document = PageScript("Resources/document.js")
    /// The script of a site's search.
    static let search = PageScript("Resources/search.js")

    /// - Parameter name: of the script. The table of accents and the declarations in `words.js` come before it: words as
    ///   an index knows them, the terms of a search, and where they are. A CDATA section in a comment is well-formed XML,
    ///   and nothing to HTML.
    private init(_ name: String) {
        let parts = [
            PageCode(table: Diacritics.javaScript), PageCode(embedded: "Resources/words.js"),
            PageCode(embedded: name),
        ]
        text = "//<![CDATA[\n'use strict';\n{\n\(parts.joined(separator: "\n"))}\n//]]>"
        hash = Data(SHA256.digest(of: Array(text.string.utf8))).base64EncodedString()
    }
}

/// The style of every page: one measure of text, one margin, two themes, and print.
///
/// In wide windows a passage floats left and its margin notes right. A float may not begin above an earlier one, so
/// that notes begin at the height of their passage or, if notes are long, at most one passage lower. In the source,
/// on narrow screens, in print and for those who listen, notes follow the passage. The colours of hands have a
/// contrast of at least 4.5 : 1 with every background.
let pageStylesheet = PageCode(embedded: "Resources/page.css")

/// The additional style of a collation's page.
let collationStylesheet = PageCode(embedded: "Resources/collation.css")
