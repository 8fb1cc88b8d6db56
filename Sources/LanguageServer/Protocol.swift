// The structures of the Language Server Protocol 3.17 that the server uses, by their names there.

/// A place in a document: a line and a character of the line, both from 0. Characters are counted in the units of the
/// encoding that client and server agreed on.
struct Position: Codable, Hashable, Comparable {
    var line: Int
    var character: Int

    static func < (a: Position, b: Position) -> Bool { (a.line, a.character) < (b.line, b.character) }
}

/// The text between two places: LSP’s `Range`, which is Swift’s name for another thing.
struct LSPRange: Codable, Hashable {
    var start: Position
    var end: Position
}

struct Location: Codable, Hashable {
    var uri: String
    var range: LSPRange
}

struct TextEdit: Codable, Hashable {
    var range: LSPRange
    var newText: String
}

/// A change that a client reports; without a range the text is the whole document.
struct TextDocumentContentChangeEvent: Codable {
    var range: LSPRange?
    var text: String
}

struct TextDocumentIdentifier: Codable {
    var uri: String
}

struct VersionedTextDocumentIdentifier: Codable {
    var uri: String
    var version: Int?
}

struct TextDocumentItem: Codable {
    var uri: String
    var version: Int
    var text: String
}

// MARK: - Parameters

struct InitializeParams: Codable {
    struct Folder: Codable {
        var uri: String
    }

    struct Capabilities: Codable {
        struct General: Codable {
            var positionEncodings: [String]?
        }

        struct TextDocument: Codable {
            struct Completion: Codable {
                struct Item: Codable {
                    var snippetSupport: Bool?
                }

                var completionItem: Item?
            }

            struct Hover: Codable {
                var contentFormat: [String]?
            }

            struct DocumentSymbol: Codable {
                var hierarchicalDocumentSymbolSupport: Bool?
            }

            var completion: Completion?
            var documentSymbol: DocumentSymbol?
            var hover: Hover?
        }

        struct Workspace: Codable {
            struct Watched: Codable {
                var dynamicRegistration: Bool?
            }

            var didChangeWatchedFiles: Watched?
        }

        var general: General?
        var textDocument: TextDocument?
        struct Window: Codable {
            struct ShowDocument: Codable {
                var support: Bool?
            }

            var showDocument: ShowDocument?
        }

        var workspace: Workspace?
        var window: Window?
    }

    var rootUri: String?
    var rootPath: String?
    var workspaceFolders: [Folder]?
    var capabilities: Capabilities?
}

struct DidOpenParams: Codable {
    var textDocument: TextDocumentItem
}

struct DidChangeParams: Codable {
    var textDocument: VersionedTextDocumentIdentifier
    var contentChanges: [TextDocumentContentChangeEvent]
}

/// Of notifications and requests that are about a document.
struct DocumentParams: Codable {
    var textDocument: TextDocumentIdentifier
}

/// Of requests that are about a place in a document.
struct PositionParams: Codable {
    var textDocument: TextDocumentIdentifier
    var position: Position
}

struct CompletionParams: Codable {
    struct Context: Codable {
        /// 1: the user asks; 2: a character was typed; 3: the last list was cut.
        var triggerKind: Int
        var triggerCharacter: String?
    }

    var textDocument: TextDocumentIdentifier
    var position: Position
    var context: Context?
}

struct FormattingParams: Codable {
    struct Options: Codable {
        var tabSize: Int?
        var insertSpaces: Bool?
    }

    var textDocument: TextDocumentIdentifier
    var options: Options?
}

struct PositionsParams: Codable {
    var textDocument: TextDocumentIdentifier
    var positions: [Position]
}

struct RangeParams: Codable {
    var textDocument: TextDocumentIdentifier
    var range: LSPRange
}

struct ReferenceParams: Codable {
    struct Context: Codable {
        var includeDeclaration: Bool?
    }

    var textDocument: TextDocumentIdentifier
    var position: Position
    var context: Context?
}

struct RenameParams: Codable {
    var textDocument: TextDocumentIdentifier
    var position: Position
    var newName: String
}

struct CodeActionParams: Codable {
    struct Context: Codable {
        var only: [String]?
        var diagnostics: [PublishedDiagnostic]?
    }

    var textDocument: TextDocumentIdentifier
    var range: LSPRange
    var context: Context?
}

struct WorkspaceSymbolParams: Codable {
    var query: String
}

struct DidChangeWatchedFilesParams: Codable {
    struct Event: Codable {
        var uri: String
    }

    var changes: [Event]
}

// MARK: - Results

struct MarkupContent: Codable, Hashable {
    var kind: String
    var value: String

    /// A title and paragraphs of plain text.
    ///
    /// - Parameter isMarkdown: whether the client understands it.
    init(title: String? = nil, _ paragraphs: [String], isMarkdown: Bool) {
        kind = isMarkdown ? "markdown" : "plaintext"
        let title = title.map { isMarkdown ? "**\($0.escapedAsMarkdown)**" : $0 }
        let paragraphs = isMarkdown ? paragraphs.map(\.escapedAsMarkdown) : paragraphs
        value = ([title].compactMap(\.self) + paragraphs).joined(separator: "\n\n")
    }
}

extension String {
    /// Every sign that could mean something in Markdown, with a backslash before it.
    fileprivate var escapedAsMarkdown: String {
        var escaped = ""
        for character in self {
            if "\\`*_{}[]()<>#+-.!|~&".contains(character) { escaped.append("\\") }
            escaped.append(character)
        }
        return escaped
    }
}

struct CompletionItem: Codable {
    struct LabelDetails: Codable {
        var description: String?
    }

    /// What a client sends back to ask for the documentation.
    struct Data: Codable {
        var uri: String
        var element: String
        var attribute: String?
        var value: String?
    }

    enum Kind: Int, Codable {
        case text = 1, field = 5, `class` = 7, property = 10, value = 12, reference = 18
    }

    var label: String
    var labelDetails: LabelDetails?
    var kind: Kind
    var detail: String?
    var documentation: String?
    var sortText: String?
    var filterText: String?
    var insertTextFormat: Int?
    /// 2: further lines are indented as the first is.
    var insertTextMode: Int?
    var textEdit: TextEdit?
    var data: Data?
}

struct CompletionList: Codable {
    var isIncomplete = false
    var items: [CompletionItem]
}

struct Hover: Codable {
    var contents: MarkupContent
    var range: LSPRange
}

struct DocumentSymbol: Codable {
    var name: String
    var detail: String?
    var kind: Int
    var range: LSPRange
    var selectionRange: LSPRange
    var children: [DocumentSymbol]
}

struct SymbolInformation: Codable {
    var name: String
    var kind: Int
    var location: Location
    var containerName: String?
}

struct FoldingRange: Codable {
    var startLine: Int
    var endLine: Int
    var kind: String?
}

/// A range, and the next larger one.
final class SelectionRange: Codable {
    let range: LSPRange
    let parent: SelectionRange?

    init(_ range: LSPRange, in parent: SelectionRange?) { (self.range, self.parent) = (range, parent) }
}

struct LinkedEditingRanges: Codable {
    var ranges: [LSPRange]
}

struct DocumentHighlight: Codable {
    var range: LSPRange
}

struct DocumentLink: Codable {
    var range: LSPRange
    var target: String
}

struct InlayHint: Codable {
    var position: Position
    var label: String
    var paddingLeft = true
    var paddingRight = true
}

struct WorkspaceEdit: Codable {
    var changes: [String: [TextEdit]]
}

struct Command: Codable {
    var title: String
    var command: String
    var arguments: [String]
}

struct CodeAction: Codable {
    var title: String
    var kind: String
    var diagnostics: [PublishedDiagnostic]?
    var isPreferred: Bool?
    var edit: WorkspaceEdit?
    var command: Command?
}

struct ExecuteCommandParams: Codable {
    var command: String
    var arguments: [String]?
}

struct ShowDocumentParams: Codable {
    var uri: String
    var external: Bool
    var takeFocus = true
    var selection: LSPRange?
}

struct ShowMessageParams: Codable {
    /// 3: for the user's information.
    var type = 3
    var message: String
}

struct PrepareRenameResult: Codable {
    var range: LSPRange
    var placeholder: String
}

/// LSP's `Diagnostic`.
struct PublishedDiagnostic: Codable, Hashable {
    struct Related: Codable, Hashable {
        var location: Location
        var message: String
    }

    var range: LSPRange
    var severity: Int
    var code: String
    var source: String? = "marginalia"
    var message: String
    var relatedInformation: [Related]?
}

struct PublishDiagnosticsParams: Codable {
    var uri: String
    var version: Int?
    var diagnostics: [PublishedDiagnostic]
}

/// LSP's `RegistrationParams` for files that are watched.
struct Registrations: Codable {
    struct Watcher: Codable {
        var globPattern: String
    }

    struct Options: Codable {
        var watchers: [Watcher]
    }

    struct Registration: Codable {
        var id: String
        var method: String
        var registerOptions: Options
    }

    var registrations: [Registration]
}

/// The capabilities of the server, by the names that LSP gives them.
struct InitializeResult: Codable {
    struct Info: Codable {
        var name = "marginalia"
        var version: String
    }

    struct Capabilities: Codable {
        struct Sync: Codable {
            var openClose = true
            /// 2: the changed ranges.
            var change = 2
            var save = true
        }

        struct Completion: Codable {
            var triggerCharacters = ["<", "/", " ", "\"", "'", "#", "&"]
            var resolveProvider = true
        }

        struct Rename: Codable {
            var prepareProvider = true
        }

        struct Actions: Codable {
            var codeActionKinds = ["quickfix", "refactor.rewrite", "source"]
        }

        struct Links: Codable {
            var resolveProvider = false
        }

        struct Commands: Codable {
            var commands = [Server.previewCommand]
        }

        struct OnType: Codable {
            var firstTriggerCharacter = "/"
        }

        var positionEncoding: String
        var textDocumentSync = Sync()
        var completionProvider = Completion()
        var hoverProvider = true
        var definitionProvider = true
        var referencesProvider = true
        var documentHighlightProvider = true
        var renameProvider = Rename()
        var codeActionProvider = Actions()
        var documentSymbolProvider = true
        var workspaceSymbolProvider = true
        var foldingRangeProvider = true
        var selectionRangeProvider = true
        var linkedEditingRangeProvider = true
        var documentLinkProvider = Links()
        var documentFormattingProvider = true
        var documentOnTypeFormattingProvider = OnType()
        var inlayHintProvider = true
        var executeCommandProvider = Commands()
    }

    var capabilities: Capabilities
    var serverInfo: Info
}
