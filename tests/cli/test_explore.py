"""`callflow explore`: the report, one call, few calls, and what cannot be."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.cli import main

SCHEME = """
agent anna "sip:anna@pbx.example"
prompt welcome "Welcome."

start {
    answer
    menu tries 1 {
        play welcome
        press 1 goto desk
        press 2 hangup
    }
}

flow desk { connect anna for 9s { busy play "Busy." } hangup }
"""


@pytest.fixture
def line(tmp_path: Path) -> Path:
    path = tmp_path / "line.flow"
    path.write_text(SCHEME, encoding="utf-8")
    return path


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(main, [str(one) for one in args], catch_exceptions=False)


def test_the_report(line: Path) -> None:
    result = run("explore", line)
    assert result.exit_code == 0
    assert "every way was followed" in result.stdout
    assert "ways that no call went: none" in result.stdout
    told = json.loads(run("explore", line, "--format", "json").stdout)
    assert told["complete"]
    assert told["coverage"]["percent"] == 100


def test_a_dead_end_is_an_exit_status(tmp_path: Path) -> None:
    path = tmp_path / "long.flow"
    path.write_text("start { answer repeat 20 { wait 10m } hangup }", encoding="utf-8")
    assert run("explore", path).exit_code == 1


def test_few_calls_are_written_that_simulate_plays(line: Path, tmp_path: Path) -> None:
    out = tmp_path / "line.call.yaml"
    result = run("explore", line, "--cover", "-o", out)
    assert "coverage 100.0 %" in result.stderr
    played = run("simulate", line, out, "--coverage-min", "100")
    assert played.exit_code == 0, played.output


@pytest.mark.parametrize(("target", "what"), [("desk", "press: '1'"), ("desk:14 busy", "anna: busy"), ("start:10", "")])
def test_the_shortest_call_to_a_place(line: Path, target: str, what: str) -> None:
    result = run("explore", line, "--to", target)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("flow: line.flow\nscenarios:\n")
    assert what in result.stdout


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("desc", "did you mean `desk`"),
        ("desk:99", "nothing that a call can do stands in line 99 of `desk`"),
        ("desk:14 key 9", "no way out of line 14 of `desk` is called `key 9`"),
    ],
)
def test_places_that_are_not_there(line: Path, target: str, said: str) -> None:
    result = run("explore", line, "--to", target)
    assert result.exit_code == 2
    assert said in result.output


def test_a_place_that_no_call_comes_to(tmp_path: Path) -> None:
    path = tmp_path / "line.flow"
    path.write_text('agent anna "sip:anna@x.example"\ngroup team anna\n'
                    'start { answer queue team for 9s size 9 { full play "Full." } }', encoding="utf-8")  # fmt: skip
    result = run("explore", path, "--to", "start:3 full")
    assert result.exit_code == 1
    assert "no call comes to `start:3 full`" in result.stderr


def test_one_of_two(line: Path) -> None:
    assert run("explore", line, "--to", "desk", "--cover").exit_code == 2
