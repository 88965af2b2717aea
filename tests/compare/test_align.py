"""Rows of steps side by side."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflow.compare.align import Pair, aligned


def alike(one: str, other: str) -> float:
    """Return a likeness of words: 0 for another first letter, else by how many letters they share."""
    shared = len(set(one) & set(other)) / len(set(one) | set(other))
    return 0.5 + shared / 2 if one[0] == other[0] else 0.0


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        ("a b c", "a b c", [(0, 0), (1, 1), (2, 2)]),
        ("a b c", "a x b c", [(0, 0), (1, 2), (2, 3)]),
        ("a b c", "a c", [(0, 0), (2, 1)]),
        ("a p1 c", "a p2 c", [(0, 0), (1, 1), (2, 2)]),
        ("a p1 c", "a q2 c", [(0, 0), (2, 2)]),
        ("a p123 p456 c", "a p457 c", [(0, 0), (2, 1), (3, 2)]),
        ("a p123 c", "a p456 p124 c", [(0, 0), (1, 2), (2, 3)]),
        ("", "a", []),
    ],
)
def test_the_same_steps_pair_and_then_those_most_alike(old: str, new: str, pairs: list[Pair]) -> None:
    assert aligned(old.split(), new.split(), key=lambda one: one, likeness=alike) == pairs


_ROWS = st.lists(st.sampled_from(("a", "b", "p1", "p12", "p3", "q1")), max_size=12)


@given(_ROWS, _ROWS)
def test_pairs_are_in_order_on_both_sides_and_of_one_kind(old: list[str], new: list[str]) -> None:
    pairs = aligned(old, new, key=lambda one: one, likeness=alike)
    assert all(i < k and j < m for (i, j), (k, m) in itertools.pairwise(pairs))
    assert all(old[i][0] == new[j][0] for i, j in pairs)
    if old == new:
        assert len(pairs) == len(old)
