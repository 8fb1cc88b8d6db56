internal import XML

/// What the preview reports.
enum Messages {
    static func noDocument(_ path: String) -> Diagnostic {
        Diagnostic(
            rule: "not-tei", "\(path) has no document of TEI", help: "name a file with a TEI element that has a text")
    }

    static func noLibrary() -> Diagnostic {
        Diagnostic(
            rule: "preview", "the library civetweb is missing, which the preview needs",
            help: "install it: apt install libcivetweb1, or your system’s package of civetweb")
    }

    static func noPort() -> Diagnostic {
        Diagnostic(
            rule: "preview", "no port of this machine can be opened",
            help: "see whether a firewall or a sandbox forbids it")
    }
}
