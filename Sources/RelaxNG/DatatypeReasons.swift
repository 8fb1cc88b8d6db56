internal import RegularExpressions
internal import XML

// The words of messages about a datatype and a string that it does not allow.

extension Datatype {
    /// The form of a value as a short phrase, such as `a date such as 1818-03-12`.
    var expectation: String {
        var phrase =
            type.form.isInteger
            ? RelaxNGMessages.wholeNumber(from: lowest, to: highest) : RelaxNGMessages.expectation(type)
        if !type.form.isInteger, !facets.bounds.isEmpty {
            phrase += RelaxNGMessages.bounds(facets.bounds.map { ($0.facet, $0.text) })
        }
        if facets.minimumLength > (type.form.isList ? 1 : 0) || facets.maximumLength < .max {
            phrase += RelaxNGMessages.length(facets.minimumLength, facets.maximumLength, unit)
        }
        if facets.totalDigits < .max { phrase += RelaxNGMessages.totalDigits(facets.totalDigits) }
        if facets.fractionDigits < .max { phrase += RelaxNGMessages.fractionDigits(facets.fractionDigits) }
        for (index, pattern) in facets.patterns.enumerated() {
            phrase += RelaxNGMessages.matching(pattern.pattern, isFirst: index == 0)
        }
        return phrase
    }

    /// Why a string is not allowed, in one phrase, where more can be said than what was expected; otherwise `nil`.
    ///
    /// - Parameter namespace: as for ``allows(_:namespace:)``.
    func reason(for string: String, namespace: (String) -> String? = { _ in nil }) -> String? {
        let bytes = type.form.whiteSpace.normalised(Array(string.utf8).span)
        if allows(bytes.span, namespace: namespace) { return nil }
        if bytes.isEmpty { return RelaxNGMessages.emptyValue }
        let text = String(decoding: bytes, as: UTF8.self)
        if !type.form.allows(bytes.span, namespace) { return formReason(text, namespace) }
        return facetReason(bytes.span)
    }

    private var unit: RelaxNGMessages.LengthUnit {
        if type.form.isList { return .items }
        return type.form.primitive == .hexBinary || type.form.primitive == .base64Binary ? .bytes : .characters
    }

    private var lowest: String? { limit(.minInclusive, .minExclusive, 1) { $0 > $1 } }

    private var highest: String? { limit(.maxInclusive, .maxExclusive, -1) { $0 < $1 } }

    /// The narrowest limit of a whole number, as the last number that is allowed, where it is a number that one can
    /// count to.
    private func limit(
        _ inclusive: Facet, _ exclusive: Facet, _ step: Int, isNarrower: (DecimalNumber, DecimalNumber) -> Bool
    ) -> String? {
        var narrowest: DecimalNumber?
        for bound in facets.bounds where bound.facet == inclusive || bound.facet == exclusive {
            guard case .decimal(var number) = bound.limit else { continue }
            if bound.facet == exclusive, let count = Int32(bound.text),
                let next = DecimalNumber(Array("\(Int(count) + step)".utf8).span)
            {
                number = next
            }
            if narrowest.map({ isNarrower(number, $0) }) ?? true { narrowest = number }
        }
        return narrowest?.description
    }

    // MARK: Facets

    private func facetReason(_ string: Span<UInt8>) -> String? {
        if !facets.hasLength(string) {
            return RelaxNGMessages.wrongLength(
                type.form.length(of: string), facets.minimumLength, facets.maximumLength, unit)
        }
        if !facets.hasDigits(string) { return RelaxNGMessages.tooManyDigits(facets.totalDigits, facets.fractionDigits) }
        for bound in facets.bounds where !type.form.isWithin(bound, string) {
            return RelaxNGMessages.outOfBounds(bound.facet, bound.text)
        }
        if !facets.hasEntities(string) { return RelaxNGMessages.noEntity }
        guard let (pattern, offset) = patternFailure(string) else { return nil }
        if offset == string.count { return RelaxNGMessages.patternUnfinished(pattern) }
        let (scalar, _) = string.scalar(at: offset)
        if scalar.properties.isWhitespace { return RelaxNGMessages.whiteSpaceWithin }
        let number = String(string.extracting(0..<offset)).unicodeScalars.count + 1
        return RelaxNGMessages.patternFails(pattern, scalar, number)
    }

    // MARK: Forms

    private func formReason(_ text: String, _ namespace: (String) -> String?) -> String? {
        // What is that long was meant for something else.
        guard text.utf8.count <= 200 else { return nil }
        if type.form.isList { return text.split(separator: " ").lazy.compactMap { self.nameReason(String($0)) }.first }
        return switch type.form.primitive {
        case .calendar: CalendarGuess(text: text, fields: type.form.fields).reason()
        case .decimal, .float, .double: numberReason(text)
        case .boolean: RelaxNGMessages.booleanMeant(by: text.lowercased()).map { RelaxNGMessages.written($0) }
        case .duration: RelaxNGMessages.durationForm
        case .name, .ncName, .nmtoken, .entity: nameReason(text)
        case .qName: qNameReason(text, namespace)
        case .language: languageReason(text)
        case .anyURI: uriReason(text)
        default: nil
        }
    }

    private func numberReason(_ text: String) -> String? {
        let plain = text.filter { !" \u{A0}\u{202F},’'".contains($0) }
        let point = String(text.map { $0 == "," ? "." : $0 })
        if text.contains(","), allows(point) { return RelaxNGMessages.decimalComma(point) }
        if plain != text, allows(plain) { return RelaxNGMessages.groupedDigits(plain) }
        return type.form.isInteger && DecimalNumber(Array(text.utf8).span) != nil ? RelaxNGMessages.notWhole : nil
    }

    private func nameReason(_ text: String) -> String? {
        let colons = type.form.primitive == .name || type.form.primitive == .nmtoken
        for (index, scalar) in text.unicodeScalars.enumerated() {
            if scalar.properties.isWhitespace { return RelaxNGMessages.whiteSpaceWithin }
            let isColon = scalar == ":" && colons
            if index == 0, type.form.primitive != .nmtoken, !isColon, !NCName.isStart(scalar.value) {
                return RelaxNGMessages.nameStart(scalar)
            }
            if !isColon, !NCName.isPart(scalar.value) { return RelaxNGMessages.nameCharacter(scalar) }
        }
        return nil
    }

    private func qNameReason(_ text: String, _ namespace: (String) -> String?) -> String? {
        let prefix = text.prefix { $0 != ":" }
        if prefix.count < text.count, type.form.allows(Array(text.utf8).span, { _ in "" }) {
            return RelaxNGMessages.unboundPrefix(String(prefix))
        }
        return nil
    }

    private func uriReason(_ text: String) -> String? {
        let parts = text.split(separator: "#", omittingEmptySubsequences: false)
        if parts.count > 2 {
            return text.contains(" ") ? RelaxNGMessages.whiteSpaceWithin : RelaxNGMessages.secondHash(text)
        }
        // With every percent sign escaped, is it one?
        return allows(text.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%25"))
            ? RelaxNGMessages.percentEscape : nil
    }

    private func languageReason(_ text: String) -> String? {
        let hyphened = String(text.map { $0 == "_" ? "-" : $0 })
        return hyphened != text && allows(hyphened) ? RelaxNGMessages.written(hyphened) : nil
    }

    private func allows(_ text: String) -> Bool {
        allows(Array(text.utf8).span) { _ in nil }
    }
}
