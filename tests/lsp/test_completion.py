"""Completion: words of the language and names, where they may stand."""

import pytest

from callflow.lsp.completion import complete
from callflow.lsp.names import Kind, Name
from callflow.lsp.scheme import Scheme, read_file
from callflow.syntax.unexpected import DECLARATIONS, STATEMENTS
from tests.lsp.schemes import EVERYTHING

SCHEME = Scheme([read_file("a.flow", EVERYTHING)])


def offered(marked: str) -> list[str]:
    """Return what is offered at the `|` of a text."""
    offset = marked.index("|")
    text = marked.replace("|", "", 1)
    return [one.label for one in complete(text, offset, Scheme([read_file("a.flow", text)])).items]


def in_start(line: str) -> list[str]:
    """Return what is offered in a flow of the scheme that has everything."""
    head, brace, rest = EVERYTHING.partition("start {\n")
    return offered(f"{head}{brace}    {line}\n{rest}")


USED = [name for file in SCHEME.files for name in file.names if not name.declares]


@pytest.mark.parametrize("name", USED, ids=[f"{name.span.start}-{name.text}" for name in USED])
def test_every_name_is_offered_where_it_stands(name: Name) -> None:
    for offset in (name.span.start, name.span.start + 1):
        items = complete(EVERYTHING, offset, SCHEME).items
        assert any(one.label.startswith(name.text) for one in items), items


def test_statements_begin_a_line_of_a_flow() -> None:
    assert set(STATEMENTS) <= set(in_start("|"))
    assert not {"scheme", "group", "start"} & set(in_start("|"))


def test_declarations_begin_a_file() -> None:
    assert set(offered("|")) == set(DECLARATIONS)
    assert set(offered("sc|")) == set(DECLARATIONS)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("goto |", {"start", "survey", "help"}),
        ("goto h|", {"start", "survey", "help"}),
        ("connect |", {"anna", "boris", "sales", "experts", "extension", "last"}),
        ("connect last agent of |", {"sales", "experts"}),
        ("queue |", {"sales", "experts"}),
        ("play |", {"welcome", "tune", "said"}),
        ("play welcome, |", {"welcome", "tune", "said"}),
        ("language |", {"de", "en"}),
        ("reject |", {"busy", "declined", "unavailable"}),
        ("when office |", {"open", "closed"}),
        ("set |", {"rounds", "account", "crm", "opens", "said", "said_before"}),
        ("connect sales ring |", {"all", "in", "longest", "round", "fewest", "random"}),
        ("set |rounds = 5", {"rounds", "account", "crm", "opens", "said", "said_before"}),
    ],
)
def test_a_word_is_followed_by_what_may_stand_there(line: str, words: set[str]) -> None:
    found = set(in_start(line))
    if line == "when office |":
        assert words <= found
    else:
        assert found == words


def test_a_condition_is_made_of_schedules_values_and_functions() -> None:
    found = in_start("when |")
    assert {"office open", "office closed", "caller.number", "rounds", "sales.available", "default", "not"} <= set(
        found
    )
    assert "anna" not in found


def test_a_value_is_no_condition() -> None:
    found = in_start("set rounds = 1 + |")
    assert {"rounds", "caller.number", "office.opens"} <= set(found)
    assert "office open" not in found


def test_the_word_before_the_place_is_replaced_with_its_dots() -> None:
    text = "start { when caller.nu"
    found = complete(text, len(text), SCHEME)
    assert text[found.start :] == "caller.nu"
    assert "caller.number" in [one.label for one in found.items]


def test_within_braces_of_a_text_stand_values() -> None:
    assert "caller.number" in in_start('play "You are {|"')
    assert "caller.number" in in_start('play "You are {caller.|}."')
    assert "rounds" in in_start('play "{rounds + |}"')


@pytest.mark.parametrize("line", ['play "goto |"', "# goto |", "answer # |", "wait 5|", 'play "a\\{|"', 'play "{a}|"'])
def test_nothing_is_offered_in_texts_comments_and_amounts(line: str) -> None:
    assert in_start(line) == []


@pytest.mark.parametrize("line", ["flow |", "agent |", "group |"])
def test_a_new_name_is_the_authors(line: str) -> None:
    assert offered(line) == []


def test_clauses_stand_in_their_statement() -> None:
    assert {"press", "silence", "otherwise", "retry"} <= set(in_start("menu { |"))
    assert {"every", "after", "full"} <= set(in_start("queue sales { |"))


def test_options_come_before_the_next_statement() -> None:
    text = 'agent anna "sip:a@x"\nstart { connect anna '
    items = complete(text, len(text), Scheme([read_file("a.flow", text)])).items
    ranks = {one.label: one.rank for one in items}
    assert ranks["for"] < ranks["goto"]


@pytest.mark.parametrize("before", ["plai welcome\n", "menu {\n", '"\n', "} }\n", "wait\n", "set = \n", "press 1\n"])
def test_a_mistake_before_does_not_keep_from_completing(before: str) -> None:
    assert {"survey", "help"} <= set(in_start(f"{before} goto |"))


def test_a_mistake_behind_does_not_matter() -> None:
    assert {"start", "a"} == set(offered("start { goto | menu { ) }\nflow a { plai }"))


def test_a_flow_that_is_not_closed_is_offered() -> None:
    assert set(offered("start { goto | }\nflow a { menu {\nflow b { hangup }")) == {"start", "a", "b"}


def test_names_say_what_they_are() -> None:
    text = EVERYTHING.replace("connect anna", "connect ")
    items = {one.label: one for one in complete(text, text.index("connect  whisper") + 8, SCHEME).items}
    assert items["anna"].kind is Kind.TARGET
    assert items["anna"].detail == 'agent anna "sip:anna@pbx.example" extension 301 skills cooling'
