internal import ArgumentParser
internal import Corpus
internal import Preview
internal import XML

struct PreviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Shows a document’s page in your browser while you encode it.",
        discussion: """
            Serves the page on this machine alone, under an address that nobody can guess, and prints the address. When you \
            save the document, or a file that it reads, the page is shown anew at the same place and with the same text. While \
            the document is not well-formed, the last page stays, with the message above it. A click on words prints their \
            place in the source. Needs the library civetweb (on Debian: apt install libcivetweb1).

            Examples:
              marginalia preview memo.xml
              marginalia preview TEI
              xdg-open "$(marginalia preview memo.xml | head -n 1)"

            Ends with Ctrl-C. Exit code: 2 if it cannot start.
            """
    )

    @Argument(help: "A document, or a folder with documents.", completion: .file())
    var path: String

    @Option(
        help: ArgumentHelp(
            "The root folder: nothing that a document names is read outside of it. See docs/trust.md for the default.",
            valueName: "folder"))
    var root: String?

    func run() throws {
        try Terminal.run { () throws(Diagnostics) in
            let kind = FileAccess.kind(of: path)
            if kind == nil { _ = try FileAccess.bytes(ofFile: path) }
            let isFolder = kind == .folder
            let folder = isFolder ? path : FileAccess(forDocumentAt: path).root
            let server = try PreviewServer(PagePreview(root: root), folder: folder) { place in
                Terminal.write(Array("\(place)\n".utf8), to: .output)
            }
            Terminal.write(Array((server.address(of: isFolder ? nil : path) + "\n").utf8), to: .output)
            while true { FileAccess.sleep(.seconds(3600)) }
        }
    }
}
