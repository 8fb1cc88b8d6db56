internal import TEI
internal import Validation
internal import XML

/// Reads the settings of a project from its file. What is wrong is collected, so that all of it is reported at once.
struct ProjectReader {
    /// A setting at the top of the file; docs/projects.md says what each means.
    private struct Setting: Sendable {
        enum Target: Sendable {
            case one(any WritableKeyPath<Project, String?> & Sendable)
            case several(any WritableKeyPath<Project, [String]> & Sendable)
        }

        let name: String
        let target: Target
        /// Whether its values are paths.
        var isPath = false
    }

    private static let settings: [Setting] = [
        Setting(name: "root", target: .one(\.root), isPath: true),
        Setting(name: "schemas", target: .several(\.schemas), isPath: true),
        Setting(name: "phase", target: .one(\.phase)),
        Setting(name: "catalogs", target: .several(\.catalogs), isPath: true),
        Setting(name: "files", target: .several(\.files), isPath: true),
        Setting(name: "exclude", target: .several(\.excluded)),
        Setting(name: "policies", target: .several(\.policies)),
    ]

    /// The folder from which paths start.
    private let folder: String
    private(set) var wrong: [Diagnostic] = []

    init(folder: String) { self.folder = folder }

    mutating func read(_ file: TOML, into project: inout Project) {
        for (key, value) in entries(of: file, "the file") {
            if key == "rules" {
                project.rules = rules(value, key, ["ignore", "only", "severity"], &project)
            } else if key == "parts" {
                readParts(value, into: &project)
            } else if let setting = ProjectReader.settings.first(where: { $0.name.isSame(as: key) }) {
                read(value, as: setting, into: &project)
            } else {
                let names = ProjectReader.settings.map(\.name) + ["rules", "parts"]
                wrong.append(Messages.noSetting(key, names, at: value.location))
            }
        }
    }

    private mutating func read(_ value: TOML, as setting: Setting, into project: inout Project) {
        let words = words(value, setting.name)
        let values = setting.isPath ? words.map(path) : words
        switch setting.target {
        case .several(let property): project[keyPath: property] = values
        case .one(let property):
            if values.count != 1 { wrong.append(Messages.wrongSetting(setting.name, "one string", at: value.location)) }
            project[keyPath: property] = values.first
        }
        for name in words where setting.name == "policies" && name != "all" && Policy(name) == nil {
            wrong.append(Messages.noPolicy(name, isList: true).with(at: value.location))
        }
        note(values, as: setting.name, at: value.location, in: &project)
    }

    /// A path that starts from the file's folder; the address of a schema stays as it is.
    private func path(_ written: String) -> String {
        Reference(written).scheme != nil || written.utf8.first == UInt8(ascii: "/") || folder == "."
            ? written : folder + "/" + written
    }

    // MARK: Rules

    private mutating func readParts(_ value: TOML, into project: inout Project) {
        guard case .list(let parts) = value.value else {
            wrong.append(Messages.wrongSetting("parts", "one table for each part: [[parts]]", at: value.location))
            return
        }
        for part in parts {
            let files = entries(of: part, "parts").first { $0.key == "files" }.map { words($0.value, "files") } ?? []
            if files.isEmpty { wrong.append(Messages.partWithoutFiles(at: part.location)) }
            note(files, as: "parts.files", at: part.location, in: &project)
            let rules = rules(part, "parts", ["files", "ignore", "severity"], &project)
            project.parts.append(Project.Part(files: files, rules: rules))
        }
    }

    /// - Parameters:
    ///   - place: the table, as messages call it.
    ///   - keys: what may be in it; `files` has been read.
    private mutating func rules(
        _ table: TOML, _ place: String, _ keys: [String], _ project: inout Project
    ) -> RuleSelection {
        var selection = RuleSelection()
        for (key, value) in entries(of: table, place) where key != "files" || !keys.contains(key) {
            switch key {
            case _ where !keys.contains(key):
                wrong.append(Messages.noSetting(key, keys, at: value.location))
                continue
            case "severity": selection.severities = severities(value)
            case "only": selection.only = words(value, key)
            default: selection.ignored = words(value, key)
            }
            let said = key == "severity" ? selection.severities.map(\.description) : words(value, key)
            note(said, as: "\(place).\(key)", at: value.location, in: &project)
        }
        return selection
    }

    private mutating func severities(_ table: TOML) -> [RuleSelection.Severity] {
        entries(of: table, "severity").compactMap { rule, value in
            if case .string(let name) = value.value, let severity = Diagnostic.Severity(rawValue: name) {
                return RuleSelection.Severity(rule, severity)
            }
            wrong.append(Messages.wrongSetting(rule, "\"error\", \"warning\" or \"note\"", at: value.location))
            return nil
        }
    }

    // MARK: Values

    private mutating func entries(of table: TOML, _ name: String) -> [(key: String, value: TOML)] {
        if case .table(let entries) = table.value { return entries }
        wrong.append(Messages.wrongSetting(name, "a table", at: table.location))
        return []
    }

    /// The strings of a list; one string is a list too.
    private mutating func words(_ value: TOML, _ name: String) -> [String] {
        if case .string(let word) = value.value { return [word] }
        guard case .list(let list) = value.value else {
            wrong.append(Messages.wrongSetting(name, "a string or a list of strings", at: value.location))
            return []
        }
        return list.compactMap { item in
            if case .string(let word) = item.value { return word }
            wrong.append(Messages.wrongSetting(name, "strings in its list", at: item.location))
            return nil
        }
    }

    private func note(_ values: [String], as name: String, at location: SourceLocation, in project: inout Project) {
        project.entries += values.map { Project.Entry(name: name, value: $0, location: location) }
    }
}
