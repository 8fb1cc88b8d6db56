internal import TEI
internal import XML

// The sheets of a page: images, and the zones on them.

extension PageBody {
    /// The sheet of a page: its image, which is fetched when the reader asks, and its zones, which lead to their words.
    mutating func writeSheet(_ surface: Facsimile.Surface, _ page: String, _ texts: TextSet) {
        guard surface.image != nil || !surface.zones.isEmpty else { return }
        out.raw("<span class=\"facsimile\(textsClass(texts))\"\(ownLanguage)>")
        if let image = surface.image {
            out.raw("<a class=\"image-link\" rel=\"noreferrer\"")
            out.attribute("href", image.link)
            out.raw(">")
            out.text(words.image(of: page))
            out.raw("</a>")
        }
        out.raw("<span class=\"sheet\"")
        if let ratio = surface.ratio { out.raw(" style=\"aspect-ratio:\(HTMLBytes.decimal(ratio))\"") }
        if let image = surface.image {
            out.attribute("data-image", image.source)
            out.attribute("data-name", words.image(of: page))
        }
        out.raw(">")
        for (number, zone) in surface.zones.enumerated() { writeZone(zone, number + 1) }
        if surface.image != nil {
            out.raw("<button type=\"button\" class=\"scripted\" hidden=\"hidden\">\(words.fetchImage)</button>")
        }
        out.raw("</span></span>")
    }

    private mutating func writeZone(_ zone: Facsimile.Zone, _ number: Int) {
        let percent = [("left", zone.left), ("top", zone.top), ("width", zone.width), ("height", zone.height)]
        let style = percent.map { "\($0):\(HTMLBytes.decimal($1 * 100))%" }.joined(separator: ";")
        let target = zoned[zone.node]
        shownZones.insert(zone.node)
        out.raw(target == nil ? "<span" : "<a")
        out.raw(" class=\"zone\"")
        out.attribute(idAttribute, zoneID(zone.node))
        out.raw(" style=\"\(style)\"")
        if let target {
            out.attribute("href", PageAddress(id: target))
            out.attribute("aria-label", words.zone(number))
        }
        out.raw(target == nil ? "></span>" : "></a>")
    }

    /// In a flow that repeats another, what the script looks for where the first is hidden.
    var idAttribute: StaticString { isRepeated ? "data-again" : "id" }

    private func zoneID(_ zone: Node) -> String { "zone:\(zone.index)" }

    /// Writes the links from words to their zones.
    mutating func writeZoneSigns(_ opening: Opening) {
        guard !shownZones.isEmpty, links == 0, frame.content == .any else { return }
        for zone in facsimile.zones(of: opening.node) where shownZones.contains(zone) {
            out.raw("<a class=\"zone-sign\" href=\"#\(zoneID(zone))\"")
            out.attribute("aria-label", words.onImage)
            out.raw(">▣</a>")
        }
    }
}
