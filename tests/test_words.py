"""Help with spelling: how far a name may be from another one grows with its length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflow.words import did_you_mean, listed_some, nearest, one_slip_from, slips

names = st.text("abcd", max_size=7)


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("sales", "sales", 0), ("salse", "sales", 1), ("sale", "sales", 1), ("ssales", "sales", 1), ("sakes", "sales", 1),
     ("slaes_line", "sales_lnie", 2), ("abc", "cba", 2), ("ca", "abc", 3), ("play", "voicemail", 4)],
)  # fmt: skip
def test_slips_are_letters_added_dropped_changed_or_swapped(one: str, other: str, count: int) -> None:
    assert slips(one, other) == slips(other, one) == count


@given(names, names, st.integers(0, 4))
def test_slips_are_those_of_the_textbook(one: str, other: str, most: int) -> None:
    table = {(row, column): max(row, column) for row in range(len(one) + 1) for column in range(len(other) + 1)}
    for row in range(1, len(one) + 1):
        for column in range(1, len(other) + 1):
            table[row, column] = min(
                table[row - 1, column] + 1,
                table[row, column - 1] + 1,
                table[row - 1, column - 1] + (one[row - 1] != other[column - 1]),
            )
            if row > 1 and column > 1 and one[row - 1] + one[row - 2] == other[column - 2] + other[column - 1]:
                table[row, column] = min(table[row, column], table[row - 2, column - 2] + 1)
    assert slips(one, other, most) == min(table[len(one), len(other)], most + 1)


@pytest.mark.parametrize(
    ("name", "known", "near"),
    [
        ("bors", "boris", "boris"),  # four letters: one slip
        ("bros", "borris", None),
        ("wlecmoe", "welcome", "welcome"),  # up to nine: two
        ("wlecmeo", "welcome", None),
        ("suport_lnie2", "support_line", "support_line"),  # longer: three
        ("spuort_lnei2", "support_line", None),
        ("WELCOME", "welcome", "welcome"),
        ("n", "m", None),  # nothing in common
        ("sales", "sales_line", None),
        ("", "anna", None),
    ],
)
def test_a_longer_name_may_have_more_slips(name: str, known: str, near: str | None) -> None:
    assert nearest(name, [known]) == near


def test_the_name_with_the_fewest_slips_is_offered_and_of_several_each() -> None:
    assert did_you_mean("slaes", ["scales", "sales"]) == "did you mean `sales`?"
    assert did_you_mean("lina", ["line", "lisa", "anna"]) == "did you mean `line` or `lisa`?"
    assert did_you_mean("lina", ["anna"], "declare it") == "declare it"
    assert did_you_mean("aa", ["ab", "ac", "ad", "ae"]) == "did you mean `ab`, `ac` or `ad`?"


def test_one_slip_from_one_name_can_be_put_right() -> None:
    assert one_slip_from("slaes", ["sales", "service"]) == "sales"
    assert one_slip_from("Sales", ["sales"]) == "sales"
    assert one_slip_from("lina", ["line", "lisa"]) is None
    assert one_slip_from("wlecmoe", ["welcome"]) is None


def test_a_long_list_is_told_in_part() -> None:
    assert listed_some(["a", "b"], 2) == "`a` and `b`"
    assert listed_some(["a", "b", "c"], 2) == "`a` and 2 others"
    assert listed_some(list("abcde"), 4) == "`a`, `b`, `c` and 2 others"
