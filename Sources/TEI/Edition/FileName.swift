package import XML

/// Makes file names from names in documents: ids, sigla, and names of other files.
///
///     FileName.of("hand:a/b")     // hand=3Aa=2Fb
///     FileName.of("../x")         // =2E.=2Fx
///
/// Every file name that depends on a document is made here. Letters, digits, marks, spaces and most signs stay. A
/// character that has a meaning in a path, a file system or a terminal becomes `=` and two hexadecimal digits for
/// each of its bytes in UTF-8. So two names never become the same, no name is empty, and no name leads out of its
/// folder.
package enum FileName {
    /// File systems allow names of 255 bytes; an extension follows.
    private static let limit = 200

    /// Returns the file name for a name.
    package static func of(_ name: String) -> String {
        let scalars = Array(name.unicodeScalars)
        var result = ""
        for (number, scalar) in scalars.enumerated() {
            let isAtEnd = number == 0 || number + 1 == scalars.count
            if isPlain(scalar), !(number == 0 && ".-".unicodeScalars.contains(scalar)), !(isAtEnd && scalar == " ") {
                result.unicodeScalars.append(scalar)
            } else {
                result += String(scalar).utf8.map {
                    "=" + ($0 < 0x10 ? "0" : "") + String($0, radix: 16, uppercase: true)
                }.joined()
            }
        }
        // No name has `=` alone, and none ends in `=` and sixteen digits unless it was too long.
        if result.isEmpty { return "=" }
        return result.utf8.count <= limit ? result : shortened(result, name)
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return scalar.value >= 0x20 && scalar.value < 0x7F && !"/\\:*?\"<>|=".unicodeScalars.contains(scalar)
        }
        // Bytes of a file name that are not UTF-8.
        if (0x10FF80...0x10FFFF).contains(scalar.value) { return true }
        return switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            false
        default: true
        }
    }

    private static func shortened(_ result: String, _ name: String) -> String {
        var kept = ""
        for scalar in result.unicodeScalars where kept.utf8.count < limit - 24 { kept.unicodeScalars.append(scalar) }
        let sum = String(fnv1a(name), radix: 16)
        return kept + "=" + String(repeating: "0", count: 16 - sum.utf8.count) + sum
    }
}

/// The files that a run writes into a folder. No two results may share one.
///
///     var files = OutputFiles()
///     try files.claim(["memo/typed.txt", "memo/revised.txt"], for: "memo", at: item.element.location)
package struct OutputFiles: Sendable {
    private var files: [CodepointString: SourceLocation?] = [:]
    private var folders: [CodepointString: SourceLocation?] = [:]

    /// Begins with no files.
    package init() {}

    /// Reserves the files of a result, before it is written.
    ///
    /// - Parameters:
    ///   - addresses: paths relative to the folder, with `/` between their parts.
    ///   - name: the name of the document.
    ///   - location: where the document begins.
    /// - Throws: ``XML/Diagnostics`` with the rule `export-name` if another result has one of the files; then none is
    ///   reserved.
    package mutating func claim(
        _ addresses: [String], for name: String, at location: SourceLocation?
    ) throws(Diagnostics) {
        var (new, parents): (Set<CodepointString>, Set<CodepointString>) = ([], [])
        for address in addresses {
            let key = OutputFiles.key(address)
            let above = OutputFiles.folders(of: address)
            let other = files[key] ?? folders[key] ?? above.first { files[$0] != nil }.flatMap { files[$0] }
            if let other { throw Diagnostics([Messages.sameFile(address, name, at: location, other: other)]) }
            guard new.insert(key).inserted, new.isDisjoint(with: above) else {
                throw Diagnostics([Messages.sameFile(address, name, at: location, other: location)])
            }
            parents.formUnion(above)
        }
        for key in new { files[key] = .some(location) }
        for key in parents where folders[key] == nil { folders[key] = .some(location) }
    }

    /// Some file systems do not tell capitals from small letters.
    private static func key(_ address: String) -> CodepointString {
        #if canImport(Darwin)
            CodepointString(address.lowercased())
        #else
            CodepointString(address)
        #endif
    }

    private static func folders(of address: String) -> [CodepointString] {
        let parts = address.pathComponents
        return (1..<max(1, parts.count)).map { key(parts[..<$0].joined(separator: "/")) }
    }
}
