internal import XML

extension Collation {
    /// Returns the collation in a format.
    public func export(as output: OutputFormat<Collation>) -> [UInt8] { output.write(self) }
}

extension OutputFormat where Value == Collation {
    /// Each place where witnesses differ, with its readings, for a terminal: printable.
    public static var lines: Self { Self("lines", fileExtension: "txt") { Array($0.lines.utf8) } }
    /// The alignment table with every fact about each token, as `Schemas/collation.schema.json` describes it.
    public static var json: Self { Self("json") { $0.json } }
    /// A row for each segment and a column for each witness, with cells as in ``CSVFormat``.
    public static var csv: Self { Self("csv") { $0.csv } }
    /// A TEI document with an apparatus in parallel segmentation (TEI P5, TCAPPS).
    public static var tei: Self { Self("tei", fileExtension: "xml") { Array($0.exact.tei.utf8) } }
}

extension Collation {
    package func sigla(_ witnesses: [Int]) -> [String] { witnesses.map { self.witnesses[$0].siglum } }

    /// How much of the witnesses is the same: `3 places differ; 96 of 120 words are in all (80 %)`.
    package var summary: String {
        let columns = table.filter { column in
            column.indices.contains { witness in
                column[witness].map { witnesses[witness].tokens[$0].kind == .word } ?? false
            }
        }.count
        let same = segments.lazy.filter { !$0.isVariant }.flatMap(\.columns).count { column in
            table[column][0].map { witnesses[0].tokens[$0].kind == .word } ?? false
        }
        let share = columns == 0 ? "" : " (\(100 * same / columns) %)"
        return
            "\(Wording.differences(segments.count(where: \.isVariant))); \(Wording.sameWords(same, of: columns))\(share)"
    }

    /// The words that witnesses have in common, or a word for an omission.
    package func text(of reading: Segment.Reading, in columns: Range<Int>) -> String {
        reading.isOmission ? Wording.omitted : text(of: reading.witnesses[0], in: columns)
    }

    // MARK: Lines

    fileprivate var lines: String {
        var lines = [summary]
        let places = witnesses.map(TokenPlaces.init)
        for segment in segments where segment.isVariant {
            lines += ["", heading(segment.columns, places)]
            let rows = segment.readings.map {
                ["", sigla($0.witnesses).joined(separator: " "), text(of: $0, in: segment.columns)]
            }
            lines += Wording.printableColumns(rows).map { "  " + $0 }
        }
        for move in transpositions {
            lines += ["", Wording.transposed(move.text)]
            let rows = move.places.map {
                ["", sigla($0.witnesses).joined(separator: " "), heading($0.columns, places, of: $0.witnesses[0])]
            }
            lines += Wording.printableColumns(rows).map { "  " + $0 }
        }
        return lines.map { $0.printable + "\n" }.joined()
    }

    /// `memo.xml:17:5: after “… the winter ferry”`, by a witness, or the first that has anything there.
    private func heading(_ columns: Range<Int>, _ places: [TokenPlaces], of witness: Int? = nil) -> String {
        let witness =
            witness ?? witnesses.indices.first { witness in table[columns].contains { $0[witness] != nil } } ?? 0
        guard let token = table[columns].lazy.compactMap({ $0[witness] }).first else { return "" }
        let before = witnesses[witness].tokens[max(0, token - 6)..<token]
        let place = places[witness].place(of: token).map { "\($0.file):\($0.line):\($0.column): " } ?? ""
        return place + (before.isEmpty ? Wording.atStart : Wording.behind(before.text, isCut: token > 6))
    }

    // MARK: CSV

    fileprivate var csv: [UInt8] {
        let header = ["segment", "variant"] + witnesses.map(\.siglum)
        return CSV.bytes(
            [header]
                + segments.enumerated().map { number, segment in
                    ["\(number + 1)", segment.isVariant ? "1" : "0"]
                        + witnesses.indices.map { text(of: $0, in: segment.columns) }
                })
    }

    // MARK: JSON

    fileprivate var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.number("version", 1)
            writer.array("witnesses", of: witnesses) { writer, witness in
                writer.line { writer in
                    writer.string("siglum", witness.siglum)
                    writer.string("label", witness.label)
                    writer.string("file", witness.file)
                    writer.number("tokens", witness.tokens.count)
                }
            }
            writer.array("ignored", of: ignored) { $0.string(nil, $1.rawValue) }
            write(table: &writer)
            writer.array("segments", of: segments) { write($1, &$0) }
            writer.array("transpositions", of: transpositions) { writer, move in
                writer.line { writer in
                    writer.string("text", move.text)
                    writer.array("places", of: move.places) { writer, place in
                        writer.line { writer in
                            writer.number("start", place.columns.lowerBound)
                            writer.number("end", place.columns.upperBound)
                            writer.strings("witnesses", sigla(place.witnesses))
                        }
                    }
                }
            }
        }
        return writer.bytes + [0x0A]
    }

    private var ignored: [Tokenizer.Ignored] {
        Tokenizer.Ignored.allCases.filter { witnesses.first?.ignored.contains($0) == true }
    }

    private func write(table writer: inout JSONWriter) {
        let places = witnesses.map(TokenPlaces.init)
        writer.array("table", of: table) { writer, column in
            writer.line { writer in
                for (number, token) in column.enumerated() {
                    guard let token else { continue }
                    let own = witnesses[number].tokens[token]
                    writer.line(witnesses[number].siglum) { writer in
                        writer.string("t", own.text)
                        if own.normalized != own.text { writer.string("n", own.normalized) }
                        if own.kind != .word { writer.string("kind", own.kind.rawValue) }
                        writer.number("start", own.range.lowerBound)
                        writer.number("end", own.range.upperBound)
                        let place = places[number].place(of: token)
                        if !(place?.file).isSame(as: witnesses[number].file) { writer.string("file", place?.file) }
                        writer.number("line", place?.line)
                        writer.number("column", place?.column)
                    }
                }
            }
        }
    }

    private func write(_ segment: Segment, _ writer: inout JSONWriter) {
        writer.line { writer in
            writer.number("start", segment.columns.lowerBound)
            writer.number("end", segment.columns.upperBound)
            writer.array("readings", of: segment.readings) { writer, reading in
                writer.line { writer in
                    writer.strings("witnesses", sigla(reading.witnesses))
                    writer.string("text", reading.isOmission ? "" : text(of: reading.witnesses[0], in: segment.columns))
                }
            }
        }
    }

    // MARK: TEI

    fileprivate var tei: String {
        let ids = Collation.ids(witnesses.map(\.siglum))
        let list = zip(ids, witnesses).map { id, witness in
            "          <witness xml:id=\"\(id)\" n=\"\(witness.siglum.escapedAsAttribute)\">\(witness.label.escapedAsText)</witness>\n"
        }.joined()
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <TEI xmlns="http://www.tei-c.org/ns/1.0">
              <teiHeader>
                <fileDesc>
                  <titleStmt>
                    <title>\(Wording.collation(of: witnesses.map(\.siglum)).escapedAsText)</title>
                  </titleStmt>
                  <publicationStmt>
                    <p>\(Wording.madeByCollation.escapedAsText)</p>
                  </publicationStmt>
                  <sourceDesc>
                    <listWit>
            \(list)        </listWit>
                  </sourceDesc>
                </fileDesc>
                <encodingDesc>
                  <variantEncoding method="parallel-segmentation" location="internal"/>
                </encodingDesc>
              </teiHeader>
              <text>
                <body>
            \(paragraphs(ids))    </body>
              </text>
            </TEI>

            """
    }

    private func paragraphs(_ ids: [String]) -> String {
        let moved = movedReadings(ids)
        var (text, isOpen) = ("", false)
        for (number, segment) in segments.enumerated() {
            if !isOpen || beginsParagraph(segment) {
                text += (isOpen ? "</p>\n" : "") + "      <p>"
                isOpen = true
            } else if !segment.isVariant, !isSpaceBehindLast(number), isParted(Array(witnesses.indices), segment) {
                text += " "
            }
            text += segment.isVariant ? app(number, ids, moved[number] ?? [:]) : encoded(0, segment.columns)
        }
        return isOpen ? text + "</p>\n" : "      <p/>\n"
    }

    /// The readings include the white space around them if witnesses differ in it.
    private func app(_ number: Int, _ ids: [String], _ moved: [Int: String]) -> String {
        let segment = segments[number]
        let isNextSpaceHere = number + 1 < segments.count && isSpaceBehindLast(number + 1)
        let readings = segment.readings.enumerated().map { index, reading in
            let before =
                !beginsParagraph(segment) && !isSpaceBehindLast(number) && isParted(reading.witnesses, segment)
                ? " " : ""
            let behind = isNextSpaceHere && isParted(reading.witnesses, segments[number + 1]) ? " " : ""
            let text = before + encoded(reading.witnesses[0], segment.columns) + behind
            let pointers = reading.witnesses.map { "#" + ids[$0] }.joined(separator: " ")
            return "<rdg wit=\"\(pointers)\"\(moved[index] ?? "")" + (text.isEmpty ? "/>" : ">\(text)</rdg>")
        }
        return "<app>\(readings.joined())</app>"
    }

    /// The words of a witness in some columns, with its gaps as elements.
    private func encoded(_ witness: Int, _ columns: Range<Int>) -> String {
        var text = ""
        for token in tokens(of: witness, in: columns) {
            if !text.isEmpty, token.separation > .none { text += " " }
            text += witnesses[witness].gap(token).map(Collation.element) ?? token.text.escapedAsText
        }
        return text
    }

    private static func element(for gap: Gap) -> String {
        let attributes = [
            "reason", "agent", "unit", "quantity", "extent", "precision", "scope", "atLeast", "atMost", "min", "max",
            "cert",
        ].compactMap { name in
            gap.node.attribute(name).map { " \(name)=\"\($0.escapedAsAttribute)\"" }
        }
        let name = "gap\(attributes.joined())"
        return gap.description.map { "<\(name)><desc>\($0.escapedAsText)</desc></gap>" } ?? "<\(name)/>"
    }

    /// Whether the white space before a segment is written in the readings before it: where witnesses differ in it.
    private func isSpaceBehindLast(_ number: Int) -> Bool {
        guard number > 0, segments[number - 1].isVariant, !beginsParagraph(segments[number]) else { return false }
        return Set(witnesses.indices.compactMap { space(before: segments[number], in: $0)?.isThere }).count > 1
    }

    /// Whether there is white space before a segment in these witnesses: in any if it separates words, else in the
    /// first.
    private func isParted(_ witnesses: [Int], _ segment: Segment) -> Bool {
        let spaces = witnesses.compactMap { space(before: segment, in: $0) }
        return spaces.contains(where: \.partsWords) || spaces.first?.isThere == true
    }

    private func space(before segment: Segment, in witness: Int) -> (isThere: Bool, partsWords: Bool)? {
        guard let token = table[segment.columns].lazy.compactMap({ $0[witness] }).first, token > 0 else { return nil }
        let tokens = self.witnesses[witness].tokens
        let isThere = tokens[token].separation > .none
        return (isThere, isThere && tokens[token - 1].kind != .punctuation && tokens[token].kind != .punctuation)
    }

    /// The attributes of readings that other witnesses have elsewhere, by segment and reading.
    private func movedReadings(_ ids: [String]) -> [Int: [Int: String]] {
        var moved: [Int: [Int: String]] = [:]
        var name = "moved"
        while ids.contains(where: { $0.hasPrefix(name) }) { name += "-" }
        for (number, move) in transpositions.enumerated() {
            let places = move.places.compactMap { place -> (segment: Int, reading: Int)? in
                let segment = segment(at: place.columns.lowerBound)
                return segments[segment].readings.firstIndex { $0.witnesses.contains(place.witnesses[0]) }.map {
                    (segment, $0)
                }
            }
            guard places.count == 2, places[0] != places[1],
                places.allSatisfy({ moved[$0.segment]?[$0.reading] == nil })
            else { continue }
            for (side, place) in places.enumerated() {
                moved[place.segment, default: [:]][place.reading] =
                    " xml:id=\"\(name)-\(number + 1)-\(side + 1)\" corresp=\"#\(name)-\(number + 1)-\(2 - side)\""
            }
        }
        return moved
    }

    /// Sigla as ids, which may hold less.
    private static func ids(_ sigla: [String]) -> [String] {
        var known = Set<CodepointString>()
        return sigla.map { siglum in
            let name = String(
                String.UnicodeScalarView(siglum.unicodeScalars.map { NCName.isPart($0.value) ? $0 : "-" }))
            var id = NCName.isValid(name) ? name : "w-" + name
            while !known.insert(CodepointString(id)).inserted { id += "-" }
            return id
        }
    }
}

/// Where the tokens of a witness are in its source.
private struct TokenPlaces {
    private let witness: Collation.Witness
    private let origins: [Reading.Origin]

    init(_ witness: Collation.Witness) {
        self.witness = witness
        origins = if case .document(let reading, _) = witness.source { reading.origins } else { [] }
    }

    func place(of token: Int) -> (file: String, line: Int, column: Int)? {
        let offset = witness.tokens[token].range.lowerBound
        switch witness.source {
        case .document:
            let index = origins.boundary { $0.start > offset } - 1
            guard index >= 0 else { return nil }
            let origin = origins[index]
            return (
                origin.file, origin.line, origin.isGenerated ? origin.column : origin.column + offset - origin.start
            )
        case .plain(let file, let lines):
            let line = lines.boundary { $0 > offset }
            return file.map { ($0, line, offset - lines[line - 1] + 1) }
        }
    }
}
