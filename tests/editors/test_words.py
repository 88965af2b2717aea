"""The words of highlighters are the words of the grammar."""

from callflow.highlight.words import words, words_of
from callflow.syntax.table import load
from tests.editors.generate import outdated
from tests.editors.highlighters import KINDS

GRAMMAR = """
start: declaration*
?declaration: agent
            | box | flow                         // "/" WORD NAME
agent: AGENT NAME STRING
box:   BOX NAME ["%" DIGITS]
flow:  FLOW NAME "{" again* "}"
again: RUN flow_name | KEEP NAME
keep:  KEEP NAME "=" TRUE
say:   SPEAK TAG
COMMENT: /"!"[^\\n]*/
AGENT.1: /agent\\b/
BOX.1: /box\\b/
FLOW.2: /flow\\b/
RUN: /run\\b/
KEEP.1:  /keep\\b/
SPEAK.1: /speak\\b/
TRUE.1: /true\\b/
"""


def test_the_words_are_those_that_the_parser_knows() -> None:
    assert words().all == tuple(sorted(load().keywords))


def test_the_signs_are_those_that_the_parser_knows() -> None:
    known = words().operator_signs + words().punctuation
    comparisons = {"==", "!=", "<=", ">=", "<", ">"}
    assert set(known) - comparisons == set(load().signs) - comparisons
    assert comparisons <= set(known)


def test_every_kind_of_token_is_known_to_the_highlighters() -> None:
    assert set(load().patterns) <= {*KINDS, "WHITE", "COMPARISON"}, (
        "say in `KINDS` what it looks like, and highlight it"
    )


def test_a_new_word_is_read_from_the_grammar() -> None:
    found = words_of(GRAMMAR)
    assert found.keywords == ("agent", "box", "flow", "keep", "run", "speak")
    assert found.constants == ("true",)
    assert found.declaring == ("agent", "box", "flow")
    assert found.leading == ("run",)
    assert found.giving == ("keep",)
    assert found.tagging == ("speak",)
    assert found.operator_signs == ("%", "=")
    assert found.punctuation == ("{", "}")


def test_words_that_highlighters_name_are_words_of_the_language() -> None:
    assert {"flow", "press", "file"} <= set(words().keywords)
    assert "set" in words().giving
    assert "goto" in words().leading


def test_the_files_of_editors_are_up_to_date() -> None:
    assert not outdated(), "run `python -m tests.editors.generate --write`"
