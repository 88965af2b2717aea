"""Text to tree: Lark's LALR parser, made once and cached, and what keeps a text from being read at all."""

import os
import re
from contextlib import suppress
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Final

from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.utils import TextSlice

from callflow.diagnostic import Diagnostic
from callflow.limits import NAME_CHARS_MAX, NESTING_MAX, PROBLEMS_MAX, SOURCE_BYTES_MAX, STRING_CHARS_MAX
from callflow.source import Source, Span
from callflow.syntax import problems, tokens, tree
from callflow.syntax.build import Builder, span_of
from callflow.syntax.depth import too_deep
from callflow.syntax.recovery import Recovery, Stack

_STRAY: Final = re.compile(r"[\x00\u202a-\u202e\u2066-\u2069\ufeff]")
"""Characters that make a text look like another one: NUL, byte order marks and changes of direction."""

_NESTED: Final = re.compile(r'"(?:\\[^\n]|[^"\\\n])*"?|#[^\n]*|[{}()]')
_LONG_NAME: Final = re.compile(rf"[A-Za-z_][A-Za-z0-9_]{{{NAME_CHARS_MAX},}}")


def grammar_text() -> str:
    """Return the grammar: from the installed package, or from the checkout."""
    packed = resources.files("callflow") / "_grammar" / "flow.lark"
    if packed.is_file():
        return packed.read_text(encoding="utf-8")
    return (Path(__file__).parents[2] / "grammar" / "flow.lark").read_text(encoding="utf-8")


def cache_dir() -> Path | None:
    """Return the folder for what can be made again, None where there is none that only this user writes."""
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(root) / "callflow"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owned = not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()
    except (OSError, RuntimeError):
        return None
    return folder if owned and os.access(folder, os.W_OK) else None


class _Parser:
    """Lark with our builder. The builder's two callbacks go to the run that is under way."""

    def __init__(self) -> None:
        folder = cache_dir()
        options: dict[str, Any] = {
            "parser": "lalr",
            "lexer": "contextual",
            "start": ["start", "expression_only"],
            "maybe_placeholders": True,
            "transformer": Builder(self._embedded, self._complain),
            "lexer_callbacks": {"COMMENT": self._comment},
        }
        grammar = grammar_text()
        try:
            self.lark = Lark(grammar, cache=str(folder / "grammar.bin") if folder else False, **options)
        except (OSError, EOFError, ValueError, KeyError):
            self.lark = Lark(grammar, **options)
        self.run: _Run | None = None

    def _embedded(self, start: int, end: int) -> "tree.Expression | None":
        assert self.run is not None
        return self.run.embedded(start, end)

    def _complain(self, kind: str, span: Span) -> None:
        assert self.run is not None
        self.run.complain(kind, span)

    def _comment(self, token: Token) -> Token:
        if self.run is not None:
            self.run.comments.append(tree.Comment(str(token).rstrip(), span_of(token)))
        return token


@cache
def _parser() -> _Parser:
    return _Parser()


class _Run:
    """One text being parsed."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.comments: list[tree.Comment] = []
        self.problems: list[Diagnostic] = []

    def parse(self) -> tree.Tree:
        """Return the tree; without the parts that could not be understood, which are told in `problems`."""
        parser = _parser()
        outer, parser.run = parser.run, self
        try:
            declarations = parser.lark.parse(self.source.text, start="start", on_error=self._recover)
        except UnexpectedInput:
            declarations = ()
        finally:
            parser.run = outer
        return tree.Tree(tuple(declarations), tuple(self.comments))

    def embedded(self, start: int, end: int) -> "tree.Expression | None":
        """Return the expression that stands between two offsets."""
        comments = len(self.comments)
        found: tree.Expression | None = None
        with suppress(UnexpectedInput):
            found = _parser().lark.parse(TextSlice(self.source.text, start, end), start="expression_only")
        if found is None or len(self.comments) > comments:
            del self.comments[comments:]
            self.problems.append(problems.no_expression(Span(start, end), self.source.text[start:end]))
            return None
        return found

    def complain(self, kind: str, span: Span) -> None:
        """Take in a problem of a text."""
        self.problems.append(problems.in_text(kind, span, self.source.text[span.start : span.end]))

    def _recover(self, error: UnexpectedInput) -> bool:
        """Tell what is wrong, and put the parser where it can go on. Returns whether it can."""
        parser: Any = error.interactive_parser
        if isinstance(error, UnexpectedToken):
            found = error.token.type
            at = len(self.source.text) if error.token.start_pos is None or found == "$END" else error.token.start_pos
        else:
            assert isinstance(error, UnexpectedCharacters)
            assert error.pos_in_stream is not None
            found, at = "", error.pos_in_stream
        goes_on_at = self._recovery.go_on(Stack(parser.parser_state), at, found)
        if goes_on_at is None or len(self.problems) >= PROBLEMS_MAX:
            return False
        parser.lexer_thread.state.line_ctr.char_pos = goes_on_at
        return True

    @cached_property
    def _recovery(self) -> Recovery:
        return Recovery(self.source, self.problems)


def parse(source: Source) -> tuple[tree.Tree, list[Diagnostic]]:
    """Return the tree of a source and everything that is wrong with its text, in source order. Never raises."""
    refused = _too_much(source)
    if refused:
        return tree.Tree((), ()), refused
    run = _Run(source)
    parsed = run.parse()
    deep = None if run.problems else too_deep(source.text, parsed)
    if deep is not None:
        return tree.Tree((), ()), [problems.too_many_levels(deep)]
    return parsed, sorted(run.problems, key=lambda problem: problem.span)


def _too_much(source: Source) -> list[Diagnostic]:
    """Return what keeps a text from being read at all."""
    size = len(source.text.encode("utf-8", "surrogatepass"))
    if size > SOURCE_BYTES_MAX:
        return [problems.too_large(size)]
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
