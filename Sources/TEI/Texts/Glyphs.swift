internal import XML

/// What an empty `g` or `c` is in a text (TEI P5, WD).
enum Glyphs {
    /// The character that the declaration of a `g` maps it to; `nil` if it maps it to none that can be written.
    ///
    /// - Parameter isExact: whether the form on the page is wanted rather than the regular one.
    static func mapping(of node: Node, isExact: Bool) -> String? {
        guard let declaration = declaration(of: node) else { return endOfLine(node, isExact: isExact) }
        let mappings = declaration.childElements.filter {
            $0.tei == "mapping" && isWritable($0) && !isName($0, of: declaration)
        }
        let wanted =
            isExact
            ? ["diplomatic", "exact", "Unicode", "unicode", "standard"]
            : ["standard", "normalized", "normalised", "modern", "simplified", "regularized"]
        return
            (wanted.lazy.compactMap { type in mappings.first { $0.attribute("type") == type } }.first ?? mappings.first)?
            .plainText
    }

    /// The ends of lines within words, as the Text Creation Partnership writes them: with a hyphen or without.
    private static func endOfLine(_ node: Node, isExact: Bool) -> String? {
        switch node.attribute("ref") {
        case "char:EOLhyphen": isExact ? "-" : ""
        case "char:EOLunhyphen": ""
        default: nil
        }
    }

    /// The name of a character without a mapping: by its declaration, the pointer to it, or its type.
    static func name(of node: Node) -> String {
        let declaration = declaration(of: node)
        let named = declaration?.descendants("unicodeProp", "localProp", "charName", "glyphName").first {
            ["name", "Name"].contains($0.attribute("name")) || !["unicodeProp", "localProp"].contains($0.tei)
        }
        let pointer = (node.attribute("ref") ?? node.attribute("rendition")).map {
            Reference($0).fragment ?? String($0.split(separator: ":").last ?? "")
        }
        return named.map { $0.attribute("value") ?? $0.plainText } ?? declaration?.xmlID
            ?? pointer.flatMap { $0.isEmpty ? nil : $0 } ?? node.attribute("type") ?? node.attribute("rend")
            ?? node.tei
    }

    /// Whether a mapping is the name of a sign for which there is no character.
    private static func isName(_ mapping: Node, of declaration: Node) -> Bool {
        func letters(_ text: String?) -> String { (text ?? "").lowercased().filter(\.isLetter) }
        let text = mapping.plainText
        guard text.count > 4, text.allSatisfy({ $0.isASCII }) else { return false }
        let names =
            [declaration.xmlID] + declaration.descendants("charName", "glyphName", "desc").map(\.plainText)
            + declaration.descendants("localProp").map { $0.attribute("value") }
        return text.contains(", ") || names.contains { letters($0) == letters(text) }
    }

    private static func declaration(of node: Node) -> Node? {
        node.attribute("ref").flatMap(node.target).flatMap { ["char", "glyph"].contains($0.tei) ? $0 : nil }
    }

    /// Not a character of private use, which is another one in each font, nor its number.
    private static func isWritable(_ mapping: Node) -> Bool {
        let text = mapping.plainText
        return !text.isEmpty && !text.hasPrefix("U+")
            && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .privateUse }
    }
}
