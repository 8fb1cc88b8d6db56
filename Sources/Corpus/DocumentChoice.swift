package import TEI
package import XML

extension Transcription {
    /// The document of a file that an option names.
    ///
    /// - Parameter name: its `xml:id`, its number, or the `xml:id` of an element in it; `nil` if there is but one.
    /// - Returns: the element, if an element was named.
    package static func chosen(
        _ name: String?, in file: String, root: String?
    ) throws(Diagnostics) -> (transcription: Transcription, element: String?) {
        let (document, library) = try EditionFiles.read(file, root: root)
        let items = try EditionFiles.items(in: document, library: library)
        guard !items.isEmpty else { throw Diagnostics([Messages.noText(file)]) }
        guard let name else {
            if items.count > 1 { throw Diagnostics([Messages.severalDocuments(file, items)]) }
            return (Transcription(of: items[0].element, library: library), nil)
        }
        let byNumber = Int(name).flatMap { items.indices.contains($0 - 1) ? items[$0 - 1] : nil }
        if let item = items.first(where: { $0.element.xmlID?.isSame(as: name) == true }) ?? byNumber {
            return (Transcription(of: item.element, library: library), nil)
        }
        guard let element = document.element(withID: name),
            let item = items.last(where: { $0.element.contains(element) })
        else {
            throw Diagnostics([Messages.noSuchDocument(name, items)])
        }
        return (Transcription(of: item.element, library: library), name)
    }
}
