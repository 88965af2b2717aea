"""A scheme that a test calls."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import attrs
import yaml

from callflow.compile.pipeline import compile_path, compile_text
from callflow.coverage.coverage import Coverage
from callflow.explore.explorer import Explored, explore
from callflow.explore.told import way
from callflow.machine.model import Machine
from callflow.sim.beside import happened
from callflow.sim.play import Played, play
from callflow.sim.results import Results
from callflow.sim.scenario import load

WALKS: Final = 20_000


class SchemeRefused(ValueError):
    """A scheme that has errors; they are the message."""


@attrs.frozen
class Called:
    """A call that was made to a scheme."""

    machine: Machine
    played: Played

    @property
    def outcome(self) -> str:
        """Return what became of it, such as `answered`."""
        return self._of("outcome")[0]

    @property
    def rang(self) -> tuple[str, ...]:
        """Return everybody whose phone was called, in order."""
        return self._of("rang")

    @property
    def answered_by(self) -> tuple[str, ...]:
        """Return everybody who answered."""
        return self._of("answered by")

    @property
    def messages(self) -> tuple[str, ...]:
        """Return the boxes of the messages that were kept."""
        return self._of("message")

    @property
    def tags(self) -> tuple[str, ...]:
        """Return the tags of the call."""
        return self._of("tags")

    @property
    def trace(self) -> tuple[str, ...]:
        """Return everything that happened, one thing after another."""
        return happened(self.played.journal)

    @property
    def differently(self) -> tuple[str, ...]:
        """Return what went otherwise than the script says."""
        return tuple(one.message for one in self.played.mismatches)

    def _of(self, kind: str) -> tuple[str, ...]:
        return Results(self.played.journal, self.played.outcome, self.played.tags).of(kind)

    def __str__(self) -> str:
        """Return the ladder."""
        return self.played.marked_ladder(self.machine)


@attrs.frozen
class Scheme:
    """A scheme without errors."""

    machine: Machine

    @classmethod
    def load(cls, path: str | Path, directory: str | Path | None = None) -> "Scheme":
        """Return the scheme of a file. Raises SchemeRefused when it has errors, and OSError."""
        compiled = compile_path(Path(path), Path(directory) if directory is not None else None)
        return cls._of(compiled.machine, compiled.problems)

    @classmethod
    def of(cls, text: str) -> "Scheme":
        """Return the scheme that a text is. Raises SchemeRefused when it has errors."""
        compiled = compile_text(text)
        return cls._of(compiled.machine, compiled.problems)

    @classmethod
    def _of(cls, machine: Machine | None, problems: Any) -> "Scheme":
        if machine is None:
            raise SchemeRefused("\n".join(f"{one.code.id}: {one.message}" for one in problems))
        return cls(machine)

    def call(self, script: str | Mapping[str, Any] | None = None, **parts: Any) -> Called:
        """Make a call, and return what came of it; what it expects is compared, see `Called.differently`.

        A script has the keys of one scenario of a `*.call.yaml` file, as YAML or as values; `parts` are further keys,
        with `_` for a blank: `scheme.call(steps=[{"during": "For sales"}, {"press": "1"}], agents={"anna": "busy"})`.
        Raises `callflow.sim.scenario.ScenarioRefused` when it is none.
        """
        given: dict[str, Any] = dict(yaml.load(script, yaml.BaseLoader) if isinstance(script, str) else script or {})  # noqa: S506  it makes texts only
        given |= {name.removesuffix("_").replace("_", " "): part for name, part in parts.items()}
        text = yaml.safe_dump({"scenarios": [{"name": "call", **given}]}, allow_unicode=True, sort_keys=False)
        (scenario,) = load(text).scenarios
        return Called(self.machine, play(self.machine, scenario))

    def explore(self, most: int = WALKS) -> Explored:
        """Return what becomes of every caller, as far as `most` calls tell."""
        return explore(self.machine, most)

    def coverage(self) -> Coverage:
        """Return an empty account of what calls go through."""
        return Coverage(self.machine)


def assert_nobody_gets_stuck(scheme: Scheme, most: int = WALKS) -> None:
    """Let callers take every way, and assert that each call ends without a bound of the host, and all were tried."""
    done = scheme.explore(most)
    stuck = [way(one) for one in done.stuck]
    assert not stuck, f"these callers get stuck: {'; '.join(stuck)}"
    assert done.complete, f"there are more ways than {most} calls can tell: give more"
