"""What calls went through: each exit known for itself, shares, what was missed, and how it is shown."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.cli import main
from callflow.coverage import shown
from callflow.coverage.coverage import Coverage
from callflow.coverage.ways import Via, marked, ways_of
from callflow.machine.exits import exits
from callflow.machine.model import Machine
from callflow.sim.play import play
from callflow.sim.scenario import load
from tests.engine.world import machine_of

SCHEME = """timezone "UTC"
agent anna "sip:anna@pbx.example"
schedule office "24/7"

start {
    answer
    menu tries 1 {
        play "Press 1, 2 or 3."
        press 1 goto desk
        press 2, 3 goto desk
        otherwise goto desk
    }
}

flow desk {
    when office open connect anna for 9s { busy play "Busy." }
    hangup
}

flow never { play "Never." }
flow ran { when caller.hidden tag "hidden" }
number "+49 30 123456" goto never
"""

CALLS = """
scenarios:
  - { name: one, steps: [during: Press, press: 1], agents: { anna: busy } }
  - { name: three, steps: [during: Press, press: 3] }
"""


def covered(text: str = CALLS, scheme: str = SCHEME) -> Coverage:
    machine = machine_of(scheme)
    coverage = Coverage(machine)
    told = marked(machine)
    for scenario in load(text).scenarios:
        coverage.add(play(told, scenario).passed)
    return coverage


def missed(coverage: Coverage) -> dict[str, tuple[str, ...]]:
    return {f"{shown.place(coverage, one.state)} {coverage.label(one.state)}": one.ways for one in coverage.missed()}


def test_a_marked_machine_is_the_same_machine_and_each_exit_of_it_is_known() -> None:
    machine = machine_of(SCHEME)
    told = marked(machine)
    assert told == machine
    vias = [number for state in told.states for _, number in exits(state)]
    assert vias
    assert all(isinstance(one, Via) and one.way.target == one for one in vias)
    assert {one.way for one in vias if isinstance(one, Via)} == set(ways_of(machine))


def test_exits_to_one_place_are_told_apart_and_failures_that_are_not_written_are_one() -> None:
    scripted = missed(covered())
    assert scripted == {
        "start:7 menu": ("key 2", "otherwise"),
        "desk:16 when office open": ("no",),
        'never:20 play "Never."': (),
        "never:20 hang up": (),
    }
    busy = missed(covered(CALLS.splitlines()[1] + "\n" + CALLS.splitlines()[2]))
    assert busy["desk:16 connect anna 9s"] == ("no answer, rejected, unreachable, away",)


def test_a_flow_that_no_call_can_get_to_is_not_asked_for() -> None:
    assert "ran" not in covered().flows()
    assert "never" in covered().flows()


def test_calls_beside_the_scripted_one_count() -> None:
    text = (
        "scenarios: [{ name: two, others: [{ from: '+49301', after: 1s, presses: '2 after 3s' }], steps: [wait: 1m] }]"
    )
    assert "key 2" not in " ".join(missed(covered(text))["start:7 menu"])


def test_shares() -> None:
    coverage = covered()
    states, ways = coverage.share("never")
    assert (states.done, states.of, ways.done, ways.of) == (0, 2, 0, 1)
    assert 0 < coverage.percent < 100
    assert shown.percent(99.99) == "99.9 %"
    assert shown.percent(100) == "100.0 %"
    empty = Coverage(machine_of(SCHEME))
    assert empty.percent == 0


def test_the_page_shows_every_line_with_what_was_missed() -> None:
    coverage = covered()
    page = shown.page(coverage, {"": SCHEME})
    assert page.count("<tr class=") == len(SCHEME.splitlines())
    assert '<tr class="part"><td>7</td>' in page
    assert '<tr class="none"><td>20</td>' in page
    assert '<tr class="all"><td>6</td>' in page
    assert "menu: key 2; otherwise" in page
    assert "&quot;Never.&quot;" in page


def machine_tints(machine: Machine, coverage: Coverage) -> set[str]:
    return {shown.tint(coverage, (number,)) for number in range(len(machine.states)) if number in coverage.wanted}


def test_the_diagram_has_a_colour_for_each_grade() -> None:
    coverage = covered()
    assert len(machine_tints(coverage.machine, coverage)) == 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "line.flow").write_text(SCHEME, encoding="utf-8")
    (tmp_path / "line.call.yaml").write_text(CALLS, encoding="utf-8")
    return tmp_path


def simulate(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(
        main, ["simulate", str(folder / "line.flow"), str(folder / "line.call.yaml"), *options], catch_exceptions=False
    )


def test_the_command_tells_and_writes_what_is_asked_for(folder: Path) -> None:
    outs = [str(folder / f"out{kind}") for kind in (".html", ".svg", ".json")]
    result = simulate(folder, "--coverage", *(part for out in outs for part in ("--coverage-to", out)))
    assert result.exit_code == 0, result.output
    assert "start:7  menu: key 2; otherwise" in result.output
    assert (folder / "out.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "#f5c9c6" in (folder / "out.svg").read_text(encoding="utf-8")
    told = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    assert told["flows"]["never"] == {"states": [0, 2], "ways": [0, 1]}
    assert f"coverage {shown.percent(told['percent'])}" in result.output


@pytest.mark.parametrize(("least", "status"), [("10", 0), ("99", 1)])
def test_too_little_is_an_exit_status(folder: Path, least: str, status: int) -> None:
    result = simulate(folder, "--coverage-min", least)
    assert result.exit_code == status
    assert ("is less than 99 %" in result.output) is bool(status)


def test_what_cannot_be_is_refused(folder: Path) -> None:
    assert "written as .html, .svg or .json" in simulate(folder, "--coverage-to", "out.txt").output
    alone = CliRunner().invoke(main, ["simulate", str(folder / "line.flow"), "--coverage"])
    assert alone.exit_code == 2
    assert "coverage is of scripted calls" in alone.output
