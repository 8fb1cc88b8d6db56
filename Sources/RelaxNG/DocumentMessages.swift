internal import XML

// Messages about documents that a schema does not allow.

extension RelaxNGMessages {
    // MARK: Validation

    /// How a known element that is not allowed can be brought to a place where it is.
    enum Misplacement {
        /// It is the outermost element.
        case root
        /// It is allowed in its parent, but not after the element before it, which is named.
        case order(after: String?)
        /// It is allowed in its parent earlier, or in the element before it, which is named.
        case inElementBefore(String)
        /// It is allowed after its parent.
        case behind
        /// The same, and its parent is always empty.
        case behindEmpty
        /// It is allowed in elements that are allowed here.
        case within([String])
        /// It is allowed in these.
        case elsewhere([String])
    }

    /// - Parameters:
    ///   - likely: what may stand here, the likeliest first.
    ///   - expected: the same, in the order of the schema.
    static func elementMisplaced(
        _ name: String, in parent: String?, _ misplacement: Misplacement, likely: [String], _ expected: [String]
    ) -> Diagnostic {
        let parent = parent ?? ""
        var message = "<\(name)> is not allowed in <\(parent)>"
        let help: String
        switch misplacement {
        case .root:
            message = "<\(name)> cannot be the outermost element"
            help = "the schema asks for \(list(likely, joined: "or"))"
        case .order(let before):
            message = "<\(name)> is not allowed at this place in <\(parent)>"
            help =
                expected.isEmpty
                ? "move it up: nothing more is allowed after \(before ?? "the element before it")"
                : likely.count > listed
                    ? "move it up to an earlier place in <\(parent)>, or remove it"
                    : "move it up, or remove it: from here on \(list(likely, joined: "or")) may stand"
        case .inElementBefore(let before):
            message = "<\(name)> is not allowed at this place in <\(parent)>"
            help = "put it into the \(before) before it, or move it up"
        case .behind:
            help = "end <\(parent)> before it: <\(name)> is allowed after </\(parent)>"
        case .behindEmpty:
            help = "write <\(parent)/>, which holds nothing, and <\(name)> after it"
        case .within(let wrappers):
            help = "put it into \(list(wrappers, joined: "or")), which is allowed here"
        case .elsewhere(let parents):
            help = parents.isEmpty ? "remove it" : "move it: it is allowed in \(list(parents, joined: "and"))"
        }
        return Diagnostic(rule: "grammar-element", message, help: help, expected: expected)
    }

    /// - Parameters:
    ///   - namespace: the element's, where it is not that of the element around it.
    ///   - likely: what may stand here, the likeliest first.
    static func elementUnknown(
        _ name: String, namespace: String?, likely: [String], _ expected: [String]
    ) -> Diagnostic {
        let place = namespace.map { $0.isEmpty ? " without a namespace" : " in the namespace ‘\($0)’" } ?? ""
        return Diagnostic(
            rule: "grammar-element-unknown", "the schema has no element <\(name)>" + place,
            help: expected.isEmpty
                ? "remove it: nothing more is allowed here" : "use \(list(likely, joined: "or")), or remove it",
            expected: expected
        )
    }

    static func elementMisspelt(_ name: String, _ meant: String, _ expected: [String]) -> Diagnostic {
        Diagnostic(
            rule: "grammar-element-unknown", "the schema has no element <\(name)>",
            help: proposal(meant, insteadOf: "<\(name)>"), expected: expected
        )
    }

    /// Of two words that look alike the code points are named.
    private static func proposal(_ meant: String, insteadOf written: String) -> String {
        let points = { (word: String) in
            word.unicodeScalars.filter { !$0.isASCII }.map(\.codePoint).joined(separator: " ")
        }
        guard meant == written, !meant.isSame(as: written) else { return "did you mean \(meant)?" }
        return "did you mean \(meant) with \(points(meant)), and not with \(points(written))?"
    }

    static func namespace(_ name: String, written: String, meant: String) -> Diagnostic {
        Diagnostic(
            rule: "grammar-namespace",
            "<\(name)> is \(written.isEmpty ? "in no namespace" : "in the namespace ‘\(written)’"), and the schema has it "
                + (meant.isEmpty ? "in none" : "in ‘\(meant)’"),
            help: meant.isEmpty
                ? "remove the declaration xmlns=\"\(written)\""
                : "declare xmlns=\"\(meant)\" here or on the outermost element"
        )
    }

    static func elementsMissing(
        before name: String, _ parent: String, missing: [String], _ expected: [String]
    ) -> Diagnostic {
        Diagnostic(
            rule: "grammar-element-missing", "\(lacking(missing)) is missing before <\(name)>",
            help: missing.isEmpty
                ? "see what <\(parent)> must hold"
                : "add \(missing.count == 1 ? "it" : "one") here: <\(parent)> must have \(missing.count == 1 ? "it" : "one") at this place",
            expected: expected
        )
    }

    private static func lacking(_ missing: [String]) -> String {
        switch missing.count {
        case 0: "an element that must come first"
        case 1, 2: list(missing, joined: "or")
        default: "one of \(list(missing, joined: "or"))"
        }
    }

    static func incomplete(_ name: String, missing: [String], _ expected: [String]) -> Diagnostic {
        Diagnostic(
            rule: "grammar-element-missing",
            "<\(name)> ends too early: \(lacking(missing)) is missing",
            help: "add \(missing.count == 1 ? "it" : "one") before </\(name)>", expected: expected
        )
    }

    /// - Parameter isFirst: whether nothing comes before it in its element.
    static func text(_ parent: String, _ wrappers: [String], _ expected: [String], isFirst: Bool) -> Diagnostic {
        let help =
            isFirst && expected.isEmpty
            ? "write <\(parent)/>, which holds nothing, and the text after it"
            : wrappers.isEmpty
                ? "remove it, or move it into an element that may hold text"
                : "put it into \(list(wrappers, joined: "or"))"
        return Diagnostic(
            rule: "grammar-text", "text is not allowed here in <\(parent)>", help: help, expected: expected)
    }

    /// - Parameter likely: the attributes that the element may have, the likeliest first.
    static func attributeUnknown(
        _ name: String, _ element: String, holders: [String], likely: [String], expected: [String]
    ) -> Diagnostic {
        let may =
            likely.isEmpty
            ? "<\(element)> may have no further attribute" : "<\(element)> may have \(list(likely, joined: "and"))"
        return Diagnostic(
            rule: "grammar-attribute", "@\(name) is not allowed on <\(element)>",
            help: may
                + (holders.isEmpty
                    ? "; the schema has no @\(name)" : "; @\(name) is for \(list(holders, joined: "and"))"),
            expected: expected
        )
    }

    static func attributeMisspelt(_ name: String, _ element: String, _ meant: String, expected: [String]) -> Diagnostic
    {
        Diagnostic(
            rule: "grammar-attribute", "@\(name) is not allowed on <\(element)>",
            help: proposal(meant, insteadOf: "@\(name)"), expected: expected
        )
    }

    /// - Parameter values: those that each attribute may have, in quotation marks; empty if they are not listed.
    static func attributesMissing(
        _ names: [String], values: [[String]], areAlternatives: Bool, _ element: String
    ) -> Diagnostic {
        let word = areAlternatives ? "or" : "and"
        let explained = zip(names, values).map { name, values in
            values.isEmpty ? name : "\(name) (\(list(values, joined: "or")))"
        }
        let areListed = values.contains { !$0.isEmpty }
        return Diagnostic(
            rule: "grammar-attribute-missing", "<\(element)> needs \(list(names, joined: word))",
            help: areListed
                ? "add \(list(explained, joined: word)) to the start tag"
                : "add \(areAlternatives ? "one of them" : names.count == 1 ? "it" : "them") to the start tag",
            expected: names
        )
    }

    /// The values that are allowed.
    struct ValueExpectation {
        /// In quotation marks.
        var values: [String]
        /// The requirements of datatypes, in words.
        var phrases: [String]
        /// The value that was probably meant.
        var near: String?
        /// Why the value is not allowed, where more can be said.
        var reason: String?

        var all: [String] { values + phrases }
    }

    static func attributeValue(
        _ name: String, _ value: String, _ element: String, _ expected: ValueExpectation
    ) -> Diagnostic {
        Diagnostic(
            rule: "grammar-value", "@\(name)=\(quoted(value)) is not allowed on <\(element)>",
            help: help(expected, for: value), expected: expected.all
        )
    }

    static func elementValue(_ value: String, _ element: String, _ expected: ValueExpectation) -> Diagnostic {
        Diagnostic(
            rule: "grammar-value",
            value.isEmpty ? "<\(element)> must not be empty" : "<\(element)> cannot hold \(quoted(value))",
            help: help(expected, for: value),
            expected: expected.all
        )
    }

    private static func help(_ expected: ValueExpectation, for value: String) -> String {
        if let near = expected.near { return proposal("\"\(near)\"", insteadOf: "\"\(value)\"") }
        if let reason = expected.reason { return reason }
        return expected.all.isEmpty ? "remove it" : "write \(list(expected.all, joined: "or"))"
    }

    /// - Parameter first: where the first of them is.
    static func unlisted(_ count: Int, first: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "grammar-limit",
            "\(count) more \(count == 1 ? "error" : "errors") of the schema from here on \(count == 1 ? "is" : "are") not listed: "
                + "of one file \(GrammarValidator.limit) are",
            help: "correct those before, and validate again", at: first, occurrences: count
        )
    }

    static func idTwice(_ id: String, first: SourceLocation, at location: SourceLocation, path: String) -> Diagnostic {
        Diagnostic(
            rule: "grammar-id", "the id ‘\(id)’ is there twice",
            help: "give one of the two another id, and change what points at it",
            at: location, path: path, id: id, notes: [.init("first used here", at: first)]
        )
    }

    static func referenceDangling(
        _ target: String, at location: SourceLocation, path: String, id: String?
    ) -> Diagnostic {
        Diagnostic(
            rule: "grammar-idref", "‘\(target)’ is the id of no element of this document",
            help: "correct it, or give an element that id",
            at: location, path: path, id: id
        )
    }

    static func anyElement(of namespace: String?) -> String {
        namespace.map { "any element of the namespace ‘\($0)’" } ?? "any element"
    }

    static func anyAttribute(of namespace: String?) -> String {
        namespace.map { "any attribute of the namespace ‘\($0)’" } ?? "any attribute"
    }

    /// A value as a message has it: in quotation marks, and no longer than a line.
    private static func quoted(_ value: String) -> String {
        var line = ""
        for scalar in value.unicodeScalars {
            let next = String(scalar).visible
            if line.unicodeScalars.count + next.unicodeScalars.count > 60 { return "\"\(line)…\"" }
            line.unicodeScalars += next.unicodeScalars
        }
        return "\"\(line)\""
    }

    /// A character as a message has it: in quotation marks, or as its code point and name where nothing would be seen.
    static func named(_ scalar: Unicode.Scalar) -> String {
        guard scalar.isInvisible else { return "‘\(scalar)’" }
        let name = scalar.properties.name ?? scalar.properties.nameAlias
        return scalar.codePoint + (name.map { " (\($0))" } ?? "")
    }

    /// How many items a list has at most.
    static let listed = 15

    /// `<a>, <b> or <c>`; of more than ``listed`` the first.
    private static func list(_ items: [String], joined word: String) -> String {
        let shown =
            items.count > listed ? Array(items.prefix(listed - 1)) + ["\(items.count - listed + 1) more"] : items
        guard let last = shown.last, shown.count > 1 else { return shown.first ?? "" }
        return shown.dropLast().joined(separator: ", ") + " \(word) " + last
    }
}
