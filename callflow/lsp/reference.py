"""Help on the words of the language, from the grammar and its comments: there is no second text to keep."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final, get_type_hints

import attrs

from callflow.syntax.build import Builder
from callflow.syntax.table import grammar_text, load
from callflow.syntax.tokens import terminal_of

_RULE: Final = re.compile(r"\??([a-z_]+): *(.*)")
_COMMENT: Final = re.compile(r"(?:^|\s+)// ?(.*)")
_ALIAS: Final = re.compile(r"\s*-> *(\w+)")
_SYMBOL: Final = re.compile(r"[A-Z_]{2,}|\"[^\"]+\"")
_SHOWN: Final = {
    "NAME": "NAME", "TAG": "en", "DIGITS": "N", "DURATION": "20s", "STRING": '"…"', "COMPARISON": "==",
    "LBRACE": "{", "RBRACE": "}", "RPAREN": ")", "STAR": "*", "PLUS": "+", "MINUS": "-",
}  # fmt: skip
"""What terminals that are no words look like."""


@attrs.frozen
class Rule:
    """A rule of the grammar as a reader sees it."""

    name: str
    terminals: frozenset[str]
    syntax: str
    said: str
    """Its comments: those above it, then those behind its lines."""
    makers: tuple[str, ...]
    """What makes its nodes: the rule, and other names of its alternatives."""


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules that have words of the language, in their order."""
    return tuple(_read(grammar_text().partition("\n// --- tokens")[0].splitlines()))


def _read(lines: Iterable[str]) -> Iterable[Rule]:
    words = load().keywords
    shown = _SHOWN | {terminal: word for word, terminal in words.items()}
    above: list[str] = []
    rule: tuple[str, list[str], list[str]] | None = None
    for line in (*lines, ""):
        comment = _COMMENT.search(line)
        body = line[: comment.start()] if comment else line
        begins = _RULE.match(body)
        goes_on = rule is not None and body[:1] == " " and bool(body.strip())
        if rule is not None and not goes_on:
            yield _rule(*rule, words=frozenset(words.values()), shown=shown)
            rule = None
        if begins is not None:
            rule = (begins[1], [begins[2]], above)
            above = []
        elif goes_on and rule is not None:
            rule[1].append(body.strip())
        if comment is not None and rule is not None:
            rule[2].append(comment[1].strip())
        elif comment is not None and not body.strip():
            above.append(comment[1].strip())
        elif not body.strip():
            above = []


def _rule(name: str, bodies: list[str], said: list[str], *, words: frozenset[str], shown: dict[str, str]) -> Rule:
    body = _ALIAS.sub("", " ".join(bodies))
    terminals = frozenset(_SYMBOL.findall(body)) & words
    syntax = _SYMBOL.sub(lambda found: shown.get(found[0], found[0].strip('"')), body)
    makers = (name, *_ALIAS.findall(" ".join(bodies)))
    return Rule(name, terminals, " ".join(syntax.split()), "\n".join(said), makers)


@cache
def made_by(maker: str) -> str:
    """Return the name of the node that a rule makes, empty where it makes none of its own."""
    method = getattr(Builder, maker, None)
    made = get_type_hints(method).get("return") if method is not None else None
    return getattr(made, "__name__", "")


def help_on(word: str, around: Iterable[str]) -> tuple[Rule, ...]:
    """Return the rules that a word stands for; `around` are the nodes around it by name, the innermost first."""
    terminal = terminal_of(word)
    having = [rule for rule in rules() if terminal in rule.terminals]
    for node in around:
        fitting = tuple(rule for rule in having if node in map(made_by, rule.makers))
        if fitting:
            return fitting
    return tuple(rule for rule in having if rule.syntax.lstrip("(").split()[0] == word)


def summary(word: str) -> str:
    """Return the line of the grammar that a word begins, empty where none does or several do."""
    found = help_on(word, ())
    return found[0].syntax if len(found) == 1 else ""
