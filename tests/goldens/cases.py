"""Input and outcome of every problem code. A golden file holds both, one above the other."""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from callflow.compile.pipeline import Compiled, compile_path, compile_source
from callflow.limits import FILES_MAX, LEVELS_MAX, SOURCE_BYTES_MAX, STATES_MAX, STATES_PER_FLOW_MAX, STRING_CHARS_MAX
from callflow.report.terminal import render_all
from callflow.source import Source

FOLDER = Path(__file__).parent
DIVIDER = "----\n"


class Files:
    """A folder that nobody has to keep: two sounds that play, one that does not, and the schemes of a golden."""

    def __init__(self, schemes: dict[str, str]) -> None:
        self._schemes = schemes

    def read(self, file: str) -> bytes:
        if file not in self._schemes:
            raise FileNotFoundError(2, "No such file or directory", file)
        return self._schemes[file].encode()

    def refusal(self, file: str) -> str | None:
        known = {"welcome.wav": None, "shared/welcome.wav": None, "broken.wav": "it has 2 channels, not one"}
        return known.get(file, "")


def compiled(text: str, path: str) -> Compiled:
    """Return what becomes of a text that lies beside those files. Behind `---- name` stands another file."""
    scheme, *others = re.split(r"^---- (?=\S)", text, flags=re.MULTILINE)
    files = {name: other for name, _, other in (one.partition("\n") for one in others)}
    directory = next((Source(name, other) for name, other in files.items() if name.endswith(".yaml")), None)
    return compile_source(Source(path, scheme), Files(files), directory)


def _many(statements: int) -> str:
    return "    wait 1s\n" * statements


def _levels() -> str:
    return f"start {{\n    {'when digits == none hangup else ' * (LEVELS_MAX // 2)}hangup\n}}\n"


def _flows() -> str:
    names = [f"part{number}" for number in range(STATES_MAX // 400 + 1)]
    flows = [f"flow {name} {{\n{_many(400)}    goto {after}\n}}\n" for name, after in pairwise(names)]
    return "\n".join([f"start {{\n    goto {names[0]}\n}}\n", *flows, f"flow {names[-1]} {{\n    hangup\n}}\n"])


def _imports() -> str:
    names = [f"part{number}.flow" for number in range(FILES_MAX)]
    imports = "".join(f'import "{name}"\n' for name in names)
    return imports + "start {\n    hangup\n}\n" + "".join(f"---- {name}\n# nothing yet\n" for name in names)


GENERATED: dict[str, tuple[str, Callable[[], str | bytes]]] = {
    "CF110": (
        "a byte order mark before `start`, and U+202E before a text",
        lambda: '\ufeffstart {\n    play \u202e"Good morning."\n}\n',
    ),
    "CF111": ("`play` with a text in Latin-1", lambda: 'start {\n    play "Grüß Gott!"\n}\n'.encode("latin-1")),
    "CF601": ("one byte of comment too much", lambda: f"start {{\n}}\n#{'x' * (SOURCE_BYTES_MAX - 11)}\n"),
    "CF602": ("sixty-four times `else when`", _levels),
    "CF603": ("one character too much", lambda: f'start {{\n    play "{"x" * (STRING_CHARS_MAX + 1)}"\n}}\n'),
    "CF605": (
        "one statement too much, with the end of the flow",
        lambda: f"start {{\n    goto long\n}}\n\nflow long {{\n{_many(STATES_PER_FLOW_MAX)}}}\n",
    ),
    "CF606": ("flows of 400 statements", _flows),
    "CF607": ("a scheme that imports one file too many", _imports),
}
"""Inputs that are too long to be read, or that no editor would keep: what they are, and how they are made."""


def outcome(code: str, text: str, folder: Path) -> str:
    """Return what the compiler tells of a golden's input, as a terminal shows it."""
    path = f"{code}.flow"
    given = GENERATED[code][1]() if code in GENERATED else text
    if isinstance(given, bytes):
        (folder / path).write_bytes(given)
        found = compile_path(folder / path)
        found = Compiled(Source(path, found.source.text), found.machine, found.problems)
    else:
        found = compiled(given, path)
    return render_all(found.problems, found.source) + "\n"


def read(code: str) -> tuple[str, str]:
    """Return a golden's input and its outcome."""
    text = (FOLDER / f"{code}.golden").read_text(encoding="utf-8")
    source, _, expected = text.partition(DIVIDER)
    return source, expected


def write(code: str, text: str, told: str) -> None:
    """Write a golden: its input as it was, or what its input is made of, and what came out."""
    shown = f"({GENERATED[code][0]})\n" if code in GENERATED else text
    (FOLDER / f"{code}.golden").write_text(shown + DIVIDER + told, encoding="utf-8")
