internal import XML

// Every message of the checks, in one place, so that they can be read and improved together.

enum Messages {
    static func missingPath(_ path: String) -> Diagnostic {
        Diagnostic(
            rule: "file-missing", "there is no file or folder ‘\(path)’", help: "check the path and its spelling")
    }

    static func missingRoot(_ path: String) -> Diagnostic {
        Diagnostic(
            rule: "root-missing", "there is no folder ‘\(path)’",
            help: "name by `--root` the folder that holds all files")
    }

    static func unreadableFolder(_ path: String) -> Diagnostic {
        Diagnostic(rule: "file-unreadable", "the folder ‘\(path)’ cannot be read", help: "check its permissions")
    }

    static func emptyFolder(_ path: String) -> Diagnostic {
        Diagnostic(
            rule: "folder-empty", "the folder ‘\(path)’ holds no XML file",
            help: "name a folder with files ending in .xml or .tei")
    }

    static func sameFile(
        _ address: String, _ name: String, at location: SourceLocation?, other: SourceLocation?
    ) -> Diagnostic {
        Diagnostic(
            rule: "export-name", "the document ‘\(name)’ would be written to ‘\(address)’, as another one is",
            help: "rename one of the files, give one document another xml:id, or export them into different folders",
            at: location,
            notes: other.map { [.init("the other one", at: $0)] } ?? []
        )
    }

    static func missingImage(_ pointer: String, _ path: String, _ attribute: Attribute, on node: Node) -> Diagnostic {
        finding(
            "pointer-image", "@\(attribute.name)=\"\(pointer)\": there is no file ‘\(path)’",
            help: "correct the path, or put the image there", node: node, attribute: attribute
        )
    }

    static func notTEI(_ root: Node) -> Diagnostic {
        let help =
            switch root.localName {
            case "TEI", "teiCorpus", "text", "body", "teiHeader": "write <\(root.localName) xmlns=\"\(Namespace.tei)\">"
            case "TEI.2", "teiCorpus.2": "this is TEI P4: convert it to P5 first, for example with the TEI Stylesheets"
            default: "name a document in TEI P5, whose outermost element is <TEI xmlns=\"\(Namespace.tei)\">"
            }
        return Diagnostic(
            rule: "not-tei",
            "<\(root.name?.description ?? "")> is not TEI: it is \(root.namespace.map { "in the namespace ‘\($0)’" } ?? "in no namespace")",
            help: help, at: root.location
        )
    }

    static func readOnce(_ path: String) -> Diagnostic {
        Diagnostic(
            rule: "not-streamed", "‘\(path)’ can be read only once, and a file in parts is read twice",
            help: "store it as a file, or leave out --stream")
    }

    static func otherEncoding(_ path: String) -> Diagnostic {
        Diagnostic(
            rule: "not-streamed", "‘\(path)’ is not in UTF-8, and cannot be read in parts",
            help: "convert it by `iconv -t UTF-8`, with its XML declaration, or leave out --stream"
        )
    }

    /// - Parameter reason: what reaches from one part of a document into another.
    static func notStreamed(_ reason: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "not-streamed", "\(reason): the document cannot be read in parts",
            help: "leave out --stream, or divide the file", at: location)
    }

    static func tooLargePart(_ size: Int, _ limit: Int, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            rule: "not-streamed",
            "the document has a stretch of \(size / 1_000_000) MB that is not parted into paragraphs or divisions",
            help: "a stretch may have \(limit / 1_000_000) MB: leave out --stream", at: location
        )
    }

    static func changed(_ path: String) -> Diagnostic {
        Diagnostic(rule: "file-changed", "‘\(path)’ has changed while it was read", help: "export it again")
    }

    static func noSuchPolicy(
        _ policy: Policy, _ transcription: Transcription, at location: SourceLocation
    ) -> Diagnostic {
        Diagnostic(
            rule: "policy-unknown", "this document has no text ‘\(policy)’",
            help: "it has: " + transcription.policies.map(\.description).joined(separator: ", "), at: location
        )
    }

    static func undescribedHand(
        _ policy: Policy, _ transcription: Transcription, at location: SourceLocation
    ) -> Diagnostic {
        Diagnostic(
            rule: "policy-unknown", "the header describes no hand for ‘\(policy)’",
            help: "it has: " + transcription.policies.map(\.description).joined(separator: ", ")
                + "; a hand that is only pointed at is found without --stream",
            at: location
        )
    }

    static func beyondText(_ offset: Int, _ reading: Reading) -> Diagnostic {
        Diagnostic(
            rule: "offset-beyond-text", "the text ‘\(reading.policy)’ has no character \(offset)",
            help: reading.length == 0
                ? "it is empty: choose another by --policy" : "write an offset from 0 to \(reading.length - 1)"
        )
    }

    static func notOfText(_ path: String, _ files: Set<CodepointString>) -> Diagnostic {
        Diagnostic(
            rule: "not-in-text", "nothing of the text comes from ‘\(path)’",
            help: files.isEmpty
                ? "it is empty" : "it comes from: " + files.sorted().map(\.string).joined(separator: ", ")
        )
    }

    /// - Parameter next: the offset of the first character after the place that the text has, and its place in the
    ///   source.
    static func notInText(
        _ place: String, _ policy: Policy, next: (offset: Int, location: SourceLocation)?
    ) -> Diagnostic {
        let following = next.map { "the next character of this text is \($0.offset), at \($0.location)" }
        let other = policy == .diplomatic ? nil : "‘--policy diplomatic’ has all that is written"
        let help = [following, other].compactMap(\.self)
        return Diagnostic(
            rule: "not-in-text", "nothing of the text ‘\(policy)’ stands at \(place)",
            help: help.isEmpty ? "that place is markup, or what no text has" : help.joined(separator: "; ")
        )
    }

    static func emptyPointer(_ attribute: Attribute, on node: Node) -> Diagnostic {
        finding(
            "pointer-empty", "@\(attribute.name) of <\(node.localName)> is empty",
            help: "point at something, as \(attribute.name)=\"#id\", or leave the attribute out", node: node,
            attribute: attribute
        )
    }

    /// - Parameter near: an id of this document that is the pointer without its `#`.
    static func pointerFile(
        _ pointer: String, _ attribute: Attribute, on node: Node, reason: Diagnostics, near: String?
    ) -> Diagnostic {
        let first = reason.list[0]
        let missesHash =
            near != nil || first.rule == "file-missing" && !pointer.utf8.contains { "./:?%#".utf8.contains($0) }
        let help =
            near.map { "did you mean #\($0)? A pointer into the same document begins with #" }
            ?? (missesHash
                ? "write #\(pointer) for an element of this document, or the path of a file as it is written" : nil)
        return finding(
            first.rule == "file-outside-root" ? first.rule : "pointer-file",
            missesHash
                ? "@\(attribute.name)=\"\(pointer)\" has no #, and so it is a file: \(first.message)"
                : "@\(attribute.name)=\"\(pointer)\" leads to a file that cannot be used: \(first.message)",
            help: help ?? (first.rule.hasPrefix("file-") ? first.help : "mend that file first"), node: node,
            attribute: attribute,
            notes: first.location.map { [.init(first.message, at: $0)] } ?? []
        )
    }

    static func dangling(
        _ pointer: String, _ attribute: Attribute, rule: String, expected: String, id: String, file: String,
        near: String?, on node: Node
    ) -> Diagnostic {
        let suggestion = near.map { "did you mean \(Reference(pointer).resource)#\($0)? " } ?? ""
        return finding(
            rule,
            "@\(attribute.name)=\"\(pointer)\" points at nothing: \(file) has no element with xml:id=\"\(id)\"",
            help: suggestion + "point at \(expected), or give it that xml:id", node: node, attribute: attribute
        )
    }

    static func backwardSpan(_ pointer: String, _ attribute: Attribute, on node: Node, target: Node) -> Diagnostic {
        finding(
            "pointer-span",
            "@spanTo=\"\(pointer)\" of <\(node.localName)> leads backwards or into another file: the span is empty",
            help: "point at an element after this one, such as an <anchor> where the span ends", node: node,
            attribute: attribute,
            notes: [.init("it leads here", at: target.location)]
        )
    }

    static func wrongKind(
        _ pointer: String, _ attribute: Attribute, rule: String, expected: String, target: Node, on node: Node
    ) -> Diagnostic {
        finding(
            rule,
            "@\(attribute.name)=\"\(pointer)\" points at <\(target.localName)>, where \(expected) was expected",
            help: "point at \(expected)", node: node, attribute: attribute,
            notes: [.init("<\(target.localName)> is here", at: target.location)]
        )
    }

    /// - Parameter count: how many elements have this name.
    static func unknownElement(_ node: Node, count: Int) -> Diagnostic {
        let namespace =
            node.namespace == Namespace.tei ? "" : node.namespace.map { " of ‘\($0)’" } ?? " of no namespace"
        return finding(
            "element-unknown",
            "<\(node.name?.description ?? "")>\(namespace) is no element of TEI: the texts have its words, and the program knows nothing else about it",
            help: (Intention.remedy(forElement: node.localName)
                ?? "use an element of TEI, such as <seg type=\"\(node.localName)\">")
                + (count == 1 ? "" : "; the file has it \(count) times"),
            node: node
        )
    }

    static func placeholder(_ node: Node) -> Diagnostic {
        finding(
            "placeholder", "this is left to fill in",
            help: "write in its place what the document has, or remove the element around it", node: node)
    }

    static func unnamedHand(_ node: Node) -> Diagnostic {
        finding(
            "hand-unnamed", "this hand has no name: texts and pages call it ‘\(node.xmlID ?? "")’",
            help: "say in a few words whose hand it is, or name its writer by scribe=\"…\" or scribeRef=\"…\"",
            node: node)
    }

    /// - Parameters:
    ///   - count: how many names have these words.
    ///   - meant: a pointer at the entry that was probably meant.
    ///   - address: the part of pointers at the register that comes before the `#`.
    ///   - list: the element that holds the entries.
    static func unregisteredName(
        _ node: Node, count: Int, meant: String?, address: String, list: String
    ) -> Diagnostic {
        let remedy =
            meant.map { "did you mean ref=\"\($0)\"?" }
            ?? "add an entry to the \(list)\(address.isEmpty ? "" : " of \(address)"), and point at it by ref=\"\(address)#…\""
        return finding(
            "name-unregistered", "the name ‘\(node.plainText)’ points at no entry of the register",
            help: remedy + (count == 1 ? "" : "; the file has this name \(count) times without a pointer"),
            node: node)
    }

    /// A diagnostic of a check, with the severity of the check's row.
    private static func finding(
        _ rule: String, _ message: String, help: String?, node: Node, attribute: Attribute? = nil,
        notes: [Diagnostic.Note] = []
    ) -> Diagnostic {
        Diagnostic(
            Check.severity(of: rule), rule: rule, message, help: help, node: node, attribute: attribute, notes: notes)
    }
}
