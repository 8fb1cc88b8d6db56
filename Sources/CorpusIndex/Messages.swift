internal import XML

enum Messages {
    static func noIndex(_ path: String) -> Diagnostic {
        Diagnostic(
            rule: "index-missing", "there is no index ‘\(path)’",
            help: "make one by `marginalia index -o \(path) FOLDER`, or name another by --index")
    }

    static func isFolder(_ path: String) -> Diagnostic {
        Diagnostic(
            rule: "index-other", "‘\(path)’ is a folder", help: "name a file in it by -o, as \(path)/marginalia.index")
    }

    static func noName(_ name: String, _ option: String) -> Diagnostic {
        Diagnostic(rule: "search-syntax", "\(option) ‘\(name)’ has no word", help: "write an id, or words of a name")
    }

    static func notAnIndex(_ path: String) -> Diagnostic {
        Diagnostic(
            rule: "index-other", "‘\(path)’ is a database, and no index",
            help: "name another file by -o: this one stays as it is")
    }

    static func otherVersion(_ path: String) -> Diagnostic {
        Diagnostic(
            rule: "index-version", "‘\(path)’ is no index that this version can read",
            help: "make it again by `marginalia index -o \(path) FOLDER`")
    }

    static func unreadable(_ path: String, _ error: any Error) -> Diagnostic {
        let failure = error as? Database.Failure
        if failure?.kind == .busy {
            return Diagnostic(rule: "index-busy", "the index ‘\(path)’ is being written", help: "try again in a moment")
        }
        let isOther = failure?.kind == .notADatabase
        return Diagnostic(
            rule: isOther ? "index-other" : "index-unreadable",
            isOther ? "‘\(path)’ is no index" : "the index ‘\(path)’ cannot be read: \(reason(error))",
            help: isOther
                ? "name the file that `marginalia index` made"
                : "check its permissions, or make it again by `marginalia index --force -o \(path) FOLDER`"
        )
    }

    static func unwritable(_ path: String, _ error: any Error) -> Diagnostic {
        switch (error as? Database.Failure)?.kind {
        case .busy:
            Diagnostic(
                rule: "index-busy", "another run is writing the index ‘\(path)’", help: "wait until it has ended")
        case .notADatabase:
            Diagnostic(
                rule: "index-other", "‘\(path)’ is no index", help: "name another file by -o: this one stays as it is")
        case .corrupt:
            Diagnostic(
                rule: "index-broken", "the index ‘\(path)’ is broken",
                help: "make it anew by `marginalia index --force -o \(path) FOLDER`")
        case .full:
            Diagnostic(
                rule: "index-unwritable", "no room is left for the index ‘\(path)’",
                help: "make room and run the command again: what it has done is kept")
        case .other, nil:
            Diagnostic(
                rule: "index-unwritable", "the index ‘\(path)’ cannot be written: \(reason(error))",
                help: "check that its folder is there and may be written")
        }
    }

    static func noDate(_ text: String, _ option: String) -> Diagnostic {
        Diagnostic(rule: "date-syntax", "‘\(text)’ is no date", help: "write \(option) 1994, 1994-07 or 1994-07-13")
    }

    static func noPolicy(_ policy: String, _ held: [String]) -> Diagnostic {
        Diagnostic(
            rule: "policy-missing", "the index does not hold the text ‘\(policy)’",
            help: "it holds: \(held.joined(separator: ", ")); `marginalia index --policy \(policy)` makes one that does"
        )
    }

    private static func reason(_ error: any Error) -> String { (error as? Database.Failure)?.message ?? "\(error)" }
}
