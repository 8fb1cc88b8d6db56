package import XML

// The rules of schemas, catalogs and the store.

extension RuleDescription {
    /// What is true of schemas, of catalogs, and of the store of schemas.
    package static let schemas: [RuleDescription] = [
        RuleDescription(
            "schema-remote",
            says: "A schema that a document names is at hand: nothing is fetched from a network unasked.",
            mending:
                "Fetch it once for all documents: `marginalia schema add URL`. Or map its address to a file by `--catalog catalog.xml`, or name one schema for all by `--schema FILE`."
        ),
        RuleDescription(
            "schema-unused", severity: .warning,
            says: "A schema that a document names is in RELAX NG or Schematron.",
            mending:
                "Remove the lines for DTDs and XML Schema from all documents, or `--ignore schema-unused`. `--schema FILE` names one schema in place of all."
        ),
        RuleDescription(
            "schematron-not-run", severity: .warning,
            says: "A Schematron rule uses only what the program can carry out.",
            mending:
                "`docs/xpath.md` says what works. Write the rule in XPath 3.1, or `--severity schematron-not-run=note`: the other rules run."
        ),
        RuleDescription(
            "schematron",
            says: "A rule of your schema says in its own words what must be so; it has no id.",
            mending:
                "Give each assertion of your schema an id: then `--only` and `--ignore` choose it, and `--summary` counts it."
        ),
        RuleDescription(
            "schema",
            says: "A schema is correct RELAX NG or Schematron.",
            mending:
                "Mend the schema, not the documents. If it comes from an ODD, make it again with the TEI Stylesheets; `--schema FILE` names another for the time being.",
            ids: [
                "schema-annotation", "schema-attribute", "schema-attribute-content", "schema-attribute-repeated",
                "schema-attribute-twice", "schema-attribute-wildcard", "schema-attribute-xmlns", "schema-binding",
                "schema-character", "schema-combine", "schema-content", "schema-conversion", "schema-data-except",
                "schema-datatype", "schema-declaration", "schema-depth", "schema-element", "schema-expression",
                "schema-id", "schema-include", "schema-inclusion", "schema-inclusion-loop",
                "schema-interleave-elements", "schema-interleave-text", "schema-language", "schema-list", "schema-name",
                "schema-name-class", "schema-override", "schema-parameter", "schema-phase", "schema-prefix",
                "schema-recursion", "schema-ref-undefined", "schema-reference", "schema-start", "schema-start-missing",
                "schema-string-sequence", "schema-syntax", "schema-text", "schema-too-large", "schema-uri",
                "schema-value", "schema-variable",
            ]),
        RuleDescription(
            "catalog",
            says: "An XML catalog maps addresses to local files (OASIS XML Catalogs 1.1).",
            mending:
                "Mend the catalog, or leave it out: `XML_CATALOG_FILES= marginalia validate TEI`. `marginalia schema add` needs none.",
            ids: [
                "catalog-attribute", "catalog-element", "catalog-number", "catalog-root",
            ]),
        RuleDescription(
            "store",
            says: "The store of schemas keeps files under absolute addresses.",
            mending:
                "`marginalia schema list` shows what is stored, `marginalia schema remove URL` takes it out, and `marginalia schema add FILE --as URL` stores a copy that you have.",
            ids: [
                "store-address", "store-include", "store-index", "store-size", "store-unknown", "fetch-curl",
                "fetch-failed",
            ]),
    ]
}
