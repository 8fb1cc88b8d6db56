internal import XML

/// Waiting for files to change.
enum FileWatch {
    /// Waits until one of the files that were read is another, or the list of files is.
    ///
    /// - Parameter list: the files that are meant now; `nil` if that cannot be told.
    /// - Returns: the files that are meant then.
    static func wait(for files: [String], _ inputs: FileStamps, list: () -> [String]?) -> [String] {
        let before = inputs.keys.map { ($0.string, FileAccess.signature(of: $0.string)) }
        // A file that changed while it was read is read again, after a pause.
        FileAccess.sleep(.milliseconds(30))
        guard inputs.areCurrent else { return list() ?? files }
        while true {
            let start = ContinuousClock.now
            let meant = list() ?? files
            guard meant == files, before.allSatisfy({ FileAccess.signature(of: $0) == $1 }) else { return meant }
            // Watching many files must not keep a processor busy.
            FileAccess.sleep(max(.milliseconds(30), (ContinuousClock.now - start) * 5))
        }
    }
}
