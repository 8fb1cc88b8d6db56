/// The error that libxml2 reported for a document that is not well-formed.
struct SyntaxError {
    /// libxml2's codes, of which several may mean one thing.
    enum Cause {
        case internalError
        case emptyDocument
        case contentAfterEnd
        case invalidCharacter
        case invalidEncoding
        case invalidCharacterReference
        case undeclaredEntity
        case unparsedEntity
        case entityReferenceWithoutSemicolon
        case entityLoop
        case tagMismatch
        case unclosedElement
        case unfinishedTag
        case attributeTwice
        case namespacedAttributeTwice
        case attributeWithoutQuote
        case attributeWithoutValue
        case lessThanInAttribute
        case nameRequired
        case spaceRequired
        case unfinishedComment
        case hyphensInComment
        case unfinishedSection
        case misplacedSectionEnd
        case reservedName
        case unfinishedInstruction
        case unfinishedDoctype
        case undeclaredPrefix
        case namespace
        case other
    }

    let cause: Cause
    let message: String
    let words: [String?]
    let location: SourceLocation
    let openElement: (name: String, location: SourceLocation)?
    /// Whether the entity was declared, outside of the document.
    let isExternal: Bool
    /// Whether the mistake is in the text of an entity, and the place is a reference to it.
    let inEntity: Bool
}
