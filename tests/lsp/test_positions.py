"""Positions: what editors count in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflow.lsp.positions import Lines

TEXT = "ab\r\nö😀x\nlast"

TEXTS = st.text(st.sampled_from("ab ö\u2028😀\x0b\ud83d\r\n\t"), max_size=40)


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 6), ("utf-16", 3), ("utf-32", 2)])
def test_a_column_counts_code_units(encoding: str, column: int) -> None:
    lines = Lines(TEXT, encoding)
    assert lines.position(TEXT.index("x")) == (1, column)
    assert lines.offset((1, column)) == TEXT.index("x")


def test_what_lies_behind_an_end_is_at_that_end() -> None:
    lines = Lines(TEXT)
    assert lines.offset((0, 99)) == 2
    assert lines.offset((1, 99)) == TEXT.index("\nlast")
    assert lines.offset((99, 0)) == len(TEXT)


def test_half_a_character_is_its_begin() -> None:
    assert Lines(TEXT).offset((1, 2)) == TEXT.index("😀")


def test_within_a_line_end_is_the_end_of_the_line() -> None:
    assert Lines(TEXT).position(3) == (0, 2)


def test_only_line_feeds_and_carriage_returns_end_lines() -> None:
    assert Lines("a\x0bb\u2028c\rd\n").position(6) == (1, 0)


@given(TEXTS, st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_there_and_back(text: str, encoding: str) -> None:
    lines = Lines(text, encoding)
    for offset in range(len(text) + 1):
        within = text[offset - 1 : offset + 1] == "\r\n"
        assert lines.offset(lines.position(offset)) == offset - within


@given(TEXTS, st.integers(0, 9), st.integers(0, 99))
def test_every_position_is_an_offset(text: str, line: int, character: int) -> None:
    assert 0 <= Lines(text).offset((line, character)) <= len(text)
