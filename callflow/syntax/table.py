"""The parse table: made from the grammar by Lark, once, and kept in a file of the cache.

Making it takes longer than anything else in the compiler, and importing Lark longer than checking a scheme. So the
table is kept as plain values, beside the grammar it was made from; `run` takes it from there.
"""

# importing pathlib would cost a fifth of what the table saves
# ruff: noqa: PTH105, PTH118, PTH120, PTH123

import marshal
import os
import re
import sys
from contextlib import suppress
from typing import Any, Final, NamedTuple

from callflow.cache import cache_dir

STARTS: Final = ("start", "expression_only")
END: Final = "$END"
_KEYWORD: Final = r"([a-z]+)\\b"
_HERE: Final = os.path.dirname(__file__)


class Rule(NamedTuple):
    """A rule of the grammar, as much of it as a parser needs."""

    origin: str
    """What it makes: the key of the row that is gone to behind it."""
    symbols: tuple[str, ...]
    maker: str
    """The method that makes the node; it begins with `__` for a list."""
    parts: tuple[tuple[int, bool, int], ...]
    """What the node is made of: which symbol, whether it is a list to take the parts of, and how many None before."""
    nones: int
    """How many None at the end: options that were not written."""
    unit: bool
    """Whether a single part stands for the whole."""


class Table(NamedTuple):
    """An LALR table: in each state, for each symbol, the state to shift to, or, below zero, the rule to reduce by."""

    rows: dict[int, dict[str, int]]
    rules: tuple[Rule, ...]
    begin: dict[str, int]
    end: dict[str, int]
    patterns: dict[str, str]
    """The regular expressions of the terminals that are neither keywords nor signs."""
    keywords: dict[str, str]
    signs: dict[str, str]


def rule_of(action: int) -> int:
    """Return the number of the rule that an action below zero reduces by."""
    return -1 - action


def grammar_text() -> str:
    """Return the grammar: from the installed package, or from the checkout."""
    package = os.path.dirname(_HERE)
    for folder in (os.path.join(package, "_grammar"), os.path.join(os.path.dirname(package), "grammar")):
        with suppress(FileNotFoundError), open(os.path.join(folder, "flow.lark"), encoding="utf-8") as file:
            return file.read()
    raise FileNotFoundError("flow.lark")


def load() -> Table:
    """Return the table of the grammar, from the cache when it is there."""
    grammar = grammar_text()
    folder = cache_dir()
    if folder is None:
        return _table(_made(grammar))
    path = os.path.join(folder, f"grammar-{sys.implementation.cache_tag}.table")
    with suppress(OSError, EOFError, ValueError, TypeError), open(path, "rb") as file:
        kept_grammar, kept = marshal.loads(file.read())  # noqa: S302  in a folder that only this user writes
        if kept_grammar == grammar:
            return _table(kept)
    made = _made(grammar)
    with suppress(OSError):
        beside = f"{path}.{os.getpid()}"
        with open(beside, "wb") as file:
            file.write(marshal.dumps((grammar, made)))
        os.replace(beside, path)
    return _table(made)


def _table(kept: Any) -> Table:
    rows, rules, *others = kept
    return Table(rows, tuple(Rule(*rule) for rule in rules), *others)


def _made(grammar: str) -> Any:
    """Let Lark make the table; plain values."""
    from lark import Lark  # noqa: PLC0415  costs more than all the rest, and only once
    from lark.grammar import Rule as LarkRule  # noqa: PLC0415

    lark = Lark(grammar, parser="lalr", lexer="contextual", start=list(STARTS), maybe_placeholders=True)
    table: Any = lark.parser.parser._parse_table  # noqa: SLF001
    numbers: dict[LarkRule, int] = {rule: number for number, rule in enumerate(lark.rules)}
    rows = {
        state: {
            symbol: -1 - numbers[target] if isinstance(target, LarkRule) else target
            for symbol, (_, target) in row.items()
        }
        for state, row in table.states.items()
    }
    patterns, keywords, signs = {}, {}, {}
    for terminal in lark.terminals:
        word = re.fullmatch(_KEYWORD, terminal.pattern.value)
        if word is not None:
            keywords[word.group(1)] = terminal.name
        elif terminal.pattern.type == "str":
            signs[terminal.pattern.value] = terminal.name
        else:
            patterns[terminal.name] = terminal.pattern.to_regexp()
    rules = tuple(_rule(rule) for rule in lark.rules)
    return rows, rules, dict(table.start_states), dict(table.end_states), patterns, keywords, signs


def _rule(rule: Any) -> tuple[Any, ...]:
    """Return the fields of a `Rule`, as Lark would apply them."""
    nones = [0]
    for absent in rule.options.empty_indices:
        if absent:
            nones[-1] += 1
        else:
            nones.append(0)
    nones += [0] * (len(rule.expansion) + 1 - len(nones))
    parts = tuple(
        (place, not symbol.is_term and symbol.name.startswith("_"), nones[place])
        for place, symbol in enumerate(rule.expansion)
        if not (symbol.is_term and symbol.filter_out)
    )
    symbols = tuple(str(symbol.name) for symbol in rule.expansion)
    maker = str(rule.alias or rule.origin.name)
    return str(rule.origin.name), symbols, maker, parts, nones[-1], bool(rule.options.expand1 and not rule.alias)
