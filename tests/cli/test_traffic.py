"""`callflow traffic`, as a user runs it."""

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree as ET

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


SMALL = ("--rate", "30", "--for", "2h", "--days", "2", "--press", "start=1", "--talk", "2m")


def test_hours_and_ways_are_shown(file: str) -> None:
    _, said, _ = run(file, *SMALL, "--hours", "--ways", "--shift", "anna=Mo-Fr 09:00-10:00")
    assert "09:00  " in said
    assert "10:00  " in said
    assert "start:7 menu: key 1" in said


@pytest.mark.parametrize(("option", "columns"), [("--hours", "day,hour,calls"), ("--ways", "day,way,calls")])
def test_hours_and_ways_for_programs(file: str, option: str, columns: str) -> None:
    _, said, _ = run(file, *SMALL, option, "--format", "csv")
    assert said.startswith(columns)
    assert len(said.splitlines()) >= 3


def test_two_schemes_meet_the_same_people(file: str, tmp_path: Path) -> None:
    other = tmp_path / "other.flow"
    other.write_text(SCHEME.replace("queue sales for 5m", "queue sales for 1s"), encoding="utf-8")
    _, said, _ = run(file, *SMALL, "--compare", str(other))
    rows = {line.split("  ")[0].strip(): line for line in said.splitlines()}
    assert "0.0  ± 0.0" in rows["calls"]
    assert "+" in rows["messages"]
    _, same, _ = run(file, *SMALL, "--compare", file, "--format", "json")
    assert {one["difference"] for one in json.loads(same)["figures"].values()} == {0.0}
    _, table, _ = run(file, *SMALL, "--compare", str(other), "--format", "csv")
    assert table.startswith("figure,old,new,difference,within\n")


def test_a_picture_is_drawn(file: str, tmp_path: Path) -> None:
    out = tmp_path / "day.svg"
    run(file, *SMALL, "--svg", str(out))
    root = ET.parse(out).getroot()
    assert root.tag.endswith("svg")
    bars = [one for one in root.iter() if one.tag.endswith("rect") and one.get("class") in ("answered", "lost")]
    assert len(bars) > 10
    assert all(float(one.get("height", "-1")) >= 0 for one in bars)


def test_rates_shifts_and_a_log_come_from_files(file: str, tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_text("day,hour,calls\nTu,9-11,20\n", encoding="utf-8")
    (tmp_path / "shifts.csv").write_text("agent,hours\nanna,09:00-10:00\nboris,off\n", encoding="utf-8")
    (tmp_path / "log.csv").write_text("time,keys\n2026-03-10 09:00:00,1\n2026-03-10 09:05:00,9\n", encoding="utf-8")
    status, said, _ = run(file, "--rates", str(tmp_path / "rates.csv"), "--shifts", str(tmp_path / "shifts.csv"),
                          "--for", "4h", "--days", "2", "--format", "json")  # fmt: skip
    assert status == 0
    assert all(set(one["hours"]) <= {"09", "10"} for one in json.loads(said))
    _, said, _ = run(file, "--log", str(tmp_path / "log.csv"), "--days", "1", "--format", "json")
    (one,) = json.loads(said)
    assert one["calls"] == 2
    assert one["answered"] == 0.5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--shift", "anna"], "`anna` says no agent"),
        (["--shift", "ana=24/7"], "nobody is called `ana`; did you mean `anna`?"),
        (["--rates", "{bad}"], "line 1: there is no column `day`"),
        (["--log", "{bad}"], "line 1: there is no column `time`"),
        (["--rates", "{bad}", "--log", "{bad}"], "give one of them"),
    ],
)
def test_files_and_shifts_that_cannot_be_used(file: str, tmp_path: Path, arguments: list[str], message: str) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("x\n1\n", encoding="utf-8")
    status, _, told = run(file, *(one.format(bad=bad) for one in arguments))
    assert status == 2
    assert message in told


def staff(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["staff", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_agents_for_a_service_level(file: str) -> None:
    status, said, _ = staff(file, *SMALL, "--target", "90")
    assert status == 0
    assert said.splitlines()[0].split()[0] == "agents"
    assert said.splitlines()[-1].startswith("sales: ")
    assert said.count("←") == 1
    found = json.loads(staff(file, *SMALL, "--target", "90", "--format", "json")[1])
    assert f"sales: {found['agents']} agents" in said
    assert staff(file, *SMALL, "--format", "csv")[1].startswith("agents,enough,")


def test_agents_that_are_not_enough_are_an_exit_status(file: str) -> None:
    status, said, _ = staff(file, "--rate", "600", "--for", "1h", "--days", "1", "--press", "start=1", "--most", "2")
    assert status == 1
    assert said.endswith("sales: 2 agents are not enough\n")


@pytest.mark.parametrize(
    ("scheme", "arguments", "message"),
    [
        ("start { hangup }", [], "the scheme has no group with agents"),
        (SCHEME + "group others anna", [], "say whose agents to count by `--group`"),
        (SCHEME, ["--group", "sals"], "no group with agents is called `sals`; did you mean `sales`?"),
    ],
)
def test_whose_agents_are_counted(tmp_path: Path, scheme: str, arguments: list[str], message: str) -> None:
    path = tmp_path / "x.flow"
    path.write_text(scheme, encoding="utf-8")
    status, _, told = staff(str(path), *arguments)
    assert status == 2
    assert message in told
