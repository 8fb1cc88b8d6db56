internal import Synchronization

/// The texts of files that somebody has open in an editor. They count in place of what is saved.
///
///     let texts = OpenTexts()
///     texts.set(Array("<TEI/>".utf8), ofFile: "TEI/people.xml")
///     let access = FileAccess(root: "TEI").reading(texts)
///
/// You may share them between threads.
package final class OpenTexts: Sendable {
    /// By the canonical paths of the files.
    private let texts = Mutex<[CodepointString: [UInt8]]>([:])

    package init() {}

    /// - Parameter bytes: the text as the file would have it; `nil` if the file is no longer open.
    package func set(_ bytes: [UInt8]?, ofFile path: String) {
        let key = CodepointString(FileAccess.canonical(path))
        texts.withLock { $0[key] = bytes }
    }

    func bytes(ofFile path: String) -> [UInt8]? {
        texts.withLock { texts in
            texts.isEmpty ? nil : texts[CodepointString(FileAccess.canonical(path))]
        }
    }
}
