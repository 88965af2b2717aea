"""Tree to text: the one layout of a scheme. Moves white space alone; every word and comment stays as it was written.

The text is cut into tokens. The tree tells where declarations, statements and clauses begin and which `else` belongs to
what; the braces tell the blocks. Only for texts that have no problems.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Any, Final

import attrs

from callflow.source import Source
from callflow.syntax import tree
from callflow.syntax.tokens import TOKEN

WIDTH: Final = 100
"""Columns of a line before it is broken; comments do not count."""

_INDENT: Final = 4
_CONTINUED: Final = 8
"""Indent of what continues a line; more than a block's, so that the two cannot be taken for each other."""

_BLANK: Final = re.compile(r"[ \t\r\n]*")


@attrs.frozen
class _Token:
    text: str
    start: int
    newlines: int
    """How many line ends stand between this token and the one before."""

    @property
    def is_comment(self) -> bool:
        return self.text[0] == "#"


@attrs.define
class _Block:
    """What stands between two braces, or the whole file."""

    things: "list[_Thing]" = attrs.Factory(list)
    comment: _Token | None = None
    """The one behind the opening brace."""
    flat: str | None = None
    """The whole block on one line, where it was written so and may stay so."""


@attrs.define
class _Thing:
    """A declaration, a statement or a clause with its blocks; or a comment on a line of its own."""

    parts: "list[_Token | _Block]"
    blank: bool
    is_flow: bool = False
    comment: _Token | None = None
    """The one behind its last line."""

    @property
    def is_comment(self) -> bool:
        return isinstance(self.parts[0], _Token) and self.parts[0].is_comment


@attrs.frozen
class _Marks:
    """What the tree knows of the text, by offsets."""

    starts: frozenset[int]
    flows: frozenset[int]
    own_line: frozenset[int]
    """Each `else` whose `when` has no block before it."""
    same_line: frozenset[int]
    """Each `else` that stands behind a closing brace."""

    @property
    def elses(self) -> frozenset[int]:
        """Return every `else`."""
        return self.own_line | self.same_line


def format_source(source: Source, parsed: tree.Tree) -> str:
    """Return a text without problems in the one layout."""
    nodes = [node for declaration in parsed.declarations for node in _nodes(declaration)]
    solid = {node.span.start: node.span.end for node in nodes if isinstance(node, tree.Ident)}
    calls = (node.name.span for node in nodes if isinstance(node, tree.Function))
    solid |= {node.span.start: node.span.end for node in nodes if isinstance(node, tree.TimeOfDay)}
    solid |= {span.start: source.text.index("(", span.end) + 1 for span in calls}
    tokens = list(_tokens(source.text, solid))
    marks = _marks(source.text, parsed, nodes, tokens)
    return _Writer(marks).file(_Reader(tokens, marks).file())


# --- from text to things --------------------------------------------------------------------------------------------


def _nodes(node: Any) -> Iterator[Any]:
    """Yield a node and all below it; what stands inside texts is part of the texts."""
    yield node
    if isinstance(node, tree.Text):
        return
    for child in tree.below(node):
        yield from _nodes(child)


def _tokens(text: str, solid: dict[int, int]) -> Iterator[_Token]:
    """Yield the tokens; `solid` holds the ends of what is one token each: names, tags such as `pt-BR`, functions with
    the parenthesis behind them.
    """
    at = 0
    while True:
        space = _BLANK.match(text, at)
        assert space is not None
        at = space.end()
        if at == len(text):
            return
        found = TOKEN.match(text, at)
        assert found is not None
        end = solid.get(at, found.end())
        word = "".join(text[at:end].split()) if at in solid else text[at:end].rstrip()
        yield _Token(word, at, space.group().count("\n"))
        at = end


def _marks(text: str, parsed: tree.Tree, nodes: Iterable[Any], tokens: list[_Token]) -> _Marks:
    words = [token for token in tokens if not token.is_comment]
    starts = {declaration.span.start for declaration in parsed.declarations}
    own_line: set[int] = set()
    same_line: set[int] = set()
    for node in nodes:
        match node:
            case (
                tree.Block(statements=items, braced=True)
                | tree.Menu(clauses=items)
                | tree.Collect(clauses=items)
                | tree.Connect(clauses=items)
                | tree.Queue(clauses=items)
            ):
                starts.update(item.span.start for item in items)
            case tree.Match(cases=items, otherwise=last) | tree.Split(shares=items, otherwise=last):
                starts.update(item.span.start for item in (*items, *((last,) if last else ())))
            case tree.Record(fields=fields):
                starts.update(field.span.start for field in fields)
            case tree.Fetch(failed=tree.Clause(span=span)):
                starts.add(span.start)
            case tree.PromptDecl() if text[node.span.end - 1] == "}":
                starts.update(entry.span.start for entry in node.entries)
            case tree.When(other=tree.Block(span=other)):
                word = words[bisect_left(words, other.start, key=lambda token: token.start) - 1]
                (same_line if node.then.braced else own_line).add(word.start)
            case _:
                pass
    flows = {node.span.start for node in parsed.declarations if isinstance(node, tree.FlowDecl)}
    return _Marks(frozenset(starts), frozenset(flows), frozenset(own_line), frozenset(same_line))


class _Reader:
    """Takes tokens together to things and blocks."""

    def __init__(self, tokens: list[_Token], marks: _Marks) -> None:
        self._tokens = tokens
        self._marks = marks
        self._at = 0

    def file(self) -> _Block:
        """Return the whole file as a block."""
        return self._things(_Block())

    def _things(self, block: _Block) -> _Block:
        """Read up to the closing brace or to the end."""
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.text == "}":
                break
            if token.is_comment:
                self._at += 1
                _take_comment(block, token)
            else:
                block.things.append(self._thing())
        return block

    def _thing(self) -> _Thing:
        first = self._tokens[self._at]
        thing = _Thing([], blank=first.newlines > 1, is_flow=first.start in self._marks.flows)
        waiting: list[_Token] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token is not first and (token.text == "}" or token.start in self._marks.starts):
                break
            self._at += 1
            if token.is_comment:
                waiting.append(token)
                continue
            if token.text == "{":
                thing.parts.append(self._block(waiting))
            elif token.text == ",":
                thing.parts += [token, *waiting]
            else:
                thing.parts += [*waiting, token]
            waiting = []
        self._at -= len(waiting)
        return thing

    def _block(self, before: list[_Token]) -> _Block:
        """Read a block behind its opening brace. The comments that stood before the brace go behind it."""
        block = _Block()
        first = self._at
        for comment in before:
            _take_comment(block, comment)
        self._things(block)
        self._at += 1
        on_one_line = not any(token.newlines for token in self._tokens[first : self._at])
        if not block.things and block.comment is None:
            block.flat = "{}"
        elif on_one_line and not before:
            block.flat = self._flat(block)
        return block

    def _flat(self, block: _Block) -> str | None:
        words = []
        for thing in block.things:
            line = ""
            for part in thing.parts:
                if isinstance(part, _Token):
                    if part.start in self._marks.own_line:
                        return None
                    line += _gap(line, part.text) + part.text
                elif part.flat is None:
                    return None
                else:
                    line += f" {part.flat}"
            words.append(line)
        return f"{{ {' '.join(words)} }}"


def _take_comment(block: _Block, token: _Token) -> None:
    """Put a comment where it belongs: behind the line that it stands behind, or on a line of its own."""
    last = block.things[-1] if block.things else None
    if token.newlines == 0 and token.start > 0:
        if last is None and block.comment is None:
            block.comment = token
            return
        if last is not None and last.comment is None and not last.is_comment:
            last.comment = token
            return
    block.things.append(_Thing([token], blank=token.newlines > 1))


# --- from things to text --------------------------------------------------------------------------------------------


class _Writer:
    """Writes things line by line. `_line` is the one under way; None when none is."""

    def __init__(self, marks: _Marks) -> None:
        self._marks = marks
        self._lines: list[str] = []
        self._line: str | None = None

    def file(self, block: _Block) -> str:
        """Return the text of a whole file."""
        self._things(block.things, 0)
        return "".join(f"{line}\n" for line in self._lines)

    def _things(self, things: list[_Thing], indent: int) -> None:
        blanks = _blank_before(things)
        for place, thing in enumerate(things):
            if place in blanks:
                self._lines.append("")
            self._thing(thing, indent)
            if thing.comment is not None:
                self._line = f"{self._line}  {thing.comment.text}"
            self._end_line()

    def _end_line(self) -> None:
        if self._line is not None:
            self._lines.append(self._line)
        self._line = None

    def _thing(self, thing: _Thing, indent: int) -> None:
        first = thing.parts[0]
        else_indent = indent if isinstance(first, _Token) and first.text == "when" else indent + _CONTINUED
        self._line = " " * indent
        leads = self._lead_to_else(thing.parts)
        for place, part in enumerate(thing.parts):
            if isinstance(part, _Block):
                self._block(part, indent, self._room_for(thing.parts, place + 1))
                continue
            is_else = part.start in self._marks.elses
            continued = else_indent if leads[place] else indent + _CONTINUED
            if part.is_comment and part is not first:
                self._comment(part, continued)
                continue
            breaks = part.start in self._marks.own_line if is_else else self._overflows(thing.parts, place)
            if breaks:
                self._end_line()
            if self._line is None:
                self._line = " " * continued
            self._line += _gap(self._line, part.text) + part.text

    def _lead_to_else(self, parts: "list[_Token | _Block]") -> list[bool]:
        """Return for each part whether it is an `else`, or the next word behind comments is one."""
        found: list[bool] = []
        leads = False
        for part in reversed(parts):
            if isinstance(part, _Block):
                leads = False
            elif not part.is_comment:
                leads = part.start in self._marks.elses
            found.append(leads)
        return found[::-1]

    def _comment(self, token: _Token, indent: int) -> None:
        """Write a comment amid a thing: behind the line, or on a line of its own. The line ends with it."""
        if token.newlines == 0 and self._line is not None:
            self._line += f"  {token.text}"
        else:
            self._end_line()
            self._line = " " * indent + token.text
        self._end_line()

    def _overflows(self, parts: "list[_Token | _Block]", place: int) -> bool:
        """Return whether the line is to be broken before a word: behind a comma, when what follows has no room."""
        if self._line is None or not self._line.endswith(","):
            return False
        return len(self._line) + self._room_for(parts, place) > WIDTH

    def _room_for(self, parts: "list[_Token | _Block]", place: int) -> int:
        """Return how many columns are written from here to the next place where a line may end."""
        line = "x"
        for following in range(place, len(parts)):
            part = parts[following]
            if isinstance(part, _Block):
                line += " {"
                break
            if part.is_comment or part.start in self._marks.own_line:
                break
            line += _gap(line, part.text) + part.text
            if part.text == ",":
                break
        return len(line) - 1

    def _block(self, block: _Block, indent: int, behind: int) -> None:
        """Write a block; `behind` is the room that what follows on its last line needs."""
        if self._line is None:
            self._line = " " * indent
        if block.flat is not None and len(self._line) + 1 + len(block.flat) + behind <= WIDTH:
            self._line += f"{_gap(self._line, '{')}{block.flat}"
            return
        self._line += f"{_gap(self._line, '{')}{{"
        if block.comment is not None:
            self._line += f"  {block.comment.text}"
        self._end_line()
        self._things(block.things, indent + _INDENT)
        self._line = " " * indent + "}"


def _gap(line: str, word: str) -> str:
    """Return what stands between a line and the next word."""
    return "" if word in {",", ")", ".", ":", "%"} or not line or line[-1] in " (." else " "


def _blank_before(things: list[_Thing]) -> set[int]:
    """Return before which things a line is left blank: as it was written, and around every flow."""
    blank = {place for place, thing in enumerate(things) if thing.blank}
    for place, thing in enumerate(things):
        if thing.is_flow:
            first = place
            while first > 0 and things[first - 1].is_comment and not things[first].blank:
                first -= 1
            blank |= {first, place + 1}
    return blank - {0}
