"""Runs the parse table over a text: tokens by what may come next, nodes made on the way. One loop, made for speed.

A word is a keyword where that keyword may stand and a name elsewhere, which the table says. What to do about a mistake
is the caller's business: it gets the stack, and says where to go on.
"""

import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from callflow.syntax.table import END, Rule, Table, rule_of
from callflow.syntax.tokens import Token

Make = Callable[[list[Any]], Any]

Mistaken = Callable[["Stack", int, str], int | None]
"""Told of a place that cannot be understood: the stack, the offset, and the terminal that stands there, empty when it
is none. Returns where to go on, None to give up."""

_COMMENT: Final = 1
_STRING: Final = 2
_WORD: Final = 3
_DIGITS: Final = 4
_SIGN: Final = 5
"""The groups of the one expression that tells tokens apart."""

_VALUES: Final = frozenset({"STRING", "DIGITS", "DURATION", "NAME"})
"""What may begin something only in a few blocks, but ends what stands before it in all: the table merges states.
Whether it may come is asked before anything is ended, so that a mistake is told of where it was made.
"""

_GROUP: Final = r"(?<!\\)\((?!\?)"


class Grammar(NamedTuple):
    """A table with the makers of its nodes, ready to run."""

    rows: dict[int, dict[str, int]]
    makers: tuple[tuple[int, str, Make | None], ...]
    """For each rule: how many symbols, what it makes, and how; None takes the only symbol as it is."""
    begin: dict[str, int]
    end: dict[str, int]
    tokens: dict[str, Callable[[str, int, int], Any]]
    """Makers of nodes from terminals."""
    scan: re.Pattern[str]
    tag: re.Pattern[str]
    duration: re.Pattern[str]
    keywords: dict[str, str]
    signs: dict[str, str]


def grammar(table: Table, builder: Any) -> Grammar:
    """Bind a table to a builder: a method for every rule and for every terminal that becomes a node."""
    patterns = {name: re.sub(_GROUP, "(?:", pattern) for name, pattern in table.patterns.items()}
    signs = "|".join((patterns["COMPARISON"], *map(re.escape, table.signs)))
    kinds = (patterns["COMMENT"], patterns["STRING"], patterns["NAME"], patterns["DIGITS"], signs, ".")
    scan = f"(?:{patterns['WHITE']})?(?:{'|'.join(f'({kind})' for kind in kinds)})?"
    return Grammar(
        rows=table.rows,
        makers=tuple((len(rule.symbols), rule.origin, _maker(rule, builder)) for rule in table.rules),
        begin=table.begin,
        end=table.end,
        tokens={name: getattr(builder, name) for name in patterns if hasattr(builder, name)},
        scan=re.compile(scan),
        tag=re.compile(patterns["TAG"]),
        duration=re.compile(patterns["DURATION"]),
        keywords=table.keywords,
        signs=table.signs,
    )


def _maker(rule: Rule, builder: Any) -> Make | None:
    """Return what makes the value of a rule from the values of its symbols."""
    method = None if rule.maker.startswith("__") else getattr(builder, rule.maker, None)
    if rule.unit and len(rule.symbols) == len(rule.parts) == 1:
        return None
    plain = len(rule.parts) == len(rule.symbols) and not any(spread or nones for _, spread, nones in rule.parts)
    if plain and not rule.nones and not rule.unit:
        return list if method is None else lambda values: method(*values)
    parts, trailing, unit = rule.parts, [None] * rule.nones, rule.unit

    def make(values: list[Any]) -> Any:
        gathered: list[Any] = []
        for place, spread, nones in parts:
            if nones:
                gathered += [None] * nones
            if not spread:
                gathered.append(values[place])
            elif gathered:
                gathered += values[place]
            else:
                gathered = values[place]  # a list grows at its end: taking it over keeps long ones cheap
        gathered += trailing
        if method is None or (unit and len(gathered) == 1):
            return gathered[0] if unit else gathered
        return method(*gathered)

    return make


class Stack:
    """The states of a run and the values read so far; `values[n]` was read between `states[n]` and `states[n + 1]`."""

    def __init__(self, grammar: Grammar, start: str) -> None:
        self._grammar = grammar
        self._end = grammar.end[start]
        self.states = [grammar.begin[start]]
        self.values: list[Any] = []

    def run(self, text: str, at: int, end: int, comment: Callable[[str, int], None], mistaken: Mistaken) -> Any:
        """Return the value of the text between two offsets, None when it was given up."""
        grammar, states = self._grammar, self.states
        rows, scan, keywords, signs = grammar.rows, grammar.scan.match, grammar.keywords, grammar.signs
        tokens, push, shift = grammar.tokens, self.values.append, states.append
        while True:
            match = scan(text, at, end)
            assert match is not None
            kind = match.lastindex
            at = match.end()
            row = rows[states[-1]]
            if kind is None:
                word, start, found = "", end, END
            else:
                word, start = match[kind], match.start(kind)
                if kind == _WORD:
                    found = keywords.get(word, "NAME")
                    if found not in row:
                        if "NAME" in row:
                            found = "NAME"
                        elif "TAG" in row and (tag := grammar.tag.match(text, start, end)):
                            found, at = "TAG", tag.end()
                elif kind == _SIGN:
                    found = signs.get(word, "COMPARISON")
                elif kind == _STRING:
                    found = "STRING"
                elif kind == _COMMENT:
                    comment(word, start)
                    continue
                elif kind == _DIGITS:
                    found = "DIGITS"
                    if "DURATION" in row and (duration := grammar.duration.match(text, start, end)):
                        found, at = "DURATION", duration.end()
                else:
                    found = ""
            action = row.get(found)
            if action is not None and action < 0 and found in _VALUES and not self.may_come(found, len(states)):
                action = None
            while action is not None and action < 0:
                action = self.reduce(rule_of(action)).get(found)
                if found == END and states[-1] == self._end:
                    return self.values[-1]
            if action is None:
                goes_on_at = mistaken(self, start, found)
                if goes_on_at is None:
                    return None
                at = goes_on_at
                continue
            shift(action)
            make = tokens.get(found)
            push(Token(found, word, start, at) if make is None else make(text[start:at], start, at))

    def reduce(self, number: int) -> dict[str, int]:
        """Make one value of those that a rule has read, and return the row that is gone to."""
        states, values = self.states, self.values
        size, origin, make = self._grammar.makers[number]
        if size:
            del states[-size:]
            if make is not None:
                read = values[-size:]
                del values[-size:]
                values.append(make(read))
        else:
            assert make is not None
            values.append(make([]))
        state = self._grammar.rows[states[-1]][origin]
        states.append(state)
        return self._grammar.rows[state]

    # --- for going on after a mistake ---

    def row(self, depth: int = 0) -> dict[str, int]:
        """Return what the table says of the top state; with `depth`, when only so many states are left."""
        return self._grammar.rows[self.states[depth - 1]]

    def expected(self, depth: int = 0) -> frozenset[str]:
        """Return the terminals that may come next; with `depth`, when only so many states are left."""
        depth = depth or len(self.states)
        names = (name for name in self.row(depth) if name.isupper() or name == END)
        return frozenset(name for name in names if self.may_come(name, depth))

    def may_come(self, terminal: str, depth: int) -> bool:
        """Return whether a terminal may come next. The row alone says so too often: the table merges states."""
        rows = self._grammar.rows
        states = self.states[:depth]
        action = rows[states[-1]].get(terminal)
        while action is not None and action < 0:
            size, origin, _ = self._grammar.makers[rule_of(action)]
            del states[len(states) - size :]
            states.append(rows[states[-1]][origin])
            if states[-1] == self._end:
                return terminal == END
            action = rows[states[-1]].get(terminal)
        return action is not None

    def follows(self, state: int, terminal: str) -> bool:
        """Return whether a state shifts, or reduces, when it sees a terminal."""
        return terminal in self._grammar.rows[state]

    def cut(self, depth: int) -> None:
        """Unwind to so many states."""
        del self.states[depth:]
        del self.values[depth - 1 :]

    def feed(self, terminal: str, text: str, start: int, end: int) -> None:
        """Go on as if `text` had been written where it may come."""
        action = self.row().get(terminal)
        while action is not None and action < 0:
            action = self.reduce(rule_of(action)).get(terminal)
        assert action is not None
        self.states.append(action)
        make = self._grammar.tokens.get(terminal)
        self.values.append(Token(terminal, text, start, end) if make is None else make(text, start, end))
