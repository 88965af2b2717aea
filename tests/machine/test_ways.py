"""Ways to somebody or something: which there are, in which words, and that they are found if and only if there are."""

import attrs
import pytest
from hypothesis import given

from callflow.compile.pipeline import compile_text
from callflow.machine.exits import exits
from callflow.machine.model import Machine
from callflow.machine.ways import Way, names, targets, ways
from callflow.prove.graphs import reachable
from tests.machine.strategies import EXAMPLE, UNHURRIED, machines

GIVEN = """
timezone "Europe/Berlin"
schedule office "Mo-Fr 09:00-18:00"
agent anna "sip:anna@pbx.example" extension 301
agent boris "tel:+4930123456"
group sales anna, boris
prompt hello "Hello."
"""


def machine_of(text: str) -> Machine:
    compiled = compile_text(GIVEN + text)
    assert compiled.machine is not None, compiled.problems
    return compiled.machine


def told(way: Way) -> list[str]:
    return [*way.numbers, *(["any"] if way.others else []), *(step.text for step in way.steps)]


def ways_to(text: str, name: str, most: int = 10) -> list[list[str]]:
    """Return the ways to everything of a name, as the words of their steps."""
    machine = machine_of(text)
    return [told(way) for target in targets(machine, name) for way in ways(machine, target, most).found]


MENU = """
start {
    answer
    menu {
        play hello
        press 1 connect sales
        press 2 goto box
        press 3 { play "Wait." again }
        dial extension
        invalid play "No."
        silence { when office open goto box }
        otherwise goto box
    }
}
flow box { voicemail "complaints" }
"""


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("sales", [["any", "press 1"]]),
        ("anna", [["any", "press 1"], ["any", "dial 301"]]),
        ("301", [["any", "press 1"], ["any", "dial 301"]]),
        ("sip:anna@pbx.example", [["any", "press 1"], ["any", "dial 301"]]),
        ("anna@pbx.example", [["any", "press 1"], ["any", "dial 301"]]),
        ("boris", [["any", "press 1"]]),
        ("+4930123456", [["any", "press 1"]]),
        ("hello", [["any"]]),
        ("box", [["any", "press 2, or choose nothing"], ["any", "press nothing", "office open"]]),
        ("complaints", [["any", "press 2, or choose nothing"], ["any", "press nothing", "office open"]]),
    ],
)
def test_a_way_is_told_in_what_the_caller_does_and_what_happens(name: str, found: list[list[str]]) -> None:
    assert ways_to(MENU, name) == found


def test_what_became_of_ringing_is_part_of_a_way() -> None:
    text = """
    start {
        connect anna { busy goto far rejected goto box press 5 goto box answered goto box }
        connect sales
        hangup
    }
    flow far { connect boris goto box }
    flow box { answer voicemail anna connect "tel:+4930777" }
    """
    assert ways_to(text, "box") == [
        ["any", "press 5 at anna, or talk with anna, or rejected at anna"],
        ["any", "busy at anna", "nobody reached at boris"],
    ]
    assert ways_to(text, "sales") == [["any", "no answer or unreachable at anna"]]
    assert ways_to(text, "tel:+4930777")[0][-1] == "leave a message for anna"


def test_a_message_for_the_extension_is_a_way_to_the_box_of_its_agent() -> None:
    text = "start { answer menu { play hello dial extension { voicemail extension connect boris } } }"
    assert names(machine_of(text))["mailbox"] == ["anna"]
    assert ways_to(text, "anna") == [["any", "dial 301"]]
    assert ways_to(text, "boris")[0][-1] == "leave a message for the extension"


def test_numbers_that_enter_at_one_place_are_told_together() -> None:
    text = """
    number "+4930111" goto start
    number "+4930222" goto other
    number "+4930333" goto other
    start { answer play hello goto other }
    flow other { connect anna hangup }
    """
    assert ways_to(text, "anna") == [["+4930222", "+4930333"], ["+4930111", "any"]]
    assert ways_to(text, "+4930222") == [["+4930222"]]


def test_conditions_are_told_as_they_are_written_and_turned_where_they_do_not_hold() -> None:
    text = """
    start {
        when office closed hangup
        when not (caller.number == none) connect anna
        when caller.number in ("+49*") and office open connect boris
        answer
    }
    """
    assert ways_to(text, "anna") == [["any", "office open", "caller.number != none"]]
    assert ways_to(text, "boris")[0][-1] == 'caller.number matches "+49*" and office open'


def test_what_makes_no_difference_on_the_way_is_not_told() -> None:
    text = 'start { answer when caller.number == none play "Who?" else play hello connect anna }'
    assert ways_to(text, "anna") == [["any"]]
    assert ways_to(text, "hello") == [["any", "caller.number != none"]]


def test_a_condition_is_not_both_true_and_false_on_a_way() -> None:
    text = """
    start { answer when office open connect anna when office closed goto box hangup }
    flow box { when office open connect boris voicemail "x" }
    """
    assert ways_to(text, "box") == [["any", "office closed"]]
    assert ways_to(text, "x") == [["any", "office closed"]]


def test_a_condition_may_change_where_its_name_is_set_anew() -> None:
    text = """
    start { set vip = caller.number == none when vip play hello set vip = caller.name == none goto more }
    flow more { when vip hangup answer connect anna }
    """
    assert ways_to(text, "anna") == [["any", "not vip"]]


def test_what_is_known_is_not_told() -> None:
    text = "start { set vip = true goto more } flow more { when vip connect anna else connect boris answer }"
    assert ways_to(text, "anna") == [["any"]]


def test_a_way_that_looks_impossible_is_told_where_there_is_no_other() -> None:
    text = "start { set vip = true goto more } flow more { when vip connect anna else connect boris answer }"
    assert ways_to(text, "boris") == [["any", "not vip"]]


def test_a_name_of_several_things_is_told_for_each() -> None:
    machine = machine_of('start { connect sales answer voicemail sales goto sales } flow sales { play "x" }')
    assert [target.kind for target in targets(machine, "sales")] == ["group", "flow", "mailbox"]


def test_shorter_ways_come_first_and_no_more_than_asked_for() -> None:
    text = """
    start { menu { play "x" press 1 { menu { play "y" press 1 connect anna press 2 hangup } } press 2 connect anna } }
    """.replace("start {", "start { answer")
    assert ways_to(text, "anna") == [["any", "press 2"], ["any", "press 1", "press 1"]]
    machine = machine_of(text)
    (target,) = targets(machine, "anna")
    one = ways(machine, target, 1)
    assert ([told(way) for way in one.found], one.more) == ([["any", "press 2"]], True)
    assert not ways(machine, target, 2).more


def test_where_a_way_ends_is_told() -> None:
    (target,) = targets(EXAMPLE, "both")
    assert [way.at for way in ways(EXAMPLE, target, 9).found if way.others] == [12]


def test_what_nobody_comes_to_has_no_ways() -> None:
    alone = attrs.evolve(EXAMPLE, numbers={}, start=19)
    (target,) = targets(alone, "both")
    assert not ways(alone, target, 9).found


@UNHURRIED
@given(machines())
def test_ways_are_found_if_and_only_if_there_are_any(machine: Machine) -> None:
    reached = reachable(
        (machine.start, *machine.numbers.values()), lambda n: [to for _, to in exits(machine.states[n])]
    )
    for kind, known in names(machine).items():
        for target in (one for name in known for one in targets(machine, name)):
            found = ways(machine, target, 3).found
            assert bool(found) == bool(reached & target.states) or kind == "number"
            assert all(way.at in target.states for way in found)
            assert len(found) <= 3


def test_a_web_service_that_may_fail_without_consequence_is_no_step() -> None:
    asked = 'fetch crm from "https://x.example/"'
    assert ways_to(f"start {{ answer {asked} connect anna }}", "anna") == [["any"]]
    assert ways_to(f"start {{ answer {asked} {{ failed hangup }} connect anna }}", "anna") == [["any"]]
    assert ways_to(f"start {{ answer {asked} {{ failed connect boris }} hangup }}", "boris") == [["any", "crm fails"]]


def test_what_is_typed_and_what_chance_does_is_told() -> None:
    text = """
    start {
        answer
        split { 20% goto box 80% wait 1s }
        collect pin digits 4 { play "?" silence goto box otherwise goto box }
        connect last agent within 1d
        goto box
    }
    flow box { voicemail "complaints" }
    """
    assert ways_to(text, "box") == [
        ["any", "20% by chance"],
        ["any", "80% by chance", "press nothing, or give no pin"],
        ["any", "80% by chance", "give pin", "nobody reached at the last agent"],
    ]
