import Foundation
import Support
import Validation
import XML

/// A document that was changed, and how.
struct Mutant {
    let number: Int
    let document: String
    let recipe: [String]
    let text: String

    /// The same for the same seed and number, whatever other mutants are made.
    ///
    /// - Returns: `nil` where the changes left nothing well-formed, such as a prefix outside its scope.
    init?(_ number: Int, of bases: [Base], vocabulary: Vocabulary, seed: String, schema: String) {
        var generator = Generator(seed, schema, "mutant", String(number))
        let base = bases[number % bases.count]
        let root = base.root.copy
        _ = generator.next()
        let mutation = Mutation(root, vocabulary: vocabulary, generator: generator)
        self.number = number
        document = base.document
        recipe = mutation.recipe
        text = NormalForm(root).text
        do { _ = try Document(text) } catch { return nil }
    }
}

/// What a validator says of a mutant: `nil` that it is valid, else its first error.
struct Verdict {
    let line: Int
    let message: String
}

/// One mutant on which two validators do not agree.
struct Difference {
    let mutant: Mutant
    let first: Verdict?
    let second: Verdict?
}

/// Our side: the engine as the library offers it.
struct Engine {
    private let schema: Schema
    private let checksIDs: Bool

    /// - Parameter checksIDs: whether an `xml:id` that is there twice counts, which is the document's own matter.
    init(_ path: String, checksIDs: Bool) throws {
        schema = try Schema(contentsOfFile: path).withoutRules
        self.checksIDs = checksIDs
    }

    func verdict(_ mutant: Mutant) throws -> Verdict? {
        let document = try Document(mutant.text, path: "\(mutant.number).xml")
        let errors = (schema.validate(document) + (checksIDs ? document.diagnostics : [])).filter {
            $0.severity == .error
        }
        return errors.map { Verdict(line: $0.location?.line ?? 0, message: "\($0.message) [\($0.rule)]") }.min {
            $0.line < $1.line
        }
    }
}

/// A difference that is proven to be Jing's fault, with the proof.
struct KnownDifference: Sendable {
    let reason: String
    let isMeant: @Sendable (Difference) -> Bool

    static let all = [
        // `[^\p{C}\p{Z}]` takes U+200B by Jing, and `[^\p{C}]` does not: beside another escape, a category that it
        // writes as the complement of others is lost.
        KnownDifference(reason: "a negated group with two categories, one of them \\p{C}") { difference in
            guard let ours = difference.second, ours.line < difference.first?.line ?? .max else { return false }
            // The message has the code points of characters that nobody would see.
            let points = ours.message.matches(of: /<U\+([0-9A-F]+)>/).compactMap {
                UInt32($0.1, radix: 16).flatMap(Unicode.Scalar.init)
            }
            return ours.message.hasSuffix("[grammar-value]")
                && points.contains { Self.others.contains($0.properties.generalCategory) }
        }
    ]

    private static let others: Set<Unicode.GeneralCategory> = [.format, .control, .unassigned, .privateUse]
}

extension Difference {
    init?(_ mutant: Mutant, _ first: Verdict?, _ second: Verdict?) {
        guard first?.line != second?.line else { return nil }
        self.init(mutant: mutant, first: first, second: second)
    }
}
