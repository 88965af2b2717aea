"""Repairs made: the text of a scheme with its problems repaired, round by round, and what is left of them.

A round makes every repair that no other overlaps, and the scheme is checked again. A repair that does not take its
problem away, or that brings a new one, is not made.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

import attrs

from callflow.compile.pipeline import Compiled
from callflow.diagnostic import Diagnostic, Fix
from callflow.limits import PROBLEMS_MAX
from callflow.source import Source, Span
from callflow.syntax.parser import parse

_ROUNDS_MAX: Final = PROBLEMS_MAX
"""Every round repairs something; more would not be read as problems either."""

Recheck = Callable[[str], Compiled]


@attrs.frozen
class Mended:
    """What became of a text: how many problems are repaired, and what the check now says."""

    text: str
    repaired: int
    compiled: Compiled


def mend(text: str, compiled: Compiled, recheck: Recheck, *, unsafe: bool = False) -> Mended:
    """Return a text with the safe repairs of its problems made, or with all; `recheck` checks a text that changed."""
    return _Mending(text, compiled, recheck, unsafe=unsafe).mended()


def edited(text: str, fixes: Iterable[Fix]) -> str:
    """Return a text with the edits of repairs made that do not overlap."""
    edits = sorted((edit for fix in fixes for edit in fix.edits), key=lambda edit: edit[0])
    parts: list[str] = []
    at = 0
    for span, new in edits:
        parts += (text[at : span.start], new)
        at = span.end
    return "".join((*parts, text[at:]))


class _Mending:
    def __init__(self, text: str, compiled: Compiled, recheck: Recheck, *, unsafe: bool) -> None:
        self._text = text
        self._compiled = compiled
        self._recheck = recheck
        self._unsafe = unsafe
        self._repaired = 0
        self._refused: set[tuple[str, str]] = set()

    def mended(self) -> Mended:
        """Make rounds until one brings nothing."""
        for _ in range(_ROUNDS_MAX):
            chosen = self._chosen()
            if not chosen:
                break
            self._make_some(chosen)
        return Mended(self._text, self._repaired, self._compiled)

    def _chosen(self) -> list[tuple[Diagnostic, Fix]]:
        """Return the repairs of a round, each with its problem: none touches another."""
        taken: list[Span] = []
        chosen: list[tuple[Diagnostic, Fix]] = []
        for problem in self._compiled.problems:
            fix = next((one for one in problem.fixes if one.safe or self._unsafe), None)
            if fix is None or _key(problem) in self._refused:
                continue
            spans = [span for span, _ in fix.edits]
            here = all(span.end <= len(self._text) for span in spans)  # and not in a file that is imported
            if here and not any(_touch(span, other) for span in spans for other in taken):
                taken += spans
                chosen.append((problem, fix))
        return chosen

    def _make_some(self, chosen: list[tuple[Diagnostic, Fix]]) -> bool:
        """Make repairs, or some of them; one that cannot be made is not tried again."""
        if self._make(chosen):
            return True
        if len(chosen) == 1:
            self._refused.add(_key(chosen[0][0]))
            return False
        half = len(chosen) // 2
        return self._make_some(chosen[:half]) or self._make_some(chosen[half:])

    def _make(self, chosen: list[tuple[Diagnostic, Fix]]) -> bool:
        """Make repairs if that is for the better."""
        text = edited(self._text, [fix for _, fix in chosen])
        after = self._recheck(text)
        if not self._better(after, text, [problem for problem, _ in chosen]):
            return False
        self._text, self._compiled = text, after
        self._repaired += len(chosen)
        return True

    def _better(self, after: Compiled, text: str, repaired: list[Diagnostic]) -> bool:
        told = self._compiled.problems
        left = after.problems
        if len(told) >= PROBLEMS_MAX:  # then others come after those that go
            last = told[-1].span.start + len(text) - len(self._text)
            left = [problem for problem in left if problem.span.start <= last]
        was, now = Counter(map(_key, told)), Counter(map(_key, left))
        if any(now[key] >= was[key] for key in map(_key, repaired)):
            return False
        if not _is_readable(self._text):
            return _is_readable(text) or now.total() <= was.total()
        return _is_readable(text) and after.errors <= self._compiled.errors  # it may show what it hid


def _key(problem: Diagnostic) -> tuple[str, str]:
    return problem.code.id, problem.message


def _touch(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end


def _is_readable(text: str) -> bool:
    return not parse(Source("", text))[1]
