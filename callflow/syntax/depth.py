"""How deep a tree is. The one walk over a tree that does not call itself, so that all others may."""

import re
from typing import Any, Final

from callflow.limits import LEVELS_MAX, NESTING_MAX
from callflow.source import Span
from callflow.syntax import tree

_CHAINED: Final = re.compile(r"else\s+when|not\b|[-+*]")
"""What can make a tree deep without a brace; in texts too, where values are filled in."""

_LEVELS_A_BRACE: Final = 3
"""`menu`, `press` and its block: no brace takes more levels."""


def too_deep(text: str, parsed: tree.Tree) -> Span | None:
    """Return the first place that stands inside too many others, None when there is none."""
    if len(_CHAINED.findall(text)) + _LEVELS_A_BRACE * NESTING_MAX < LEVELS_MAX:
        return None
    level: list[Any] = list(parsed.declarations)
    for _ in range(LEVELS_MAX):
        level = [inner for node in level for inner in tree.below(node)]
    return min((node.span for node in level), default=None)
