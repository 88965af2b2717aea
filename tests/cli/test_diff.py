"""`callflow diff`: differences at the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.cli import main

SCHEME = """
agent anna "sip:anna@pbx.example"
prompt hello "Hello."

start {
    answer
    play hello
    connect anna for 20s
    hangup
}
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.flow"
    path.write_text(SCHEME, encoding="utf-8")
    return path


@pytest.fixture
def new(tmp_path: Path) -> Path:
    path = tmp_path / "new.flow"
    text = SCHEME.replace('"Hello."', '"Welcome."').replace("for 20s", "for 30s").replace("    hangup", "    wait 2s")
    path.write_text(text, encoding="utf-8")
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["diff", *map(str, arguments)])


def test_differences_are_told_thing_by_thing(old: Path, new: Path) -> None:
    result = run(old, new)
    assert result.exit_code == 1
    assert result.stdout == (
        "~ prompt hello\n"
        '    en: "Hello." → "Welcome."\n'
        "flow start\n"
        "  ~ connect anna 30s  (line 8)\n"
        "      ring: 20s → 30s\n"
        "  + wait 2s  (line 9)\n"
    )


def test_nothing_is_told_where_nothing_differs(old: Path, tmp_path: Path) -> None:
    same = tmp_path / "same.flow"
    same.write_text("# greets\n" + SCHEME.replace("    answer\n    play", "    answer play"), encoding="utf-8")
    result = run(old, same)
    assert (result.exit_code, result.output) == (0, "")


def test_a_scheme_does_not_differ_from_its_machine(old: Path, tmp_path: Path) -> None:
    machine = tmp_path / "old.json"
    assert CliRunner().invoke(main, ["compile", str(old), "-o", str(machine)]).exit_code == 0
    assert run(old, machine).exit_code == 0


def test_differences_for_programs(old: Path, new: Path) -> None:
    first, second, third = json.loads(run(old, new, "--format", "json").stdout)
    assert first["changes"] == [{"what": "en", "old": '"Hello."', "new": '"Welcome."'}]
    assert second == {
        "change": "changed",
        "thing": "step",
        "name": "connect anna 30s",
        "flow": "start",
        "old_line": 8,
        "new_line": 8,
        "changes": [{"what": "ring", "old": "20s", "new": "30s"}],
    }
    assert (third["change"], third["old_line"], third["new_line"]) == ("added", None, 9)
    assert json.loads(run(old, old, "--format", "json").stdout) == []


def test_marks_have_colours_where_colours_are_wanted(old: Path, new: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in run(old, new).stdout
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[32m  + wait 2s  (line 9)\x1b[0m\n" in run(old, new).stdout


def test_a_file_that_cannot_be_used_has_a_status_of_its_own(old: Path, tmp_path: Path) -> None:
    assert run(old, tmp_path / "nowhere.flow").exit_code == 2
    (tmp_path / "wrong.flow").write_text("start { goto nowhere }", encoding="utf-8")
    result = run(old, tmp_path / "wrong.flow")
    assert result.exit_code == 2
    assert "is not used" in result.stderr


def test_warnings_are_not_repeated(old: Path, tmp_path: Path) -> None:
    doubtful = tmp_path / "doubtful.flow"
    doubtful.write_text(SCHEME + "flow forgotten { hangup }\n", encoding="utf-8")
    assert run(old, doubtful).stderr == ""
