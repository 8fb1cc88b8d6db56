#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif
internal import Files

/// A script of a page, and the hash by which the page's Content-Security-Policy lets it run (CSP3, 2.3.1).
struct PageScript: Sendable {
    let text: PageCode
    /// SHA-256 of ``text`` in base 64.
    let hash: String

    /// The script of a document's page.
    static let document = PageScript(PackageResources.document_js)
    /// The script of a site's search.
    static let search = PageScript(PackageResources.search_js)

    /// - Parameter resource: the script, after the declarations that all scripts have. A CDATA section in a comment is
    ///   well-formed XML, and nothing to HTML.
    private init(_ resource: [UInt8]) {
        let parts = [PageCode(resource: PackageResources.words_js), PageCode(resource: resource)]
        text = "//<![CDATA[\n'use strict';\n{\n\(parts.joined(separator: "\n"))}\n//]]>"
        hash = Data(SHA256.digest(of: Array(text.string.utf8))).base64EncodedString()
    }
}

/// The style of every page.
let pageStylesheet = PageCode(resource: PackageResources.page_css)

/// What the page of a collation has besides.
let collationStylesheet = PageCode(resource: PackageResources.collation_css)
