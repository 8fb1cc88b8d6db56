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
    static func files(_ resolver: SchemaResolver) -> SchemaLoader {
        SchemaLoader { reference throws(Diagnostics) in
            guard let path = resolver.path(of: reference.href, relativeTo: reference.base) else {
                throw Diagnostics([Messages.remoteReference(reference.href)])
            }
            return File(path: path, bytes: try FileAccess.bytes(ofFile: path))
        }
    }
}
