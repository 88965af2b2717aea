"""Files that are offered where one is named: those of the scheme's folder, and none beside it."""

from pathlib import Path
from typing import Any

import pytest

from tests.lsp.editor import Editor


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "schemes"
    for name in ("main.flow", "common.flow", "welcome.wav", "WAIT.WAV", "notes.txt", ".hidden.flow", "more/shop.flow",
                 "more/shop.wav"):  # fmt: skip
        path = inside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    (tmp_path / "secret.flow").write_text("")
    (inside / "out.flow").symlink_to(tmp_path / "secret.flow")
    (inside / "up").symlink_to(tmp_path)
    return inside


def offered(folder: Path, line: str, **more: Any) -> list[str]:
    """Return what is offered at the `|` of a text."""
    before, _, behind = line.partition("|")
    uri = (folder / "main.flow").as_uri()
    editor = Editor(folder=folder.as_uri())
    editor.open(before + behind, uri)
    place = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
    return [one["label"] for one in editor.of("completion", uri, position=place, **more)["items"]]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('import "|"', ["common.flow", "more/"]),
        ('import "com|', ["common.flow", "more/"]),
        ('import "more/|"', ["shop.flow"]),
        ('import "../|"', []),
        ('import "/|"', []),
        ('import "nowhere/|"', []),
        ('start { play "|" }', ["WAIT.WAV", "welcome.wav", "more/"]),
        ('start { play "a.wav", "more/|" }', ["shop.wav"]),
        ('prompt a { file "|" }', ["WAIT.WAV", "welcome.wav", "more/"]),
        ('start { connect a music "|" whisper "b" }', ["WAIT.WAV", "welcome.wav", "more/"]),
        ('timezone "|"', []),
        ('start { play "{|" }', None),
        ("# import |", []),
    ],
)
def test_files_of_the_folder_are_offered_where_one_is_named(folder: Path, line: str, found: list[str] | None) -> None:
    labels = offered(folder, line)
    if found is None:
        assert "caller.number" in labels
    else:
        assert sorted(labels) == sorted(found)


@pytest.mark.parametrize("sign", ['"', "/"])
def test_a_sign_in_a_text_offers_files_or_nothing(folder: Path, sign: str) -> None:
    context = {"triggerKind": 2, "triggerCharacter": sign}
    assert offered(folder, f'timezone "{sign}|', context=context) == []
    assert offered(folder, "start { play |", context=context) == []


def test_a_text_without_a_file_has_no_folder() -> None:
    editor = Editor()
    editor.open('import "')
    assert editor.of("completion", position={"line": 0, "character": 8})["items"] == []
