internal import XML
internal import XPath

/// The parts of XSLT that Schematron schemas use, as expressions of XPath 3.1 (XSLT 2.0).
///
///     <xsl:choose><xsl:when test="@n">…</xsl:when><xsl:otherwise>…</xsl:otherwise></xsl:choose>
///     if (@n) then (…) else (…)
package enum XSLT {
    package static let namespace = "http://www.w3.org/1999/XSL/Transform"

    /// An instruction that is not carried out here.
    struct Unsupported: Error {
        let node: Node
        var name: String {
            node.namespace == XSLT.namespace ? "xsl:" + node.localName : "<\(node.name?.description ?? "")>"
        }
    }

    /// The name of a function, by the prefixes of its element and those that `ns` declares; `nil` without a prefix that
    /// means something.
    static func name(_ written: String, _ node: Node, _ declared: [SchematronSchema.Prefix]) -> QName? {
        let parts = written.split(separator: ":").map(String.init)
        guard parts.count == 2,
            let namespace = node.namespace(forPrefix: parts[0])
                ?? declared.first(where: { $0.prefix.isSame(as: parts[0]) })?.uri
        else { return nil }
        return QName(localName: parts[1], namespace: namespace)
    }

    /// Whether a standard beyond what is carried out here has what an expression fails for: maps, functions of XPath
    /// 3.1 and XSLT 3.0, and the phase as a variable.
    static func isBeyond(_ error: XPathError, _ text: String) -> Bool {
        switch error.code {
        case "XPST0003": text.replacing(/'[^']*'|"[^"]*"/, with: "").contains(/\bmap\s*[{(]/)
        case "XPST0008": error.message.hasSuffix(" $phase")
        case "XPST0017":
            error.message.firstMatch(of: /function (?:fn:)?([\w-]+)\(\)/).map { functions.contains($0.1) } ?? false
        default: false
        }
    }

    private static let functions: Set<Substring> = [
        "accumulator-after", "accumulator-before", "available-system-properties", "collation-key", "copy-of",
        "current-group",
        "current-grouping-key", "current-merge-group", "current-merge-key", "current-output-uri", "default-language",
        "element-available",
        "function-available", "json-doc", "json-to-xml", "load-xquery-module", "parse-json", "random-number-generator",
        "regex-group", "serialize",
        "snapshot", "stream-available", "system-property", "trace", "transform", "type-available",
        "unparsed-entity-public-id", "unparsed-entity-uri",
        "xml-to-json",
    ]

    /// The sequence constructor within an element (XSLT 2.0, 5.7).
    static func constructor(of node: Node) throws(Unsupported) -> String {
        try constructor(Array(node.children)[...])
    }

    private static func constructor(_ nodes: ArraySlice<Node>) throws(Unsupported) -> String {
        var parts: [String] = []
        for (index, node) in zip(nodes.indices, nodes) {
            switch node.kind {
            case .text: if !node.isBlank { parts.append(untyped(quoted(node.stringValue))) }
            case .element where node.isElement("variable", in: namespace):
                guard let name = node.attribute("name") else { throw Unsupported(node: node) }
                let rest = try constructor(nodes[(index + 1)...])
                parts.append("(let $\(name) := \(try variable(node)) return \(rest))")
                return sequence(parts)
            case .element where node.isElement("param", in: namespace): break
            case .element: parts.append(try instruction(node))
            default: break
            }
        }
        return sequence(parts)
    }

    private static func sequence(_ parts: [String]) -> String {
        parts.count == 1 ? parts[0] : "(" + parts.joined(separator: ", ") + ")"
    }

    /// The value of `xsl:variable` or `xsl:param`. Without a type what it contains is one untyped value.
    static func variable(_ node: Node) throws(Unsupported) -> String {
        let type = node.attribute("as")
        let value: String
        if let select = node.attribute("select") {
            value = "(\(select))"
        } else if type == nil {
            value = untyped("string-join(for $item in \(try constructor(of: node)) return string($item), '')")
        } else {
            value = try constructor(of: node)
        }
        return type.map { "(function($value as \($0)) { $value })(\(value))" } ?? value
    }

    /// The namespace of names without a prefix, by the nearest `xpath-default-namespace` (XSLT 2.0, 5.2); `nil` where
    /// nothing says it.
    static func defaultNamespace(of node: Node) -> String? {
        node.ancestorsOrSelf.lazy.compactMap {
            $0.attribute("xpath-default-namespace", in: $0.namespace == namespace ? nil : namespace)
        }.first
    }

    static func instruction(_ node: Node) throws(Unsupported) -> String {
        guard node.namespace == namespace, node.attribute("use-when") == nil else { throw Unsupported(node: node) }
        switch node.localName {
        case "sequence", "copy-of": return "(\(try required("select", node)))"
        case "text": return untyped(quoted(node.stringValue))
        case "value-of":
            let separator = node.attribute("separator") ?? (node.attribute("select") == nil ? "" : " ")
            guard !separator.contains("{") else { throw Unsupported(node: node) }
            let select = node.attribute("select")
            let value = try select == nil ? constructor(of: node) : required("select", node)
            return untyped("string-join(for $item in data((\(value))) return string($item), \(quoted(separator)))")
        case "if": return "(if (\(try required("test", node))) then \(try constructor(of: node)) else ())"
        case "choose": return try choose(node)
        case "for-each":
            guard !node.childElements.contains(where: { $0.isElement("sort", in: namespace) }) else {
                throw Unsupported(node: node)
            }
            return "((\(try required("select", node))) ! \(try constructor(of: node)))"
        default: throw Unsupported(node: node)
        }
    }

    private static func choose(_ node: Node) throws(Unsupported) -> String {
        var text = "("
        var otherwise = "()"
        for child in node.childElements {
            switch child.localName {
            case "when": text += "if (\(try required("test", child))) then \(try constructor(of: child)) else "
            case "otherwise": otherwise = try constructor(of: child)
            default: throw Unsupported(node: child)
            }
        }
        return text + otherwise + ")"
    }

    private static func required(_ attribute: String, _ node: Node) throws(Unsupported) -> String {
        guard let value = node.attribute(attribute) else { throw Unsupported(node: node) }
        return value
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "''") + "'"
    }

    /// A text node is worth an untyped value.
    private static func untyped(_ expression: String) -> String {
        "Q{\(Namespace.xmlSchema)}untypedAtomic(\(expression))"
    }
}
