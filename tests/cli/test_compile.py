"""`callflow compile`: schemes to machines, for programs and for people; and what every command does with its FILE."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.cli import main
from callflow.cli.load import load_machine
from callflow.machine.codec import from_json, to_json
from tests.machine.strategies import EXAMPLE

SCHEME = 'scheme "Hello"\n\nstart {\n    answer\n    play "Hello."\n}\n'
WRONG = "start {\n    answer\n    goto nowhere\n}\n"
DOUBTFUL = SCHEME + "flow forgotten {\n    hangup\n}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("hello", SCHEME), ("wrong", WRONG), ("doubtful", DOUBTFUL)):
        (tmp_path / f"{name}.flow").write_text(text, encoding="utf-8")
    (tmp_path / "acme.json").write_text(to_json(EXAMPLE), encoding="utf-8")
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


def test_a_scheme_becomes_a_machine_on_standard_output(folder: Path) -> None:
    result = run("compile", folder / "hello.flow")
    assert result.exit_code == 0
    assert result.stderr == ""
    machine = from_json(result.stdout)
    assert machine.scheme == "Hello"
    assert [type(state).__name__ for state in machine.states] == ["Answering", "Playing", "HangingUp"]


def test_a_machine_is_written_into_a_file(folder: Path) -> None:
    result = run("compile", folder / "hello.flow", "-o", folder / "hello.json")
    assert (result.exit_code, result.stdout) == (0, "")
    assert (folder / "hello.json").read_text(encoding="utf-8") == run("compile", folder / "hello.flow").stdout


def test_a_machine_is_checked_and_written_as_it_was(folder: Path) -> None:
    assert run("compile", folder / "acme.json").stdout == to_json(EXAMPLE)


def test_text_is_a_listing(folder: Path) -> None:
    assert run("compile", "--text", folder / "hello.flow").stdout == (
        "scheme Hello\n"
        "start -> 0\n"
        "\n"
        "0  start:4  answer                                -> 1\n"
        '1  start:5  play "Hello."                         -> 2\n'
        "2  start:6  hang up\n"
    )


def test_a_scheme_with_an_error_is_not_written(folder: Path) -> None:
    result = run("compile", folder / "wrong.flow", "-o", folder / "wrong.json")
    assert result.exit_code == 1
    assert "nowhere" in result.stderr
    assert not (folder / "wrong.json").exists()


def test_warnings_go_to_standard_error(folder: Path) -> None:
    result = run("compile", folder / "doubtful.flow")
    assert result.exit_code == 0
    assert "forgotten" in result.stderr
    assert "forgotten" in from_json(result.stdout).flows


def test_a_file_that_cannot_be_written_is_told(folder: Path) -> None:
    result = run("compile", folder / "hello.flow", "-o", folder / "no" / "such" / "folder.json")
    assert result.exit_code == 1
    assert "cannot write" in result.stderr
    assert "no such file or directory" in result.stderr


def test_a_file_that_is_not_there_is_a_wrong_call(folder: Path) -> None:
    result = run("compile", folder / "none.flow")
    assert result.exit_code == 2
    assert "does not exist" in result.stderr


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"format": 1', '"format": 7', "the machine has format 7; this version of Callflow reads format 1"),
        ('"start": 0,', '"start": 99,', "there is no state 99"),
        ("Europe/Berlin", "Europe/Atlantis", "`schedules.office`: unknown time zone `Europe/Atlantis`"),
        ("Mo-Fr 09", "Mox-Fr 09", "`schedules.office`: "),
        ('"DE"', '"XX"', "`schedules.office`: unknown region `XX`"),
        ("Acme", "Acme\udcff", "the file is not UTF-8"),
    ],
)
def test_a_machine_that_could_not_run_is_told(folder: Path, old: str, new: str, reason: str) -> None:
    file = folder / "acme.json"
    file.write_text(to_json(EXAMPLE).replace(old, new), encoding="utf-8", errors="surrogateescape")
    result = run("compile", file)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"{file}: ")
    assert reason in result.stderr


def test_what_is_loaded_knows_its_folder_and_its_text(folder: Path) -> None:
    scheme = load_machine(str(folder / "hello.flow"))
    assert scheme.base_dir == folder.resolve()
    assert scheme.source is not None
    assert scheme.source.text == SCHEME
    machine = load_machine(str(folder / "acme.json"))
    assert (machine.machine, machine.base_dir, machine.source) == (EXAMPLE, folder.resolve(), None)
