"""No text brings the server down: random edits of real schemes, and everything asked at random places."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol.types import LSPErrorCodes

from tests.lsp.editor import Editor, Refused
from tests.lsp.schemes import EVERYTHING

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.flow"))
TEXTS = (EVERYTHING, *(path.read_text(encoding="utf-8") for path in EXAMPLES))

PIECES = ("{", "}", '"', "#", "\r\n", "\r", "\n", "goto ", "menu {", "😀", "\ud83d", "\u2028", "\x00", "\\", "(", " = ",
          "when ", "caller.", "press 1 ", "5", "flow start {", "start", "\ufeff", "é", ".", 'import "a.flow"\n',
          )  # fmt: skip

CHANGE = st.tuples(st.floats(0, 1), st.integers(0, 60), st.lists(st.sampled_from(PIECES), max_size=3).map("".join))
"""Where, in parts of the text; how much goes; what comes."""

AT = ("completion", "hover", "definition", "documentHighlight")
OF: dict[str, dict[str, Any]] = {
    "documentSymbol": {},
    "foldingRange": {},
    "semanticTokens/full": {},
    "formatting": {"options": {"tabSize": 4, "insertSpaces": True}},
}


def changed(text: str, change: tuple[float, int, str]) -> str:
    where, gone, new = change
    at = round(where * len(text))
    return text[:at] + new + text[at + gone :]


@settings(max_examples=60)
@given(st.sampled_from(TEXTS), st.lists(CHANGE, min_size=1, max_size=4), st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_everything_is_answered_for_any_text(text: str, changes: list[tuple[float, int, str]], encoding: str) -> None:
    editor = Editor(encodings=(encoding,))
    uri = editor.open(text)
    for change in changes:
        at = text.count("\n", 0, round(change[0] * len(text)))
        text = changed(text, change)
        editor.change(text)
        place = {"line": at, "character": change[1]}
        for method in AT:
            editor.at(method, **place)
        with suppress(Refused):
            editor.at("prepareRename", **place)
        editor.at("references", **place, context={"includeDeclaration": True})
        for method, more in OF.items():
            editor.of(method, **more)
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": 9_999, "character": 0}}
        actions = editor.of("codeAction", range=whole, context={"diagnostics": []})
        for action in actions:
            if "data" in action:
                editor.ask("codeAction/resolve", action)
    assert uri in editor.told
    errors = [one["error"] for one in editor.said if "error" in one]
    assert all(one["code"] == LSPErrorCodes.RequestFailed for one in errors), errors
    assert not [one for one in editor.said if one.get("method") == "window/showMessage"]


CHANGES = st.lists(CHANGE, min_size=1, max_size=3)
NAMES = st.text("ab_1 goto", max_size=5)


@settings(max_examples=40)
@given(st.sampled_from(TEXTS), CHANGES, st.floats(0, 1), NAMES)
def test_a_rename_is_made_or_refused(text: str, changes: list[tuple[float, int, str]], where: float, name: str) -> None:
    for change in changes:
        text = changed(text, change)
    editor = Editor()
    editor.open(text)
    place = {"line": text.count("\n", 0, round(where * len(text))), "character": 12}
    with suppress(Refused):
        editor.at("rename", **place, newName=name)
    errors = [one["error"] for one in editor.said if "error" in one]
    assert all(one["code"] == LSPErrorCodes.RequestFailed for one in errors), errors
