package import XML

// Messages about schemas that cannot be read or converted.

extension RelaxNGMessages {
    package static func unknownLanguage(_ root: Node) -> Diagnostic {
        Diagnostic(
            rule: unknownLanguageRule,
            "<\(root.localName)> in the namespace ‘\(root.namespace ?? "")’ begins no schema that is known here",
            help: "name a schema in RELAX NG (.rng, .rnc) or Schematron (.sch), or an ODD with Schematron rules",
            at: root.location
        )
    }

    package static let unknownLanguageRule = "schema-language"

    static func notASchemaFile(_ path: String) -> Diagnostic {
        Diagnostic(
            rule: "schema-language",
            "‘\(path)’ is no schema: it begins as no XML document, and its name does not end in .rnc",
            help: "correct the reference, or give a schema in compact syntax a name that ends in .rnc"
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
            rule: "schema-element", "<\(node.localName)> is not allowed in <\(parent.localName)>",
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
            rule: "schema-content", "<\(node.localName)> holds no name class", help: "put in \(nameClassNames)",
            at: node.location
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
            rule: "schema-attribute", "<\(node.localName)> has no \(name)", help: "give it \(name)=\"…\"",
            at: node.location
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

    /// The error in the reference of an `include` or `externalRef`, if there is one.
    static func reference(_ uri: String, at location: @autoclosure () -> SourceLocation) -> Diagnostic? {
        if URIReference(uri).fragment != nil, URIReference.isReference(uri) {
            return Diagnostic(
                rule: "schema-uri", "‘\(uri)’ has a fragment, and a schema is a whole file",
                help: "name the file alone", at: location()
            )
        }
        guard !URIReference.isReference(uri) else { return nil }
        return Diagnostic(
            rule: "schema-uri", "‘\(uri)’ is not a URI reference",
            help: "write the path of a file, with %25 for a percent sign", at: location()
        )
    }

    // MARK: Reading a schema: compact syntax

    static func compactEncoding(_ found: Diagnostic) -> Diagnostic {
        guard found.rule == "encoding-invalid" || found.rule == "encoding-unknown" else { return found }
        return Diagnostic(
            rule: found.rule, found.message, help: "store the schema as UTF-8, or as UTF-16 with a byte order mark",
            at: found.location
        )
    }

    static func compactCharacter(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-character", "this character is not allowed in a schema",
            help: "remove it: XML has no such character either",
            at: location
        )
    }

    static func compactEscape(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-character", "an escape that does not end, or holds no number",
            help: "write \\x{…} with the hexadecimal number of a character; the backslash itself is \\x{5C}",
            at: location
        )
    }

    static func compactEscapedCharacter(_ number: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-character", "\\x{\(number)} is no character of XML",
            help: "write the number of another character",
            at: location
        )
    }

    static func compactUnexpectedCharacter(_ character: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-syntax", "‘\(character)’ begins nothing in compact syntax",
            help: character == "<"
                ? "a schema in XML syntax is named .rng" : "strings stand in quotation marks, comments behind ‘#’",
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
            rule: "schema-syntax",
            "\(shown.map { "‘\($0)’" } ?? "the end of the file") was found, and \(expected) was expected",
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
            rule: "schema-syntax", "what has a ‘-’ stands alone", help: "put it into parentheses: (a - b) | c",
            at: location
        )
    }

    static func compactDeclaredTwice(_ what: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-declaration", "\(what) is declared a second time", help: "remove one of the two", at: location
        )
    }

    static func compactXMLNSPrefix(at location: SourceLocation) -> Diagnostic {
        Diagnostic(rule: "schema-declaration", "‘xmlns’ cannot be a prefix", help: "choose another", at: location)
    }

    static func compactXMLNamespace(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "schema-declaration",
            "the prefix ‘xml’ and the namespace \(Namespace.xml) belong to each other alone",
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
            rule: "schema-annotation", "the attribute ‘\(name)’ is there twice",
            help: "remove one of the two; two prefixes can mean one namespace",
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
            help: "use another namespace, or write it in compact syntax if it is meant as a part of the schema",
            at: location
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
            rule: "schema-conversion",
            "‘\(path)’ lies outside of the schema's folder, and would be written outside of the output's",
            help: "convert a schema that lies above all of its files, or move the file", at: location
        )
    }

    static func conversionClash(_ path: String, with other: String) -> Diagnostic {
        Diagnostic(
            rule: "schema-conversion", "‘\(path)’ would be written in place of ‘\(other)’",
            help: "name an output in another folder"
        )
    }
}
