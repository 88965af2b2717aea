"""Every block of code in the documentation is run."""

import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner

from callflow.cli import main
from callflow.compile.pipeline import compile_path, compile_text
from callflow.machine.model import Machine
from callflow.report.concise import render
from callflow.sim.play import play
from callflow.sim.scenario import ScenarioFile, load
from tests.docs.blocks import NOT_RUN, PAGES, ROOT, RUN, Block, blocks_of, compile_part

BLOCKS = [block for page in PAGES for block in blocks_of(page)]
_COMMAND = re.compile(r"(?:printf '(?P<typed>[^']*)' \| )?callflow (?P<rest>.*)")
_EDIT = re.compile(r"sed (?P<script>'[^']*') (?P<file>\S+) > (?P<out>\S+)")
"""A change to an example, for commands that are about changes."""


def blocks(*kinds: str) -> pytest.MarkDecorator:
    chosen = [pytest.param(block, id=block.place) for block in BLOCKS if block.kind in kinds]
    return pytest.mark.parametrize("block", chosen)


@pytest.mark.parametrize("block", [pytest.param(block, id=block.place) for block in BLOCKS])
def test_a_block_is_of_a_known_kind(block: Block) -> None:
    assert block.kind in (*RUN, *NOT_RUN), f"{block.place}: `{block.kind}` is not known, so nobody would run it"


@blocks("flow")
def test_a_scheme_has_no_problems(block: Block) -> None:
    compiled = compile_text(block.text, block.place)
    assert not compiled.problems, [render(problem, compiled.source) for problem in compiled.problems]


@blocks("flow-part")
def test_a_part_of_a_scheme_has_no_problems(block: Block) -> None:
    compiled, found = compile_part(block.text)
    assert not found, [render(problem, compiled.source) for problem in found]


def machine_for(found: ScenarioFile, block: Block) -> Machine:
    """Return the machine of the example that a file of scenarios names, or of the scheme that stands before it."""
    example = ROOT / "examples" / found.flow
    compiled = compile_path(example) if found.flow and example.is_file() else compile_text(block.scheme)
    assert compiled.machine is not None, f"{block.place}: there is no scheme for these scenarios"
    return compiled.machine


@blocks("yaml", "yaml-part")
def test_scripted_calls_go_as_they_are_written(block: Block) -> None:
    text = block.text
    if block.kind == "yaml-part":
        named = "" if re.match(r"(- )?name:", text) else "name: part\n"
        text = "scenarios:\n  - " + textwrap.indent(named + text, "    ").lstrip()
    found = load(text)
    for scenario in found.scenarios:
        machine = machine_for(found, block)
        played = play(machine, scenario)
        assert not played.mismatches, f"{played.mismatches}\n{played.ladder(machine)}"


@blocks("console")
def test_a_command_writes_what_is_shown(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    assert block.text.startswith("$ "), f"{block.place}: a console begins with a command"
    for step in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        line, _, shown = step.partition("\n")
        if edit := _EDIT.fullmatch(line):
            edited = subprocess.run(["sed", edit["script"].strip("'"), edit["file"]], capture_output=True, check=True)
            Path(edit["out"]).write_bytes(edited.stdout)
            assert Path(edit["out"]).read_bytes() != Path(edit["file"]).read_bytes(), f"{block.place}: nothing changed"
            continue
        command = _COMMAND.fullmatch(line)
        assert command is not None, f"{block.place}: `{line}` cannot be run"
        typed = (command["typed"] or "").encode().decode("unicode_escape")
        done = CliRunner().invoke(main, _words(command["rest"]), input=typed, catch_exceptions=False)
        assert _fits(shown, done.output), done.output


@blocks("python")
def test_tests_pass(block: Block, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    (tmp_path / "test_block.py").write_text(block.text, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "test_block.py", "-p", "no:cacheprovider", "-p", "no:xdist"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout


def _words(line: str) -> list[str]:
    return [single or double or bare for single, double, bare in re.findall(r"'([^']*)'|\"([^\"]*)\"|(\S+)", line)]


def _fits(shown: str, written: str) -> bool:
    """Return whether what a command wrote is what is shown, where `...` stands for anything."""
    pattern = ".*?".join(re.escape(part) for part in re.sub(r"[ \t]+$", "", shown, flags=re.MULTILINE).split("..."))
    return re.fullmatch(pattern, re.sub(r"[ \t]+$", "", written, flags=re.MULTILINE), re.DOTALL) is not None


@pytest.mark.parametrize("text", ["press 1 goto nowhere", "goto nowhere", "menu { play nothing press 1 hangup }"])
def test_a_mistake_in_a_part_is_found(text: str) -> None:
    assert compile_part(text)[1]
