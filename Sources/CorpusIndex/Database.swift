internal import CSQLite

/// A connection to an SQLite database. It is used by one thread at a time.
///
///     let database = try Database("memos.index", isReadOnly: true)
///     for row in try database.rows("SELECT name FROM hand WHERE id = ?", 7) { print(row["name"] as String) }
///
/// Values are bound and never written into the SQL. Statements are compiled once and kept.
@safe final class Database {
    /// What SQLite says of a failure (`sqlite3_errmsg`).
    struct Failure: Error {
        enum Kind { case busy, notADatabase, corrupt, full, other }

        let kind: Kind
        let message: String
    }

    let path: String
    private var connection: OpaquePointer?
    private var statements: [String: Statement] = [:]

    /// Opens a database, or makes one.
    init(_ path: String, isReadOnly: Bool) throws {
        self.path = path
        let flags = isReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        let code = unsafe sqlite3_open_v2(path, &connection, flags, nil)
        guard code == SQLITE_OK else {
            let failure = failure()
            close()
            throw failure
        }
        unsafe sqlite3_busy_timeout(connection, 10_000)
    }

    deinit { close() }

    func close() {
        statements = [:]
        unsafe sqlite3_close_v2(connection)
        unsafe connection = nil
    }

    /// Makes words of texts as FTS5 asks for them.
    func add(tokenizer: WordTokenizer.Type) throws { try unsafe check(tokenizer.register(in: connection)) }

    // MARK: Statements

    /// Runs statements without values, one after another.
    func execute(_ sql: String) throws { try unsafe check(sqlite3_exec(connection, sql, nil, nil, nil)) }

    /// Runs a statement.
    func run(_ sql: String, _ values: any Storable...) throws { try run(sql, values) }

    func run(_ sql: String, _ values: [any Storable]) throws {
        let statement = try statement(sql, values)
        defer { statement.reset() }
        while try statement.step() {}
    }

    /// All the rows that a statement finds.
    func rows(_ sql: String, _ values: any Storable...) throws -> [Row] {
        let statement = try statement(sql, values)
        defer { statement.reset() }
        var rows: [Row] = []
        while let row = try statement.next() { rows.append(row) }
        return rows
    }

    /// The first row that a statement finds.
    func row(_ sql: String, _ values: any Storable...) throws -> Row? { try row(sql, values) }

    func row(_ sql: String, _ values: [any Storable]) throws -> Row? {
        let statement = try statement(sql, values)
        defer { statement.reset() }
        return try statement.next()
    }

    /// The rows that a statement finds, each when it is asked for. Others may run meanwhile.
    func cursor(_ sql: String, _ values: [any Storable]) throws -> Statement {
        try unsafe Statement(sql, values, on: connection, self)
    }

    private func statement(_ sql: String, _ values: [any Storable]) throws -> Statement {
        if let known = statements[sql] {
            try known.bind(values)
            return known
        }
        let statement = try cursor(sql, values)
        statements[sql] = statement
        return statement
    }

    /// The row that was inserted last.
    var lastInsertedRow: Int64 { unsafe sqlite3_last_insert_rowid(connection) }

    // MARK: Transactions

    /// Begins to write; nobody else can until the end.
    func begin() throws { try execute("BEGIN IMMEDIATE") }

    func commit() throws { try execute("COMMIT") }

    func rollback() throws { try execute("ROLLBACK") }

    var isInTransaction: Bool { unsafe sqlite3_get_autocommit(connection) == 0 }

    /// Does all or nothing.
    func inTransaction(_ body: () throws -> Void) throws {
        try begin()
        do {
            try body()
            try commit()
        } catch {
            if isInTransaction { try? rollback() }
            throw error
        }
    }

    // MARK: Failures

    fileprivate func check(_ code: CInt) throws { if code != SQLITE_OK { throw failure() } }

    fileprivate func failure() -> Failure {
        let kind: Failure.Kind =
            switch unsafe sqlite3_errcode(connection) & 0xFF {
            case SQLITE_BUSY, SQLITE_LOCKED: .busy
            case SQLITE_NOTADB: .notADatabase
            case SQLITE_CORRUPT: .corrupt
            case SQLITE_FULL: .full
            default: .other
            }
        return Failure(kind: kind, message: unsafe String(cString: sqlite3_errmsg(connection)))
    }
}

/// A statement, and where it is among the rows that it finds.
@safe final class Statement {
    private var statement: OpaquePointer?
    /// It keeps its statements, which therefore do not keep it.
    private unowned let database: Database
    private lazy var columns = Row.Columns(
        unsafe (0..<sqlite3_column_count(statement)).map { unsafe String(cString: sqlite3_column_name(statement, $0)) })

    fileprivate init(
        _ sql: String, _ values: [any Storable], on connection: OpaquePointer?, _ database: Database
    ) throws {
        self.database = database
        try unsafe database.check(sqlite3_prepare_v3(connection, sql, -1, 0, &statement, nil))
        try bind(values)
    }

    deinit { unsafe sqlite3_finalize(statement) }

    fileprivate func bind(_ values: [any Storable]) throws {
        reset()
        for (position, value) in values.enumerated() { try bind(value.stored, at: CInt(position + 1)) }
    }

    private func bind(_ value: StoredValue, at position: CInt) throws {
        // SQLITE_TRANSIENT: SQLite copies the bytes.
        let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        let code =
            switch value {
            case .null: unsafe sqlite3_bind_null(statement, position)
            case .integer(let number): unsafe sqlite3_bind_int64(statement, position, number)
            case .text(var text):
                text.withUTF8 { bytes in
                    unsafe bytes.withMemoryRebound(to: CChar.self) {
                        unsafe sqlite3_bind_text64(
                            statement, position, $0.baseAddress, UInt64($0.count), copied, UInt8(SQLITE_UTF8))
                    }
                }
            case .bytes(let bytes):
                unsafe bytes.withUnsafeBytes {
                    unsafe $0.isEmpty
                        ? sqlite3_bind_zeroblob(statement, position, 0)
                        : sqlite3_bind_blob64(statement, position, $0.baseAddress, UInt64($0.count), copied)
                }
            }
        try database.check(code)
    }

    fileprivate func reset() { unsafe sqlite3_reset(statement) }

    /// Whether there is another row.
    fileprivate func step() throws -> Bool {
        switch unsafe sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw database.failure()
        }
    }

    /// The next row.
    func next() throws -> Row? {
        guard try step() else { return nil }
        return Row(columns: columns, values: columns.names.indices.map { value(at: CInt($0)) })
    }

    private func value(at column: CInt) -> StoredValue {
        // The number of bytes is asked for last: for a number, the question would make a text of it.
        func count() -> Int { unsafe Int(sqlite3_column_bytes(statement, column)) }
        switch unsafe sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: return .integer(unsafe sqlite3_column_int64(statement, column))
        case SQLITE_TEXT:
            let bytes = unsafe UnsafeBufferPointer(start: sqlite3_column_text(statement, column), count: count())
            return .text(unsafe String(decoding: bytes, as: UTF8.self))
        case SQLITE_BLOB:
            let bytes = unsafe UnsafeRawBufferPointer(start: sqlite3_column_blob(statement, column), count: count())
            return .bytes(unsafe Array(bytes))
        default: return .null
        }
    }
}

/// A row, with its values by the names of the columns.
struct Row {
    fileprivate final class Columns {
        let names: [String]
        let positions: [String: Int]

        init(_ names: [String]) {
            self.names = names
            positions = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
        }
    }

    fileprivate let columns: Columns
    fileprivate let values: [StoredValue]

    /// The value of a column, which the statement must have.
    subscript<Value: Storable>(name: String) -> Value { Value(values[columns.positions[name]!]) }

    /// The value of the first column.
    func value<Value: Storable>() -> Value { Value(values[0]) }
}

/// What SQLite stores.
enum StoredValue {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
}

/// A type whose values can be stored. A value of another type, which another program may have stored, is read as an
/// empty one.
protocol Storable {
    init(_ stored: StoredValue)
    var stored: StoredValue { get }
}

extension Int64: Storable {
    init(_ stored: StoredValue) { if case .integer(let number) = stored { self = number } else { self = 0 } }
    var stored: StoredValue { .integer(self) }
}

extension Int: Storable {
    init(_ stored: StoredValue) { self = Int(clamping: Int64(stored)) }
    var stored: StoredValue { .integer(Int64(self)) }
}

extension Bool: Storable {
    init(_ stored: StoredValue) { self = Int64(stored) != 0 }
    var stored: StoredValue { .integer(self ? 1 : 0) }
}

extension String: Storable {
    init(_ stored: StoredValue) { if case .text(let text) = stored { self = text } else { self = "" } }
    var stored: StoredValue { .text(self) }
}

extension [UInt8]: Storable {
    init(_ stored: StoredValue) { if case .bytes(let bytes) = stored { self = bytes } else { self = [] } }
    var stored: StoredValue { .bytes(self) }
}

extension Optional: Storable where Wrapped: Storable {
    init(_ stored: StoredValue) { if case .null = stored { self = nil } else { self = Wrapped(stored) } }
    var stored: StoredValue { self?.stored ?? .null }
}
