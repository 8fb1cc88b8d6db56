package import XML

// The rules of `Schemas/marginalia.sch`: what each says, an example, and how to mend many. Their messages are in the schema.

extension RuleDescription {
    /// The rules of good practice, which hold for all documents.
    package static let practice: [RuleDescription] = [
        RuleDescription(
            "date-order",
            says: "A date does not begin after it ends; nor does `@when` lie outside of its limits.",
            example: Example(
                wrong: #"<p><date notBefore="1994-11" notAfter="1994-09">autumn</date></p>"#,
                message: #"@notBefore="1994-11" is later than @notAfter="1994-09""#,
                help: "exchange the two, or correct one",
                right: #"<p><date notBefore="1994-09" notAfter="1994-11">autumn</date></p>"#
            ),
            mending:
                "`marginalia validate --only date-order --format csv TEI` lists them. A mistake of the source stays in the text; the attributes have what is true."
        ),
        RuleDescription(
            "gap-reason",
            says: "A gap says why the text is not here.",
            example: Example(
                wrong: "<p>Classified by: <gap/></p>",
                message: "a gap without a reason",
                help:
                    #"say why the text is not here: reason="not-in-source", editorial, withheld, redacted, illegible or damage"#,
                right: #"<p>Classified by: <gap reason="withheld"/></p>"#
            ),
            mending:
                #"If the gaps of an edition have one reason, write it everywhere: `sed -i 's|<gap/>|<gap reason="illegible"/>|g' TEI/*.xml`."#
        ),
        RuleDescription(
            "unused-hand", severity: .warning,
            says:
                "A hand writes somewhere; the main hand, which is the only one or has the scope `sole` or `major`, does so anyway.",
            example: Example(
                header:
                    #"<handNotes><handNote xml:id="typist" scope="major">Typewriter</handNote><handNote xml:id="lake">Lake</handNote></handNotes>"#,
                wrong: "<p>Copies to all</p>",
                message: "nothing is written by the hand ‘lake’",
                help: ##"name it where it writes, as hand="#lake", or remove its handNote"##,
                right: ##"<p>Copies to all <add hand="#lake">but two</add></p>"##
            ),
            mending:
                "Validate the main file of the edition, where one use in any document is enough. `--severity unused=note` keeps them in sight, `--ignore unused-hand` does not."
        ),
        RuleDescription(
            "unused-witness", severity: .warning,
            says: "A witness has a reading somewhere.",
            example: Example(
                header: #"<listWit><witness xml:id="A"/><witness xml:id="B"/></listWit>"#,
                wrong: ##"<p><app><lem wit="#A">forced</lem><rdg>false</rdg></app></p>"##,
                message: "no reading is of the witness ‘B’",
                help: ##"name it where it reads, as wit="#B", or remove it from the listWit"##,
                right: ##"<p><app><lem wit="#A">forced</lem><rdg wit="#B">false</rdg></app></p>"##
            ),
            mending:
                "`marginalia query '//witness/@xml:id' TEI` lists the witnesses. If the apparatus is in other files, validate the main file of the edition, or `--ignore unused-witness`."
        ),
        RuleDescription(
            "unused-entry", severity: .warning,
            says: "A person, organisation, place or event of a register is mentioned in the text beside it.",
            example: Example(
                header: #"<particDesc><listPerson><person xml:id="lake"/></listPerson></particDesc>"#,
                wrong: "<p>Mr. Lake agrees.</p>",
                message: "nothing mentions ‘lake’",
                help: ##"point at it from a name, as ref="#lake", or remove it from the register"##,
                right: ##"<p><persName ref="#lake">Mr. Lake</persName> agrees.</p>"##
            ),
            mending:
                "Put registers into files of their own: a register without a text beside it needs no uses. Or validate the main file of the edition, where one mention in any document is enough."
        ),
        RuleDescription(
            "witness-twice", severity: .warning,
            says: "A witness has one reading of a passage, but for layers that `@varSeq` or `@hand` tells apart.",
            example: Example(
                header: #"<listWit><witness xml:id="A"/><witness xml:id="B"/></listWit>"#,
                wrong: ##"<p><app><lem wit="#A #B">forced</lem><rdg wit="#B">false</rdg></app></p>"##,
                message: "the witness #B has two readings of one passage",
                help: "name it in one lem or rdg alone",
                right: ##"<p><app><lem wit="#A">forced</lem><rdg wit="#B">false</rdg></app></p>"##
            ),
            mending:
                #"`marginalia query '//app[count(.//@wit/tokenize(.)) > count(distinct-values(.//@wit/tokenize(.)))]' TEI` lists the passages. Layers of one witness get `varSeq="1"`, `varSeq="2"`."#
        ),
    ]

    /// The conventions of the edition, which come with its own schema.
    package static let edition: [RuleDescription] = [
        RuleDescription(
            "mark-sign",
            says: "A note of a mark holds its sign; one of initials or a signature may hold their letters alone.",
            example: Example(
                wrong: ##"<note type="mark" subtype="checkmark" hand="#clinton" place="left">a check mark</note>"##,
                message: "a mark without its sign",
                help: #"put the sign into a metamark, as <metamark function="flag">✓</metamark>"#,
                right:
                    ##"<note type="mark" subtype="checkmark" hand="#clinton" place="left"><metamark function="flag">✓</metamark></note>"##
            ),
            mending:
                #"`marginalia query '//note[@type = "mark"][not(.//metamark)]' TEI` lists them. Notes that only say what the sign is become signs: `sed -i 's|>a check mark</note>|><metamark function="flag">✓</metamark></note>|g' TEI/*.xml`."#
        ),
        RuleDescription(
            "stamp-words",
            says: "A note of a stamp holds the words of the stamp.",
            example: Example(
                wrong: ##"<note type="stamp" hand="#clinton" place="top right">President Has Seen</note>"##,
                message: "a note of a stamp without its words",
                help: "put what it says into <stamp>, or a gap where that is not known",
                right:
                    ##"<note type="stamp" hand="#clinton" place="top right"><stamp type="seen">President Has Seen</stamp></note>"##
            ),
            mending:
                #"`sed -i -E 's|(<note type="stamp"[^>]*>)([^<]+)</note>|\1<stamp>\2</stamp></note>|g' TEI/*.xml` puts the words of each note into a stamp."#
        ),
        RuleDescription(
            "query-target",
            says: "A query says which passage is queried.",
            example: Example(
                wrong:
                    ##"<p><seg xml:id="s1">by the end of 1996</seg> <note type="query" hand="#clinton">?</note></p>"##,
                message: "a query that does not say what is queried",
                help:
                    ##"give the passage an xml:id, a <p> or a <seg> around the words, and point at it by target="#…""##,
                right:
                    ##"<p><seg xml:id="s1">by the end of 1996</seg> <note type="query" hand="#clinton" target="#s1">?</note></p>"##
            ),
            mending:
                #"`marginalia query '//note[@type = "query"][not(@target)]' TEI` lists them. If a query is after its passage, the passage is mostly the element before it."#
        ),
        RuleDescription(
            "editorial-resp",
            says: "Somebody answers for an editorial note.",
            example: Example(
                wrong: #"<note type="editorial">The year is inferred.</note>"#,
                message: "an editorial note for which nobody answers",
                help: ##"say by resp="#…" who does"##,
                right: #"<note type="editorial" resp="TEI/edition.xml#marginalia-editors">The year is inferred.</note>"#
            ),
            mending:
                ##"If one editor wrote them all: `sed -i 's|<note type="editorial">|<note type="editorial" resp="#editor">|g' TEI/*.xml`."##
        ),
        RuleDescription(
            "supplied-resp",
            says: "Somebody answers for supplied words.",
            example: Example(
                wrong: #"<p>I told <supplied reason="editorial">the President</supplied> so.</p>"#,
                message: "supplied words for which nobody answers",
                help: ##"say by resp="#…" who does"##,
                right:
                    #"<p>I told <supplied reason="editorial" resp="TEI/edition.xml#marginalia-editors">the President</supplied> so.</p>"#
            ),
            mending:
                ##"`marginalia query '//supplied[not(@resp)]' TEI` lists them. If one editor supplied them all and none has a `resp`: `sed -i 's|<supplied |<supplied resp="#editor" |g' TEI/*.xml`."##
        ),
        RuleDescription(
            "intervention-hand",
            says:
                "Where several hands write, each addition and deletion is somebody’s: by `@hand` on it or around it, or by a `handShift` before it.",
            example: Example(
                wrong: "<p>no <del>later</del> than May</p>",
                message: "nobody is named who deleted this",
                help: ##"give it hand="#…", or its element, or put a handShift before it"##,
                right: ##"<p>no <del hand="#clinton">later</del> than May</p>"##
            ),
            mending:
                ##"If nearly all are by one hand, name it once, on the text: `<text hand="#typist">`. `marginalia query '//(add, del)[not(ancestor-or-self::*/@hand)]' TEI` lists the rest."##
        ),
        RuleDescription(
            "date-evidence",
            says: "The date of the document within limits says by what it is known.",
            example: Example(
                in: .header,
                wrong: #"<creation><date notBefore="1995-06" notAfter="1995-08">summer of 1995</date></creation>"#,
                message: "a date within limits that does not say by what it is known",
                help: #"say evidence="external", internal or conjecture"#,
                right:
                    #"<creation><date notBefore="1995-06" notAfter="1995-08" evidence="conjecture">summer of 1995</date></creation>"#
            ),
            mending:
                #"`marginalia query '//creation/date[@notBefore][not(@evidence)]' TEI` lists them. If all are inferred in one way: `sed -i 's|<date notBefore|<date evidence="internal" notBefore|' TEI/*.xml`, which also changes dates in the text."#
        ),
        RuleDescription(
            "bracket",
            says: "An editor’s bracket is markup, and is not transcribed.",
            example: Example(
                wrong: "<p>the Alliance recieved [sic] it</p>",
                message: "an editor’s bracket stands in the transcription",
                help: "write sic, gap, supplied or hi for what it says, and leave the bracket out",
                right: "<p>the Alliance <sic>recieved</sic> it</p>"
            ),
            mending:
                #"`sed -i -E 's#([A-Za-z]+) \[sic\]#<sic>\1</sic>#g; s#\[illegible\]#<gap reason="illegible"/>#g' TEI/*.xml` mends the commonest. `marginalia query '//text//text()[contains(., "[")]' TEI` lists all brackets."#
        ),
    ]
}
