import Support
import Testing

/// Editors as clients of `marginalia lsp`, with the settings of `docs/editors.md`.
@Suite(.serialized, .inRelease)
struct EditorTests {
    /// Before Emacs 29 eglot is a package of its own.
    private static let debian = "command -v emacs && ls -d /usr/share/emacs/site-lisp/elpa/eglot-*"

    @Test(.enabled("Neovim is absent: run `make peers`") { Program.hasPeer("command -v nvim") })
    func neovim() throws { try expectAll("nvim --headless --clean -u NONE -S Tests/Editors/neovim.lua") }

    @Test(
        .enabled("Emacs or eglot is absent: run `make peers`") {
            Program.hasPeer("emacs --batch -Q --eval \"(require 'eglot)\" || \(debian)")
        })
    func eglot() throws { try expectAll("emacs --batch -Q -l Tests/Editors/eglot.el") }

    /// As each client says that it understands them.
    @Test(
        .enabled("pytest-lsp is absent: run `make peers`") {
            Program.hasPeer("\(Program.python) -c 'import pytest_lsp'")
        })
    func types() throws {
        try expectAll("\(Program.python) -m pytest -q -p no:cacheprovider Tests/Editors/protocol.py")
    }

    private func expectAll(_ line: String) throws {
        let result = try Program.shell("MARGINALIA=$M \(line)")
        #expect(result.code == 0, "\(result.output)\(result.errors.suffix(1000))")
    }
}
