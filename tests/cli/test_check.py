"""`callflow check`: what it says, where, and with which exit status."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.cli import main
from callflow.cli.streams import wants_colour

CLEAN = 'start {\n    answer\n    play "Hello."\n}\n'
WRONG = "start {\n    answr\n    wait 5\n}\n"
UNKNOWN = "start {\n    answer\n    goto nowhere\n}\n"
DOUBTFUL = CLEAN + "\nflow forgotten {\n    hangup\n}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {"clean": CLEAN, "wrong": WRONG, "unknown": UNKNOWN, "doubtful": DOUBTFUL}.items():
        (tmp_path / f"{name}.flow").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["check", *arguments], input=stdin)


@pytest.mark.usefixtures("folder")
def test_a_clean_scheme_says_nothing_on_standard_output() -> None:
    result = check("clean.flow")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "clean.flow: no problems\n")


@pytest.mark.usefixtures("folder")
def test_all_problems_are_told_with_a_summary_apart() -> None:
    result = check("wrong.flow")
    assert result.exit_code == 1
    assert result.stdout.count("error[") == 2
    assert " --> wrong.flow:2:5" in result.stdout
    assert result.stderr == "2 errors in wrong.flow\n"


@pytest.mark.usefixtures("folder")
def test_warnings_alone_are_clean_unless_told_otherwise() -> None:
    result = check("doubtful.flow")
    assert result.exit_code == 0
    assert result.stdout.startswith("warning[CF")
    assert result.stderr == "1 warning in doubtful.flow\n"
    assert check("doubtful.flow", "--strict").exit_code == 1


@pytest.mark.usefixtures("folder")
def test_every_file_is_checked() -> None:
    result = check("wrong.flow", "clean.flow", "unknown.flow", "doubtful.flow", "--format", "concise")
    assert result.exit_code == 1
    assert [line.split(":")[0] for line in result.stdout.splitlines()] == [
        "wrong.flow", "wrong.flow", "unknown.flow", "doubtful.flow",
    ]  # fmt: skip
    assert result.stderr == "3 errors, 1 warning in 4 files\n"


@pytest.mark.usefixtures("folder")
def test_a_line_each() -> None:
    result = check("--format", "concise", "wrong.flow")
    assert result.stdout.splitlines() == [
        "wrong.flow:2:5: error[CF102]: `answr` is no statement",
        "wrong.flow:3:10: error[CF109]: `5` has no unit",
    ]


@pytest.mark.usefixtures("folder")
def test_values_for_programs() -> None:
    found = json.loads(check("--format", "json", "wrong.flow", "unknown.flow").stdout)
    assert [(one["path"], one["line"], one["code"]) for one in found] == [
        ("wrong.flow", 2, "CF102"),
        ("wrong.flow", 3, "CF109"),
        ("unknown.flow", 3, "CF201"),
    ]
    assert json.loads(check("--format", "json", "clean.flow").stdout) == []


@pytest.mark.usefixtures("folder")
def test_what_cannot_be_read_is_told_and_the_others_are_checked() -> None:
    result = check("nowhere.flow", ".", "wrong.flow")
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "cannot read `nowhere.flow`: no such file or directory",
        "cannot read `.`: is a directory",
        "2 errors in 3 files",
    ]
    assert "answr" in result.stdout


def test_a_file_is_needed() -> None:
    assert check().exit_code == 2


def test_a_file_that_is_no_text_is_a_problem_of_the_scheme(folder: Path) -> None:
    (folder / "latin.flow").write_bytes(b'scheme "B\xfcro"\n')
    result = check("latin.flow")
    assert result.exit_code == 1
    assert "CF111" in result.stdout


def test_standard_input_is_read() -> None:
    result = check("-", "--format", "concise", stdin=WRONG)
    assert result.exit_code == 1
    assert result.stdout.startswith("<stdin>:2:5: error[CF102]")
    assert check("-", stdin=CLEAN).exit_code == 0
    assert check("-", stdin=b"\xff").exit_code == 2


@pytest.mark.parametrize(
    ("environment", "terminal", "coloured"),
    [
        ({}, False, False),
        ({}, True, True),
        ({"NO_COLOR": "1"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ({"TERM": "dumb"}, True, False),
    ],
)
def test_colour_is_for_terminals(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, *, terminal: bool, coloured: bool
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    class Stream:
        def isatty(self) -> bool:
            return terminal

    assert wants_colour(Stream()) is coloured  # type: ignore[arg-type]


@pytest.mark.usefixtures("folder")
def test_checking_a_plain_scheme_imports_neither_lark_nor_the_almanac() -> None:
    """Importing them costs more than checking; Lark is needed once, to make the table that is kept."""
    command = [sys.executable, "-X", "importtime", "-m", "callflow", "check", "clean.flow"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    imports = subprocess.run(command, check=True, capture_output=True, env=environment).stderr.decode()
    names = {line.rsplit("|", 1)[-1].strip() for line in imports.splitlines() if line.startswith("import time")}
    assert "callflow.check.checker" in names
    heavy = {
        "lark",
        "opening_hours",
        "holidays",
        "phonenumbers",
        "yaml",
        "asyncio",
        "pjsua2",
        "json",
        "importlib.metadata",
        "babel",
        "num2words",
        "callflow.saying.spoken",
    }
    assert not heavy & names
