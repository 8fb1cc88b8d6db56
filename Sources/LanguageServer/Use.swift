internal import XML

/// How often elements, attributes and values are used, and after what: the order in which they are offered.
struct Use: Sendable {
    /// The children of elements of one name.
    struct Children: Sendable {
        private(set) var counts: [String: Int] = [:]
        /// By the child before; an empty name for none.
        private(set) var following: [String: [String: Int]] = [:]

        mutating func add(_ child: String, after previous: String, _ count: Int = 1) {
            counts[child, default: 0] += count
            following[previous, default: [:]][child, default: 0] += count
        }

        mutating func add(_ other: Children) {
            counts.merge(other.counts, uniquingKeysWith: +)
            for (previous, children) in other.following {
                following[previous, default: [:]].merge(children, uniquingKeysWith: +)
            }
        }

        /// How likely a child is next: by the children after the same one, and by all children.
        func likelihood(of child: String, after previous: String) -> (next: Double, any: Double) {
            func share(_ counts: [String: Int]) -> Double {
                let all = counts.values.reduce(0, +)
                return all == 0 ? 0 : Double(counts[child] ?? 0) / Double(all)
            }
            return (following[previous].map(share) ?? 0, share(counts))
        }
    }

    private(set) var children: [String: Children] = [:]
    /// The attributes by elements' names.
    private(set) var attributes: [String: [String: Int]] = [:]
    /// The values by elements' and attributes' names, as `add@place`.
    private(set) var values: [String: [String: Int]] = [:]

    /// So many different values are kept of an attribute.
    private static let limit = 200

    /// - Parameters:
    ///   - parent: the only parent whose children are counted; `nil` for all.
    ///   - end: the offset before which is counted.
    init(of markup: Markup, in parent: String? = nil, before end: Int = .max) {
        var last = [String](repeating: "", count: markup.elements.count)
        for element in markup.elements.indices {
            let tag = markup.items[markup.elements[element].startTag]
            guard tag.range.lowerBound < end else { break }
            // A tag that is being written is not counted.
            guard tag.isClosed, let outer = markup.elements[element].parent else { continue }
            let (name, outerName) = (markup.name(of: element), markup.name(of: outer))
            guard parent == nil || parent == outerName else { continue }
            children[outerName, default: Children()].add(name, after: last[outer])
            last[outer] = name
        }
    }

    /// Everything in a document.
    init(all markup: Markup) {
        self.init(of: markup)
        for element in markup.elements.indices {
            let name = markup.name(of: element)
            for (attribute, value) in markup.attributes(of: markup.elements[element].startTag) {
                attributes[name, default: [:]][attribute, default: 0] += 1
                guard value.count < 60 else { continue }
                count(markup.value(value), of: attribute, on: name)
            }
        }
    }

    init() {}

    private mutating func count(_ value: String, of attribute: String, on element: String) {
        let key = "\(element)@\(attribute)"
        if values[key]?.count == Use.limit, values[key]?[value] == nil { return }
        values[key, default: [:]][value, default: 0] += 1
    }

    mutating func add(_ other: Use) {
        for (parent, children) in other.children { self.children[parent, default: Children()].add(children) }
        for (element, names) in other.attributes {
            attributes[element, default: [:]].merge(names, uniquingKeysWith: +)
        }
        for (key, counts) in other.values where (values[key]?.count ?? 0) < Use.limit {
            values[key, default: [:]].merge(counts, uniquingKeysWith: +)
        }
    }
}
