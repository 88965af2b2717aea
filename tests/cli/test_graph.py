"""`callflow graph`: diagrams at the command line."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.cli import main
from callflow.machine.codec import to_json
from callflow.machine.graph import dot, mermaid
from tests.machine.strategies import EXAMPLE


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "acme.json"
    path.write_text(to_json(EXAMPLE), encoding="utf-8")
    return path


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
    assert run(scheme).stdout.startswith("flowchart TD\n")


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
