internal import XML

/// Diagnostics as a run cache keeps them. Thousands of them share a few rules, messages and lists: each string is there
/// once, and a diagnostic is a row of numbers.
struct StoredDiagnostics: Codable, Sendable {
    private var strings: [String] = []
    /// Which strings each list of expectations has, as numbers with blanks between.
    private var lists: [String] = []
    /// As numbers with blanks between, one after the other: the fields of each diagnostic, and those of each of its
    /// notes. A string that is missing is -1.
    private var fields = ""

    init(_ diagnostics: [Diagnostic]) {
        var (numbers, known): ([CodepointString: Int], [Expectations: Int]) = ([:], [:])
        func number(_ string: String?) -> Int {
            guard let string else { return -1 }
            if let number = numbers[CodepointString(string)] { return number }
            numbers[CodepointString(string)] = strings.count
            strings.append(string)
            return strings.count - 1
        }
        var bytes: [UInt8] = []
        func add(_ numbers: Int...) {
            for number in numbers {
                bytes += String(number).utf8
                bytes.append(UInt8(ascii: " "))
            }
        }
        func add(_ location: SourceLocation?) {
            add(number(location?.file), location?.line ?? 0, location?.column ?? 0, location?.byteOffset ?? 0)
        }
        for diagnostic in diagnostics {
            let list = known[Expectations(list: diagnostic.expected), default: lists.count]
            if list == lists.count {
                known[Expectations(list: diagnostic.expected)] = list
                lists.append(diagnostic.expected.map { "\(number($0))" }.joined(separator: " "))
            }
            add(
                number(diagnostic.severity.rawValue), number(diagnostic.rule), number(diagnostic.message),
                number(diagnostic.help))
            add(diagnostic.location)
            add(number(diagnostic.path), number(diagnostic.id), list, diagnostic.occurrences, diagnostic.notes.count)
            for note in diagnostic.notes {
                add(number(note.message))
                add(note.location)
            }
        }
        fields = String(decoding: bytes, as: UTF8.self)
    }

    /// The diagnostics; `nil` if the numbers are not from ``init(_:)``.
    var list: [Diagnostic]? {
        let expectations = lists.map { StoredDiagnostics.numbers($0).compactMap(string) }
        var (found, rest) = ([Diagnostic](), StoredDiagnostics.numbers(fields)[...])
        func next() -> Int { rest.popFirst() ?? -1 }
        func place() -> SourceLocation? {
            let (file, line, column, offset) = (string(next()), next(), next(), next())
            return file.map { SourceLocation(file: $0, line: line, column: column, byteOffset: offset) }
        }
        while !rest.isEmpty {
            guard let severity = string(next()).flatMap(Diagnostic.Severity.init), let rule = string(next()),
                let message = string(next())
            else { return nil }
            let (help, location, path, id, expected, occurrences) = (
                string(next()), place(), string(next()), string(next()), next(), next()
            )
            guard expectations.indices.contains(expected) else { return nil }
            let notes = (0..<max(0, next())).map { _ in Diagnostic.Note(string(next()) ?? "", at: place()) }
            found.append(
                Diagnostic(
                    severity, rule: rule, message, help: help, at: location, path: path, id: id, notes: notes,
                    expected: expectations[expected],
                    occurrences: occurrences
                ))
        }
        return found
    }

    private static func numbers(_ list: String) -> [Int] {
        list.utf8.split(separator: UInt8(ascii: " ")).map { Int(Substring($0)) ?? -1 }
    }

    private func string(_ number: Int) -> String? { strings.indices.contains(number) ? strings[number] : nil }

    /// Lists that are one and the same in memory are not compared element by element.
    private struct Expectations: Hashable {
        let list: [String]

        static func == (a: Expectations, b: Expectations) -> Bool {
            a.list == b.list && zip(a.list, b.list).allSatisfy { $0.isSame(as: $1) }
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(list.count)
            hasher.combine(list.first.map { CodepointString($0) })
        }
    }
}
