package import XML

// The rules of commands, indexes and expressions.

extension RuleDescription {
    /// What is true of the arguments of a command.
    package static let commands: [RuleDescription] = [
        RuleDescription(
            "usage",
            says: "The arguments of a command fit together.",
            mending: "`marginalia help COMMAND` has the options of a command, with examples.",
            ids: [
                "usage", "date-syntax", "search-syntax", "worker-input", "baseline",
            ]),
        RuleDescription(
            "config",
            says: "The settings in `marginalia.toml` are TOML, and their names and values are known.",
            mending:
                #"The settings are `root`, `schemas`, `phase`, `catalogs`, `files`, `exclude` and `policies`; in the table `[rules]` they are `ignore`, `only` and `severity`, and in `[[parts]]` `files`, `ignore` and `severity`. For example: `files = ["letters"]`, or below `[rules]` `ignore = ["pointer-image"]`. `marginalia config` shows what is read, docs/projects.md what each means."#
        ),
        RuleDescription(
            "not-tei",
            says: "A document is in TEI P5.",
            mending:
                #"Declare its namespace: `sed -i 's#<TEI>#<TEI xmlns="http://www.tei-c.org/ns/1.0">#' TEI/*.xml`. Convert TEI P4 to P5 with the TEI Stylesheets."#
        ),
        RuleDescription(
            "policy-unknown",
            says: "A document has the text that an option names, and the text has the place.",
            mending: "`marginalia show FILE` lists the texts of a document; `--policy all` takes those that each has.",
            ids: [
                "policy-unknown", "policy-missing", "no-text", "not-in-text", "offset-beyond-text",
            ]),
        RuleDescription(
            "not-streamed",
            says: "A file that is read in parts has parts that do not need one another.",
            mending: "Leave out `--stream` for these files: it is for those that are larger than the memory."),
        RuleDescription(
            "export-name",
            says: "Each document has a name of its own, by which its exports are called.",
            mending:
                #"Rename files of the same name, or export each folder by itself: `for d in */; do marginalia export --to text -o "out/$d" "$d"; done`."#
        ),
        RuleDescription(
            "index",
            says: "An index for search was made by this version of the program, and nobody else is writing it.",
            mending: "Make it again: `marginalia index -o nato.index TEI`.",
            ids: [
                "index-broken", "index-busy", "index-missing", "index-other", "index-unreadable", "index-unwritable",
                "index-version",
            ]),
        RuleDescription(
            "preview",
            says: "The preview can open a port of this machine, by the library civetweb.",
            mending: "Install the library: `apt install libcivetweb1`, or your system’s package of civetweb."),
        RuleDescription(
            "xpath",
            says: "An expression is correct XPath 3.1, and fits the values to which it is applied.",
            mending:
                #"`docs/xpath.md` lists the functions. Quote an expression in single marks for the shell: `marginalia query '//p[@n = "1"]' TEI`."#,
            ids: [
                "FOAP0001", "FOAR0001", "FOAR0002", "FOAY0001", "FOAY0002", "FOCA0001", "FOCA0002", "FOCA0003",
                "FOCA0005", "FOCH0001", "FOCH0002", "FOCH0003", "FODC0002", "FODC0004", "FODC0005", "FODC0006",
                "FODF1280", "FODF1310", "FODT0001", "FODT0002", "FODT0003", "FOER0000", "FOFD1340", "FOFD1350",
                "FONS0004", "FONS0005", "FORG0001", "FORG0002", "FORG0003", "FORG0004", "FORG0005", "FORG0006",
                "FORG0008", "FORG0010", "FORX0001", "FORX0002", "FORX0003", "FORX0004", "FOTY0013", "FOTY0014",
                "FOTY0015", "FOUT1170", "FOUT1190", "FOUT1200", "XPDY0002", "XPDY0050", "XPST0003", "XPST0008",
                "XPST0017", "XPST0051", "XPST0080", "XPST0081", "XPTY0004", "XPTY0018", "XPTY0019", "XPTY0020",
                "XPTY0117", "XQST0039", "XTDE1260", "XTSE0340",
            ]),
    ]
}
