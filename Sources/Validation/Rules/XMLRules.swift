package import XML

// The rules of XML. Several have a message of the parser.

extension RuleDescription {
    /// What every file in XML keeps.
    package static let xml: [RuleDescription] = [
        RuleDescription(
            "xml-ampersand",
            says: "An ampersand of the text is written `&amp;`.",
            example: Example(
                wrong: "<p>ships & boats</p>",
                message: "an ‘&’ that begins no reference",
                help: "write &amp; for the character itself; a reference ends with a semicolon",
                right: "<p>ships &amp; boats</p>"
            ),
            mending:
                #"`sed -i -E 's/&([^A-Za-z#]|$)/\&amp;\1/g' FILE` mends each that no letter follows. Look at the others one by one."#
        ),
        RuleDescription(
            "xml-attribute-less-than",
            says: "A value holds no `<`.",
            example: Example(
                wrong: #"<p n="a<b">first</p>"#,
                message: "a ‘<’ in the value of an attribute",
                help: "write &lt;, or see whether a quotation mark is missing before it",
                right: #"<p n="a&lt;b">first</p>"#
            ),
            mending: #"`sed -i -E 's/="([^"<>]*)<([^"<>]*)"/="\1\&lt;\2"/g' FILE` mends values with one of them."#),
        RuleDescription(
            "xml-attribute-quote",
            says: "A value is in straight quotation marks.",
            example: Example(
                wrong: "<p n=“1”>first</p>",
                message: "the value of an attribute begins or ends without its quotation mark",
                help: #"write name="value""#,
                right: #"<p n="1">first</p>"#
            ),
            mending:
                #"A word processor has made them curly: `sed -i 's/=“\([^”]*\)”/="\1"/g' FILE`. Values without any: `sed -i -E 's/(<[^>]* [a-z]+=)([A-Za-z0-9#.-]+)/\1"\2"/g' FILE`."#
        ),
        RuleDescription(
            "xml-attribute-twice",
            says: "An attribute is in a tag once.",
            example: Example(
                wrong: #"<p n="1" n="2">first</p>"#,
                message: "the attribute ‘n’ is there twice in this tag",
                help: "remove one of the two",
                right: #"<p n="1">first</p>"#
            ),
            mending:
                #"Several values go into one attribute, with a space between: `rend="bold italic"`. `grep -nP '<[^>]* (\w+)="[^"]*"[^>]* \1="' TEI/*.xml` finds all such tags."#
        ),
        RuleDescription(
            "xml-attribute-value",
            says: "An attribute has a value.",
            example: Example(
                wrong: "<p n>first</p>",
                message: "the attribute ‘n’ has no value",
                help: #"write n="…""#,
                right: #"<p n="1">first</p>"#
            ),
            mending:
                #"This is how HTML is written: give it one, as `full="yes"`, or convert the file by a program that writes XML, such as tidy."#
        ),
        RuleDescription(
            "xml-cdata",
            says: "A CDATA section ends with `]]>`, which is nowhere else.",
            example: Example(
                wrong: "<p>a]]>b</p>",
                message: "‘]]>’ in text",
                help: "write ]]&gt;",
                right: "<p>a]]&gt;b</p>"
            ),
            mending: #"`sed -i 's/]]>/]]\&gt;/g' FILE` mends a file that has no CDATA sections."#),
        RuleDescription(
            "xml-character",
            says: "A file holds only characters that XML allows: of the control characters, tab and line ends.",
            mending:
                #"`LC_ALL=C tr -d '\000-\010\013\014\016-\037' <old.xml >new.xml` removes the others from a file in UTF-8."#
        ),
        RuleDescription(
            "xml-character-reference",
            says: "A reference names a character that XML allows, as `&#x2713;`.",
            example: Example(
                wrong: "<p>a &#1; b</p>",
                message: "this reference names a character that is not allowed in XML",
                help: "remove it, or write what was meant",
                right: "<p>a &#x2713; b</p>"
            ),
            mending:
                "`grep -nE '&#x?0*[01]?[0-9A-Fa-f];' TEI/*.xml` finds references to control characters. Characters of windows-1252 have other numbers in Unicode: `&#150;` is `&#x2013;`."
        ),
        RuleDescription(
            "xml-comment",
            says: "A comment ends with `-->`, and holds no other `--`.",
            example: Example(
                wrong: "<p>First <!-- one -- two --></p>",
                message: "‘--’ within a comment",
                help: "write - - or a dash; a comment ends with -->",
                right: "<p>First <!-- one – two --></p>"
            ),
            mending:
                #"Write one dash or a long one: `sed -i -E '/<!--/s/([^!-])--([^>-])/\1–\2/g' FILE`, for comments of one line."#
        ),
        RuleDescription(
            "xml-content-after-end",
            says: "After the end of the outermost element there are only comments and processing instructions.",
            example: Example(
                in: .file,
                wrong: "<TEI/><TEI/>",
                message: "there is something after the end of the outermost element",
                help: "only comments and processing instructions are allowed there: remove it, or move it in",
                right: "<teiCorpus><TEI/><TEI/></teiCorpus>"
            ),
            mending: "Several documents were put into one file: divide it, or put them into a `teiCorpus`."),
        RuleDescription(
            "xml-declaration",
            says:
                #"The XML declaration is the first thing in the file, and is written `<?xml version="1.0" encoding="UTF-8"?>`."#,
            example: Example(
                in: .file,
                wrong: "\n<?xml version=\"1.0\"?><TEI/>",
                message: "an XML declaration that is not at the very beginning, or an instruction named ‘xml’",
                help: "move <?xml …?> to the first character of the file; remove what is before it",
                right: #"<?xml version="1.0"?><TEI/>"#
            ),
            mending: "`sed -i '/./,$!d' FILE` removes the empty lines before it."),
        RuleDescription(
            "xml-doctype",
            says: "A document type declaration can be read.",
            mending:
                "TEI P5 needs none: remove `<!DOCTYPE …>` from all files, and write the characters for which it declares entities."
        ),
        RuleDescription(
            "xml-empty",
            says: "A file holds an element.",
            example: Example(
                in: .file,
                wrong: "",
                message: "there is no element: the file is empty, or is not XML",
                help: #"a document begins with an element, such as <TEI xmlns="http://www.tei-c.org/ns/1.0">"#,
                right: "<TEI/>"
            ),
            mending:
                "`find TEI -name '*.xml' -size 0` lists files of no length: a program that wrote them was interrupted. Take them from the last copy."
        ),
        RuleDescription(
            "xml-entity-external",
            says: "An entity is not in another file, since nothing outside of a document is read for it.",
            mending: #"Write an inclusion in its place: `<xi:include href="chapter.xml"/>`."#),
        RuleDescription(
            "xml-entity-undeclared",
            says: "An entity is declared; XML itself knows `&amp;`, `&lt;`, `&gt;`, `&quot;` and `&apos;` alone.",
            example: Example(
                wrong: "<p>First&nbsp;draft</p>",
                message: "the entity ‘&nbsp;’ is not declared",
                help: "write &#xA0;: XML knows only &amp; &lt; &gt; &quot; and &apos; by name",
                right: "<p>First&#xA0;draft</p>"
            ),
            mending:
                ##"`grep -ohE '&[A-Za-z]+;' TEI/*.xml | sort | uniq -c` lists them. Write the characters: `sed -i 's/&nbsp;/\&#xA0;/g; s/&mdash;/—/g' TEI/*.xml`."##
        ),
        RuleDescription(
            "xml-entity-unparsed",
            says: "An entity that means a file is named in no text.",
            mending: #"Write an element that points at the file, such as `<graphic url="…"/>`."#),
        RuleDescription(
            "xml-id-duplicate",
            says: "An `xml:id` is there once.",
            example: Example(
                wrong: #"<p xml:id="p1"/><p xml:id="p1"/>"#,
                message: "the xml:id ‘p1’ is there twice",
                help: "give one of the two another xml:id, and change the pointers that mean it",
                right: #"<p xml:id="p1"/><p xml:id="p2"/>"#
            ),
            mending:
                #"Let the ids of a document begin with its name: `sed -i -E 's/(xml:id="|")(#?)(p[0-9]+)"/\1\2memo-1-\3"/g' memo-1.xml` changes the ids p1, p2 … and the pointers at them."#
        ),
        RuleDescription(
            "xml-instruction",
            says: "A processing instruction has a name, and ends with `?>`.",
            example: Example(
                wrong: "<p><? note ?>first</p>",
                message: "a processing instruction has no name, or no end",
                help: "write <?name …?>",
                right: "<p><?note here?>first</p>"
            ),
            mending: "Remove those that a word processor or a PHP server left: `sed -i 's/<?[^a-zA-Z][^>]*>//g' FILE`."),
        RuleDescription(
            "xml-depth",
            says: "A document is not larger, deeper or longer in one piece than the program reads.",
            mending:
                "Divide the document, and let its parts be included by XInclude. `docs/limits.md` has the numbers.",
            ids: [
                "xml-depth", "xml-entity-expansion", "xml-too-large", "xml-too-long", "xml-no-memory",
            ]),
        RuleDescription(
            "xml-name",
            says: "A tag begins with the name of an element; a `<` of the text is written `&lt;`.",
            example: Example(
                wrong: "<p>a < b</p>",
                message: "a name was expected here",
                help: "write &lt; for the character ‘<’ itself; a name begins with a letter or ‘_’",
                right: "<p>a &lt; b</p>"
            ),
            mending: #"`sed -i -E 's/<([ 0-9=])/\&lt;\1/g' FILE` mends those that are signs of the text."#),
        RuleDescription(
            "xml-namespace",
            says: "The name of a namespace is a correct one.",
            mending:
                #"`grep -no 'xmlns[^=]*="[^"]*"' TEI/*.xml` lists all declarations. TEI’s is `http://www.tei-c.org/ns/1.0`."#
        ),
        RuleDescription(
            "xml-namespace-prefix",
            says: "A prefix is declared.",
            example: Example(
                wrong: "<p><formula><m:math/></formula></p>",
                message: "the prefix ‘m’ of ‘m:math’ is not bound to a namespace",
                help: #"declare it on the outermost element, as xmlns:m="…""#,
                right: #"<p><formula><m:math xmlns:m="http://www.w3.org/1998/Math/MathML"/></formula></p>"#
            ),
            mending:
                #"Declare it on each outermost element: `sed -i 's#<TEI #<TEI xmlns:xi="http://www.w3.org/2001/XInclude" #' TEI/*.xml`."#
        ),
        RuleDescription(
            "xml-space-required",
            says: "A space is between two attributes.",
            example: Example(
                wrong: #"<p n="1"rend="bold">first</p>"#,
                message: "white space is missing between two attributes",
                help: "write a space between them",
                right: #"<p n="1" rend="bold">first</p>"#
            ),
            mending: #"`sed -i -E 's/("[^"<>=]*")([A-Za-z:]+=")/\1 \2/g' FILE` puts one between them."#),
        RuleDescription(
            "xml-syntax",
            says: "A document is well-formed.",
            mending:
                "The message is that of the parser. Mend the first error of a file, and validate again: it is often the cause of the others."
        ),
        RuleDescription(
            "xml-tag-mismatch",
            says: "Elements end in the reverse order in which they begin.",
            example: Example(
                wrong: "<p><hi>a <seg>b</hi></seg></p>",
                message: "</hi> was found where </seg> was expected",
                help: "close <seg> before it, or correct the name of one of the two tags",
                right: "<p><hi>a <seg>b</seg></hi></p>"
            ),
            mending:
                ##"Mend the first of each file, and validate again. Elements that overlap by design become empty ones: `<addSpan spanTo="#…"/>` and `<anchor/>`."##
        ),
        RuleDescription(
            "xml-tag-unfinished",
            says: "A tag ends with `>`.",
            example: Example(
                wrong: "<p <hi>first</hi></p>",
                message: "this tag does not end where it should",
                help: #"write ‘>’, or name="value" for an attribute, with white space between attributes"#,
                right: "<p><hi>first</hi></p>"
            ),
            mending: "`grep -nE '<[^<>]*<' TEI/*.xml` finds tags into which the next one begins."),
        RuleDescription(
            "xml-unclosed",
            says: "Each element ends before the file does.",
            example: Example(
                in: .file,
                wrong: "<TEI><text>",
                message: "the file ends before </text>",
                help: "write the end tag where the element ends, and see whether the file is whole",
                right: "<TEI><text/></TEI>"
            ),
            mending:
                "A file that ends in the middle was not copied whole: take it again. Otherwise add the end tag that the message names."
        ),
        RuleDescription(
            "control-character", severity: .warning,
            says:
                "A text has no control characters; in a file that was converted wrongly, they were quotation marks and dashes.",
            mending:
                "Convert the old file once more, from windows-1252: `iconv -f windows-1252 -t UTF-8 old.xml >new.xml`."),
    ]
}
