"""Repairs that need the text or the tree around a problem: what stands twice goes once, what nobody uses goes, and what
goes takes its line with it. Problems come in and go out; nothing is repaired here.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import attrs

from callflow.check import problems as names
from callflow.diagnostic import Diagnostic, Fix
from callflow.prove import problems as paths
from callflow.source import Source, Span
from callflow.syntax import tree

_TWICE: Final = frozenset(
    {
        names.DECLARED_TWICE,
        names.SAID_TWICE,
        names.KEY_TWICE,
        names.CLAUSE_TWICE,
        names.OPTION_TWICE,
        names.NUMBER_TWICE,
        names.MEMBER_TWICE,
    }
)
"""Problems of two things side by side, of which the first is the label."""

_EMPTY: Final = re.compile(r"\r?\n")
_EMPTY_BEFORE: Final = re.compile(r"\n(\r?\n)\Z")
_COMMA: Final = re.compile(r",\s*\Z")


def with_repairs(found: list[Diagnostic], parsed: tree.Tree, source: Source) -> list[Diagnostic]:
    """Return problems with every repair there is for them, each so that its edits leave a tidy text."""
    repairs = _Repairs(parsed, source)
    return [attrs.evolve(one, fixes=tuple(map(repairs.tidied, repairs.of(one)))) for one in found]


class _Repairs:
    def __init__(self, parsed: tree.Tree, source: Source) -> None:
        self._parsed = parsed
        self._text = source.text

    def of(self, problem: Diagnostic) -> tuple[Fix, ...]:
        """Return the repairs of a problem."""
        if problem.fixes:
            return problem.fixes
        if problem.code in _TWICE:
            return tuple(self._second_removed(problem))
        if problem.code is names.NEVER_USED:
            return tuple(self._removed(one.span) for one in self._declared(problem.span))
        if problem.code is paths.FLOW_UNREACHED:
            return tuple(self._removed(one.span) for one in self._declared(problem.span) if not self._is_named(one))
        if problem.code is paths.NEVER_REACHED:
            return tuple(self._rest_removed(problem.span))
        return ()

    # --- what goes ---

    def _second_removed(self, problem: Diagnostic) -> Iterator[Fix]:
        pair = _side_by_side(self._parsed, problem.labels[0].span, problem.span) if problem.labels else None
        if pair is None:
            return
        first, second = pair
        span = second.span
        comma = _COMMA.search(self._text, 0, span.start)
        if comma is not None and not self._comments(Span(comma.start(), span.start)):
            span = Span(comma.start(), span.end)
        if _say_the_same(first, second):
            yield Fix("remove the second", ((span, ""),), safe=True)
        elif problem.code is names.OPTION_TWICE:
            yield Fix("remove the second", ((span, ""),), safe=False)

    def _removed(self, span: Span) -> Fix:
        return Fix("remove it", ((span, ""),), safe=False)

    def _declared(self, name: Span) -> Iterator[Any]:
        """Yield the declaration whose name stands in a span."""
        for one in self._parsed.declarations:
            declared = getattr(one, "name", None)
            if isinstance(declared, tree.Ident) and declared.span == name:
                yield one

    def _is_named(self, flow: Any) -> bool:
        """Return whether something outside a flow is called as it is: perhaps a way to it."""
        outside = (node for one in self._parsed.declarations if one is not flow for node in _nodes(one))
        return any(isinstance(node, tree.Ident) and node.name == flow.name.name for node in outside)

    def _rest_removed(self, span: Span) -> Iterator[Fix]:
        """Yield the removal of a statement and all behind it in its block."""
        for node in (node for one in self._parsed.declarations for node in _nodes(one)):
            if isinstance(node, tree.Block) and node.braced:
                for statement in node.statements:
                    if statement.span.start == span.start:
                        yield self._removed(statement.span.to(node.statements[-1].span))

    # --- how it goes ---

    def tidied(self, fix: Fix) -> Fix:
        """Return a repair that leaves no empty line and no space behind, and is not safe if a comment would go."""
        edits = tuple(
            (span if text else self._with_its_space(span), self._with_our_lines(text)) for span, text in fix.edits
        )
        comments = any(self._comments(span) for span, text in edits if not text)
        return Fix(fix.title, edits, fix.safe and not comments)

    def _with_our_lines(self, text: str) -> str:
        return text.replace("\n", "\r\n") if "\r\n" in self._text else text

    def _comments(self, span: Span) -> bool:
        return any(span.start <= one.span.start < span.end for one in self._parsed.comments)

    def _with_its_space(self, span: Span) -> Span:
        text = self._text
        start, end = span.start, span.end
        while start > 0 and text[start - 1] in " \t":
            start -= 1
        while end < len(text) and text[end] in " \t\r":
            end += 1
        begins = start == 0 or text[start - 1] == "\n"
        ends = end == len(text) or text[end] == "\n"
        if begins and ends and span.start < span.end:
            return self._with_an_empty_line(Span(start, min(end + 1, len(text))))
        if ends:
            return Span(start, span.end)
        if text[start : start + 1] in " \t" and text[span.end : span.end + 1] in " \t" and not begins:
            return Span(start, span.end)
        return span

    def _with_an_empty_line(self, lines: Span) -> Span:
        """Return whole lines with the empty line behind or before them, where else two would meet."""
        before, behind = _EMPTY_BEFORE.search(self._text, 0, lines.start), _EMPTY.match(self._text, lines.end)
        if behind and (before or lines.start == 0):
            return Span(lines.start, behind.end())
        return Span(before.start(1), lines.end) if before and lines.end == len(self._text) else lines


def _nodes(node: Any) -> Iterator[Any]:
    """Yield a node and all below it."""
    work = [node]
    while work:
        one = work.pop()
        yield one
        work.extend(tree.below(one))


def _side_by_side(node: Any, first: Span, second: Span) -> tuple[Any, Any] | None:
    """Return the two things of one list in which two spans lie."""
    for field in node.__match_args__:
        value = getattr(node, field)
        among = [part for part in (value if isinstance(value, tuple) else (value,)) if hasattr(part, "span")]
        one, other = (next((part for part in among if _holds(part.span, span)), None) for span in (first, second))
        if one is not None and one is other:
            return _side_by_side(one, first, second)
        if one is not None and other is not None:
            return one, other
    return None


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _say_the_same(one: Any, other: Any) -> bool:
    if isinstance(one, tree.NumberRoute) and isinstance(other, tree.NumberRoute):
        return one.flow.name == other.flow.name  # of one number, which can be written in several ways
    return tree.alike(one, other)
