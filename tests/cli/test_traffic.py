"""`callflow traffic`, as a user runs it."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from callflow.cli import main

SCHEME = """
agent anna "sip:anna@pbx.example"
agent boris "sip:boris@pbx.example"
group sales anna, boris
start {
    answer
    menu { play "For sales, press 1." press 1 goto line otherwise hangup }
}
flow line { queue sales for 5m voicemail sales }
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "line.flow"
    path.write_text(SCHEME, encoding="utf-8")
    return str(path)


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["traffic", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_days_are_told_in_figures_with_how_sure_they_are(file: str) -> None:
    status, said, _ = run(file, "--rate", "40", "--for", "1h", "--days", "3", "--press", "start=1", "--talk", "2m")
    assert status == 0
    rows = [line.split()[0] for line in said.splitlines()]
    assert rows[:4] == ["a", "calls", "answered", "abandoned"]
    assert said.count("±") == len(rows) - 1
    assert "95 % sure" in said


def test_one_day_says_nothing_of_how_sure_it_is(file: str) -> None:
    _, said, _ = run(file, "--for", "1h", "--days", "1", "--press", "start=1")
    assert said.startswith("one day\n")
    assert "±" not in said


@pytest.mark.parametrize("form", ["csv", "json"])
def test_every_day_is_there_for_programs(file: str, form: str) -> None:
    _, said, _ = run(file, "--for", "1h", "--days", "2", "--press", "start=1:2,nothing:1", "--format", form)
    days = list(csv.DictReader(io.StringIO(said))) if form == "csv" else json.loads(said)
    assert len(days) == 2
    assert 30 < float(days[0]["calls"]) < 100
    assert 0 < float(days[0]["answered"]) < 1


def test_the_same_seed_is_the_same_days(file: str) -> None:
    same = ("--for", "1h", "--days", "2", "--press", "start=1")
    assert run(file, *same, "--seed", "7") == run(file, *same, "--seed", "7")
    assert run(file, *same, "--seed", "7") != run(file, *same, "--seed", "8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--talk", "often"], "`often` is no length of time"),
        (["--for", "0s"], "`--for 0s` is no length of time up to 366d"),
        (["--at", "noon"], "`--at noon` is no time such as"),
        (["--press", "1"], "`1` says no flow"),
        (["--press", "sart=1"], "there is no flow `sart`; did you mean `start`?"),
        (["--press", "start=x"], "`x` in `start=x` is no key"),
        (["--press", "start=1:much"], "`much` in `start=1:much` is no weight"),
        (["--press", "start=1:0"], "the weights in `start=1:0` make no choice"),
        (["--rate", "0"], "0"),
    ],
)
def test_what_cannot_be_meant_is_told(file: str, arguments: list[str], message: str) -> None:
    status, _, told = run(file, *arguments)
    assert status == 2
    assert message in told
