"""Two calls beside each other: what happened in both, and what in one only."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final

import attrs

from callflow.machine.model import Spoken
from callflow.runner.journal import Entry
from callflow.sim.call import spoken_ms
from callflow.sim.trace import same, trace

_WIDTH: Final = 48
_DIFFERS: Final = "≠"


@attrs.frozen
class Row:
    """The same moment of two calls: what happened, empty where nothing did."""

    old: str
    new: str

    @property
    def differs(self) -> bool:
        """Return whether the calls differ here."""
        return not self.old or not self.new or not same(self.old, self.new)


def happened(journal: Sequence[Entry]) -> tuple[str, ...]:
    """Return what happened in a call, one thing after another."""

    def called(item: Spoken) -> str:
        return item.file or f'"{item.text}"'

    return trace(journal, called, spoken_ms)


def rows(old: Sequence[str], new: Sequence[str]) -> list[Row]:
    """Return two calls moment by moment, as much of it the same as can be."""
    found: list[Row] = []
    for kind, i, j, k, m in SequenceMatcher(a=list(old), b=list(new), autojunk=False).get_opcodes():
        if kind in ("equal", "replace"):
            found.extend(Row(one, other) for one, other in zip_longest(old[i:j], new[k:m], fillvalue=""))
        else:
            found.extend(Row(one, "") for one in old[i:j])
            found.extend(Row("", one) for one in new[k:m])
    return found


def lines(found: Sequence[Row], old: str, new: str) -> Iterator[str]:
    """Yield rows under the names of both calls; those that differ are marked."""
    yield f"    {old:<{_WIDTH}}   {new}".rstrip()
    for row in found:
        mark = _DIFFERS if row.differs else " "
        yield f"  {mark} {_clipped(row.old):<{_WIDTH}}   {_clipped(row.new)}".rstrip()


def _clipped(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
