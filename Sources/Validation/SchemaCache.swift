internal import XML
#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Compiled schemas on disk, by the addresses and the content of their files.
///
///     let schema = try Schema(contentsOfFile: "tei_all.rng", cache: SchemaCache(folder: "/home/ann/.cache/marginalia"))
///
/// An entry is for one schema at one address: another copy of it may include other files, and an `.rnc` is read in another way than an `.rng`.
/// It holds the files that it was made from, whole, each with its address: it is used if the schema still leads to these addresses and they
/// hold the same bytes, and if all that it says makes sense. Otherwise the schema is compiled again, and the entry written anew. An entry that
/// can't be read or written is no error.
public struct SchemaCache: Sendable {
    private let folder: String

    /// - Parameter folder: it is made when it is first needed.
    public init(folder: String) {
        self.folder = folder
    }

    /// `$MARGINALIA_CACHE`, else `marginalia` in `$XDG_CACHE_HOME` or `~/.cache`; `nil` where none of them is set.
    public static func defaultFolder(_ environment: [String: String]) -> String? {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        return value("MARGINALIA_CACHE") ?? value("XDG_CACHE_HOME").map { $0 + "/marginalia" }
            ?? value("HOME").map { $0 + "/.cache/marginalia" }
    }

    /// More files of a kind than this are not kept.
    private static let limit = 64

    /// A file that a schema refers to, and how it was found.
    struct Part: Sendable {
        var reference: ReferenceSyntax
        var file: SchemaLoader.File
    }

    /// What was made of a schema: its grammar, and the Schematron rules in it.
    struct Entry: Sendable {
        var grammar: Grammar
        /// A schema of their own.
        var rules: [UInt8]?
    }

    func entry(for bytes: [UInt8], path: String, loader: SchemaLoader) -> Entry? {
        let address = SchemaCache.address(of: path)
        guard let entry = ReadLog.pausing({ try? FileAccess.bytes(ofFile: self.file(for: bytes, address)) }) else { return nil }
        var reader = GrammarReader(entry)
        guard reader.begins(), reader.string().isSame(as: address) else { return nil }
        let made = reader.bytes()
        guard made.span.isEqual(to: bytes.span) else { return nil }
        for _ in 0..<reader.count() {
            let reference = ReferenceSyntax(href: reader.string(), base: reader.string(), namespace: nil)
            let (path, content) = (reader.string(), reader.bytes())
            guard let file = try? loader.load(reference), file.path.isSame(as: path), file.bytes.span.isEqual(to: content.span) else { return nil }
        }
        return reader.entry()
    }

    func save(_ made: Entry, of bytes: [UInt8], path: String, _ parts: [Part]) {
        let address = SchemaCache.address(of: path)
        var writer = GrammarWriter()
        writer.string(address)
        writer.bytes(bytes[...])
        writer.count(parts.count)
        for part in parts {
            writer.string(part.reference.href)
            writer.string(part.reference.base)
            writer.string(part.file.path)
            writer.bytes(part.file.bytes[...])
        }
        writer.checked { writer in
            writer.bytes((made.rules ?? [])[...])
            writer.grammar(made.grammar)
        }
        SchemaCache.removeOldest(of: ".grammar", in: folder)
        _ = FileAccess.replace(file(for: bytes, address), with: writer.out)
    }

    /// What a path means: a relative one means another file in another folder, and its inclusions are relative too.
    private static func address(of path: String) -> String {
        path.isAbsolutePath || Reference(path).isRemote ? path : "\(FileAccess.canonical("."))//\(path)"
    }

    private func file(for bytes: [UInt8], _ address: String) -> String {
        "\(folder)/\(String(fnv1a(address.utf8, from: Checksum.of(bytes.span)), radix: 16)).grammar"
    }

    /// Makes room for another file of a kind in a folder.
    package static func removeOldest(of suffix: String, in folder: String) {
        let manager = FileManager.default
        let entries = ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(suffix) }
        guard entries.count >= SchemaCache.limit else { return }
        func age(_ name: String) -> Date {
            (try? manager.attributesOfItem(atPath: "\(folder)/\(name)")[.modificationDate] as? Date) ?? .distantPast
        }
        let byAge = entries.map { (name: $0, age: age($0)) }.sorted { $0.age < $1.age }
        for entry in byAge.prefix(entries.count - SchemaCache.limit + 1) { try? manager.removeItem(atPath: "\(folder)/\(entry.name)") }
    }
}

/// The first bytes of an entry: what it is, and in which form. Another form gets another number.
private let signature = Array("marginalia grammar 4\n".utf8)

// MARK: - Writing

private struct GrammarWriter {
    private(set) var out = signature

    /// What is written, behind a checksum of it.
    mutating func checked(_ write: (inout GrammarWriter) -> Void) {
        let start = out.count
        write(&self)
        let written = out[start...]
        let sum = Checksum.of(written.span)
        out.insert(contentsOf: (0..<8).map { UInt8(truncatingIfNeeded: sum >> (8 * UInt64($0))) }, at: start)
    }

    mutating func integer(_ value: Int32) {
        for shift in [0, 8, 16, 24] { out.append(UInt8(truncatingIfNeeded: value >> Int32(shift))) }
    }

    mutating func count(_ value: Int) { integer(Int32(clamping: value)) }

    mutating func bytes(_ bytes: ArraySlice<UInt8>) {
        count(bytes.count)
        out += bytes
    }

    mutating func string(_ string: String) {
        bytes(Array(string.utf8)[...])
    }

    mutating func grammar(_ grammar: Grammar) {
        list(grammar.names.namespaces) { $0.string($1) }
        list(grammar.names.names) { writer, name in
            writer.integer(name.namespace)
            writer.string(name.localName)
        }
        list(grammar.names.classes) { $0.nameClass($1) }
        list(grammar.datatypes) { $0.datatype($1) }
        list(grammar.values) { writer, value in
            writer.count(value.datatype)
            writer.string(value.string.string)
            writer.list(value.prefixes.sorted { $0.key < $1.key }) { writer, prefix in
                writer.string(prefix.key.string)
                writer.string(prefix.value.string)
            }
        }
        list(grammar.definitions) { writer, definition in
            writer.count(definition.nameClass)
            writer.integer(definition.content.index)
        }
        patterns(grammar.patterns)
        integer(grammar.start.index)
        list(grammar.idTypes.sorted { ($0.key.element, $0.key.attribute) < ($1.key.element, $1.key.attribute) }) { writer, type in
            writer.integer(type.key.element)
            writer.integer(type.key.attribute)
            writer.integer(Int32(type.value.rawValue))
        }
    }

    private mutating func list<T>(_ items: [T], _ write: (inout GrammarWriter, T) -> Void) {
        count(items.count)
        for item in items { write(&self, item) }
    }

    private mutating func nameClass(_ nameClass: NameClass) {
        switch nameClass {
        case .name(let index):
            integer(0)
            integer(index)
        case .anyName(let except):
            integer(1)
            list(except.map { [$0] } ?? []) { $0.nameClass($1) }
        case .nsName(let index, let except):
            integer(2)
            integer(index)
            list(except.map { [$0] } ?? []) { $0.nameClass($1) }
        case .choice(let classes):
            integer(3)
            list(classes) { $0.nameClass($1) }
        }
    }

    private mutating func datatype(_ datatype: DatatypeDescription) {
        string(datatype.name.library)
        string(datatype.name.name)
        list(datatype.parameters) { writer, parameter in
            writer.string(parameter.name)
            writer.string(parameter.value)
        }
    }

    private mutating func patterns(_ table: PatternTable) {
        count(table.count)
        for pattern in table.all.dropFirst(3) {
            let record = table[pattern]
            integer(Int32(record.kind.rawValue))
            if record.isSequence {
                list(Array(table.operands(pattern))) { $0.integer($1.index) }
            } else {
                integer(record.first)
                integer(record.second)
            }
        }
    }
}

// MARK: - Reading

/// Reads what ``GrammarWriter`` wrote, and believes nothing of it: a number that leads outside makes all of it invalid.
private struct GrammarReader {
    private let input: [UInt8]
    private var offset = 0
    private var isValid = true

    init(_ input: [UInt8]) {
        self.input = input
    }

    /// Whether this is an entry, and of this form.
    mutating func begins() -> Bool {
        offset = signature.count
        return input.starts(with: signature)
    }

    /// Whether what follows is whole.
    private mutating func isWhole() -> Bool {
        guard isValid, offset + 8 <= input.count else { return false }
        let sum = input.span.word(at: offset)
        offset += 8
        let rest = input[offset...]
        return sum == Checksum.of(rest.span)
    }

    mutating func integer() -> Int32 {
        guard offset + 4 <= input.count else {
            isValid = false
            return 0
        }
        var value: UInt32 = 0
        for index in 0..<4 { value |= UInt32(input[offset + index]) << (8 * UInt32(index)) }
        offset += 4
        return Int32(bitPattern: value)
    }

    /// How many things follow: not more than there are bytes.
    mutating func count() -> Int {
        let count = Int(integer())
        if count < 0 || count > input.count - offset { isValid = false }
        return isValid ? count : 0
    }

    mutating func bytes() -> ArraySlice<UInt8> {
        let count = self.count()
        offset += count
        return input[(offset - count)..<offset]
    }

    mutating func string() -> String { String(decoding: bytes(), as: UTF8.self) }

    /// A number below a bound.
    private mutating func index(below bound: Int) -> Int {
        let index = Int(integer())
        if index < 0 || index >= bound { isValid = false }
        return isValid ? index : 0
    }

    private mutating func list<T>(_ read: (inout GrammarReader) -> T) -> [T] {
        let count = self.count()
        var items: [T] = []
        items.reserveCapacity(count)
        for _ in 0..<count where isValid { items.append(read(&self)) }
        return items
    }

    mutating func entry() -> SchemaCache.Entry? {
        guard isWhole() else { return nil }
        let rules = Array(bytes())
        return grammar().map { SchemaCache.Entry(grammar: $0, rules: rules.isEmpty ? nil : rules) }
    }

    private mutating func grammar() -> Grammar? {
        var grammar = Grammar()
        for namespace in list({ $0.string() }) { _ = grammar.names.intern(namespace: namespace) }
        let namespaces = grammar.names.namespaces
        for (namespace, local) in list({ ($0.index(below: namespaces.count), $0.string()) }) where isValid {
            _ = grammar.names.intern(local, namespace: namespaces[namespace])
        }
        for nameClass in nameClasses(grammar.names, depth: 0) { _ = grammar.names.intern(nameClass) }
        let classes = grammar.names.classes.count
        grammar.datatypes = list { $0.datatype() }
        let datatypes = grammar.datatypes.count
        grammar.values = list { reader in
            let (datatype, string) = (reader.index(below: datatypes), reader.string())
            let prefixes = reader.list { (CodepointString($0.string()), CodepointString($0.string())) }
            return Grammar.Value(datatype: datatype, string: CodepointString(string), prefixes: Dictionary(prefixes) { first, _ in first })
        }
        let definitions = list { ($0.index(below: classes), $0.integer()) }
        patterns(&grammar, definitions: definitions.count)
        let count = grammar.patterns.count
        for (nameClass, content) in definitions {
            if content < 0 || content >= count { isValid = false }
            grammar.definitions.append(.init(nameClass: nameClass, content: Pattern(index: content)))
        }
        grammar.start = Pattern(index: Int32(index(below: count)))
        let types = list { ($0.integer(), $0.integer(), $0.integer()) }
        for (element, attribute, type) in types {
            guard let type = UInt8(exactly: type).flatMap(Datatype.IDType.init) else { return nil }
            grammar.idTypes[.init(element: element, attribute: attribute)] = type
        }
        return isValid && offset == input.count ? grammar : nil
    }

    private mutating func nameClasses(_ names: NameClassTable, depth: Int) -> [NameClass] {
        if depth > 256 { isValid = false }
        return list { $0.nameClass(names, depth: depth) }
    }

    private mutating func nameClass(_ names: NameClassTable, depth: Int) -> NameClass {
        switch integer() {
        case 0: return .name(Int32(index(below: names.names.count)))
        case 1: return .anyName(except: nameClasses(names, depth: depth + 1).first)
        case 2: return .nsName(Int32(index(below: names.namespaces.count)), except: nameClasses(names, depth: depth + 1).first)
        case 3: return .choice(nameClasses(names, depth: depth + 1))
        default:
            isValid = false
            return .choice([])
        }
    }

    private mutating func datatype() -> DatatypeDescription {
        let name = DatatypeName(library: string(), name: string())
        return DatatypeDescription(name: name, parameters: list { .init(name: $0.string(), value: $0.string()) })
    }

    /// Made anew one by one: each must be the pattern of its number, and consist of those before it.
    private mutating func patterns(_ grammar: inout Grammar, definitions: Int) {
        let count = self.count()
        for number in 3..<max(3, count) where isValid {
            guard let kind = UInt8(exactly: integer()).flatMap(PatternTable.Kind.init) else {
                isValid = false
                return
            }
            let pattern: Pattern
            switch kind {
            case .choice, .group, .interleave:
                pattern = grammar.patterns.restore(kind, list { Pattern(index: Int32($0.index(below: number))) })
            default:
                let bounds: (Int, Int) = switch kind {
                case .element: (definitions, 1)
                case .attribute: (grammar.names.classes.count, number)
                case .data: (grammar.datatypes.count, number)
                case .value: (grammar.values.count, 1)
                case .list, .oneOrMore: (number, 1)
                default: (0, 0)
                }
                let (first, second) = (index(below: bounds.0), index(below: bounds.1))
                guard isValid else { return }
                pattern = grammar.patterns.restore(kind, Int32(first), Int32(second))
            }
            if Int(pattern.index) != number { isValid = false }
        }
    }
}
