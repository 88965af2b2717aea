"""What words mean, for colours: names by what they are, tokens beside one another, on any text."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callflow.lsp.meaning import KINDS, MODIFIERS
from callflow.lsp.positions import Lines
from tests.lsp.editor import Editor
from tests.lsp.schemes import EVERYTHING
from tests.lsp.test_any_text import CHANGE, TEXTS, changed

HEAD = """agent anna "sip:anna@x" extension 101
group sales anna
schedule office "24/7"
prompt hello "Hello."
list vips "+49*"
language en, de
"""


def decoded(text: str, data: list[int], encoding: str = "utf-16") -> list[tuple[str, str, str]]:
    """Return tokens with what they stand on, their kind and their modifiers."""
    lines, found, line, start = Lines(text, encoding), [], 0, 0
    for at in range(0, len(data), 5):
        down, right, length, kind, modifiers = data[at : at + 5]
        line, start = line + down, right if down else start + right
        written = text[lines.offset((line, start)) : lines.offset((line, start + length))]
        named = " ".join(name for bit, name in enumerate(MODIFIERS) if modifiers >> bit & 1)
        found.append((written, KINDS[kind], named))
    return found


def meaning(text: str, **options: Any) -> list[tuple[str, str, str]]:
    editor = Editor(**options)
    editor.open(text)
    return decoded(text, editor.of("semanticTokens/full")["data"])


def told(body: str, *words: str) -> list[tuple[str, ...]]:
    """Return what some words of a body mean."""
    return [(one[0], *one[1:]) for one in meaning(f"{HEAD}start {{ {body} }}") if one[0] in words]


@pytest.mark.parametrize(
    ("body", "word", "kind"),
    [
        ("connect anna", "connect", "keyword"),
        ("play hello", "hello", "enumMember"),
        ("language de", "de", "namespace"),
        ("when caller.number in vips hangup", "vips", "enum"),
        ("when office open hangup", "office", "interface"),
        ("when office open hangup", "open", "keyword"),
        ("when not caller.hidden hangup", "not", "keyword"),
        ("connect sales for 20s", "20s", "number"),
        ("split { 80% hangup 20% hangup }", "80%", "number"),
        ("when 1 <= 2 hangup", "<=", "operator"),
        ("hangup # over", "# over }", "comment"),
        ("goto nowhere", "nowhere", None),
        ("connect busy", "busy", "keyword"),
    ],
)
def test_a_word_has_the_meaning_that_it_has_there(body: str, word: str, kind: str | None) -> None:
    found = [one[1] for one in meaning(f"{HEAD}start {{ {body} }}") if one[0] == word]
    assert found[-1:] == ([] if kind is None else [kind])


def test_a_name_is_declared_once_and_means_the_same_everywhere() -> None:
    assert told("connect anna connect sales", "anna", "sales") == [
        ("anna", "class", "declaration"),
        ("sales", "struct", "declaration"),
        ("anna", "class", ""),
        ("anna", "class", ""),
        ("sales", "struct", ""),
    ]


def test_a_name_may_be_a_word_of_the_language() -> None:
    found = meaning('agent busy "sip:b@x"\nstart { connect busy { busy hangup } }')
    assert [one[1] for one in found if one[0] == "busy"] == ["class", "class", "keyword"]


def test_values_in_texts_have_their_meaning() -> None:
    body = 'set n = 1 play "é {default(caller.name, "you")} is {n}." play "\\\\{ {"'
    found = [one for one in meaning(f"start {{ {body} }}") if one[1] not in ("keyword", "operator", "number")]
    assert found[2:] == [
        ('"é {', "string", ""),
        ("default", "function", "defaultLibrary"),
        ("caller.name", "variable", "readonly defaultLibrary"),
        ('"you"', "string", ""),
        ("} is {", "string", ""),
        ("n", "variable", ""),
        ('}."', "string", ""),
        ('"\\\\{ {"', "string", ""),
    ]


def test_fields_are_properties() -> None:
    body = 'fetch crm from "https://x.example/" post { who: 1 } tag "{crm.tier} {office.opens} {sales.waiting}"'
    assert [one[:2] for one in told(body, "crm", "who", "tier", "opens", "waiting", "office", "sales")][2:] == [
        ("crm", "variable"),
        ("who", "property"),
        ("crm", "variable"),
        ("tier", "property"),
        ("office", "interface"),
        ("opens", "property"),
        ("sales", "struct"),
        ("waiting", "property"),
    ]


def test_a_part_of_a_text_has_the_tokens_that_it_touches() -> None:
    editor = Editor()
    editor.open(HEAD)
    part = {"start": {"line": 1, "character": 8}, "end": {"line": 2, "character": 3}}
    found = decoded(HEAD, editor.of("semanticTokens/range", range=part)["data"])
    assert [one[0] for one in found] == ["sales", "anna", "schedule"]


def test_a_file_that_is_imported_knows_what_is_declared_beside_it(tmp_path: Any) -> None:
    (tmp_path / "main.flow").write_text('import "more.flow"\nagent anna "sip:a@x"\nstart { goto more }\n')
    (tmp_path / "more.flow").write_text("flow more { connect anna }\n")
    editor = Editor(folder=tmp_path.as_uri())
    uri = (tmp_path / "more.flow").as_uri()
    text = (tmp_path / "more.flow").read_text()
    editor.open(text, uri)
    found = decoded(text, editor.of("semanticTokens/full", uri)["data"])
    assert ("anna", "class", "") in found


@settings(max_examples=60)
@given(st.sampled_from(TEXTS), st.lists(CHANGE, max_size=4), st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_tokens_stand_beside_one_another_in_any_text(
    text: str, changes: list[tuple[float, int, str]], encoding: str
) -> None:
    for change in changes:
        text = changed(text, change)
    editor = Editor(encodings=(encoding,))
    editor.open(text)
    data = editor.of("semanticTokens/full")["data"]
    end = (0, 0)
    line = start = 0
    for at in range(0, len(data), 5):
        line, start = line + data[at], data[at + 1] if data[at] else start + data[at + 1]
        assert (line, start) >= end
        assert data[at + 2] > 0
        end = (line, start + data[at + 2])
    assert all(one[0] and "\n" not in one[0] for one in decoded(text, data, encoding))


def test_every_name_of_a_scheme_that_has_all_has_a_meaning() -> None:
    found = {one[1] for one in meaning(EVERYTHING)}
    assert found == set(KINDS)
