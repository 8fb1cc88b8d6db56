// What a schema says about its elements, attributes and values.

extension LanguageServer {
    /// The documentation of an element, of one of its attributes, or of a value of that, in Markdown.
    func documentation(
        of element: String, attribute: String? = nil, value: String? = nil, for document: OpenDocument
    ) -> String? {
        nil
    }
}
