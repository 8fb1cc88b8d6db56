public import XML

/// A check that neither a grammar nor Schematron can make, because it needs other files or a table of what may point at
/// what. Each check is a row of ``all``.
///
///     for diagnostic in Check.run(document, library) { print(diagnostic.message) }
///
/// Checks work on any TEI, valid or not. The other rules of good practice are in `Schemas/marginalia.sch`.
public struct Check: Sendable {
    /// The id of the rule in its diagnostics, such as `pointer-hand`.
    public let rule: String
    /// The subject of the rule, for a list of rules.
    public let title: String
    /// The severity of its diagnostics.
    public let severity: Diagnostic.Severity
    /// The rule in one sentence: what is true in a correct document.
    public let says: String
    /// A part of a document that breaks the rule, and a part that keeps it.
    package let example: Example
    /// The walk over the document that makes this check. Several checks may share one.
    package let walk: Walk

    /// A part of a document that breaks a rule, and a part that keeps it. `docs/checks.md` is made from them.
    package struct Example: Sendable {
        /// The part of the `profileDesc` that the examples need; empty if the usual two hands are enough.
        package var header = ""
        /// The part that breaks the rule.
        package let wrong: String
        /// The part that keeps the rule.
        package let right: String
    }

    /// A walk over a document.
    package final class Walk: Sendable {
        /// How to correct what its checks find.
        package let help: String
        /// Checks a document (after XInclude). The resolver opens other files, below its root.
        package let run: @Sendable (Document, PointerResolver) -> [Diagnostic]

        init(help: String, run: @escaping @Sendable (Document, PointerResolver) -> [Diagnostic]) {
            (self.help, self.run) = (help, run)
        }

        static let pointers = Walk(
            help: "What points at an element, such as hand=\"#id\", needs an element with that xml:id."
        ) { PointerCheck(document: $0, library: $1).run() }

        static let placeholders = Walk(
            help: "Write what the document has in place of the instruction <?placeholder …?>, or remove the element."
        ) { document, _ in PlaceholderCheck(document: document).run() }

        static let elements = Walk(
            help: "Use an element of TEI, such as <seg> with a @type: what it is in a text is known."
        ) { document, _ in ElementCheck(document: document).run() }
    }

    /// All checks. Reports, `docs/checks.md` and the tests read this list.
    public static let all: [Check] = [
        Check(
            rule: "pointer-hand", title: "Pointer: hand", severity: .error,
            says: "A hand that is named is a `handNote`.",
            example: Example(
                wrong: ##"<p><add hand="#clintn">OK</add></p>"##, right: ##"<p><add hand="#clinton">OK</add></p>"##),
            walk: .pointers
        ),
        Check(
            rule: "pointer-witness", title: "Pointer: witness", severity: .error,
            says: "A witness that is named is a `witness`, or the description or bibliography of one.",
            example: Example(
                header: ##"<listWit><witness xml:id="A"/></listWit>"##,
                wrong: ##"<p><app><lem wit="#A">forced</lem><rdg wit="#B">false</rdg></app></p>"##,
                right: ##"<p><app><lem wit="#A">forced</lem><rdg>false</rdg></app></p>"##),
            walk: .pointers
        ),
        Check(
            rule: "pointer-change", title: "Pointer: change", severity: .error,
            says: "A stage of writing that is named is a `change` or a `listChange`.",
            example: Example(
                header: ##"<creation><listChange><change xml:id="draft">The draft</change></listChange></creation>"##,
                wrong: ##"<p change="#final"/>"##, right: ##"<p change="#draft"/>"##),
            walk: .pointers
        ),
        Check(
            rule: "pointer-register", title: "Pointer: register", severity: .error,
            says: "A name points at the entry of a register of its kind; so does whoever speaks.",
            example: Example(
                wrong: ##"<p><orgName ref="TEI/people.xml#clinton">Clinton</orgName></p>"##,
                right: ##"<p><persName ref="TEI/people.xml#clinton">Clinton</persName></p>"##),
            walk: .pointers
        ),
        Check(
            rule: "pointer-target", title: "Pointer: target", severity: .error,
            says: "What any other pointer names is there.",
            example: Example(
                wrong: ##"<p xml:id="p1"/><note target="#p2">See above.</note>"##,
                right: ##"<p xml:id="p1"/><note target="#p1">See above.</note>"##),
            walk: .pointers
        ),
        Check(
            rule: "pointer-file", title: "Pointer: file", severity: .error,
            says: "A file that a pointer names can be read and is well-formed.",
            example: Example(
                wrong: ##"<p><ref target="TEI/nosuch.xml">the other memo</ref></p>"##,
                right: ##"<p><ref target="TEI/05-memo-gore-debriefing.xml">the other memo</ref></p>"##),
            walk: .pointers
        ),
        Check(
            rule: "pointer-image", title: "Pointer: image", severity: .warning,
            says: "An image or recording that `@facs` or `@url` names is there. It is never opened.",
            example: Example(
                wrong: ##"<p><graphic url="TEI/page-3.png"/></p>"##,
                right: ##"<p><graphic url="docs/marginalia.png"/></p>"##),
            walk: .pointers
        ),
        Check(
            rule: "pointer-span", title: "Pointer: span", severity: .warning,
            says:
                "A span ends after the place where it begins, with the content of the element that `@spanTo` names; else it is empty.",
            example: Example(
                wrong: ##"<p><anchor xml:id="end"/>They <delSpan spanTo="#end"/>agreed.</p>"##,
                right: ##"<p>They <delSpan spanTo="#end"/>agreed<anchor xml:id="end"/>.</p>"##),
            walk: .pointers
        ),
        Check(
            rule: "pointer-empty", title: "Pointer: empty", severity: .error, says: "A pointer is not empty.",
            example: Example(
                wrong: ##"<p><ref target="">the other memo</ref></p>"##,
                right: ##"<p><ref>the other memo</ref></p>"##),
            walk: .pointers
        ),
        Check(
            rule: "element-unknown", title: "Element: unknown", severity: .warning,
            says: "An element of the text is TEI’s; of any other, the texts have the words and nothing else.",
            example: Example(
                wrong: #"<p>They met <x xmlns="http://example.org/mine">at sea</x>.</p>"#,
                right: "<p>They met <seg>at sea</seg>.</p>"),
            walk: .elements
        ),
        Check(
            rule: "placeholder", title: "Placeholder", severity: .note,
            says: "What a skeleton leaves to fill in has been filled in.",
            example: Example(wrong: "<p><?placeholder First paragraph?></p>", right: "<p>They met at sea.</p>"),
            walk: .placeholders
        ),
    ]

    /// The groups of Schematron rules in `Schemas/marginalia.sch`, by the first word of their ids, for a list of rules.
    package static let families: [(rule: String, title: String, help: String)] = [
        ("unused", "Unused", "A hand, witness or entry of a register is declared, and nothing refers to it."),
        ("date", "Date", "Dates are written as TEI and W3C write them, and a period begins before it ends."),
        ("gap", "Gap", "What was left out says why and how much."),
    ]

    private static let walks = all.map(\.walk).reduce(into: [Walk]()) { walks, walk in
        if !walks.contains(where: { $0 === walk }) { walks.append(walk) }
    }

    /// Runs all checks on a document.
    ///
    /// - Parameters:
    ///   - document: a document after XInclude.
    ///   - resolver: opens the files that the document points at.
    /// - Returns: what is wrong, in the order of the source.
    public static func run(_ document: Document, _ resolver: PointerResolver) -> [Diagnostic] {
        walks.flatMap { $0.run(document, resolver) }.inSourceOrder
    }

    /// The severity of a rule's diagnostics.
    static func severity(of rule: String) -> Diagnostic.Severity {
        all.first { $0.rule == rule }?.severity ?? .error
    }
}
