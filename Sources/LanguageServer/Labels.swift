/// What the server says to its user, besides what validation finds.
enum Labels {
    static let breaks = "makes what follows invalid"
    static let breaksFollowing = "Allowed here, but what follows in the same element would then not be allowed."
    static let required = "required"
    static let nothingToRename = "put the cursor on an xml:id, or on a pointer at one"

    static func used(_ count: Int) -> String { "used \(count == 1 ? "once" : "\(count) times") in these files" }

    static func noID(_ name: String) -> String {
        "‘\(name)’ cannot be an xml:id: use letters, digits, ‘-’, ‘_’ and ‘.’, and begin with a letter"
    }

    static func idExists(_ id: String, _ path: String) -> String { "\(path) already has the xml:id ‘\(id)’" }

    static func noTarget(_ id: String, _ path: String) -> String { "\(path) has no xml:id ‘\(id)’" }

    static func noPrefixedID(_ id: String, _ place: String) -> String {
        "the prefix of the pointer at \(place) cannot mean ‘\(id)’: choose an id that its prefixDef can name"
    }

    static func noFile(_ path: String) -> String { "there is no file \(path)" }

    /// - Parameter targets: `a handNote`.
    static func pointer(_ targets: String) -> String { "A pointer at \(targets)." }

    static func hand(_ label: String?) -> String? { label.map { "Hand: \($0)" } }

    // MARK: Code actions

    static let preview = "Show the page in the browser"

    static func previewIsAt(_ address: String) -> String { "The page is at \(address)" }

    static let newHand = "Describe a new hand in the header"
    static let newStage = "Describe a new stage in the header"

    /// ` by Ada Marsh at stage #signed`.
    static func by(_ hand: String, _ stage: String?) -> String {
        " by \(hand)" + (stage.map { " at stage \($0)" } ?? "")
    }

    static func wrap(_ element: String, _ by: String) -> String { "Wrap in <\(element)>\(by)" }

    static func replace(_ by: String) -> String { "Replace these words\(by)" }

    static func add(_ mark: String, _ by: String) -> String { "Add a \(mark)\(by)" }

    /// Within words, and not beside the paragraph.
    static func addHere(_ mark: String, _ by: String) -> String { "Add a \(mark) here\(by)" }

    static func pointAt(_ name: String, _ pointer: String) -> String { "Point at ‘\(name)’ (\(pointer))" }

    static func newEntry(_ name: String, _ file: String) -> String { "Make an entry for ‘\(name)’ in \(file)" }
}
