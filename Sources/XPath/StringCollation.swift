internal import UnicodeNormalization
internal import XML

/// A collation: how strings are compared (XPath functions, 5.3).
///
///     guard let collation = StringCollation(uri: "http://www.w3.org/2005/xpath-functions/collation/html-ascii-case-insensitive") else { … }
///     collation.equals("Recto", "recto")
///
/// Of the Unicode collation algorithm there is what its fallback allows: the strengths are told apart, and letters have
/// the order of their code points. Its address with `fallback=no` is refused.
package struct StringCollation: Sendable, Hashable {
    private enum Kind: Hashable {
        case codepoint
        /// ASCII letters have no case.
        case asciiCaseInsensitive
        /// By letters, then from `secondary` by their marks, then from `tertiary` by their case.
        case levels(Strength)
    }

    private enum Strength: Int, Hashable, Comparable {
        case primary, secondary, tertiary, identical

        static func < (a: Strength, b: Strength) -> Bool { a.rawValue < b.rawValue }

        init?(_ name: some StringProtocol) {
            switch name {
            case "primary", "1": self = .primary
            case "secondary", "2": self = .secondary
            case "tertiary", "3", "quaternary", "4": self = .tertiary
            case "identical", "5": self = .identical
            default: return nil
            }
        }
    }

    let uri: String
    private let kind: Kind

    static let codepoint = StringCollation(codepointURI, .codepoint)

    private static let codepointURI = "http://www.w3.org/2005/xpath-functions/collation/codepoint"
    private static let asciiURI = "http://www.w3.org/2005/xpath-functions/collation/html-ascii-case-insensitive"
    private static let unicodeURI = "http://www.w3.org/2013/collation/UCA"

    private init(_ uri: String, _ kind: Kind) {
        self.uri = uri
        self.kind = kind
    }

    /// - Returns: `nil` for a collation that is not supported.
    init?(uri: String) {
        switch uri {
        case StringCollation.codepointURI: self = .codepoint
        case StringCollation.asciiURI: self.init(uri, .asciiCaseInsensitive)
        default:
            let parts = uri.split(separator: "?", maxSplits: 1)
            guard parts.first.map({ $0 == StringCollation.unicodeURI }) == true,
                let strength = StringCollation.strength(parts.count == 2 ? parts[1] : "")
            else { return nil }
            self.init(uri, .levels(strength))
        }
    }

    /// The strength that the parameters ask for; `nil` where they ask for what is not supported, and allow no fallback.
    private static func strength(_ parameters: Substring) -> Strength? {
        var strength = Strength.tertiary
        for parameter in parameters.split(whereSeparator: { $0 == ";" || $0 == "&" }) {
            let pair = parameter.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { continue }
            if pair[0] == "fallback", pair[1] == "no" { return nil }
            if pair[0] == "strength" { strength = Strength(pair[1]) ?? strength }
        }
        return strength
    }

    /// The collation that an argument names, or the default one where it is not given.
    ///
    /// - Throws: FOCH0002 for one that is not supported.
    static func resolve(
        _ arguments: [ItemSequence], at index: Int, _ site: CallSite
    ) throws(XPathError) -> StringCollation {
        let name = arguments.count > index ? arguments[index].string : site.statics.defaultCollation
        if name == codepointURI { return .codepoint }
        if let collation = StringCollation(uri: name) { return collation }
        guard let base = site.statics.baseURI, let absolute = URIReference(name).resolved(against: URIReference(base)),
            let collation = StringCollation(uri: absolute.description)
        else { throw .unknownCollation(name) }
        return collation
    }
}

// MARK: - Whole strings

extension StringCollation {
    /// Negative, zero or positive.
    func compare(_ a: String, _ b: String) -> Int {
        switch kind {
        case .codepoint: a.utf8.span.compare(b.utf8.span)
        case .asciiCaseInsensitive, .levels: key(a).utf8.span.compare(key(b).utf8.span)
        }
    }

    func equals(_ a: String, _ b: String) -> Bool {
        switch kind {
        case .codepoint: a.utf8.span.equals(b.utf8.span)
        case .asciiCaseInsensitive, .levels: key(a).utf8.span.equals(key(b).utf8.span)
        }
    }

    /// A string that compares by code points as this one does by the collation.
    func key(_ string: String) -> String {
        switch kind {
        case .codepoint: return string
        case .asciiCaseInsensitive: return StringCollation.lowercased(string)
        case .levels(let strength):
            let units = StringCollation.units(string, .tertiary)
            var key = String.UnicodeScalarView()
            for unit in units { key.append(contentsOf: unit.letter) }
            for level in [Strength.secondary, .tertiary] where level <= strength {
                // Less than all that letters and marks consist of.
                key.append("\u{0}")
                for unit in units {
                    if level == .secondary { key.append(contentsOf: unit.marks) }
                    key.append(level == .tertiary && unit.isUppercase ? "\u{2}" : "\u{1}")
                }
            }
            if strength == .identical { key.append(contentsOf: ["\u{0}"] + string.unicodeScalars) }
            return String(key)
        }
    }

    private static func lowercased(_ string: String) -> String {
        let bytes = string.utf8.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
        return String(decoding: bytes, as: UTF8.self)
    }
}

// MARK: - Parts of strings

extension StringCollation {
    func contains(_ string: String, _ part: String) -> Bool { range(of: part, in: string) != nil }

    func hasPrefix(_ string: String, _ part: String) -> Bool {
        switch kind {
        case .codepoint: string.utf8.span.hasPrefix(part.utf8.span)
        case .asciiCaseInsensitive:
            StringCollation.lowercased(string).utf8.span.hasPrefix(StringCollation.lowercased(part).utf8.span)
        case .levels(let strength):
            StringCollation.units(string, strength).starts(with: StringCollation.units(part, strength))
        }
    }

    func hasSuffix(_ string: String, _ part: String) -> Bool {
        switch kind {
        case .codepoint: string.utf8.span.hasSuffix(part.utf8.span)
        case .asciiCaseInsensitive:
            StringCollation.lowercased(string).utf8.span.hasSuffix(StringCollation.lowercased(part).utf8.span)
        case .levels(let strength):
            StringCollation.units(string, strength).reversed().starts(
                with: StringCollation.units(part, strength).reversed())
        }
    }

    /// The first place of a part, as offsets into the UTF-8 of the string.
    func range(of part: String, in string: String) -> Range<Int>? {
        switch kind {
        case .codepoint:
            return string.utf8.span.firstOffset(of: part.utf8.span).map { $0..<$0 + part.utf8.count }
        case .asciiCaseInsensitive:
            let (whole, part) = (StringCollation.lowercased(string), StringCollation.lowercased(part))
            return whole.utf8.span.firstOffset(of: part.utf8.span).map { $0..<$0 + part.utf8.count }
        case .levels(let strength):
            let (units, wanted) = (StringCollation.units(string, strength), StringCollation.units(part, strength))
            guard !wanted.isEmpty else { return 0..<0 }
            return units.firstRange(of: wanted).map {
                units[$0.lowerBound].range.lowerBound..<units[$0.upperBound - 1].range.upperBound
            }
        }
    }

    /// A letter with its marks, as far as a strength tells it from others.
    private struct Unit: Equatable {
        var letter: [Unicode.Scalar]
        var marks: [Unicode.Scalar] = []
        var isUppercase = false
        /// Its place in the UTF-8 of the string.
        var range: Range<Int>

        static func == (a: Unit, b: Unit) -> Bool {
            a.letter == b.letter && a.marks == b.marks && a.isUppercase == b.isUppercase
        }
    }

    private static func units(_ string: String, _ strength: Strength) -> [Unit] {
        var units: [Unit] = []
        var offset = 0
        for scalar in string.unicodeScalars {
            let start = offset
            offset += UTF8.width(scalar)
            for part in Normalization.nfd.normalized(String(scalar)).unicodeScalars {
                if !units.isEmpty, part.properties.canonicalCombiningClass != .notReordered {
                    if strength >= .secondary { units[units.count - 1].marks.append(part) }
                    units[units.count - 1].range = units[units.count - 1].range.lowerBound..<offset
                } else {
                    let lower = Array(part.properties.lowercaseMapping.unicodeScalars)
                    units.append(
                        Unit(
                            letter: lower, isUppercase: strength >= .tertiary && lower != [part], range: start..<offset)
                    )
                }
            }
        }
        return units
    }
}
