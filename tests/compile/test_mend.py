"""Repairs made in rounds: those that overlap one after another, those that would make it worse not at all."""

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callflow.compile.mend import Mended, mend
from callflow.compile.pipeline import Compiled, compile_text
from callflow.diagnostic import Fix, fixed
from callflow.source import Source, Span
from callflow.syntax.parser import parse
from tests.goldens.test_codes import GIVEN

CLEAN = "start {\n    answer\n    hangup\n}\n"


def mended(text: str, *, unsafe: bool = False) -> Mended:
    return mend(text, compile_text(text), compile_text, unsafe=unsafe)


def with_fixes(text: str, *fixes: Fix) -> Mended:
    """Mend a text whose first problem has other repairs than it has."""
    compiled = compile_text(text)
    first, *rest = compiled.problems
    problems = [attrs.evolve(first, fixes=fixes), *(attrs.evolve(one, fixes=()) for one in rest)]
    given = Compiled(compiled.source, compiled.machine, problems)
    return mend(text, given, compile_text)


def test_a_text_without_problems_stays() -> None:
    assert attrs.evolve(mended(CLEAN), compiled=None) == Mended(CLEAN, 0, None)  # type: ignore[arg-type]


def test_what_a_repair_brings_to_light_is_repaired_in_the_next_round() -> None:
    done = mended("start {\n    menu {\n        press # hangup\n    }\n    wait 5 sec;\n")
    assert done.text == ('start {\n    answer\n    menu {\n        press "#" hangup\n    }\n    wait 5s\n}\n')
    assert (done.repaired, done.compiled.problems) == (5, [])


def test_repairs_that_touch_are_made_one_after_another() -> None:
    done = mended('agent anna "sip:anna@pbx.example"\ngroup sales anna, anna, anna\nstart { connect sales }\n')
    assert "group sales anna\n" in done.text
    assert done.repaired == 2


def test_unsafe_repairs_are_made_only_when_asked_for() -> None:
    text = 'agent anna "sip:anna@pbx.example"\nstart {\n    connect ana\n    goto strat\n}\n'
    assert mended(text).text == text
    done = mended(text, unsafe=True)
    assert done.text == text.replace("ana\n", "anna\n").replace("strat", "start")
    assert [one.code.id for one in done.compiled.problems] == ["CF402"]


@pytest.mark.parametrize("new", ["}", "goto elsewhere hangup goto nowhere", "wait 5"])
def test_a_repair_that_makes_it_worse_is_not_made(new: str) -> None:
    text = "start {\n    goto nowhere\n}\n"
    done = with_fixes(text, *fixed("worse", Span(12, 24), new, safe=True))
    assert (done.text, done.repaired) == (text, 0)


def test_a_bad_repair_keeps_no_good_one_from_being_made() -> None:
    text = "start {\n    goto nowhere\n    wait 5 sec\n}\n"
    compiled = compile_text(text)
    bad = attrs.evolve(
        compiled.problems[0], span=Span(8, 8), message="bad", fixes=fixed("x", Span(0, 5), "", safe=True)
    )
    done = mend(text, Compiled(compiled.source, None, [bad, *compiled.problems]), compile_text)
    assert "wait 5s" in done.text


@pytest.mark.parametrize("mistake", ["wait 5 sec", "hangup;", "play 'One.'"])
def test_a_text_with_more_problems_than_are_told_is_repaired_to_the_end(mistake: str) -> None:
    text = "start {\n" + f"    {mistake}\n" * 250 + "}\n"
    done = mended(text)
    assert done.repaired == 250
    assert not {one.code.id for one in done.compiled.problems} & {"CF108", "CF109"}


def test_another_file_is_not_repaired() -> None:
    text = "start {\n    goto nowhere\n}\n"
    done = with_fixes(text, *fixed("elsewhere", Span(len(text) + 5, len(text) + 9), "", safe=True))
    assert (done.text, done.repaired) == (text, 0)


words = st.sampled_from(
    ("start", "flow", "a", "b", "{", "}", "menu", "press", "1", '"#"', "#", ";", "hangup", "hangp", "goto", "wait", "5",
     "5s", "5 sec", "answer", "play", "'x'", '"x"', "connect", "voicemail", "when", "=", "==", "digits", "&&", "\n",
     ","),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(words, max_size=30).map(" ".join), st.booleans())
def test_whatever_is_repaired_still_reads_if_it_did_and_has_no_more_errors(text: str, unsafe: bool) -> None:  # noqa: FBT001
    before = compile_text(text)
    done = mend(text, before, compile_text, unsafe=unsafe)
    assert done.compiled.problems == compile_text(done.text).problems
    reads = not parse(Source("", text))[1]
    assert not reads or not parse(Source("", done.text))[1]
    assert not reads or done.compiled.errors <= before.errors
    assert (done.text == text) == (done.repaired == 0)


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in GIVEN])
def test_all_repairs_of_the_goldens_together_leave_fewer_problems(text: str) -> None:
    before = compile_text(text)
    done = mended(text, unsafe=True)
    if any(one.fixes for one in before.problems):
        assert done.repaired
    assert done.compiled.problems == compile_text(done.text).problems
