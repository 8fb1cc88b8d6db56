package import XML

// The rules of grammars, whichever schema says what is allowed.

extension RuleDescription {
    /// What a schema in RELAX NG allows.
    package static let grammar: [RuleDescription] = [
        RuleDescription(
            "grammar-attribute",
            says: "An element has only the attributes that the schema gives it.",
            example: Example(
                wrong: #"<p>It is <hi type="italic">urgent</hi>.</p>"#,
                message: "@type is not allowed on <hi>",
                help: #"write how it looks as rend="…""#,
                right: #"<p>It is <hi rend="italic">urgent</hi>.</p>"#
            ),
            mending:
                #"Rename the attribute everywhere: `sed -i -E 's/(<hi[^>]*) type=/\1 rend=/' TEI/*.xml`. If your project added it to TEI, add it to your schema, and name that by `--schema`."#
        ),
        RuleDescription(
            "grammar-attribute-missing",
            says: "An element has the attributes that the schema asks for.",
            example: Example(
                wrong: "<p>They met.<note>See below.</note></p>",
                message: "<note> needs @type or @hand",
                help:
                    #"add @type ("mark", "stamp", "marginalia", "query", "editorial", "authorial" or "source") or @hand to the start tag"#,
                right: #"<p>They met.<note type="authorial">See below.</note></p>"#
            ),
            mending:
                #"`marginalia query '//note[not(@type or @hand)]' TEI` lists the places. If one value is right for all, write it everywhere: `sed -i 's/<note>/<note type="authorial">/g' TEI/*.xml`."#
        ),
        RuleDescription(
            "grammar-element",
            says: "An element is where the schema allows it.",
            example: Example(
                wrong: "<p>First <p>second</p></p>",
                message: "<p> is not allowed in <p>",
                help: "end <p> before it: <p> is allowed after </p>",
                right: "<p>First</p><p>second</p>"
            ),
            mending:
                "See whether one kind of place makes most of them: `marginalia validate --only grammar-element --format csv TEI`. If the edition follows a larger schema, such as TEI’s own, name it: `--schema tei_all.rng`."
        ),
        RuleDescription(
            "grammar-element-missing",
            says: "An element has all parts that the schema asks for, in its order.",
            example: Example(
                wrong: "<list><head>Agenda</head></list>",
                message: "<list> ends too early: <item> or <label> is missing",
                help: "add one before </list>",
                right: "<list><head>Agenda</head><item>Enlargement</item></list>"
            ),
            mending:
                "`marginalia query '//fileDesc[not(publicationStmt)]' TEI` finds the headers that lack a part. Write the part once, and insert it by a script before the element that the messages name."
        ),
        RuleDescription(
            "grammar-element-unknown",
            says: "The schema knows each element by its name.",
            example: Example(
                wrong: "<p>To <persname>Lake</persname></p>",
                message: "the schema has no element <persname>",
                help: "did you mean <persName>?",
                right: "<p>To <persName>Lake</persName></p>"
            ),
            mending:
                #"Rename the element everywhere: `sed -i -E 's#<(/?)persname\b#<\1persName#g' TEI/*.xml`. If your project added it to TEI, add it to your schema, and name that by `--schema`."#
        ),
        RuleDescription(
            "grammar-id",
            says: "An id is there once, whichever attribute the schema says is one.",
            mending:
                "Let each id begin with the name of its document or division, such as `memo-1-p2`; then change the pointers with it."
        ),
        RuleDescription(
            "grammar-idref",
            says: "An attribute that the schema says is a reference to an id names one that is there.",
            mending:
                "`marginalia validate --only grammar-idref --format csv TEI` lists them: give the ids back, or remove the references."
        ),
        RuleDescription(
            "grammar-limit",
            says: "Of one file, 10,000 errors of the schema are listed, and the rest are counted.",
            mending:
                "So many errors have one cause, such as a wrong schema or namespace: mend the first, and validate again."
        ),
        RuleDescription(
            "grammar-namespace",
            says: "An element is in the namespace in which the schema has it.",
            example: Example(
                wrong: #"<p><date xmlns="">1994</date></p>"#,
                message: "<date> is in no namespace, and the schema has it in ‘http://www.tei-c.org/ns/1.0’",
                help: #"declare xmlns="http://www.tei-c.org/ns/1.0" here or on the outermost element"#,
                right: "<p><date>1994</date></p>"
            ),
            mending:
                #"Declare TEI’s namespace on each outermost element: `sed -i 's#<TEI>#<TEI xmlns="http://www.tei-c.org/ns/1.0">#' TEI/*.xml`. A file of TEI P4 (`TEI.2`) is converted first."#
        ),
        RuleDescription(
            "grammar-text",
            says: "Text is only in elements that may hold it.",
            example: Example(
                wrong: "<div>They met at sea.</div>",
                message: "text is not allowed here in <div>",
                help: "put it into a paragraph: <p>…</p>",
                right: "<div><p>They met at sea.</p></div>"
            ),
            mending:
                "`marginalia query '//(body, div)/text()[normalize-space()]' TEI` lists words that are in no paragraph. Put each stretch into `<p>`."
        ),
        RuleDescription(
            "grammar-value",
            says: "An attribute, or an element that holds a value, has one that the schema allows.",
            example: Example(
                wrong: #"<p><date when="12/21/1994">yesterday</date></p>"#,
                message: #"@when="12/21/1994" is not allowed on <date>"#,
                help: "dates are written year-month-day: 1994-12-21",
                right: #"<p><date when="1994-12-21">yesterday</date></p>"#
            ),
            mending:
                ##"`marginalia query 'distinct-values(//@when)' TEI` lists each value once. Rewrite dates by sed: `sed -i -E 's#"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})"#"\3-\1-\2"#' FILE`, for months and days of two digits."##
        ),
    ]
}
