internal import XML

// Every message of this module, in one place, so that they can be read and improved together.

enum Messages {
    // MARK: Which schema

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
            help: "name a folder that holds both by `--root`, or the schema itself by `--schema`",
            at: instruction.location
        )
    }

    /// - Parameter reason: why a schema that a document names is not used.
    static func unusedSchema(_ name: String, _ reason: String, _ instruction: Node) -> Diagnostic {
        Diagnostic(
            .warning, rule: "schema-unused", "\(name) is not used: \(reason)",
            help:
                "name a schema in RELAX NG or Schematron, as <?xml-model href=\"letters.rng\"?>, or convert this one with Trang",
            at: instruction.location
        )
    }

    /// - Parameter path: of a schema that a document names.
    static func unusableSchema(_ path: String, _ instruction: Node, reason: Diagnostics) -> Diagnostic {
        let first = reason.list[0]
        return Diagnostic(
            rule: first.rule, "the schema ‘\(path)’ cannot be used, and the grammar was not checked: \(first.message)",
            help: first.help, at: instruction.location,
            notes: first.location.map { [.init(first.message, at: $0)] } ?? []
        )
    }

    static func noRulesForPhase(_ phase: String) -> Diagnostic {
        Diagnostic(
            rule: "usage", "--phase \(phase) means nothing: the schemas have no Schematron rules",
            help: "leave it out")
    }

    // MARK: Catalogs

    static func notACatalog(_ root: Node) -> Diagnostic {
        Diagnostic(
            rule: "catalog-root",
            "this is no XML catalog: its outermost element is <\(root.localName)> in the namespace ‘\(root.namespace ?? "")’",
            help: "an XML catalog begins with <catalog xmlns=\"\(Catalog.namespace)\">", node: root
        )
    }

    static func catalogElement(_ element: Node) -> Diagnostic {
        Diagnostic(
            rule: "catalog-element", "<\(element.localName)> is not an element of XML Catalogs 1.1",
            help: "the entries are: " + Catalog.Entry.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                + ", group, nextCatalog",
            node: element
        )
    }

    static func catalogAttribute(_ name: String, _ element: Node) -> Diagnostic {
        Diagnostic(
            rule: "catalog-attribute", "<\(element.localName)> has no attribute ‘\(name)’", help: "write \(name)=\"…\"",
            node: element
        )
    }

    static func catalogPreference(_ value: String, _ element: Node) -> Diagnostic {
        Diagnostic(
            rule: "catalog-attribute", "prefer=\"\(value)\" is not known",
            help: "write prefer=\"public\" or prefer=\"system\"",
            node: element, attribute: element.attributeNode("prefer")
        )
    }

    static func catalogUnreadable(_ path: String, _ element: Node, reason: Diagnostics) -> Diagnostic {
        let first = reason.list[0]
        return Diagnostic(
            rule: first.rule, "the catalog ‘\(path)’ cannot be used: \(first.message)", help: first.help, node: element,
            attribute: element.attributeNode("catalog"),
            notes: first.location.map { [.init(first.message, at: $0)] } ?? []
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
            help:
                "remove the file, and add the schemas again by `marginalia schema add`; MARGINALIA_SCHEMAS names another folder"
        )
    }

    static func storeUnwritable(_ path: String) -> Diagnostic {
        Diagnostic(
            rule: "file-unwritable", "‘\(path)’ cannot be written, and the stored schemas are as they were",
            help:
                "check that the folder may be written to and that the disk has room; MARGINALIA_SCHEMAS names another folder"
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
            help:
                "write the address that documents name, such as https://example.org/tei_all.rng; a file is stored under one by `--as URL`"
        )
    }

    static func notFetchable(_ address: String) -> Diagnostic {
        Diagnostic(
            rule: "store-address", "‘\(address)’ is not fetched",
            help: "only http and https are, without a user name in the address"
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
        Diagnostics(
            reason.list.map {
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
