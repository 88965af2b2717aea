"""A few of the sources that `tests.compile.fuzz` makes by the thousand: each is answered, in so many words at most."""

from pathlib import Path

import pytest

from tests.compile import fuzz


def test_what_is_generated_is_answered(tmp_path: Path) -> None:
    machines = []

    def take(source: bytes) -> None:
        machines.append(fuzz.answer(source, tmp_path)[0].machine is not None)

    fuzz.generated(100, 3, take)
    assert {True, False} == set(machines)


def test_what_is_changed_is_answered(tmp_path: Path) -> None:
    for source in fuzz.mutated(150, 3):
        fuzz.answer(source, tmp_path)


def test_a_source_that_fails_is_kept_with_what_went_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    count = fuzz.Count(tmp_path / "nowhere", tmp_path / "failures")
    count.take(b"start { hangup }")
    assert (count.answered, count.failed) == (0, 1)
    assert (tmp_path / "failures" / "1.flow").read_bytes() == b"start { hangup }"
    assert "FileNotFoundError" in (tmp_path / "failures" / "1.txt").read_text(encoding="utf-8")
    assert "1.flow" in capsys.readouterr().err
