"""Help on words of the language, which is the grammar's own."""

import re

import pytest

from callflow.highlight.words import words
from callflow.lsp.reference import help_on, made_by, rules, summary
from callflow.syntax.unexpected import CLAUSES, DECLARATIONS, STATEMENTS


@pytest.mark.parametrize("word", sorted({*DECLARATIONS, *STATEMENTS, *CLAUSES} - {"press"}))
def test_every_beginning_has_a_rule(word: str) -> None:
    assert any(rule.syntax.split()[0].strip("(") == word or f"| {word}" in rule.syntax for rule in rules())


@pytest.mark.parametrize("word", words().all)
def test_every_word_stands_in_a_rule(word: str) -> None:
    assert any(word in re.findall(r"\w+", rule.syntax) for rule in rules())


def test_a_rule_is_shown_with_its_comment() -> None:
    (rule,) = help_on("goto", ["Goto"])
    assert rule.syntax == "goto flow_name"
    assert rule.said == "leave for a flow; there is no way back"


def test_a_comment_above_a_rule_belongs_to_it() -> None:
    (rule,) = help_on("connect", ["Connect"])
    assert rule.said.startswith("Ring somebody. The call ends with the conversation, unless `answered`")


def test_a_word_with_several_meanings_is_told_by_what_is_around_it() -> None:
    assert [rule.name for rule in help_on("pause", ["Setting", "Menu"])] == ["pause"]
    assert [rule.name for rule in help_on("pause", ["ChangeRecording", "Block"])] == ["change_recording"]
    assert [rule.name for rule in help_on("busy", ["Clause", "Connect"])] == ["outcome"]
    assert [rule.name for rule in help_on("last", ["LastAgent"])] == ["target"]
    assert [rule.name for rule in help_on("else", ["When"])] == ["when"]


def test_a_rule_makes_the_node_that_its_builder_says() -> None:
    assert made_by("connect") == "Connect"
    assert made_by("last_agent") == "LastAgent"
    assert made_by("declaration") == ""


def test_one_line_says_what_a_word_takes() -> None:
    assert summary("wait") == "wait 20s"
    assert summary("language") == ""


@pytest.mark.parametrize("word", [*STATEMENTS, *DECLARATIONS])
def test_every_statement_and_declaration_is_told_in_words(word: str) -> None:
    beginning = [rule for rule in rules() if word in re.findall(r"\w+", rule.syntax.split(")")[0])[:3]]
    assert any(rule.said for rule in beginning)
