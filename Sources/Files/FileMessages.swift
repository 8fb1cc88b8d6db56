// Every message of this module, in one place, so that they can be read and improved together.

package enum FileMessages {
    static func missingFile(_ path: String) -> Diagnostic {
        Diagnostic(rule: "file-missing", "there is no file ‘\(path)’", help: "check the path and its spelling")
    }

    package static func isFolder(_ path: String) -> Diagnostic {
        Diagnostic(rule: "file-is-folder", "‘\(path)’ is a folder, and a file was expected", help: "name a file in it")
    }

    static func unwritableFolder(_ folder: String) -> Diagnostic {
        Diagnostic(
            rule: "file-unwritable", "a temporary file in ‘\(folder)’ cannot be written",
            help: "check that the folder may be written to and that the disk has room, or name another by TMPDIR"
        )
    }

    package static func unreadableFile(_ path: String) -> Diagnostic {
        Diagnostic(
            rule: "file-unreadable", "the file ‘\(path)’ cannot be read",
            help: "check its permissions: `ls -l` shows them")
    }

    static func specialFile(_ path: String) -> Diagnostic {
        Diagnostic(
            rule: "file-special", "‘\(path)’ is a device, pipe or socket, and a file was expected",
            help: "store it as a file, or send it to standard input and name it ‘-’"
        )
    }

    package static func tooLargeFile(_ path: String) -> Diagnostic {
        Diagnostic(
            rule: "file-too-large", "‘\(path)’ is larger than 2 GB",
            help: "divide it, or check and export it in parts by `--stream`"
        )
    }

    package static func outsideRoot(_ path: String, root: String, at location: SourceLocation? = nil) -> Diagnostic {
        if root.isEmpty {
            return Diagnostic(
                rule: "file-outside-root", "‘\(path)’ is not read: a document that was handed on reads no other file",
                help: "name by `--root` the folder whose files it may read", at: location
            )
        }
        return Diagnostic(
            rule: "file-outside-root", "‘\(path)’ is outside of the root folder ‘\(root)’ and is not read",
            help: "name a folder that holds both by `--root`", at: location
        )
    }
}
