internal import Dispatch
internal import Synchronization
internal import TEI
internal import XML

/// Finds the files of a run that are read only through another file that includes them: the same for every command.
final class Inclusions: Sendable {
    private let root: String?
    /// The inclusions that earlier runs found in files.
    private let cache: RunCache<[String]>?

    /// - Parameter isNoted: whether what is found is noted in the cache for the next run.
    init(root: String?, isNoted: Bool) {
        self.root = root
        cache =
            isNoted
            ? RunCache(folder: "inclusions", "inclusions", root, root: root, configuration: DependencyLog()) : nil
    }

    /// The files that are seen for themselves, in their order.
    func documents(of files: [String]) -> [String] {
        guard files.count > 1 else { return files }
        let found = Mutex<[CodepointString: [String]]>([:])
        DispatchQueue.concurrentPerform(iterations: files.count) { number in
            let included = inclusions(in: files[number])
            if !included.isEmpty { found.withLock { $0[CodepointString(files[number])] = included } }
        }
        cache?.save()
        let included = found.withLock(\.self)
        return EditionFiles.documents(among: files) { included[CodepointString($0)] ?? [] }
    }

    private func inclusions(in file: String) -> [String] {
        if let known = cache?.result(for: file) { return known }
        let found = Tracked { EditionFiles.inclusions(in: file, root: root) }
        cache?.add(found.value, for: file, found.log)
        return found.value
    }
}
