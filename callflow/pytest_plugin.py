"""The plugin of pytest: scenarios of `*.call.yaml` files are tests. The language is loaded when there is one."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from _pytest._code.code import ReprEntryNative, ReprExceptionInfo, ReprFileLocation, ReprTraceback

if TYPE_CHECKING:
    from callflow.machine.model import Machine
    from callflow.sim.play import Played
    from callflow.sim.scenario import Scenario
    from callflow.testing.scheme import Scheme

_SUFFIX = ".call.yaml"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the setting."""
    parser.addini("callflow_scenarios", f"play scenarios of *{_SUFFIX} files as tests", type="bool", default=True)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker that every scenario has."""
    config.addinivalue_line("markers", "callflow: a scenario of a *.call.yaml file")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "ScenarioFile | None":
    """Collect files of scenarios."""
    if file_path.name.endswith(_SUFFIX) and parent.config.getini("callflow_scenarios"):
        found: ScenarioFile = ScenarioFile.from_parent(parent, path=file_path)
        return found
    return None


@pytest.fixture
def callflow_scheme(request: pytest.FixtureRequest) -> "Callable[..., Scheme]":
    """Return what loads a scheme by its path beside the test's file, and its directory where there is one."""
    from callflow.testing.scheme import Scheme

    def load(path: str, directory: str | None = None) -> Scheme:
        folder = request.path.parent
        return Scheme.load(folder / path, folder / directory if directory else None)

    return load


class _Differently(Exception):
    def __init__(self, played: "Played", machine: "Machine") -> None:
        super().__init__()
        self.played = played
        self.machine = machine


class ScenarioFile(pytest.File):
    """A file of scenarios, and the scheme that it names."""

    def collect(self) -> "Iterator[ScenarioItem]":
        """Yield the scenarios."""
        from callflow.sim.scenario import ScenarioRefused, load

        try:
            found = load(self.path.read_text(encoding="utf-8"))
        except ScenarioRefused as refused:
            raise self.CollectError(f"{self.path}:{refused.line}: {refused.message}") from None
        except UnicodeDecodeError:
            raise self.CollectError(f"{self.path}: the file is not UTF-8") from None
        machine = self._machine(found.flow)
        for scenario in found.scenarios:
            item: ScenarioItem = ScenarioItem.from_parent(self, name=scenario.name, machine=machine, scenario=scenario)
            item.add_marker("callflow")
            yield item

    def _machine(self, flow: str) -> "Machine":
        if not flow:
            raise self.CollectError(f"{self.path}: `flow:` at the top should name the scheme, relative to this file")
        from callflow.compile.pipeline import compile_path
        from callflow.report.terminal import render_all

        path = self.path.parent / flow
        directory = path.with_name("directory.yaml")
        try:
            compiled = compile_path(path, directory if directory.exists() else None)
        except OSError as error:
            raise self.CollectError(f"{self.path}: cannot read `{flow}`: {error.strerror}") from None
        if compiled.machine is None:
            raise self.CollectError(render_all(compiled.problems, compiled.source, colour=False))
        return compiled.machine


class ScenarioItem(pytest.Item):
    """One scenario."""

    def __init__(self, *, machine: "Machine", scenario: "Scenario", **more: Any) -> None:
        super().__init__(**more)
        self._machine = machine
        self._scenario = scenario

    def runtest(self) -> None:
        """Play the call."""
        from callflow.sim.play import play

        played = play(self._machine, self._scenario)
        if played.mismatches:
            raise _Differently(played, self._machine)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return what went differently, and the call with the first difference marked."""
        different = excinfo.value
        if not isinstance(different, _Differently):
            return super().repr_failure(excinfo, style)
        first, *_ = different.played.mismatches
        told = [f"{self.path}:{one.line}: {one.message}" for one in different.played.mismatches]
        text = "\n".join([*told, "", different.played.marked_ladder(different.machine), ""])
        # The summary and JUnit take the one line of `crash`; pytest would put all of a plain text there.
        crash = ReprFileLocation(str(self.path), first.line, first.message)
        return ReprExceptionInfo(ReprTraceback([ReprEntryNative([text])], None, "native"), crash)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the scenario is written."""
        return self.path, self._scenario.line - 1, self.name
