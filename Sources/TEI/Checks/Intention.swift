package import XML

/// Markup that people write who know other vocabularies, or who name a thing as it is called, and how TEI says it.
///
///     Intention.remedy(for: diagnostic)       // for underlined words write <hi rend="underline"> …
///
/// Each is a row of ``all``. The messages of a schema give it in place of a list of all that is allowed.
package struct Intention: Sendable {
    /// What is not allowed.
    enum Mistake: Sendable {
        /// One of these elements, where the schema does not know it.
        case unknown(Set<String>)
        /// The same, in a text.
        case unknownInText(Set<String>)
        /// One of these elements, known or not: TEI has the name for something else.
        case element(Set<String>)
        /// In one of the first elements, one of the others.
        case within(Set<String>, Set<String>)
        /// Text in one of these elements.
        case text(Set<String>)
        /// One of these attributes, on one of these elements.
        case attribute(Set<String>, Set<String>)
        /// One of these values of an attribute, on an element.
        case value(Set<String>, String, String)
    }

    let mistake: Mistake
    /// How TEI says it.
    let remedy: String

    /// How TEI says what was meant, if that is known.
    ///
    /// - Parameter diagnostic: a finding of a grammar in a document of TEI.
    package static func remedy(for diagnostic: Diagnostic) -> String? {
        guard diagnostic.rule.hasPrefix("grammar-"), let path = diagnostic.path else { return nil }
        let names = path.pathComponents.suffix(2).map { String($0.prefix { $0 != "[" }) }
        guard let name = names.last else { return nil }
        let parent = names.count > 1 ? names[0] : ""
        return all.first { $0.mistake.fits(diagnostic, name, in: parent) }?.remedy
    }

    /// How TEI says what an element that it does not have was meant to be.
    static func remedy(forElement name: String) -> String? {
        all.first { row in
            switch row.mistake {
            case .unknown(let names), .unknownInText(let names), .element(let names):
                names.contains(name.lowercased())
            default: false
            }
        }?.remedy
    }
}

extension Intention.Mistake {
    func fits(_ diagnostic: Diagnostic, _ name: String, in parent: String) -> Bool {
        switch (self, diagnostic.rule) {
        case (.unknown(let names), "grammar-element-unknown"): names.contains(name.lowercased())
        case (.unknownInText(let names), "grammar-element-unknown"):
            names.contains(name.lowercased()) && diagnostic.path?.contains("/text[") == true
        case (.element(let names), "grammar-element-unknown"), (.element(let names), "grammar-element"):
            names.contains(name.lowercased())
        case (.within(let parents, let elements), "grammar-element"):
            elements.contains(name) && parents.contains(parent)
        case (.text(let names), "grammar-text"): names.contains(name)
        case (.attribute(let attributes, let elements), "grammar-attribute"):
            elements.contains(name) && attributes.contains { diagnostic.message.hasPrefix("@\($0) ") }
        case (.value(let values, let attribute, let element), "grammar-value"):
            element == name && values.contains { diagnostic.message.hasPrefix("@\(attribute)=\"\($0)\" ") }
        default: false
        }
    }
}
