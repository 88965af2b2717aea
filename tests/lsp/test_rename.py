"""Renaming: everywhere, or not at all."""

import pytest

from callflow.lsp.rename import RenameRefused, rename
from callflow.lsp.scheme import Scheme, read_file
from callflow.source import Source
from callflow.syntax.parser import parse
from tests.lsp.schemes import EVERYTHING, offset_of


def scheme_of(text: str = EVERYTHING) -> Scheme:
    return Scheme([read_file("a.flow", text)])


def renamed(where: str, new: str, text: str = EVERYTHING) -> str:
    """Return the text with another name for the one at the `|`."""
    scheme = scheme_of(text)
    place = scheme.at("a.flow", offset_of(where, text))
    assert place is not None
    for span in sorted(rename(scheme, place, new)["a.flow"], reverse=True):
        text = text[: span.start] + new + text[span.end :]
    return text


@pytest.mark.parametrize(
    ("where", "old", "count"),
    [
        ("run |survey", "survey", 2),
        ("connect |anna", "anna", 3),
        ("force |office", "office", 5),
        ("in |vips", "vips", 2),
        ("greeting |welcome", "welcome", 6),
        ("when |crm", "crm", 2),
        ("needs |vip", "vip", 2),
        ("play |said", "said", 2),
    ],
)
def test_a_name_changes_wherever_it_stands(where: str, old: str, count: int) -> None:
    text = renamed(where, "renamed")
    assert text.count("renamed") == count
    assert not parse(Source("a.flow", text))[1]
    assert renamed(where.replace(old, "renamed"), old, text) == EVERYTHING


def test_a_longer_name_with_the_same_begin_stays() -> None:
    assert "said_before" in renamed("play |said", "spoken")


@pytest.mark.parametrize(
    ("where", "new", "reason"),
    [
        ("run |survey", "help", "`help` is the name of a flow already"),
        ("connect |anna", "sales", "`sales` is the name of a group already"),
        ("queue |sales", "boris", "`boris` is the name of an agent already"),
        ("run |survey", "goto", "`goto` is a word of the language"),
        ("run |survey", "start", "`start` is a word of the language"),
        ("run |survey", "a-b", "`a-b` is no name: names have the letters `a` to `z`, digits and `_`"),
        ("run |survey", "", "`` is no name: names have the letters `a` to `z`, digits and `_`"),
        ("run |survey", "a" * 65, "a name has at most 64 characters"),
        ("{|rounds}", "office", "`office` is the name of a schedule already"),
        ("{|rounds}", "sales", "`sales` is the name of a group already"),
        ("play |said", "welcome", "`welcome` is the name of a prompt already"),
        ("release |office", "rounds", "`rounds` is the name of a value already"),
        ("{|rounds}", "now", "`now` is known to every call"),
        ("to caller|.number", "other", "`caller.number` is known to every call and has this name everywhere"),
        ("language |en\n    play", "fr", "`en` is a language, and they have their names from elsewhere"),
    ],
)
def test_a_rename_that_would_break_something_is_refused(where: str, new: str, reason: str) -> None:
    with pytest.raises(RenameRefused) as refused:
        renamed(where, new)
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("text", "where", "reason"),
    [
        ("start { goto start }", "goto |start", "`start` is the flow that calls enter and has always this name"),
        ("start { goto nowhere }", "goto |nowhere", "`nowhere` is declared nowhere"),
        ("flow a {}\nstart { goto a plai }", "goto |a", "the text of `a.flow` has mistakes; repair them first"),
    ],
)
def test_what_has_no_other_name_is_refused(text: str, where: str, reason: str) -> None:
    with pytest.raises(RenameRefused) as refused:
        renamed(where, "other", text)
    assert str(refused.value) == reason


def test_every_file_of_a_scheme_is_renamed() -> None:
    scheme = Scheme([read_file("a.flow", "start { goto help }"), read_file("b.flow", "flow help { hangup }")])
    place = scheme.at("a.flow", 14)
    assert place is not None
    assert rename(scheme, place, "other").keys() == {"a.flow", "b.flow"}
