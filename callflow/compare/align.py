"""Two rows of steps side by side: which step became which. Knows nothing of machines."""

from collections.abc import Callable, Hashable, Sequence
from difflib import SequenceMatcher
from typing import Final, TypeVar

CELLS_MAX: Final = 40_000
"""Steps that changed against steps they may have become; beyond, what was rewritten is told as removed and added."""

Step = TypeVar("Step")
Pair = tuple[int, int]


def aligned(
    old: Sequence[Step], new: Sequence[Step], key: Callable[[Step], Hashable], likeness: Callable[[Step, Step], float]
) -> list[Pair]:
    """Return the places of steps that became each other, in order.

    Those of the same key first; among what is left between two of them the pairs that are most alike. A likeness of
    0 is no pair.
    """
    pairs: list[Pair] = []
    matcher = SequenceMatcher(None, [key(one) for one in old], [key(one) for one in new], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            pairs.extend(zip(range(i1, i2), range(j1, j2), strict=True))
        elif tag == "replace" and (i2 - i1) * (j2 - j1) <= CELLS_MAX:
            within = _best(old[i1:i2], new[j1:j2], likeness)
            pairs.extend((i1 + i, j1 + j) for i, j in within)
    return pairs


def _best(old: Sequence[Step], new: Sequence[Step], likeness: Callable[[Step, Step], float]) -> list[Pair]:
    """Return the pairs in order whose likenesses add up to the most."""
    sums = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    alike = [[likeness(one, other) for other in new] for one in old]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            both = alike[i][j] + sums[i + 1][j + 1] if alike[i][j] else 0.0
            sums[i][j] = max(sums[i + 1][j], sums[i][j + 1], both)
    pairs: list[Pair] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if alike[i][j] and sums[i][j] == alike[i][j] + sums[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif sums[i][j] == sums[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs
