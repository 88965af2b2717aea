"""Text to tree: Lark's LALR parser, made once and cached, and how it goes on after a mistake.

After a mistake the parser skips to the next word that begins a statement, clause or declaration (or to the brace that
ends the block), unwinds to where such a word may stand, and goes on: one run tells every mistake once.
"""

import os
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.utils import TextSlice

from callflow.diagnostic import Diagnostic
from callflow.limits import NAME_CHARS_MAX, NESTING_MAX, PROBLEMS_MAX, SOURCE_BYTES_MAX, STRING_CHARS_MAX
from callflow.source import Source, Span
from callflow.syntax import problems, tree
from callflow.syntax.build import Builder, span_of
from callflow.syntax.depth import too_deep

_WORDS: Final = re.compile(r'"(?:\\.|[^"\\\n])*"?|#[^\n]*|[A-Za-z_][A-Za-z0-9_]*|[{}()]|\n', re.DOTALL)
_STRAY: Final = re.compile(r"[\x00\u202a-\u202e\u2066-\u2069\ufeff]")
"""Characters that make a text look like another one: NUL, byte order marks and changes of direction."""

DECLARATIONS: Final = frozenset(
    "scheme timezone region language number schedule agent group prompt start flow".split()
)
STATEMENTS: Final = frozenset(
    "when answer play wait set language goto again hangup reject menu connect voicemail record".split()
)
MENU_CLAUSES: Final = frozenset("play retry press dial silence invalid otherwise".split())
CONNECT_CLAUSES: Final = frozenset("busy no rejected unreachable failed answered press".split())
_STARTERS: Final = DECLARATIONS | STATEMENTS | MENU_CLAUSES | CONNECT_CLAUSES


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
        self._resumed_at = -1

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
        try:
            piece = TextSlice(self.source.text, start, end)
            found: tree.Expression = _parser().lark.parse(piece, start="expression_only")
        except UnexpectedInput:
            self.problems.append(problems.no_expression(Span(start, end), self.source.text[start:end]))
            return None
        return found

    def complain(self, kind: str, span: Span) -> None:
        """Take in a problem of a text."""
        self.problems.append(problems.in_text(kind, span, self.source.text[span.start : span.end]))

    def _recover(self, error: UnexpectedInput) -> bool:
        assert isinstance(error, UnexpectedToken | UnexpectedCharacters)
        parser: Any = error.interactive_parser
        stack: list[Any] = parser.parser_state.state_stack
        table = parser.parser_state.parse_conf.parse_table.states
        at = self._place(error)
        self.problems.append(
            problems.unexpected(self.source, at, self._found(error), frozenset(table[stack[-1]]), self._opened(at))
        )
        if len(self.problems) >= PROBLEMS_MAX:
            return False
        clauses = "RBRACE" in table[stack[-1]] and "GOTO" not in table[stack[-1]]
        for lowest in (len(stack), 1) if clauses else (1,):
            for sync, terminal in self._syncs(max(at, self._resumed_at + 1)):
                for depth in range(len(stack), lowest - 1, -1):
                    if terminal in table[stack[depth - 1]]:
                        del stack[depth:]
                        del parser.parser_state.value_stack[depth - 1 :]
                        parser.lexer_thread.state.line_ctr.char_pos = sync
                        self._resumed_at = sync
                        return True
        return False

    def _place(self, error: "UnexpectedToken | UnexpectedCharacters") -> int:
        if isinstance(error, UnexpectedToken):
            if error.token.type == "$END":
                return len(self.source.text)
            assert error.token.start_pos is not None
            return error.token.start_pos
        assert error.pos_in_stream is not None
        return error.pos_in_stream

    def _found(self, error: "UnexpectedToken | UnexpectedCharacters") -> str:
        if isinstance(error, UnexpectedToken):
            return "" if error.token.type == "$END" else str(error.token)
        return self.source.text[self._place(error)]

    def _syncs(self, start: int) -> Iterator[tuple[int, str]]:
        """Yield where the parser may go on after `start`, with the terminal that stands there."""
        depth = 0
        for found in _WORDS.finditer(self.source.text, start):
            text = found.group()
            if text == "{":
                depth += 1
            elif text == "}":
                if depth == 0:
                    yield found.start(), "RBRACE"
                else:
                    depth -= 1
            elif depth == 0 and text in _STARTERS:
                yield found.start(), text.upper()
        yield len(self.source.text), "$END"

    def _opened(self, end: int) -> tuple[int, ...]:
        """Return the offsets of the braces before `end` that are not closed."""
        opened: list[int] = []
        for found in _WORDS.finditer(self.source.text, 0, end):
            if found.group() == "{":
                opened.append(found.start())
            elif found.group() == "}" and opened:
                opened.pop()
        return tuple(opened)


def parse(source: Source) -> tuple[tree.Tree, list[Diagnostic]]:
    """Return the tree of a source and everything that is wrong with its text, in source order. Never raises."""
    refused = _too_much(source)
    if refused:
        return tree.Tree((), ()), refused
    run = _Run(source)
    parsed = run.parse()
    deep = None if run.problems else too_deep(parsed)
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
    for word in _WORDS.finditer(source.text):
        text = word.group()
        if text in "{(":
            depth += 1
            if depth == NESTING_MAX + 1:
                found.append(problems.too_deep(Span(word.start(), word.end())))
        elif text in "})":
            depth -= 1
        elif text[0] == '"' and len(text) - 2 > STRING_CHARS_MAX:
            found.append(problems.text_too_long(Span(word.start(), word.end()), len(text) - 2))
        elif len(text) > NAME_CHARS_MAX and text[0] not in '"#':
            found.append(problems.name_too_long(Span(word.start(), word.end())))
    return found[:PROBLEMS_MAX]
