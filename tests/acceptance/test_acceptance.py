"""Published call flows: every scheme is in the one layout and without errors, and every call goes as published.

Where what was published has a defect, `published.flow` has it, too, and its first line says what the checker finds.
"""

from pathlib import Path

import pytest

from callflow.compile.pipeline import Compiled, compile_path
from callflow.sim.play import play
from callflow.sim.scenario import Scenario, load
from callflow.source import Source
from callflow.syntax.format import format_source
from callflow.syntax.parser import parse

SCHEMES = sorted(Path(__file__).parent.glob("*/scheme.flow"))
PUBLISHED = sorted(Path(__file__).parent.glob("*/published.flow"))
SCENARIOS = [
    pytest.param(scheme, scenario, id=f"{scheme.parent.name}-{scenario.name}")
    for scheme in SCHEMES
    for scenario in load(scheme.with_name("calls.call.yaml").read_text(encoding="utf-8")).scenarios
]


def compiled(scheme: Path) -> Compiled:
    directory = scheme.with_name("directory.yaml")
    return compile_path(scheme, directory if directory.exists() else None)


@pytest.mark.parametrize("scheme", [*SCHEMES, *PUBLISHED], ids=lambda scheme: f"{scheme.parent.name}-{scheme.stem}")
def test_a_scheme_stands_in_the_one_layout(scheme: Path) -> None:
    source = Source(scheme.name, scheme.read_text(encoding="utf-8"))
    parsed, problems = parse(source)
    assert not problems
    assert format_source(source, parsed) == source.text


@pytest.mark.parametrize("scheme", PUBLISHED, ids=lambda scheme: scheme.parent.name)
def test_a_published_defect_is_found(scheme: Path) -> None:
    first = scheme.read_text(encoding="utf-8").splitlines()[0]
    found = {problem.code.id for problem in compiled(scheme).problems}
    assert found == set(first.removeprefix("# finds ").replace(",", " ").split())


@pytest.mark.parametrize(("scheme", "scenario"), SCENARIOS)
def test_a_call_goes_as_published(scheme: Path, scenario: Scenario) -> None:
    done = compiled(scheme)
    assert done.machine is not None, [problem.message for problem in done.problems]
    played = play(done.machine, scenario)
    told = [f"line {mismatch.line}: {mismatch.message}" for mismatch in played.mismatches]
    assert not played.mismatches, "\n".join([*told, played.ladder(done.machine)])
