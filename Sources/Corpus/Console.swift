public import XML

/// Takes the results and notes of a run, for example for a terminal or a log.
///
///     var console = Console.silent
///     console.note = { print($0, terminator: "") }
///
/// The functions are called from the thread that runs, never from several at once.
public struct Console: Sendable {
    /// Takes bytes of the result. The second parameter says whether a terminal can show them safely.
    public var output: @Sendable (_ bytes: [UInt8], _ isPrintable: Bool) -> Void
    /// Takes text for people, with its line ends.
    public var note: @Sendable (_ text: String) -> Void
    /// Takes diagnostics that are not part of the result.
    public var diagnostics: @Sendable (_ diagnostics: [Diagnostic]) -> Void
    /// Shows the progress of a run; `nil` removes it.
    public var progress: @Sendable (_ text: String?) -> Void
    /// Whether the progress is a line that changes in place.
    public var isInteractive: Bool

    /// Makes a console; each parameter sets the property of its name.
    ///
    /// - Parameters:
    ///   - output: takes bytes of the result, and whether a terminal can show them safely.
    ///   - note: takes text for people, with its line ends.
    ///   - diagnostics: takes diagnostics that are not part of the result.
    ///   - progress: shows the progress of a run; `nil` removes it.
    ///   - isInteractive: whether the progress is a line that changes in place.
    public init(
        output: @escaping @Sendable ([UInt8], Bool) -> Void, note: @escaping @Sendable (String) -> Void,
        diagnostics: @escaping @Sendable ([Diagnostic]) -> Void, progress: @escaping @Sendable (String?) -> Void,
        isInteractive: Bool
    ) {
        (self.output, self.note, self.diagnostics) = (output, note, diagnostics)
        (self.progress, self.isInteractive) = (progress, isInteractive)
    }

    /// A console that ignores everything.
    public static let silent = Console(
        output: { _, _ in }, note: { _ in }, diagnostics: { _ in }, progress: { _ in }, isInteractive: false)
}
