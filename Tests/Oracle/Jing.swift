import Foundation

/// Jing, called as a class: its wrapper script expands XInclude.
struct Jing {
    struct Finding {
        let line: Int
        let message: String
    }

    /// The schema is not correct for Jing.
    struct Refusal: Error {
        let messages: [String]
    }

    private static let classPath = ["jing", "xercesImpl", "xml-apis", "xml-resolver"].map {
        "/usr/share/java/\($0).jar"
    }

    static var isInstalled: Bool {
        (classPath + ["/usr/bin/java"]).allSatisfy { FileManager.default.fileExists(atPath: $0) }
    }

    /// Whether Jing finds the types of IDs in the schema consistent (RELAX NG DTD Compatibility), and so can check
    /// them.
    ///
    /// - Throws: ``Refusal`` where the schema is not correct at all.
    static func acceptsIDs(of schema: String, in folder: URL) throws -> Bool {
        do {
            _ = try Jing(schema: schema, checksIDs: true, files: [], in: folder).findings()
            return true
        } catch is Refusal {
            _ = try Jing(schema: schema, checksIDs: false, files: [], in: folder).findings()
            return false
        }
    }

    private let process = Process()
    private let schema: String
    private let output: URL

    /// Begins to validate `files`, which lie in `folder`; all are well-formed.
    ///
    /// - Parameter checksIDs: whether ID and IDREF are checked, as Jing does unless it is told not to.
    init(schema: String, checksIDs: Bool, files: [String], in folder: URL) throws {
        self.schema = schema
        output = folder.appending(path: "jing.out")
        try Data().write(to: output)
        process.executableURL = URL(filePath: "/usr/bin/java")
        var arguments = [
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8", "-cp",
            Jing.classPath.joined(separator: ":"),
        ]
        arguments.append("com.thaiopensource.relaxng.util.Driver")
        if !checksIDs { arguments.append("-i") }
        if schema.hasSuffix(".rnc") { arguments.append("-c") }
        process.arguments = arguments + [schema] + files
        process.currentDirectoryURL = folder
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = process.standardOutput
        try process.run()
    }

    /// Waits for the end: what was found, by file, in the order of the lines.
    func findings() throws -> [String: [Finding]] {
        process.waitUntilExit()
        let lines = String(decoding: try Data(contentsOf: output), as: UTF8.self).split(separator: "\n")
        var found: [String: [Finding]] = [:]
        for line in lines {
            guard let finding = Jing.parse(line), finding.file != URL(filePath: schema).lastPathComponent else {
                throw Refusal(messages: lines.prefix(3).map(String.init))
            }
            // A note to the error of the second occurrence.
            if finding.message.hasPrefix("first occurrence of ID") { continue }
            found[finding.file, default: []].append(Finding(line: finding.line, message: finding.message))
        }
        // IDREFs without an ID are told at the end.
        return found.mapValues { list in
            list.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }.map(\.element)
        }
    }

    /// `folder/17.xml:3:12: error: message`
    private static func parse(_ line: Substring) -> (file: String, line: Int, message: String)? {
        for severity in [": error: ", ": fatal: "] {
            guard let range = line.firstRange(of: severity) else { continue }
            let place = line[..<range.lowerBound].split(separator: ":")
            guard place.count >= 3, let number = Int(place[place.count - 2]) else { return nil }
            let file = place[place.count - 3].split(separator: "/").last.map(String.init) ?? ""
            return (file, number, (severity == ": fatal: " ? "fatal: " : "") + line[range.upperBound...])
        }
        return nil
    }
}
