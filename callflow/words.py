"""Help with spelling, and lists in words. Nothing here knows the language."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

_SLIPS: Final = ((4, 1), (9, 2))
"""How many slips a name of so many letters may have to be taken for another one; longer ones may have three. More
mislead more often than they help.
"""
_SLIPS_MAX: Final = 3

_OFFERED_MAX: Final = 3
"""Names that are equally near; of more, nobody finds theirs."""

_DURATION: Final = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?)(ms|s|m|h|d)")
_UNITS_MS: Final = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}

_SHOWN_CHARS_MAX: Final = 40
"""How much of a text is repeated in a message."""


def slips(one: str, other: str, most: int = _SLIPS_MAX) -> int:
    """Return how many letters one has to add, drop, change or swap to come from a name to another; `most + 1` for more.

    Optimal string alignment: two letters that changed places are one slip.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        earlier, before, row = before, row, [at]
        for place, its in enumerate(other, 1):
            cost = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != its))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == its:
                cost = min(cost, earlier[place - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that `name` is most likely a slip of, None when it is like none."""
    near = _nearest(name, known)
    return near[0] if near else None


def one_slip_from(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that differs from `name` by one slip or by capitals, None when none or several do."""
    near = _nearest(name, known)
    return near[0] if len(near) == 1 and slips(name.lower(), near[0].lower()) <= 1 else None


def _nearest(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names with the fewest slips, the first known first; none with more than its length allows."""
    low = name.lower()
    most = next((allowed for letters, allowed in _SLIPS if len(name) <= letters), _SLIPS_MAX)
    found: list[str] = []
    for one in dict.fromkeys(known):
        count = slips(low, one.lower(), most)
        if count > most or count >= min(len(name), len(one)):  # no letter in common
            continue
        if count < most:
            found, most = [], count
        found.append(one)
    return found


def did_you_mean(name: str, known: Sequence[str], otherwise: str = "") -> str:
    """Return the help that offers the nearest names, or `otherwise`."""
    near = _nearest(name, known)
    return f"did you mean {listed(near[:_OFFERED_MAX])}?" if near else otherwise


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


def listed_some(names: Sequence[str], most: int = 20) -> str:
    """Return the first names as a list in words, and how many others there are: "`a`, `b` and 3 others"."""
    if len(names) <= most:
        return listed(names, "and")
    return f"{', '.join(f'`{name}`' for name in names[: most - 1])} and {len(names) - most + 1} others"


def spoken_list(words: Sequence[str]) -> str:
    """Return words as a list that is spoken: "a, b or c"."""
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else "".join(words)


def counted(number: int, thing: str) -> str:
    """Return a number with its thing: `1 error`, `2 errors`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def parse_duration(text: str) -> int | None:
    """Return a duration such as `10s` or `1.5m` in milliseconds, None where it is none."""
    found = _DURATION.fullmatch(text.strip())
    return None if found is None else round(float(found.group(1)) * _UNITS_MS[found.group(2)])


def duration(ms: int) -> str:
    """Return a duration as it is written in a scheme: `2s`, `1.5s`, `3m`."""
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)):
        if ms >= size and ms % size == 0:
            return f"{ms // size}{unit}"
    return f"{ms / 1_000:g}s" if ms >= 1_000 else f"{ms}ms"  # noqa: PLR2004  milliseconds in a second
