internal import ArgumentParser
internal import Corpus
internal import XML

struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explains a rule: what it says, an example, and how to mend many places.",
        discussion: """
            The id of a rule is in brackets at the end of a message. Without one, all rules are listed.

            Examples:
              marginalia explain pointer-hand
              marginalia explain grammar
              marginalia explain

            Exit code: 0, or 2 if there is no such rule.
            """
    )

    @Argument(
        help: ArgumentHelp("The id of a rule, or the first words of several.", valueName: "rule"),
        completion: .list(RuleDescription.all.flatMap(\.ids).filter { $0.first?.isLowercase == true }))
    var rule: String?

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            let text =
                if let rule {
                    try RuleDescription.named(rule).map { $0.text(for: rule) }.joined(separator: "\n")
                } else {
                    RuleDescription.table
                }
            Terminal.write(text, to: .output)
            return 0
        }
    }
}
