package import XML

// Messages about schemas that are no RELAX NG (sections 4 and 7, and DTD Compatibility, 5).

extension RelaxNGMessages {
    // MARK: Simplification (RELAX NG, 4)

    package static func remoteReference(_ href: String) -> Diagnostic {
        Diagnostic(
            rule: "schema-remote", "‘\(href)’ is not a file, and nothing is fetched from a network",
            help: "keep a copy beside the schema, and name that"
        )
    }

    /// A file of a schema that cannot be read, reported at the reference to it.
    static func schemaFile(_ reason: Diagnostic, at location: SourceLocation) -> Diagnostic {
        Diagnostic(rule: reason.rule, reason.message, help: reason.help, at: location)
    }

    static func inclusionLoop(_ paths: [String], at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-inclusion-loop",
            "‘\(paths[0])’ includes itself (RELAX NG, 4.6 and 4.7)"
                + (paths.count > 2 ? ": " + paths.joined(separator: " → ") : ""),
            help: "remove one of the inclusions of the circle", at: location
        )
    }

    static func includeNoGrammar(_ href: String, target: SourceLocation, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-include", "‘\(href)’ is included and is no grammar (RELAX NG, 4.7)",
            help: "include a file whose outermost pattern is a grammar, or refer to this one by externalRef",
            at: location, notes: [.init("the outermost pattern is here", at: target)]
        )
    }

    static func overridesNothing(_ name: String?, _ href: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-override",
            (name.map { "the definition of ‘\($0)’" } ?? "this start")
                + " replaces nothing: ‘\(href)’ has none (RELAX NG, 4.7)",
            help: "correct the name, or move the definition out of the include", at: location
        )
    }

    static func patternDepth(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-depth",
            "the definitions of this schema put patterns more than \(SchemaLimit.patternDepth) deep in one another, without an element between",
            help: "write repetition as oneOrMore or zeroOrMore, or divide the schema by elements", at: location
        )
    }

    static func inclusionDepth(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-depth", "files include one another more than \(SchemaLimit.fileDepth) deep",
            help: "include the innermost file directly", at: location
        )
    }

    static func schemaTooLarge(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-too-large", "the definitions of this schema expand to far more than its files hold",
            help: "include each file once; definitions that refer to one another many times over can be an attack",
            at: location
        )
    }

    static func anyNameExcepted(_ wildcard: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-name-class",
            "anyName is in the exception of \(wildcard), which would leave no name (RELAX NG, 4.16)",
            help: "except names or, from anyName, namespaces", at: location
        )
    }

    static func nsNameExcepted(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-name-class", "nsName is in the exception of nsName (RELAX NG, 4.16)",
            help: "except names, or use anyName outside", at: location
        )
    }

    static func attributeXmlns(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-attribute-xmlns",
            "an attribute is named ‘xmlns’, which declares a namespace (RELAX NG, 4.16)",
            help: "remove it: namespace declarations are always allowed", at: location
        )
    }

    static func attributeXmlnsNamespace(_ namespace: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-attribute-xmlns",
            "an attribute is in the namespace ‘\(namespace)’, which is that of declarations (RELAX NG, 4.16)",
            help: "remove it: namespace declarations are always allowed", at: location
        )
    }

    static func combineMissing(_ name: String?, first: SourceLocation, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-combine", "\(definition(name)) is there twice without combine (RELAX NG, 4.17)",
            help:
                "give one of the two combine=\"choice\" or combine=\"interleave\" (in compact syntax |= or &=), or another name",
            at: location, notes: [.init("the other is here", at: first)]
        )
    }

    static func combineConflict(
        _ name: String?, _ combine: ComponentSyntax.Combine, _ other: ComponentSyntax.Combine, first: SourceLocation,
        at location: SourceLocation
    ) -> Diagnostic {
        Diagnostic(
            rule: "schema-combine",
            "\(definition(name)) is combined by \(combine.rawValue) here and by \(other.rawValue) before (RELAX NG, 4.17)",
            help: "combine all of one name in the same way", at: location, notes: [.init("before", at: first)]
        )
    }

    private static func definition(_ name: String?) -> String {
        name.map { "the definition of ‘\($0)’" } ?? "start"
    }

    static func startMissing(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-start-missing", "this grammar has no start (RELAX NG, 4.18)",
            help: "say which elements may be the outermost: <start>…</start>, in compact syntax start = …", at: location
        )
    }

    static func refUndefined(_ name: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-ref-undefined", "‘\(name)’ is referred to and not defined in its grammar (RELAX NG, 4.18)",
            help: "correct the name, define it, or include the file that does", at: location
        )
    }

    static func refOutsideGrammar(_ name: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-ref-undefined", "‘\(name)’ is referred to outside of any grammar (RELAX NG, 4.18)",
            help: "put a grammar around, and define it there", at: location
        )
    }

    static func parentRefOutsideGrammar(_ name: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-ref-undefined",
            "‘\(name)’ is referred to by parentRef, and there is no grammar around this one (RELAX NG, 4.18)",
            help: "write ref for a definition of the same grammar", at: location
        )
    }

    /// - Parameter names: of the definitions on the way round, the first again at the end.
    static func recursion(_ names: [String], at location: SourceLocation) -> Diagnostic {
        let way = names.count > 12 ? Array(names.prefix(6)) + ["…"] + names.suffix(5) : names
        return Diagnostic(
            rule: "schema-recursion",
            "‘\(names[0])’ holds itself without an element between (RELAX NG, 4.19): " + way.joined(separator: " → "),
            help: "write repetition as oneOrMore or zeroOrMore, or remove one of the references of the circle",
            at: location
        )
    }

    // MARK: Restrictions (RELAX NG, 7)

    static func attributeHolds(
        _ kind: PatternTable.Kind, in attribute: SourceLocation, at location: SourceLocation
    ) -> Diagnostic {
        Diagnostic(
            rule: "schema-attribute-content",
            "an attribute holds \(phrase(kind)): attributes hold text and data alone (RELAX NG, 7.1.1)",
            help: "move it beside the attribute", at: location, notes: [.init("the attribute", at: attribute)]
        )
    }

    static func attributesRepeated(
        _ name: String, in repetition: SourceLocation, at location: SourceLocation
    ) -> Diagnostic {
        Diagnostic(
            rule: "schema-attribute-repeated",
            "the attribute \(name) is in a group or interleave that may be repeated, and no attribute is there twice (RELAX NG, 7.1.2)",
            help: "move the attribute out of oneOrMore or zeroOrMore", at: location,
            notes: [.init("repeated here", at: repetition)]
        )
    }

    static func listHolds(_ kind: PatternTable.Kind, in list: SourceLocation, at location: SourceLocation) -> Diagnostic
    {
        Diagnostic(
            rule: "schema-list", "a list holds \(phrase(kind)): lists are made of data and values (RELAX NG, 7.1.3)",
            help: kind == .text
                ? "name a datatype, such as token"
                : kind == .interleave
                    ? "write them in one order, or as choices"
                    : kind == .list
                        ? "remove the inner list: its parts are parts of the outer" : "move it out of the list",
            at: location, notes: [.init("the list", at: list)]
        )
    }

    static func exceptHolds(
        _ kind: PatternTable.Kind, in data: SourceLocation, at location: SourceLocation
    ) -> Diagnostic {
        Diagnostic(
            rule: "schema-data-except",
            "\(phrase(kind)) is excepted from data: only data, values and choices of them can be (RELAX NG, 7.1.4)",
            help: "except values or datatypes", at: location, notes: [.init("excepted from this", at: data)]
        )
    }

    static func startHolds(_ kind: PatternTable.Kind, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-start", "start holds \(phrase(kind)): a document has one outermost element (RELAX NG, 7.1.5)",
            help: "start with an element, or with a choice of elements", at: location
        )
    }

    private static func phrase(_ kind: PatternTable.Kind) -> String {
        switch kind {
        case .attribute, .element, .interleave: "an \(kind)"
        case .list, .group, .value: "a \(kind)"
        case .oneOrMore: "a repetition"
        case .text, .data, .empty, .choice, .notAllowed: "\(kind)"
        }
    }

    static func stringInSequence(first: SourceLocation, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-string-sequence",
            "data, a value or a list is beside other content, and is always the whole text of its element or attribute (RELAX NG, 7.2)",
            help: "write alternatives as choice, words of one text as list, and text among elements as text",
            at: location, notes: [.init("beside this", at: first)]
        )
    }

    static func stringRepeated(in repetition: SourceLocation, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-string-sequence",
            "data, a value or a list is repeated, and is always the whole text of its element or attribute (RELAX NG, 7.2)",
            help: "put list around the repetition where it is meant of words", at: location,
            notes: [.init("repeated here", at: repetition)]
        )
    }

    static func attributeTwice(
        _ first: String, _ second: String, first place: SourceLocation, at location: SourceLocation
    ) -> Diagnostic {
        Diagnostic(
            rule: "schema-attribute-twice",
            isName(first, second)
                ? "the attribute \(second) is there twice in one element (RELAX NG, 7.3)"
                : "two attributes of one element can have the same name: \(first), and \(second) (RELAX NG, 7.3)",
            help: "remove one of the two, make them a choice, or except the name", at: location,
            notes: [.init("the other is here", at: place)]
        )
    }

    /// Whether two descriptions of name classes are of one and the same name.
    private static func isName(_ first: String, _ second: String) -> Bool { first == second && first.hasPrefix("‘") }

    static func wildcardNotRepeated(_ name: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-attribute-wildcard", "an attribute of \(name) is not repeated (RELAX NG, 7.3)",
            help: "put oneOrMore or zeroOrMore around the attribute", at: location
        )
    }

    static func elementInterleaved(
        _ first: String, _ second: String, first place: SourceLocation, at location: SourceLocation
    ) -> Diagnostic {
        Diagnostic(
            rule: "schema-interleave-elements",
            isName(first, second)
                ? "the element \(second) is in two parts of one interleave (RELAX NG, 7.4)"
                : "two elements in two parts of one interleave can have the same name: \(first), and \(second) (RELAX NG, 7.4)",
            help: "use each name in one part only; <mixed> and & are interleave too",
            at: location, notes: [.init("the other is here", at: place)]
        )
    }

    static func textInterleaved(first place: SourceLocation, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-interleave-text", "text is in two parts of one interleave (RELAX NG, 7.4)",
            help: "remove one of the two; <mixed> is an interleave with text",
            at: location, notes: place == location ? [] : [.init("the other is here", at: place)]
        )
    }

    // MARK: Identifiers (RELAX NG DTD Compatibility, 5)

    static func idAttributeNames(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-id",
            "an attribute of type ID, IDREF or IDREFS can have several names (RELAX NG DTD Compatibility, 5)",
            help: "give it one name, or another datatype, such as NCName", at: location
        )
    }

    static func idElementNames(element: SourceLocation, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-id",
            "an attribute of type ID, IDREF or IDREFS is in an element of any name (RELAX NG DTD Compatibility, 5)",
            help: "name the elements, or give the attribute another datatype, such as NCName",
            at: location, notes: [.init("the element", at: element)]
        )
    }

    static func idParent(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-id",
            "ID, IDREF or IDREFS is not the whole content of an attribute (RELAX NG DTD Compatibility, 5)",
            help: "write it directly in an attribute, or use another datatype, such as NCName", at: location
        )
    }

    static func idConflict(
        element: String, attribute: String, first: SourceLocation, at location: SourceLocation
    ) -> Diagnostic {
        Diagnostic(
            rule: "schema-id",
            "the attribute \(attribute) of the element \(element) may have another type here than elsewhere, where it is ID, IDREF or IDREFS "
                + "(RELAX NG DTD Compatibility, 5)",
            help: "use one type in all patterns of this element and attribute; from anyName or nsName except the name",
            at: location, notes: [.init("elsewhere", at: first)]
        )
    }
}
