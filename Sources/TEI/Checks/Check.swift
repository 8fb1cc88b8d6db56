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
    package let example: RuleDescription.Example
    /// How to mend what breaks the rule in many places.
    public let mending: String
    /// The walk over the document that makes this check. Several checks may share one.
    package let walk: Walk

    /// A walk over a document.
    package final class Walk: Sendable {
        /// Checks a document (after XInclude). The resolver opens other files, below its root.
        package let run: @Sendable (Document, PointerResolver) -> [Diagnostic]

        init(_ run: @escaping @Sendable (Document, PointerResolver) -> [Diagnostic]) { self.run = run }

        static let pointers = Walk { PointerCheck(document: $0, library: $1).run() }
        static let elements = Walk { document, _ in ElementCheck(document: document).run() }
        static let placeholders = Walk { document, _ in PlaceholderCheck(document: document).run() }
        static let hands = Walk { HandCheck(document: $0, library: $1).run() }
        static let names = Walk { NameCheck(document: $0, library: $1).run() }
    }

    /// The check as a rule among others.
    package var description: RuleDescription {
        RuleDescription(rule, title, severity: severity, says: says, example: example, mending: mending)
    }

    /// All checks. Reports, `docs/checks.md` and the tests read this list.
    public static let all: [Check] = [
        Check(
            rule: "pointer-hand", title: "Pointer: hand", severity: .error,
            says: "A hand that is named is a `handNote`.",
            example: .init(
                wrong: ##"<p><add hand="#clintn">OK</add></p>"##,
                message: ##"@hand="#clintn" points at nothing: memo.xml has no element with xml:id="clintn""##,
                help: "did you mean #clinton? point at a handNote, or give it that xml:id",
                right: ##"<p><add hand="#clinton">OK</add></p>"##
            ),
            mending:
                ##"`marginalia query 'distinct-values(//@hand)' TEI` lists the hands that are named. Give each a `handNote` in a header that the documents share, or correct a spelling everywhere: `sed -i 's/="#clintn"/="#clinton"/g' TEI/*.xml`."##,
            walk: .pointers
        ),
        Check(
            rule: "pointer-witness", title: "Pointer: witness", severity: .error,
            says: "A witness that is named is a `witness`, or the description or bibliography of one.",
            example: .init(
                header: #"<listWit><witness xml:id="A"/></listWit>"#,
                wrong: ##"<p><app><lem wit="#A">forced</lem><rdg wit="#B">false</rdg></app></p>"##,
                message: ##"@wit="#B" points at nothing: memo.xml has no element with xml:id="B""##,
                help: "did you mean #A? point at a witness, or give it that xml:id",
                right: ##"<p><app><lem wit="#A">forced</lem><rdg>false</rdg></app></p>"##
            ),
            mending:
                ##"`marginalia query 'distinct-values(//@wit)' TEI` lists the sigla: write a `listWit` with a `witness` for each. Sigla without their # get it by `sed -i -E 's/ wit="([A-Za-z0-9]+)"/ wit="#\1"/g' TEI/*.xml`."##,
            walk: .pointers
        ),
        Check(
            rule: "pointer-change", title: "Pointer: change", severity: .error,
            says: "A stage of writing that is named is a `change` or a `listChange`.",
            example: .init(
                header: #"<creation><listChange><change xml:id="draft">The draft</change></listChange></creation>"#,
                wrong: ##"<p change="#final"/>"##,
                message: ##"@change="#final" points at nothing: memo.xml has no element with xml:id="final""##,
                help: "point at a change, or give it that xml:id",
                right: ##"<p change="#draft"/>"##
            ),
            mending:
                "`marginalia query 'distinct-values(//text/descendant-or-self::*/@change)' TEI` lists the stages: write a `change` for each into a `listChange` in `creation`.",
            walk: .pointers
        ),
        Check(
            rule: "pointer-register", title: "Pointer: register", severity: .error,
            says: "A name points at the entry of a register of its kind; so does whoever speaks.",
            example: .init(
                wrong: #"<p><orgName ref="TEI/people.xml#clinton">Clinton</orgName></p>"#,
                message: #"@ref="TEI/people.xml#clinton" points at <person>, where an org was expected"#,
                help: "point at an org",
                right: #"<p><persName ref="TEI/people.xml#clinton">Clinton</persName></p>"#
            ),
            mending:
                #"`marginalia query '//orgName[contains(@ref, "people.xml")]' TEI` lists names that point at the wrong register. Rename the element, or correct the file in the pointer."#,
            walk: .pointers
        ),
        Check(
            rule: "pointer-target", title: "Pointer: target", severity: .error,
            says: "What any other pointer names is there.",
            example: .init(
                wrong: ##"<p xml:id="p1"/><note target="#p2">See above.</note>"##,
                message: ##"@target="#p2" points at nothing: memo.xml has no element with xml:id="p2""##,
                help: "did you mean #p1? point at an element, or give it that xml:id",
                right: ##"<p xml:id="p1"/><note target="#p1">See above.</note>"##
            ),
            mending:
                "`marginalia validate --only pointer-target --format csv TEI` lists them by file. Where a revision has dropped ids, give them back; where the target is lost for good, `--ignore pointer-target`.",
            walk: .pointers
        ),
        Check(
            rule: "pointer-file", title: "Pointer: file", severity: .error,
            says: "A file that a pointer names can be read and is well-formed.",
            example: .init(
                wrong: #"<p><ref target="TEI/nosuch.xml">the other memo</ref></p>"#,
                message:
                    #"@target="TEI/nosuch.xml" leads to a file that cannot be used: there is no file ‘edition/TEI/nosuch.xml’"#,
                help: "check the path and its spelling",
                right: #"<p><ref target="TEI/05-memo-gore-debriefing.xml">the other memo</ref></p>"#
            ),
            mending:
                ##"After a folder was renamed, `sed -i 's#"old/#"new/#g' TEI/*.xml` mends all pointers. Pointers into the same document that lack their # get it by `sed -i -E 's/ hand="([a-z]+)"/ hand="#\1"/g' TEI/*.xml`."##,
            walk: .pointers
        ),
        Check(
            rule: "pointer-image", title: "Pointer: image", severity: .warning,
            says: "An image or recording that `@facs` or `@url` names is there. It is never opened.",
            example: .init(
                wrong: #"<p><graphic url="TEI/page-3.png"/></p>"#,
                message: #"@url="TEI/page-3.png": there is no file ‘edition/TEI/page-3.png’"#,
                help: "correct the path, or put the image there",
                right: #"<p><graphic url="docs/marginalia.png"/></p>"#
            ),
            mending:
                #"If the images lie elsewhere, name their folder once in each document, as `<facsimile xml:base="../images/">`, or `--ignore pointer-image`."#,
            walk: .pointers
        ),
        Check(
            rule: "pointer-span", title: "Pointer: span", severity: .warning,
            says:
                "A span ends after the place where it begins, with the content of the element that `@spanTo` names; else it is empty.",
            example: .init(
                wrong: ##"<p><anchor xml:id="end"/>They <delSpan spanTo="#end"/>agreed.</p>"##,
                message: ##"@spanTo="#end" of <delSpan> leads backwards or into another file: the span is empty"##,
                help: "point at an element after this one, such as an <anchor> where the span ends",
                right: ##"<p>They <delSpan spanTo="#end"/>agreed<anchor xml:id="end"/>.</p>"##
            ),
            mending:
                #"`marginalia query '//*[@spanTo]' TEI` lists the spans. Put an `<anchor xml:id="…"/>` where each ends, and point at it."#,
            walk: .pointers
        ),
        Check(
            rule: "pointer-empty", title: "Pointer: empty", severity: .error,
            says: "A pointer is not empty.",
            example: .init(
                wrong: #"<p><ref target="">the other memo</ref></p>"#,
                message: "@target of <ref> is empty",
                help: ##"point at something, as target="#id", or leave the attribute out"##,
                right: "<p><ref>the other memo</ref></p>"
            ),
            mending:
                #"`sed -i -E 's/ (ref|target|hand|who|resp)=""//g' TEI/*.xml` removes those that an editor program left."#,
            walk: .pointers
        ),
        Check(
            rule: "element-unknown", title: "Element: unknown", severity: .warning,
            says: "An element of the text is TEI’s; of any other, the texts have the words and nothing else.",
            example: .init(
                wrong: #"<p>They met <x xmlns="http://example.org/mine">at sea</x>.</p>"#,
                message:
                    "<x> of ‘http://example.org/mine’ is no element of TEI: the texts have its words, and the program knows nothing else about it",
                help: #"use an element of TEI, such as <seg type="x">"#,
                right: "<p>They met <seg>at sea</seg>.</p>"
            ),
            mending:
                #"Rename it everywhere: `sed -i -E 's#<(/?)mine:place\b#<\1placeName#g' TEI/*.xml`. If your project needs the element, `--ignore element-unknown`."#,
            walk: .elements
        ),
        Check(
            rule: "placeholder", title: "Placeholder", severity: .note,
            says: "What a skeleton leaves to fill in has been filled in.",
            example: .init(
                wrong: "<p><?placeholder First paragraph?></p>",
                message: "this is left to fill in",
                help: "write in its place what the document has, or remove the element around it",
                right: "<p>They met at sea.</p>"
            ),
            mending:
                "`marginalia query '//processing-instruction(placeholder)' TEI` lists them. While you work, `--ignore placeholder`.",
            walk: .placeholders
        ),
        Check(
            rule: "hand-unnamed", title: "Hand: unnamed", severity: .note,
            says: "A hand says whose it is: texts and pages call it by its name.",
            example: .init(
                in: .header,
                wrong: #"<handNotes><handNote xml:id="h1" scope="sole" medium="ink"/></handNotes>"#,
                message: "this hand has no name: texts and pages call it ‘h1’",
                help: #"say in a few words whose hand it is, or name its writer by scribe="…" or scribeRef="…""#,
                right:
                    #"<handNotes><handNote xml:id="h1" scope="sole" medium="ink">Anthony Lake</handNote></handNotes>"#
            ),
            mending:
                #"`marginalia query '//handNote[not(@scribe or @scribeRef or normalize-space())]' TEI` lists them. Give each `scribeRef="people.xml#…"` or `scribe="…"`; if ids are names enough, `--ignore hand-unnamed`."#,
            walk: .hands
        ),
        Check(
            rule: "name-unregistered", title: "Name: unregistered", severity: .note,
            says: "Where a document has a register, each name of its kind points at an entry.",
            example: .init(
                header:
                    #"<particDesc><listPerson><person xml:id="lake"><persName>Anthony Lake</persName></person></listPerson></particDesc>"#,
                wrong:
                    ##"<p><persName ref="#lake">Mr. Lake</persName> agrees, and <persName>Anthony Lake</persName> signs.</p>"##,
                message: "the name ‘Anthony Lake’ points at no entry of the register",
                help: ##"did you mean ref="#lake"?"##,
                right:
                    ##"<p><persName ref="#lake">Mr. Lake</persName> agrees, and <persName ref="#lake">Anthony Lake</persName> signs.</p>"##
            ),
            mending:
                #"`marginalia query 'distinct-values(//text//persName[not(@ref)])' TEI` lists the names. Write the pointers by `sed -i 's|<persName>Lake<|<persName ref="people.xml#lake">Lake<|g' TEI/*.xml`; if not each name has an entry by design, `--ignore name-unregistered`."#,
            walk: .names
        ),
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
