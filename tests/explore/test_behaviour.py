"""How two schemes differ for those who call: by every call of either, made to both."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from callflow.cli import main
from callflow.explore.behaviour import Compared, compare
from callflow.sim.beside import Row, lines, rows
from tests.engine.world import AGENTS, machine_of

OLD = (
    AGENTS
    + """
timezone "UTC"
schedule office "Mo-Fr 09:00-18:00"
start {
    answer
    when office closed play "Closed."
    menu tries 2 {
        play "Press 1."
        press 1 goto desk
        press 2 voicemail anna
    }
    hangup
}
flow desk { connect both for 20s { busy play "Busy." } hangup }
"""
)


def compared(old: str, new: str) -> Compared:
    return compare(machine_of(AGENTS + old if AGENTS not in old else old), machine_of(new))


def test_the_same_scheme_goes_the_same_way_however_it_is_laid_out() -> None:
    found = compared(OLD, OLD.replace("desk", "desks").replace("\n    ", "\n        "))
    assert found.calls > 10
    assert found.complete
    assert found.differences == ()


def test_calls_that_part_at_one_place_are_one_difference() -> None:
    found = compared(OLD, OLD.replace("goto desk", "goto desk2") + "\nflow desk2 { connect boris for 20s hangup }")
    (one,) = found.differences
    assert one.way == "office open, presses 1, agents: answers after 4s, hangs up after 30s"
    assert one.calls == 3
    assert [row for row in one.rows if row.differs] == [
        Row("ring anna, boris 4s", "ring boris 4s"),
        Row("bridge anna", "bridge boris"),
    ]


def test_words_and_times_are_differences_too() -> None:
    assert len(compared(OLD, OLD.replace("Busy.", "Engaged.")).differences) == 1
    assert len(compared(OLD, OLD.replace("for 20s", "for 25s")).differences) == 1
    assert len(compared(OLD, OLD.replace("tries 2", "tries 3")).differences) >= 1


@pytest.mark.parametrize(
    "new",
    [
        "start { reject busy }",
        'start { answer record message max 9s into said menu { play "?" press 5 hangup } hangup }',
        'agent carol "sip:carol@x.example"\nstart { answer connect last agent for 9s connect carol for 9s hangup }',
        'start { answer fetch a from "https://x.example" split { 50% wait 1s otherwise wait 2s } play "{a.b}" hangup }',
    ],
)
def test_schemes_that_have_nothing_in_common_are_compared(new: str) -> None:
    assert compared(OLD, new).differences
    assert compare(machine_of(new), machine_of(OLD)).differences


def test_rows_keep_what_is_the_same_beside_each_other() -> None:
    found = rows(["answer", "play a", "wait 5s", "bridge x"], ["answer", "wait 5s", "bridge y"])
    assert found == [Row("answer", "answer"), Row("play a", ""), Row("wait 5s", "wait 5s"), Row("bridge x", "bridge y")]
    text = list(lines(found, "old", "new"))
    assert text[2].startswith("  ≠ play a")
    assert text[3].startswith("    wait 5s")


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    for name, text in (("old", OLD), ("new", OLD.replace("Busy.", "Engaged."))):
        (tmp_path / f"{name}.flow").write_text(text, encoding="utf-8")
    return [str(tmp_path / "old.flow"), str(tmp_path / "new.flow")]


def test_the_command_shows_pairs(files: list[str]) -> None:
    result = CliRunner().invoke(main, ["diff", *files, "--behaviour"])
    assert result.exit_code == 1
    assert '≠ play "Busy."' in result.stdout
    assert "go differently" in result.stdout
    ladders = CliRunner().invoke(main, ["diff", *files, "--behaviour", "--ladders"]).stdout
    assert ladders.count("caller                            callflow") == 2
    told = CliRunner().invoke(main, ["diff", *files, "--behaviour", "--format", "json"]).stdout
    assert '"different": ' in told
    same = CliRunner().invoke(main, ["diff", files[0], files[0], "--behaviour"])
    assert same.exit_code == 0
    assert "all go the same way" in same.stdout
