// Every message of this module, in one place, so that they can be read and improved together.

enum Messages {
    // MARK: XInclude

    static func xincludeElement(_ node: Node) -> Diagnostic {
        Diagnostic(
            rule: "xinclude-element", "<\(node.name?.description ?? "")> is not where XInclude allows it",
            help: "an xi:include holds at most one xi:fallback, and no other element of XInclude", node: node
        )
    }

    static func xincludeParse(_ value: String, _ node: Node) -> Diagnostic {
        Diagnostic(
            rule: "xinclude-parse", "parse=\"\(value)\" is not known", help: "write parse=\"xml\" or parse=\"text\"",
            node: node, attribute: node.attributeNode("parse")
        )
    }

    static func xincludeReference(_ href: String, _ node: Node) -> Diagnostic {
        Diagnostic(
            rule: "xinclude-href", href.isEmpty ? "this inclusion names nothing" : "‘\(href)’ has a fragment",
            help: "name a file by href, and an element in it by xpointer=\"id\"",
            node: node, attribute: node.attributeNode("href")
        )
    }

    static func xincludeNetwork(_ href: String, _ node: Node) -> Diagnostic {
        Diagnostic(
            rule: "xinclude-network", "‘\(href)’ is not a file, and nothing is fetched from a network",
            help: "keep a copy beside the document, and include that", node: node, attribute: node.attributeNode("href")
        )
    }

    static func xincludeID(_ pointer: String, path: String, _ node: Node) -> Diagnostic {
        Diagnostic(
            rule: "xinclude-id", "‘\(path)’ has no element with xml:id=\"\(pointer)\"",
            help: "name an xml:id of that file; other XPointers than ids are not read",
            node: node, attribute: node.attributeNode("xpointer")
        )
    }

    static func xincludeLoop(_ path: String, _ node: Node) -> Diagnostic {
        Diagnostic(
            rule: "xinclude-loop", "‘\(path)’ includes itself, directly or through others",
            help: "remove one of the inclusions of the circle", node: node
        )
    }

    static func xincludeRoot(_ node: Node) -> Diagnostic {
        Diagnostic(
            rule: "xinclude-root", "after the inclusions there is not one outermost element",
            help: "include a whole XML file or one element here, and nothing beside it", node: node
        )
    }

    static func xincludeCharacter(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "xinclude-character", "this character is not allowed in XML, and the file is included as text",
            help: "remove it from the file, or include another", at: location
        )
    }

    static func xincludeDepth(_ node: Node) -> Diagnostic {
        Diagnostic(
            rule: "xinclude-depth", "elements or inclusions are more than 256 deep in each other",
            help: "include the innermost file directly", node: node
        )
    }

    static func xincludeExpansion(_ node: Node) -> Diagnostic {
        Diagnostic(
            rule: "xinclude-expansion", "the inclusions of this document make far more of it than its files hold",
            help: "include each file once: more than 16 times the nodes and bytes of the files is refused", node: node
        )
    }

    static func xincludeFailed(_ path: String, _ node: Node, reason: Diagnostics) -> Diagnostic {
        Diagnostic(
            rule: reason.list[0].rule, "the inclusion fails: \(reason.list[0].message)",
            help: "correct the href, or say by <xi:fallback> what to use instead", node: node,
            attribute: node.attributeNode("href")
        )
    }

    // MARK: Encoding

    static func encodingUnknown(_ name: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "encoding-unknown", "the encoding ‘\(name)’ is not read",
            help:
                "UTF-8, UTF-16, ISO-8859-1, windows-1252 and US-ASCII are: convert the file, for example by `iconv -f \(name) -t UTF-8`, "
                + "and change its XML declaration", at: location
        )
    }

    static func encodingMismatch(declared: String, found: Encoding, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "encoding-mismatch", "the XML declaration says ‘\(declared)’, and the bytes are \(found.rawValue)",
            help: "write encoding=\"\(found.rawValue)\", or store the file as it says", at: location
        )
    }

    static func invalidUTF8(byte: UInt8, at location: SourceLocation) -> Diagnostic {
        // In ISO-8859-1 these bytes are control characters, which no author means.
        let isOfWindows = 0x80...0x9F ~= byte && Encoding.windows1252.character(byte) != nil
        let other = isOfWindows ? Encoding.windows1252 : .latin1
        return Diagnostic(
            rule: "encoding-invalid", "the byte \(hex(byte)) is not UTF-8",
            help: "if the file was stored in another encoding, declare it, as by encoding=\"\(other.rawValue)\", "
                + "or convert it: `iconv -f \(other.rawValue) -t UTF-8`", at: location
        )
    }

    private static func hex(_ byte: UInt8) -> String { "0x" + String(byte, radix: 16, uppercase: true) }

    static func invalidByte(_ byte: UInt8, _ encoding: Encoding, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "encoding-invalid", "the byte \(hex(byte)) is no character of \(encoding.rawValue)",
            help: encoding == .ascii
                ? "declare the encoding that the file has, as by encoding=\"UTF-8\""
                : "correct the character, or declare the encoding that the file has",
            at: location
        )
    }

    /// - Parameter control: the first such character of a file, from 0x80 to 0x9F.
    static func control(_ control: UInt8, _ encoding: Encoding, at location: SourceLocation) -> Diagnostic {
        let meant = Encoding.windows1252.character(control).map { ": in windows-1252 that byte is ‘\($0)’" } ?? ""
        return Diagnostic(
            .warning, rule: "control-character",
            "U+\(String(UInt32(control) + 0x1_0000, radix: 16, uppercase: true).dropFirst()) is a control character\(meant)",
            help: encoding == .latin1
                ? "declare encoding=\"windows-1252\", or convert the file: `iconv -f windows-1252 -t UTF-8`"
                : "write the character that is meant; the file was probably converted from windows-1252 as if it were ISO-8859-1",
            at: location
        )
    }

    static func character(at location: SourceLocation) -> Diagnostic {
        Diagnostic(rule: "xml-character", "this character is not allowed in XML", help: characterHelp, at: location)
    }

    private static let characterHelp =
        "remove it, or write what was meant; control characters cannot be written even as a reference"

    static func secondMark(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "xml-character", "the file begins with two byte order marks", help: "remove one; UTF-8 needs none",
            at: location
        )
    }

    static func invalidUTF16(_ encoding: Encoding, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "encoding-invalid",
            "half a character in \(encoding.rawValue): a surrogate without its pair, or an odd byte",
            help: "store the file again, as UTF-8 if possible", at: location
        )
    }

    // MARK: Well-formedness

    static func tooLarge(at location: SourceLocation) -> Diagnostic {
        Diagnostic(rule: "xml-too-large", "a document of 2 GB or more cannot be held", help: "divide it", at: location)
    }

    static func noParser() -> Diagnostic {
        Diagnostic(rule: "xml-no-memory", "there is not enough memory for a parser")
    }

    static func entityExpansion(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "xml-entity-expansion", "the entities of this document expand to far more than the document",
            help: "write the text out; entities within entities can be an attack", at: location
        )
    }

    static func duplicateID(_ id: String, first: SourceLocation, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "xml-id-duplicate", "the xml:id ‘\(id)’ is there twice",
            help: "give one of the two another xml:id, and change the pointers that mean it", at: location, id: id,
            notes: [.init("first used here", at: first)]
        )
    }

    static func notWellFormed(_ message: String?, at location: SourceLocation) -> Diagnostic {
        Diagnostic(rule: "xml-syntax", message ?? "the document is not well-formed", at: location)
    }

    static func syntax(_ error: SyntaxError) -> Diagnostic {
        let row = error.isExternal ? externalEntity(error.words[0] ?? "") : row(for: error)
        let original = error.message.trimmingSuffixes
        var notes: [Diagnostic.Note] = []
        if error.inEntity {
            notes.append(.init("the mistake is in the text of the entity that is referred to here"))
        } else if row.namesOpenElement, let open = error.openElement {
            notes.append(.init("<\(open.name)> was opened here", at: open.location))
        }
        return Diagnostic(rule: row.rule, row.message ?? original, help: row.help, at: error.location, notes: notes)
    }

    private struct Row {
        var rule: String
        var message: String?
        var help: String?
        var namesOpenElement = false
    }

    private static func undeclared(_ name: String) -> String {
        let known = characterOfHTML(named: name).map { scalar in
            let number = "&#x\(String(scalar.value, radix: 16, uppercase: true));"
            return scalar.isInvisible ? number : "\(scalar) or \(number)"
        }
        return known.map { "write \($0): XML knows only &amp; &lt; &gt; &quot; and &apos; by name" }
            ?? "write the character itself or its number, as &#xE9; for é; XML knows only &amp; &lt; &gt; &quot; and &apos; by name"
    }

    private static func externalEntity(_ name: String) -> Row {
        Row(
            rule: "xml-entity-external",
            message: "the entity ‘\(name)’ stands for another file, and such entities are not read",
            help: "include the file by XInclude: <xi:include href=\"…\"/>"
        )
    }

    private static func row(for error: SyntaxError) -> Row {
        let (first, second) = (error.words[0] ?? "", error.words[1] ?? "")
        switch error.cause {
        case _ where ["too long", "too big", "too large"].contains(where: error.message.contains):
            return Row(
                rule: "xml-too-long", message: "a value, comment, CDATA section or name is longer than libxml2 reads",
                help: "divide it: the limit is 10 MB, and 50,000 bytes for a name")
        case .emptyDocument:
            return Row(
                rule: "xml-empty", message: "there is no element: the file is empty, or is not XML",
                help: "a document begins with an element, such as <TEI xmlns=\"http://www.tei-c.org/ns/1.0\">")
        case .contentAfterEnd:
            return Row(
                rule: "xml-content-after-end", message: "there is something after the end of the outermost element",
                help: "only comments and processing instructions are allowed there: remove it, or move it in")
        case .invalidCharacter where error.message.contains("xmlParseCharRef"):
            return Row(
                rule: "xml-character-reference", message: "this reference names a character that is not allowed in XML",
                help: "remove it, or write what was meant")
        case .invalidCharacter, .invalidEncoding:
            return Row(rule: "xml-character", message: "this character is not allowed in XML", help: characterHelp)
        case .invalidCharacterReference:
            return Row(
                rule: "xml-character-reference", message: "this character reference does not name a character of XML",
                help: "write &#x…; with the number in hexadecimal, or the character itself")
        case .undeclaredEntity:
            return Row(
                rule: "xml-entity-undeclared", message: "the entity ‘&\(first);’ is not declared",
                help: undeclared(first)
            )
        case .unparsedEntity:
            return Row(
                rule: "xml-entity-unparsed",
                message: "the entity ‘\(first)’ stands for a file that is not XML, and cannot be referred to in text",
                help: "name the file in an attribute, such as url of <graphic>")
        case .nameRequired where error.message.contains("attribute name"):
            return Row(
                rule: "xml-tag-unfinished", message: "this tag does not end where it should",
                help: "write ‘>’, or name=\"value\" for an attribute, with white space between attributes")
        case .nameRequired where error.message.contains("EntityRef"), .entityReferenceWithoutSemicolon:
            return Row(
                rule: "xml-ampersand", message: "an ‘&’ that begins no reference",
                help: "write &amp; for the character itself; a reference ends with a semicolon")
        case .entityLoop:
            return Row(
                rule: "xml-entity-expansion",
                message: "an entity contains itself, or expands to far more than the document",
                help: "write the text out")
        case .internalError where error.message.contains("depth"), .emptyDocument where error.message.contains("depth"):
            return Row(
                rule: "xml-depth", message: "elements are more than 256 deep in each other",
                help: "no edition needs that depth: look for end tags that were left out")
        case .tagMismatch:
            return mismatch(open: first, found: second)
        case .unclosedElement:
            return Row(
                rule: "xml-unclosed", message: "the file ends before </\(first)>",
                help: "write the end tag where the element ends, and see whether the file is whole",
                namesOpenElement: true)
        case .attributeTwice:
            return Row(
                rule: "xml-attribute-twice",
                message: "the attribute ‘\(second.isEmpty ? first : "\(first):\(second)")’ is there twice in this tag",
                help: "remove one of the two")
        case .namespacedAttributeTwice:
            return Row(
                rule: "xml-attribute-twice",
                message: "the attribute ‘\(first)’ of the namespace ‘\(second)’ is there twice in this tag",
                help: "remove one of the two; their prefixes mean the same namespace")
        case .attributeWithoutQuote:
            return Row(
                rule: "xml-attribute-quote",
                message: "the value of an attribute begins or ends without its quotation mark",
                help: "write name=\"value\"")
        case .attributeWithoutValue:
            return Row(
                rule: "xml-attribute-value", message: "the attribute ‘\(first)’ has no value",
                help: "write \(first)=\"…\"")
        case .lessThanInAttribute:
            return Row(
                rule: "xml-attribute-less-than", message: "a ‘<’ in the value of an attribute",
                help: "write &lt;, or see whether a quotation mark is missing before it")
        case .nameRequired:
            return Row(
                rule: "xml-name", message: "a name was expected here",
                help: "write &lt; for the character ‘<’ itself; a name begins with a letter or ‘_’")
        case .unfinishedTag:
            return Row(
                rule: "xml-tag-unfinished", message: "this tag does not end where it should",
                help: "write ‘>’, or name=\"value\" for an attribute, with white space between attributes")
        case .spaceRequired:
            return Row(
                rule: "xml-space-required", message: "white space is missing between two attributes",
                help: "write a space between them")
        case .unfinishedComment:
            return Row(rule: "xml-comment", message: "a comment has no end", help: "end it with -->")
        case .hyphensInComment:
            return Row(
                rule: "xml-comment", message: "‘--’ within a comment",
                help: "write - - or a dash; a comment ends with -->")
        case .unfinishedSection:
            return Row(rule: "xml-cdata", message: "a CDATA section has no end", help: "end it with ]]>")
        case .misplacedSectionEnd:
            return Row(rule: "xml-cdata", message: "‘]]>’ in text", help: "write ]]&gt;")
        case .reservedName:
            return Row(
                rule: "xml-declaration",
                message: "an XML declaration that is not at the very beginning, or an instruction named ‘xml’",
                help: "move <?xml …?> to the first character of the file; remove what is before it")
        case .unfinishedInstruction:
            return Row(
                rule: "xml-instruction", message: "a processing instruction has no name, or no end",
                help: "write <?name …?>")
        case .internalError where error.message.contains("InternalSubset"), .unfinishedDoctype:
            return Row(
                rule: "xml-doctype", message: "a declaration in the document type cannot be read",
                help:
                    "correct it, or remove the part between [ and ] if the document needs none of its entities and defaults"
            )
        case .namespace:
            return Row(
                rule: "xml-namespace", message: nil,
                help:
                    "a name has at most one colon, and a prefix is declared as xmlns:prefix=\"…\" with a namespace that is not empty"
            )
        case .undeclaredPrefix:
            return Row(
                rule: "xml-namespace-prefix",
                message: "the prefix ‘\(first)’ of ‘\(first):\(second)’ is not bound to a namespace",
                help: first.lowercased() == "xml"
                    ? "did you mean xml:\(second)?" : "declare it on the outermost element, as xmlns:\(first)=\"…\"")
        default:
            return Row(rule: "xml-syntax", message: nil, help: nil)
        }
    }

    private static func mismatch(open: String, found: String) -> Row {
        Row(
            rule: "xml-tag-mismatch", message: "</\(found)> was found where </\(open)> was expected",
            help: "close <\(open)> before it, or correct the name of one of the two tags", namesOpenElement: true
        )
    }
}

extension String {
    /// libxml2 ends its messages with a line end.
    fileprivate var trimmingSuffixes: String {
        var text = self[...]
        while let last = text.last, last.isWhitespace || last == "." { text.removeLast() }
        return String(text)
    }
}
