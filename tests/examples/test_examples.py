"""The examples: free of problems, in the one layout, and every scripted call goes as it is written."""

from pathlib import Path

import pytest

from callflow.check.checker import check
from callflow.compile.lower import lower
from callflow.compile.pipeline import compile_path
from callflow.engine import entering
from callflow.engine.turn import Turn
from callflow.machine.exits import exits
from callflow.machine.model import Machine, State
from callflow.prove.graphs import reachable
from callflow.sim.play import Played, play
from callflow.sim.scenario import Scenario, ScenarioFile, load
from callflow.source import Source
from callflow.syntax.format import format_source
from callflow.syntax.parser import parse

FOLDER = Path(__file__).parents[2] / "examples"
SCHEMES = sorted(FOLDER.glob("*.flow"))


def calls_of(scheme: Path) -> ScenarioFile:
    return load(scheme.with_suffix(".call.yaml").read_text(encoding="utf-8"))


SCENARIOS = [
    pytest.param(scheme, scenario, id=f"{scheme.stem}-{scenario.name}")
    for scheme in SCHEMES
    for scenario in calls_of(scheme).scenarios
]


def machine_of(scheme: Path) -> Machine:
    compiled = compile_path(scheme)
    assert compiled.machine is not None
    return compiled.machine


def told(played: Played, machine: Machine) -> str:
    """Return what went differently, and the ladder."""
    lines = [f"line {mismatch.line}: {mismatch.message}" for mismatch in played.mismatches]
    return "\n".join([*lines, played.ladder(machine)])


def test_there_are_examples_of_every_size() -> None:
    assert {"hello", "reception", "small_company"} <= {scheme.stem for scheme in SCHEMES}
    assert {path.name.removesuffix(".call.yaml") for path in FOLDER.glob("*.call.yaml")} == {s.stem for s in SCHEMES}


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.stem)
def test_an_example_has_no_problems(scheme: Path) -> None:
    assert compile_path(scheme).problems == []


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.stem)
def test_an_example_stands_in_the_one_layout(scheme: Path) -> None:
    source = Source(scheme.name, scheme.read_text(encoding="utf-8"))
    parsed, problems = parse(source)
    assert problems == []
    assert format_source(source, parsed) == source.text


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.stem)
def test_scripted_calls_name_the_scheme_they_are_for(scheme: Path) -> None:
    assert calls_of(scheme).flow == scheme.name


@pytest.mark.parametrize(("scheme", "scenario"), SCENARIOS)
def test_a_scripted_call_goes_as_it_is_written(scheme: Path, scenario: Scenario) -> None:
    machine = machine_of(scheme)
    played = play(machine, scenario)
    assert not played.mismatches, told(played, machine)


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.stem)
def test_the_scripted_calls_pass_through_everything(scheme: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(scheme.name, scheme.read_text(encoding="utf-8"))
    parsed, _ = parse(source)
    lowered = lower(check(parsed), source)
    machine = lowered.machine
    entered: set[int] = set()
    enter = entering._enter

    def noting(turn: Turn, state: State) -> int | None:
        entered.add(turn.state)
        return enter(turn, state)

    monkeypatch.setattr(entering, "_enter", noting)
    for scenario in calls_of(scheme).scenarios:
        play(machine, scenario)
    starts = (machine.start, *machine.numbers.values())
    reached = reachable(starts, lambda number: [to for _, to in exits(machine.states[number])])
    missed = sorted(reached - entered - lowered.implied)
    assert not missed, [f"{machine.states[n].where.line}: {type(machine.states[n]).__name__}" for n in missed]
