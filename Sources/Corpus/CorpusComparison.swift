package import TEI
package import XML

/// Options of a comparison.
package struct ComparisonOptions: Sendable {
    /// Policies as on the command line, or `hands`, `stages`, `witnesses` or `all`; none for the reading text.
    package var policies: [String]
    package var ignored: [Tokenizer.Ignored]
    /// A name for each text; none for names that tell them apart.
    package var sigla: [String]
    /// The folder that must contain every file that is read.
    package var root: String?

    package init(policies: [String], ignored: [Tokenizer.Ignored], sigla: [String], root: String?) {
        (self.policies, self.ignored, self.sigla, self.root) = (policies, ignored, sigla, root)
    }
}

/// A comparison of texts: what `marginalia compare` does.
package struct CorpusComparison {
    private let options: ComparisonOptions
    private let batch: BatchOptions
    private let console: Console

    package init(_ options: ComparisonOptions, _ batch: BatchOptions, console: Console = .silent) {
        (self.options, self.batch, self.console) = (options, batch, console)
    }

    /// - Parameter texts: files, each with `#ID` for only a part.
    package func collation(of texts: [String]) throws(Diagnostics) -> Collation {
        let witnesses = try witnesses(texts)
        guard witnesses.count > 1 else { throw Diagnostics([Messages.oneText()]) }
        return Collation(of: witnesses)
    }

    /// The differences between two encodings of a document in hands, marks, gaps and readings.
    ///
    /// - Parameters:
    ///   - texts: two files.
    ///   - format: the name of an ``TEI/OutputFormat``.
    package func encodings(
        of texts: [String], as format: String
    ) throws(Diagnostics) -> (bytes: [UInt8], isDifferent: Bool) {
        guard texts.count == 2, options.policies.isEmpty, options.ignored.isEmpty, options.sigla.isEmpty else {
            throw Diagnostics([Messages.twoEncodings()])
        }
        guard let output = OutputFormat<EncodingDifference>.all.first(where: { $0.name == format }) else {
            throw Diagnostics([Messages.encodingOutput(format)])
        }
        var transcriptions: [Transcription] = []
        for text in texts {
            let (path, part) = ComparedText.split(text)
            let (transcription, element) = try Transcription.chosen(part, in: path, root: options.root)
            guard element == nil else { throw Diagnostics([Messages.twoEncodings()]) }
            transcriptions.append(transcription)
        }
        let difference = EncodingDifference(from: transcriptions[0], to: transcriptions[1])
        return (difference.export(as: output), !difference.changes.isEmpty)
    }

    private func witnesses(_ names: [String]) throws(Diagnostics) -> [Collation.Witness] {
        var (texts, wrong): ([ComparedText], [Diagnostic]) = ([], [])
        var batch = try Batch(names, batch, console)
        batch.forEach { [options] text in
            Result { () throws(Diagnostics) in
                try ComparedText.read(text, policies: options.policies, root: options.root)
            }
        } deliver: { _, read in
            switch read {
            case .success(let found): texts += found
            case .failure(let found): wrong += found.list
            }
            return 0
        }
        if !wrong.isEmpty { throw Diagnostics(wrong) }
        let sigla = try sigla(of: texts)
        if !options.policies.isEmpty, texts.allSatisfy(\.isPlain) { throw Diagnostics([Messages.plainTexts()]) }
        let tokenizer = Tokenizer(ignoring: Set(options.ignored))
        var witnesses: [Collation.Witness] = []
        for (text, siglum) in zip(texts, sigla) { witnesses.append(try text.witness(siglum, tokenizer)) }
        return witnesses
    }

    private func sigla(of texts: [ComparedText]) throws(Diagnostics) -> [String] {
        let sigla = options.sigla
        if sigla.isEmpty { return ComparedText.sigla(of: texts) }
        guard sigla.count == texts.count, Set(sigla.map { CodepointString($0) }).count == sigla.count else {
            throw Diagnostics([Messages.sigla(sigla.count, texts.count)])
        }
        if let wrong = sigla.first(where: {
            $0.isEmpty || $0.unicodeScalars.contains { $0.properties.isWhitespace || $0.value < 0x20 }
        }) {
            throw Diagnostics([Messages.siglum(wrong)])
        }
        return sigla
    }
}
