internal import TEI
internal import XML

/// The images of a document's pages and the zones on them: `facsimile` and `sourceDoc` (TEI P5, 12, PHFAX and PHZLAB).
struct Facsimile {
    struct Surface {
        let image: Image?
        /// Width divided by height, if both are known.
        let ratio: Double?
        let zones: [Zone]
    }

    struct Zone {
        let node: Node
        /// In parts of the surface, from its upper left corner.
        let left, top, width, height: Double
    }

    struct Image {
        /// Where a picture for the screen is.
        let source: PageAddress
        /// Where the whole picture is.
        let link: PageAddress
    }

    private(set) var surfaces: [Surface] = []
    private var surfaceOfNode: [Node: Int] = [:]
    /// The way from the page to the folder to which the source's paths are relative.
    private let base: String

    init(_ element: Node, base: String) {
        self.base = base
        for node in element.descendants("surface") {
            let number = surfaces.count
            surfaces.append(surface(node))
            for part in node.descendantsOrSelf where ["surface", "zone", "graphic"].contains(part.tei) {
                surfaceOfNode[part] = number
            }
        }
    }

    /// The surface that an element is or, of a page break, that its `@facs` means; of several the first.
    func surface(of node: Node) -> Surface? {
        if node.tei == "surface" { return surfaceOfNode[node].map { surfaces[$0] } }
        guard let pointer = node.tokens("facs").first else { return nil }
        if let target = node.target(pointer) { return surfaceOfNode[target].map { surfaces[$0] } }
        guard !Reference(pointer).resource.isEmpty, let image = image(at: pointer, from: node) else { return nil }
        return Surface(image: image, ratio: nil, zones: [])
    }

    private func surface(_ node: Node) -> Surface {
        let (own, zoneNodes) = (Facsimile.corners(node), node.descendants("zone"))
        let frame = own ?? Facsimile.frame(zoneNodes.compactMap(Facsimile.corners))
        let graphic = node.descendants("graphic").first
        let size = graphic.flatMap { graphic in
            Facsimile.pixels(graphic.attribute("width")).flatMap { width in
                Facsimile.pixels(graphic.attribute("height")).map { (width, $0) }
            }
        }
        let ratio = own.map { $0.width / $0.height } ?? size.map { $0.0 / $0.1 }
        let zones = frame.map { frame in zoneNodes.compactMap { Facsimile.zone($0, in: frame) } } ?? []
        let address = graphic?.attribute("url") ?? node.tokens("facs").first
        return Surface(image: address.flatMap { image(at: $0, from: graphic ?? node) }, ratio: ratio, zones: zones)
    }

    /// Whether an element is a surface of the document.
    func isSurface(_ node: Node) -> Bool { node.tei == "surface" }

    /// The zones of an element: those that its `@facs` names, or itself if it is a zone.
    func zones(of node: Node) -> [Node] {
        if node.tei == "zone" { return [node] }
        return zonesNamed(by: node)
    }

    private func zonesNamed(by node: Node) -> [Node] {
        node.tokens("facs").compactMap { node.target($0) }.filter { $0.tei == "zone" }
    }

    // MARK: Images

    /// An image from a IIIF image service is asked for in a size for the screen (IIIF Image API, 4).
    private func image(at pointer: String, from node: Node) -> Image? {
        let address = Reference(pointer).address(relativeTo: node.baseURI) ?? pointer
        if let image = PageAddress(web: address) {
            guard image.origin != nil else { return nil }
            let service = image.dropping("/info.json")
            guard service != nil || Facsimile.isService(image.string) else { return Image(source: image, link: image) }
            return Image(
                source: (service ?? image).appending("/full/!1600,1600/0/default.jpg"),
                link: (service ?? image).appending("/full/max/0/default.jpg")
            )
        }
        guard PageAddress(path: address) != nil, let path = Reference(address).path(relativeTo: node.baseURI),
            let relative = PageAddress(path: path.isAbsolutePath ? path : base + path)
        else { return nil }
        return Image(source: relative, link: relative)
    }

    private static func isService(_ address: String) -> Bool {
        let last = address.split(separator: "/").last ?? ""
        return address.contains("/iiif/") && !last.contains(".")
    }

    /// The origins from which images would come, for the page's policy.
    var origins: [Markup] { Set(surfaces.compactMap { $0.image?.source.origin }).sorted() }

    // MARK: Coordinates

    private typealias Corners = (left: Double, top: Double, width: Double, height: Double)

    /// `@ulx`, `@uly`, `@lrx` and `@lry`, or what is around `@points`.
    private static func corners(_ node: Node) -> Corners? {
        let numbers = ["ulx", "uly", "lrx", "lry"].compactMap { node.attribute($0).flatMap(Double.init) }
        if numbers.count == 4 { return corners(numbers[0], numbers[1], numbers[2], numbers[3]) }
        let points = node.tokens("points").compactMap { point -> (Double, Double)? in
            let pair = point.split(separator: ",").compactMap { Double($0) }
            return pair.count == 2 ? (pair[0], pair[1]) : nil
        }
        guard points.count > 2 else { return nil }
        let (x, y) = (points.map(\.0), points.map(\.1))
        return corners(x.min()!, y.min()!, x.max()!, y.max()!)
    }

    private static func corners(_ left: Double, _ top: Double, _ right: Double, _ bottom: Double) -> Corners? {
        guard right > left, bottom > top, [left, top, right, bottom].allSatisfy(\.isFinite) else { return nil }
        return (left, top, right - left, bottom - top)
    }

    private static func frame(_ zones: [Corners]) -> Corners? {
        guard !zones.isEmpty else { return nil }
        return corners(0, 0, zones.map { $0.left + $0.width }.max()!, zones.map { $0.top + $0.height }.max()!)
    }

    private static func zone(_ node: Node, in frame: Corners) -> Zone? {
        guard let corners = corners(node) else { return nil }
        return Zone(
            node: node, left: (corners.left - frame.left) / frame.width, top: (corners.top - frame.top) / frame.height,
            width: corners.width / frame.width, height: corners.height / frame.height
        )
    }

    private static func pixels(_ value: String?) -> Double? {
        value.flatMap { Double($0.hasSuffix("px") ? $0.dropLast(2) : $0[...]) }.flatMap {
            $0 > 0 && $0.isFinite ? $0 : nil
        }
    }
}
