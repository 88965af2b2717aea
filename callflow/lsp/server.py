"""The server that speaks with an editor. It takes messages apart, asks the other files, and answers.

Everything happens on one thread, between two messages: the parser has one run at a time, and a check takes less time
than a pause in typing.
"""

import asyncio
import logging
import os
import time
from collections.abc import Callable
from typing import Any, Final

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from callflow.compile.mend import mend
from callflow.lsp import messages
from callflow.lsp.completion import Completion, complete
from callflow.lsp.edits import edits_between, formatted
from callflow.lsp.files import complete_file
from callflow.lsp.hover import hover
from callflow.lsp.meaning import tokens
from callflow.lsp.messages import Places, range_of, span_of, text_edits
from callflow.lsp.names import Kind
from callflow.lsp.outline import folds, symbols
from callflow.lsp.positions import Lines
from callflow.lsp.rename import RenameRefused, rename, renameable
from callflow.lsp.scheme import Place, Scheme
from callflow.lsp.workspace import Workspace, on_disk, part_of
from callflow.source import Source, Span

DELAY_S: Final = 0.05
"""How long nothing may change before a scheme is checked: fast typing is not checked key by key."""

FIX_ALL: Final = "source.fixAll.callflow"
"""The kind of the action that makes every safe repair; editors may ask for it when a file is saved."""


class Refused(JsonRpcException):
    """What an editor asked for cannot be done, which it shows to whoever asked."""


def wall_ms() -> int:
    """Return the time, in milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


class FlowServer(LanguageServer):
    """A server for one editor. With a `directory`, what it declares belongs to every scheme."""

    def __init__(
        self,
        version: str,
        directory: str | None = None,
        delay_s: float = DELAY_S,
        now_ms: Callable[[], int] = wall_ms,
    ) -> None:
        """Wait for messages. With no `delay_s`, every change is checked at once."""
        super().__init__("callflow", version, text_document_sync_kind=lsp.TextDocumentSyncKind.Full)
        self.schemes = Workspace(directory=directory)
        self.now_ms = now_ms
        self._directory = directory
        self._delay_s = delay_s
        self._uris: dict[str, str] = {}
        self._published: dict[str, list[lsp.Diagnostic]] = {}
        self._changed: set[str | None] = set()
        self._timer: asyncio.TimerHandle | None = None

    # --- addresses and places ---

    @property
    def places(self) -> Places:
        """Return how the editor counts, which it said first."""
        return Places(self.uri_of, str(getattr(self._encoding, "value", self._encoding)))

    @property
    def _encoding(self) -> Any:
        return self.workspace.position_encoding or "utf-16"

    def key_of(self, uri: str) -> str:
        """Return the key of a file, and remember how the editor writes its address."""
        path = to_fs_path(uri)
        key = os.path.normpath(path) if path else uri
        self._uris.setdefault(key, uri)
        return key

    def uri_of(self, key: str) -> str:
        """Return the address of a file."""
        made = from_fs_path(key) if on_disk(key) else key
        return self._uris.get(key) or made or key

    def at(self, params: Any) -> "Asked":
        """Return what a message asks about."""
        return Asked(self, self.key_of(params.text_document.uri))

    # --- checking ---

    def start_in(self, folders: list[str]) -> None:
        """Look for schemes in the folders that the editor has opened."""
        self.schemes = Workspace(folders, self._directory)

    def changed(self, key: str | None) -> None:
        """Check soon: the schemes that a file belongs to, or all."""
        self._changed.add(key)
        if self._timer is not None:
            self._timer.cancel()
        if self._delay_s:
            self._timer = asyncio.get_running_loop().call_later(self._delay_s, self.check_now)
        else:
            self.check_now()

    def check_now(self) -> None:
        """Check what has changed, and tell the editor what is wrong."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        changed, self._changed = self._changed, set()
        for key in [None] if None in changed else sorted(key for key in changed if key is not None):
            self.schemes.check(key)
        if changed:
            self._publish(changed)

    def _publish(self, changed: set[str | None]) -> None:
        """Tell the problems of every file that changed, or for which they are others than before."""
        found = self.schemes.found()
        told = {key: [self.places.diagnostic(*one) for one in problems] for key, problems in found.items()}
        for key in sorted({*told, *self._published, *self.schemes.buffers}):
            problems = told.get(key, [])
            if key in changed or self._published.get(key) != problems:
                version = self.workspace.get_text_document(self.uri_of(key)).version
                self.text_document_publish_diagnostics(
                    lsp.PublishDiagnosticsParams(self.uri_of(key), problems, version=version)
                )
        self._published = {key: told.get(key, []) for key in {*told, *self.schemes.buffers}}


class Asked:
    """A file that a message asks about."""

    def __init__(self, server: FlowServer, key: str) -> None:
        self._server = server
        self.key = key
        self.text = server.schemes.text(key) or ""
        self.lines: Lines = server.places.lines(self.text)

    def offset(self, position: lsp.Position) -> int:
        """Return a position as an offset."""
        return self.lines.offset((position.line, position.character))

    @property
    def scheme(self) -> Scheme:
        """Return the scheme that the file belongs to."""
        return self._server.schemes.scheme(self.key)

    def name(self, position: lsp.Position) -> tuple[Scheme, Place | None]:
        """Return the name at a position, with its scheme."""
        scheme = self.scheme
        return scheme, scheme.at(self.key, self.offset(position))

    def location(self, place: Place) -> lsp.Location:
        """Return where a name stands."""
        return self._server.places.location(Source(place.file.key, place.file.text), place.span)


def make_server(version: str, **options: Any) -> FlowServer:
    """Return a server with all its answers."""
    server = FlowServer(version, **options)
    logging.getLogger("pygls.protocol.json_rpc").addFilter(_is_trouble)
    for method, answer in _ANSWERS.items():
        server.feature(method)(answer)
    triggers = lsp.CompletionOptions(trigger_characters=[".", " ", '"', "/"])
    server.feature(lsp.TEXT_DOCUMENT_COMPLETION, triggers)(_completion)
    server.feature(lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, messages.LEGEND)(_semantic_tokens)
    server.feature(lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, messages.LEGEND)(_semantic_tokens_in)
    kinds = [lsp.CodeActionKind.QuickFix, FIX_ALL]
    server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(kinds, resolve_provider=True))(_code_actions)
    return server


def _is_trouble(record: logging.LogRecord) -> bool:
    """Return whether a log entry is more than a refusal, which is no mistake of ours."""
    return record.exc_info is None or not isinstance(record.exc_info[1], Refused)


# --- what happens ---------------------------------------------------------------------------------------------------


def _initialize(ls: FlowServer, params: lsp.InitializeParams) -> None:
    uris = [one.uri for one in params.workspace_folders or ()]
    ls.start_in([path for uri in uris or [params.root_uri or ""] if (path := to_fs_path(uri))])


def _initialized(ls: FlowServer, _params: lsp.InitializedParams) -> None:
    """Ask to be told of files that change on disk, where the editor can do that."""
    workspace = ls.client_capabilities.workspace
    watching = workspace.did_change_watched_files if workspace else None
    if watching is not None and watching.dynamic_registration:
        watchers = [lsp.FileSystemWatcher(glob_pattern=pattern) for pattern in ("**/*.flow", "**/*.wav")]
        options = lsp.DidChangeWatchedFilesRegistrationOptions(watchers)
        wanted = lsp.Registration("files", lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
        ls.client_register_capability(lsp.RegistrationParams([wanted]))


def _opened(ls: FlowServer, params: lsp.DidOpenTextDocumentParams) -> None:
    ls.schemes.open(ls.key_of(params.text_document.uri), params.text_document.text)
    ls.schemes.refresh()
    ls.changed(None)


def _edited(ls: FlowServer, params: lsp.DidChangeTextDocumentParams) -> None:
    key = ls.key_of(params.text_document.uri)
    ls.schemes.open(key, ls.workspace.get_text_document(params.text_document.uri).source)
    ls.changed(key)


def _closed(ls: FlowServer, params: lsp.DidCloseTextDocumentParams) -> None:
    ls.schemes.close(ls.key_of(params.text_document.uri))
    ls.schemes.refresh()
    ls.changed(None)


def _disk_changed(ls: FlowServer, _params: Any) -> None:
    ls.schemes.refresh()
    ls.changed(None)


# --- what is asked --------------------------------------------------------------------------------------------------


def _completion(ls: FlowServer, params: lsp.CompletionParams) -> lsp.CompletionList:
    asked = ls.at(params)
    offset = asked.offset(params.position)
    typed = params.context.trigger_character if params.context is not None else None
    files = complete_file(asked.text, offset, asked.key, ls.schemes.folders(asked.key))
    if files is not None or typed in ('"', "/"):
        return messages.completion_list(asked.lines, files or Completion(offset, ()), offset)
    found = complete(asked.text, offset, asked.scheme)
    if typed == " ":
        names = tuple(one for one in found.items if isinstance(one.kind, Kind))  # a word may come behind any space
        found = type(found)(found.start, names)
    return messages.completion_list(asked.lines, found, offset)


def _hover(ls: FlowServer, params: lsp.HoverParams) -> lsp.Hover | None:
    asked = ls.at(params)
    told = hover(asked.scheme, asked.key, asked.offset(params.position), ls.now_ms())
    if told is None:
        return None
    content = lsp.MarkupContent(lsp.MarkupKind.Markdown, told[0])
    return lsp.Hover(content, range_of(asked.lines, told[1]))


def _definition(ls: FlowServer, params: lsp.DefinitionParams) -> list[lsp.Location]:
    asked = ls.at(params)
    files = ls.schemes.imported(asked.key, asked.offset(params.position))
    if files:
        return [lsp.Location(ls.uri_of(key), range_of(Lines(""), Span(0, 0))) for key in files]
    scheme, place = asked.name(params.position)
    return [asked.location(one) for one in scheme.definitions(place)] if place else []


def _references(ls: FlowServer, params: lsp.ReferenceParams) -> list[lsp.Location]:
    asked = ls.at(params)
    scheme, place = asked.name(params.position)
    found = scheme.references(place) if place else []
    return [asked.location(one) for one in found if params.context.include_declaration or not one.name.declares]


def _highlights(ls: FlowServer, params: lsp.DocumentHighlightParams) -> list[lsp.DocumentHighlight]:
    asked = ls.at(params)
    scheme, place = asked.name(params.position)
    found = scheme.references(place) if place else []
    return [lsp.DocumentHighlight(range_of(asked.lines, one.span)) for one in found if one.file.key == asked.key]


def _prepare_rename(ls: FlowServer, params: lsp.PrepareRenameParams) -> lsp.PrepareRenamePlaceholder | None:
    asked = ls.at(params)
    scheme, place = asked.name(params.position)
    if place is None:
        return None
    try:
        renameable(scheme, place)
    except RenameRefused as refused:
        raise Refused(str(refused), lsp.LSPErrorCodes.RequestFailed) from None
    return lsp.PrepareRenamePlaceholder(range_of(asked.lines, place.span), place.name.text)


def _rename(ls: FlowServer, params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
    asked = ls.at(params)
    scheme, place = asked.name(params.position)
    if place is None:
        return None
    try:
        found = rename(scheme, place, params.new_name)
    except RenameRefused as refused:
        raise Refused(str(refused), lsp.LSPErrorCodes.RequestFailed) from None
    texts = {file.key: file.text for file in scheme.files}
    changes = {
        ls.uri_of(key): text_edits(ls.places.lines(texts[key]), [(span, params.new_name) for span in spans])
        for key, spans in found.items()
    }
    return lsp.WorkspaceEdit(changes=changes)


def _symbols(ls: FlowServer, params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
    asked = ls.at(params)
    file = ls.schemes.file(asked.key)
    return [messages.document_symbol(asked.lines, one) for one in symbols(file)] if file and file.is_scheme else []


def _semantic_tokens(ls: FlowServer, params: lsp.SemanticTokensParams) -> lsp.SemanticTokens:
    asked = ls.at(params)
    return messages.semantic_tokens(asked.lines, tokens(asked.scheme, asked.key))


def _semantic_tokens_in(ls: FlowServer, params: lsp.SemanticTokensRangeParams) -> lsp.SemanticTokens:
    asked = ls.at(params)
    wanted = span_of(asked.lines, params.range)
    seen = (one for one in tokens(asked.scheme, asked.key) if one.start < wanted.end and wanted.start < one.end)
    return messages.semantic_tokens(asked.lines, seen)


def _folds(ls: FlowServer, params: lsp.FoldingRangeParams) -> list[lsp.FoldingRange]:
    return [messages.folding_range(one) for one in folds(ls.at(params).text)]


def _formatting(ls: FlowServer, params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit] | None:
    asked = ls.at(params)
    done = formatted(asked.text)
    if done is None:
        told = f"{params.text_document.uri}: left as it is, since its text has mistakes"
        ls.window_log_message(lsp.LogMessageParams(lsp.MessageType.Info, told))
        return None
    return _edits(asked, done)


def _edits(asked: Asked, after: str) -> list[lsp.TextEdit]:
    """Return what makes another text of the one that was asked about."""
    edits = edits_between(asked.text, after)
    whole = [(Span(0, len(asked.text)), after)]
    return text_edits(asked.lines, edits if messages.countable(asked.lines, edits) else whole)


# --- repairs --------------------------------------------------------------------------------------------------------


def _code_actions(ls: FlowServer, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
    ls.check_now()
    asked = ls.at(params)
    wanted = span_of(asked.lines, params.range)
    found = ls.schemes.found().get(asked.key, [])
    actions: list[lsp.CodeAction] = []
    if _is_wanted(params, lsp.CodeActionKind.QuickFix.value):
        for problem, source in found:
            _, span = part_of(source, problem.span)
            if span.start <= wanted.end and wanted.start <= span.end:
                actions += [
                    lsp.CodeAction(
                        title=fix.title,
                        kind=lsp.CodeActionKind.QuickFix,
                        diagnostics=[ls.places.diagnostic(problem, source)],
                        is_preferred=fix.safe,
                        edit=ls.places.edit(source, fix),
                    )
                    for fix in problem.fixes
                ]
    safe = any(fix.safe for problem, _ in found for fix in problem.fixes)
    if safe and ls.schemes.compiled(asked.key) and _is_wanted(params, FIX_ALL):
        action = lsp.CodeAction("make every safe repair", kind=FIX_ALL, data=params.text_document.uri)
        actions.append(action if _can_resolve(ls) else _resolved(ls, action))
    return actions


def _is_wanted(params: lsp.CodeActionParams, kind: str) -> bool:
    """Return whether the editor asked for a kind of action, or for all."""
    only = params.context.only
    return only is None or any(kind == one or kind.startswith(f"{one}.") for one in map(_value, only))


def _value(kind: Any) -> str:
    return str(getattr(kind, "value", kind))


def _can_resolve(ls: FlowServer) -> bool:
    """Return whether the editor asks for what an action does when somebody chooses it."""
    document = ls.client_capabilities.text_document
    support = document.code_action.resolve_support if document and document.code_action else None
    return support is not None and "edit" in support.properties


def _resolved(ls: FlowServer, action: lsp.CodeAction) -> lsp.CodeAction:
    """Return the action that repairs all with what it does: every repair is checked first."""
    if not isinstance(action.data, str):
        return action
    ls.check_now()
    asked = Asked(ls, ls.key_of(action.data))
    compiled = ls.schemes.compiled(asked.key)
    if compiled is not None:
        mended = mend(asked.text, compiled, lambda text: ls.schemes.recheck(asked.key, text))
        action.edit = lsp.WorkspaceEdit(changes={action.data: _edits(asked, mended.text)})
    return action


_ANSWERS: Final[dict[str, Callable[..., Any]]] = {
    lsp.INITIALIZE: _initialize,
    lsp.INITIALIZED: _initialized,
    lsp.TEXT_DOCUMENT_DID_OPEN: _opened,
    lsp.TEXT_DOCUMENT_DID_CHANGE: _edited,
    lsp.TEXT_DOCUMENT_DID_CLOSE: _closed,
    lsp.TEXT_DOCUMENT_DID_SAVE: _disk_changed,
    lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES: _disk_changed,
    lsp.TEXT_DOCUMENT_HOVER: _hover,
    lsp.TEXT_DOCUMENT_DEFINITION: _definition,
    lsp.TEXT_DOCUMENT_REFERENCES: _references,
    lsp.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT: _highlights,
    lsp.TEXT_DOCUMENT_PREPARE_RENAME: _prepare_rename,
    lsp.TEXT_DOCUMENT_RENAME: _rename,
    lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL: _symbols,
    lsp.TEXT_DOCUMENT_FOLDING_RANGE: _folds,
    lsp.TEXT_DOCUMENT_FORMATTING: _formatting,
    lsp.CODE_ACTION_RESOLVE: _resolved,
}
"""What each message leads to."""
