"""The server, spoken with as an editor does: what is told by itself, and what is asked for."""

import asyncio
from pathlib import Path

import pytest

from callflow.lsp.messages import countable
from callflow.lsp.positions import Lines
from callflow.source import Span
from tests.lsp.editor import Editor, Refused
from tests.lsp.schemes import EVERYTHING

URI = "untitled:a.flow"


@pytest.fixture
def editor() -> Editor:
    return Editor()


def edited(text: str, edits: list[dict]) -> str:
    """Make edits of a text in ASCII."""
    lines = text.splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]
    for edit in sorted(edits, key=lambda one: tuple(one["range"]["start"].values()), reverse=True):
        start, end = (starts[one["line"]] + one["character"] for one in edit["range"].values())
        text = text[:start] + edit["newText"] + text[end:]
    return text


# --- what is wrong --------------------------------------------------------------------------------------------------


def test_a_scheme_that_is_opened_is_checked(editor: Editor) -> None:
    editor.open('agent anna "sip:a@x.example"\nstart { connect ana }')
    (told,) = editor.told[URI]
    assert told["code"] == "CF203"
    assert told["severity"] == 1
    assert told["source"] == "callflow"
    assert told["range"] == {"start": {"line": 1, "character": 16}, "end": {"line": 1, "character": 19}}
    assert told["message"] == "unknown agent or group `ana`\nhelp: did you mean `anna`?"


def test_a_change_is_checked_anew(editor: Editor) -> None:
    editor.open("start { plai }")
    editor.change("start { hangup }")
    assert editor.told[URI] == []


def test_labels_are_related_places(editor: Editor) -> None:
    editor.open("flow a { hangup }\nflow a { hangup }\nstart { goto a }")
    (told,) = editor.told[URI]
    (related,) = told["relatedInformation"]
    assert related["location"]["range"]["start"] == {"line": 0, "character": 5}
    assert related["location"]["uri"] == URI


def test_notes_say_what_a_caller_would_hear(editor: Editor) -> None:
    editor.open('start { voicemail "box" }')
    assert editor.told[URI][0]["message"].splitlines()[1:] == [
        "note: the caller would hear ringing",
        "help: put `answer` before it",
    ]


def test_what_nobody_gets_to_is_unnecessary(editor: Editor) -> None:
    editor.open('start { hangup play "never" }')
    (told,) = editor.told[URI]
    assert told["severity"] == 2
    assert told["tags"] == [1]


def test_a_file_that_is_closed_has_no_problems_any_more(editor: Editor) -> None:
    editor.open("start { plai }")
    editor.shut(URI)
    assert editor.told[URI] == []


@pytest.mark.parametrize(("encoding", "column"), [("utf-16", 18), ("utf-8", 20), ("utf-32", 17)])
def test_the_editor_says_what_it_counts_in(encoding: str, column: int) -> None:
    editor = Editor(encodings=(encoding,))
    assert editor.initialized["capabilities"]["positionEncoding"] == encoding
    editor.open('start { play "😀" plai }')
    assert editor.told[URI][0]["range"]["start"]["character"] == column


def test_utf_16_is_what_everybody_counts_in(editor: Editor) -> None:
    assert editor.initialized["capabilities"]["positionEncoding"] == "utf-16"


def test_fast_typing_is_checked_once() -> None:
    async def typing() -> list[int | None]:
        editor = Editor(delay_s=0.001)
        editor.open("start { hangup }")
        for written in ("start { goto", "start { goto x", "start { goto x }"):
            editor.change(written)
        assert not editor.told
        told = [await asyncio.wait_for(editor.versions.get(), 60)]
        assert editor.messages() == ["CF201 unknown flow `x`"]
        return told

    assert asyncio.run(typing()) == [4]


def test_who_asks_for_repairs_gets_those_of_the_text_that_is_shown() -> None:
    async def asking() -> None:
        editor = Editor(delay_s=60)
        editor.open("start {\n    wait 5 seconds\n}\n")
        assert [one["title"] for one in actions(editor, 1, "quickfix")] == ["write `5s`"]

    asyncio.run(asking())


# --- several files --------------------------------------------------------------------------------------------------


def write(folder: Path, **files: str) -> dict[str, str]:
    """Write files and return their addresses."""
    for name, text in files.items():
        (folder / f"{name}.flow").write_text(text, encoding="utf-8")
    return {name: (folder / f"{name}.flow").as_uri() for name in files}


MAIN = 'import "common.flow"\nstart { goto help }\n'
COMMON = "flow help { hangup }\n"


def test_an_imported_file_is_checked_with_what_imports_it(tmp_path: Path) -> None:
    uris = write(tmp_path, main=MAIN, common=COMMON)
    editor = Editor(folder=tmp_path.as_uri())
    editor.open(COMMON, uris["common"])
    assert editor.told[uris["common"]] == []
    editor.change("flow help { goto nowhere }", uris["common"])
    assert editor.messages(uris["common"]) == ["CF201 unknown flow `nowhere`"]


def test_a_change_in_an_imported_file_is_told_where_it_matters(tmp_path: Path) -> None:
    uris = write(tmp_path, main=MAIN, common=COMMON)
    editor = Editor(folder=tmp_path.as_uri())
    editor.open(MAIN, uris["main"])
    editor.open(COMMON, uris["common"])
    editor.change("flow other { hangup }", uris["common"])
    assert editor.messages(uris["main"]) == ["CF201 unknown flow `help`"]
    editor.shut(uris["common"])
    assert editor.messages(uris["main"]) == []


def test_a_file_changed_on_disk_is_read_again(tmp_path: Path) -> None:
    uris = write(tmp_path, main=MAIN, common=COMMON)
    editor = Editor(folder=tmp_path.as_uri())
    editor.open(MAIN, uris["main"])
    write(tmp_path, common="flow another { hangup }\n")
    editor.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": uris["common"], "type": 2}]})
    assert editor.messages(uris["main"]) == ["CF201 unknown flow `help`"]


def test_an_imported_file_is_read_while_what_imports_it_cannot_be(tmp_path: Path) -> None:
    uris = write(tmp_path, main='import "common.flow"\nstart { plai }', common=COMMON)
    editor = Editor(folder=tmp_path.as_uri())
    editor.open("flow help { hangupp }", uris["common"])
    assert editor.messages(uris["common"]) == ["CF102 `hangupp` is no statement"]
    assert editor.messages(uris["main"]) == ["CF102 `plai` is no statement"]


def test_an_import_in_a_folder_below_is_found_from_the_opened_folder(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "main.flow").write_text('import "lib/common.flow"\nstart { goto help }')
    common = tmp_path / "lib" / "common.flow"
    common.write_text(COMMON)
    editor = Editor(folder=tmp_path.as_uri())
    editor.open(COMMON, common.as_uri())
    assert editor.told[common.as_uri()] == []


def test_files_that_import_each_other_are_told_and_nothing_hangs(tmp_path: Path) -> None:
    uris = write(tmp_path, a='import "b.flow"\nstart { hangup }', b='import "a.flow"\nflow b { hangup }')
    editor = Editor(folder=tmp_path.as_uri())
    editor.open('import "b.flow"\nstart { hangup }', uris["a"])
    assert any(one["code"] == "CF226" for told in editor.told.values() for one in told)


def test_a_definition_and_references_cross_files(tmp_path: Path) -> None:
    uris = write(tmp_path, main=MAIN, common=COMMON)
    editor = Editor(folder=tmp_path.as_uri())
    editor.open(MAIN, uris["main"])
    (found,) = editor.at("definition", 1, 14, uris["main"])
    assert found["uri"] == uris["common"]
    assert found["range"]["start"] == {"line": 0, "character": 5}
    everywhere = editor.at("references", 1, 14, uris["main"], context={"includeDeclaration": True})
    assert [one["uri"] for one in everywhere] == [uris["main"], uris["common"]]
    used = editor.at("references", 1, 14, uris["main"], context={"includeDeclaration": False})
    assert [one["uri"] for one in used] == [uris["main"]]


def test_an_import_leads_to_its_file(tmp_path: Path) -> None:
    uris = write(tmp_path, main=MAIN, common=COMMON)
    editor = Editor(folder=tmp_path.as_uri())
    editor.open(MAIN, uris["main"])
    (found,) = editor.at("definition", 0, 12, uris["main"])
    assert found["uri"] == uris["common"]


def test_a_rename_changes_every_file(tmp_path: Path) -> None:
    uris = write(tmp_path, main=MAIN, common=COMMON)
    editor = Editor(folder=tmp_path.as_uri())
    editor.open(COMMON, uris["common"])
    changes = editor.at("rename", 0, 6, uris["common"], newName="advice")["changes"]
    assert edited(MAIN, changes[uris["main"]]) == MAIN.replace("help", "advice")
    assert edited(COMMON, changes[uris["common"]]) == COMMON.replace("help", "advice")


def test_what_a_directory_declares_belongs_to_the_scheme(tmp_path: Path) -> None:
    directory = tmp_path / "directory.yaml"
    directory.write_text("agents:\n  carla: sip:carla@pbx.example\n")
    editor = Editor(directory=str(directory))
    editor.open("start { connect carla }")
    assert editor.told[URI] == []
    (found,) = editor.at("definition", 0, 17)
    assert found["uri"] == directory.as_uri()
    assert found["range"]["start"] == {"line": 1, "character": 2}
    assert "carla" in [one["label"] for one in editor.at("completion", 0, 16)["items"]]
    with pytest.raises(Refused, match="is declared in a directory, which other schemes use, too"):
        editor.at("rename", 0, 17, newName="clara")


def test_an_address_with_escapes_is_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "my schemes"
    folder.mkdir()
    uris = write(folder, main=MAIN, common="flow help { goto nowhere }")
    editor = Editor()
    editor.open(MAIN, uris["main"].replace("common", "c%6Fmmon"))
    assert editor.messages(uris["common"]) == ["CF201 unknown flow `nowhere`"]


# --- what is asked for ----------------------------------------------------------------------------------------------


def test_a_name_is_completed_in_place(editor: Editor) -> None:
    editor.open("flow help { hangup }\nstart { goto he }")
    items = editor.at("completion", 1, 15)["items"]
    (item,) = [one for one in items if one["label"] == "help"]
    assert item["textEdit"]["range"] == {"start": {"line": 1, "character": 13}, "end": {"line": 1, "character": 15}}
    assert item["textEdit"]["newText"] == "help"
    assert item["detail"] == "flow help"


def test_a_space_brings_up_names_only(editor: Editor) -> None:
    context = {"triggerKind": 2, "triggerCharacter": " "}
    editor.open("flow help { hangup }\nstart { answer  goto  }")
    assert editor.at("completion", 1, 15, context=context)["items"] == []
    assert [one["label"] for one in editor.at("completion", 1, 21, context=context)["items"]] == ["help", "start"]


def test_a_hover_tells_where_and_what(editor: Editor) -> None:
    editor.open(EVERYTHING)
    told = editor.at("hover", 5, 10)
    assert told["contents"]["kind"] == "markdown"
    assert "open until 18:00 today" in told["contents"]["value"]
    assert told["range"]["start"] == {"line": 5, "character": 9}
    assert editor.at("hover", 9, 3) is None


def test_a_name_is_highlighted_in_its_file(editor: Editor) -> None:
    editor.open("flow a { hangup }\nstart { goto a }")
    found = editor.at("documentHighlight", 1, 13)
    assert [one["range"]["start"]["line"] for one in found] == [0, 1]


def test_a_rename_is_prepared_or_refused(editor: Editor) -> None:
    editor.open("flow a { hangup }\nstart { goto a }")
    assert editor.at("prepareRename", 1, 13)["placeholder"] == "a"
    assert editor.at("prepareRename", 1, 9) is None
    with pytest.raises(Refused, match="has always this name"):
        editor.at("prepareRename", 1, 1)
    with pytest.raises(Refused, match="is a word of the language"):
        editor.at("rename", 1, 13, newName="goto")


def test_the_outline_and_the_folds_are_told(editor: Editor) -> None:
    editor.open("# one\n# two\nstart {\n    hangup\n}\n")
    (symbol,) = editor.of("documentSymbol")
    assert (symbol["name"], symbol["range"]["end"]["line"]) == ("start", 4)
    assert [(one["startLine"], one["endLine"], one["kind"]) for one in editor.of("foldingRange")] == [
        (0, 1, "comment"),
        (2, 3, "region"),
    ]


def test_a_scheme_is_formatted_in_few_edits(editor: Editor) -> None:
    text = "start {\n  answer\n    hangup\n}\n"
    editor.open(text)
    edits = editor.of("formatting", options={"tabSize": 8, "insertSpaces": False})
    assert len(edits) == 1
    assert edited(text, edits) == "start {\n    answer\n    hangup\n}\n"


def test_a_scheme_with_mistakes_is_not_formatted(editor: Editor) -> None:
    editor.open("start {\n  plai\n}\n")
    assert editor.of("formatting", options={"tabSize": 4, "insertSpaces": True}) is None
    assert editor.said[-2]["params"]["message"].endswith("left as it is, since its text has mistakes")


def test_an_edit_within_a_line_end_cannot_be_told() -> None:
    lines = Lines("a\r\nb")
    assert countable(lines, [(Span(0, 1), ""), (Span(3, 4), "")])
    assert not countable(lines, [(Span(2, 3), "")])


# --- repairs --------------------------------------------------------------------------------------------------------


def actions(editor: Editor, line: int, *only: str) -> list[dict]:
    place = {"line": line, "character": 0}
    context = {"diagnostics": [], **({"only": list(only)} if only else {})}
    return editor.of("codeAction", range={"start": place, "end": {"line": line, "character": 999}}, context=context)


def test_a_safe_repair_is_the_preferred_one(editor: Editor) -> None:
    text = 'start {\n    voicemail "box"\n}\n'
    editor.open(text)
    (action,) = actions(editor, 1, "quickfix")
    assert action["title"] == "put `answer` before it"
    assert action["isPreferred"]
    assert action["diagnostics"] == editor.told[URI]
    assert edited(text, action["edit"]["changes"][URI]) == 'start {\n    answer\n    voicemail "box"\n}\n'


def test_another_repair_is_offered_but_not_preferred(editor: Editor) -> None:
    editor.open("flow a { hangup }\nstart { hangup }")
    (action,) = actions(editor, 0)
    assert action["title"] == "remove it"
    assert not action["isPreferred"]


def test_repairs_belong_to_their_line(editor: Editor) -> None:
    editor.open("flow a { hangup }\nstart { hangup }")
    assert actions(editor, 1) == []


def test_every_safe_repair_is_made_at_once(editor: Editor) -> None:
    text = "start {\n    wait 5 seconds\n    wait 2 minutes\n}\n"
    editor.open(text)
    (action,) = actions(editor, 0, "source.fixAll")
    assert "edit" not in action
    done = editor.ask("codeAction/resolve", action)
    assert edited(text, done["edit"]["changes"][URI]) == "start {\n    wait 5s\n    wait 2m\n}\n"


def test_an_editor_that_cannot_ask_again_gets_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.lsp.editor.CAPABILITIES", {})
    editor = Editor()
    editor.open("start {\n    wait 5 seconds\n}\n")
    (action,) = actions(editor, 0, "source.fixAll")
    assert action["edit"]["changes"][URI]


def test_nothing_to_repair_is_no_action(editor: Editor) -> None:
    editor.open("start { hangup }\n")
    assert actions(editor, 0) == []


def test_a_repair_in_an_imported_file_goes_there(tmp_path: Path) -> None:
    text = "flow help {\n    wait 5 seconds\n}\n"
    uris = write(tmp_path, main=MAIN, common=text)
    editor = Editor(folder=tmp_path.as_uri())
    editor.open(text, uris["common"])
    place = {"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 20}}
    (action,) = editor.of("codeAction", uris["common"], range=place, context={"diagnostics": []})
    assert edited(text, action["edit"]["changes"][uris["common"]]) == "flow help {\n    wait 5s\n}\n"
