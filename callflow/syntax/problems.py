"""What can be wrong with a text before its meaning is asked for: CF1xx, and the bounds of a text, CF6xx."""

from typing import Final

from callflow.diagnostic import Code, Diagnostic, Severity, fixed
from callflow.limits import (
    BUNDLE_BYTES_MAX,
    FILES_MAX,
    LEVELS_MAX,
    NAME_CHARS_MAX,
    NESTING_MAX,
    SOURCE_BYTES_MAX,
    STRING_CHARS_MAX,
)
from callflow.source import Source, Span
from callflow.words import shown

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
TOO_DEEP: Final = Code("CF602", _ERROR, "nested too deeply")
TEXT_TOO_LONG: Final = Code("CF603", _ERROR, "a text is too long")
TOO_MANY_FILES: Final = Code("CF607", _ERROR, "too many files, or too much in them")
NAME_TOO_LONG: Final = Code("CF604", _ERROR, "a name is too long")


def in_text(kind: str, span: Span, found: str) -> Diagnostic:
    """Return the problem of a text: `kind` is `escape`, `brace` or `empty`."""
    if kind == "escape":
        return Diagnostic(UNKNOWN_ESCAPE, f"{shown(found)} is no escape", span,
                          help='known are `\\"`, `\\\\`, `\\{`, `\\}` and `\\n`',
                          fixes=fixed(f"write `\\{found}`", span, f"\\{found}", safe=False))  # fmt: skip
    if kind == "empty":
        return Diagnostic(NOTHING_IN_BRACES, "nothing stands between these braces", span,
                          help="name a value, or write `\\{` for a brace that is spoken")  # fmt: skip
    return Diagnostic(BRACE_IN_TEXT, f"this `{found}` has no partner", span,
                      help=f"write `\\{found}` for a brace that is part of the text",
                      fixes=fixed(f"write `\\{found}`", span, f"\\{found}", safe=False))  # fmt: skip


def no_expression(span: Span, found: str) -> Diagnostic:
    """Return the problem of braces in a text that hold no value."""
    return Diagnostic(NO_EXPRESSION, f"{shown(found.strip())} is no value", span,
                      help="name a value such as `{caller.number}`, or write `\\{` for a brace")  # fmt: skip


def stray_character(source: Source, at: int) -> Diagnostic:
    """Return the problem of a character that nobody sees."""
    code = ord(source.text[at])
    span = Span(at, at + 1)
    return Diagnostic(STRAY_CHARACTER, f"an invisible character, U+{code:04X}", span, help="remove it",
                      fixes=fixed("remove it", span, "", safe=True))  # fmt: skip


def not_utf8(at: int) -> Diagnostic:
    """Return the problem of a file that is no text in UTF-8; `at` is the byte."""
    return Diagnostic(NOT_UTF8, f"byte {at} is not UTF-8", Span(0, 0), help="save the file as UTF-8")


def too_large(at: int, size: int) -> Diagnostic:
    """Return the problem of a file of `size` bytes that begins at an offset."""
    return Diagnostic(TOO_LARGE, f"the source has {size} bytes, the limit is {SOURCE_BYTES_MAX}", Span(at, at),
                      help="split the scheme into files and `import` them")  # fmt: skip


def too_many_files(span: Span) -> Diagnostic:
    """Return the problem of one file too many."""
    return Diagnostic(TOO_MANY_FILES, f"a scheme has at most {FILES_MAX} files", span, help="join some of them")


def bundle_too_large(span: Span) -> Diagnostic:
    """Return the problem of files that are too much together."""
    most = BUNDLE_BYTES_MAX // 1024
    return Diagnostic(TOO_MANY_FILES, f"the files of this scheme have more than {most} KiB", span)


def too_deep(span: Span) -> Diagnostic:
    """Return the problem of a brace inside too many others."""
    return Diagnostic(TOO_DEEP, f"braces are nested more than {NESTING_MAX} deep", span,
                      help="move the inner part into a flow of its own")  # fmt: skip


def too_many_levels(span: Span) -> Diagnostic:
    """Return the problem of what stands inside too many statements and values, with braces or without."""
    return Diagnostic(TOO_DEEP, f"this stands inside more than {LEVELS_MAX} others", span,
                      help="move the inner part into a flow of its own")  # fmt: skip


def text_too_long(span: Span, size: int) -> Diagnostic:
    """Return the problem of a text of `size` characters."""
    return Diagnostic(TEXT_TOO_LONG, f"this text has {size} characters, the limit is {STRING_CHARS_MAX}", span,
                      help="split it into several, or use a sound file")  # fmt: skip


def name_too_long(span: Span) -> Diagnostic:
    """Return the problem of a name that is too long."""
    size = span.end - span.start
    return Diagnostic(NAME_TOO_LONG, f"this name has {size} characters, the limit is {NAME_CHARS_MAX}", span)
