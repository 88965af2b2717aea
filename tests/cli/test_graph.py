"""`callflow graph`: diagrams at the command line."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import attrs
import pytest
from click.testing import CliRunner, Result

from callflow.cli import main
from callflow.draw import svg
from callflow.machine.codec import to_json
from callflow.machine.diagram import on_one_line
from callflow.machine.graph import dot, mermaid
from callflow.machine.labels import label
from callflow.machine.model import HangingUp, Playing
from tests.machine.strategies import EXAMPLE, NASTY, START, said

_DRAWN = {"svg", "g", "title", "polygon", "path", "text", "a", "ellipse"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "acme.json"
    path.write_text(to_json(EXAMPLE), encoding="utf-8")
    return path


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Return what puts a program where programs are looked for; there is no other."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr("sys.executable", str(folder / "python"))

    def put(name: str, script: str) -> None:
        (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (folder / name).chmod(0o755)

    return put


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["graph", *map(str, arguments)])


def test_a_diagram_is_mermaid_unless_told_otherwise(file: Path) -> None:
    assert run(file).stdout == mermaid(EXAMPLE)
    assert run(file, "--format", "dot").stdout == dot(EXAMPLE)


def test_a_scheme_and_its_machine_have_one_diagram(tmp_path: Path) -> None:
    scheme, machine = tmp_path / "x.flow", tmp_path / "x.json"
    scheme.write_text('start { answer goto b }\nflow b { play "b" goto a }\nflow a { hangup }\n', encoding="utf-8")
    assert CliRunner().invoke(main, ["compile", str(scheme), "-o", str(machine)]).exit_code == 0
    assert run(scheme).stdout == run(machine).stdout
    assert run(scheme).stdout.startswith("flowchart LR\n")


def test_one_flow_can_be_drawn(file: Path) -> None:
    assert run(file, "--flow", "sales").stdout == mermaid(EXAMPLE, "sales")


def test_a_flow_that_is_not_there_is_a_wrong_call_and_the_nearest_is_offered(file: Path) -> None:
    result = run(file, "--flow", "sails")
    assert result.exit_code == 2
    assert "no flow is called `sails`; did you mean `sales`?" in result.stderr


def test_flows_are_listed_when_none_is_like_the_one_that_is_asked_for(file: Path) -> None:
    result = run(file, "--flow", "zzz")
    assert result.exit_code == 2
    assert "no flow is called `zzz`; the scheme has `end`, `sales` and `start`" in result.stderr


def test_a_picture_is_drawn_with_every_state_in_its_place(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "acme.svg"
    assert run(file, "--format", "svg", "-o", out).stdout == ""
    picture = ET.fromstring(out.read_text(encoding="utf-8"))
    classes = [one.get("class", "").split() for one in picture.iter() if (one.get("id") or "").startswith("s-")]
    shown = {name for one in classes for name in one if name.startswith("s-")}
    assert shown == {f"s-{number}" for number in range(len(EXAMPLE.states))}
    assert ["node", "choice", "state", "menu", "s-6", "s-8", "s-11"] in classes


@pytest.mark.parametrize("text", NASTY)
def test_a_picture_says_what_is_written_and_nothing_else(text: str) -> None:
    state = Playing(START, said(f"{text} <script>x</script>"), 1)
    states = (state, HangingUp(START))
    picture = svg(dot(attrs.evolve(EXAMPLE, scheme=text, states=states, flows={"start": 0}, numbers={}, start=0)))
    read = ET.fromstring(picture)
    assert {one.tag.rpartition("}")[2] for one in read.iter()} <= _DRAWN
    titles = [value for one in read.iter() for name, value in one.items() if name.endswith("title")]
    assert f"start, line 1: {on_one_line(label(state))}" in titles


def test_the_systems_graphviz_comes_first(file: Path, programs: Callable[[str, str], None]) -> None:
    programs("graphviz-pure", "echo '<?xml?><svg>pure</svg>'")
    assert run(file, "--format", "svg").stdout == "<svg>pure</svg>\n"
    programs("dot", "echo '<?xml?><svg>system</svg>'")
    assert run(file, "--format", "svg").stdout == "<svg>system</svg>\n"


@pytest.mark.usefixtures("programs")
def test_without_graphviz_it_is_said_what_to_install(file: Path) -> None:
    result = run(file, "--format", "svg")
    assert result.exit_code == 1
    assert result.stderr.endswith(
        "there is no Graphviz; install the system's package `graphviz`, or `callflow-ivr[graph]`\n"
    )


def test_what_graphviz_complains_about_is_told(file: Path, programs: Callable[[str, str], None]) -> None:
    programs("dot", "echo 'syntax error' >&2; exit 1")
    result = run(file, "--format", "svg")
    assert result.exit_code == 1
    assert "dot` failed: syntax error" in result.stderr


def test_a_graphviz_that_hangs_is_given_up(
    file: Path, programs: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callflow.draw.DRAW_S_MAX", 0.05)
    programs("dot", "while :; do :; done")
    result = run(file, "--format", "svg")
    assert result.exit_code == 1
    assert "dot` took longer than 0.05 s; draw one flow of it" in result.stderr


def test_a_file_that_cannot_be_written_is_told(file: Path, tmp_path: Path) -> None:
    result = run(file, "-o", tmp_path / "nowhere" / "x.mmd")
    assert result.exit_code == 1
    assert "no such file or directory" in result.stderr
