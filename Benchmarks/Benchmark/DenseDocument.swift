/// A transcription as dense as genetic ones are: surfaces, zones and lines with hands, stages and marks, short texts.
/// The same bytes every time.
struct DenseDocument {
    private(set) var text = ""
    private var state: UInt64 = 1
    private var count = 0

    init(megabytes: Int) {
        text.reserveCapacity(megabytes * 1_000_000 + 10_000)
        text += """
            <?xml version="1.0" encoding="UTF-8"?>
            <TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="dense" xml:lang="en">
              <teiHeader><fileDesc><titleStmt><title>A dense transcription</title></titleStmt></fileDesc></teiHeader>
              <sourceDoc>

            """
        while text.utf8.count < megabytes * 1_000_000 { surface() }
        text += "  </sourceDoc>\n</TEI>\n"
    }

    private mutating func number(below bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    private mutating func pick(_ choices: [String]) -> String { choices[number(below: choices.count)] }

    private mutating func words(_ bound: Int) -> String {
        (0...number(below: bound)).map { _ in
            pick([
                "the", "enlargement", "of", "summit", "no—", "draft", "cable", "Мемо", "déjà", "and", "will", "&amp;",
                "partnership",
            ])
        }.joined(separator: " ")
    }

    private mutating func surface() {
        count += 1
        text +=
            "    <surface xml:id=\"s\(count)\" ulx=\"0\" uly=\"0\" lrx=\"\(1000 + number(below: 999))\" lry=\"1400\">\n"
        for zone in 0...number(below: 3) {
            text += "      <zone type=\"\(pick(["main", "left_margin", "stamp"]))\" n=\"\(zone)\">\n"
            for _ in 0...number(below: 24) { line() }
            text += "      </zone>\n"
        }
        text += "    </surface>\n"
    }

    private mutating func line() {
        text += "        <line rend=\"indent\(number(below: 5))\">"
        for _ in 0...number(below: 5) {
            text += words(4)
            let hand = pick(["typist", "al", "wjc", "sb"])
            switch number(below: 6) {
            case 0: text += "<del rend=\"strikethrough\" hand=\"#\(hand)\">\(words(2))</del>"
            case 1: text += "<add place=\"above\" hand=\"#\(hand)\" seq=\"\(number(below: 9))\">\(words(2))</add>"
            case 2: text += "<mod><del>\(words(1))</del><add>\(words(1))</add></mod>"
            case 3: text += "<metamark function=\"insertion\" place=\"inline\">^</metamark>"
            case 4: text += "<gap reason=\"withheld\" quantity=\"\(number(below: 9))\" unit=\"lines\"/>"
            default: text += "<hi rend=\"underline\">\(words(2))</hi>"
            }
        }
        text += "</line>\n"
    }
}
