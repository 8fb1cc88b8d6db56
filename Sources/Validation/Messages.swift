internal import XML

// Every message of this module, in one place, so that they can be read and improved together.

enum Messages {
    // MARK: Which schema
    static func unknownLanguage(_ root: Node) -> Diagnostic {
        Diagnostic(
            rule: unknownLanguageRule, "<\(root.localName)> in the namespace ‘\(root.namespace ?? "")’ begins no schema that is known here",
            help: "name a schema in RELAX NG (.rng, .rnc) or Schematron (.sch), or an ODD with Schematron rules", at: root.location
        )
    }

    static let unknownLanguageRule = "schema-language"

    /// - Parameter instruction: `nil` where the command names the schema.
    static func unknownSchema(_ href: String, _ instruction: Node?) -> Diagnostic {
        Diagnostic(
            rule: "schema-remote",
            "the schema ‘\(href)’ is not at hand, and nothing is fetched from a network unasked: the grammar was not checked",
            help: "fetch it once by `marginalia schema add \(href)`, name a file by `--schema FILE`, "
                + "or a catalog that maps the address to a file by `--catalog FILE`",
            at: instruction?.location
        )
    }

    /// - Parameter reason: why it may not be read.
    static func schemaOutsideRoot(_ path: String, _ reason: Diagnostics, _ instruction: Node) -> Diagnostic {
        Diagnostic(
            rule: "file-outside-root",
            "the schema ‘\(path)’ cannot be used, and the grammar was not checked: \(reason.list[0].message)",
            help: "name a folder that holds both by `--root`, or the schema itself by `--schema`", at: instruction.location
        )
    }

    static func notASchemaFile(_ path: String) -> Diagnostic {
        Diagnostic(
            rule: "schema-language", "‘\(path)’ is no schema: it begins as no XML document, and its name does not end in .rnc",
            help: "correct the reference, or give a schema in compact syntax a name that ends in .rnc"
        )
    }

    /// - Parameter reason: why a schema that a document names is not used.
    static func unusedSchema(_ name: String, _ reason: String, _ instruction: Node) -> Diagnostic {
        Diagnostic(
            .warning, rule: "schema-unused", "\(name) is not used: \(reason)",
            help: "name a schema in RELAX NG or Schematron, as <?xml-model href=\"letters.rng\"?>, or convert this one with Trang", at: instruction.location
        )
    }

    // MARK: Reading a schema: XML syntax

    static func rootIsNoPattern(_ root: Node) -> Diagnostic {
        Diagnostic(
            rule: "schema-element", "a schema does not begin with <\(root.localName)>",
            help: "put it into a <grammar>; a schema is one pattern, such as <grammar> or <element>", at: root.location
        )
    }

    static func unknownElement(_ node: Node) -> Diagnostic {
        Diagnostic(
            rule: "schema-element", "RELAX NG has no element <\(node.localName)>",
            help: "correct the name; an annotation needs a namespace of its own", at: node.location
        )
    }

    static func misplacedElement(_ node: Node, in parent: Node, expected: String) -> Diagnostic {
        Diagnostic(
            rule: "schema-element", "<\(node.localName)> does not stand in <\(parent.localName)>",
            help: "<\(parent.localName)> holds \(expected) here", at: node.location
        )
    }

    static let nameClassNames = "a name class (<name>, <anyName>, <nsName> or <choice>)"

    static func noPattern(_ node: Node) -> Diagnostic {
        Diagnostic(
            rule: "schema-content", "<\(node.localName)> holds no pattern",
            help: "put in what it is to hold; <empty/> stands for nothing", at: node.location
        )
    }

    static func secondPattern(in node: Node, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-content", "<\(node.localName)> holds one pattern, and this is a second",
            help: "put both into a <group>, <choice> or <interleave>", at: location
        )
    }

    static func noName(_ node: Node) -> Diagnostic {
        Diagnostic(
            rule: "schema-content", "this <\(node.localName)> has no name",
            help: "give it name=\"…\", or as its first child \(nameClassNames)", at: node.location
        )
    }

    static func noNameClass(_ node: Node) -> Diagnostic {
        Diagnostic(
            rule: "schema-content", "<\(node.localName)> holds no name class", help: "put in \(nameClassNames)", at: node.location
        )
    }

    static func textInSchema(_ text: Node, in node: Node) -> Diagnostic {
        Diagnostic(
            rule: "schema-text", "text in <\(node.localName)>",
            help: "only <name>, <value> and <param> hold text; write a comment as <!-- … -->", at: text.location
        )
    }

    static func elementInString(_ child: Node, in node: Node) -> Diagnostic {
        Diagnostic(
            rule: "schema-text", "<\(node.localName)> holds text alone, and here is <\(child.name?.description ?? "")>",
            help: "put it behind </\(node.localName)>", at: child.location
        )
    }

    static func missingAttribute(_ name: String, _ node: Node) -> Diagnostic {
        Diagnostic(
            rule: "schema-attribute", "<\(node.localName)> has no \(name)", help: "give it \(name)=\"…\"", at: node.location
        )
    }

    static func unknownAttribute(_ attribute: Attribute) -> Diagnostic {
        Diagnostic(
            rule: "schema-attribute", "<\(attribute.element.localName)> has no attribute ‘\(attribute.name)’",
            help: "correct the name, or remove it; an annotation needs a namespace of its own", at: attribute.location
        )
    }

    static func attributeInNamespace(_ attribute: Attribute) -> Diagnostic {
        Diagnostic(
            rule: "schema-attribute", "‘\(attribute.name)’ is in RELAX NG's namespace, which has no attributes",
            help: "write it without the prefix", at: attribute.location
        )
    }

    static func badCombine(_ value: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-attribute", "combine=\"\(value)\" is not known",
            help: "write combine=\"choice\" or combine=\"interleave\"", at: location
        )
    }

    // MARK: Reading a schema: both syntaxes

    static func schemaDepth(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-depth", "the schema nests more than \(SchemaSyntax.depthLimit) deep here",
            help: "give a part of them a name, and refer to it", at: location
        )
    }

    static func badName(_ name: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-name", "‘\(name)’ is not a name",
            help: "a name begins with a letter or ‘_’, and goes on with letters, digits, ‘.’, ‘-’ and ‘_’", at: location
        )
    }

    static func badQName(_ name: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-name", "‘\(name)’ is not a name",
            help: "a name begins with a letter or ‘_’, and goes on with letters, digits, ‘.’, ‘-’ and ‘_’; "
                + "a prefix and one colon may come before it", at: location
        )
    }

    static func unboundPrefix(_ prefix: String, help: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(rule: "schema-prefix", "the prefix ‘\(prefix)’ is not declared", help: help, at: location)
    }

    static func badLibrary(_ uri: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-uri", "‘\(uri)’ cannot be a datatype library",
            help: "write an absolute URI without ‘#’, such as http://www.w3.org/2001/XMLSchema-datatypes; "
                + "the built-in library is the empty string", at: location
        )
    }

    /// What is wrong with the reference of an `include` or `externalRef`, if anything is.
    static func reference(_ uri: String, at location: @autoclosure () -> SourceLocation) -> Diagnostic? {
        if URISyntax.hasFragment(uri), URISyntax.isReference(uri) {
            return Diagnostic(
                rule: "schema-uri", "‘\(uri)’ has a fragment, and a schema is a whole file",
                help: "name the file alone", at: location()
            )
        }
        guard !URISyntax.isReference(uri) else { return nil }
        return Diagnostic(
            rule: "schema-uri", "‘\(uri)’ is not a URI reference",
            help: "write the path of a file, with %25 for a percent sign", at: location()
        )
    }

    // MARK: Reading a schema: compact syntax

    static func compactEncoding(_ found: Diagnostic) -> Diagnostic {
        guard found.rule == "encoding-invalid" || found.rule == "encoding-unknown" else { return found }
        return Diagnostic(
            rule: found.rule, found.message, help: "store the schema as UTF-8, or as UTF-16 with a byte order mark", at: found.location
        )
    }

    static func compactCharacter(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-character", "this character is not allowed in a schema", help: "remove it: XML has no such character either",
            at: location
        )
    }

    static func compactEscape(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-character", "an escape that does not end, or holds no number",
            help: "write \\x{…} with the hexadecimal number of a character; the backslash itself is \\x{5C}", at: location
        )
    }

    static func compactEscapedCharacter(_ number: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-character", "\\x{\(number)} is no character of XML", help: "write the number of another character",
            at: location
        )
    }

    static func compactUnexpectedCharacter(_ character: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-syntax", "‘\(character)’ begins nothing in compact syntax",
            help: character == "<" ? "a schema in XML syntax is named .rng" : "strings stand in quotation marks, comments behind ‘#’",
            at: location
        )
    }

    static func unclosedLiteral(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-syntax", "a string without its closing quotation mark",
            help: "close it on the same line, or begin and end it with three quotation marks", at: location
        )
    }

    /// - Parameter found: `nil` at the end of the file.
    static func compactUnexpected(_ found: String?, expected: String, at location: SourceLocation) -> Diagnostic {
        let shown = found.map { $0.count > 40 ? "\($0.prefix(40))…" : $0 }
        return Diagnostic(
            rule: "schema-syntax", "\(shown.map { "‘\($0)’" } ?? "the end of the file") was found, and \(expected) was expected",
            help: isKeyword(found) ? "as the name of a definition it is written \\\(found ?? "")" : nil, at: location
        )
    }

    private static func isKeyword(_ found: String?) -> Bool {
        found.map { CompactToken.Kind.keywords[$0] != nil } ?? false
    }

    static let compactPattern = "a pattern"
    static let compactPatternEnd = "‘,’, ‘|’, ‘&’, ‘*’, ‘+’, ‘?’, or the end of the file"
    static let compactBraceEnd = "‘,’, ‘|’, ‘&’, ‘*’, ‘+’, ‘?’ or ‘}’"
    static let compactParenthesisEnd = "‘,’, ‘|’, ‘&’, ‘*’, ‘+’, ‘?’ or ‘)’"
    static let compactMembers = "‘start’, ‘div’, ‘include’, or a name with ‘=’"
    static let compactIncludeMembers = "‘start’, ‘div’, or a name with ‘=’"
    static let compactMixed = "only one of ‘,’, ‘|’ and ‘&’ without parentheses"

    static func compactExceptAlone(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-syntax", "what has a ‘-’ stands alone", help: "put it into parentheses: (a - b) | c", at: location
        )
    }

    static func compactDeclaredTwice(_ what: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(rule: "schema-declaration", "\(what) is declared a second time", help: "remove one of the two", at: location)
    }

    static func compactXMLNSPrefix(at location: SourceLocation) -> Diagnostic {
        Diagnostic(rule: "schema-declaration", "‘xmlns’ cannot be a prefix", help: "choose another", at: location)
    }

    static func compactXMLNamespace(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-declaration", "the prefix ‘xml’ and the namespace \(Namespace.xml) belong to each other alone",
            help: "remove the declaration: ‘xml’ needs none", at: location
        )
    }

    static func compactXSDPrefix(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-declaration", "the datatype prefix ‘xsd’ means \(DatatypeName.xsd)",
            help: "choose another prefix for another library", at: location
        )
    }

    static func compactFollowsSchema(_ name: QName, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-annotation", "the annotation ‘\(name)’ would stand behind the end of the schema",
            help: "put it into the pattern, or write the schema as start = …", at: location
        )
    }

    static func compactAttributeTwice(_ name: QName, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-annotation", "the attribute ‘\(name)’ stands twice", help: "remove one of the two; two prefixes can mean one namespace",
            at: location
        )
    }

    static func compactDeclarationAttribute(_ name: QName, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-annotation", "‘\(name)’ is no attribute: in XML it would declare a namespace",
            help: "declare the namespace before the schema begins: namespace p = \"…\"", at: location
        )
    }

    static func compactUnqualifiedAttribute(_ name: QName, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-annotation", "the annotation ‘\(name)’ has no namespace",
            help: "write it with a prefix that is declared by namespace p = \"…\"", at: location
        )
    }

    static func compactRelaxNGAnnotation(_ name: QName, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-annotation", "the annotation ‘\(name)’ is in RELAX NG's own namespace",
            help: "use another namespace, or write it in compact syntax if it is meant as a part of the schema", at: location
        )
    }

    static func compactInheritedAnnotation(_ prefix: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-annotation", "the prefix ‘\(prefix)’ is inherited, and an annotation needs a namespace",
            help: "declare another prefix with the namespace itself", at: location
        )
    }

    // MARK: Converting a schema

    static func conversionRemote(_ href: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-conversion", "‘\(href)’ is not a file, and nothing is fetched from a network",
            help: "keep a copy of it beside the schema, and refer to that", at: location
        )
    }

    static func conversionOutside(_ path: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-conversion", "‘\(path)’ lies outside of the schema's folder, and would be written outside of the output's",
            help: "convert a schema that lies above all of its files, or move the file", at: location
        )
    }

    static func conversionClash(_ path: String, with other: String) -> Diagnostic {
        Diagnostic(
            rule: "schema-conversion", "‘\(path)’ would be written in place of ‘\(other)’",
            help: "name an output in another folder"
        )
    }

    // MARK: Simplification (RELAX NG, 4)

    static func remoteReference(_ href: String) -> Diagnostic {
        Diagnostic(
            rule: "schema-remote", "‘\(href)’ is not a file, and nothing is fetched from a network",
            help: "keep a copy beside the schema, and name that"
        )
    }

    /// A file of a schema that cannot be read, told at the reference to it.
    static func schemaFile(_ reason: Diagnostic, at location: SourceLocation) -> Diagnostic {
        Diagnostic(rule: reason.rule, reason.message, help: reason.help, at: location)
    }

    static func inclusionLoop(_ paths: [String], at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-inclusion-loop",
            "‘\(paths[0])’ includes itself (RELAX NG, 4.6 and 4.7)" + (paths.count > 2 ? ": " + paths.joined(separator: " → ") : ""),
            help: "remove one of the inclusions of the circle", at: location
        )
    }

    static func includeNoGrammar(_ href: String, target: SourceLocation, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-include", "‘\(href)’ is included and is no grammar (RELAX NG, 4.7)",
            help: "include a file whose outermost pattern is a grammar, or refer to this one by externalRef",
            at: location, notes: [.init("the outermost pattern stands here", at: target)]
        )
    }

    static func overridesNothing(_ name: String?, _ href: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-override",
            (name.map { "the definition of ‘\($0)’" } ?? "this start") + " replaces nothing: ‘\(href)’ has none (RELAX NG, 4.7)",
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
            help: "include each file once; definitions that refer to one another many times over can be an attack", at: location
        )
    }

    static func anyNameExcepted(_ wildcard: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-name-class", "anyName stands in the exception of \(wildcard), which would leave no name (RELAX NG, 4.16)",
            help: "except names or, from anyName, namespaces", at: location
        )
    }

    static func nsNameExcepted(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-name-class", "nsName stands in the exception of nsName (RELAX NG, 4.16)",
            help: "except names, or use anyName outside", at: location
        )
    }

    static func attributeXmlns(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-attribute-xmlns", "an attribute is named ‘xmlns’, which declares a namespace (RELAX NG, 4.16)",
            help: "remove it: namespace declarations are always allowed", at: location
        )
    }

    static func attributeXmlnsNamespace(_ namespace: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-attribute-xmlns", "an attribute is in the namespace ‘\(namespace)’, which is that of declarations (RELAX NG, 4.16)",
            help: "remove it: namespace declarations are always allowed", at: location
        )
    }

    static func combineMissing(_ name: String?, first: SourceLocation, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-combine", "\(definition(name)) stands twice without combine (RELAX NG, 4.17)",
            help: "give one of the two combine=\"choice\" or combine=\"interleave\" (in compact syntax |= or &=), or another name",
            at: location, notes: [.init("the other stands here", at: first)]
        )
    }

    static func combineConflict(
        _ name: String?, _ combine: ComponentSyntax.Combine, _ other: ComponentSyntax.Combine, first: SourceLocation,
        at location: SourceLocation
    ) -> Diagnostic {
        Diagnostic(
            rule: "schema-combine", "\(definition(name)) is combined by \(combine.rawValue) here and by \(other.rawValue) before (RELAX NG, 4.17)",
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
            rule: "schema-ref-undefined", "‘\(name)’ is referred to by parentRef, and there is no grammar around this one (RELAX NG, 4.18)",
            help: "write ref for a definition of the same grammar", at: location
        )
    }

    /// - Parameter names: of the definitions on the way round, the first again at the end.
    static func recursion(_ names: [String], at location: SourceLocation) -> Diagnostic {
        let way = names.count > 12 ? Array(names.prefix(6)) + ["…"] + names.suffix(5) : names
        return Diagnostic(
            rule: "schema-recursion", "‘\(names[0])’ holds itself without an element between (RELAX NG, 4.19): " + way.joined(separator: " → "),
            help: "write repetition as oneOrMore or zeroOrMore, or remove one of the references of the circle", at: location
        )
    }

    // MARK: Restrictions (RELAX NG, 7)

    static func attributeHolds(_ kind: PatternTable.Kind, in attribute: SourceLocation, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-attribute-content", "an attribute holds \(phrase(kind)): attributes hold text and data alone (RELAX NG, 7.1.1)",
            help: "move it beside the attribute", at: location, notes: [.init("the attribute", at: attribute)]
        )
    }

    static func attributesRepeated(_ name: String, in repetition: SourceLocation, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-attribute-repeated",
            "the attribute \(name) is in a group or interleave that may be repeated, and no attribute stands twice (RELAX NG, 7.1.2)",
            help: "move the attribute out of oneOrMore or zeroOrMore", at: location, notes: [.init("repeated here", at: repetition)]
        )
    }

    static func listHolds(_ kind: PatternTable.Kind, in list: SourceLocation, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-list", "a list holds \(phrase(kind)): lists are made of data and values (RELAX NG, 7.1.3)",
            help: kind == .text ? "name a datatype, such as token" : kind == .interleave ? "write them in one order, or as choices"
                : kind == .list ? "remove the inner list: its parts are parts of the outer" : "move it out of the list",
            at: location, notes: [.init("the list", at: list)]
        )
    }

    static func exceptHolds(_ kind: PatternTable.Kind, in data: SourceLocation, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-data-except", "\(phrase(kind)) is excepted from data: only data, values and choices of them can be (RELAX NG, 7.1.4)",
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
            "data, a value or a list stands beside other content, and is always the whole text of its element or attribute (RELAX NG, 7.2)",
            help: "write alternatives as choice, words of one text as list, and text among elements as text",
            at: location, notes: [.init("beside this", at: first)]
        )
    }

    static func stringRepeated(in repetition: SourceLocation, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-string-sequence",
            "data, a value or a list is repeated, and is always the whole text of its element or attribute (RELAX NG, 7.2)",
            help: "put list around the repetition where it is meant of words", at: location, notes: [.init("repeated here", at: repetition)]
        )
    }

    static func attributeTwice(_ first: String, _ second: String, first place: SourceLocation, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-attribute-twice",
            isName(first, second) ? "the attribute \(second) stands twice in one element (RELAX NG, 7.3)"
                : "two attributes of one element can have the same name: \(first), and \(second) (RELAX NG, 7.3)",
            help: "remove one of the two, make them a choice, or except the name", at: location, notes: [.init("the other stands here", at: place)]
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

    static func elementInterleaved(_ first: String, _ second: String, first place: SourceLocation, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-interleave-elements",
            isName(first, second) ? "the element \(second) stands in two parts of one interleave (RELAX NG, 7.4)"
                : "two elements in two parts of one interleave can have the same name: \(first), and \(second) (RELAX NG, 7.4)",
            help: "let each name stand in one part alone; <mixed> and & are interleave too",
            at: location, notes: [.init("the other stands here", at: place)]
        )
    }

    static func textInterleaved(first place: SourceLocation, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-interleave-text", "text stands in two parts of one interleave (RELAX NG, 7.4)",
            help: "remove one of the two; <mixed> is an interleave with text",
            at: location, notes: place == location ? [] : [.init("the other stands here", at: place)]
        )
    }

    // MARK: Identifiers (RELAX NG DTD Compatibility, 5)

    static func idAttributeNames(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-id", "an attribute of type ID, IDREF or IDREFS can have several names (RELAX NG DTD Compatibility, 5)",
            help: "give it one name, or another datatype, such as NCName", at: location
        )
    }

    static func idElementNames(element: SourceLocation, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-id", "an attribute of type ID, IDREF or IDREFS is in an element of any name (RELAX NG DTD Compatibility, 5)",
            help: "name the elements, or give the attribute another datatype, such as NCName",
            at: location, notes: [.init("the element", at: element)]
        )
    }

    static func idParent(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-id", "ID, IDREF or IDREFS is not the whole content of an attribute (RELAX NG DTD Compatibility, 5)",
            help: "write it directly in an attribute, or use another datatype, such as NCName", at: location
        )
    }

    static func idConflict(element: String, attribute: String, first: SourceLocation, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-id",
            "the attribute \(attribute) of the element \(element) may have another type here than elsewhere, where it is ID, IDREF or IDREFS "
                + "(RELAX NG DTD Compatibility, 5)",
            help: "use one type in all patterns of this element and attribute; from anyName or nsName except the name",
            at: location, notes: [.init("elsewhere", at: first)]
        )
    }

    // MARK: Datatypes

    static func unknownLibrary(_ library: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-datatype", "the datatype library ‘\(library)’ is not known",
            help: "http://www.w3.org/2001/XMLSchema-datatypes is, and the built-in one, without name, of string and token", at: location
        )
    }

    static func unknownType(_ name: DatatypeName, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-datatype",
            "there is no datatype ‘\(name.name)’ in " + (name.library.isEmpty ? "the built-in library" : "the library ‘\(name.library)’"),
            help: name.library.isEmpty
                ? "string and token are built in; for others write datatypeLibrary=\"http://www.w3.org/2001/XMLSchema-datatypes\", "
                    + "in compact syntax xsd:\(name.name)"
                : "correct the name", at: location
        )
    }

    static func unknownParameter(_ parameter: String, _ name: DatatypeName, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-parameter", "the datatype ‘\(name.name)’ has no parameter ‘\(parameter)’",
            help: name.library.isEmpty ? "the built-in types have none: use one of http://www.w3.org/2001/XMLSchema-datatypes" : "correct or remove it",
            at: location
        )
    }

    static func badParameter(_ name: String, _ value: String, _ reason: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(rule: "schema-parameter", "‘\(value)’ cannot be the parameter ‘\(name)’: \(reason)", help: "correct the value", at: location)
    }

    static func badDatatype(_ reason: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(rule: "schema-parameter", "the parameters of this datatype do not go together: \(reason)", help: "correct them", at: location)
    }

    static func valueNotAllowed(_ string: String, _ type: DatatypeName, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-value", "‘\(string)’ is not a value of the datatype ‘\(type.name)’",
            help: "correct the value, or name another datatype", at: location
        )
    }

    // MARK: Validation

    /// How a known element that is not allowed can be brought to a place where it is.
    enum Misplacement {
        /// It is the outermost element.
        case root
        /// It is allowed in its parent, earlier or later.
        case order
        /// It is allowed behind its parent.
        case behind
        /// It is allowed in elements that are allowed here.
        case within([String])
        /// It is allowed in these.
        case elsewhere([String])
    }

    static func elementMisplaced(_ name: String, in parent: String?, _ misplacement: Misplacement, _ expected: [String]) -> Diagnostic {
        let parent = parent ?? ""
        var message = "<\(name)> is not allowed in <\(parent)>"
        let help: String
        switch misplacement {
        case .root:
            message = "<\(name)> cannot be the outermost element"
            help = "the schema asks for \(list(expected, joined: "or"))"
        case .order:
            message = "<\(name)> is not allowed at this place in <\(parent)>"
            help = expected.isEmpty
                ? "move it up: behind what stands before it nothing more is allowed"
                : "move it up, or remove it: from here on \(list(expected, joined: "or")) may stand"
        case .behind:
            help = "end <\(parent)> before it: <\(name)> is allowed behind </\(parent)>"
        case .within(let wrappers):
            help = "put it into \(list(wrappers, joined: "or")), which may stand here"
        case .elsewhere(let parents):
            help = parents.isEmpty ? "remove it" : "move it: it is allowed in \(list(parents, joined: "and"))"
        }
        return Diagnostic(rule: "grammar-element", message, help: help, expected: expected)
    }

    /// - Parameter namespace: the element's, where it is not that of the element around it.
    static func elementUnknown(_ name: String, namespace: String?, _ expected: [String]) -> Diagnostic {
        let place = namespace.map { $0.isEmpty ? " without a namespace" : " in the namespace ‘\($0)’" } ?? ""
        return Diagnostic(
            rule: "grammar-element-unknown", "the schema has no element <\(name)>" + place,
            help: expected.isEmpty ? "remove it: nothing more is allowed here" : "use \(list(expected, joined: "or")), or remove it",
            expected: expected
        )
    }

    static func elementMisspelt(_ name: String, _ meant: String, _ expected: [String]) -> Diagnostic {
        Diagnostic(
            rule: "grammar-element-unknown", "the schema has no element <\(name)>", help: proposal(meant, insteadOf: "<\(name)>"), expected: expected
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
            help: meant.isEmpty ? "remove the declaration xmlns=\"\(written)\"" : "declare xmlns=\"\(meant)\" here or on the outermost element"
        )
    }

    static func elementsMissing(before name: String, _ parent: String, missing: [String], _ expected: [String]) -> Diagnostic {
        Diagnostic(
            rule: "grammar-element-missing", "\(lacking(missing)) is missing before <\(name)>",
            help: missing.isEmpty ? "see what <\(parent)> must hold" : "add it here: <\(parent)> must have it at this place", expected: expected
        )
    }

    private static func lacking(_ missing: [String]) -> String {
        switch missing.count {
        case 0: "something"
        case 1, 2: list(missing, joined: "or")
        default: "one of \(list(missing, joined: "and"))"
        }
    }

    static func incomplete(_ name: String, missing: [String], _ expected: [String]) -> Diagnostic {
        Diagnostic(
            rule: "grammar-element-missing",
            "<\(name)> ends too early: \(lacking(missing)) is missing",
            help: "add it before </\(name)>", expected: expected
        )
    }

    static func text(_ parent: String, _ wrappers: [String], _ expected: [String]) -> Diagnostic {
        Diagnostic(
            rule: "grammar-text", "text is not allowed here in <\(parent)>",
            help: wrappers.isEmpty ? "remove it, or move it into an element that may hold text"
                : "put it into \(list(wrappers, joined: "or"))", expected: expected
        )
    }

    static func attributeUnknown(_ name: String, _ element: String, holders: [String], expected: [String]) -> Diagnostic {
        let may = expected.isEmpty ? "<\(element)> may have no further attribute" : "<\(element)> may have \(list(expected, joined: "and"))"
        return Diagnostic(
            rule: "grammar-attribute", "@\(name) is not allowed on <\(element)>",
            help: may + (holders.isEmpty ? "; the schema has no @\(name)" : "; @\(name) is for \(list(holders, joined: "and"))"),
            expected: expected
        )
    }

    static func attributeMisspelt(_ name: String, _ element: String, _ meant: String, expected: [String]) -> Diagnostic {
        Diagnostic(
            rule: "grammar-attribute", "@\(name) is not allowed on <\(element)>", help: proposal(meant, insteadOf: "@\(name)"), expected: expected
        )
    }

    static func attributesMissing(_ names: [String], areAlternatives: Bool, _ element: String) -> Diagnostic {
        Diagnostic(
            rule: "grammar-attribute-missing", "<\(element)> needs \(list(names, joined: areAlternatives ? "or" : "and"))",
            help: "add \(areAlternatives ? "one of them" : names.count == 1 ? "it" : "them") to the start tag", expected: names
        )
    }

    /// What a value may be.
    struct ValueExpectation {
        /// In quotation marks.
        var values: [String]
        /// What datatypes ask for, in words.
        var phrases: [String]
        /// The value that was probably meant.
        var near: String?
        /// Why the value is not allowed, where more can be said.
        var reason: String?

        var all: [String] { values + phrases }
    }

    static func attributeValue(_ name: String, _ value: String, _ element: String, _ expected: ValueExpectation) -> Diagnostic {
        Diagnostic(
            rule: "grammar-value", "@\(name)=\(quoted(value)) is not allowed on <\(element)>", help: help(expected, for: value), expected: expected.all
        )
    }

    static func elementValue(_ value: String, _ element: String, _ expected: ValueExpectation) -> Diagnostic {
        Diagnostic(
            rule: "grammar-value", value.isEmpty ? "<\(element)> must not be empty" : "<\(element)> cannot hold \(quoted(value))",
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
            rule: "grammar-limit", "\(count) more \(count == 1 ? "error" : "errors") of the schema from here on \(count == 1 ? "is" : "are") not listed: "
                + "of one file \(GrammarValidator.limit) are",
            help: "correct those before, and validate again", at: first, occurrences: count
        )
    }

    static func idTwice(_ id: String, first: SourceLocation, at location: SourceLocation, path: String) -> Diagnostic {
        Diagnostic(
            rule: "grammar-id", "the id ‘\(id)’ stands twice", help: "give one of the two another id, and change what points at it",
            at: location, path: path, id: id, notes: [.init("first used here", at: first)]
        )
    }

    static func referenceDangling(_ target: String, at location: SourceLocation, path: String, id: String?) -> Diagnostic {
        Diagnostic(
            rule: "grammar-idref", "‘\(target)’ is the id of no element of this document", help: "correct it, or give an element that id",
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

    /// `<a>, <b> or <c>`; of many the first few.
    private static func list(_ items: [String], joined word: String) -> String {
        let shown = items.count > 7 ? Array(items.prefix(6)) + ["\(items.count - 6) more"] : items
        guard let last = shown.last, shown.count > 1 else { return shown.first ?? "" }
        return shown.dropLast().joined(separator: ", ") + " \(word) " + last
    }

    // MARK: Reports

    /// What a rule is about, and how one comes by a remedy: by the first word of its id, since each result says the particulars.
    static func description(ofRule rule: String) -> (title: String, help: String) {
        let words = rule.split(separator: "-")
        let family = families[String(words.first ?? "")]
        let rest = words.dropFirst(family == nil ? 0 : 1).joined(separator: " ")
        let title = [family?.title, rest.isEmpty ? nil : rest].compactMap(\.self).joined(separator: ": ")
        return (title.isEmpty ? rule : title, family?.help ?? "Each result says what was expected and how to mend it.")
    }

    private static let families: [String: (title: String, help: String)] = [
        "xml": ("XML", "A document must be well-formed: every tag closed, every attribute quoted, every xml:id there once."),
        "encoding": ("Encoding", "A file is stored in the encoding that its XML declaration names: UTF-8, UTF-16 or ISO-8859-1."),
        "file": ("File", "Files must be there, be readable, and lie below the root folder."),
        "xinclude": ("XInclude", "An inclusion names a file below the root folder, or an element in one by its xml:id."),
        "relaxng": ("RELAX NG", "Elements, attributes and text must be those that the schema allows in their place."),
        "schema": ("Schema", "A document is validated by the RELAX NG schemas that it or the command names, and they must be correct."),
        "schematron": ("Schematron", "A rule of the schema says in its own words what must be so; see the schema."),
        "catalog": ("XML catalog", "An XML catalog maps addresses to local files (OASIS XML Catalogs 1.1)."),
        "pointer": ("Pointer", "What points at an element, such as hand=\"#id\", needs an element with that xml:id."),
        "unused": ("Unused", "A hand, witness or entry of a register is declared, and nothing refers to it."),
        "date": ("Date", "Dates are written as TEI and W3C write them, and a period begins before it ends."),
        "gap": ("Gap", "What was left out says why and how much."),
    ]

    // MARK: Catalogs

    static func notACatalog(_ root: Node) -> Diagnostic {
        Diagnostic(
            rule: "catalog-root", "this is no XML catalog: its outermost element is <\(root.localName)> in the namespace ‘\(root.namespace ?? "")’",
            help: "an XML catalog begins with <catalog xmlns=\"\(Catalog.namespace)\">", node: root
        )
    }

    static func catalogElement(_ element: Node) -> Diagnostic {
        Diagnostic(
            rule: "catalog-element", "<\(element.localName)> is not an element of XML Catalogs 1.1",
            help: "the entries are: " + Catalog.Entry.Kind.allCases.map(\.rawValue).joined(separator: ", ") + ", group, nextCatalog",
            node: element
        )
    }

    static func catalogAttribute(_ name: String, _ element: Node) -> Diagnostic {
        Diagnostic(
            rule: "catalog-attribute", "<\(element.localName)> has no attribute ‘\(name)’", help: "write \(name)=\"…\"", node: element
        )
    }

    static func catalogPreference(_ value: String, _ element: Node) -> Diagnostic {
        Diagnostic(
            rule: "catalog-attribute", "prefer=\"\(value)\" is not known", help: "write prefer=\"public\" or prefer=\"system\"",
            node: element, attribute: element.attributeNode("prefer")
        )
    }

    static func catalogUnreadable(_ path: String, _ element: Node, reason: Diagnostics) -> Diagnostic {
        let first = reason.list[0]
        return Diagnostic(
            rule: first.rule, "the catalog ‘\(path)’ cannot be used: \(first.message)", help: first.help, node: element,
            attribute: element.attributeNode("catalog"), notes: first.location.map { [.init(first.message, at: $0)] } ?? []
        )
    }

    static func tooManyCatalogs(_ element: Node) -> Diagnostic {
        Diagnostic(
            rule: "catalog-number", "more than \(Catalog.limit) catalogs name one another",
            help: "put the entries into fewer files", node: element
        )
    }

    // MARK: The store of schemas

    static func storeIndex(_ path: String) -> Diagnostic {
        Diagnostic(
            rule: "store-index", "the index of the stored schemas, ‘\(path)’, is damaged or of another program",
            help: "remove the file, and add the schemas again by `marginalia schema add`; MARGINALIA_SCHEMAS names another folder"
        )
    }

    static func storeUnwritable(_ path: String) -> Diagnostic {
        Diagnostic(
            rule: "file-unwritable", "‘\(path)’ cannot be written, and the stored schemas are as they were",
            help: "check that the folder may be written to and that the disk has room; MARGINALIA_SCHEMAS names another folder"
        )
    }

    static func notStored(_ url: String, known: [String]) -> Diagnostic {
        Diagnostic(
            rule: "store-unknown", "no schema is stored under ‘\(url)’",
            help: known.isEmpty ? "none is stored at all" : "these are stored: " + known.joined(separator: ", ")
        )
    }

    static func notAnAddress(_ string: String) -> Diagnostic {
        Diagnostic(
            rule: "store-address", "‘\(string)’ is not an absolute address",
            help: "write the address that documents name, such as https://example.org/tei_all.rng; a file is stored under one by `--as URL`"
        )
    }

    static func notFetchable(_ address: String) -> Diagnostic {
        Diagnostic(
            rule: "store-address", "‘\(address)’ is not fetched", help: "only http and https are, without a user name in the address"
        )
    }

    static func storePath(_ address: String) -> Diagnostic {
        Diagnostic(
            rule: "store-address", "‘\(address)’ cannot be the name of a file in the store",
            help: "save the schema yourself, and store it by `marginalia schema add FILE --as URL`"
        )
    }

    static func includedElsewhere(_ address: String, from includer: String) -> Diagnostic {
        Diagnostic(
            rule: "store-include", "‘\(includer)’ includes ‘\(address)’, which is not a file beside it and not stored",
            help: "store that first by `marginalia schema add \(address)`"
        )
    }

    static func includedFile(_ address: String, from includer: String) -> Diagnostic {
        Diagnostic(
            rule: "store-include", "‘\(includer)’ is fetched from a network, and includes the local file ‘\(address)’",
            help: "only what lies on a network too is stored with it"
        )
    }

    static func includedUnreadable(_ includer: String, reason: Diagnostics) -> Diagnostics {
        Diagnostics(reason.list.map {
            Diagnostic(
                $0.severity, rule: $0.rule, $0.message, help: $0.help, at: $0.location, path: $0.path, id: $0.id,
                notes: $0.notes + [.init("included by ‘\(includer)’; nothing was stored")]
            )
        })
    }

    static func tooManyIncluded(_ address: String) -> Diagnostic {
        Diagnostic(
            rule: "store-size", "‘\(address)’ includes more than \(SchemaStore.fileLimit) files, and was not stored",
            help: "store a schema in one file, such as TEI's Roma makes"
        )
    }
}

// MARK: - Datatypes: what is wrong in a schema

extension Messages {
    static func pattern(_ error: RegularExpressionError, _ pattern: String) -> String {
        let characters = Array(pattern.unicodeScalars)
        let place = error.offset < characters.count
            ? "character \(error.offset + 1), ‘\(characters[error.offset])’" : characters.isEmpty ? "the beginning" : "its end"
        return "the regular expression is wrong at \(place): \(error.reason)"
    }

    static func lengthNotApplicable(_ type: String) -> String {
        "values of the datatype ‘\(type)’ have no length"
    }

    static func digitsNotApplicable(_ facet: String, _ type: String) -> String {
        "\(facet) belongs to decimal and the types of whole numbers, and not to ‘\(type)’"
    }

    static func boundNotApplicable(_ type: String) -> String {
        "values of the datatype ‘\(type)’ have no order"
    }

    static func badBound(_ expectation: String) -> String {
        "it must itself be a value of the datatype, as the parameters before it leave it: \(expectation)"
    }

    static func badCount(_ facet: String, from least: Int) -> String {
        "\(facet) must be a whole number from \(least)"
    }

    static func facetNotInRelaxNG(_ facet: String) -> String {
        facet == "enumeration" ? "RELAX NG has no enumeration: write a choice of values" : "RELAX NG does not allow it: choose string, normalizedString or token"
    }
}

// MARK: - Datatypes: what a value must be like

extension Messages {
    enum LengthUnit {
        case characters, bytes, items
    }

    static func expectation(_ type: XMLSchemaType) -> String {
        switch type.name {
        case "string", "normalizedString", "anyAtomicType", "untypedAtomic": "text"
        case "token": "a token"
        case "boolean": "true or false"
        case "decimal": "a number such as 12.5"
        case "float", "double": "a number such as 12.5 or 1.25E1"
        case "duration": "a duration such as P1Y6M or PT2H30M"
        case "hexBinary": "bytes in hexadecimal, such as 0FB7"
        case "base64Binary": "bytes in base64"
        case "anyURI": "a URI reference"
        case "language": "a language tag such as en or de-CH"
        case "Name": "an XML name"
        case "NCName": "a name without a colon"
        case "NMTOKEN": "a word of letters, digits, ‘.’, ‘-’, ‘_’ and ‘:’"
        case "NMTOKENS": "words of letters, digits, ‘.’, ‘-’, ‘_’ and ‘:’"
        case "ID": "an id: a name without a colon, used once in the document"
        case "IDREF": "the id of an element of the document"
        case "IDREFS": "ids of elements of the document, with spaces between"
        case "ENTITY": "the name of an unparsed entity"
        case "ENTITIES": "names of unparsed entities, with spaces between"
        case "QName", "NOTATION": "a name, with a prefix if it has a namespace"
        default: example(type.form.fields)
        }
    }

    private static func example(_ fields: CalendarValue.Fields) -> String {
        switch fields {
        case [.year, .month, .day, .time]: "a date and time such as 1818-03-12T09:30:00"
        case [.year, .month, .day]: "a date such as 1818-03-12"
        case .time: "a time such as 09:30:00"
        case [.year, .month]: "a month of a year, such as 1818-03"
        case .year: "a year such as 1818"
        case [.month, .day]: "a day of a month, such as --03-12"
        case .month: "a month such as --03"
        default: "a day such as ---12"
        }
    }

    static func wholeNumber(from lowest: String?, to highest: String?) -> String {
        "a whole number" + (lowest.map { " from \($0)" } ?? "") + (highest.map { lowest == nil ? " up to \($0)" : " to \($0)" } ?? "")
    }

    static func bounds(_ bounds: [(facet: Facet, text: String)]) -> String {
        let phrases = bounds.map { boundPhrase($0.facet, $0.text) }
        return ", " + phrases.joined(separator: " and ")
    }

    private static func boundPhrase(_ facet: Facet, _ text: String) -> String {
        switch facet {
        case .minInclusive: "at least \(text)"
        case .minExclusive: "more than \(text)"
        case .maxInclusive: "at most \(text)"
        default: "less than \(text)"
        }
    }

    static func length(_ minimum: Int, _ maximum: Int, _ unit: LengthUnit) -> String {
        " of " + count(minimum, maximum, unit)
    }

    private static func count(_ minimum: Int, _ maximum: Int, _ unit: LengthUnit) -> String {
        if minimum == maximum { return "\(minimum) \(word(unit, minimum))" }
        if maximum == .max { return "at least \(minimum) \(word(unit, minimum))" }
        return minimum == 0 ? "at most \(maximum) \(word(unit, maximum))" : "\(minimum) to \(maximum) \(word(unit, maximum))"
    }

    private static func word(_ unit: LengthUnit, _ count: Int) -> String {
        let word = switch unit {
        case .characters: "character"
        case .bytes: "byte"
        case .items: "item"
        }
        return count == 1 ? word : word + "s"
    }

    static func totalDigits(_ digits: Int) -> String {
        " of at most \(digits) \(digits == 1 ? "digit" : "digits")"
    }

    static func fractionDigits(_ digits: Int) -> String {
        digits == 0 ? " without a fraction" : " with at most \(digits) \(digits == 1 ? "digit" : "digits") behind the point"
    }

    static func matching(_ pattern: String, isFirst: Bool) -> String {
        switch pattern {
        case #"\S+"#, #"[^\s]+"#, #"[^\p{C}\p{Z}]+"#: " without white space"
        case #"(\p{L}|\p{N}|\p{P}|\p{S})+"#: " of letters, digits, punctuation and symbols, without white space"
        default: (isFirst ? " that matches " : " and matches ") + pattern
        }
    }
}

// MARK: - Datatypes: why a value is not allowed

extension Messages {
    static let emptyValue = "it is empty: give it a value, or leave it out"
    static let whiteSpaceWithin = "there is white space within it"
    static let notWhole = "it is not a whole number"
    static let noEntity = "the document declares no unparsed entity of that name"
    static let durationForm = "durations are written P, then numbers with Y, M and D, then T and numbers with H, M and S: P1Y6M, PT2H30M"
    static let percentEscape = "‘%’ must be followed by two hexadecimal digits: write %25 for the character itself"
    static let secondHash = "‘#’ stands in it twice: write %23 for the character itself"
    static let noYearZero = "there is no year 0000: the year before 0001 is -0001"
    static let midnight = "the end of a day is written as the beginning of the next: 00:00:00"
    static let noTime = "there is no such time: hours go to 23, minutes and seconds to 59"
    static let noZone = "there is no such time zone: they go from -13:00 to +14:00"

    static func written(_ value: String) -> String {
        "it is written \(value)"
    }

    static func booleanMeant(by word: String) -> String? {
        switch word {
        case "true", "yes", "y", "on": "true"
        case "false", "no", "n", "off": "false"
        default: nil
        }
    }

    static func decimalComma(_ number: String) -> String {
        "numbers are written with a point: \(number)"
    }

    static func groupedDigits(_ number: String) -> String {
        "numbers are written without a mark or space between their digits: \(number)"
    }

    static func nameStart(_ scalar: Unicode.Scalar) -> String {
        "a name begins with a letter or ‘_’, not with \(named(scalar))"
    }

    static func nameCharacter(_ scalar: Unicode.Scalar) -> String {
        "\(named(scalar)) may not stand in a name"
    }

    static func unboundPrefix(_ prefix: String) -> String {
        "the prefix ‘\(prefix)’ is not bound to a namespace here"
    }

    static func wrongLength(_ length: Int, _ minimum: Int, _ maximum: Int, _ unit: LengthUnit) -> String {
        "it has \(length) \(word(unit, length)), and \(count(minimum, maximum, unit)) \(minimum == 1 && maximum == 1 ? "is" : "are") asked for"
    }

    static func tooManyDigits(_ total: Int, _ fraction: Int) -> String {
        let limits = [
            total == .max ? nil : "\(total) in all", fraction == .max ? nil : "\(fraction) behind the point",
        ].compactMap { $0 }
        return "it has too many digits: at most \(limits.joined(separator: " and ")) are allowed"
    }

    static func outOfBounds(_ facet: Facet, _ text: String) -> String {
        "it must be \(boundPhrase(facet, text))"
    }

    static func patternUnfinished(_ pattern: String) -> String {
        "something is missing at its end: it must match \(pattern)"
    }

    static func patternFails(_ pattern: String, _ scalar: Unicode.Scalar, _ number: Int) -> String {
        "its character \(number), \(named(scalar)), does not fit: it must match \(pattern)"
    }

    /// - Parameter suggestions: what was probably meant, at least one.
    static func calendarForm(_ fields: CalendarValue.Fields, _ suggestions: [String]) -> String {
        let form = switch fields {
        case [.year, .month, .day, .time]: "dates with times are written year-month-dayThours:minutes:seconds"
        case [.year, .month, .day]: "dates are written year-month-day"
        case .time: "times are written hours:minutes:seconds"
        case [.year, .month]: "months of a year are written year-month"
        case .year: "years are written with four digits at least"
        case [.month, .day]: "days of a month are written --month-day"
        case .month: "months are written --month"
        default: "days are written ---day"
        }
        return "\(form): \(suggestions.joined(separator: " or "))"
    }

    static func otherCalendarType(found: CalendarValue.Fields, expected: CalendarValue.Fields) -> String {
        let words: [(CalendarValue.Fields, String)] = [(.year, "year"), (.month, "month"), (.day, "day"), (.time, "time")]
        let missing = words.filter { expected.contains($0.0) && !found.contains($0.0) }.map(\.1)
        let surplus = words.filter { found.contains($0.0) && !expected.contains($0.0) }.map(\.1)
        let (list, problem) = missing.isEmpty ? (surplus, "too much") : (missing, "missing")
        return "the " + list.joined(separator: " and ") + (list.count == 1 ? " is " : " are ") + problem
    }

    static func noMonth(_ month: Int64) -> String {
        "there is no month \(month)"
    }

    static func noDay(_ reading: CalendarReading, _ fields: CalendarValue.Fields) -> String {
        let name = fields.contains(.month) ? months[Int(reading.month) - 1] : "a month"
        return "there is no day \(reading.day): \(name)" + (fields.contains(.year) ? " \(reading.year)" : "") + " has \(reading.daysInMonth) days"
    }

    /// The number of an English name of a month, or of the beginning of one.
    static func monthNumber(_ word: String) -> Int? {
        months.firstIndex { $0.lowercased().hasPrefix(word.lowercased()) }.map { $0 + 1 }
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]
}
