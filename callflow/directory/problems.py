"""What can be wrong with a directory: CF118 to CF120."""

from collections.abc import Sequence
from typing import Final

from callflow.diagnostic import Code, Diagnostic, Severity
from callflow.source import Span
from callflow.words import did_you_mean, listed, shown

NO_DIRECTORY: Final = Code("CF118", Severity.ERROR, "a directory cannot be read")
UNKNOWN_KEY: Final = Code("CF119", Severity.ERROR, "unknown key in a directory")
WRONG_VALUE: Final = Code("CF120", Severity.ERROR, "a directory says something else than it can")


def no_directory(span: Span, reason: str) -> Diagnostic:
    """Return the problem of a file that is no directory at all."""
    return Diagnostic(NO_DIRECTORY, f"the directory cannot be read: {reason}", span)


def unknown_key(span: Span, key: str, of_what: str, known: Sequence[str]) -> Diagnostic:
    """Return the problem of a key that means nothing there."""
    help_ = did_you_mean(key, known, f"known are {listed(known, 'and')}")
    return Diagnostic(UNKNOWN_KEY, f"{shown(key)} is no key of {of_what}", span, help=help_)


def key_twice(span: Span, key: str) -> Diagnostic:
    """Return the problem of a key that stands twice."""
    return Diagnostic(UNKNOWN_KEY, f"the key {shown(key)} stands twice", span, help="remove one of them")


def wrong_value(span: Span, key: str, wanted: str) -> Diagnostic:
    """Return the problem of a value of another form."""
    return Diagnostic(WRONG_VALUE, f"{shown(key)} takes {wanted}", span)


def missing(span: Span, key: str, of_what: str) -> Diagnostic:
    """Return the problem of a key that has to be there."""
    return Diagnostic(WRONG_VALUE, f"{of_what} lacks `{key}`", span, help=f"add `{key}: …`")
