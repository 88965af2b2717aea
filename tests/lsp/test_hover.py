"""What is told of the thing under the pointer."""

import pytest

from callflow.directory.reading import read_directory
from callflow.lsp.hover import hover
from callflow.lsp.scheme import File, Scheme, read_file
from callflow.syntax import tree
from tests.lsp.editor import NOW_MS
from tests.lsp.schemes import EVERYTHING, offset_of

SCHEME = Scheme([read_file("a.flow", EVERYTHING)])


def told(where: str, scheme: Scheme = SCHEME) -> str | None:
    found = hover(scheme, "a.flow", offset_of(where, scheme.files[0].text), NOW_MS)
    return found[0] if found else None


def test_an_agent_is_told_with_its_address() -> None:
    assert told("connect |anna") == '```callflow\nagent anna "sip:anna@pbx.example" extension 301 skills cooling\n```'


def test_a_group_is_told_with_its_members_and_comments() -> None:
    text = told("queue |sales")
    assert text is not None
    assert text.startswith("```callflow\ngroup sales anna, boris ring in turn\n```\n\nWho sells.\nAnd who advises.")
    assert text.endswith("- `anna`: sip:anna@pbx.example\n\n- `boris`: sip:boris@pbx.example")


def test_a_group_by_skill_has_the_agents_who_have_it() -> None:
    text = told("also |experts")
    assert text is not None
    assert text.endswith("```\n\n- `boris`: sip:boris@pbx.example")


def test_a_prompt_is_told_with_its_words() -> None:
    assert told("greeting |welcome") == '```callflow\nprompt welcome {\n    de "Willkommen."\n    en "Welcome."\n}\n```'


def test_a_schedule_is_told_with_what_it_is_now_and_next() -> None:
    text = told("release |office")
    assert text == (
        '```callflow\nschedule office "Mo-Fr 09:00-18:00; PH off"\n```\n\nopen until 18:00 today, in Europe/Berlin'
    )


@pytest.mark.parametrize("broken", ["Mo-Fr 09:00-25:99x", "PH off"])
def test_hours_that_mean_nothing_are_shown_alone(broken: str) -> None:
    text = f'timezone "Europe/Berlin"\nschedule office "{broken}"\nstart {{ when office open hangup }}'
    found = told("when |office", Scheme([read_file("a.flow", text)]))
    assert found is not None
    assert found.startswith(f'```callflow\nschedule office "{broken}"\n```')


def test_a_value_is_told_with_its_type_and_where_it_comes_from() -> None:
    assert told("{|rounds}") == "```callflow\nset rounds = 1\n```\n\nnumber"
    assert told("forget |said_before") == "```callflow\nremember said_before = rounds for 30d\n```\n\nnumber"


def test_what_every_call_knows_is_told_with_its_type() -> None:
    assert told("to |caller.number") == "```callflow\ncaller.number\n```\n\nphone number, known to every call"


def test_a_skill_names_who_has_it() -> None:
    assert told("needs |vip") == "skill of 1 agent: `boris`"


def test_a_word_of_the_language_is_told_by_the_grammar() -> None:
    assert told("|greeting welcome") == "```callflow\ngreeting items\n```\n\nwhat is said before the tone"
    assert told("|every 30s") == (
        '```callflow\nevery 20s play items\n```\n\nevery 30s play "You are number {queue.position}."'
    )


def test_a_function_is_told_with_its_use() -> None:
    scheme = Scheme([read_file("a.flow", "start { set a = default(digits, 1) }")])
    assert told("|default", scheme) == '```callflow\ndefault(crm.tier, "none")\n```\n\ngives a value'


@pytest.mark.parametrize("where", ["# Who |sells", '"sip:an|na@pbx.example" ext', "start |{"])
def test_nothing_is_told_of_texts_comments_and_signs(where: str) -> None:
    assert told(where) is None


def test_nothing_is_told_of_a_name_that_is_declared_nowhere() -> None:
    assert told("goto |nowhere", Scheme([read_file("a.flow", "start { goto nowhere }")])) is None


def test_what_a_directory_declares_is_told_as_a_scheme_would_say_it() -> None:
    text = "agents:\n  carla: sip:carla@pbx.example\n"
    declarations, problems = read_directory(text, 0)
    assert not problems
    directory = File("d.yaml", text, tree.Tree(declarations, ()), readable=True, is_scheme=False)
    scheme = Scheme([read_file("a.flow", "start { connect carla }"), directory])
    assert told("connect |carla", scheme) == '```callflow\nagent carla "sip:carla@pbx.example"\n```'
