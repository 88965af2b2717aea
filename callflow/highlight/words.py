"""The words of the language by what they are in a line, read from the grammar by its layout. Nothing is parsed here.

Highlighters know no context beyond a line, so they need less than a parser: which words are words of the language, and
behind which of them stands a name. A word that comes into the grammar is highlighted without a change here.
"""

import re
from functools import cache
from typing import Final, NamedTuple

from callflow.syntax.table import grammar_text

_WORD: Final = re.compile(r"^([A-Z_]+)(?:\.\d+)?: */([a-z]+)\\b/", re.MULTILINE)
_COMMENT: Final = re.compile(r"(?:^|(?<= ))//.*")
_SIGN: Final = re.compile(r'"([^"\w\s]+)"')

_PUNCTUATION: Final = frozenset("{}()[],.;:")
"""Signs that set things apart; all others do something."""

_CONSTANTS: Final = frozenset({"true", "false", "none"})
_OPERATORS: Final = frozenset({"and", "or", "not", "matches"})
"""Not `in`, which also stands in `ring in turn`."""


class Words(NamedTuple):
    """Words of the language, each list in alphabetical order. Every word is in exactly one of the first three."""

    keywords: tuple[str, ...]
    operators: tuple[str, ...]
    constants: tuple[str, ...]
    declaring: tuple[str, ...]
    """Keywords that begin a declaration and stand before its name: `agent`, `group`."""
    leading: tuple[str, ...]
    """Keywords before the name of a flow that the call goes to: `goto`."""
    giving: tuple[str, ...]
    """Keywords that begin a statement and stand before a name: `set`."""
    tagging: tuple[str, ...]
    """Keywords before the tag of a language or a region: `region`."""
    operator_signs: tuple[str, ...]
    """Signs, longest first."""
    punctuation: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Return every word of the language."""
        return tuple(sorted(self.keywords + self.operators + self.constants))


@cache
def words() -> Words:
    """Return the words of the grammar."""
    return words_of(grammar_text())


def words_of(grammar: str) -> Words:
    """Return the words of a grammar that is written as ours is: a rule begins a line, each word is a terminal."""
    plain = "\n".join(_COMMENT.sub("", line) for line in grammar.splitlines())
    terminals = dict(_WORD.findall(plain))
    rules = "\n".join(line for line in plain.splitlines() if not re.match(r"[A-Z_.\d]+: */", line))
    found = frozenset(terminals.values())

    def before(symbol: str) -> set[str]:
        return {terminals[name] for name in re.findall(rf"\b([A-Z_]+) {symbol}\b", rules) if name in terminals}

    beginning = re.findall(r"^\??(\w+): *([A-Z_]+) NAME\b", rules, re.MULTILINE)
    declarations = set(re.findall(r"\w+", _body(rules, "declaration")))
    named = {terminals[name]: rule in declarations for rule, name in beginning if name in terminals}
    signs = set(_SIGN.findall(rules))
    return Words(
        keywords=tuple(sorted(found - _OPERATORS - _CONSTANTS)),
        operators=tuple(sorted(found & _OPERATORS)),
        constants=tuple(sorted(found & _CONSTANTS)),
        declaring=tuple(sorted(word for word, declares in named.items() if declares)),
        leading=tuple(sorted(before("flow_name"))),
        giving=tuple(sorted(word for word, declares in named.items() if not declares)),
        tagging=tuple(sorted(before("TAG"))),
        operator_signs=tuple(sorted(signs - _PUNCTUATION, key=lambda sign: (-len(sign), sign))),
        punctuation=tuple(sorted(signs & _PUNCTUATION)),
    )


def _body(rules: str, name: str) -> str:
    """Return what a rule is made of, over all its lines."""
    found = re.search(rf"^\??{name}:((?:.*\n)(?:[ \t]+.*\n)*)", rules, re.MULTILINE)
    assert found is not None, f"the grammar has no rule `{name}`"
    return found[1]
