package import XML

// The rules of files, of their encodings and of inclusions.

extension RuleDescription {
    /// What is true of files that are named, and of how they are stored.
    package static let files: [RuleDescription] = [
        RuleDescription(
            "encoding",
            says: "A file is stored in the encoding that its XML declaration names; a plain text is in UTF-8.",
            mending:
                #"Convert all: `for f in TEI/*.xml; do iconv -f windows-1252 -t UTF-8 "$f" >t && sed '1s/windows-1252/UTF-8/' t >"$f"; done`."#,
            ids: [
                "encoding", "encoding-invalid", "encoding-mismatch", "encoding-unknown", "character",
            ]),
        RuleDescription(
            "file-missing",
            says: "A file that is named is there.",
            mending:
                #"`ls` shows how it is spelt: capital and small letters differ. After a folder was renamed, mend all pointers: `sed -i 's#"old/#"new/#g' TEI/*.xml`."#,
            ids: [
                "file-missing", "root-missing",
            ]),
        RuleDescription(
            "file-outside-root",
            says: "A file that a document names lies below the root folder of the edition.",
            example: Example(
                wrong: #"<p><ref target="../elsewhere.xml">the other memo</ref></p>"#,
                message:
                    #"@target="../elsewhere.xml" leads to a file that cannot be used: ‘../elsewhere.xml’ is outside of the root folder ‘edition’ and is not read"#,
                help: "name a folder that holds both by `--root`",
                right: #"<p><ref target="https://example.org/elsewhere.xml">the other memo</ref></p>"#
            ),
            mending: "Name the folder that holds all: `marginalia validate --root . TEI`."),
        RuleDescription(
            "file-unreadable",
            says: "A file can be read, and is a file of at most 2 GB.",
            mending: "`chmod -R u+rX TEI` lets you read them. Divide a larger file, or use `--stream`.",
            ids: [
                "file-unreadable", "file-is-folder", "file-special", "file-too-large", "file-changed",
            ]),
        RuleDescription(
            "file-unwritable",
            says: "A file that is to be written can be written.",
            mending:
                "See whether the disk is full and whether the folder is yours: `df -h . ; ls -ld .`. `--force` writes over files of the same name.",
            ids: [
                "file-unwritable", "file-exists", "output",
            ]),
        RuleDescription(
            "folder-empty",
            says: "A folder that is named holds files ending in .xml or .tei.",
            mending: "Name the files themselves if they have other endings: `marginalia validate TEI/*`."),
        RuleDescription(
            "xinclude",
            says: "An inclusion names a file below the root folder, or an element in one by its `xml:id`.",
            mending:
                "`marginalia query '//*:include/@href' edition.xml` lists what is included. `<xi:fallback>` in an inclusion says what is read instead of a file that is not there.",
            ids: [
                "xinclude-character", "xinclude-depth", "xinclude-element", "xinclude-expansion", "xinclude-href",
                "xinclude-id", "xinclude-loop", "xinclude-network", "xinclude-parse", "xinclude-root",
            ]),
    ]
}
