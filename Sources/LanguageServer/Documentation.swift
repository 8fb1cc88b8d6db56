internal import RelaxNG

// What a schema says about its elements, attributes and values.

extension Server {
    /// The documentation of an element, of one of its attributes, or of a value of that, in Markdown.
    func documentation(
        of element: String, attribute: String? = nil, value: String? = nil, for document: OpenDocument
    ) -> String? {
        guard let schema = documentation(for: document) else { return nil }
        guard let attribute else { return schema.element(element) }
        return value.map { schema.value($0, of: attribute, on: element) } ?? schema.attribute(attribute, on: element)
    }
}
