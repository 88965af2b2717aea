"""`callflow reach`: ways at the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.cli import main

SCHEME = """
region DE
number "+49 30 123450" goto start
agent anna "sip:anna@pbx.example" extension 301
agent boris "sip:boris@pbx.example"
group sales anna
start {
    answer
    menu {
        play "For sales, press 1."
        press 1 connect sales
    }
    voicemail sales
}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "acme.flow"
    path.write_text(SCHEME, encoding="utf-8")
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["reach", *map(str, arguments)])


def test_each_way_is_told_as_its_steps(file: Path) -> None:
    result = run(file, "anna")
    assert result.exit_code == 0
    assert result.stdout == (
        "agent anna: 1 way\n"
        "\n"
        "  1. call +4930123450 or any other number\n"
        "     press 1\n"
        "     → connect sales  (start, line 11)\n"
    )


def test_a_group_and_its_mailbox_are_told_apart(file: Path) -> None:
    lines = run(file, "sales").stdout.splitlines()
    assert [line for line in lines if line.endswith(("way", "ways"))] == ["group sales: 1 way", "mailbox sales: 2 ways"]


def test_only_the_shortest_ways_are_told_unless_all_are_asked_for() -> None:
    clinic = Path(__file__).parents[1] / "machine" / "clinic.flow"
    assert "flow message: more than 5 ways" in run(clinic, "message").stdout
    assert "flow message: 135 ways" in run(clinic, "message", "--all").stdout


def test_nobody_can_reach_an_agent_whom_nothing_calls(file: Path) -> None:
    result = run(file, "boris")
    assert result.exit_code == 1
    assert result.stdout == "agent boris: no caller comes there\n"


def test_a_telephone_number_may_be_written_as_usual(file: Path) -> None:
    assert run(file, "030 123450").stdout.startswith("number +4930123450: 1 way\n")


def test_a_name_that_is_not_there_is_a_wrong_call_and_the_nearest_is_offered(file: Path) -> None:
    result = run(file, "anne")
    assert result.exit_code == 2
    assert "nothing is called `anne`; did you mean `anna`?" in result.stderr


def test_agents_and_groups_are_listed_when_nothing_is_like_the_name(file: Path) -> None:
    assert "nothing is called `zzz`; the scheme has `anna`, `boris` and `sales`" in run(file, "zzz").stderr


def test_ways_for_programs(file: Path) -> None:
    assert json.loads(run(file, "301", "--format", "json").stdout) == [
        {
            "kind": "extension",
            "name": "301",
            "more": False,
            "ways": [
                {
                    "numbers": ["+4930123450"],
                    "any_other_number": True,
                    "steps": [{"text": "press 1", "state": 1, "flow": "start", "line": 9}],
                    "at": {"state": 2, "flow": "start", "line": 11},
                }
            ],
        }
    ]
