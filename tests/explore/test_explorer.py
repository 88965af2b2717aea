"""Every way through a scheme is found, by calls that go the same way when they are played as scripts."""

from pathlib import Path

import attrs
import pytest

from callflow.compile.pipeline import compile_path
from callflow.coverage import shown
from callflow.explore.explorer import Explored, explore
from callflow.explore.live import Live, values_of
from callflow.explore.told import lines, scripts, way
from callflow.machine.model import Machine
from callflow.sim.play import play
from callflow.sim.scenario import load
from callflow.sim.written import written
from tests.engine.world import AGENTS, machine_of

ROOT = Path(__file__).parents[2]
SCHEMES = sorted(
    [*ROOT.glob("examples/*.flow"), *ROOT.glob("tests/acceptance/*/scheme.flow"), ROOT / "tests/sim/rest.flow"]
)

NOT_FOUND = {
    "examples/call_center.flow": {"full"},
    "examples/hotel.flow": {"full"},
    "examples/opening_hours.flow": {"yes", "never"},
    "tests/acceptance/f23_fig2/scheme.flow": {"yes", "never"},
    "tests/acceptance/f42_conferences/scheme.flow": {"full", "never"},
    "tests/acceptance/f46_sample_inbound/scheme.flow": {"otherwise", "never"},
    "tests/acceptance/f47_queue_configurations/scheme.flow": {"no", "never"},
    "tests/acceptance/f87_mama_info/scheme.flow": {"invalid", "yes", "never"},
    "tests/sim/rest.flow": {"full", "no", "never"},
}
"""Ways that need other callers, a change of hours during the call, two patterns at once or hours of waiting."""


def machine_at(path: Path) -> Machine:
    directory = path.with_name("directory.yaml")
    machine = compile_path(path, directory if directory.exists() else None).machine
    assert machine is not None
    return machine


@pytest.mark.parametrize("path", sorted(SCHEMES), ids=lambda path: str(path.relative_to(ROOT)))
def test_published_flows_are_gone_through_by_scripts_that_play_the_same(path: Path) -> None:
    machine = machine_at(path)
    done = explore(machine, 400)
    few = done.fewest()
    again = load(written(scripts(few))).scenarios
    for one, script in zip(few, again, strict=True):
        played = play(machine, script)
        assert played.mismatches == ()
        assert played.journal == one.call.journal
    assert {gone for one in few for gone in one.ways} == set(done.coverage.ways)
    if done.complete:
        missed = {name for one in done.coverage.missed() for name in one.ways or ("never",)}
        assert missed == NOT_FOUND.get(str(path.relative_to(ROOT)), set())


def explored(text: str) -> Explored:
    return explore(machine_of(text))


def missed(done: Explored) -> list[str]:
    return [f"{shown.place(done.coverage, one.state)}{shown.said(one)}" for one in done.coverage.missed()]


FACTS = (
    AGENTS
    + """
timezone "UTC"
schedule office "Mo-Fr 09:00-18:00"
number "+49 30 7777777" goto special

start {
    answer
    when caller.hidden tag "hidden"
    when caller.country == "FR" tag "France"
    when caller.number matches "+4930*" tag "Berlin"
    when header("X-Vip") == "yes" tag "vip"
    when visits == none { remember visits = 1 } else tag "again"
    split { 99% tag "often" 1% tag "rarely" }
    when office closed tag "closed"
    goto digits_asked
}

flow digits_asked {
    collect code digits 4 matching "9*" until "#" tries 1 {
        play "Code?"
        invalid play "No."
        otherwise play "No code."
    }
    when code == "9876" tag "known"
    fetch crm from "https://crm.example/{code}" { failed tag "fails" }
    when crm.tier == "gold" tag "gold"
    when crm.debt > 100 tag "debt"
    connect last agent of both for 9s { failed tag "nobody" answered tag "talked" }
    queue both for 30s music { empty tag "empty" answered hangup }
    voicemail anna
}

flow special { reject busy }
"""
)


def test_whatever_decides_where_a_call_goes_is_tried() -> None:
    done = explored(FACTS)
    assert done.complete
    assert missed(done) == []


def test_what_is_known_of_the_calls_is_told() -> None:
    done = explored(
        'prompt unheard "Never."\nstart { answer when false play unheard menu tries 1 timeout 7s { play "One?" '
        "press 1 wait 9s } hangup }"
    )
    assert (done.silent_ms, done.waited_ms) == (9_200, 0)
    assert done.unheard() == ["unheard"]
    text = "\n".join(lines(done))
    assert "every way was followed to where it ends" in text
    assert "dead ends: none" in text
    assert "longest silence: 9.2s" in text


def test_a_call_that_only_a_bound_ends_is_a_dead_end() -> None:
    done = explored('start { answer menu tries 1 { play "Wait?" press 1 repeat 20 { wait 10m } } hangup }')
    assert [way(one) for one in done.stuck] == ["presses 1"]
    assert "dead ends: 1\n  presses 1\n" in "\n".join(lines(done))


def test_too_few_calls_are_told_to_be_too_few() -> None:
    done = explore(machine_of(FACTS), 20)
    assert not done.complete
    assert done.walks == 20
    assert "there are more" in "\n".join(lines(done))


def test_counters_of_menus_and_old_digits_do_not_make_places_different() -> None:
    menus = "\n".join(
        f'flow m{n} {{ menu tries 3 {{ play "Next?" press 1, 2, 3, 4 goto m{n + 1} }} hangup }}' for n in range(6)
    )
    done = explored(f"start {{ answer goto m0 }}\n{menus}\nflow m6 {{ hangup }}")
    assert done.complete
    assert done.walks < 300


def test_a_name_matters_until_it_is_set_anew() -> None:
    machine = machine_of('start { answer set a = 1 wait 1s set a = 2 wait 2s when a == 2 play "Two." hangup }')
    live = Live(machine)
    waits = [number for number, state in enumerate(machine.states) if type(state).__name__ == "Waiting"]
    assert [live.at(number).names for number in waits] == [frozenset(), frozenset({"a"})]
    assert values_of(machine)["a"] == (2, 3, 1)


def test_the_first_call_to_a_place_has_the_fewest_decisions() -> None:
    done = explored('start { answer menu tries 2 { play "?" press 1 tag "one" otherwise tag "none" } hangup }')
    plans = [way(one) for one in done.found]
    assert plans[0] == "presses 1"
    assert all(attrs.asdict(one.call.scenario)["steps"] is not None for one in done.found)


def test_what_takes_too_much_luck_is_told_as_not_gone() -> None:
    split = 'split { 1% tag "rare" otherwise wait 1s }'
    done = explored(f"start {{ answer {split} {split} {split} hangup }}")
    assert done.found
    assert done.complete
