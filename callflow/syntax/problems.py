"""What can be wrong with a text before its meaning is asked for: CF1xx, and the bounds of a text, CF6xx."""

from typing import Final

from callflow.diagnostic import Code, Diagnostic, Edit, Label, Severity
from callflow.limits import NAME_CHARS_MAX, NESTING_MAX, SOURCE_BYTES_MAX, STRING_CHARS_MAX
from callflow.source import Source, Span
from callflow.words import did_you_mean, listed

_ERROR: Final = Severity.ERROR

UNEXPECTED: Final = Code("CF101", _ERROR, "something else is expected here")
UNKNOWN_STATEMENT: Final = Code("CF102", _ERROR, "unknown statement")
UNKNOWN_DECLARATION: Final = Code("CF103", _ERROR, "unknown declaration")
UNKNOWN_CLAUSE: Final = Code("CF104", _ERROR, "unknown clause")
NEVER_CLOSED: Final = Code("CF105", _ERROR, "a brace is never closed")
NOTHING_TO_CLOSE: Final = Code("CF106", _ERROR, "a brace closes nothing")
TEXT_WITHOUT_END: Final = Code("CF107", _ERROR, "a text has no end")
STRANGE_CHARACTER: Final = Code("CF108", _ERROR, "a character means nothing here")
NO_UNIT: Final = Code("CF109", _ERROR, "a duration has no unit")
STRAY_CHARACTER: Final = Code("CF110", _ERROR, "an invisible character")
NOT_UTF8: Final = Code("CF111", _ERROR, "the file is not UTF-8")
UNKNOWN_ESCAPE: Final = Code("CF112", _ERROR, "unknown escape in a text")
BRACE_IN_TEXT: Final = Code("CF113", _ERROR, "a brace in a text has no partner")
NOTHING_IN_BRACES: Final = Code("CF114", _ERROR, "braces in a text are empty")
NO_EXPRESSION: Final = Code("CF115", _ERROR, "what stands in the braces of a text is no value")
STATEMENT_OUTSIDE: Final = Code("CF116", _ERROR, "a statement stands outside every flow")
HASH_KEY: Final = Code("CF117", _ERROR, "the key # needs quotes")

TOO_LARGE: Final = Code("CF601", _ERROR, "the source is too large")
TOO_DEEP: Final = Code("CF602", _ERROR, "braces are nested too deeply")
TEXT_TOO_LONG: Final = Code("CF603", _ERROR, "a text is too long")
NAME_TOO_LONG: Final = Code("CF604", _ERROR, "a name is too long")

_DECLARATIONS: Final = ("scheme", "timezone", "region", "language", "number", "schedule", "agent", "group", "prompt",
                        "start", "flow")  # fmt: skip
_STATEMENTS: Final = ("answer", "play", "wait", "menu", "connect", "voicemail", "when", "set", "language", "goto",
                      "again", "hangup", "reject", "record")  # fmt: skip
_MENU: Final = ("play", "retry", "press", "dial", "silence", "invalid", "otherwise", "tries", "timeout", "pause")
_CONNECT: Final = ("busy", "no answer", "rejected", "unreachable", "failed", "answered", "press")

_SHOWN_CHARS_MAX: Final = 40
"""How much of an unexpected word is repeated in a message."""

_THINGS: Final = (
    ({"DURATION"}, "a duration such as `20s`"),
    ({"NAME", "STRING", "EXTENSION"}, "an agent, a group, an address in quotes or `extension`"),
    ({"NAME", "START"}, "the name of a flow"),
    ({"NAME", "STRING", "DIGITS"}, "a value"),
    ({"NAME", "STRING"}, "a name, or a text in quotes"),
    ({"DIGITS", "STAR", "STRING"}, "a key such as `1`, `*` or `\"#\"`"),
    ({"NAME"}, "a name"),
    ({"STRING"}, "a text in quotes"),
    ({"DIGITS"}, "a number"),
    ({"TAG"}, "a language or region such as `en`"),
    ({"LBRACE"}, "`{`"),
    ({"PLAY", "GOTO"}, "a statement"),
)
"""What to call a set of terminals that may stand in a place: the first whose terminals are all there."""


def unexpected(
    source: Source, at: int, found: str, expected: frozenset[str], opened: tuple[int, ...]
) -> Diagnostic:
    """Return the problem of a text in which `found` stands where only the terminals `expected` may."""
    span = Span(at, at + max(1, len(found)) if found else at)
    if not found:
        return _ended_early(span, expected, opened)
    if found[0] == '"':
        return Diagnostic(TEXT_WITHOUT_END, "this text has no end", Span(at, _line_end(source, at)),
                          help="close it with `\"` on the same line")  # fmt: skip
    if found == "}" and not opened:
        return Diagnostic(NOTHING_TO_CLOSE, "this `}` closes nothing", span, help="remove it")
    if "STAR" in expected and "DIGITS" in expected and "PLUS" not in expected and _hash_follows(source, at):
        return _hash_key(source, at)
    word = found.isidentifier()
    if opened and found in _DECLARATIONS and found != "language" and "RBRACE" in expected:
        return _never_closed(opened[0], Label(span, "begins inside it"))
    if word and {"GOTO", "HANGUP"} <= expected:
        return _unknown(UNKNOWN_STATEMENT, "statement", found, span, _STATEMENTS)
    if word and {"FLOW", "SCHEME"} <= expected:
        if found in _STATEMENTS:
            return Diagnostic(STATEMENT_OUTSIDE, f"`{found}` is a statement and stands outside every flow", span,
                              help="move it into `start { … }` or a `flow`")  # fmt: skip
        return _unknown(UNKNOWN_DECLARATION, "declaration", found, span, _DECLARATIONS)
    if word and {"RETRY", "OTHERWISE"} <= expected:
        return _unknown(UNKNOWN_CLAUSE, "clause of a menu", found, span, _MENU)
    if word and {"UNREACHABLE", "FAILED"} <= expected and "GOTO" not in expected:
        return _unknown(UNKNOWN_CLAUSE, "clause of `connect`", found, span, _CONNECT)
    if found.isdigit() and "DURATION" in expected:
        return Diagnostic(NO_UNIT, f"`{found}` has no unit", span, help=f"write `{found}s` for seconds",
                          fix=(Edit(span, f"{found}s"),))  # fmt: skip
    if len(found) == 1 and not found.isalnum() and found not in "{}(),=.+-*<>":
        return Diagnostic(STRANGE_CHARACTER, f"`{found}` means nothing here", span)
    return _misplaced(source, at, found, expected, span)


def _misplaced(source: Source, at: int, found: str, expected: frozenset[str], span: Span) -> Diagnostic:
    before = source.text[:at].split()
    after = f"after `{before[-1][-_SHOWN_CHARS_MAX:]}` " if before else "here "
    thing = _thing(expected)
    shown = found if len(found) <= _SHOWN_CHARS_MAX else f"{found[:_SHOWN_CHARS_MAX]}…"
    message = f"{after}comes {thing}, not `{shown}`" if thing else f"`{shown}` cannot stand here"
    return Diagnostic(UNEXPECTED, message, span)


def _thing(expected: frozenset[str]) -> str:
    return next((words for terminals, words in _THINGS if terminals <= expected), "")


def _unknown(code: Code, kind: str, found: str, span: Span, known: tuple[str, ...]) -> Diagnostic:
    shown = found[:_SHOWN_CHARS_MAX]
    return Diagnostic(code, f"`{shown}` is no {kind}", span, help=did_you_mean(found, known, f"one of {listed(known)}"))


def _ended_early(span: Span, expected: frozenset[str], opened: tuple[int, ...]) -> Diagnostic:
    if opened:
        return _never_closed(opened[-1], Label(span, "the file ends here"))
    thing = _thing(expected) or "more"
    return Diagnostic(UNEXPECTED, f"the file ends where {thing} is expected", span)


def _never_closed(brace: int, label: Label) -> Diagnostic:
    span = Span(brace, brace + 1)
    return Diagnostic(NEVER_CLOSED, "this `{` is never closed", span, labels=(label,), help="close it with `}`")


def _hash_follows(source: Source, at: int) -> bool:
    line = source.text[source.text.rfind("\n", 0, at) + 1 : at]
    before = source.text[:at].rstrip()
    return before.endswith("press") or "press #" in line or _line_before(before).endswith("press")


def _line_before(before: str) -> str:
    last = before.rsplit("\n", 1)[-1]
    return last.split("#", 1)[0].rstrip()


def _hash_key(source: Source, at: int) -> Diagnostic:
    place = source.text.rfind("press", 0, at)
    mark = source.text.find("#", place, at + 1)
    span = Span(mark, mark + 1) if mark >= 0 else Span(at, at + 1)
    return Diagnostic(HASH_KEY, "`#` begins a comment here", span, help='write `press "#"`',
                      fix=(Edit(span, '"#"'),))  # fmt: skip


def _line_end(source: Source, at: int) -> int:
    end = source.text.find("\n", at)
    return end if end >= 0 else len(source.text)


def in_text(kind: str, span: Span, found: str) -> Diagnostic:
    """Return the problem of a text: `kind` is `escape`, `brace` or `empty`."""
    if kind == "escape":
        return Diagnostic(UNKNOWN_ESCAPE, f"`{found}` is no escape", span,
                          help='known are `\\"`, `\\\\`, `\\{`, `\\}` and `\\n`')  # fmt: skip
    if kind == "empty":
        return Diagnostic(NOTHING_IN_BRACES, "nothing stands between these braces", span,
                          help="name a value, or write `\\{` for a brace that is spoken")  # fmt: skip
    return Diagnostic(BRACE_IN_TEXT, f"this `{found}` has no partner", span,
                      help=f"write `\\{found}` for a brace that is part of the text")  # fmt: skip


def no_expression(span: Span, found: str) -> Diagnostic:
    """Return the problem of braces in a text that hold no value."""
    shown = found.strip()[:_SHOWN_CHARS_MAX]
    return Diagnostic(NO_EXPRESSION, f"`{shown}` is no value", span,
                      help="name a value such as `{caller.number}`, or write `\\{` for a brace")  # fmt: skip


def stray_character(source: Source, at: int) -> Diagnostic:
    """Return the problem of a character that nobody sees."""
    code = ord(source.text[at])
    span = Span(at, at + 1)
    return Diagnostic(STRAY_CHARACTER, f"an invisible character, U+{code:04X}", span, help="remove it",
                      fix=(Edit(span, ""),))  # fmt: skip


def not_utf8(at: int) -> Diagnostic:
    """Return the problem of a file that is no text in UTF-8; `at` is the byte."""
    return Diagnostic(NOT_UTF8, f"byte {at} is not UTF-8", Span(0, 0), help="save the file as UTF-8")


def too_large(size: int) -> Diagnostic:
    """Return the problem of a source of `size` bytes."""
    return Diagnostic(TOO_LARGE, f"the source has {size} bytes, the limit is {SOURCE_BYTES_MAX}", Span(0, 0),
                      help="split the scheme")  # fmt: skip


def too_deep(span: Span) -> Diagnostic:
    """Return the problem of a brace inside too many others."""
    return Diagnostic(TOO_DEEP, f"braces are nested more than {NESTING_MAX} deep", span,
                      help="move the inner part into a flow of its own")  # fmt: skip


def text_too_long(span: Span, size: int) -> Diagnostic:
    """Return the problem of a text of `size` characters."""
    return Diagnostic(TEXT_TOO_LONG, f"this text has {size} characters, the limit is {STRING_CHARS_MAX}", span,
                      help="split it into several, or use a sound file")  # fmt: skip


def name_too_long(span: Span) -> Diagnostic:
    """Return the problem of a name that is too long."""
    size = span.end - span.start
    return Diagnostic(NAME_TOO_LONG, f"this name has {size} characters, the limit is {NAME_CHARS_MAX}", span)
