public import XML

/// Where a run writes its result and its notes: a terminal, a log, or nowhere.
///
///     var console = Console.silent
///     console.note = { print($0) }
///
/// The members may be called from the thread that runs, never from several at once.
public struct Console: Sendable {
    /// Takes bytes of the result.
    ///
    /// The second parameter says whether they are safe for a terminal as they are.
    public var output: @Sendable (_ bytes: [UInt8], _ isPrintable: Bool) -> Void
    /// Takes text for people, with its line ends.
    public var note: @Sendable (_ text: String) -> Void
    /// Takes diagnostics that are not the result.
    public var diagnostics: @Sendable (_ diagnostics: [Diagnostic]) -> Void
    /// Shows how far a run has come; `nil` takes that away.
    public var progress: @Sendable (_ text: String?) -> Void
    /// Whether the progress is a line that changes in place.
    public var isInteractive: Bool

    /// - Parameters:
    ///   - output: takes bytes of the result, and whether they are safe for a terminal as they are.
    ///   - note: takes text for people, with its line ends.
    ///   - diagnostics: takes diagnostics that are not the result.
    ///   - progress: shows how far a run has come; `nil` takes that away.
    ///   - isInteractive: whether the progress is a line that changes in place.
    public init(
        output: @escaping @Sendable ([UInt8], Bool) -> Void, note: @escaping @Sendable (String) -> Void,
        diagnostics: @escaping @Sendable ([Diagnostic]) -> Void, progress: @escaping @Sendable (String?) -> Void,
        isInteractive: Bool
    ) {
        (self.output, self.note, self.diagnostics) = (output, note, diagnostics)
        (self.progress, self.isInteractive) = (progress, isInteractive)
    }

    /// Writes nothing anywhere.
    public static let silent = Console(
        output: { _, _ in }, note: { _ in }, diagnostics: { _ in }, progress: { _ in }, isInteractive: false)
}
