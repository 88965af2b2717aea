"""What is told of two machines, and that nothing is told where callers notice nothing."""

import re
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflow.compare.alike import Fields, kinds
from callflow.compare.differences import Difference, Kind, differences
from callflow.compile.lower import redirect
from callflow.compile.pipeline import compile_path, compile_text
from callflow.machine.codec import from_json, to_json
from callflow.machine.exits import exits
from callflow.machine.model import Branch, Consulting, HangingUp, Machine, Name, Waiting
from tests.machine.strategies import EXAMPLE, SALES, START, UNHURRIED, connecting, machines

CLINIC = Path(__file__).parents[1] / "machine" / "clinic.flow"

BEFORE = """
scheme "Acme"
timezone "Europe/Berlin"
region DE
number "+49 30 123451" goto start
number "+49 30 123452" goto support
schedule office "Mo-Fr 09:00-18:00"
agent anna "sip:anna@pbx.example" extension 301
agent boris "sip:boris@pbx.example"
group sales anna, boris
prompt hello "Hello."

start {
    answer
    play hello
    when office closed goto box
    menu tries 3 timeout 5s {
        play "For sales, press 1. For support, press 2."
        press 1 connect sales for 20s
        press 2 goto support
        press 9 { play "Once more." again }
        invalid play "No."
    }
    goto box
}
flow support {
    connect boris for 30s { busy play "Busy." }
    goto box
}
flow box {
    answer
    voicemail sales max 2m
}
"""


def machine_of(text: str) -> Machine:
    compiled = compile_text(text)
    assert compiled.machine is not None, compiled.problems
    return compiled.machine


def told(one: Difference) -> str:
    """Return a difference on a line."""
    mark = {Kind.ADDED: "+", Kind.REMOVED: "-", Kind.CHANGED: "~"}[one.kind]
    changes = "".join(f"; {change.what}: {change.old} > {change.new}" for change in one.changes)
    return f"{mark} {one.flow or one.thing}: {one.name}{changes}"


def changed(old: str, new: str, text: str = BEFORE) -> list[str]:
    """Return what is told when a part of the text is replaced."""
    assert old in text
    return [told(one) for one in differences(machine_of(text), machine_of(text.replace(old, new)))]


# --- what is no difference ------------------------------------------------------------------------------------------


def test_a_machine_does_not_differ_from_itself_or_its_file() -> None:
    clinic = compile_path(str(CLINIC)).machine
    assert clinic is not None
    for machine in (EXAMPLE, clinic, machine_of(BEFORE)):
        assert differences(machine, from_json(to_json(machine))) == []


def test_layout_and_comments_are_no_difference() -> None:
    assert changed("answer\n    play hello", "# greet\n    answer play\n\n hello") == []


def test_the_order_of_declarations_is_no_difference() -> None:
    head, *parts = re.split(r"\n(?=flow |start |agent |prompt |schedule |number |group )", BEFORE)
    assert len(parts) > 8
    assert differences(machine_of(BEFORE), machine_of("\n".join((head, *reversed(parts))))) == []


def test_the_order_of_choices_is_no_difference() -> None:
    choice = "        press 2 goto support\n"
    moved = BEFORE.replace(choice, "").replace("        invalid", f"{choice}        invalid")
    assert moved != BEFORE
    assert differences(machine_of(BEFORE), machine_of(moved)) == []


def test_another_name_for_a_flow_is_no_difference() -> None:
    assert differences(machine_of(BEFORE), machine_of(re.sub(r"\bbox\b", "answering_machine", BEFORE))) == []


def test_a_part_that_became_a_flow_is_no_difference() -> None:
    part = '    connect boris for 30s { busy play "Busy." }\n'
    assert changed(part, "    goto other\n}\nflow other {\n" + part) == []


# --- what is told ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('scheme "Acme"', 'scheme "Acme Ltd"', ["~ header: scheme; scheme: Acme > Acme Ltd"]),
        ('123452" goto support', '123452" goto box', ["~ number: +4930123452; leads to: support > box"]),
        ('number "+49 30 123452" goto support\n', "", ["- number: +4930123452; leads to: support > None"]),
        ("18:00", "17:00", ["~ schedule: office; hours: Mo-Fr 09:00-18:00 > Mo-Fr 09:00-17:00"]),
        ("extension 301", "extension 302", ["~ agent: anna; extension: 301 > 302"]),
        ("extension 301", "", ["~ agent: anna; extension: 301 > None"]),
        ("anna, boris", "boris, anna ring in turn each 5s",
         ["~ group: sales; members: anna, boris > boris, anna; strategy: all > in turn; each: None > 5s"]),
        ('prompt hello "Hello."', 'prompt hello "Welcome."', ['~ prompt: hello; en: "Hello." > "Welcome."']),
        ('prompt hello "Hello."', 'prompt hello "Hello."\nprompt bye "Bye."', ['+ prompt: bye; en: None > "Bye."']),
        ('"No."', '"Wrong."', ['~ start: play "Wrong."; passage: "No." > "Wrong."']),
        ("tries 3 timeout 5s", "tries 2 timeout 8s", ["~ start: menu; tries: 3 > 2; timeout: 5s > 8s"]),
        ("for 30s", "for 10s", ["~ support: connect boris 10s; ring: 30s > 10s"]),
        ("connect boris for 30s", "connect anna for 30s", ["~ support: connect anna 30s; target: boris > anna"]),
        ("office closed", "office open", ["~ start: when office open; condition: office closed > office open"]),
        ("    play hello\n", "    play hello\n    wait 1s\n", ["+ start: wait 1s"]),
        ("    play hello\n", "", ["- start: play hello"]),
        ("press 2 goto support\n", "press 2 goto support\n        press 0 goto box\n",
         ["~ start: menu; press 0: None > goto box"]),
        ("        press 2 goto support\n", "", ["~ start: menu; press 2: goto support > None"]),
        ("press 2 goto support", "press 2 goto box", ["~ start: menu; press 2: goto support > goto box"]),
        ('{ busy play "Busy." }', '{ no answer play "Busy." }',
         [('~ support: connect boris 30s; busy, on another call: play "Busy." > goto box; '
          'no answer: goto box > play "Busy."')]),
        ("connect sales for 20s", '{ play "One moment." connect sales for 20s }', ['+ start: play "One moment."']),
        ("when office closed goto box", "when office closed goto support",
         ["~ start: when office closed; yes: goto box > goto support"]),
        ("voicemail sales max 2m", "voicemail sales max 2m\n    play hello", ["+ box: play hello"]),
    ],
)  # fmt: skip
def test_a_change_is_told_where_it_is_and_nowhere_else(old: str, new: str, expected: list[str]) -> None:
    assert changed(old, new) == expected


def test_a_flow_that_came_is_told_with_what_leads_to_it() -> None:
    text = BEFORE.replace("press 9", "press 7 goto fair press 9") + 'flow fair { play "Meet us at the fair." hangup }\n'
    found = [told(one) for one in differences(machine_of(BEFORE), machine_of(text))]
    assert found == ["~ start: menu; press 7: None > goto fair", "+ flow: fair"]


def test_a_flow_that_went_is_told() -> None:
    text = BEFORE.replace("goto support", "goto box")
    text = re.sub(r"flow support \{.*?\n\}\n", "", text, flags=re.DOTALL)
    assert [told(one) for one in differences(machine_of(BEFORE), machine_of(text))] == [
        "~ number: +4930123452; leads to: support > box",
        "- flow: support",
        "~ start: menu; press 2: goto support > goto box",
    ]


def test_steps_are_compared_in_a_flow_that_has_another_name() -> None:
    text = re.sub(r"\b(?<!For )support\b", "help", BEFORE).replace('"Busy." }', '"Busy." }\n    wait 2s')
    assert [told(one) for one in differences(machine_of(BEFORE), machine_of(text))] == ["+ help (was support): wait 2s"]


def test_what_stands_behind_a_flow_that_is_run_is_compared_too() -> None:
    text = """start { answer run greet menu tries 2 { play "?" press 1 goto greet } }
    flow greet { play "Hello." when caller.number == none return play "Again." }"""
    assert changed("tries 2", "tries 3", text) == ["~ start: menu; tries: 2 > 3"]
    assert changed('"Again."', '"Once more."', text) == ['~ greet: play "Once more."; passage: "Again." > "Once more."']


def test_lines_are_those_of_either_scheme() -> None:
    (one,) = differences(machine_of(BEFORE), machine_of("\n\n" + BEFORE.replace('"Busy."', '"In a call."')))
    assert (one.old_line, one.new_line) == (27, 29)


def test_what_was_rewired_without_a_word_is_still_a_difference() -> None:
    old = machine_of('start { answer menu { play "x" press 1 { menu { play "x" press 1 hangup } } } }')
    (found,) = differences(old, attrs.evolve(old, start=old.start + 1))
    assert told(found) == "~ number: any other; leads to: start > start"


def test_a_step_that_leads_to_what_came_is_not_told_itself() -> None:
    ring = [Waiting(START, 1_000, (number + 1) % 3) for number in range(3)]
    old = attrs.evolve(EXAMPLE, states=(*ring, HangingUp(START)), flows={"start": 0}, start=0, numbers={})
    ring[2] = attrs.evolve(ring[2], next=3)
    found = differences(old, attrs.evolve(old, states=(*ring, HangingUp(START))))
    assert [told(one) for one in found] == ["+ start: hang up"]


def test_an_exit_into_a_ring_of_questions_is_told_once() -> None:
    ring = [Consulting(START, "office", (number + 1) % 2) for number in range(2)]
    fork = Branch(START, Name("vip"), 3, 3)
    old = attrs.evolve(EXAMPLE, states=(*ring, fork, HangingUp(START)), flows={"start": 2}, start=2, numbers={})
    found = differences(old, attrs.evolve(old, states=(*ring, attrs.evolve(fork, then=0), HangingUp(START))))
    assert [one.kind for one in found] == [Kind.CHANGED]


# --- laws -----------------------------------------------------------------------------------------------------------


@UNHURRIED
@given(machines())
def test_no_machine_differs_from_itself(machine: Machine) -> None:
    assert differences(machine, machine) == []
    assert differences(machine, from_json(to_json(machine))) == []


@UNHURRIED
@given(machines())
def test_what_came_in_one_direction_went_in_the_other(machine: Machine) -> None:
    there = [found for found in differences(EXAMPLE, machine) if found.thing not in ("step", "flow")]
    back = [found for found in differences(machine, EXAMPLE) if found.thing not in ("step", "flow")]
    turned = {Kind.ADDED: Kind.REMOVED, Kind.REMOVED: Kind.ADDED, Kind.CHANGED: Kind.CHANGED}
    assert sorted((turned[one.kind].value, one.thing, one.name) for one in there) == sorted(
        (one.kind.value, one.thing, one.name) for one in back
    )


@UNHURRIED
@given(machines(), st.data())
def test_something_is_told_if_and_only_if_a_caller_could_notice(machine: Machine, data: st.DataObject) -> None:
    count = len(machine.states)
    place = data.draw(st.integers(0, count - 1))
    turn = data.draw(st.integers(0, count - 1))
    states = list(machine.states)
    states[place] = redirect(states[place], lambda number: (number + turn) % count)
    turned = attrs.evolve(machine, states=tuple(states))
    old, new = kinds((machine, turned), Fields())
    doors = (machine.start, *machine.numbers.values())
    assert bool(differences(machine, turned)) == any(old[number] != new[number] for number in doors)


@UNHURRIED
@given(machines())
def test_the_fields_of_a_state_are_what_it_does_or_where_it_leads(machine: Machine) -> None:
    fields = Fields()
    for state in machine.states:
        own = {"where", *fields.own(state)}
        moved = {name for name in (field.name for field in attrs.fields(type(state))) if name not in own}
        zeroed = attrs.evolve(
            state,
            **{
                name: dict.fromkeys(value, 0)
                if isinstance(value := getattr(state, name), dict)
                else (0,) * len(value)
                if isinstance(value, tuple)
                else 0
                for name in moved
            },
        )
        assert {number for _, number in exits(zeroed)} <= {0}


def test_states_are_alike_that_lead_to_alike_states() -> None:
    fields = Fields()
    swapped = attrs.evolve(EXAMPLE, states=(*EXAMPLE.states[:13], connecting(SALES, 19), *EXAMPLE.states[14:]))
    old, new = kinds((EXAMPLE, swapped), fields)
    assert old[16:] == new[16:]
    assert old[13] != new[13]
    assert old[0] != new[0]
