/// Text that may be broken into lines: Wadler's combinators, as far as they are needed.
indirect enum Layout {
    case text(String)
    /// A space on one line, or a line end.
    case line
    /// A line end in every layout.
    case lineEnd
    case sequence([Layout])
    /// A part that is indented further if it is broken.
    case nest(Int, [Layout])
    /// Broken at all of its own lines, or at none.
    case group([Layout])

    /// The text in lines of `width` characters where that is possible.
    static func write(_ layouts: [Layout], width: Int) -> String {
        var printer = Printer(width: width)
        printer.write(layouts)
        return printer.text
    }
}

private struct Printer {
    private struct Item {
        var indent: Int
        var isFlat: Bool
        var layout: Layout
    }

    let width: Int
    private(set) var text = ""
    private var column = 0
    private var pendingIndent = 0
    private var stack: [Item] = []

    init(width: Int) { self.width = width }

    mutating func write(_ layouts: [Layout]) {
        push(layouts, 0, isFlat: false)
        while let item = stack.popLast() {
            switch item.layout {
            case .text(let string): put(string)
            case .line where item.isFlat: put(" ")
            case .line, .lineEnd: endLine(item.indent)
            case .sequence(let parts): push(parts, item.indent, isFlat: item.isFlat)
            case .nest(let depth, let parts): push(parts, item.indent + depth, isFlat: item.isFlat)
            case .group(let parts):
                push(parts, item.indent, isFlat: item.isFlat || fits(parts))
            }
        }
    }

    private mutating func push(_ layouts: [Layout], _ indent: Int, isFlat: Bool) {
        for layout in layouts.reversed() { stack.append(Item(indent: indent, isFlat: isFlat, layout: layout)) }
    }

    private mutating func put(_ string: String) {
        guard !string.isEmpty else { return }
        text += String(repeating: " ", count: pendingIndent) + string
        pendingIndent = 0
        column += string.unicodeScalars.count
    }

    private mutating func endLine(_ indent: Int) {
        text += "\n"
        // Spaces come only before something.
        pendingIndent = indent
        column = indent
    }

    /// Whether the parts, and what must be on their line after them, fit without being broken.
    private func fits(_ layouts: [Layout]) -> Bool {
        var room = width - column
        var waiting = Array(layouts.reversed())
        var rest = stack.count
        var inRest = false
        while room >= 0 {
            if waiting.isEmpty {
                guard rest > 0 else { return true }
                rest -= 1
                inRest = !stack[rest].isFlat
                waiting.append(stack[rest].layout)
            }
            switch waiting.removeLast() {
            case .text(let string): room -= string.unicodeScalars.count
            case .line where inRest: return true
            case .line: room -= 1
            case .lineEnd: return inRest
            case .sequence(let parts), .nest(_, let parts), .group(let parts): waiting += parts.reversed()
            }
        }
        return false
    }
}
