"""`callflow lsp` as a process, with the library's own client."""

import asyncio
import subprocess
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

TIMEOUT_S = 60


class Client(LanguageClient):
    """A client that waits for problems."""

    def __init__(self) -> None:
        super().__init__("tests", "0")
        self._found: asyncio.Queue[lsp.PublishDiagnosticsParams] = asyncio.Queue()

        @self.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def keep(params: lsp.PublishDiagnosticsParams) -> None:
            self._found.put_nowait(params)

    async def start(self) -> lsp.InitializeResult:
        """Start a server and shake hands."""
        await self.start_io(sys.executable, "-m", "callflow", "lsp", "--stdio")
        found = await self.initialize_async(lsp.InitializeParams(capabilities=lsp.ClientCapabilities()))
        self.initialized(lsp.InitializedParams())
        return found

    def open(self, text: str, uri: str) -> None:
        """Show a scheme."""
        item = lsp.TextDocumentItem(uri, "callflow", 1, text)
        self.text_document_did_open(lsp.DidOpenTextDocumentParams(item))

    def change(self, text: str, uri: str, version: int) -> None:
        """Write something else."""
        document = lsp.VersionedTextDocumentIdentifier(version=version, uri=uri)
        whole = lsp.TextDocumentContentChangeWholeDocument(text)
        self.text_document_did_change(lsp.DidChangeTextDocumentParams(document, [whole]))

    async def found(self) -> lsp.PublishDiagnosticsParams:
        """Return the next problems that are told."""
        return await self._found.get()

    async def end(self) -> int | None:
        """Let the server end and return its exit status."""
        await self.shutdown_async(None)
        self.exit(None)
        assert self._server is not None
        status = await self._server.wait()
        await self.stop()
        return status


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run some work, bounded in time."""
    asyncio.run(asyncio.wait_for(work, TIMEOUT_S))


def test_a_session_with_an_editor(tmp_path: Path) -> None:
    uri = (tmp_path / "a.flow").as_uri()

    async def session() -> None:
        client = Client()
        found = await client.start()
        assert found.server_info is not None
        assert found.server_info.name == "callflow"
        client.open("start { goto hlep }\nflow help { hangup }\n", uri)
        told = await client.found()
        assert [one.code for one in told.diagnostics] == ["CF201"]
        assert (told.uri, told.version) == (uri, 1)
        client.change("start { goto help }\nflow help { hangup }\n", uri, 2)
        told = await client.found()
        assert (list(told.diagnostics), told.version) == ([], 2)
        place = lsp.Position(0, 15)
        hover = await client.text_document_hover_async(lsp.HoverParams(lsp.TextDocumentIdentifier(uri), place))
        assert hover is not None
        assert isinstance(hover.contents, lsp.MarkupContent)
        assert hover.contents.value == "```callflow\nflow help\n```"
        assert await client.end() == 0

    run(session())


def test_a_server_whose_editor_is_gone_ends() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "callflow", "lsp"], stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_S,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_nothing_else_imports_the_protocol(tmp_path: Path) -> None:
    scheme = tmp_path / "a.flow"
    scheme.write_text("start { hangup }")
    program = (
        "import sys; from callflow.compile.pipeline import compile_path; compile_path(sys.argv[1]);"
        "import callflow.cli, callflow.cli.lsp, callflow.cli.check, callflow.lsp.workspace, callflow.lsp.completion;"
        "sys.exit(any(name.split('.')[0] in ('pygls', 'lsprotocol') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program, str(scheme)], check=False, timeout=TIMEOUT_S).returncode == 0
