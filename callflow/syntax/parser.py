"""Text to tree, and what keeps a text from being read at all."""

import re
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final

from callflow.diagnostic import Diagnostic
from callflow.limits import NAME_CHARS_MAX, NESTING_MAX, PROBLEMS_MAX, SOURCE_BYTES_MAX, STRING_CHARS_MAX
from callflow.source import Source, Span
from callflow.syntax import problems, tokens, tree
from callflow.syntax.build import Builder
from callflow.syntax.depth import too_deep
from callflow.syntax.run import Stack, grammar
from callflow.syntax.table import load

if TYPE_CHECKING:
    from callflow.syntax.recovery import Recovery

_STRAY: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""Characters that make a text look like another one: control characters, byte order marks, changes of direction."""

_NESTED: Final = re.compile(r'"(?:\\[^\n]|[^"\\\n])*"?|#[^\n]*|[{}()]')
_LONG_NAME: Final = re.compile(rf"[A-Za-z_][A-Za-z0-9_]{{{NAME_CHARS_MAX},}}")


class _Parser:
    """The grammar with our builder. The builder's two callbacks go to the run that is under way."""

    def __init__(self) -> None:
        self.grammar = grammar(load(), Builder(self._embedded, self._complain))
        self.run: _Run | None = None

    def _embedded(self, start: int, end: int) -> "tree.Expression | None":
        assert self.run is not None
        return self.run.embedded(start, end)

    def _complain(self, kind: str, span: Span) -> None:
        assert self.run is not None
        self.run.complain(kind, span)


@cache
def _parser() -> _Parser:
    return _Parser()


class _Run:
    """One text being parsed."""

    def __init__(self, source: Source, begin: int) -> None:
        self.source = source
        self.begin = begin
        self.comments: list[tree.Comment] = []
        self.problems: list[Diagnostic] = []

    def parse(self) -> tree.Tree:
        """Return the tree; without the parts that could not be understood, which are told in `problems`."""
        parser = _parser()
        outer, parser.run = parser.run, self
        try:
            text = self.source.text
            declarations = Stack(parser.grammar, "start").run(
                text, self.begin, len(text), self._comment, self._mistaken
            )
        finally:
            parser.run = outer
        return tree.Tree(declarations or (), tuple(self.comments))

    def _comment(self, text: str, start: int) -> None:
        text = text.rstrip()
        self.comments.append(tree.Comment(text, Span(start, start + len(text))))

    def embedded(self, start: int, end: int) -> "tree.Expression | None":
        """Return the expression that stands between two offsets."""
        comments: list[str] = []
        stack = Stack(_parser().grammar, "expression_only")
        found: tree.Expression | None = stack.run(
            self.source.text, start, end, lambda text, _: comments.append(text), lambda _stack, _at, _found: None
        )
        if found is None or comments:
            self.problems.append(problems.no_expression(Span(start, end), self.source.text[start:end]))
            return None
        return found

    def complain(self, kind: str, span: Span) -> None:
        """Take in a problem of a text."""
        self.problems.append(problems.in_text(kind, span, self.source.text[span.start : span.end]))

    def _mistaken(self, stack: Stack, at: int, found: str) -> int | None:
        """Tell what is wrong, and return where to go on."""
        goes_on_at = self._recovery.go_on(stack, at, found)
        return goes_on_at if len(self.problems) < PROBLEMS_MAX else None

    @cached_property
    def _recovery(self) -> "Recovery":
        from callflow.syntax.recovery import Recovery  # noqa: PLC0415  only where there are mistakes

        return Recovery(self.source, self.problems)


def parse(source: Source, begin: int = 0) -> tuple[tree.Tree, list[Diagnostic]]:
    """Return the tree of a source and everything that is wrong with its text, in source order. Never raises.

    What stands before `begin` is white space that makes room for other files.
    """
    refused = _too_much(source, begin)
    if refused:
        return tree.Tree((), ()), refused
    run = _Run(source, begin)
    parsed = run.parse()
    deep = None if run.problems else too_deep(source.text, parsed)
    if deep is not None:
        return tree.Tree((), ()), [problems.too_many_levels(deep)]
    once = {(problem.code.id, problem.span): problem for problem in reversed(run.problems)}
    return parsed, sorted(once.values(), key=lambda problem: problem.span)


def _too_much(source: Source, begin: int) -> list[Diagnostic]:
    """Return what keeps a text from being read at all."""
    size = len(source.text.encode("utf-8", "surrogatepass")) - begin
    if size > SOURCE_BYTES_MAX:
        return [problems.too_large(begin, size)]
    found = [problems.stray_character(source, stray.start()) for stray in _STRAY.finditer(source.text)]
    depth = 0
    for part in _NESTED.finditer(source.text):
        text = part.group()
        if text in "{(":
            depth += 1
            if depth == NESTING_MAX + 1:
                found.append(problems.too_deep(Span(part.start(), part.end())))
        elif text in "})":
            depth = max(0, depth - 1)
        elif text[0] == '"' and len(text) - 2 > STRING_CHARS_MAX:
            found.append(problems.text_too_long(Span(part.start(), part.end()), len(text) - 2))
    if _LONG_NAME.search(source.text):
        words = ((at, word) for at, word in tokens.words(source.text) if _LONG_NAME.fullmatch(word))
        found += [problems.name_too_long(Span(at, at + len(word))) for at, word in words]
    return found[:PROBLEMS_MAX]
