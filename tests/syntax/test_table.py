"""The parse table is made once and kept; whatever lies in the cache, the compiler gets the table of its grammar."""

import os
from pathlib import Path

import pytest

from callflow.cache import cache_dir
from callflow.syntax import table


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "callflow"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what grammars a table was made from."""
    grammars: list[str] = []
    really = table._made

    def counted(grammar: str) -> object:
        grammars.append(grammar)
        return really(grammar)

    monkeypatch.setattr(table, "_made", counted)
    return grammars


def kept(cache: Path) -> Path:
    (file,) = cache.iterdir()
    return file


def test_the_table_is_made_once(cache: Path, made: list[str]) -> None:
    first = table.load()
    assert len(made) == 1
    assert table.load().keywords == first.keywords
    assert len(made) == 1
    assert kept(cache).stat().st_size < 300_000


@pytest.mark.parametrize("rubbish", [b"", b"\x00", b"rubbish", b"\xe9" + b"\xff" * 8])
def test_rubbish_in_the_cache_is_replaced(cache: Path, made: list[str], rubbish: bytes) -> None:
    first = table.load()
    kept(cache).write_bytes(rubbish)
    assert table.load().keywords == first.keywords
    assert len(made) == 2
    table.load()
    assert len(made) == 2


def test_a_table_that_was_cut_off_is_replaced(cache: Path, made: list[str]) -> None:
    first = table.load()
    whole = kept(cache).read_bytes()
    kept(cache).write_bytes(whole[: len(whole) // 2])
    assert table.load().keywords == first.keywords
    assert len(made) == 2


def test_another_grammar_has_another_table(cache: Path, made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    table.load()
    changed = table.grammar_text().replace("again\\b", "anew\\b")
    monkeypatch.setattr(table, "grammar_text", lambda: changed)
    assert "anew" in table.load().keywords
    assert len(made) == 2
    assert cache.is_dir()


def test_a_folder_that_others_may_write_is_not_used(cache: Path, made: list[str]) -> None:
    cache.mkdir()
    cache.chmod(0o777)
    assert cache_dir() is None
    table.load()
    assert len(made) == 1
    assert list(cache.iterdir()) == []


def test_without_a_cache_the_table_is_made_each_time(monkeypatch: pytest.MonkeyPatch, made: list[str]) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", os.devnull)
    assert table.load().keywords == table.load().keywords
    assert len(made) == 2
