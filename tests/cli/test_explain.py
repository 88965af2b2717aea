"""`callflow explain`: a page for every code, however it is written."""

import pytest
from click.testing import CliRunner, Result

from callflow.cli import main
from callflow.report.codes import all_codes, page


def explain(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["explain", *arguments])


@pytest.mark.parametrize("code", ["CF203", "cf203", "203"])
def test_a_code_is_explained(code: str) -> None:
    result = explain(code)
    assert result.exit_code == 0
    assert result.stdout == page("CF203").rstrip() + "\n"


@pytest.mark.parametrize("code", all_codes())
def test_every_code_is_explained(code: str) -> None:
    assert explain(code).stdout.startswith(f"# {code}: ")


@pytest.mark.parametrize("code", ["CF20", "CF2003", "nonsense", ""])
def test_an_unknown_code_is_told(code: str) -> None:
    result = explain(code)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert f"there is no problem `{code}`" in result.stderr
    assert "did you mean `CF" in result.stderr or "lists all" in result.stderr


def test_all_codes_are_listed_by_stage() -> None:
    blocks = explain().stdout.split("\n\n")
    assert [block.splitlines()[0] for block in blocks] == ["The text", "Names", "Values", "The way of a call", "Bounds"]
    listed = [line.split()[0] for block in blocks for line in block.splitlines()[1:]]
    assert listed == list(all_codes())
    assert all(code.title in explain().stdout for code in all_codes().values())
