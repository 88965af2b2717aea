"""Diagrams: what is drawn, what is left out, and that no word of a scheme gets out of its quotes."""

import re
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest
from hypothesis import given

from callflow.compile.pipeline import compile_path
from callflow.machine.diagram import Card, Diagram, Shape, clipped, diagram, joined
from callflow.machine.graph import dot, mermaid
from callflow.machine.labels import written
from callflow.machine.model import (
    AllOf,
    AnyOf,
    Arithmetic,
    Branch,
    Compare,
    Const,
    Consulting,
    Expr,
    HangingUp,
    How,
    Joined,
    Machine,
    Matches,
    Name,
    Negated,
    Playing,
    Repass,
    Said,
    State,
)
from callflow.words import duration
from tests.machine.strategies import EXAMPLE, NASTY, SALES, START, UNHURRIED, connecting, machines, said

SMALL = attrs.evolve(
    EXAMPLE,
    scheme="Hello",
    numbers={},
    flows={"start": 0, "sales": 3},
    states=(
        Consulting(START, "office", 1),
        Branch(START, Name("office.open"), 3, 2),
        Playing(START, said('Say "hi" & go.'), 3),
        connecting(SALES, 4),
        HangingUp(SALES),
    ),
)


CLINIC = Path(__file__).with_name("clinic.flow")
"""A scheme of some 150 states."""


def card_of(drawn: Diagram, flow: str) -> Card:
    return next(card for card in drawn.cards if card.flow == flow)


def texts(card: Card) -> list[str]:
    return [node.text for node in card.nodes]


def edges(card: Card) -> list[str]:
    """Return the arrows of a card by the first lines of what they join."""
    name = {node.id: node.text.split("\n")[0] for node in card.nodes}
    return [f"{name[edge.source]} {'~' if edge.again else '-'}{edge.text}> {name[edge.target]}" for edge in card.edges]


def one_flow(*states: State) -> Card:
    (card,) = diagram(attrs.evolve(SMALL, states=states, flows={"start": 0})).cards
    return card


# --- what is drawn --------------------------------------------------------------------------------------------------


def test_every_flow_is_a_card_of_its_states_in_the_words_of_the_language() -> None:
    drawn = diagram(EXAMPLE)
    assert {card.flow: texts(card) for card in drawn.cards} == {
        "start": [
            "+4930123\nany other number",
            'answer\nrecord call\nplay welcome, "chime.wav"',
            "when office closed",
            "end",
            "set n = 1",
            'menu\n"For sales, press 1."',
            "sales",
            "language de",
            "connect extension",
            'play "There is no such\noption."',
        ],
        "sales": [
            "+4930124",
            "connect both 20s",
            "end",
            "wait 1.5s",
            "connect anna 90.5s",
            'connect\n"sip:{caller.number}@x"\n20s',
        ],
        "end": [
            "voicemail sales",
            'play "You are\n{caller.number}"…',
            "hang up",
            "when n == 1",
            "reject busy",
        ],
    }


def test_every_way_on_is_an_arrow_and_those_to_one_place_are_one() -> None:
    drawn = diagram(EXAMPLE)
    assert edges(card_of(drawn, "start")) == [
        "+4930123 -> answer",
        "answer -> when office closed",
        "when office closed -yes> end",
        "when office closed -no> set n = 1",
        "set n = 1 -> menu",
        "menu -1, 0, otherwise> sales",
        "menu -9> language de",
        "menu ~*> menu",
        "menu -extension> connect extension",
        'menu -invalid> play "There is no such',
        "language de ~> menu",
        "connect extension -not taken> end",
        'play "There is no such ~> menu',
    ]
    assert edges(card_of(drawn, "sales")) == [
        "+4930124 -> connect both 20s",
        "connect both 20s -0, no answer, rejected, unreachable, on…> end",
        "connect both 20s -answered> wait 1.5s",
        "connect both 20s -busy> connect anna 90.5s",
        "connect anna 90.5s -not taken> end",
        "wait 1.5s -> connect",
        "connect -not taken> end",
    ]


def test_a_card_says_from_which_flows_it_is_entered() -> None:
    assert [(card.flow, card.before) for card in diagram(EXAMPLE).cards] == [
        ("start", ()),
        ("sales", ("start",)),
        ("end", ("start", "sales")),
    ]


def test_steps_in_a_row_share_a_box_that_stands_for_all_of_them() -> None:
    box = card_of(diagram(EXAMPLE), "start").nodes[1]
    assert (box.states, box.kind, box.shape) == ((0, 1, 2), "answering", Shape.STEP)
    assert box.tooltip == 'start, line 1: answer\nstart, line 1: record call\nstart, line 1: play welcome, "chime.wav"'


def test_a_box_ends_where_something_else_leads_in() -> None:
    word = Playing(START, said("Hello."), 2)
    card = one_flow(Branch(START, Name("n"), 1, 2), word, word, HangingUp(START))
    assert texts(card) == ["any number", "when n", 'play "Hello."', 'play "Hello."', "hang up"][:4]
    assert edges(card)[-1] == 'play "Hello." -> play "Hello."'


def test_every_state_that_can_be_reached_belongs_to_a_box() -> None:
    compiled = compile_path(str(CLINIC)).machine
    assert compiled is not None
    shown = sorted(number for card in diagram(compiled).cards for node in card.nodes for number in node.states)
    assert shown == list(range(len(compiled.states)))
    assert len(shown) > 150


def test_a_schedule_belongs_to_the_branch_behind_it_and_a_pass_to_its_menu() -> None:
    start = card_of(diagram(EXAMPLE), "start")
    assert {node.kind: node.states for node in start.nodes if node.kind in ("branch", "menu")} == {
        "branch": (4, 3),
        "menu": (6, 8, 11),
    }


def test_numbers_of_one_place_share_an_entry() -> None:
    drawn = diagram(attrs.evolve(EXAMPLE, numbers={"+4930125": 12, "+4930124": 12}))
    assert texts(card_of(drawn, "start"))[0] == "any other number"
    assert texts(card_of(drawn, "sales"))[0] == "+4930124\n+4930125"


def test_a_schedule_that_no_branch_follows_is_drawn() -> None:
    assert texts(one_flow(Consulting(START, "office", 1), HangingUp(START)))[1] == "look whether office is\nopen"


def test_schedules_consulted_in_a_circle_are_drawn_as_they_are() -> None:
    card = one_flow(Consulting(START, "office", 1), Consulting(START, "office", 0))
    assert texts(card)[1] == "look whether office is open\nlook whether office is open"
    assert [(edge.source, edge.target, edge.back) for edge in card.edges][1:] == [("s0", "s0", True)]


def test_what_no_flow_gets_to_is_left_out() -> None:
    drawn = diagram(attrs.evolve(SMALL, states=(*SMALL.states, HangingUp(SALES))))
    assert not any(5 in node.states for card in drawn.cards for node in card.nodes)


def test_one_flow_is_drawn_as_its_card() -> None:
    assert diagram(EXAMPLE, "sales").cards == (card_of(diagram(EXAMPLE), "sales"),)


def test_a_flow_that_only_leads_to_another_is_drawn_as_its_way() -> None:
    (card,) = diagram(attrs.evolve(SMALL, flows={**SMALL.flows, "alias": 3}), "alias").cards
    assert edges(card) == ["alias -> sales"]


def test_failures_that_lead_to_one_place_are_called_not_taken() -> None:
    assert joined(connecting(SALES, 4)) == [("not taken", 4)]
    assert joined(connecting(SALES, 4, keys={"0": 4, "1": 5})) == [("0, not taken", 4), ("1", 5)]
    assert joined(connecting(SALES, 4, busy=5)) == [
        ("busy", 5),
        ("no answer, rejected, unreachable, on another call, away", 4),
    ]
    assert joined(connecting(SALES, 4, answered=4)) == [("answered, not taken", 4)]
    assert joined(Repass(SALES, 7)) == [("again", 7)]


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("play welcome", "play welcome"),
        ('play "' + 8 * "four " + '"', 'play "four four four four four four…"'),
        ("play " + 50 * "a", "play " + 34 * "a" + "…"),
        ('set n = "' + 50 * "a" + '"', 'set n = "' + 30 * "a" + '…"'),
        ("a\n\tb\x1b[1mc", "a b [1mc"),
    ],
)
def test_a_long_label_is_clipped(text: str, short: str) -> None:
    assert clipped(text) == short
    assert len(short) <= 41


# --- words ----------------------------------------------------------------------------------------------------------

N, OFFICE = Name("n"), Name("office.open")
ONE, TWO = Compare("==", N, Const(1)), Compare("<", N, Const(2))


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (Const('say "hi" {x}\n'), '"say \\"hi\\" \\{x\\}\\n"'),
        (Const(None), "none"),
        (Const(True), "true"),
        (OFFICE, "office open"),
        (Negated(OFFICE), "office closed"),
        (Name("other.open"), "other.open"),
        (Negated(ONE), "not n == 1"),
        (Negated(AllOf((ONE, TWO))), "not (n == 1 and n < 2)"),
        (AnyOf((AllOf((ONE, TWO)), OFFICE)), "n == 1 and n < 2 or office open"),
        (AllOf((AnyOf((ONE, TWO)), OFFICE)), "(n == 1 or n < 2) and office open"),
        (Arithmetic("*", Arithmetic("+", N, Const(1)), N), "(n + 1) * n"),
        (Arithmetic("-", N, Arithmetic("-", N, Const(1))), "n - (n - 1)"),
        (Arithmetic("-", Arithmetic("-", N, Const(1)), N), "n - 1 - n"),
        (Matches(Name("caller.number"), ("+49*",)), 'caller.number matches "+49*"'),
        (Matches(Name("caller.number"), ("+49*", "+7*")), 'caller.number in ("+49*", "+7*")'),
        (
            Joined((Const("to "), Said(How.DIGITS, Name("called.number")), Const(" {x}"))),
            '"to {called.number} \\{x\\}"',
        ),
        (AllOf(()), "true"),
        (AnyOf(()), "false"),
    ],
)
def test_an_expression_is_shown_as_it_is_written(expr: Expr, text: str) -> None:
    assert written(expr, ("office",)) == text


@pytest.mark.parametrize(
    ("ms", "text"),
    [(500, "500ms"), (1_500, "1.5s"), (20_000, "20s"), (180_000, "3m"), (90_000, "90s"), (7_200_000, "2h")],
)
def test_a_duration_is_shown_as_it_is_written(ms: int, text: str) -> None:
    assert duration(ms) == text


# --- Mermaid --------------------------------------------------------------------------------------------------------

_ID = r"[a-z]+[0-9]*(?:c[0-9]+)?"
_WORDS = r'"(?:[^\W_]|_|[ .,!?\'+\-/=()…]|#[a-z0-9]+;|<br/>)*"'
_BOXES = "|".join((rf"\(\[{_WORDS}\]\)", rf"\({_WORDS}\)", rf"\[{_WORDS}\]", rf"{{{{{_WORDS}}}}}", rf">{_WORDS}\]"))
MERMAID_LINES = (
    r"flowchart LR",
    r"        direction LR",
    r"    class c[0-9]+(?:,c[0-9]+)* card",
    rf"        (?P<node>{_ID})(?:{_BOXES}):::[a-z]+",
    rf"    subgraph c[0-9]+\[{_WORDS}\]",
    r"    end",
    rf"        (?P<source>{_ID}) (?:-->|-\.->)(?:\|{_WORDS}\|)? (?P<target>{_ID})",
    r"    classDef [a-z]+ fill:#[0-9a-f]{6},stroke:#[0-9]{3},color:#000",
)


def assert_reads(text: str, lines: tuple[str, ...], opening: str, closing: str) -> None:
    """Assert that every line has one of the forms, and that arrows lead from node to node."""
    nodes: set[str] = set()
    ends: set[str] = set()
    depth = 0
    for line in text.splitlines():
        found = next((match for form in lines if (match := re.fullmatch(form, line))), None)
        assert found is not None, line
        for name, value in found.groupdict().items():
            (nodes if name == "node" else ends).add(value)
        depth += line.strip().startswith(opening)
        depth -= line.strip() == closing
        assert depth >= 0
    assert ends <= nodes
    assert depth == 0


def test_a_small_scheme_as_mermaid() -> None:
    assert mermaid(SMALL).split("    class ")[0] == (
        "flowchart LR\n"
        '    subgraph c1["sales from start"]\n'
        "        direction LR\n"
        '        s3("connect both 20s"):::party\n'
        '        s4(["hang up"]):::over\n'
        '        s3 -->|"not taken"| s4\n'
        "    end\n"
        '    subgraph c0["start"]\n'
        "        direction LR\n"
        '        number0c0(["any number"]):::entry\n'
        '        s1{{"when office open"}}:::branch\n'
        '        flow1c0>"sales"]:::flow\n'
        '        s2("play #quot;Say #92;#quot;hi#92;#quot; #amp; go.#quot;"):::step\n'
        "        number0c0 --> s1\n"
        '        s1 -->|"yes"| flow1c0\n'
        '        s1 -->|"no"| s2\n'
        "        s2 --> flow1c0\n"
        "    end\n"
    )


@UNHURRIED
@given(machines())
def test_mermaid_of_any_machine_reads(machine: Machine) -> None:
    assert_reads(mermaid(machine), MERMAID_LINES, "subgraph ", "end")
    assert_reads(mermaid(machine, max(machine.flows)), MERMAID_LINES, "subgraph ", "end")


# --- Graphviz -------------------------------------------------------------------------------------------------------

_QUOTED = r'"(?:[^"\\\n]|\\["\\nl])*"'
_VALUE = rf"(?:{_QUOTED}|[a-z]+|[A-Z][a-z]+|[A-Z]{{2}}|[0-9.]+)"
_TITLE = r'<<b>[A-Za-z0-9_]+</b>(?:<font point-size="10" color="#555555"> from [A-Za-z0-9_, …]+</font>)?>'
DOT_LINES = (
    rf"digraph {_QUOTED} \{{",
    rf"  rankdir=LR;(?: [a-z]+={_VALUE};)*",
    rf"  (?:node|edge) \[[a-z]+={_VALUE}(?:, [a-z]+={_VALUE})*\];",
    rf"  label={_QUOTED};",
    rf"    (?P<node>{_ID}) \[label={_QUOTED}(?:, [a-z]+={_VALUE})*\];",
    r"  subgraph cluster_[0-9]+ \{",
    rf"    label={_TITLE};(?: [a-z]+={_VALUE};)*",
    rf"    (?P<source>{_ID}) -> (?P<target>{_ID})(?: \[[a-z]+={_VALUE}(?:, [a-z]+={_VALUE})*\])?;",
    r"(?:  )?\}",
)


def test_a_small_scheme_for_graphviz() -> None:
    lines = [line for line in dot(SMALL).splitlines() if "->" in line or "[label=" in line]
    assert [re.sub(r", shape=.*\]", "]", line) for line in lines] == [
        '    s4 [label="hang up"];',
        '    s3 [label="connect both 20s"];',
        '    s3 -> s4 [label=" not taken "];',
        '    s2 [label="play \\"Say \\\\\\"hi\\\\\\" &amp; go.\\""];',
        '    flow1c0 [label="sales"];',
        '    s1 [label="when office open"];',
        '    number0c0 [label="any number"];',
        "    s2 -> flow1c0;",
        '    s1 -> s2 [label=" no "];',
        '    s1 -> flow1c0 [label=" yes "];',
        "    number0c0 -> s1;",
    ]


def test_a_node_has_the_number_of_its_state_and_its_kind_for_those_who_mark_it() -> None:
    (line,) = (line for line in dot(EXAMPLE).splitlines() if line.startswith("    s0 ["))
    assert 'id="s-0", class="step state answering s-0 s-1 s-2"' in line
    assert r'tooltip="start, line 1: answer\nstart, line 1: record call\nstart, line 1: play' in line


def test_an_arrow_back_is_drawn_from_its_head() -> None:
    assert "    s6 -> s10 [style=dashed, dir=back];" in dot(EXAMPLE).splitlines()


@UNHURRIED
@given(machines())
def test_dot_of_any_machine_reads(machine: Machine) -> None:
    text = dot(machine)
    assert_reads(text.removesuffix("}\n"), DOT_LINES, "subgraph ", "}")
    assert text.startswith("digraph ")
    assert text.endswith("\n}\n")


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("draw", [mermaid, dot])
def test_no_word_of_a_scheme_gets_out_of_its_quotes(draw: Callable[[Machine], str], text: str) -> None:
    state = Playing(START, said(f"{text} {text}"), 1)
    machine = attrs.evolve(SMALL, scheme=text, states=(state, HangingUp(START)), flows={"start": 0})
    lines = draw(machine).splitlines()
    plain = attrs.evolve(SMALL, scheme="x", states=(Playing(START, said("x"), 1), HangingUp(START)), flows={"start": 0})
    assert len(lines) - len(draw(plain).splitlines()) in (0, -1 if not text else 0)
