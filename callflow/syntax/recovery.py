"""How the parser goes on after a mistake, so that one run tells every mistake once.

Where it is plain what was meant (a comma, a unit, a quote is missing) the parser goes on as if it had been written.
Otherwise it skips to the next word that begins a statement, clause or declaration, or to the brace that ends the block,
and unwinds to where such a word may stand. It never leaves a block by a word, but for a declaration that stands as far
to the left as the flow that was not closed.
"""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any, Final

from lark import Token
from lark.parsers.lalr_analysis import Shift

from callflow.diagnostic import Diagnostic
from callflow.source import Source, Span
from callflow.syntax import problems, tokens

_STARTERS: Final = frozenset((*problems.DECLARATIONS, *problems.STATEMENTS, *problems.MENU, *problems.CONNECT))
_DECLARATIONS: Final = frozenset(problems.DECLARATIONS)
_VALUE: Final = frozenset(("NAME", "STRING", "DIGITS", "DURATION"))
_END: Final = "$END"


class Stack:
    """The stack of Lark's parser: its states, and the values read so far."""

    def __init__(self, state: Any) -> None:
        self._state = state
        self.states: list[Any] = state.state_stack
        self.values: list[Any] = state.value_stack
        self._table: dict[Any, dict[str, Any]] = state.parse_conf.states
        self._end = state.parse_conf.end_state

    def expected(self, depth: int = 0) -> frozenset[str]:
        """Return the terminals that may come next; with `depth`, when only so many states are left."""
        states = self.states[:depth] if depth else self.states
        names = (name for name in self._table[states[-1]] if name.isupper() or name == _END)
        return frozenset(name for name in names if self._may_come(states, name))

    def _may_come(self, states: list[Any], terminal: str) -> bool:
        """Return whether a terminal may come next. The table alone says so too often: it merges states."""
        states = list(states)
        while True:
            action, target = self._table[states[-1]].get(terminal, (None, None))
            if action is None or action is Shift:
                return action is Shift
            del states[len(states) - len(target.expansion) :]
            states.append(self._table[states[-1]][target.origin.name][1])
            if states[-1] == self._end:
                return terminal == _END

    @property
    def floor(self) -> int:
        """Return how many states have to stay so that no brace is left."""
        braces = (place for place in range(len(self.values) - 1, -1, -1) if _is_brace(self.values[place]))
        return next(braces, -1) + 2

    def depth_for(self, terminal: str, lowest: int) -> int:
        """Return how many states may stay for a terminal to come next, 0 when it never may."""
        depths = range(len(self.states), lowest - 1, -1)
        return next((depth for depth in depths if self._may_come(self.states[:depth], terminal)), 0)

    def begins(self, terminal: str, following: str) -> bool:
        """Return whether `terminal` may begin something inside the innermost brace, and `following` come behind it."""
        for state in reversed(self.states[self.floor - 1 :]):
            action, target = self._table[state].get(terminal, (None, None))
            if action is Shift:
                return following in self._table[target]
        return False

    def cut(self, depth: int) -> None:
        """Unwind to so many states."""
        del self.states[depth:]
        del self.values[depth - 1 :]

    def feed(self, terminal: str, text: str, span: Span) -> None:
        """Go on as if `text` had been written."""
        token = Token(terminal, text, span.start)
        token.end_pos = span.end
        self._state.feed_token(token)


def _is_brace(value: Any) -> bool:
    return isinstance(value, Token) and value.type == "LBRACE"


class Recovery:
    """The mistakes of one text: what to tell, and where to go on."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._words = list(tokens.words(source.text))
        self._resumed_at = -1
        self._left_at = 0
        """Where all blocks were left; braces before it count no more."""

    def problem(self, stack: Stack, at: int, found: str) -> tuple[Diagnostic | None, int | None]:
        """Return what is wrong at an offset where a terminal `found` stands, and where to go on; None: nowhere.

        There is no problem to tell where the end of a brace is missing whose beginning was missing too.
        """
        at, expected = self._taken_for_a_name(stack, at, found) or (at, stack.expected())
        place = self._place(at, expected)
        if at == len(self._source.text) and stack.floor > 1 and not place.opened:
            return None, self._resume(stack, at, skip_line=False)
        problem, repair = problems.unexpected(place)
        if repair is not None and (repair.at > at or at > self._resumed_at):
            if repair.terminal:
                stack.feed(repair.terminal, repair.text, Span(at, repair.at))
            self._resumed_at = at
            return problem, repair.at
        return problem, self._resume(stack, at, skip_line=problem.code in problems.UNKNOWN)

    def _before(self, at: int) -> int:
        """Return the place of the last word that stands before an offset, -1 when there is none."""
        return bisect_left(self._words, (at, "")) - 1

    def _place(self, at: int, expected: frozenset[str]) -> problems.Place:
        place = self._before(at)
        before = None if place < 0 else Span(self._words[place][0], self._words[place][0] + len(self._words[place][1]))
        opened, lost = self._opened(at)
        outer = self._indent(opened[0]) if opened else 0
        return problems.Place(
            self._source, at, before, expected, opened, lost, outdented=self._first_of_line(at) and self._indent(at) <= outer
        )

    def _taken_for_a_name(self, stack: Stack, at: int, found: str) -> tuple[int, frozenset[str]] | None:
        """Return where a statement begins whose word was read as a name: the value in `when a == goto b` is missing."""
        place = self._before(at)
        if place < 0 or self._words[place][1] not in _STARTERS:
            return None
        start, word = self._words[place]
        top = stack.values[-1]
        node = top[-1] if isinstance(top, tuple) and top else top
        read_as_name = hasattr(node, "span") and node.span.end == start + len(word)
        if "\n" in self._source.text[start:at] or not read_as_name or not stack.begins(word.upper(), found):
            return None
        alone = node is top and node.span.start == start
        return start, stack.expected(len(stack.states) - 1) if alone else _VALUE

    def _resume(self, stack: Stack, at: int, *, skip_line: bool) -> int | None:
        """Unwind to where the text goes on, and return where that is."""
        floor = stack.floor
        for sync, terminal, leaves in self._syncs(max(at, self._resumed_at + 1), skip_line=skip_line):
            if terminal == _END and at < sync and floor > 1:
                stack.cut(floor)  # the brace that is open is a mistake of its own
                return sync
            depth = stack.depth_for(terminal, 1 if leaves or terminal == _END else floor)
            if depth:
                stack.cut(depth)
                self._resumed_at = sync
                if leaves:
                    self._left_at = sync
                return sync
        return None

    def _syncs(self, start: int, *, skip_line: bool) -> Iterator[tuple[int, str, bool]]:
        """Yield where the text may go on, with the terminal that stands there and whether it leaves all blocks."""
        text = self._source.text
        opened, _ = self._opened(start)
        outer = self._indent(opened[0]) if opened else 0
        line_end = text.find("\n", start) if skip_line else -1
        depth = 0
        for place in range(self._before(start) + 1, len(self._words)):
            at, word = self._words[place]
            if word == "{":
                depth += 1
            elif word == "}" and depth == 0:
                yield at, "RBRACE", False
            elif word == "}":
                depth -= 1
            elif word in _STARTERS and not self._is_name(place):
                if word in _DECLARATIONS and self._first_of_line(at) and self._indent(at) <= outer:
                    yield at, word.upper(), True
                if depth == 0 and at > line_end:
                    yield at, word.upper(), False
        yield len(text), _END, False

    def _is_name(self, place: int) -> bool:
        """Return whether a word is plainly the name of a flow."""
        after_goto = place > 0 and self._words[place - 1][1] == "goto"
        behind = self._words[place + 1][1] if place + 1 < len(self._words) else ""
        return after_goto or (self._words[place][1] == "start" and behind != "{")

    def _opened(self, end: int) -> tuple[tuple[int, ...], int | None]:
        """Return the braces before `end` that are not closed; and the one that a brace closed for its outer one.

        The second is told by indents: a brace further left than the line of the one that it closes was meant for another.
        """
        opened: list[int] = []
        lost: int | None = None
        for at, word in self._words[self._before(self._left_at) + 1 : self._before(end) + 1]:
            if word == "{":
                opened.append(at)
            elif word == "}" and opened:
                last = opened.pop()
                if lost is None and self._first_of_line(at) and self._indent(at) < self._indent(last):
                    lost = last
        return tuple(opened), lost

    def _first_of_line(self, at: int) -> bool:
        return not self._source.text[self._line_start(at) : at].strip(" \t")

    def _indent(self, at: int) -> int:
        """Return the indent of the line of an offset."""
        start = self._line_start(at)
        line = self._source.text[start : at + 1]
        return len(line) - len(line.lstrip(" \t"))

    def _line_start(self, at: int) -> int:
        return self._source.text.rfind("\n", 0, at) + 1
