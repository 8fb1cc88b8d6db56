internal import XML

extension RuleDescription {
    /// The title and the help of a rule, for reports. Of a rule that nobody describes, each result gives the details.
    ///
    /// - Parameter others: descriptions of rules that this module does not know.
    static func of(_ rule: String, among others: [RuleDescription]) -> (title: String, help: String) {
        guard let row = (others + grammar + xml + files + schemas).first(describing: rule) else {
            return (title(of: rule), "Each result says what was expected and how to mend it.")
        }
        return (row.ids.count == 1 ? row.title : title(of: rule), row.help)
    }
}
