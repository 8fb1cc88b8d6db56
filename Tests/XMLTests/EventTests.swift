import Foundation
import Support
import Testing
import XML

/// Writes down all that it is told, with every place.
private final class Recorder: ContentHandler {
    private(set) var lines: [String] = []
    private var names: [QName] = []
    private var text = ""
    private var textPlace: EventPlace?
    private var place: EventPlace?

    func declare(_ name: QName) { names.append(name) }

    func declare(unparsedEntity name: String) { lines.append("entity \(name)") }

    func startElement(_ name: Int, at place: EventPlace) -> Bool {
        endText()
        return note("<\(names[name])", place)
    }

    func attribute(_ name: Int, _ value: Span<UInt8>, at place: EventPlace, namespace: (String) -> String?) -> Bool {
        let prefix = namespace(names[name].prefix ?? "") ?? "–"
        return note("@\(names[name])=\(string(value)) \(prefix)", place)
    }

    func endAttributes() -> Bool { note(">", nil) }

    func characters(_ text: Span<UInt8>, at place: EventPlace) -> Bool {
        let part = string(text)
        let wasBlank = self.text.allSatisfy(\.isWhitespace)
        self.text += part
        // Of a text in pieces the first visible character is what counts.
        guard wasBlank, !part.allSatisfy(\.isWhitespace) else { return false }
        return note("text", place)
    }

    func endElement(at place: EventPlace, namespace: (String) -> String?) -> Bool {
        endText()
        return note("/> \(namespace("") ?? "–")", place)
    }

    func locate(_ locator: some EventLocator) {
        let location = place.map { locator.location(of: $0) }
        lines[lines.count - 1] +=
            " \(location.map { "\($0) \($0.byteOffset)" } ?? "") \(locator.path(above: 0)) \(locator.nearestID(above: 0) ?? "")"
    }

    private func note(_ line: String, _ place: EventPlace?) -> Bool {
        lines.append(line)
        self.place = place
        return true
    }

    private func endText() {
        if !text.isEmpty { lines.append("\"\(text)\"") }
        text = ""
    }

    private func string(_ bytes: Span<UInt8>) -> String {
        String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
    }
}

@Suite struct EventTests {
    /// A file told while it is read, and the same told from its tree.
    private func compare(_ path: String) throws {
        let (streamed, walked) = (Recorder(), Recorder())
        let document: Document
        do throws(Diagnostics) {
            document = try Document(contentsOfFile: path)
        } catch {
            let expected = error.list.map(\.rule)
            let thrown = #expect(throws: Diagnostics.self) { try Document.stream(path, to: streamed) }
            #expect(thrown?.list.map(\.rule) == expected, "\(path)")
            return
        }
        document.replay(to: walked)
        let diagnostics = try Document.stream(path, to: streamed)
        #expect(diagnostics == document.diagnostics, "\(path)")
        for (a, b) in zip(streamed.lines, walked.lines) where a != b {
            Issue.record("\(path): streamed \(a), from the tree \(b)")
            return
        }
        #expect(streamed.lines.count == walked.lines.count, "\(path)")
    }

    @Test func ownDocuments() throws {
        for file in Folder.own { try compare(file.path) }
    }

    @Test(.inRelease, .hasData("sga")) func othersDocuments() throws {
        let plays = Folder.documents(of: "gerdracor").prefix(3)
        for file in Folder.documents(of: "sga/tei") + plays + Folder.documents(of: "mistakes") {
            try compare(file.path)
        }
    }

    @Test func goldenCases() throws {
        for file in Folder.documents(below: Folder.cases) { try compare(file.path) }
    }

    /// Also where a byte order mark, or what begins like one, is all there is.
    @Test(arguments: [
        [], [0x0A], [0xEF], [0xEF, 0xBB, 0xBF], [0xEF, 0xBB, 0xBF, 0xBF], [0xEF, 0xBB, 0xBF, 0xFF], [0xFE, 0xFF],
        [0xFF, 0xFE, 0x3C],
    ])
    func hardlyAFile(_ bytes: [UInt8]) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "marginalia-\(UUID().uuidString).xml")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(bytes).write(to: file)
        try compare(file.path)
    }

    /// A pipe that is no standard input is refused, without waiting for a writer.
    @Test func pipe() throws {
        let pipe = FileManager.default.temporaryDirectory.appending(path: "marginalia-\(UUID().uuidString)")
        #expect(unsafe mkfifo(pipe.path, 0o600) == 0)
        defer { try? FileManager.default.removeItem(at: pipe) }
        let error = #expect(throws: Diagnostics.self) { try Document.stream(pipe.path, to: Recorder()) }
        #expect(error?.list.map(\.rule) == ["file-special"])
    }

    /// Standard input brings what it likes, when it likes.
    @Test func slowInput() throws {
        let before = dup(0)
        defer {
            dup2(before, 0)
            close(before)
        }
        for text in ["\u{FEFF}<a b='é'>ü𝄞</a>", "<?xml version='1.0' encoding='iso-8859-1'?><a>b</a>", "\u{FEFF}"] {
            let pipe = Pipe()
            dup2(pipe.fileHandleForReading.fileDescriptor, 0)
            Thread.detachNewThread {
                for byte in text.utf8 {
                    pipe.fileHandleForWriting.write(Data([byte]))
                    usleep(200)
                }
                try? pipe.fileHandleForWriting.close()
            }
            let (streamed, walked) = (Recorder(), Recorder())
            guard let document = try? Document(Array(text.utf8), path: "-") else {
                #expect(throws: Diagnostics.self) { try Document.stream("-", to: streamed) }
                continue
            }
            document.replay(to: walked)
            #expect(try Document.stream("-", to: streamed) == document.diagnostics)
            #expect(streamed.lines == walked.lines)
        }
    }

    /// The first control character of a file is reported, with the encoding that was probably meant: in a tree and
    /// while it is read.
    @Test(arguments: [
        ("<a>\n<b>x\u{92}s</b> \u{93}</a>", "2:5"), ("<a>é\u{85}</a>", "1:5"),
        (String(repeating: " ", count: 70_000) + "<a>\u{9F}</a>", "1:70004"),
    ])
    func controls(_ text: String, _ place: String) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "marginalia-\(UUID().uuidString).xml")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(text.utf8).write(to: file)
        let found = try Document(contentsOfFile: file.path).diagnostics
        #expect(
            found.map { "\($0.rule) \($0.location?.description ?? "")" } == ["control-character \(file.path):\(place)"])
        #expect(try Document.stream(file.path, to: Recorder()) == found)
    }
}
