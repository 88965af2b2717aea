"""The listing of a machine."""

import attrs
from hypothesis import given

from callflow.machine.dump import dump
from callflow.machine.model import Machine
from tests.machine.strategies import EXAMPLE, UNHURRIED, machines

LISTING = """\
scheme Acme "Climate"
start           -> 0
number +4930123 -> 0
number +4930124 -> 12
flow end        -> 16
flow sales      -> 12

"""


def test_the_listing_begins_with_where_calls_come_in() -> None:
    assert dump(EXAMPLE).startswith(LISTING)


def test_a_line_says_number_place_what_it_does_and_where_it_leads() -> None:
    lines = dump(EXAMPLE).removeprefix(LISTING).splitlines()
    assert len(lines) == len(EXAMPLE.states)
    assert lines[0] == " 0  start:1  answer                                -> 1"
    assert lines[3] == " 3  start:1  look whether office is open           -> 4"
    assert lines[4] == " 4  start:1  when office closed                    yes -> 16  no -> 5"
    assert lines[8] == " 8  start:1  again                                 -> 6"
    assert lines[19] == "19  end:1    hang up"


def test_a_line_leaves_nothing_out() -> None:
    lines = dump(EXAMPLE).removeprefix(LISTING).splitlines()
    assert lines[6] == (
        ' 6  start:1  menu tries 3 timeout 5s pause 2s play "For sales, press 1." retry play "Press 1."'
        "  1, 0, otherwise -> 12  9 -> 7  * -> 8  extension -> 9  invalid -> 10"
    )
    assert lines[9] == " 9  start:1  connect extension ring all each 5s    not taken -> 16"
    assert lines[12] == (
        "12  sales:1  connect both 20s music                0, no answer, rejected, unreachable, on another call, "
        "away -> 16  answered -> 14  busy -> 13"
    )
    assert lines[16] == '16  end:1    voicemail sales max 2m greeting "After the tone."  -> 17'


def test_tries_that_are_counted_apart_are_told_so() -> None:
    states = tuple(
        attrs.evolve(one, silence_tries=2, invalid_tries=4) if hasattr(one, "tries") else one for one in EXAMPLE.states
    )
    assert "menu tries 2 silence 4 invalid timeout 5s" in dump(attrs.evolve(EXAMPLE, states=states))


@UNHURRIED
@given(machines())
def test_any_machine_has_a_line_for_every_state(machine: Machine) -> None:
    head, _, listing = dump(machine).partition("\n\n")
    assert len(listing.splitlines()) == len(machine.states)
    assert all(line.isprintable() for line in (*head.splitlines(), *listing.splitlines()))
