/// A collation: how strings are compared.
struct Collation: Sendable, Hashable {
    let uri: String

    static let codepoint = Collation(uri: "http://www.w3.org/2005/xpath-functions/collation/codepoint")
}
