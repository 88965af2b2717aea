"""What the compiler has against a scheme, as values. Nothing here prints."""

import enum

import attrs

from callflow.source import Span


class Severity(enum.Enum):
    """How much a problem matters: an error stops a scheme from being served, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@attrs.frozen
class Code:
    """A stable number, such as `CF203`. Its hundreds are the stage; a number is never used twice."""

    id: str
    severity: Severity
    title: str


@attrs.frozen
class Label:
    """A second place that belongs to a problem, with at most six words."""

    span: Span
    text: str


@attrs.frozen
class Fix:
    """A repair of one problem: `title` says what it does, each edit replaces the text of a span.

    A safe one keeps what callers experience, or restores what plainly was meant: `callflow check --fix` makes it.
    Somebody has to look at the others before they are made.
    """

    title: str
    edits: tuple[tuple[Span, str], ...]
    safe: bool


def fixed(title: str, span: Span, text: str, *, safe: bool) -> tuple[Fix, ...]:
    """Return the one repair that replaces the text of a span."""
    return (Fix(title, ((span, text),), safe),)


@attrs.frozen
class Diagnostic:
    """One problem: what is so (`message`), where (`span`), what a caller would hear (`notes`), what to do (`help`)."""

    code: Code
    message: str
    span: Span
    label: str = ""
    labels: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    help: str = ""
    fixes: tuple[Fix, ...] = ()
