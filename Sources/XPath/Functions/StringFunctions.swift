internal import UnicodeNormalization
internal import XML

/// Functions on strings (XPath functions, 5.2 to 5.5). Regular expressions: `PatternFunctions.swift`.
extension FunctionTable {
    mutating func addStringFunctions() {
        add("codepoints-to-string", ["xs:integer*"], "xs:string", StringFunctions.fromCodepoints)
        add("string-to-codepoints", ["xs:string?"], "xs:integer*", StringFunctions.toCodepoints)
        add("compare", 2...3, ["xs:string?", "xs:string?", "xs:string"], "xs:integer?", StringFunctions.compare)
        add("codepoint-equal", ["xs:string?", "xs:string?"], "xs:boolean?", StringFunctions.codepointEqual)
        add(
            "collation-key", 1...2, ["xs:string", "xs:string"], "xs:base64Binary", since: 31,
            StringFunctions.collationKey)
        add("concat", 2...Int.max, ["xs:anyAtomicType?"], "xs:string", StringFunctions.concat)
        add("string-join", 2...2, ["xs:anyAtomicType*", "xs:string"], "xs:string", StringFunctions.join)
        add("string-join", 1...1, ["xs:anyAtomicType*"], "xs:string", since: 30, StringFunctions.join)
        add("substring", 2...3, ["xs:string?", "xs:double", "xs:double"], "xs:string", StringFunctions.substring)
        add("string-length", [], "xs:integer", usesFocus: true, StringFunctions.length)
        add("string-length", ["xs:string?"], "xs:integer", StringFunctions.length)
        add("normalize-space", [], "xs:string", usesFocus: true, StringFunctions.normalizeSpace)
        add("normalize-space", ["xs:string?"], "xs:string", StringFunctions.normalizeSpace)
        add("normalize-unicode", 1...2, ["xs:string?", "xs:string"], "xs:string", StringFunctions.normalizeUnicode)
        add("upper-case", ["xs:string?"], "xs:string", StringFunctions.upperCase)
        add("lower-case", ["xs:string?"], "xs:string", StringFunctions.lowerCase)
        add("translate", ["xs:string?", "xs:string", "xs:string"], "xs:string", StringFunctions.translate)
        add("contains", 2...3, ["xs:string?", "xs:string?", "xs:string"], "xs:boolean", StringFunctions.contains)
        add("starts-with", 2...3, ["xs:string?", "xs:string?", "xs:string"], "xs:boolean", StringFunctions.startsWith)
        add("ends-with", 2...3, ["xs:string?", "xs:string?", "xs:string"], "xs:boolean", StringFunctions.endsWith)
        add(
            "substring-before", 2...3, ["xs:string?", "xs:string?", "xs:string"], "xs:string",
            StringFunctions.substringBefore)
        add(
            "substring-after", 2...3, ["xs:string?", "xs:string?", "xs:string"], "xs:string",
            StringFunctions.substringAfter)
        add(
            "contains-token", 2...3, ["xs:string*", "xs:string", "xs:string"], "xs:boolean", since: 31,
            StringFunctions.containsToken)
        add("encode-for-uri", ["xs:string?"], "xs:string", StringFunctions.encodeForURI)
        add("iri-to-uri", ["xs:string?"], "xs:string", StringFunctions.iriToURI)
        add("escape-html-uri", ["xs:string?"], "xs:string", StringFunctions.escapeHTMLURI)
    }
}

enum StringFunctions {
    /// The argument, or the string value of the context item where there is none.
    private static func stringOrContext(
        _ context: DynamicContext, _ arguments: [ItemSequence]
    ) throws(XPathError) -> String {
        try arguments.isEmpty ? context.requiredItem().string() : arguments[0].string
    }

    // MARK: Characters

    static let fromCodepoints: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        var scalars = String.UnicodeScalarView()
        for item in arguments[0] {
            guard case .integer(let code)? = item.atomic?.content else { continue }
            guard let value = UInt32(exactly: code.value), let scalar = Unicode.Scalar(value), scalar.isXMLCharacter
            else {
                throw .noCharacter(code.value)
            }
            scalars.append(scalar)
        }
        return ItemSequence(String(scalars))
    }

    static let toCodepoints: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let scalars = arguments[0].string.unicodeScalars
        if scalars.count > ItemSequence.countLimit { throw .tooManyItems(ItemSequence.countLimit) }
        return ItemSequence(scalars.map { Item.integer(Int($0.value)) })
    }

    static let length: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(try stringOrContext(context, arguments).utf8.span.scalarCount)
    }

    // MARK: Comparison

    static let compare: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let collation = try StringCollation.resolve(arguments, at: 2, site)
        guard let first = arguments[0].atomic, let second = arguments[1].atomic else { return .empty }
        return ItemSequence(collation.compare(first.string, second.string).signum())
    }

    static let codepointEqual: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        guard let first = arguments[0].atomic, let second = arguments[1].atomic else { return .empty }
        return ItemSequence(StringCollation.codepoint.equals(first.string, second.string))
    }

    static let collationKey: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let key = try StringCollation.resolve(arguments, at: 1, site).key(arguments[0].string)
        return ItemSequence(AtomicValue(.base64Binary, .bytes(Array(key.utf8))))
    }

    // MARK: Composition and parts

    static let concat: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        var result = ""
        for argument in arguments { try context.allowance.append(argument.string, to: &result) }
        return ItemSequence(result)
    }

    static let join: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let separator = arguments.count > 1 ? arguments[1].string : ""
        var result = ""
        for (index, item) in try arguments[0].limited().enumerated() {
            guard let value = item.atomic else { continue }
            // Before version 3.1 these are strings.
            if site.statics.version == .xpath2, !value.type.isString, value.type != .untypedAtomic,
                value.type != .anyURI
            {
                throw .wrongType(ItemSequence(value), expected: SequenceType(item: .atomic(.string), occurrence: .any))
            }
            if index > 0 { try context.allowance.append(separator, to: &result) }
            try context.allowance.append(value.string, to: &result)
        }
        return ItemSequence(result)
    }

    static let substring: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let string = arguments[0].string
        let start = rounded(arguments[1].double ?? .nan)
        let end = arguments.count == 3 ? start + rounded(arguments[2].double ?? .nan) : .infinity
        guard start < end else { return ItemSequence("") }
        let bytes = string.utf8.span
        let first = bytes.offset(ofScalar: start - 1, from: 0)
        let last = end == .infinity ? bytes.count : bytes.offset(ofScalar: end - max(start, 1), from: first)
        return ItemSequence(string.slice(first..<last))
    }

    /// To the nearest whole number, halves upwards (fn:round).
    private static func rounded(_ number: Double) -> Double {
        let floor = number.rounded(.down)
        return number - floor >= 0.5 ? floor + 1 : floor
    }

    static let substringBefore: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let string = arguments[0].string
        let range = try StringCollation.resolve(arguments, at: 2, site).range(of: arguments[1].string, in: string)
        return ItemSequence(range.map { string.slice(0..<$0.lowerBound) } ?? "")
    }

    static let substringAfter: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let string = arguments[0].string
        let range = try StringCollation.resolve(arguments, at: 2, site).range(of: arguments[1].string, in: string)
        return ItemSequence(range.map { string.slice($0.upperBound..<string.utf8.count) } ?? "")
    }

    // MARK: Search

    static let contains: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(
            try StringCollation.resolve(arguments, at: 2, site).contains(arguments[0].string, arguments[1].string))
    }

    static let startsWith: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(
            try StringCollation.resolve(arguments, at: 2, site).hasPrefix(arguments[0].string, arguments[1].string))
    }

    static let endsWith: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(
            try StringCollation.resolve(arguments, at: 2, site).hasSuffix(arguments[0].string, arguments[1].string))
    }

    static let containsToken: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let collation = try StringCollation.resolve(arguments, at: 2, site)
        let tokens = arguments[1].string.tokens
        guard tokens.count == 1 else { return .no }
        return ItemSequence(
            arguments[0].contains { item in
                item.atomic?.string.tokens.contains { collation.equals($0, tokens[0]) } == true
            })
    }

    // MARK: Normalisation

    static let normalizeSpace: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(try stringOrContext(context, arguments).normalizedSpace)
    }

    static let normalizeUnicode: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let string = arguments[0].string
        guard arguments.count == 2 else { return ItemSequence(Normalization.nfc.normalized(string)) }
        let name = arguments[1].string.normalizedSpace.uppercased()
        if name.isEmpty { return ItemSequence(string) }
        guard let form = Normalization(rawValue: name) else { throw .unknownNormalization(name) }
        return ItemSequence(form.normalized(string))
    }

    static let upperCase: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(mapped(arguments[0].string, from: UInt8(ascii: "a")) { $0.properties.uppercaseMapping })
    }

    static let lowerCase: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(mapped(arguments[0].string, from: UInt8(ascii: "A")) { $0.properties.lowercaseMapping })
    }

    /// - Parameter first: the first of the 26 ASCII letters that change.
    private static func mapped(_ string: String, from first: UInt8, _ mapping: (Unicode.Scalar) -> String) -> String {
        if string.utf8.span.isASCII {
            let bytes = string.utf8.map { $0 &- first < 26 ? $0 ^ 0x20 : $0 }
            return String(decoding: bytes, as: UTF8.self)
        }
        var result = ""
        for scalar in string.unicodeScalars { result += mapping(scalar) }
        return result
    }

    static let translate: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let replacements = Array(arguments[2].string.unicodeScalars)
        var map: [Unicode.Scalar: Unicode.Scalar?] = [:]
        for (index, scalar) in arguments[1].string.unicodeScalars.enumerated() where map[scalar] == nil {
            map[scalar] = .some(index < replacements.count ? replacements[index] : nil)
        }
        var result = String.UnicodeScalarView()
        for scalar in arguments[0].string.unicodeScalars {
            if let replacement = map[scalar] ?? scalar { result.append(replacement) }
        }
        return ItemSequence(String(result))
    }

    // MARK: Escapes

    static let encodeForURI: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(arguments[0].string.percentEncoded { $0.isASCIILetterOrDigit || "-_.~".utf8.contains($0) })
    }

    static let iriToURI: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(arguments[0].string.escapedAsURI)
    }

    static let escapeHTMLURI: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        ItemSequence(arguments[0].string.percentEncoded { $0 >= 0x20 && $0 < 0x7F })
    }
}

extension Unicode.Scalar {
    /// Whether XML 1.0 allows it (production 2).
    var isXMLCharacter: Bool {
        switch value {
        case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }
}

extension Span<UInt8> {
    /// The offset of the scalar that so many others come before, counted from `start`; at most the end.
    fileprivate func offset(ofScalar number: Double, from start: Int) -> Int {
        guard number > 0 else { return start }
        var left = number >= Double(count) ? count : Int(number)
        var index = start
        while index < count {
            if self[index] & 0xC0 != 0x80 {
                if left == 0 { return index }
                left -= 1
            }
            index += 1
        }
        return count
    }
}
