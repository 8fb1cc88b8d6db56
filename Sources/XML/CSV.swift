/// Tables as RFC 4180 has them, with line ends as they are usual here.
///
///     let bytes = CSV.bytes([["document", "kind"], ["memo", "check"]])
package enum CSV {
    /// Rows as they are written.
    package static func bytes(_ rows: [[String]]) -> [UInt8] {
        Array(rows.map { $0.map(CSV.cell).joined(separator: ",") + "\n" }.joined().utf8)
    }

    private static func cell(_ value: String) -> String {
        let text = isFormula(value) ? "'" + value : value
        let isPlain = !text.utf8.contains { "\",\r\n".utf8.contains($0) }
        return isPlain
            ? text
            : "\"" + String(String.UnicodeScalarView(text.unicodeScalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }))
                + "\""
    }

    /// Whether a spreadsheet might run it, with or without apostrophes before it. `Cluster/corpus.py` has the same
    /// rule.
    private static func isFormula(_ value: String) -> Bool {
        let scalars = value.unicodeScalars
        guard let sign = scalars.first(where: { $0 != "'" }), "=+-@＝＋－＠\t\r\n".unicodeScalars.contains(sign) else {
            return false
        }
        let isNumber =
            "+-".unicodeScalars.contains(scalars.first ?? "'")
            && scalars.dropFirst().allSatisfy { "0123456789.-–".unicodeScalars.contains($0) }
        return !isNumber
    }
}
