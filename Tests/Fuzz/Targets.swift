import Foundation
import RelaxNG
import Support
import Validation
import XML

/// What is fuzzed: each takes any bytes, and must neither crash nor hang nor break its law. What it says of them does
/// not matter here.
package enum Target: String, CaseIterable, Sendable {
    /// A schema in XML syntax. Its law: in the other syntax it accepts the same documents.
    case rng
    /// A schema in compact syntax. Its law is the same.
    case rnc
    /// A document, by a schema that has some of everything. Its law: where it can be read, the same is found meanwhile
    /// and in its tree.
    case instance

    /// A law that does not hold of an input.
    package struct Broken: Error, CustomStringConvertible {
        package let description: String
    }

    package func run(_ bytes: [UInt8]) throws {
        let folder = try TemporaryFolder()
        switch self {
        case .rng: try convert(bytes, to: .compact, in: folder)
        case .rnc: try convert(bytes, to: .xml, in: folder)
        case .instance: try validate(bytes, in: folder)
        }
    }

    private func convert(_ bytes: [UInt8], to form: SchemaConversion.Form, in folder: TemporaryFolder) throws {
        let path = try folder.write("schema.\(rawValue)", bytes)
        guard let schema = try? Schema(bytes, path: path) else { return }
        let verdicts = Target.documents.map { schema.validate($0).contains { $0.severity == .error } }
        let output = folder.path("converted.\(form.rawValue)")
        guard let converted = try? SchemaConversion(contentsOfFile: path).files(to: form, output: output).first else {
            throw Broken(description: "a schema that is correct is not converted")
        }
        do {
            let other = try Schema(converted.bytes, path: output)
            let others = Target.documents.map { other.validate($0).contains { $0.severity == .error } }
            guard verdicts == others else { throw Broken(description: "verdicts \(verdicts), and \(others) converted") }
        } catch let error as Diagnostics {
            throw Broken(description: "converted it is not correct: \(error.list.map(\.message))")
        }
    }

    private func validate(_ bytes: [UInt8], in folder: TemporaryFolder) throws {
        let path = try folder.write("document.xml", bytes)
        // Of two faults in one unreadable file, reading it part by part may meet the other one first.
        let document = try? Document(bytes, path: path)
        let found = document.map { ($0.diagnostics + Target.schema.validate($0)).inSourceOrder }
        let streamed = try? Target.schema.validate(streaming: path)
        guard found == streamed else {
            throw Broken(
                description: "in the tree \(found?.description ?? "–"), while reading \(streamed?.description ?? "–")")
        }
    }

    private static let documents = [
        "<a/>", "<a b='1' xml:id='c'>text<b>2000-01-01</b><!-- c --><a x='y'/> </a>",
        "<b xmlns='urn:a'><b/><b/><b/><b/></b>",
    ].compactMap { try? Document($0) }

    private static let schema = try! Schema(
        Array(
            """
            namespace b = "urn:b"
            default namespace = "urn:a"
            start = a
            a = element a { i?, x*, (a | d | mixed { b* } | (c & c2? & text) | l) }
            b = element b:* - b:no { attribute b:* { text }*, (empty | value)  }
            c = element c { attribute n { "one" | "two" | token "  three  " }, attribute * - (n | xml:id | ref | refs) { text }* }
            c2 = element c2 { x*, list { xsd:integer+, (xsd:double | "end")*, xsd:NCName? } }
            d = element (d1 | d2 | d3) { d? & e1* & e2* & v? }
            e1 = element e1 { (e1, e2)* | (e1?, e2?, e1?, e1?, e2) }
            e2 = element e2 { any* }
            v = element v { value }
            l = element l { (l, l) | (l, d) | text }
            any = element * - (a | b:*) { (attribute * - (xml:id | ref | refs) { text } | text | any)* }
            i = attribute xml:id { xsd:ID }
            x = attribute ref { xsd:IDREF } | attribute refs { xsd:IDREFS }
            value = xsd:date { minInclusive = "2000-01-01" } | xsd:dateTime | xsd:duration { maxExclusive = "P1Y" } | xsd:decimal { totalDigits = "5" }
              | xsd:string { pattern = "(a|b)*c{2,3}[\\\\p{Lu}-[A-C]]?" } | xsd:anyURI { maxLength = "9" } | xsd:language | xsd:QName | xsd:base64Binary
              | xsd:hexBinary | xsd:gMonthDay | xsd:time | xsd:float { minExclusive = "1" } | xsd:NMTOKENS { length = "2" } | xsd:boolean
            """.utf8), path: "everything.rnc")
}
