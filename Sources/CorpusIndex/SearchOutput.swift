internal import TEI
internal import XML

extension SearchResult {
    /// Returns the hits, one on each line after its place, and the facets. UTF-8, printable but for the highlights.
    ///
    /// - Parameters:
    ///   - folder: a folder to which the paths below it are made relative.
    ///   - highlight: makes the words stand out, for example in bold type.
    public func lines(relativeTo folder: String? = nil, highlight: (String) -> String = { $0 }) -> [UInt8] {
        var text = ""
        for hit in hits {
            let words =
                hit.line(hit.before) + (hit.text.isEmpty ? "" : highlight(hit.line(hit.text))) + hit.line(hit.after)
            let about = [hit.hand, hit.mark, hit.range == nil ? hit.document.date : nil].compactMap(\.self).filter {
                !$0.isEmpty
            }.joined(separator: ", ").printable
            let place = "\(hit.path(relativeTo: folder).printable):\(hit.line):\(hit.column)"
            text += "\(place): \(words)\(about.isEmpty ? "" : "  (\(about))")\n"
        }
        text += summary + "\n"
        for facet in facets {
            text +=
                "\(facet.name): \(facet.values.map { "\($0.value) (\($0.documents))" }.joined(separator: ", "))"
                .printable + "\n"
        }
        return Array(text.utf8)
    }

    /// Returns everything about the hits. UTF-8, ended by a line end. Offsets count Unicode scalars of the text from
    /// 0, with UTF-16 code units beside them.
    ///
    /// - Parameters:
    ///   - search: the search that was made.
    ///   - folder: a folder to which the paths below it are made relative.
    public func json(_ search: Search, relativeTo folder: String? = nil) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.string("query", search.expression?.text)
            writer.string("policy", policy.description)
            writer.number("documents", documents)
            writer.bool("counted", isCounted)
            writer.bool("more", hasMore)
            writer.array("hits", of: hits) { writer, hit in
                writer.object { writer in hit.write(&writer, relativeTo: folder) }
            }
            if search.hasFacets {
                writer.object("facets") { writer in
                    for facet in facets {
                        writer.array(facet.name, of: facet.values) { writer, value in
                            writer.line { writer in
                                writer.string("value", value.value)
                                writer.number("documents", value.documents)
                            }
                        }
                    }
                }
            }
        }
        return writer.bytes + [0x0A]
    }
}

extension SearchResult {
    /// `the first 20 hits; 12 documents match`
    fileprivate var summary: String {
        let found =
            hasMore && hits.count == 1
            ? "the first hit" : "\(hasMore ? "the first " : "")\(hits.count) \(hits.count == 1 ? "hit" : "hits")"
        return
            "\(found); \(isCounted ? "" : "more than ")\(documents) \(documents == 1 ? "document matches" : "documents match")"
    }
}

extension Hit {
    /// Words in one line, printable.
    fileprivate func line(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars { line.unicodeScalars.append(scalar.properties.isWhitespace ? " " : scalar) }
        return line.printable
    }

    fileprivate func path(relativeTo folder: String?) -> String {
        guard let folder, file.utf8.starts(with: (folder + "/").utf8) else { return file }
        return String(Substring(file.utf8.dropFirst(folder.utf8.count + 1)))
    }

    fileprivate func write(_ writer: inout JSONWriter, relativeTo folder: String?) {
        writer.object("document") { writer in
            writer.string("name", document.name)
            writer.string("title", document.title)
            writer.string("author", document.author)
            writer.string("date", document.date)
        }
        writer.string("file", path(relativeTo: folder))
        writer.number("line", line)
        writer.number("column", column)
        writer.number("start", range?.lowerBound)
        writer.number("end", range?.upperBound)
        writer.number("startUTF16", rangeUTF16?.lowerBound)
        writer.number("endUTF16", rangeUTF16?.upperBound)
        writer.string("before", before)
        writer.string("text", text)
        writer.string("after", after)
        writer.string("hand", hand)
        writer.string("mark", mark)
    }
}
