"""`callflow fmt`: files are replaced wholly or not at all, and only when there is something to change."""

import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.cli import main

UNTIDY = "start{answer   # pick up\n hangup}\r\n"
TIDY = "start {\n    answer  # pick up\n    hangup\n}\n"
WRONG = "start{answr}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {"untidy": UNTIDY, "tidy": TIDY, "wrong": WRONG}.items():
        (tmp_path / f"{name}.flow").write_bytes(text.encode())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fmt(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["fmt", *arguments], input=stdin)


def test_a_file_is_brought_into_the_layout(folder: Path) -> None:
    result = fmt("untidy.flow")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "untidy.flow: written\n")
    assert (folder / "untidy.flow").read_bytes() == TIDY.encode()


def test_a_file_in_the_layout_is_not_written(folder: Path) -> None:
    os.utime(folder / "tidy.flow", ns=(1, 1))
    result = fmt("tidy.flow")
    assert (result.exit_code, result.output) == (0, "")
    assert (folder / "tidy.flow").stat().st_mtime_ns == 1


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_the_mode_of_a_file_stays(folder: Path, mode: int) -> None:
    (folder / "untidy.flow").chmod(mode)
    fmt("untidy.flow")
    assert stat.S_IMODE((folder / "untidy.flow").stat().st_mode) == mode


def test_a_link_stays_a_link(folder: Path) -> None:
    (folder / "link.flow").symlink_to("untidy.flow")
    fmt("link.flow")
    assert (folder / "link.flow").is_symlink()
    assert (folder / "untidy.flow").read_text() == TIDY


def test_a_file_with_mistakes_is_left_and_the_others_are_written(folder: Path) -> None:
    result = fmt("wrong.flow", "untidy.flow")
    assert result.exit_code == 1
    assert "error[CF102]: `answr` is no statement" in result.stderr
    assert "wrong.flow: left as it is" in result.stderr
    assert (folder / "wrong.flow").read_text() == WRONG
    assert (folder / "untidy.flow").read_text() == TIDY


def test_a_scheme_that_only_means_nothing_is_formatted(folder: Path) -> None:
    (folder / "odd.flow").write_text("start{goto nowhere}")
    assert fmt("odd.flow").exit_code == 0
    assert (folder / "odd.flow").read_text() == "start { goto nowhere }\n"


def test_check_names_what_would_change_and_writes_nothing(folder: Path) -> None:
    result = fmt("--check", "untidy.flow", "tidy.flow")
    assert (result.exit_code, result.stdout) == (1, "untidy.flow\n")
    assert (folder / "untidy.flow").read_bytes() == UNTIDY.encode()
    assert fmt("--check", "tidy.flow").exit_code == 0


def test_diff_shows_what_would_change_and_writes_nothing(folder: Path) -> None:
    result = fmt("--diff", "untidy.flow")
    assert result.exit_code == 1
    assert "+    answer  # pick up\n" in result.stdout
    assert result.stdout.startswith("--- untidy.flow")
    assert (folder / "untidy.flow").read_bytes() == UNTIDY.encode()


def test_standard_input_goes_to_standard_output() -> None:
    result = fmt("-", stdin=UNTIDY)
    assert (result.exit_code, result.stdout, result.stderr) == (0, TIDY, "")
    assert fmt("-", stdin=TIDY).stdout == TIDY
    assert fmt("--check", "-", stdin=UNTIDY).exit_code == 1
    wrong = fmt("-", stdin=WRONG)
    assert (wrong.exit_code, wrong.stdout) == (1, "")


@pytest.mark.parametrize("file", ["nowhere.flow", "."])
@pytest.mark.usefixtures("folder")
def test_what_cannot_be_read_is_told(file: str) -> None:
    result = fmt(file)
    assert result.exit_code == 2
    assert f"cannot read `{file}`" in result.stderr


def test_a_file_that_is_no_text_is_told(folder: Path) -> None:
    (folder / "latin.flow").write_bytes(b"\xff")
    assert fmt("latin.flow").exit_code == 2
    assert (folder / "latin.flow").read_bytes() == b"\xff"


def test_nothing_is_left_beside_a_file_that_cannot_be_replaced(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    before = sorted(path.name for path in folder.iterdir())
    result = fmt("untidy.flow")
    assert result.exit_code == 2
    assert "cannot write `untidy.flow`: no space left on device" in result.stderr
    assert sorted(path.name for path in folder.iterdir()) == before
    assert (folder / "untidy.flow").read_bytes() == UNTIDY.encode()
