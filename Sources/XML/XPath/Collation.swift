/// A collation: how strings are compared.
struct Collation: Sendable, Hashable {
    let uri: String

    static let codepoint = Collation(uri: "http://www.w3.org/2005/xpath-functions/collation/codepoint")

    /// Less than, equal to or greater than 0, as the first string comes before, with or after the second.
    func compare(_ a: String, _ b: String) -> Int {
        if equals(a, b) { return 0 }
        return a.utf8.lexicographicallyPrecedes(b.utf8) ? -1 : 1
    }

    func equals(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }

    /// A string whose code points are those of another one's key if and only if the strings are equal.
    func key(_ string: String) -> String { string }
}
