internal import XML

/// Finds the files that a schema includes or refers to.
struct SchemaLoader: Sendable {
    struct File: Sendable {
        /// The name for diagnostics, and the base of further references.
        var path: String
        var bytes: [UInt8]
    }

    /// - Throws: why there is no such file; its place need not be told.
    let load: @Sendable (ReferenceSyntax) throws(Diagnostics) -> File

    /// Files on this machine: found beside those that refer to them, or by the resolver; never from a network.
    ///
    /// - Parameter access: the folder below which files must lie that neither the catalog nor the store names; `nil` if they may lie anywhere.
    static func files(_ resolver: SchemaResolver, within access: FileAccess? = nil) -> SchemaLoader {
        SchemaLoader { reference throws(Diagnostics) in
            guard let path = resolver.path(of: reference.href, relativeTo: reference.base) else {
                throw Diagnostics([Messages.remoteReference(reference.href)])
            }
            if let access, resolver.mappedPath(of: reference.href, relativeTo: reference.base) == nil { try access.check(path) }
            return File(path: path, bytes: try SchemaSyntax.fileBytes(path))
        }
    }
}
