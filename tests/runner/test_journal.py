"""Journals as lines: what is written comes back, whatever a caller is called."""

import typing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflow.engine.effects import Dial, Effect, HangUp, HangUpReason, Play
from callflow.engine.events import CallOffered, Event, LegEnded, Outcome
from callflow.machine.encode import Misfit, tagged
from callflow.machine.model import Spoken
from callflow.runner.journal import Entry, from_line, to_line
from tests.machine.strategies import UNHURRIED, Values

WORDS: dict[str, st.SearchStrategy[Any]] = {"number": st.integers(0, 10**15), "CallBack.number": st.text(max_size=30)}


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    values = Values(draw, WORDS)
    event = values.object(draw(st.sampled_from(typing.get_args(Event))))
    effects = draw(st.lists(st.sampled_from(typing.get_args(Effect)), max_size=3))
    return Entry(event, tuple(values.object(effect) for effect in effects), draw(st.integers(0, 2_000)))


@UNHURRIED
@given(entries())
def test_an_entry_comes_back_from_its_line(entry: Entry) -> None:
    line = to_line(entry)
    assert from_line(line) == entry
    assert line.splitlines() == [line]


def test_a_line_says_of_what_kind_event_and_effects_are() -> None:
    entry = Entry(LegEnded(7_000, 3, Outcome.BUSY, 486), (Dial(4, "anna", "sip:a@x"), HangUp(HangUpReason.FLOW)), 2)
    assert to_line(entry) == (
        '{"event":{"kind":"LegEnded","at_ms":7000,"ticket":3,"outcome":"busy","code":486},'
        '"effects":[{"kind":"Dial","ticket":4,"agent":"anna","uri":"sip:a@x","shown":"","group":""},{"kind":"HangUp","reason":"flow"}],'
        '"state":2}'
    )


def test_a_caller_whose_name_is_no_text_has_a_line_too() -> None:
    entry = Entry(CallOffered(0, "+49301", "+49302", "J\udcf6rg\n\u2028"), (), 0)
    assert from_line(to_line(entry)) == entry
    assert to_line(entry).isascii()


def test_an_event_or_effect_alone_says_its_kind() -> None:
    assert tagged(Play(1, (Spoken("Hello.", "en"),))) == {
        "kind": "Play",
        "ticket": 1,
        "items": [{"text": "Hello.", "language": "en", "file": ""}],
        "loop": False,
        "leg": None,
    }


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "no JSON: expecting value in line 1, column 1"),
        ("[]", "an object is wanted, not a list"),
        ('{"event": {"kind": "Nap"}, "effects": [], "state": 0}', "`event`: the kind `Nap` is unknown here"),
        ('{"event": {"kind": "CallerHungUp"}, "effects": [], "state": 0}', "`event`: the key `at_ms` is missing"),
    ],
)
def test_a_line_that_is_no_entry_is_refused(line: str, reason: str) -> None:
    with pytest.raises(Misfit) as refused:
        from_line(line)
    assert str(refused.value) == reason
