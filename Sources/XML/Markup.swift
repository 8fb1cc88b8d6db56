/// The markup of a document that may be unfinished, with its places, to the end of the file.
///
/// An editor's document is unfinished most of the time: it has a `<` without a name, a value without its second quotation
/// mark, an element without its end tag. `Markup` reads on after each of them. Of a well-formed document it has the same
/// elements and attributes as ``Document``.
///
///     let markup = Markup(Array(#"<div><p>See <ref target="#a</p></div>"#.utf8))
///     markup.elements.map { markup.names[Int($0.name)] }                  // ["div", "p", "ref"]
///     markup.elements[2].endTag                                           // nil
///
/// Offsets are in bytes, from 0. It takes one pass, and about 20 bytes for each tag.
package struct Markup: Sendable {
    package enum Kind: UInt8, Sendable {
        case startTag, endTag, comment, cdata, instruction, doctype
    }

    /// A tag, comment, section, processing instruction or document type declaration (XML 1.0, 2.4). What lies between two
    /// of them is text.
    package struct Item: Sendable {
        package let kind: Kind
        /// Whether it has its end, as `>` or `-->`.
        package internal(set) var isClosed = true
        /// Whether it is an empty-element tag.
        package internal(set) var isEmpty = false
        fileprivate let start: Int32
        fileprivate var end: Int32 = 0
        fileprivate var nameEnd: Int32
        fileprivate var nameIndex: Int32 = -1
        fileprivate var firstAttribute: Int32 = 0
        fileprivate var endOfAttributes: Int32 = 0
        /// The element that a tag begins or ends.
        fileprivate var own: Int32 = -1
        /// The innermost element after the item.
        fileprivate var around: Int32 = -1

        package var range: Range<Int> { Int(start)..<Int(end) }
        /// The place of a tag's name; empty if it has none.
        package var name: Range<Int> { (Int(start) + (kind == .endTag ? 2 : 1))..<Int(nameEnd) }
        package var attributes: Range<Int> { Int(firstAttribute)..<Int(endOfAttributes) }
        /// The element that a tag begins or ends, by its number.
        package var element: Int? { own < 0 ? nil : Int(own) }
    }

    /// An attribute as it is written.
    package struct Attribute: Sendable {
        fileprivate let start: Int32
        fileprivate var nameEnd: Int32
        fileprivate var valueStart: Int32 = -1
        fileprivate var valueEnd: Int32 = -1
        /// Whether its value has both quotation marks.
        package fileprivate(set) var isClosed = false

        package var name: Range<Int> { Int(start)..<Int(nameEnd) }
        /// The place between the quotation marks; `nil` if there is no value.
        package var value: Range<Int>? { valueStart < 0 ? nil : Int(valueStart)..<Int(valueEnd) }
        /// The attribute with its quotation marks.
        package var range: Range<Int> {
            Int(start)..<(valueStart < 0 ? Int(nameEnd) : Int(valueEnd) + (isClosed ? 1 : 0))
        }
    }

    /// An element. Its descendants have the numbers after its own, up to `next`.
    package struct Element: Sendable {
        /// Its name's place in ``Markup/names``.
        package let name: Int32
        fileprivate var parentIndex: Int32
        /// Its start tag, by the number of the item.
        package let startTag: Int
        fileprivate var endTagIndex: Int32 = -1
        /// Where its content ends: before its end tag or, if it has none, before the tag that ends an element around it.
        package fileprivate(set) var contentEnd = 0
        /// The number of the first element that is neither itself nor within it.
        package fileprivate(set) var next = 0
        /// Whether nothing after its start tag is within it.
        package fileprivate(set) var isEmpty = false

        package var parent: Int? { parentIndex < 0 ? nil : Int(parentIndex) }
        package var endTag: Int? { endTagIndex < 0 ? nil : Int(endTagIndex) }
    }

    /// The document, in UTF-8.
    package let source: [UInt8]
    /// In the order of the document.
    package fileprivate(set) var items: [Item] = []
    package fileprivate(set) var attributes: [Attribute] = []
    package fileprivate(set) var elements: [Element] = []
    /// The names of the elements, each once, with their prefixes.
    package fileprivate(set) var names: [String] = []
    /// The declarations of namespaces, in the order of the document.
    private var declarations: [(element: Int32, attribute: Int32)] = []

    /// Reads a document.
    ///
    /// - Parameter source: the document in UTF-8, whatever encoding it declares.
    package init(_ source: [UInt8]) {
        self.source = source
        var reader = MarkupReader(source.count)
        reader.run(source.span)
        (items, attributes, elements, names) = (reader.items, reader.attributes, reader.elements, reader.names)
        declarations = reader.declarations
    }

    package func string(_ range: Range<Int>) -> String { String(decoding: source[range], as: UTF8.self) }
}

// MARK: - Questions

extension Markup {
    /// A place in a document.
    package enum Place: Sendable {
        /// In the text of an element, or outside of the outermost one.
        case content(element: Int?)
        /// In the name of a start tag, or directly after its `<`.
        case startTagName(item: Int)
        /// In the name of an attribute, or where another attribute may be.
        case attributeName(item: Int, attribute: Int?)
        /// In the value of an attribute.
        case value(item: Int, attribute: Int)
        /// In an end tag.
        case endTag(item: Int)
        /// In a comment, section, processing instruction or document type declaration.
        case other(item: Int)
    }

    /// The place before the byte at an offset.
    package func place(at offset: Int) -> Place {
        guard let number = lastItem(before: offset) else { return .content(element: nil) }
        let item = items[number]
        // A cursor at the end of an unfinished tag is in that tag.
        guard offset < item.end || offset == item.end && !item.isClosed else {
            return .content(element: element(after: number))
        }
        switch item.kind {
        case .startTag: return place(at: offset, inStartTag: number)
        case .endTag: return .endTag(item: number)
        case .comment, .cdata, .instruction, .doctype: return .other(item: number)
        }
    }

    private func place(at offset: Int, inStartTag number: Int) -> Place {
        let item = items[number]
        if offset <= item.name.upperBound { return .startTagName(item: number) }
        for attribute in item.attributes {
            let (name, value) = (attributes[attribute].name, attributes[attribute].value)
            // Before a name another attribute may be.
            if name.lowerBound < offset, offset <= name.upperBound {
                return .attributeName(item: number, attribute: attribute)
            }
            if let value, value.lowerBound <= offset, offset <= value.upperBound {
                return .value(item: number, attribute: attribute)
            }
        }
        return .attributeName(item: number, attribute: nil)
    }

    /// The number of the last item that begins before an offset.
    package func lastItem(before offset: Int) -> Int? {
        var (low, high) = (0, items.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(items[middle].start) < offset { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : low - 1
    }

    /// The innermost element after an item.
    package func element(after item: Int) -> Int? {
        items[item].around < 0 ? nil : Int(items[item].around)
    }

    /// What the content of an element consists of, without comments and processing instructions.
    package enum Part: Sendable {
        /// Text that is more than white space, as much as there is at once.
        case text
        case element(Int)
    }

    /// The texts and child elements between two places of an element's content; of the document's if there is none.
    package func parts(of element: Int?, in range: Range<Int>) -> [Part] {
        var (parts, offset): ([Part], Int) = ([], range.lowerBound)
        var number = lastItem(before: range.lowerBound).map { $0 + 1 } ?? 0
        func addText(upTo end: Int) {
            if case .text = parts.last { return }
            if offset < end, source[offset..<end].contains(where: { !$0.isXMLSpace }) { parts.append(.text) }
        }
        while number < items.count, items[number].range.lowerBound < range.upperBound {
            let item = items[number]
            // A section is text.
            addText(upTo: item.kind == .cdata ? item.range.upperBound : item.range.lowerBound)
            (offset, number) = (item.range.upperBound, number + 1)
            if item.kind == .startTag, let child = item.element {
                parts.append(.element(child))
                (offset, number) = (self.range(of: child).upperBound, self.number(after: child))
            }
        }
        addText(upTo: range.upperBound)
        return parts
    }

    /// The number of the first item that is neither in an element nor its end tag.
    private func number(after element: Int) -> Int {
        if let endTag = elements[element].endTag { return endTag + 1 }
        let end = elements[element].contentEnd
        return Swift.max(lastItem(before: end).map { $0 + 1 } ?? 0, elements[element].startTag + 1)
    }

    /// The elements around a place, the outermost first, each within the one before.
    package func path(to element: Int?) -> [Int] {
        var (path, next): ([Int], Int?) = ([], element)
        while let element = next {
            path.append(element)
            next = elements[element].parent
        }
        return path.reversed()
    }

    /// An element from its start tag to its end tag, or to where its content ends.
    package func range(of element: Int) -> Range<Int> {
        let start = items[elements[element].startTag].range.lowerBound
        return start..<(elements[element].endTag.map { items[$0].range.upperBound } ?? elements[element].contentEnd)
    }

    /// The place between the tags of an element.
    package func content(of element: Int) -> Range<Int> {
        let start = items[elements[element].startTag].range.upperBound
        return start..<Swift.max(start, elements[element].contentEnd)
    }

    package func name(of element: Int) -> String { names[Int(elements[element].name)] }

    /// The attributes of a start tag that have a value, with their lexical names.
    package func attributes(of item: Int) -> [(name: String, value: Range<Int>)] {
        items[item].attributes.compactMap { number in
            attributes[number].value.map { (string(attributes[number].name), $0) }
        }
    }

    /// The value of an attribute by its lexical name, with references to characters replaced.
    package func value(of name: String, in element: Int) -> String? {
        attributes(of: elements[element].startTag).first { $0.name == name }.map { value($0.value) }
    }

    /// A value with its references to characters and predefined entities replaced (XML 1.0, 4.6).
    package func value(_ range: Range<Int>) -> String {
        let written = string(range)
        guard written.utf8.contains(UInt8(ascii: "&")) else { return written }
        var parts = written.split(separator: "&", omittingEmptySubsequences: false)[...]
        var value = String(parts.removeFirst())
        for part in parts {
            let end = part.firstIndex(of: ";")
            if let end, let character = Markup.character(String(part[..<end])) {
                value += character + part[part.index(after: end)...]
            } else {
                value += "&" + part
            }
        }
        return value
    }

    /// The character of `amp`, `#38` or `#x26`.
    private static func character(_ reference: String) -> String? {
        let predefined = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
        if let known = predefined[reference] { return known }
        guard reference.hasPrefix("#") else { return nil }
        let isHexadecimal = reference.hasPrefix("#x")
        let number = UInt32(reference.dropFirst(isHexadecimal ? 2 : 1), radix: isHexadecimal ? 16 : 10)
        return number.flatMap(Unicode.Scalar.init).map { String($0) }
    }

    /// The namespace of a prefix, or the default namespace, at an element.
    package func namespace(of prefix: String?, at element: Int?) -> String? {
        if prefix == "xml" { return Namespace.xml }
        guard let element else { return nil }
        let name = prefix.map { "xmlns:\($0)" } ?? "xmlns"
        if declarations.count > 16 { return namespace(declaredAs: name, upwardsFrom: element) }
        // Most documents declare their namespaces once.
        let declaration = declarations.last {
            Int($0.element) <= element && element < Swift.max(elements[Int($0.element)].next, Int($0.element) + 1)
                && string(attributes[Int($0.attribute)].name) == name
        }
        guard let value = declaration.flatMap({ attributes[Int($0.attribute)].value }).map({ self.value($0) }) else {
            return nil
        }
        return value.isEmpty ? nil : value
    }

    private func namespace(declaredAs name: String, upwardsFrom element: Int) -> String? {
        var next: Int? = element
        while let element = next {
            if let value = value(of: name, in: element) { return value.isEmpty ? nil : value }
            next = elements[element].parent
        }
        return nil
    }

    /// The prefixes that are declared at an element, the innermost first, with their namespaces.
    package func prefixes(at element: Int) -> [(prefix: String, namespace: String)] {
        declarations.reversed().compactMap { declaration in
            let (outer, attribute) = (Int(declaration.element), attributes[Int(declaration.attribute)])
            let name = string(attribute.name)
            guard outer <= element, element < Swift.max(elements[outer].next, outer + 1), name.hasPrefix("xmlns:"),
                let value = attribute.value
            else { return nil }
            return (String(name.dropFirst(6)), self.value(value))
        }
    }

    /// The name of an element with its namespace.
    package func qualifiedName(of element: Int) -> QName {
        let (prefix, local) = Markup.split(name(of: element))
        return QName(prefix: prefix, localName: local, namespace: namespace(of: prefix, at: element))
    }

    /// The name of an attribute with its namespace.
    package func qualifiedName(ofAttribute name: String, in element: Int?) -> QName {
        let (prefix, local) = Markup.split(name)
        return QName(
            prefix: prefix, localName: local, namespace: prefix.flatMap { namespace(of: $0, at: element) })
    }

    private static func split(_ name: String) -> (prefix: String?, local: String) {
        guard let colon = name.utf8.firstIndex(of: UInt8(ascii: ":")) else { return (nil, name) }
        return (String(name[..<colon]), String(name[name.utf8.index(after: colon)...]))
    }

    /// Whether only outermost elements declare namespaces, so that a name means the same everywhere.
    package var hasOneScope: Bool { declarations.allSatisfy { elements[Int($0.element)].parent == nil } }
}

// MARK: - Reading

/// Reads the markup of a document in one pass.
private struct MarkupReader {
    private let count: Int
    var items: [Markup.Item] = []
    var attributes: [Markup.Attribute] = []
    var elements: [Markup.Element] = []
    var names: [String] = []
    var declarations: [(element: Int32, attribute: Int32)] = []
    private var table = IndexTable(capacity: 128)
    /// The open elements, and how many of each name there are.
    private var open: [Int32] = []
    private var openCounts: [Int32] = []
    /// Where the next section of a kind ends, so that many beginnings without an end are not searched each.
    private var sectionEnds: [Markup.Kind: Int] = [:]
    private var hasDocumentType = false

    init(_ count: Int) {
        self.count = count
        items.reserveCapacity(count / 40)
        elements.reserveCapacity(count / 80)
    }

    mutating func run(_ source: Span<UInt8>) {
        var offset = 0
        while let start = source.offset(of: .less, from: offset) {
            offset = item(source, at: start)
        }
        while let element = open.last { end(element, at: count, tag: -1) }
        moveOut()
    }

    /// - Returns: the offset after the item.
    private mutating func item(_ source: Span<UInt8>, at start: Int) -> Int {
        guard start + 1 < count else { return startTag(source, at: start) }
        switch source[start + 1] {
        case .slash: return endTag(source, at: start)
        case .question: return section(.instruction, source, at: start, length: 2, ending: "?>")
        case .exclamation:
            if source.matches("<!--", at: start) {
                return section(.comment, source, at: start, length: 4, ending: "-->")
            }
            if source.matches("<![CDATA[", at: start) {
                return section(.cdata, source, at: start, length: 9, ending: "]]>")
            }
            return documentType(source, at: start)
        default: return startTag(source, at: start)
        }
    }

    private mutating func add(_ item: Markup.Item, upTo end: Int) -> Int {
        var item = item
        (item.end, item.around) = (Int32(end), open.last ?? -1)
        items.append(item)
        return end
    }

    // MARK: Sections

    private mutating func section(
        _ kind: Markup.Kind, _ source: Span<UInt8>, at start: Int, length: Int, ending: StaticString
    ) -> Int {
        var item = Markup.Item(kind: kind, start: Int32(start), nameEnd: Int32(start + 1))
        let first = start + length
        if sectionEnds[kind].map({ $0 < first }) ?? true {
            sectionEnds[kind] = source.offset(of: ending, from: first, to: count) ?? count
        }
        let end = sectionEnds[kind, default: count]
        // A comment within a comment: the first has no end.
        if end < count, kind != .comment || source.offset(of: "<!--", from: first, to: end) == nil {
            return add(item, upTo: end + ending.utf8CodeUnitCount)
        }
        item.isClosed = false
        return add(item, upTo: source.endOfLine(from: first))
    }

    /// A document type declaration (XML 1.0, 2.8): its strings, comments and internal subset may have a `>`.
    private mutating func documentType(_ source: Span<UInt8>, at start: Int) -> Int {
        var item = Markup.Item(kind: .doctype, start: Int32(start), nameEnd: Int32(start + 1))
        if elements.isEmpty, !hasDocumentType, source.matches("<!DOCTYPE", at: start) {
            hasDocumentType = true
            if let end = endOfDocumentType(source, from: start + 9) { return add(item, upTo: end) }
        }
        item.isClosed = false
        return add(item, upTo: min(start + 2, count))
    }

    private func endOfDocumentType(_ source: Span<UInt8>, from start: Int) -> Int? {
        var (offset, isInSubset) = (start, false)
        while offset < count {
            switch source[offset] {
            case .greater where !isInSubset: return offset + 1
            case .openingBracket: isInSubset = true
            case .closingBracket: isInSubset = false
            case .quotation, .apostrophe:
                offset = source.offset(of: source[offset], from: offset + 1) ?? count
            case .less where source.matches("<!--", at: offset):
                offset = source.offset(of: "-->", from: offset + 4, to: count).map { $0 + 2 } ?? count
            case .less where source.matches("<?", at: offset):
                offset = source.offset(of: "?>", from: offset + 2, to: count).map { $0 + 1 } ?? count
            default: break
            }
            offset += 1
        }
        return nil
    }

    // MARK: Tags

    private mutating func startTag(_ source: Span<UInt8>, at start: Int) -> Int {
        let nameEnd = source.endOfName(from: start + 1)
        var item = Markup.Item(kind: .startTag, start: Int32(start), nameEnd: Int32(nameEnd))
        guard nameEnd > start + 1 else {
            item.isClosed = false
            return add(item, upTo: nameEnd)
        }
        item.nameIndex = number(ofName: source.extracting(start + 1..<nameEnd))
        item.firstAttribute = Int32(attributes.count)
        let end = attributes(source, from: nameEnd, of: &item)
        item.endOfAttributes = Int32(attributes.count)
        item.own = Int32(elements.count)
        for number in item.attributes where source.matches("xmlns", at: attributes[number].name.lowerBound) {
            declarations.append((item.own, Int32(number)))
        }
        begin(item)
        if item.isEmpty { close(item.own, at: end) }
        return add(item, upTo: end)
    }

    private mutating func endTag(_ source: Span<UInt8>, at start: Int) -> Int {
        let nameEnd = source.endOfName(from: start + 2)
        var item = Markup.Item(kind: .endTag, start: Int32(start), nameEnd: Int32(nameEnd))
        let last = source.endOfSpace(from: nameEnd)
        item.isClosed = last < count && source[last] == .greater
        if nameEnd > start + 2 {
            item.nameIndex = number(ofName: source.extracting(start + 2..<nameEnd))
            item.own = ended(by: item)
        }
        while item.own >= 0, let element = open.last {
            let isOwn = element == item.own
            end(element, at: start, tag: isOwn ? Int32(items.count) : -1)
            if isOwn { break }
        }
        return add(item, upTo: item.isClosed ? last + 1 : nameEnd)
    }

    /// The open element that an end tag ends: the innermost of its name; if there is none, the innermost of all if the two
    /// names look as if one were misspelt, or not yet finished.
    private func ended(by item: Markup.Item) -> Int32 {
        if openCounts[Int(item.nameIndex)] > 0 {
            return open.last { elements[Int($0)].name == item.nameIndex } ?? -1
        }
        guard let last = open.last else { return -1 }
        let (written, meant) = (names[Int(item.nameIndex)], names[Int(elements[Int(last)].name)])
        let isBeginning = !item.isClosed && meant.hasPrefix(written)
        return isBeginning || nearest(written, [meant]) != nil ? last : -1
    }

    private mutating func begin(_ item: Markup.Item) {
        elements.append(
            Markup.Element(name: item.nameIndex, parentIndex: open.last ?? -1, startTag: items.count))
        open.append(item.own)
        openCounts[Int(item.nameIndex)] += 1
    }

    /// Ends the innermost element.
    ///
    /// - Parameter tag: the number of its end tag, or -1.
    private mutating func end(_ element: Int32, at offset: Int, tag: Int32) {
        elements[Int(element)].endTagIndex = tag
        close(element, at: offset)
        // A tag without `>`, and without an end tag: the text after it is its parent's.
        guard tag < 0, !items[elements[Int(element)].startTag].isClosed else { return }
        elements[Int(element)].next = Int(element) + 1
        elements[Int(element)].isEmpty = true
        elements[Int(element)].contentEnd = items[elements[Int(element)].startTag].range.upperBound
    }

    /// Gives what is after a tag without an end to the element around it. Parents come before their children.
    private mutating func moveOut() {
        for element in elements.indices {
            elements[element].parentIndex = outside(elements[element].parentIndex)
        }
        for item in items.indices { items[item].around = outside(items[item].around) }
    }

    private func outside(_ element: Int32) -> Int32 {
        element >= 0 && elements[Int(element)].isEmpty ? elements[Int(element)].parentIndex : element
    }

    private mutating func close(_ element: Int32, at offset: Int) {
        open.removeLast()
        openCounts[Int(elements[Int(element)].name)] -= 1
        elements[Int(element)].contentEnd = offset
        elements[Int(element)].next = elements.count
    }

    // MARK: Attributes

    /// - Returns: the offset after the tag.
    private mutating func attributes(_ source: Span<UInt8>, from start: Int, of item: inout Markup.Item) -> Int {
        var (offset, bracket) = (start, start)
        while true {
            let next = source.endOfSpace(from: offset)
            guard next < count, source[next] != .less else {
                item.isClosed = false
                return next
            }
            if source[next] == .greater { return next + 1 }
            if source.matches("/>", at: next) {
                item.isEmpty = true
                return next + 2
            }
            let nameEnd = source.endOfName(from: next)
            let equals = source.endOfSpace(from: nameEnd)
            let hasValue = nameEnd > next && equals < count && source[equals] == .equals
            if hasValue {
                offset = value(source, from: equals + 1, ofAttributeAt: next, nameEnd)
                continue
            }
            if nameEnd > next { attributes.append(Markup.Attribute(start: Int32(next), nameEnd: Int32(nameEnd))) }
            offset = max(nameEnd, next + 1)
            // Words without values: a tag is left open if it has no end before the next tag.
            if bracket < offset { bracket = source.offsetOfBracket(from: offset) }
            if bracket == count || source[bracket] == .less, source.endOfSpace(from: offset) < bracket {
                item.isClosed = false
                return nameEnd > next ? nameEnd : next
            }
        }
    }

    /// - Returns: the offset after the value.
    private mutating func value(
        _ source: Span<UInt8>, from equals: Int, ofAttributeAt start: Int, _ nameEnd: Int
    ) -> Int {
        var attribute = Markup.Attribute(start: Int32(start), nameEnd: Int32(nameEnd))
        let quote = source.endOfSpace(from: equals)
        guard quote < count, source[quote] == .quotation || source[quote] == .apostrophe else {
            return add(attribute, value: equals..<source.endOfUnquotedValue(from: equals))
        }
        let first = quote + 1
        var end = first
        while end < count, source[end] != source[quote], source[end] != .less { end += 1 }
        if end < count, source[end] == source[quote], !source.isValueLeftOpen(first..<end) {
            attribute.isClosed = true
            return add(attribute, value: first..<end) + 1
        }
        return add(attribute, value: first..<source.endOfOpenValue(first..<end))
    }

    private mutating func add(_ attribute: Markup.Attribute, value: Range<Int>) -> Int {
        var attribute = attribute
        (attribute.valueStart, attribute.valueEnd) = (Int32(value.lowerBound), Int32(value.upperBound))
        attributes.append(attribute)
        return value.upperBound
    }

    // MARK: Names

    private mutating func number(ofName name: Span<UInt8>) -> Int32 {
        let slot = table.slot(of: MarkupReader.hash(name)) { names[$0].utf8.span.equals(name) }
        if let known = table[slot] { return Int32(known) }
        names.append(String(decoding: name.indices.map { name[$0] }, as: UTF8.self))
        openCounts.append(0)
        table.insert(names.count - 1, at: slot)
        if table.isCrowded { table = table.grown { MarkupReader.hash(names[$0].utf8.span) } }
        return Int32(names.count - 1)
    }

    private static func hash(_ name: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in name.indices { hash = (hash ^ UInt64(name[index])) &* 0x100_0000_01B3 }
        return hash
    }
}

extension UInt8 {
    fileprivate static let less = UInt8(ascii: "<")
    fileprivate static let greater = UInt8(ascii: ">")
    fileprivate static let slash = UInt8(ascii: "/")
    fileprivate static let equals = UInt8(ascii: "=")
    fileprivate static let question = UInt8(ascii: "?")
    fileprivate static let exclamation = UInt8(ascii: "!")
    fileprivate static let quotation = UInt8(ascii: "\"")
    fileprivate static let apostrophe = UInt8(ascii: "'")
    fileprivate static let openingBracket = UInt8(ascii: "[")
    fileprivate static let closingBracket = UInt8(ascii: "]")

    /// A byte of a name, as far as a byte can tell (XML 1.0, 2.3).
    package var isNamePart: Bool {
        (self | 0x20) &- 0x61 < 26 || self >= 0x80 || self &- 0x30 < 11 || self == 0x5F || self == 0x2D || self == 0x2E
    }
}

extension Span<UInt8> {
    fileprivate func offset(of byte: UInt8, from start: Int) -> Int? {
        var offset = start
        while offset < count {
            if self[offset] == byte { return offset }
            offset += 1
        }
        return nil
    }

    /// - Parameter end: the offset before which the part begins.
    fileprivate func offset(of part: StaticString, from start: Int, to end: Int) -> Int? {
        var offset = start
        while offset < end {
            if matches(part, at: offset) { return offset }
            offset += 1
        }
        return nil
    }

    fileprivate func matches(_ part: StaticString, at offset: Int) -> Bool {
        guard offset + part.utf8CodeUnitCount <= count else { return false }
        for index in 0..<part.utf8CodeUnitCount where unsafe self[offset + index] != part.utf8Start[index] {
            return false
        }
        return true
    }

    fileprivate func endOfName(from start: Int) -> Int {
        var offset = start
        while offset < count, self[offset].isNamePart { offset += 1 }
        return offset
    }

    fileprivate func endOfSpace(from start: Int) -> Int {
        var offset = start
        while offset < count, self[offset].isXMLSpace { offset += 1 }
        return offset
    }

    fileprivate func endOfLine(from start: Int) -> Int {
        var offset = Swift.min(start, count)
        while offset < count, self[offset] != 0x0A, self[offset] != 0x0D { offset += 1 }
        return offset
    }

    /// The next `<` or `>`.
    fileprivate func offsetOfBracket(from start: Int) -> Int {
        var offset = start
        while offset < count, self[offset] != .less, self[offset] != .greater { offset += 1 }
        return offset
    }

    fileprivate func endOfUnquotedValue(from start: Int) -> Int {
        var offset = start
        while offset < count, !self[offset].isXMLSpace, self[offset] != .greater, self[offset] != .less {
            offset += 1
        }
        return offset > start && offset < count && self[offset] == .greater && self[offset - 1] == .slash
            ? offset - 1 : offset
    }

    /// Whether the quotation mark after a value begins the value of the next attribute: ` name=` is before it, and
    /// nothing that may come after a value is after it.
    fileprivate func isValueLeftOpen(_ value: Range<Int>) -> Bool {
        guard value.upperBound > value.lowerBound, self[value.upperBound - 1] == .equals else { return false }
        let after = value.upperBound + 1
        if after == count || self[after].isXMLSpace || self[after] == .greater || self[after] == .slash { return false }
        return startOfNextAttribute(value) != nil
    }

    private func startOfNextAttribute(_ value: Range<Int>) -> Int? {
        var start = value.upperBound - 1
        while start > value.lowerBound, self[start - 1].isNamePart { start -= 1 }
        guard start < value.upperBound - 1, start > value.lowerBound, self[start - 1].isXMLSpace else { return nil }
        return start
    }

    /// Where a value ends that has no second quotation mark: before the next attribute, the end of the tag, or the line's.
    fileprivate func endOfOpenValue(_ value: Range<Int>) -> Int {
        var end = value.lowerBound
        while end < value.upperBound, self[end] != .greater, self[end] != 0x0A, self[end] != 0x0D { end += 1 }
        if end < value.upperBound, self[end] == .greater {
            return end > value.lowerBound && self[end - 1] == .slash ? end - 1 : end
        }
        guard end == value.upperBound, var start = startOfNextAttribute(value) else { return end }
        while start > value.lowerBound, self[start - 1].isXMLSpace { start -= 1 }
        return start
    }
}
