import XML
import XPath

/// Holds a result against what a test expects of it.
struct Judge {
    let setting: Setting
    let result: Result<ItemSequence, XPathError>
    /// The folder of the test set, for expectations that lie in files.
    let folder: String

    /// - Returns: what is wrong, or `nil` where the assertion holds.
    func fault(_ assertion: Node) -> String? {
        switch assertion.localName {
        case "all-of": return assertion.childElements.lazy.compactMap { fault($0) }.first { _ in true }
        case "any-of":
            let faults = assertion.childElements.map { fault($0) }
            return faults.contains { $0 == nil } ? nil : faults.compactMap { $0 }.joined(separator: "; ")
        case "not": return assertion.childElements.contains { fault($0) != nil } ? nil : "what must not hold holds"
        case "error": return errorFault(assertion.attribute("code") ?? "*")
        default: break
        }
        switch result {
        case .success(let value): return fault(assertion, value)
        case .failure(let error): return Judge.describe(error)
        }
    }

    private func errorFault(_ code: String) -> String? {
        guard case .failure(let error) = result else { return "no error" }
        let qualified = "Q{\(error.namespace)}\(error.code)"
        return code == "*" || code == error.code || code == qualified ? nil : Judge.describe(error)
    }

    private func fault(_ assertion: Node, _ value: ItemSequence) -> String? {
        let text = assertion.stringValue
        switch assertion.localName {
        case "assert": return fault(of: text, value)
        case "assert-eq": return fault(of: "$result eq (\(text)\n)", value)
        case "assert-deep-eq": return fault(of: "deep-equal($result, (\(text)\n))", value)
        case "assert-type": return fault(of: "$result instance of \(text)", value)
        case "assert-permutation": return permutationFault(text, value)
        case "assert-count": return Int(text.tokens.joined()) == value.count ? nil : "\(value.count) items"
        case "assert-empty": return value.isEmpty ? nil : Judge.describe(value)
        case "assert-true", "assert-false":
            let expected = assertion.localName == "assert-true" ? "true" : "false"
            let only = value.count == 1 ? value[0].atomic : nil
            return only?.type == .boolean && only?.string == expected ? nil : Judge.describe(value)
        case "assert-string-value":
            return stringFault(text, value, normalized: assertion.attribute("normalize-space") == "true")
        case "assert-xml": return xmlFault(assertion, value)
        case "serialization-matches": return matchFault(assertion, value)
        case "assert-serialization-error":
            guard case .unserializable = Serialization(value) else { return "no error of serialisation" }
            return ["*", "SENR0001"].contains(assertion.attribute("code")) ? nil : "SENR0001"
        default: return "an assertion of an unknown kind, \(assertion.localName)"
        }
    }

    // MARK: Assertions in XPath

    /// - Parameter expression: one over `$result`, of which the effective boolean value counts.
    private func fault(of expression: String, _ value: ItemSequence, _ other: ItemSequence? = nil) -> String? {
        do throws(XPathError) {
            let holds = try evaluate("boolean((\(expression)\n))", value, other)
            return holds.first?.atomic?.string == "true" ? nil : Judge.describe(value)
        } catch {
            return "\(Judge.describe(value)), of which the assertion says \(Judge.describe(error))"
        }
    }

    private func evaluate(
        _ expression: String, _ value: ItemSequence, _ other: ItemSequence? = nil
    ) throws(XPathError) -> ItemSequence {
        var setting = setting
        setting.statics.version = .xpath31
        setting.statics.isCompatible = false
        setting.item = nil
        setting.bind("result", to: value)
        if let other { setting.bind("other", to: other) }
        return try setting.evaluate(expression)
    }

    private func permutationFault(_ text: String, _ value: ItemSequence) -> String? {
        do throws(XPathError) {
            var rest = Array(try evaluate("(\(text)\n)", value))
            guard rest.count == value.count else { return Judge.describe(value) }
            for item in value {
                let equal = rest.firstIndex {
                    fault(of: "deep-equal($result, $other)", ItemSequence(item), ItemSequence($0)) == nil
                }
                guard let equal else { return Judge.describe(value) }
                rest.remove(at: equal)
            }
            return nil
        } catch {
            return "the assertion says \(Judge.describe(error))"
        }
    }

    // MARK: Assertions about text

    private func stringFault(_ expected: String, _ value: ItemSequence, normalized: Bool) -> String? {
        var strings: [String] = []
        for item in value {
            guard let string = item.node?.stringValue ?? item.atomic?.string else { return Judge.describe(value) }
            strings.append(string)
        }
        let string = strings.joined(separator: " ")
        let form = { (string: String) in normalized ? string.tokens.joined(separator: " ") : string }
        return form(string).utf8.elementsEqual(form(expected).utf8) ? nil : Judge.describe(value)
    }

    private func xmlFault(_ assertion: Node, _ value: ItemSequence) -> String? {
        do {
            let expected =
                try assertion.attribute("file")
                .map { try String(decoding: FileAccess.bytes(ofFile: folder + $0), as: UTF8.self) }
                ?? assertion.stringValue
            let wanted = try Serialization.parts(of: expected)
            guard case .parts(let parts) = Serialization(value) else { return "SENR0001" }
            let ignoring = assertion.attribute("ignore-prefixes") == "true"
            return Serialization.areEqual(parts, wanted, ignoringPrefixes: ignoring) ? nil : Judge.describe(value)
        } catch {
            return "an expectation that is not XML: \(error)"
        }
    }

    private func matchFault(_ assertion: Node, _ value: ItemSequence) -> String? {
        guard case .parts(let parts) = Serialization(value) else { return "SENR0001" }
        let text = parts.map(\.written).joined()
        let expression = "matches($result, $other, '\(assertion.attribute("flags") ?? "")')"
        return fault(
            of: expression, ItemSequence(.atomic(.string(text))), ItemSequence(.atomic(.string(assertion.stringValue))))
    }

    // MARK: Words

    static func describe(_ error: XPathError) -> String { "\(error.code): \(error.message)" }

    static func describe(_ value: ItemSequence) -> String {
        let items = value.prefix(12).map { item in
            switch item {
            case .atomic(let atomic): "\(atomic.type) \(atomic.string.debugDescription)"
            case .node(let node):
                node.kind == .element ? node.node.canonical : "\(node.kind) \(node.stringValue.debugDescription)"
            case .function(let function): "function \(function.name?.localName ?? "")#\(function.arity)"
            case .array(let array): "[\(array.members.map(describe).joined(separator: ", "))]"
            }
        }
        let text = items.joined(separator: ", ") + (value.count > 12 ? ", …" : "")
        return value.count == 1 ? text : "(\(text))"
    }
}

/// A sequence as it is serialised with the parameters of the default: adjacent values with a space between them.
enum Serialization {
    enum Part {
        case text(String)
        /// An element, a comment or a processing instruction.
        case node(Node)

        var written: String {
            switch self {
            case .text(let text): text.escapedAsText
            case .node(let node): node.canonical
            }
        }
    }

    case parts([Part])
    /// Attributes, namespaces and functions cannot be serialised (SENR0001).
    case unserializable

    /// The members of arrays stand in their place.
    private static func items(_ value: ItemSequence) -> [Item] {
        value.flatMap { item in item.array.map { $0.members.flatMap(items) } ?? [item] }
    }

    init(_ value: ItemSequence) {
        var parts: [Part] = []
        var isBehindValue = false
        for item in Serialization.items(value) {
            switch item {
            case .atomic(let atomic):
                Serialization.append((isBehindValue ? " " : "") + atomic.string, to: &parts)
                isBehindValue = true
                continue
            case .node(let node):
                switch node.kind {
                case .document: for child in node.node.children { Serialization.append(child, to: &parts) }
                case .attribute, .namespace:
                    self = .unserializable
                    return
                default: Serialization.append(node.node, to: &parts)
                }
            case .function, .array:
                self = .unserializable
                return
            }
            isBehindValue = false
        }
        self = .parts(parts)
    }

    /// The parts of what a test expects, which need not have one outermost element.
    static func parts(of text: String) throws(Diagnostics) -> [Part] {
        var body = text[...]
        if body.hasPrefix("<?xml "), let end = body.firstRange(of: "?>") { body = body[end.upperBound...] }
        let document = try Document("<parts>\(body)</parts>")
        var parts: [Part] = []
        for child in document.root.children { append(child, to: &parts) }
        return parts
    }

    private static func append(_ node: Node, to parts: inout [Part]) {
        if node.kind == .text { append(node.stringValue, to: &parts) } else { parts.append(.node(node)) }
    }

    private static func append(_ text: String, to parts: inout [Part]) {
        if case .text(let before)? = parts.last {
            parts[parts.count - 1] = .text(before + text)
        } else {
            parts.append(.text(text))
        }
    }

    // MARK: Comparison

    /// Compares as XML: references, quotes and the order of attributes do not matter, nor does white space at the ends.
    static func areEqual(_ a: [Part], _ b: [Part], ignoringPrefixes: Bool) -> Bool {
        let (a, b) = (trimmed(a), trimmed(b))
        return a.count == b.count
            && zip(a, b).allSatisfy { pair in
                switch pair {
                case (.text(let x), .text(let y)): x.utf8.elementsEqual(y.utf8)
                case (.node(let x), .node(let y)): areEqual(x, y, ignoringPrefixes)
                default: false
                }
            }
    }

    private static func trimmed(_ parts: [Part]) -> [Part] {
        let isBlank = { (part: Part) in
            if case .text(let text) = part { text.tokens.isEmpty } else { false }
        }
        return Array(parts.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }

    private static func areEqual(_ a: Node, _ b: Node, _ ignoringPrefixes: Bool) -> Bool {
        guard a.kind == b.kind else { return false }
        guard a.kind == .element else {
            return a.localName == b.localName && a.stringValue.utf8.elementsEqual(b.stringValue.utf8)
        }
        let (first, second) = (Array(a.children), Array(b.children))
        return areEqual(a.name, b.name, ignoringPrefixes)
            && areEqual(Array(a.attributes), Array(b.attributes), ignoringPrefixes)
            && first.count == second.count && zip(first, second).allSatisfy { areEqual($0, $1, ignoringPrefixes) }
    }

    private static func areEqual(_ a: [Attribute], _ b: [Attribute], _ ignoringPrefixes: Bool) -> Bool {
        a.count == b.count
            && a.allSatisfy { attribute in
                b.contains {
                    areEqual(attribute.name, $0.name, ignoringPrefixes)
                        && attribute.value.utf8.elementsEqual($0.value.utf8)
                }
            }
    }

    private static func areEqual(_ a: QName?, _ b: QName?, _ ignoringPrefixes: Bool) -> Bool {
        a?.localName == b?.localName && a?.namespace == b?.namespace && (ignoringPrefixes || a?.prefix == b?.prefix)
    }
}
