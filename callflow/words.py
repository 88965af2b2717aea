"""Help with spelling, and lists in words. Nothing here knows the language."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Final

_CLOSE: Final = 0.6
"""Likeness from which another name is offered; lower ones mislead more often than they help."""

_SHOWN_CHARS_MAX: Final = 40
"""How much of a text is repeated in a message."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most like `name`, None when none is like it."""
    found = get_close_matches(name.lower(), {one.lower(): one for one in known}, n=1, cutoff=_CLOSE)
    return next((one for one in known if one.lower() == found[0]), None) if found else None


def did_you_mean(name: str, known: Sequence[str], otherwise: str = "") -> str:
    """Return the help that offers the nearest name, or `otherwise`."""
    near = nearest(name, known)
    return f"did you mean `{near}`?" if near else otherwise


def listed(names: Iterable[str], last: str = "or") -> str:
    """Return names in backquotes as a list in words: "`a`, `b` or `c`"."""
    quoted = [f"`{name}`" for name in names]
    if len(quoted) < 2:  # noqa: PLR2004  one name is no list
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"


def shown(text: str) -> str:
    """Return what somebody wrote as a message shows it: in backquotes, short, without what would move a terminal."""
    if not text.strip():
        return "an empty text"
    plain = "".join(char if char.isprintable() else " " for char in text)
    return f"`{plain}`" if len(plain) <= _SHOWN_CHARS_MAX else f"`{plain[:_SHOWN_CHARS_MAX]}…`"


def spoken_list(words: Sequence[str]) -> str:
    """Return words as a list that is spoken: "a, b or c"."""
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else "".join(words)


def counted(number: int, thing: str) -> str:
    """Return a number with its thing: `1 error`, `2 errors`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def duration(ms: int) -> str:
    """Return a duration as it is written in a scheme: `2s`, `1.5s`, `3m`."""
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)):
        if ms >= size and ms % size == 0:
            return f"{ms // size}{unit}"
    return f"{ms / 1_000:g}s" if ms >= 1_000 else f"{ms}ms"  # noqa: PLR2004  milliseconds in a second
