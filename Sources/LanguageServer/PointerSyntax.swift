internal import TEI
internal import XML

/// How the pointers of a document are meant: relative to `xml:base` (XML Base), and with the prefixes that it declares
/// (`prefixDef`; TEI P5, 16.2.3).
struct PointerSyntax {
    let path: String
    private let markup: Markup
    private let hasBases: Bool
    private let prefixes: PrefixDefinitions?

    init(_ markup: Markup, path: String) {
        (self.markup, self.path) = (markup, path)
        let (source, hasBases) = (markup.source.span, markup.source.span.firstOffset(of: "xml:base".utf8.span) != nil)
        self.hasBases = hasBases
        let declaresPrefixes = source.firstOffset(of: "prefixDef".utf8.span) != nil
        prefixes =
            !declaresPrefixes
            ? nil
            : PrefixDefinitions(
                markup.elements.indices.filter { markup.localName(of: $0) == "prefixDef" }.map { element in
                    let base = hasBases ? PointerSyntax.base(of: element, in: markup, path) : path
                    return ({ markup.value(of: $0, in: element) }, base)
                })
    }

    /// The base of relative pointers in an element: a path, or the address of a place on another machine.
    func base(of element: Int) -> String {
        hasBases ? PointerSyntax.base(of: element, in: markup, path) : path
    }

    private static func base(of element: Int, in markup: Markup, _ path: String) -> String {
        markup.path(to: element).compactMap { markup.value(of: "xml:base", in: $0) }
            .reduce(path) { Reference($1).base(within: $0) }
    }

    /// What a pointer may mean: the path of a file, and an id in it if it names one. None for web addresses and the like.
    func meanings(of pointer: Pointer) -> [(path: String, id: String?)] {
        let reference = Reference(pointer.text)
        let expansions = reference.scheme.flatMap { prefixes?.expansions(of: pointer.text, scheme: $0) } ?? []
        let references = expansions.map { (Reference($0.pointer), $0.base) }
        return (references.isEmpty ? [(reference, base(of: pointer.element))] : references).compactMap(target)
    }

    /// A pointer with a prefix that means an element; `nil` if no prefix does.
    func prefixed(_ target: PointerTarget) -> String? {
        prefixes?.pointers(to: target.id).first { pointer in
            self.target(Reference(pointer.meaning.pointer), pointer.meaning.base).map {
                $0.path.isSame(as: target.path) && $0.id.isSame(as: target.id)
            } ?? false
        }?.pointer
    }

    private func target(_ reference: Reference, _ base: String) -> (path: String, id: String?)? {
        let path = reference.resource.isEmpty ? self.path : reference.path(relativeTo: base)
        return path.map { ($0, reference.fragment) }
    }
}
