#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif
public import TEI
public import XML

/// An index of many documents: their texts word by word, marks, hands, dates, names and titles, in one SQLite file
/// (FTS5).
///
///     let index = try CorpusIndex(updating: "memos.index", policies: [.reading])
///     let indexer = CorpusIndexer(policies: index.policies)
///     for file in try EditionFiles.files(at: ["TEI"]) { try index.add(indexer.read(file)) }
///     try index.finish()
///
///     let search = Search(for: try SearchExpression(#""winter ferry""#))
///     for hit in try CorpusIndex(reading: "memos.index").search(search).hits { print(hit.location, hit.text) }
///
/// Documents are saved every few seconds and at the end. If the process is killed, the index has everything that was
/// saved before.
public final class CorpusIndex {
    let database: Database
    private let path: String
    /// The texts of each document that the index has. A search looks in the first unless it names another.
    public let policies: [Policy]
    /// The files as they were indexed, by their paths: by the bytes, since strings that differ in them can be equal.
    private var known: [[UInt8]: Known] = [:]

    private struct Known {
        let id: Int64
        /// On what its texts depend besides the files that were read: the folder below which it could read, and the
        /// program.
        let root: String
        let program: String
        let stamps: String
    }

    private var unsaved = 0
    private var saved = ContinuousClock.now

    /// The form of the tables, and of what is in them.
    private static let version = "marginalia index 5"
    /// The program's mark in the header of the file (SQLite's `application_id`): `MARG`.
    private static let applicationID: UInt32 = 0x4D41_5247
    /// Texts are as the program makes them: another build may make others.
    private static let program = "\(FileAccess.programSignature)"
    /// Whether there was nothing at the path, so that nothing is lost if the index cannot be written.
    private let isNewFile: Bool

    // MARK: Opening

    /// Opens an index for searches.
    ///
    /// - Throws: ``XML/Diagnostics`` if there is none (`index-missing`), if it is not an index (`index-other`) or not
    ///   one of this version (`index-version`), or if it cannot be read (`index-busy`, `index-unreadable`).
    public init(reading path: String) throws(Diagnostics) {
        guard FileAccess.kind(of: path) == .file else { throw Diagnostics([Messages.noIndex(path)]) }
        (self.path, isNewFile) = (path, false)
        do {
            database = try CorpusIndex.open(path, isReadOnly: true)
            guard let found = try CorpusIndex.policies(database) else {
                throw Diagnostics([Messages.otherVersion(path)])
            }
            policies = found
        } catch let error as Diagnostics {
            throw error
        } catch {
            throw Diagnostics([Messages.unreadable(path, error)])
        }
    }

    /// Opens an index to bring it up to date, or makes a new one.
    ///
    /// - Parameters:
    ///   - path: the path of the index.
    ///   - policies: the texts that it shall have; `nil` for those that it has, or the reading text in a new one.
    ///   - isNew: whether to make a new index in place of the old one.
    /// - Throws: ``XML/Diagnostics`` if it cannot be written (`index-unwritable`, `index-other`, `index-broken`), or if
    ///   another process is writing it (`index-busy`).
    public init(updating path: String, policies: [Policy]? = nil, isNew: Bool = false) throws(Diagnostics) {
        self.path = path
        switch FileAccess.kind(of: path) {
        case .folder: throw Diagnostics([Messages.isFolder(path)])
        case .special: throw Diagnostics([Messages.notAnIndex(path)])
        case .file, nil: break
        }
        isNewFile = !FileAccess.exists(path)
        do {
            if isNew { CorpusIndex.removeBroken(path) }
            database = try CorpusIndex.open(path, isReadOnly: false)
            let held = try CorpusIndex.policies(database)
            let isEmpty = try database.row("SELECT 1 FROM sqlite_schema") == nil
            if held == nil, !isEmpty, try !CorpusIndex.isIndex(database) {
                throw Diagnostics([Messages.notAnIndex(path)])
            }
            self.policies = policies ?? held ?? [.reading]
            if isNew || held != self.policies { try CorpusIndex.makeTables(database, self.policies) }
            for row in try database.rows("SELECT id, path, root, program, stamps FROM file") {
                known[Array((row["path"] as String).utf8)] = Known(
                    id: row["id"], root: row["root"], program: row["program"], stamps: row["stamps"])
            }
            try database.begin()
        } catch let error as Diagnostics {
            throw error
        } catch {
            if isNewFile { CorpusIndex.removeFiles(path) }
            throw Diagnostics([Messages.unwritable(path, error)])
        }
    }

    private static func open(_ path: String, isReadOnly: Bool) throws -> Database {
        let database = try Database(path, isReadOnly: isReadOnly)
        try database.add(tokenizer: WordTokenizer.self)
        // Half a transaction is never read; one that was not yet on the disk when the power failed is done again by the
        // next run.
        try database.execute(
            isReadOnly
                ? "PRAGMA mmap_size = 1073741824"
                : "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536"
        )
        return database
    }

    /// An index that cannot be opened any more is in the way of a new one. Whether a file is an index its header says,
    /// which a damaged one has still; another file is not ours to remove.
    private static func removeBroken(_ path: String) {
        guard let header = FileAccess.bytes(ofFile: path, in: 0..<72), header.starts(with: "SQLite format 3\0".utf8),
            header.dropFirst(68).elementsEqual([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: applicationID >> $0) })
        else { return }
        do {
            try open(path, isReadOnly: false).execute("SELECT name FROM sqlite_schema; SELECT count(*) FROM marginalia")
        } catch let failure as Database.Failure where failure.kind == .corrupt {
            removeFiles(path)
        } catch {}
    }

    private static func isIndex(_ database: Database) throws -> Bool {
        let table = try database.row("SELECT 1 FROM sqlite_schema WHERE name = 'marginalia'")
        let mark: Int64 = try database.row("PRAGMA application_id")?.value() ?? 0
        return table != nil && mark == Int64(applicationID)
    }

    /// `nil` if the database is no index of this version.
    private static func policies(_ database: Database) throws -> [Policy]? {
        guard try isIndex(database), let held = try database.row("SELECT version FROM marginalia"),
            held["version"] == version
        else { return nil }
        return try database.rows("SELECT name FROM policy ORDER BY id").compactMap { Policy($0["name"] as String) }
    }

    private static func makeTables(_ database: Database, _ policies: [Policy]) throws {
        try database.inTransaction {
            // The tables of words take their own tables with them.
            for kind in ["CREATE VIRTUAL TABLE%", "CREATE TABLE%"] {
                for table in try database.rows(
                    "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE ?", kind)
                {
                    try database.execute("DROP TABLE \"\(table["name"] as String)\"")
                }
            }
            try database.execute(
                """
                PRAGMA application_id = \(applicationID);
                CREATE TABLE marginalia (version TEXT NOT NULL);
                CREATE TABLE policy (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
                CREATE TABLE file (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, root TEXT NOT NULL, program TEXT NOT NULL, stamps TEXT NOT NULL);
                CREATE TABLE document (
                    id INTEGER PRIMARY KEY, file INTEGER NOT NULL REFERENCES file, name TEXT NOT NULL, title TEXT NOT NULL, author TEXT NOT NULL,
                    language TEXT NOT NULL, date TEXT NOT NULL, first INTEGER, last INTEGER, files TEXT NOT NULL,
                    at TEXT NOT NULL, line INTEGER NOT NULL, "column" INTEGER NOT NULL
                );
                CREATE INDEX document_file ON document (file);
                CREATE TABLE hand (id INTEGER PRIMARY KEY, name TEXT NOT NULL, label TEXT NOT NULL, folded TEXT NOT NULL, UNIQUE (name, label));
                CREATE TABLE writing (
                    document INTEGER NOT NULL REFERENCES document, number INTEGER NOT NULL, hand INTEGER NOT NULL REFERENCES hand, main INTEGER NOT NULL,
                    PRIMARY KEY (document, number)
                ) WITHOUT ROWID;
                CREATE INDEX writing_hand ON writing (hand, document);
                CREATE TABLE mark (
                    document INTEGER NOT NULL REFERENCES document, number INTEGER NOT NULL, kind TEXT NOT NULL, subtype TEXT, hand INTEGER, "outer" INTEGER, continues INTEGER NOT NULL, place TEXT NOT NULL,
                    text TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL, "column" INTEGER NOT NULL, PRIMARY KEY (document, number)
                ) WITHOUT ROWID;
                CREATE INDEX mark_kind ON mark (kind, document);
                CREATE TABLE entity (
                    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, reference TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL, UNIQUE (kind, reference, name)
                );
                CREATE TABLE mention (
                    document INTEGER NOT NULL REFERENCES document, entity INTEGER NOT NULL REFERENCES entity, count INTEGER NOT NULL,
                    PRIMARY KEY (document, entity)
                ) WITHOUT ROWID;
                CREATE INDEX mention_entity ON mention (entity, document);
                """)
            try database.run("INSERT INTO marginalia VALUES (?)", version)
            for (number, policy) in policies.enumerated() {
                try database.run("INSERT INTO policy VALUES (?, ?)", number, policy.description)
                try database.execute(
                    """
                    CREATE TABLE text_\(number) (id INTEGER PRIMARY KEY REFERENCES document, content TEXT NOT NULL, origins BLOB NOT NULL, runs BLOB NOT NULL);
                    CREATE VIRTUAL TABLE words_\(number) USING fts5 (content, content='', tokenize='\(WordTokenizer.name)');
                    INSERT INTO words_\(number) (words_\(number), rank) VALUES ('hashsize', 33554432), ('pgsz', 8000);
                    """)
            }
        }
    }

    // MARK: Writing

    /// Whether the index has a file as it is now, with every file that was read for it, and as this program reads it.
    ///
    /// - Parameters:
    ///   - path: the path of the file.
    ///   - root: as in ``TEI/EditionFiles/read(_:bytes:root:sharing:skipsFailures:)``.
    public func isCurrent(_ path: String, root: String? = nil) -> Bool {
        guard let entry = known[CorpusIndex.key(path)], let stamps = FileStamps(line: entry.stamps), !stamps.isEmpty,
            entry.program == CorpusIndex.program, entry.root.isSame(as: EditionFiles.root(of: path, named: root))
        else { return false }
        return stamps.areCurrent
    }

    /// A file whichever way it is named.
    private static func key(_ path: String) -> [UInt8] { Array(FileAccess.canonical(path).utf8) }

    /// Adds a file, in place of what the index had of it.
    ///
    /// - Returns: the number of documents in the file.
    /// - Throws: ``XML/Diagnostics`` with the rule `index-unwritable` if nothing more can be written, as on a full
    ///   disk.
    @discardableResult
    public func add(_ read: IndexedFile) throws(Diagnostics) -> Int {
        try writing {
            let (key, stamps) = (CorpusIndex.key(read.path), read.stamps.line)
            if let old = known.removeValue(forKey: key) { try remove(old.id) }
            try database.run(
                "INSERT INTO file (path, root, program, stamps) VALUES (?, ?, ?, ?)",
                String(decoding: key, as: UTF8.self),
                read.root, CorpusIndex.program, stamps)
            let file = database.lastInsertedRow
            for document in read.documents { try insert(document, of: file) }
            known[key] = Known(id: file, root: read.root, program: CorpusIndex.program, stamps: stamps)
        }
        unsaved += read.size
        if unsaved > 64_000_000 || .now - saved > .seconds(5) { try commit() }
        return read.documents.count
    }

    /// Removes a file, for example because it can no longer be read.
    ///
    /// - Throws: ``XML/Diagnostics`` with the rule `index-unwritable`.
    public func remove(_ path: String) throws(Diagnostics) {
        guard let entry = known.removeValue(forKey: CorpusIndex.key(path)) else { return }
        try writing { try remove(entry.id) }
    }

    /// Removes the files that no longer exist.
    ///
    /// - Returns: their number.
    /// - Throws: ``XML/Diagnostics`` with the rule `index-unwritable`.
    public func removeMissing() throws(Diagnostics) -> Int {
        let missing = known.filter { FileAccess.kind(of: String(decoding: $0.key, as: UTF8.self)) == nil }
        try writing {
            for (key, entry) in missing {
                try remove(entry.id)
                known[key] = nil
            }
        }
        return missing.count
    }

    /// Stops writing after an error, as on a full disk. An old index keeps what was saved; a new one is deleted.
    public func abandon() {
        if database.isInTransaction { try? database.rollback() }
        try? database.execute("PRAGMA journal_mode = DELETE")
        database.close()
        if isNewFile { CorpusIndex.removeFiles(path) }
    }

    /// The index, and what SQLite puts beside it.
    private static func removeFiles(_ path: String) {
        for ending in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + ending) }
    }

    /// Saves the index and ends the writing.
    ///
    /// - Throws: ``XML/Diagnostics`` with the rule `index-unwritable`.
    public func finish() throws(Diagnostics) {
        try writing {
            if database.isInTransaction { try database.commit() }
            // One file is all that is left, which can be read from where nothing can be written; unless somebody is
            // reading just now.
            try? database.execute("PRAGMA journal_mode = DELETE")
        }
    }

    private func commit() throws(Diagnostics) {
        try writing {
            try database.commit()
            try database.begin()
        }
        (unsaved, saved) = (0, .now)
    }

    private func writing(_ body: () throws -> Void) throws(Diagnostics) {
        do {
            try body()
        } catch {
            throw Diagnostics([Messages.unwritable(path, error)])
        }
    }

    private func remove(_ file: Int64) throws {
        for row in try database.rows("SELECT id FROM document WHERE file = ?", file) {
            let document: Int64 = row["id"]
            for number in policies.indices {
                guard let text = try database.row("SELECT content, origins FROM text_\(number) WHERE id = ?", document)
                else { continue }
                try database.run(
                    "INSERT INTO words_\(number) (words_\(number), rowid, content) VALUES ('delete', ?, ?)", document,
                    CorpusIndex.words(text["content"], text["origins"]))
                try database.run("DELETE FROM text_\(number) WHERE id = ?", document)
            }
            for table in ["mark", "writing", "mention"] {
                try database.run("DELETE FROM \(table) WHERE document = ?", document)
            }
            try database.run("DELETE FROM document WHERE id = ?", document)
        }
        try database.run("DELETE FROM file WHERE id = ?", file)
    }

    private func insert(_ document: IndexedDocument, of file: Int64) throws {
        try database.run(
            """
            INSERT INTO document (file, name, title, author, language, date, first, last, files, at, line, "column") \
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, file, document.name, document.title, document.authors.joined(separator: "; "), document.language,
            document.date, document.days?.lowerBound, document.days?.upperBound,
            document.files.joined(separator: CorpusIndex.separator), document.location.file, document.location.line,
            document.location.column)
        let id = database.lastInsertedRow
        for (number, text) in document.texts.enumerated() {
            guard let text else { continue }
            try database.run(
                "INSERT INTO text_\(number) VALUES (?, ?, ?, ?)", id, text.content, text.origins, text.runs)
            try database.run(
                "INSERT INTO words_\(number) (rowid, content) VALUES (?, ?)", id,
                CorpusIndex.words(text.content, text.origins))
        }
        for (number, hand) in document.hands.enumerated() {
            let row = try self.id(
                of: "hand", ["name": hand.id, "label": hand.label], folding: "\(hand.id) \(hand.label)")
            try database.run("INSERT INTO writing VALUES (?, ?, ?, ?)", id, number, row, hand.isMain)
        }
        for (number, mark) in document.marks.enumerated() {
            try database.run(
                "INSERT INTO mark VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", id, number, mark.kind, mark.subtype,
                mark.hand, mark.outer, mark.continues, mark.place, mark.text, mark.location.file, mark.location.line,
                mark.location.column)
        }
        for mention in document.mentions {
            let row = try self.id(
                of: "entity", ["kind": mention.kind, "reference": mention.reference, "name": mention.name],
                folding: "\(mention.reference) \(mention.name)")
            try database.run(
                "INSERT INTO mention VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count", id,
                row,
                mention.count)
        }
    }

    /// The words of a text that can be found: not the words of the program.
    private static func words(_ content: String, _ origins: [UInt8]) -> String {
        String(decoding: Origins.masked(Array(content.utf8), origins), as: UTF8.self)
    }

    /// Between paths, which may have line ends in them.
    static let separator = "\u{1F}"

    /// The row of something that many documents share.
    private func id(of table: String, _ values: KeyValuePairs<String, String>, folding: String) throws -> Int64 {
        let condition = values.map { "\($0.key) = ?" }.joined(separator: " AND ")
        let known = try database.row("SELECT id FROM \(table) WHERE \(condition)", values.map(\.value))
        if let known { return known["id"] }
        let columns = values.map(\.key).joined(separator: ", ")
        try database.run(
            "INSERT INTO \(table) (\(columns), folded) VALUES (\(values.map { _ in "?, " }.joined())?)",
            values.map(\.value) + [scanner.words(of: folding).joined(separator: " ")])
        return database.lastInsertedRow
    }

    private let scanner = WordScanner()
}

/// A file that was read for an index: see ``CorpusIndexer``.
public struct IndexedFile: Sendable {
    /// The path of the file.
    public let path: String
    /// The folder that contains every file that could be read.
    let root: String
    let documents: [IndexedDocument]
    let stamps: FileStamps
    /// The approximate size of its texts in bytes.
    let size: Int
}

/// Reads files for an index, on any number of threads.
///
///     let file = try CorpusIndexer(policies: [.reading]).read("memo.xml")
public final class CorpusIndexer: Sendable {
    private let reader: EditionFiles.Reader
    private let root: String?
    private let policies: [Policy]

    /// Makes an indexer.
    ///
    /// - Parameters:
    ///   - root: as in ``TEI/EditionFiles/read(_:bytes:root:sharing:skipsFailures:)``.
    ///   - policies: the policies of the index.
    public init(root: String? = nil, policies: [Policy]) {
        (reader, self.root, self.policies) = (EditionFiles.Reader(root: root), root, policies)
    }

    /// Reads a file.
    ///
    /// - Throws: ``XML/Diagnostics`` if the file cannot be read, is not well-formed, or is not TEI (`not-tei`).
    public func read(_ path: String) throws(Diagnostics) -> IndexedFile {
        let read = Tracked {
            Result { () throws(Diagnostics) in
                let (document, library) = try reader.read(path)
                return try EditionFiles.items(in: document, library: library).map {
                    IndexedDocument($0, policies: policies)
                }
            }
        }
        let documents = try read.value.get()
        let stamps = FileStamps(read.log.stamps.map { (CodepointString(FileAccess.canonical($0.string)), $1) }) {
            first, _ in first
        }
        return IndexedFile(
            path: path, root: EditionFiles.root(of: path, named: root), documents: documents,
            stamps: read.log.isUncacheable ? [:] : stamps,
            size: documents.reduce(0) { $0 + $1.texts.reduce(0) { $0 + ($1?.content.utf8.count ?? 0) } }
        )
    }
}
