internal import ArgumentParser
internal import Corpus
internal import XML

/// A mistake on the command line, as the argument parser reports it, in the words of the other messages.
struct ArgumentError {
    private var message = "the command line cannot be understood"
    private var help: [String] = []
    private var usage = ""

    /// - Parameter text: `Error: …`, the values that are allowed, `Help: …`, `Usage: …`, and where there is more help.
    init(_ text: String) {
        var (values, isError): ([String], Bool) = ([], false)
        for line in text.split(separator: "\n").map(String.init) {
            let trimmed = String(line.drop { $0 == " " })
            if let rest = ArgumentError.rest(of: line, after: "Error: ") {
                let parts = rest.split(separator: ". ", maxSplits: 1).map { ArgumentError.quoted($0) }
                (message, isError) = (parts[0].prefix(1).lowercased() + parts[0].dropFirst(), true)
                help += parts.dropFirst().filter { $0.hasPrefix("Did you mean") }.map { "d" + $0.dropFirst() }
            } else if let rest = ArgumentError.rest(of: line, after: "Help:  ") {
                (help, isError) = (help + [ArgumentError.option(rest)], false)
            } else if let rest = ArgumentError.rest(of: line, after: "Usage: ") {
                (usage, isError) = (rest, false)
            } else if isError, let value = ArgumentError.rest(of: trimmed, after: "- ") {
                values.append(value)
            } else if let command = trimmed.split(separator: "'").dropFirst().first, trimmed.hasPrefix("See ") {
                help.append("see `\(command)`")
            }
        }
        let names = values.isEmpty && message.hasPrefix("unexpected argument") ? commands : values
        if let meant = nearest(subject, names).map({ names[$0] }) { help.insert("did you mean ‘\(meant)’?", at: 0) }
        if !values.isEmpty { help.insert("write " + values.joined(separator: ", "), at: help.count - 1) }
    }

    private static func rest(of line: String, after start: String) -> String? {
        line.hasPrefix(start) ? String(line.dropFirst(start.count)) : nil
    }

    /// Words with the quotation marks of the other messages.
    private static func quoted(_ words: some StringProtocol) -> String {
        var (quoted, isOpen) = ("", false)
        for character in words {
            if character == "'" {
                quoted += isOpen ? "’" : "‘"
                isOpen.toggle()
            } else {
                quoted.append(character)
            }
        }
        return quoted
    }

    /// `--to <format>: the format`
    private static func option(_ help: String) -> String {
        guard let end = help.firstRange(of: "  ") else { return help }
        let words = help[end.upperBound...].drop { $0 == " " }
        return "\(help[..<end.lowerBound]): \(words.prefix(1).lowercased())\(words.dropFirst())"
    }

    /// The first word in quotation marks: what is wrong.
    private var subject: String { message.split { "‘’".contains($0) }.dropFirst().first.map(String.init) ?? "" }

    /// The commands that may follow: those of the command whose usage is shown.
    private var commands: [String] {
        let all = Marginalia.configuration.subcommands
        let inner = all.first { usage.hasPrefix("marginalia \($0._commandName) ") }?.configuration.subcommands
        return (inner.flatMap { $0.isEmpty ? nil : $0 } ?? all).map { $0._commandName }
    }

    var diagnostic: Diagnostic {
        let parts = help.map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 }
        let joined = parts.dropFirst().reduce(parts.first ?? "") { $0 + ($0.hasSuffix("?") ? " " : "; ") + $1 }
        return .usage(message, help: joined)
    }
}
