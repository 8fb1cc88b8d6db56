internal import RegularExpressions
internal import XML

/// Functions that take regular expressions (XPath functions, 5.6).
extension FunctionTable {
    mutating func addPatternFunctions() {
        add("matches", 2...3, ["xs:string?", "xs:string", "xs:string"], "xs:boolean", PatternFunctions.matches)
        add(
            "replace", 3...4, ["xs:string?", "xs:string", "xs:string", "xs:string"], "xs:string",
            PatternFunctions.replace)
        add("tokenize", ["xs:string?"], "xs:string*", since: 31, PatternFunctions.tokens)
        add("tokenize", 2...3, ["xs:string?", "xs:string", "xs:string"], "xs:string*", PatternFunctions.tokenize)
        add(
            "analyze-string", 2...3, ["xs:string?", "xs:string", "xs:string"], "element(fn:analyze-string-result)",
            since: 30,
            PatternFunctions.analyze
        )
    }
}

enum PatternFunctions {
    /// - Parameter flags: the index of the argument that has them, where there is one.
    private static func expression(
        _ arguments: [ItemSequence], flags: Int, _ site: CallSite, _ context: inout DynamicContext
    ) throws(XPathError) -> XPathRegularExpression {
        try context.allowance.take(arguments[0].string.utf8.count >> 2)
        return try mapping { () throws(RegexError) in
            try XPathRegularExpression.cached(
                arguments[1].string, flags: arguments.count > flags ? arguments[flags].string : "",
                hasXPath3: site.statics.version > .xpath2
            )
        }
    }

    /// The result of the body; its error becomes the error that XPath defines.
    private static func mapping<Result>(_ body: () throws(RegexError) -> Result) throws(XPathError) -> Result {
        do throws(RegexError) {
            return try body()
        } catch {
            throw XPathError(error)
        }
    }

    static let matches: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let expression = try expression(arguments, flags: 2, site, &context)
        return ItemSequence(try mapping { () throws(RegexError) in try expression.matches(arguments[0].string) })
    }

    static let replace: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let expression = try expression(arguments, flags: 3, site, &context)
        let limit = context.allowance.stringLength
        return ItemSequence(
            try mapping { () throws(RegexError) in
                try expression.replace(arguments[0].string, with: arguments[2].string, limit: limit)
            })
    }

    static let tokens: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        try ItemSequence(arguments[0].string.tokens.map(Item.string)).limited()
    }

    static let tokenize: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let expression = try expression(arguments, flags: 2, site, &context)
        let parts = try mapping { () throws(RegexError) in
            try expression.split(arguments[0].string, limit: ItemSequence.countLimit)
        }
        return arguments[0].string.isEmpty ? .empty : ItemSequence(parts.map(Item.string))
    }

    // MARK: analyze-string

    static let analyze: FunctionTable.Body = { context, site, arguments throws(XPathError) in
        let string = arguments[0].string
        // Each character may become an element.
        try context.allowance.take(8 * string.utf8.count)
        let expression = try expression(arguments, flags: 2, site, &context)
        let source = Array(string.utf8)
        var bytes = Array("<fn:analyze-string-result xmlns:fn=\"\(Namespace.xpathFunctions)\">".utf8)
        for segment in try mapping({ () throws(RegexError) in try expression.segments(string) }) {
            let name = segment.isMatch ? "match" : "non-match"
            bytes += "<fn:\(name)>".utf8
            write(segment, expression.groupParents, source, to: &bytes)
            bytes += "</fn:\(name)>".utf8
            try context.allowance.check(bytes.count)
        }
        bytes += "</fn:analyze-string-result>".utf8
        do throws(Diagnostics) {
            return ItemSequence(TreeNode(try Document(bytes, path: "").root))
        } catch {
            throw .resultNotXML(error.list.first?.message ?? "")
        }
    }

    /// The text of a match with an element around what each group captured.
    private static func write(
        _ segment: XPathRegularExpression.Segment, _ parents: [Int], _ source: [UInt8], to bytes: inout [UInt8]
    ) {
        var position = segment.range.lowerBound
        var open: [(group: Int, end: Int)] = []
        func text(to end: Int) {
            writeText(source[position..<end], to: &bytes)
            position = end
        }
        func close(_ shouldClose: (Int, Int) -> Bool) {
            while let last = open.last, shouldClose(last.group, last.end) {
                text(to: last.end)
                bytes += "</fn:group>".utf8
                open.removeLast()
            }
        }
        let captured = segment.groups.enumerated().compactMap { index, range in
            range.map { (group: index + 1, range: $0) }
        }
        for (group, range) in captured.sorted(by: { ($0.range.lowerBound, $0.group) < ($1.range.lowerBound, $1.group) })
        {
            close { outer, end in end < range.upperBound || end == range.lowerBound && !isInside(group, outer, parents)
            }
            // What a group captured in an earlier turn of a loop may lie across what another one captured.
            guard range.lowerBound >= position else { continue }
            text(to: range.lowerBound)
            bytes += "<fn:group nr=\"\(group)\">".utf8
            open.append((group, range.upperBound))
        }
        close { _, _ in true }
        text(to: segment.range.upperBound)
    }

    private static func isInside(_ group: Int, _ outer: Int, _ parents: [Int]) -> Bool {
        var around = parents[group]
        while around != 0, around != outer { around = parents[around] }
        return around == outer
    }

    private static func writeText(_ text: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "<"): bytes += "&lt;".utf8
            case UInt8(ascii: ">"): bytes += "&gt;".utf8
            case UInt8(ascii: "&"): bytes += "&amp;".utf8
            case 0x0D: bytes += "&#13;".utf8
            default: bytes.append(byte)
            }
        }
    }
}
