internal import XML

extension CompactSyntaxReader {
    /// Which names an annotation may have.
    enum AnnotationPlace {
        /// Not RELAX NG's own.
        case foreign
        case nested
    }

    func annotations() throws(Diagnostics) -> AnnotationsSyntax? {
        guard kind == .documentation || kind == .leftBracket else { return nil }
        var annotations = AnnotationsSyntax()
        while kind == .documentation {
            let token = take()
            if keepsAnnotations { annotations.elements.append(documentation(token)) }
        }
        if skip(.leftBracket) {
            annotations.attributes = try annotationAttributes(.foreign)
            while !skip(.rightBracket) { annotations.elements.append(try annotationElement(.foreign)) }
        }
        return keepsAnnotations ? annotations.orNil : nil
    }

    func followAnnotations(_ annotations: inout AnnotationsSyntax?) throws(Diagnostics) {
        while skip(.follows) {
            let element = try annotationElement(.foreign)
            if keepsAnnotations { annotations.orEmpty.following.append(element) }
        }
    }

    /// The lines of a `##` comment, without the signs before them.
    private func documentation(_ token: CompactToken) -> AnnotationElement {
        let lines = text(token).utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            line in
            let content = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.drop {
                $0 == UInt8(ascii: "#")
            }
            return Substring(content.first == UInt8(ascii: " ") ? content.dropFirst() : content)
        }
        let name = QName(prefix: "a", localName: "documentation", namespace: AnnotationElement.compatibility)
        return AnnotationElement(name: name, content: [.text(lines.joined(separator: "\n"))]).joiningText
    }

    private func annotationAttributes(_ place: AnnotationPlace) throws(Diagnostics) -> [AnnotationAttribute] {
        var attributes: [AnnotationAttribute] = []
        var names: Set<[CodepointString]> = []
        while kind.isIdentifierOrKeyword || kind == .cName, following == .equals {
            let location = location(position)
            let name = try annotationName()
            advance()
            let value = try literal("the attribute's value in quotation marks")
            if let wrong = mistake(name, place, location) { report { wrong } }
            if !names.insert([CodepointString(name.namespace ?? ""), CodepointString(name.localName)]).inserted {
                report { RelaxNGMessages.compactAttributeTwice(name, at: location) }
            }
            attributes.append(AnnotationAttribute(name: name, value: value))
        }
        return attributes
    }

    private func mistake(_ name: QName, _ place: AnnotationPlace, _ location: SourceLocation) -> Diagnostic? {
        switch (name.namespace, place) {
        case ("http://www.w3.org/2000/xmlns", _): RelaxNGMessages.compactDeclarationAttribute(name, at: location)
        case (nil, .nested) where name.localName == "xmlns":
            RelaxNGMessages.compactDeclarationAttribute(name, at: location)
        case (nil, .foreign): RelaxNGMessages.compactUnqualifiedAttribute(name, at: location)
        case (Namespace.relaxNG, .foreign): RelaxNGMessages.compactRelaxNGAnnotation(name, at: location)
        default: nil
        }
    }

    func annotationElement(_ place: AnnotationPlace) throws(Diagnostics) -> AnnotationElement {
        let start = position
        let location = location(start)
        let name = try annotationName()
        if place == .foreign, name.namespace == Namespace.relaxNG {
            report { RelaxNGMessages.compactRelaxNGAnnotation(name, at: location) }
        }
        try expect(.leftBracket, "‘[’")
        let element = try nested { () throws(Diagnostics) in
            var element = AnnotationElement(name: name, position: start)
            element.attributes = try self.annotationAttributes(.nested)
            while self.kind != .rightBracket { element.content.append(try self.annotationContent()) }
            return element.joiningText
        }
        try expect(.rightBracket, "‘]’")
        return element
    }

    private func annotationContent() throws(Diagnostics) -> AnnotationElement.Content {
        kind == .literal ? .text(try literal("a string")) : .element(try annotationElement(.nested))
    }

    private func annotationName() throws(Diagnostics) -> QName {
        guard kind == .cName else {
            return QName(localName: try identifierOrKeyword("an annotation's name"))
        }
        let place = position
        let (prefix, name) = qname(take())
        switch lookUp(prefix, place) {
        case .uri(""): return QName(localName: name)
        case .uri(let uri): return QName(prefix: prefix, localName: name, namespace: uri)
        case .inherit:
            report { RelaxNGMessages.compactInheritedAnnotation(prefix, at: location(place)) }
            return QName(localName: name)
        }
    }
}

extension AnnotationsSyntax {
    /// Where there is no place for children they follow.
    mutating func followInstead() {
        following = elements + following
        elements = []
    }
}
