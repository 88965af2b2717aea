"""As much of a TextMate engine as our grammar needs, on Python's expressions: for machines without node."""

import re
from collections.abc import Iterator
from typing import Any

Scoped = tuple[int, str]
"""Where in a line a scope begins, and which."""


class Engine:
    """A grammar, ready to tokenise texts."""

    def __init__(self, grammar: dict[str, Any]) -> None:
        self._grammar = grammar

    def tokenise(self, text: str) -> list[list[Scoped]]:
        """Return, for each line, where which innermost scope begins."""
        stack = [{"name": self._grammar["scopeName"], "patterns": self._grammar["patterns"]}]
        return [list(self._line(line, stack)) for line in text.split("\n")]

    def _line(self, line: str, stack: list[dict[str, Any]]) -> Iterator[Scoped]:
        at = 0
        yield 0, stack[-1]["name"]
        while True:
            rules = list(self._flat(stack[-1]["patterns"]))
            tried = [(stack[-1]["end"], None)] if "end" in stack[-1] else []
            tried += [(rule.get("match") or rule["begin"], rule) for rule in rules]
            found = [(match, rule) for pattern, rule in tried if (match := re.compile(pattern).search(line, at))]
            if not found:
                return
            match, rule = min(found, key=lambda one: one[0].start())
            if rule is None:
                closed = stack.pop()
                yield match.start(), self._first(closed.get("endCaptures")) or closed["name"]
            elif "begin" in rule:
                stack.append(rule)
                yield match.start(), self._first(rule.get("beginCaptures")) or rule["name"]
            else:
                assert match.end() > at, f"{rule['match']} takes nothing"
                yield match.start(), rule.get("name", stack[-1]["name"])
                for group, capture in rule.get("captures", {}).items():
                    yield match.start(int(group)), capture["name"]
                    yield match.end(int(group)), rule.get("name", stack[-1]["name"])
            at = match.end()
            yield at, stack[-1]["name"]

    def _flat(self, patterns: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for pattern in patterns:
            rule = self._grammar["repository"][pattern["include"][1:]] if "include" in pattern else pattern
            if "match" in rule or "begin" in rule:
                yield rule
            else:
                yield from self._flat(rule["patterns"])

    @staticmethod
    def _first(captures: dict[str, Any] | None) -> str | None:
        return captures["0"]["name"] if captures else None
