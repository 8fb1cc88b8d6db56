/// An expression of XPath, compiled.
public struct XPath: Sendable {
}
