"""`callflow check` beyond telling: repairs, other tools' formats, proofs."""

import json
import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.cli import main
from tests.report.sarif import assert_is

UNTIDY = "start {\n        menu {   # a choice\n    press # hangup\n   press 1 goto nowhere\n  }\n}\n"
REPAIRED = (
    'start {\n        answer\n        menu {   # a choice\n    press "#" hangup\n   press 1 goto nowhere\n  }\n}\n'
)
SLIP = 'agent anna "sip:anna@pbx.example"\n\nstart {\n    connect ana\n}\n'
CLEAN = 'start {\n    answer\n    play "Hello."\n}\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {"untidy": UNTIDY, "slip": SLIP, "clean": CLEAN}.items():
        (tmp_path / f"{name}.flow").write_bytes(text.encode())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["check", *arguments], input=stdin)


# --- repairs ---


def test_safe_repairs_are_written_and_the_rest_is_told(folder: Path) -> None:
    result = check("--fix", "untidy.flow")
    assert (folder / "untidy.flow").read_text() == REPAIRED
    assert result.exit_code == 1
    assert result.stdout.startswith("error[CF201]: unknown flow `nowhere`\n --> untidy.flow:5:17\n")
    assert result.stderr == "fixed 2 problems, 1 left in untidy.flow\n"


def test_other_repairs_are_made_when_asked_for(folder: Path) -> None:
    assert check("--fix", "slip.flow").stderr == "fixed no problems, 1 left in slip.flow\n"
    assert (folder / "slip.flow").read_text() == SLIP
    result = check("--fix", "--unsafe-fixes", "slip.flow")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "fixed 1 problem, none left in slip.flow\n"
    assert (folder / "slip.flow").read_text() == SLIP.replace("ana\n", "anna\n")


def test_several_files_are_counted_together(folder: Path) -> None:
    result = check("--fix", "--unsafe-fixes", "untidy.flow", "slip.flow", "clean.flow", "nowhere.flow")
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "cannot read `nowhere.flow`: no such file or directory",
        "fixed 3 problems, 1 left in 4 files",
    ]
    assert (folder / "clean.flow").read_text() == CLEAN


def test_a_file_without_anything_to_repair_is_not_written(folder: Path) -> None:
    for name in ("clean.flow", "slip.flow"):
        os.utime(folder / name, ns=(1, 1))
        check("--fix", name)
        assert (folder / name).stat().st_mtime_ns == 1
    assert check("--fix", "clean.flow").stderr == "clean.flow: no problems\n"


def test_a_file_keeps_its_mode_and_a_link_stays_a_link(folder: Path) -> None:
    (folder / "untidy.flow").chmod(0o640)
    (folder / "link.flow").symlink_to("untidy.flow")
    check("--fix", "link.flow")
    assert (folder / "link.flow").is_symlink()
    assert stat.S_IMODE((folder / "untidy.flow").stat().st_mode) == 0o640
    assert (folder / "untidy.flow").read_text() == REPAIRED


def test_a_file_that_cannot_be_replaced_stays_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    before = sorted(path.name for path in folder.iterdir())
    result = check("--fix", "untidy.flow")
    assert result.exit_code == 2
    assert "cannot write `untidy.flow`: no space left on device" in result.stderr
    assert sorted(path.name for path in folder.iterdir()) == before
    assert (folder / "untidy.flow").read_text() == UNTIDY


def test_what_is_read_from_standard_input_goes_to_standard_output() -> None:
    result = check("--fix", "-", stdin=UNTIDY)
    assert (result.exit_code, result.stdout) == (1, REPAIRED)
    assert " --> <stdin>:5:17" in result.stderr
    assert result.stderr.endswith("fixed 2 problems, 1 left in -\n")
    clean = check("--fix", "-", stdin=CLEAN)
    assert (clean.exit_code, clean.stdout) == (0, CLEAN)
    assert check("--fix", "-", stdin=b"\xff").exit_code == 2


def test_lines_end_as_they_did(folder: Path) -> None:
    (folder / "dos.flow").write_bytes(UNTIDY.replace("\n", "\r\n").encode())
    check("--fix", "dos.flow")
    assert (folder / "dos.flow").read_bytes() == REPAIRED.replace("\n", "\r\n").encode()


def test_a_file_that_is_no_text_is_left(folder: Path) -> None:
    (folder / "latin.flow").write_bytes(b'scheme "B\xfcro"\n')
    assert check("--fix", "latin.flow").exit_code == 1
    assert (folder / "latin.flow").read_bytes() == b'scheme "B\xfcro"\n'


def test_sounds_are_looked_for_beside_the_file_after_a_repair(folder: Path) -> None:
    (folder / "in").mkdir()
    (folder / "in" / "sound.flow").write_text('start {\n    play "missing.wav";\n}\n')
    result = check("--fix", "in/sound.flow", "--format", "concise")
    assert result.stdout == "in/sound.flow:2:10: error[CF314]: there is no sound file `missing.wav`\n"


def test_diff_shows_what_would_change_and_writes_nothing(folder: Path) -> None:
    result = check("--diff", "untidy.flow", "clean.flow")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "--- untidy.flow",
        "+++ untidy.flow (repaired)",
        "@@ -1,6 +1,7 @@",
        " start {",
        "+        answer",
        "         menu {   # a choice",
        "-    press # hangup",
        '+    press "#" hangup',
        "    press 1 goto nowhere",
        "   }",
        " }",
    ]
    assert result.stderr == "would fix 2 problems, 1 left in 2 files\n"
    assert (folder / "untidy.flow").read_text() == UNTIDY
    assert check("--diff", "clean.flow").exit_code == 0
    assert check("--diff", "-", stdin=UNTIDY).stdout.startswith("--- <stdin>\n+++ <stdin> (repaired)\n")


def test_a_line_without_an_end_is_shown_as_one(folder: Path) -> None:
    (folder / "short.flow").write_text("start { hangup; }")
    assert check("--diff", "short.flow").stdout.splitlines()[3:] == [
        "-start { hangup; }", "\\ No newline at end of file", "+start { hangup }", "\\ No newline at end of file",
    ]  # fmt: skip


@pytest.mark.usefixtures("folder")
def test_what_can_be_repaired_is_told_without_being_asked() -> None:
    result = check("untidy.flow")
    assert '  = help: write `press "#"` (`callflow check --fix` repairs this)\n' in result.stdout
    assert result.stderr == "1 error in untidy.flow; `--fix` repairs 1\n"
    assert check("slip.flow").stderr == "1 error in slip.flow\n"


@pytest.mark.parametrize(
    "arguments",
    [("--unsafe-fixes",), ("--diff", "--format", "json"), ("--diff", "--proofs"), ("--proofs", "--format", "sarif"),
     ("--proofs", "--format", "github"), ("--format", "xml")],
)  # fmt: skip
@pytest.mark.usefixtures("folder")
def test_options_that_do_not_go_together_are_refused(arguments: tuple[str, ...]) -> None:
    result = check(*arguments, "clean.flow")
    assert (result.exit_code, result.stdout) == (2, "")


# --- formats ---


@pytest.mark.usefixtures("folder")
def test_a_log_for_code_scanners() -> None:
    result = check("--format", "sarif", "slip.flow", "clean.flow")
    log = json.loads(result.stdout)
    assert_is("log", log)
    (run,) = log["runs"]
    assert [one["ruleId"] for one in run["results"]] == ["CF203"]
    assert [one["location"]["uri"] for one in run["artifacts"]] == ["slip.flow", "clean.flow"]
    assert (result.exit_code, result.stderr) == (1, "1 error in 2 files\n")
    unread = check("--format", "sarif", "nowhere.flow")
    assert unread.exit_code == 2
    assert json.loads(unread.stdout)["runs"][0]["invocations"] == [{"executionSuccessful": False}]


@pytest.mark.usefixtures("folder")
def test_commands_for_workflows() -> None:
    assert check("--format", "github", "slip.flow", "clean.flow").stdout == (
        "::error file=slip.flow,line=4,endLine=4,col=13,endColumn=16,title=CF203"
        "::unknown agent or group `ana`%0Ahelp: did you mean `anna`?\n"
    )


# --- proofs ---


@pytest.mark.usefixtures("folder")
def test_proofs_stand_below_the_problems_of_each_file() -> None:
    result = check("--proofs", "clean.flow", "slip.flow")
    first, _, rest = result.stdout.partition("\n  all calls begin in `start`\n")
    assert first.startswith("clean.flow: of every call is proven\n  every caller reaches an end\n")
    assert rest.startswith("error[CF203]")
    assert rest.endswith("\nslip.flow: nothing is proven before the errors are mended\n")
    assert result.stderr == "1 error in 2 files\n"


@pytest.mark.usefixtures("folder")
def test_proofs_are_values_too() -> None:
    found = json.loads(check("--proofs", "--format", "json", "clean.flow", "slip.flow").stdout)
    assert [one["code"] for one in found["problems"]] == ["CF203"]
    assert [(one["path"], one["proven"]) for one in found["proofs"]] == [("clean.flow", True), ("slip.flow", False)]


@pytest.mark.usefixtures("folder")
def test_proofs_are_of_what_is_repaired() -> None:
    result = check("--fix", "--unsafe-fixes", "--proofs", "slip.flow")
    assert "at most 1 try in a row may fail: `connect anna`" in result.stdout
