"""From a key press to problems on the screen: the time from `didChange` of one character in a scheme of 2,000 lines to
published problems, through a real server process, beside a bare Lark parse of the same text in the same run.

The text is changed where that matters least (a comment), and where every name is (a flow gets another name). Run with
`python -m tests.bench.lsp_keystroke`.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from lark import Lark

from callflow.compile.pipeline import compile_text
from callflow.limits import SOURCE_BYTES_MAX
from callflow.lsp.server import DELAY_S
from callflow.syntax.table import grammar_text

ROUNDS = 15
LINES = 2_000
URI = "untitled:bench.flow"
RATIO_MAX = 3.0

FLOW = """
flow f{n} {{
  play "This is {n}."
  menu tries 2 timeout 4s {{
    play "Press 1, 5 or 9."
    press 1 goto f{following}
    press 9 again
    press 5 play hold
    invalid play again_please
  }}
  when caller.number in ("+49*", "+7*") {{
    connect anna for 20s {{
      busy play hold
      no answer play nobody
    }}
  }} else {{
    voicemail anna max 1m
  }}
  hangup
}}
"""

HEAD = """agent anna "sip:anna@x.example"
prompt hold "Please hold the line."
prompt nobody "Nobody answers."
prompt again_please "There is no such choice."
start { answer goto f0 }
# a
"""


def scheme() -> str:
    """Return a scheme of about 2,000 lines that may be as large as this."""
    flows = LINES // FLOW.count("\n")
    text = HEAD + "".join(FLOW.format(n=n, following=(n + 1) % flows) for n in range(flows))
    assert len(text) <= SOURCE_BYTES_MAX, len(text)
    return text


class Server:
    """A server process and what it says."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self._version = 1

    def send(self, method: str, params: Any, **more: Any) -> None:
        """Send a message."""
        body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def heard(self, method: str | None) -> dict[str, Any]:
        """Return the next message of a kind; an answer where that is None."""
        assert self._process.stdout is not None
        while True:
            size = 0
            while line := self._process.stdout.readline().strip():
                size = int(line.split(b":")[1]) if line.startswith(b"Content-Length") else size
            message: dict[str, Any] = json.loads(self._process.stdout.read(size))
            if message.get("method") == method:
                return message

    def seconds_to_problems(self, text: str) -> float:
        """Return the time from a change to its problems."""
        self._version += 1
        begun = time.perf_counter()
        document = {"uri": URI, "version": self._version}
        self.send("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})
        told = self.heard("textDocument/publishDiagnostics")
        taken = time.perf_counter() - begun
        assert told["params"]["version"] == self._version
        return taken


@contextmanager
def server(text: str) -> Iterator[Server]:
    """Start a server that shows a text, and end it."""
    command = [sys.executable, "-m", "callflow", "lsp"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        one = Server(process)
        one.send("initialize", {"processId": None, "rootUri": None, "capabilities": {}}, id=1)
        one.heard(None)
        one.send("initialized", {})
        one.send("textDocument/didOpen", {"textDocument": {"uri": URI, "languageId": "callflow", "version": 1,
                                                           "text": text}})  # fmt: skip
        one.heard("textDocument/publishDiagnostics")
        yield one
        one.send("shutdown", None, id=2)
        one.heard(None)
        one.send("exit", None)


def seconds(work: Callable[[], object]) -> float:
    """Return the time of some work."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    """Print the time of a key press beside that of a parse."""
    bare = Lark(grammar_text(), parser="lalr", lexer="contextual", start="start", propagate_positions=True)
    text = scheme()
    assert compile_text(text).machine is not None
    print(f"{text.count(chr(10))} lines, {len(text):,} bytes; waits {DELAY_S * 1_000:.0f} ms for the next key")
    changes = {
        "a comment": ("# a", "# ab"),
        "the name of a flow": ("flow f7 ", "flow f7x "),
        "a mistake in a text": ('play "This is 40."', 'play "This is 40.'),
    }
    with server(text) as one:
        for what, (old, new) in changes.items():
            texts = (text.replace(old, new, 1), text)
            took, parsed = [], []
            for number in range(ROUNDS):
                took.append(one.seconds_to_problems(texts[number % 2]))
                parsed.append(seconds(lambda: bare.parse(text)))
            ours, parse = statistics.median(took), statistics.median(parsed)
            print(
                f"{what:20} {ours * 1_000:4.0f} ms to problems   Lark tree {parse * 1_000:4.0f} ms   "
                f"ratio {ours / parse:.2f} (bar {RATIO_MAX}), {(ours - DELAY_S) / parse:.2f} without the wait"
            )


if __name__ == "__main__":
    main()
