"""From one text to another in few edits."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflow.lsp.edits import Edit, edits_between, formatted

LINES = st.lists(st.sampled_from(["a\n", "b\r\n", "  a\n", "c\r", "", "😀\n", "end"]), max_size=12).map("".join)


def made(text: str, edits: list[Edit]) -> str:
    for span, new in sorted(edits, key=lambda edit: edit[0], reverse=True):
        text = text[: span.start] + new + text[span.end :]
    return text


@given(LINES, LINES)
def test_the_edits_lead_from_one_text_to_the_other(before: str, after: str) -> None:
    edits = edits_between(before, after)
    assert made(before, edits) == after
    spans = [span for span, _ in edits]
    assert all(one.end <= other.start for one, other in itertools.pairwise(spans))


def test_a_line_that_changed_is_edited_where_it_changed() -> None:
    before, after = "start {\nanswer\n}\n", "start {\n    answer\n}\n"
    assert [(before[span.start : span.end], new) for span, new in edits_between(before, after)] == [("", "    ")]


def test_nothing_changes_where_the_texts_are_the_same() -> None:
    assert edits_between("a\nb\n", "a\nb\n") == []


def test_a_text_with_mistakes_is_not_formatted() -> None:
    assert formatted("start { plai }") is None


def test_line_ends_stay() -> None:
    assert formatted("start {\r\nanswer\r\n}\r\n") == "start {\r\n    answer\r\n}\r\n"


@pytest.mark.parametrize("path", sorted((Path(__file__).parents[2] / "examples").glob("*.flow")), ids=lambda p: p.name)
def test_an_example_is_in_its_layout(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert formatted(text) == text
    assert formatted(text.replace("    ", "\t")) == text
