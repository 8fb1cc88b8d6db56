internal import ArgumentParser
internal import Corpus
internal import XML

struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Shows the settings of a project, and where each comes from.",
        discussion: """
            Settings are in marginalia.toml: the nearest one at or above the files, or at or above the working folder \
            if no file is named. What the command line says comes first.

            An example:
              schemas = ["schemas/letters.rng"]
              files = ["letters"]
              policies = ["typed", "revised"]
              [rules]
              ignore = ["pointer-image"]
              severity = { unused = "note" }

            ‘marginalia explain config’ lists all settings, docs/projects.md says what each means.

            Examples:
              marginalia config
              marginalia config letters/1890.xml
            """
    )

    @OptionGroup var place: ProjectArguments

    @Argument(help: "Files or folders.")
    var paths: [String] = []

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            let project = try place.project(of: paths)
            Terminal.write(project.listing(for: paths), to: .output)
            return 0
        }
    }
}
