"""An editor in the same process: messages go to the real server object as JSON, and what it says is kept."""

import asyncio
import itertools
import json
from typing import Any

from callflow.lsp.server import make_server

NOW_MS = 1_789_383_600_000
"""Monday, 14 September 2026, 11:00 UTC."""

CAPABILITIES: dict[str, Any] = {"textDocument": {"codeAction": {"resolveSupport": {"properties": ["edit"]}}}}


class Refused(Exception):
    """The server answered with an error."""


class Editor:
    def __init__(self, *, encodings: tuple[str, ...] = (), folder: str | None = None, **options: Any) -> None:
        self.server = make_server("0", **{"delay_s": 0, "now_ms": lambda: NOW_MS} | options)
        self.server.protocol.set_writer(self, include_headers=False)
        self.said: list[dict[str, Any]] = []
        self.told: dict[str, list[dict[str, Any]]] = {}
        """The problems of each file that were told last."""
        self.versions: asyncio.Queue[int | None] = asyncio.Queue()
        """The version of each text for which problems were told."""
        self._ids = itertools.count(1)
        self._version = itertools.count(1)
        general = {"general": {"positionEncodings": list(encodings)}} if encodings else {}
        folders = [{"uri": folder, "name": "here"}] if folder else None
        self.initialized = self.ask(
            "initialize",
            {"processId": None, "rootUri": None, "workspaceFolders": folders, "capabilities": CAPABILITIES | general},
        )
        self.tell("initialized", {})

    # --- the wire ---

    def write(self, data: bytes) -> None:
        message = json.loads(data)
        self.said.append(message)
        if message.get("method") == "textDocument/publishDiagnostics":
            self.told[message["params"]["uri"]] = message["params"]["diagnostics"]
            self.versions.put_nowait(message["params"].get("version"))

    def close(self) -> None:
        pass

    def _send(self, message: dict[str, Any]) -> None:
        protocol = self.server.protocol
        text = json.dumps({"jsonrpc": "2.0", **message})
        protocol.handle_message(json.loads(text, object_hook=protocol.structure_message))

    def tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: Any) -> Any:
        number = next(self._ids)
        self._send({"id": number, "method": method, "params": params})
        answer = next(one for one in reversed(self.said) if one.get("id") == number)
        if "error" in answer:
            raise Refused(answer["error"]["message"])
        return answer.get("result")

    # --- what an editor does ---

    def open(self, text: str, uri: str = "untitled:a.flow") -> str:
        item = {"uri": uri, "languageId": "callflow", "version": next(self._version), "text": text}
        self.tell("textDocument/didOpen", {"textDocument": item})
        return uri

    def change(self, text: str, uri: str = "untitled:a.flow") -> None:
        document = {"uri": uri, "version": next(self._version)}
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def shut(self, uri: str) -> None:
        self.tell("textDocument/didClose", {"textDocument": {"uri": uri}})

    def at(self, method: str, line: int, character: int, uri: str = "untitled:a.flow", **more: Any) -> Any:
        place = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
        return self.ask(f"textDocument/{method}", place | more)

    def of(self, method: str, uri: str = "untitled:a.flow", **more: Any) -> Any:
        return self.ask(f"textDocument/{method}", {"textDocument": {"uri": uri}} | more)

    def messages(self, uri: str = "untitled:a.flow") -> list[str]:
        return [f"{one['code']} {one['message'].splitlines()[0]}" for one in self.told[uri]]
