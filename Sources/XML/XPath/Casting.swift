extension AtomicValue {
    /// The value as a string, in its canonical form (XPath 2.0 functions, 17.1.2).
    public var string: String { "" }

    func effectiveBooleanValue() throws(XPathError) -> Bool { false }

    /// - Parameter namespaces: what a prefix means, for xs:QName; the empty one is that of elements.
    func cast(to type: AtomicType, namespaces: ((String) -> String?)? = nil) throws(XPathError) -> AtomicValue { self }
}

extension CalendarContent {
    static func now() -> CalendarContent { CalendarContent() }
}
