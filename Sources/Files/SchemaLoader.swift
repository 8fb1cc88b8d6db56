/// A reference to a file: `<include href="terms.rng"/>`.
package struct FileReference: Sendable {
    /// As written.
    package var href: String
    /// The base that it is resolved against: the path or URI of the file, `xml:base` applied.
    package var base: String

    package init(href: String, base: String) {
        self.href = href
        self.base = base
    }
}

/// Finds the files that a schema includes or refers to, in whatever language: those of RELAX NG and of Schematron are
/// found alike.
package struct SchemaLoader: Sendable {
    package struct File: Sendable {
        /// The name for diagnostics, and the base of further references.
        package var path: String
        package var bytes: [UInt8]

        package init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
        }
    }

    /// - Throws: the reason if the file cannot be loaded; the caller adds the place of the reference.
    package let load: @Sendable (FileReference) throws(Diagnostics) -> File

    package init(load: @escaping @Sendable (FileReference) throws(Diagnostics) -> File) {
        self.load = load
    }
}
