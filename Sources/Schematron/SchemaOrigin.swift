package import XML

/// Marks around what was copied into a Schematron schema from a schema in another language: they tell where it stood.
///
///     <mark xmlns="tag:marginalia:origin" line="12" column="5" byte="480">…</mark>
///
/// A mark without `file` is about the file that the whole schema is named after.
package enum SchemaOrigin {
    static let namespace = "tag:marginalia:origin"

    static func isMark(_ node: Node) -> Bool { node.isElement("mark", in: namespace) }

    /// The mark around a node, and its child that the node is in.
    private static func mark(around node: Node) -> (mark: Node, child: Node)? {
        var child = node
        while let parent = child.parent {
            if isMark(parent) { return (parent, child) }
            child = parent
        }
        return nil
    }

    /// Where the file that a node comes from lies.
    static func base(of node: Node) -> String {
        mark(around: node)?.mark.attribute("base") ?? node.baseURI
    }

    /// The place in the original file of a location in or before the content of a node.
    static func location(of node: Node, _ location: SourceLocation) -> SourceLocation {
        guard let (mark, child) = mark(around: node) else { return location }
        let file = mark.attribute("file") ?? node.file.path
        func number(_ name: String) -> Int { mark.attribute(name).flatMap { Int($0) } ?? 0 }
        let origin = SourceLocation(
            file: file, line: number("line"), column: number("column"), byteOffset: number("byte"))
        // What was written anew is where its element is.
        if mark.attribute("new") != nil { return origin }
        let copy = child.location
        return SourceLocation(
            file: file, line: origin.line + location.line - copy.line,
            column: location.line == copy.line ? origin.column + location.column - copy.column : location.column,
            byteOffset: origin.byteOffset + location.byteOffset - copy.byteOffset
        )
    }

    /// The tag of a mark that declares namespaces; an empty prefix stands for the default one.
    ///
    /// - Parameter main: the file that the whole schema is named after.
    package static func tag(
        _ origin: SourceLocation, base: String, main: String, namespaces: [CodepointString: String], isNew: Bool
    ) -> String {
        var tag = "<origin:mark xmlns:origin=\"\(namespace)\""
        for (name, path) in [("file", origin.file), ("base", base)] where !path.isSame(as: main) {
            tag += " \(name)=\"\(path.escapedAsAttribute)\""
        }
        tag +=
            " line=\"\(origin.line)\" column=\"\(origin.column)\" byte=\"\(origin.byteOffset)\""
            + (isNew ? " new=\"\"" : "")
        for (prefix, namespace) in namespaces.sorted(by: { $0.key < $1.key }).map({ ($0.key.string, $0.value) })
        where prefix != "xml" && prefix != "origin" {
            tag += " xmlns\(prefix.isEmpty ? "" : ":" + prefix)=\"\(namespace.escapedAsAttribute)\""
        }
        return tag + ">"
    }
}
