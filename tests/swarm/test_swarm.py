"""Worlds that fail by chance: nothing that has to hold is broken, and each deliberate mistake is found."""

from pathlib import Path
from typing import Self

import pytest
from click.testing import CliRunner

from callflow.cli import main
from callflow.swarm.faults import KINDS, Faults
from callflow.swarm.hive import live
from callflow.swarm.invariants import ALL
from tests.engine.world import machine_of
from tests.explore.test_explorer import ROOT, SCHEMES, machine_at
from tests.swarm.mutants import FETCHES, LAST, MESSAGE, MUTANTS, QUEUE, RING, WORDS, Mutant

SEEDS_MAX = 500


@pytest.mark.parametrize("path", sorted(SCHEMES), ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_broken_in_the_published_flows(path: Path) -> None:
    machine = machine_at(path)
    for seed in range(8):
        found = live(machine, seed)
        assert found.broken is None, (seed, found.broken.invariant, found.broken.message, found.broken.ladder(machine))
        assert found.calls == 30


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.mistake.__name__)
def test_each_mistake_is_found(mutant: Mutant) -> None:
    machine = machine_of(mutant.scheme)
    with pytest.MonkeyPatch.context() as patch:
        mutant.mistake(patch)
        lives = (live(machine, seed, invariants=[mutant.invariant]).broken for seed in range(SEEDS_MAX))
        broken = next((one for one in lives if one is not None), None)
    assert broken is not None
    assert broken.invariant == mutant.invariant.name


def test_each_invariant_has_a_mistake_and_the_schemes_are_right_without() -> None:
    assert {mutant.invariant for mutant in MUTANTS} == set(ALL)
    for scheme in (FETCHES, LAST, MESSAGE, QUEUE, RING, WORDS):
        assert live(machine_of(scheme), 3).broken is None


def test_the_same_seed_is_the_same_world() -> None:
    machine = machine_of(QUEUE)
    assert live(machine, 5) == live(machine, 5)
    assert live(machine, 5).digest != live(machine, 6).digest


def test_there_are_worlds_with_and_without_each_fault() -> None:
    told = [str(Faults(seed)) for seed in range(60)]
    for kind in KINDS:
        assert any(kind in one for one in told)
        assert any(kind not in one for one in told)


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "line.flow"
    path.write_text(QUEUE, encoding="utf-8")
    done = CliRunner().invoke(main, ["swarm", str(path), "--seeds", "4", "-v"])
    assert done.exit_code == 0, done.output
    assert done.stdout.count("seed ") == 4
    assert "4 worlds" in done.stdout
    assert "times real time on one core" in done.stdout
    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", InOne)
    MUTANTS[0].mistake(monkeypatch)
    path.write_text(RING, encoding="utf-8")
    done = CliRunner().invoke(main, ["swarm", str(path), "--seeds", "4"])
    assert done.exit_code == 1
    assert "an agent never has more calls than they take: " in done.stdout
    assert "caller                            callflow" in done.stdout


class InOne:
    """A pool of this process, in which the mistake is."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def map(self, function, *columns, chunksize):
        assert chunksize
        return map(function, *columns)

    def shutdown(self, *, cancel_futures: bool) -> None:
        assert cancel_futures
