"""How the parser goes on after a mistake, so that one run tells every mistake once.

Where it is plain what was meant (a comma, a unit, a quote is missing) the parser goes on as if it had been written.
Otherwise it skips to the next word that begins a statement, clause or declaration, or to the brace that ends the block,
and unwinds to where such a word may stand. It never leaves a block by a word, but for a declaration that stands as far
to the left as the flow that was not closed.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final

from lark import Token
from lark.parsers.lalr_analysis import Shift

from callflow.diagnostic import Diagnostic
from callflow.source import Source, Span
from callflow.syntax import problems, tokens, tree

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
        if self.values and _is(self.values[-1], "RBRACE"):
            self._close_block()

    def _close_block(self) -> None:
        """Make one value of a block whose end was read, which Lark does only when it likes what follows."""
        _, rule = next(iter(self._table[self.states[-1]].values()))
        size = len(rule.expansion)
        children = self.values[-size:]
        del self.values[-size:], self.states[-size:]
        self.values.append(self._state.parse_conf.callbacks[rule](children))
        self.states.append(self._table[self.states[-1]][rule.origin.name][1])

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
        braces = (place for place in range(len(self.values) - 1, -1, -1) if _is(self.values[place], "LBRACE"))
        return next(braces, -1) + 2

    def depth_for(self, terminal: str, lowest: int) -> int:
        """Return how many states may stay for a terminal to come next, 0 when it never may.

        What was read behind `press 1` is not dropped to take another body in its place.
        """
        for depth in range(len(self.states), lowest - 1, -1):
            states = self.states[:depth]
            wants_body = depth < len(self.states) and self._may_come(states, "LBRACE")
            if self._may_come(states, terminal) and not wants_body:
                return depth
        return 0

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


def _is(value: Any, terminal: str) -> bool:
    return isinstance(value, Token) and value.type == terminal


class Recovery:
    """The mistakes of one text: what to tell, and where to go on."""

    def __init__(self, source: Source, told: list[Diagnostic]) -> None:
        self._source = source
        self._told = told
        self._words = list(tokens.words(source.text))
        self._resumed_at = -1
        self._left_at = 0
        """Where all blocks were left; braces before it count no more."""
        self._guessed_at = -1
        """The last problem after which the text had to be skipped, or which may come from an earlier one."""

    def go_on(self, stack: Stack, at: int, found: str) -> int | None:
        """Tell what is wrong at an offset where a terminal `found` stands, and return where to go on; None: nowhere."""
        taken = self._taken_for_a_name(stack, at, found)
        if taken is not None:
            at = taken
            stack.cut(len(stack.states) - 1)
        place = self._place(at, stack.expected())
        if stack.floor > 1 and not place.opened and (not place.found or place.outdented):
            return self._resume(stack, at, skip_line=False)  # the beginning of the block was missing: told already
        problem, repair = problems.unexpected(place)
        self._tell(place, problem, repaired=repair is not None)
        if repair is not None and at > self._resumed_at:
            if repair.terminal:
                stack.feed(repair.terminal, repair.text, Span(at, repair.at))
            self._resumed_at = at
            return repair.at
        return self._resume(stack, at, skip_line=problem.code in problems.UNKNOWN)

    def _tell(self, place: problems.Place, problem: Diagnostic, *, repaired: bool) -> None:
        """Tell a problem, unless it is plainly the consequence of one that was told."""
        begin, end = self._region(place.at)
        out_of_place = problem.code in problems.OUT_OF_PLACE and (place.found in problems.PLACED or place.found == "}")
        if problem.code is problems.NEVER_CLOSED:
            self._told[:] = (
                told
                for told in self._told
                if told.code not in problems.OUT_OF_PLACE
                or self._source.text[told.span.start : told.span.end] not in problems.PLACED
                or told.span < problem.span
            )
        silent = out_of_place and self._guessed_at >= begin and not self._balanced(begin, end)
        if place.found == "else" and out_of_place:
            whens = (at for at, word in self._words_of(begin, place.at) if word == "when")
            silent |= self._guessed_at >= max(whens, default=len(self._source.text))
        if not silent:
            self._told.append(problem)
        if out_of_place or not repaired:
            self._guessed_at = place.at

    def _region(self, at: int) -> tuple[int, int]:
        """Return where the outermost declaration around an offset begins, and where the next one does."""
        place = bisect_right(self._regions, at)
        return self._regions[place - 1], self._regions[place] if place < len(self._regions) else len(self._source.text)

    @cached_property
    def _regions(self) -> list[int]:
        margin = self._indent(self._words[0][0]) if self._words else 0
        begins = (at for at, word in self._words if word in _DECLARATIONS and self._indent(at) <= margin)
        return [0, *(at for at in begins if self._first_of_line(at))]

    def _balanced(self, begin: int, end: int) -> bool:
        """Return whether there are as many braces opened as closed."""
        braces = [word for _, word in self._words_of(begin, end) if word in "{}"]
        return 2 * braces.count("{") == len(braces)

    def _words_of(self, begin: int, end: int) -> list[tuple[int, str]]:
        """Return the words between two offsets."""
        return self._words[self._before(begin) + 1 : self._before(end) + 1]

    def _before(self, at: int) -> int:
        """Return the place of the last word that stands before an offset, -1 when there is none."""
        return bisect_left(self._words, (at, "")) - 1

    def _place(self, at: int, expected: frozenset[str]) -> problems.Place:
        place = self._before(at)
        before = None if place < 0 else Span(self._words[place][0], self._words[place][0] + len(self._words[place][1]))
        opened, lost = self._opened(at)
        outer = self._indent(opened[0]) if opened else 0
        declared = place + 1 < len(self._words) and self._words[place + 1][1] in _DECLARATIONS
        return problems.Place(
            source=self._source,
            at=at,
            before=before,
            expected=expected,
            opened=opened,
            lost=lost,
            outdented=declared and self._first_of_line(at) and self._indent(at) <= outer,
            surplus=not self._balanced(*self._region(at)),
        )

    def _taken_for_a_name(self, stack: Stack, at: int, found: str) -> int | None:
        """Return where a statement begins whose word was read as a name: the value in `when a == goto b` is missing."""
        place = self._before(at)
        if place < 0 or self._words[place][1] not in _STARTERS:
            return None
        start, word = self._words[place]
        node = stack.values[-1]
        while isinstance(node, tree.Binary | tree.Logic | tree.Negation):
            *_, node = tree.below(node)
        named = isinstance(node, tree.Ident | tree.NameRef) and node.span == Span(start, start + len(word))
        if "\n" in self._source.text[start:at] or not named or not stack.begins(word.upper(), found):
            return None
        return start

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

        The second is told by indents: what stands further left than the line of the brace it closes was meant for
        another.
        """
        opened: list[int] = []
        lost: int | None = None
        for at, word in self._words_of(self._left_at, end):
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
