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

from callflow.diagnostic import Diagnostic
from callflow.limits import PROBLEMS_MAX
from callflow.source import Source, Span
from callflow.syntax import tokens, tree, unexpected
from callflow.syntax.problems import NEVER_CLOSED
from callflow.syntax.run import Stack
from callflow.syntax.table import END, rule_of

_STARTERS: Final = frozenset((*unexpected.DECLARATIONS, *unexpected.STATEMENTS, *unexpected.CLAUSES))
_DECLARATIONS: Final = frozenset(unexpected.DECLARATIONS)


def floor_of(stack: Stack) -> int:
    """Return how many states have to stay so that no brace is left."""
    values = stack.values
    braces = (place for place in range(len(values) - 1, -1, -1) if _is(values[place], "LBRACE"))
    return next(braces, -1) + 2


def depth_for(stack: Stack, terminal: str, lowest: int) -> int:
    """Return how many states may stay for a terminal to come next, 0 when it never may.

    What was read behind `press 1` is not dropped to take another body in its place.
    """
    top = len(stack.states)
    for depth in range(top, lowest - 1, -1):
        wants_body = depth < top and stack.may_come("LBRACE", depth)
        if stack.may_come(terminal, depth) and not wants_body:
            return depth
    return 0


def may_begin(stack: Stack, terminal: str, following: str) -> bool:
    """Return whether `terminal` may begin something inside the innermost brace, and `following` come behind it."""
    for depth in range(len(stack.states), floor_of(stack) - 1, -1):
        target = stack.row(depth).get(terminal, -1)
        if target >= 0:
            return stack.follows(target, following)
    return False


def close_block(stack: Stack) -> None:
    """Make one value of a block whose end was read, which is done only when what follows is liked."""
    if stack.values and _is(stack.values[-1], "RBRACE"):
        stack.reduce(rule_of(next(iter(stack.row().values()))))


def _is(value: Any, terminal: str) -> bool:
    return isinstance(value, tokens.Token) and value.type == terminal


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
        self._mistakes = 0
        """Told or not: each costs a look at the whole text."""

    def go_on(self, stack: Stack, at: int, found: str) -> int | None:
        """Tell what is wrong at an offset where a terminal `found` stands, and return where to go on; None: nowhere."""
        self._mistakes += 1
        if self._mistakes > PROBLEMS_MAX:
            return None
        close_block(stack)
        taken = self._taken_for_a_name(stack, at, found)
        if taken is not None:
            at = taken
            stack.cut(len(stack.states) - 1)
        place = self._place(at, stack.expected())
        if floor_of(stack) > 1 and not place.opened and (not place.found or place.outdented):
            return self._resume(stack, at, skip_line=False)  # the beginning of the block was missing: told already
        problem, repair = unexpected.unexpected(place)
        self._tell(place, problem, repaired=repair is not None)
        if repair is not None and at > self._resumed_at:
            if repair.terminal:
                stack.feed(repair.terminal, repair.text, at, repair.at)
            self._resumed_at = at
            return repair.at
        return self._resume(stack, at, skip_line=problem.code in unexpected.UNKNOWN)

    def _tell(self, place: unexpected.Place, problem: Diagnostic, *, repaired: bool) -> None:
        """Tell a problem, unless it is plainly the consequence of one that was told."""
        begin, end = self._region(place.at)
        found = place.found
        out_of_place = problem.code in unexpected.OUT_OF_PLACE and (found in unexpected.PLACED or found == "}")
        if problem.code is NEVER_CLOSED:
            self._told[:] = (
                told
                for told in self._told
                if told.code not in unexpected.OUT_OF_PLACE
                or self._source.text[told.span.start : told.span.end] not in unexpected.PLACED
                or told.span < problem.span
            )
        silent = out_of_place and self._guessed_at > begin and not self._balanced(begin, end)
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

    def _place(self, at: int, expected: frozenset[str]) -> unexpected.Place:
        place = self._before(at)
        before = None if place < 0 else Span(self._words[place][0], self._words[place][0] + len(self._words[place][1]))
        opened, lost = self._opened(at)
        outer = self._indent(opened[0]) if opened else 0
        declared = place + 1 < len(self._words) and self._words[place + 1][1] in _DECLARATIONS
        return unexpected.Place(
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
        if "\n" in self._source.text[start:at] or not named or not may_begin(stack, tokens.terminal_of(word), found):
            return None
        return start

    def _resume(self, stack: Stack, at: int, *, skip_line: bool) -> int | None:
        """Unwind to where the text goes on, and return where that is."""
        floor = floor_of(stack)
        for sync, terminal, leaves in self._syncs(max(at, self._resumed_at + 1), skip_line=skip_line):
            if terminal == END and at < sync and floor > 1:
                stack.cut(floor)  # the brace that is open is a mistake of its own
                return sync
            depth = depth_for(stack, terminal, 1 if leaves or terminal == END else floor)
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
                    yield at, tokens.terminal_of(word), True
                if depth == 0 and at > line_end:
                    yield at, tokens.terminal_of(word), False
        yield len(text), END, False

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
