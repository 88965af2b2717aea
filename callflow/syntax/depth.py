"""How deep a tree is. The one walk over a tree that does not call itself, so that all others may."""

from functools import cache
from typing import Any

import attrs

from callflow.limits import LEVELS_MAX
from callflow.source import Span
from callflow.syntax import tree


def too_deep(parsed: tree.Tree) -> Span | None:
    """Return the first place that stands inside too many others, None when there is none."""
    level: list[Any] = list(parsed.declarations)
    for _ in range(LEVELS_MAX):
        level = [inner for node in level for inner in _inside(node)]
    return min((node.span for node in level), default=None)


def _inside(node: Any) -> list[Any]:
    found: list[Any] = []
    for name in _fields(type(node)):
        value = getattr(node, name)
        if isinstance(value, tuple):
            found.extend(part for part in value if attrs.has(type(part)))
        elif attrs.has(type(value)):
            found.append(value)
    return found


@cache
def _fields(kind: type) -> tuple[str, ...]:
    """Return the fields of a node that may hold nodes."""
    return tuple(field.name for field in attrs.fields(kind) if field.name not in ("span", "key_span"))
