"""Every answer of `marginalia lsp` against the types of the Language Server Protocol, and against what each client says
that it understands (pytest-lsp).

    MARGINALIA=.build/release/marginalia python -m pytest -q Tests/Editors/protocol.py
"""
import os
import shutil
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, LspSpecificationWarning, client_capabilities

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("MARGINALIA", str(ROOT / ".build/release/marginalia"))
# What a client does not understand must not be sent.
pytestmark = pytest.mark.filterwarnings(f"error::{LspSpecificationWarning.__module__}.{LspSpecificationWarning.__name__}")


@pytest_lsp.fixture(
    params=["emacs", "neovim@v0.7", "neovim@latest", "visual_studio_code"],
    config=ClientServerConfig(server_command=[str(Path(PROGRAM).resolve()), "lsp"]))
async def client(request, lsp_client: LanguageClient, tmp_path):
    (tmp_path / ".git").mkdir()
    memo = tmp_path / "memo.xml"
    shutil.copy(ROOT / "docs/encoding/memo.xml", memo)
    lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda params: None)
    await lsp_client.initialize_session(types.InitializeParams(
        capabilities=client_capabilities(request.param), root_uri=tmp_path.as_uri(),
        workspace_folders=[types.WorkspaceFolder(uri=tmp_path.as_uri(), name="edition")]))
    lsp_client.memo = Memo(lsp_client, memo)
    yield
    await lsp_client.shutdown_session()


class Memo:
    """The memo as a client has it open."""

    def __init__(self, client, path):
        self.client, self.uri, self.text, self.version = client, path.as_uri(), path.read_text(), 1
        self.document = types.TextDocumentIdentifier(uri=self.uri)
        client.text_document_did_open(types.DidOpenTextDocumentParams(
            text_document=types.TextDocumentItem(uri=self.uri, language_id="xml", version=1, text=self.text)))

    def position(self, words):
        """The place after the first of these words."""
        before = self.text[:self.text.index(words) + len(words)]
        return types.Position(line=before.count("\n"), character=len(before) - before.rfind("\n") - 1)

    def at(self, words):
        return {"text_document": self.document, "position": self.position(words)}

    def range(self, words):
        end = self.position(words)
        return types.Range(start=types.Position(line=end.line, character=end.character - len(words)), end=end)

    async def replace(self, old, new):
        self.text, self.version = self.text.replace(old, new, 1), self.version + 1
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(
            text_document=types.VersionedTextDocumentIdentifier(uri=self.uri, version=self.version),
            content_changes=[types.TextDocumentContentChangeWholeDocument(text=self.text)]))
        await self.client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        return self.client.diagnostics[self.uri]


@pytest.mark.asyncio
async def test_completion(client: LanguageClient):
    memo = client.memo
    await memo.replace("The compact is ready", "<The compact is ready")
    found = await client.text_document_completion_async(types.CompletionParams(**memo.at("<p><")))
    assert "persName" in [item.label for item in found.items]
    item = await client.completion_item_resolve_async(next(item for item in found.items if item.label == "persName"))
    assert "person" in item.documentation
    found = await client.text_document_completion_async(types.CompletionParams(**memo.at('<note type="stamp" hand="#')))
    assert "president" in [item.label for item in found.items]


@pytest.mark.asyncio
async def test_pointers(client: LanguageClient):
    memo = client.memo
    place = memo.at('hand="#pres')
    hover = await client.text_document_hover_async(types.HoverParams(**place))
    assert "Ottoline Reyes" in hover.contents.value
    definition = await client.text_document_definition_async(types.DefinitionParams(**place))
    assert definition[0].range.start.line == memo.position('xml:id="president').line
    references = await client.text_document_references_async(
        types.ReferenceParams(**place, context=types.ReferenceContext(include_declaration=True)))
    assert len(references) == memo.text.count('"#president"') + 1
    assert (await client.text_document_prepare_rename_async(types.PrepareRenameParams(**place))).placeholder == "president"
    edit = await client.text_document_rename_async(types.RenameParams(**place, new_name="reyes-hand"))
    assert len(edit.changes[memo.uri]) == len(references)
    symbols = await client.workspace_symbol_async(types.WorkspaceSymbolParams(query="Ottoline"))
    assert "Ottoline Reyes" in [symbol.name for symbol in symbols]


@pytest.mark.asyncio
async def test_structure(client: LanguageClient):
    memo = client.memo
    document = {"text_document": memo.document}
    place = memo.at("<p>The comp")
    assert await client.text_document_document_symbol_async(types.DocumentSymbolParams(**document))
    assert await client.text_document_folding_range_async(types.FoldingRangeParams(**document))
    ranges = await client.text_document_selection_range_async(
        types.SelectionRangeParams(**document, positions=[place["position"]]))
    assert ranges[0].parent
    assert len((await client.text_document_linked_editing_range_async(
        types.LinkedEditingRangeParams(**memo.at("<p")))).ranges) == 2
    assert await client.text_document_document_highlight_async(types.DocumentHighlightParams(**memo.at("hand=\"#pres")))
    await client.text_document_document_link_async(types.DocumentLinkParams(**document))
    hints = await client.text_document_inlay_hint_async(types.InlayHintParams(
        **document, range=types.Range(start=types.Position(0, 0), end=types.Position(10_000, 0))))
    assert hints


@pytest.mark.asyncio
async def test_mistake(client: LanguageClient):
    memo = client.memo
    found = await memo.replace('when="1994-03-14"', 'when="14 March 1994"')
    wrong = next(one for one in found if "14 March 1994" in one.message)
    actions = await client.text_document_code_action_async(types.CodeActionParams(
        text_document=memo.document, range=wrong.range, context=types.CodeActionContext(diagnostics=found)))
    assert any(action.edit and "1994-03-14" in str(action.edit) for action in actions)
    wraps = await client.text_document_code_action_async(types.CodeActionParams(
        text_document=memo.document, range=memo.range("compact is ready"),
        context=types.CodeActionContext(diagnostics=[])))
    assert any("<del>" in action.title for action in wraps)


@pytest.mark.asyncio
async def test_layout(client: LanguageClient):
    memo = client.memo
    options = types.FormattingOptions(tab_size=2, insert_spaces=True)
    await client.text_document_formatting_async(
        types.DocumentFormattingParams(text_document=memo.document, options=options))
    await memo.replace("<p>The compact", "<p><hi>The</ compact")
    edits = await client.text_document_on_type_formatting_async(types.DocumentOnTypeFormattingParams(
        **memo.at("<p><hi>The</"), ch="/", options=options))
    assert edits[0].new_text.startswith("hi")
