internal import ArgumentParser
internal import LanguageServer
internal import XML

struct LSP: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lsp",
        abstract: "Serves your editor while you encode: completion, messages, hands and pointers.",
        discussion: """
            Your editor starts it and talks to it over standard input and output, by the Language Server Protocol. It \
            offers the elements, attributes and values that the schema allows at the cursor, the hands, stages, people and \
            ids of all files of the folder, and shows what ‘marginalia validate’ would find. docs/editors.md says how to \
            set up Neovim, Emacs, Kate, Helix and VS Code. It uses no network and writes no file.

            Example, for Emacs:
              (add-to-list 'eglot-server-programs '(nxml-mode . ("marginalia" "lsp")))

            Exit code: 0 if the editor ended it as it should, 1 if the editor went away without a word.
            """
    )

    @Flag(
        help: ArgumentHelp(
            "Use standard input and output, as it always does: some clients ask for it.", visibility: .hidden))
    var stdio = false

    func run() throws {
        let pipe = MessagePipe()
        let server = Server(version: Marginalia.configuration.version, enter: { FileAccess.changeFolder($0) }) {
            pipe.send($0)
        }
        while server.isRunning, let message = pipe.receive() { server.handle(message) }
        throw ExitCode(server.exitCode)
    }
}
