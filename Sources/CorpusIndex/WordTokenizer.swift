internal import CSQLite

/// FTS5's way to take texts apart: ``WordScanner``'s (SQLite, “FTS5 Extension”, 7: Extending FTS5).
final class WordTokenizer {
    static let name = "marginalia"
    private let scanner = WordScanner()

    /// Makes the tokenizer known to a connection.
    ///
    /// - Returns: SQLite's code.
    static func register(in connection: OpaquePointer?) -> CInt {
        guard let api = unsafe api(of: connection), let create = unsafe api.pointee.xCreateTokenizer else {
            return SQLITE_ERROR
        }
        var functions = unsafe fts5_tokenizer(
            xCreate: { _, _, _, made in
                unsafe made?.pointee = OpaquePointer(Unmanaged.passRetained(WordTokenizer()).toOpaque())
                return SQLITE_OK
            },
            xDelete: { tokenizer in
                if let tokenizer = unsafe tokenizer {
                    unsafe Unmanaged<WordTokenizer>.fromOpaque(UnsafeRawPointer(tokenizer)).release()
                }
            },
            xTokenize: { tokenizer, context, _, text, count, found in
                guard let tokenizer = unsafe tokenizer, let text = unsafe text, let found = unsafe found else {
                    return SQLITE_OK
                }
                let own = unsafe Unmanaged<WordTokenizer>.fromOpaque(UnsafeRawPointer(tokenizer)).takeUnretainedValue()
                return unsafe own.tokenize(UnsafeRawBufferPointer(start: text, count: Int(count)), context, found)
            })
        return unsafe create(api, name, nil, &functions, nil)
    }

    /// FTS5's functions for extensions.
    private static func api(of connection: OpaquePointer?) -> UnsafeMutablePointer<fts5_api>? {
        var (api, statement): (UnsafeMutablePointer<fts5_api>?, OpaquePointer?) = (nil, nil)
        guard unsafe sqlite3_prepare_v2(connection, "SELECT fts5(?)", -1, &statement, nil) == SQLITE_OK else {
            return nil
        }
        unsafe sqlite3_bind_pointer(statement, 1, &api, "fts5_api_ptr", nil)
        unsafe sqlite3_step(statement)
        unsafe sqlite3_finalize(statement)
        return unsafe api
    }

    private typealias Callback =
        @convention(c) (UnsafeMutableRawPointer?, CInt, UnsafePointer<CChar>?, CInt, CInt, CInt) -> CInt

    private func tokenize(
        _ text: UnsafeRawBufferPointer, _ context: UnsafeMutableRawPointer?, _ found: Callback
    ) -> CInt {
        var code = SQLITE_OK
        unsafe scanner.forEachWord(in: text.bindMemory(to: UInt8.self).span) { word, range in
            code = unsafe word.withUnsafeBytes { folded in
                unsafe found(
                    context, 0, folded.baseAddress?.assumingMemoryBound(to: CChar.self), CInt(folded.count),
                    CInt(range.lowerBound), CInt(range.upperBound))
            }
            return code == SQLITE_OK
        }
        return code
    }
}
