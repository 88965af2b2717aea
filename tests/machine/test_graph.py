"""Diagrams: what is drawn, what is left out, and that no word of a scheme gets out of its quotes."""

import re
from collections.abc import Callable

import attrs
import pytest
from hypothesis import given

from callflow.machine.diagram import Diagram, Shape, clipped, diagram, joined
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
    Joined,
    Machine,
    Matches,
    Name,
    Negated,
    Playing,
    Repass,
    Spelled,
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


def text_of(drawn: Diagram, id_: str) -> str:
    return next(node.text for cluster in drawn.clusters for node in cluster.nodes if node.id == id_)


def edges(drawn: Diagram) -> list[str]:
    return [f"{edge.source} {'~' if edge.again else '-'}{edge.text}> {edge.target}" for edge in drawn.edges]


# --- what is drawn --------------------------------------------------------------------------------------------------


def test_every_flow_is_a_cluster_of_its_states_in_the_words_of_the_language() -> None:
    drawn = diagram(EXAMPLE)
    assert {cluster.flow: [node.text for node in cluster.nodes] for cluster in drawn.clusters} == {
        "start": [
            "answer",
            "record call",
            'play welcome, "chime.wav"',
            "when office closed",
            "set n = 1",
            'menu\n"For sales, press 1."',
            "language de",
            "connect extension",
            'play "There is no such option."',
        ],
        "sales": [
            "connect both 20s",
            "connect anna 90.5s",
            "wait 1.5s",
            'connect "sip:{caller.number}@x" 20s',
        ],
        "end": [
            "voicemail sales",
            'play "You are {caller.number}"…',
            "when n == 1",
            "hang up",
            "reject busy",
        ],
    }


def test_every_way_on_is_an_arrow_and_those_to_one_place_are_one() -> None:
    assert edges(diagram(EXAMPLE)) == [
        "number0 -> s0",
        "number1 -> s12",
        "start -> s0",
        "s0 -> s1",
        "s1 -> s2",
        "s2 -> s4",
        "s4 -yes> s16",
        "s4 -no> s5",
        "s5 -> s6",
        "s6 -1, 0, otherwise> s12",
        "s6 -9> s7",
        "s6 ~*, again> s6",
        "s6 -extension> s9",
        "s6 -invalid> s10",
        "s7 ~again> s6",
        "s9 -not taken> s16",
        "s10 ~again> s6",
        "s12 -0, no answer, rejected, unreachable> s16",
        "s12 -answered> s14",
        "s12 -busy> s13",
        "s13 -not taken> s16",
        "s14 -> s15",
        "s15 -not taken> s18",
        "s16 -> s17",
        "s17 -> s19",
        "s18 -yes> s20",
        "s18 -no> s19",
    ]


def test_calls_come_in_by_numbers_and_at_the_start() -> None:
    entries = [node.text for node in diagram(EXAMPLE).outside if node.shape is Shape.ENTRY]
    assert entries == ["+4930123", "+4930124", "start"]


def test_numbers_of_one_place_share_an_entry() -> None:
    drawn = diagram(attrs.evolve(EXAMPLE, numbers={"+4930125": 12, "+4930124": 12}))
    assert [node.text for node in drawn.outside] == ["+4930124\n+4930125", "start"]


def test_a_schedule_that_no_branch_follows_is_drawn() -> None:
    states = (Consulting(START, "office", 1), HangingUp(START))
    drawn = diagram(attrs.evolve(SMALL, states=states, flows={"start": 0}))
    assert text_of(drawn, "s0") == "look whether office is open"


def test_schedules_consulted_in_a_circle_are_drawn_as_they_are() -> None:
    states = (Consulting(START, "office", 1), Consulting(START, "office", 0))
    drawn = diagram(attrs.evolve(SMALL, states=states, flows={"start": 0}))
    assert edges(drawn) == ["start -> s0", "s0 -> s1", "s1 -> s0"]


def test_what_no_flow_gets_to_is_left_out() -> None:
    drawn = diagram(attrs.evolve(SMALL, states=(*SMALL.states, HangingUp(SALES))))
    assert not any(node.id == "s5" for cluster in drawn.clusters for node in cluster.nodes)


def test_one_flow_is_drawn_with_those_before_and_behind_it() -> None:
    drawn = diagram(EXAMPLE, "sales")
    assert [cluster.flow for cluster in drawn.clusters] == ["sales"]
    assert {node.id: node.text for node in drawn.outside} == {
        "number1": "+4930124",
        "before2": "start",
        "behind0": "end",
    }
    assert "before2 -1, 0, otherwise> s12" in edges(drawn)
    assert "s13 -not taken> behind0" in edges(drawn)
    assert not any("before2" in edge and "behind0" in edge for edge in edges(drawn))


def test_a_flow_that_only_leads_to_another_is_drawn_as_its_way() -> None:
    drawn = diagram(attrs.evolve(SMALL, flows={**SMALL.flows, "alias": 3}), "alias")
    assert [node.text for node in drawn.outside] == ["alias", "sales"]
    assert edges(drawn) == ["flow -> behind1"]


def test_failures_that_lead_to_one_place_are_called_not_taken() -> None:
    assert joined(connecting(SALES, 4)) == [("not taken", 4)]
    assert joined(connecting(SALES, 4, keys={"0": 4, "1": 5})) == [("0, not taken", 4), ("1", 5)]
    assert joined(connecting(SALES, 4, busy=5)) == [("busy", 5), ("no answer, rejected, unreachable", 4)]
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
        (Joined((Const("to "), Spelled(Name("called.number")), Const(" {x}"))), '"to {called.number} \\{x\\}"'),
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

_ID = r"[a-z]+[0-9]*"
_WORDS = r'"(?:[^\W_]|_|[ .,!?\'+\-/=()…]|#[a-z0-9]+;|<br/>)*"'
_BOXES = "|".join(
    (rf"\(\[{_WORDS}\]\)", rf"\({_WORDS}\)", rf"\[{_WORDS}\]", rf"{{{{{_WORDS}}}}}", rf"\[\[{_WORDS}\]\]")
)
MERMAID_LINES = (
    r"flowchart TD",
    rf"    (?:    )?(?P<node>{_ID})(?:{_BOXES}):::[a-z]+",
    rf"    subgraph c[0-9]+\[{_WORDS}\]",
    r"    end",
    rf"    (?P<source>{_ID}) (?:-->|-\.->)(?:\|{_WORDS}\|)? (?P<target>{_ID})",
    r"    classDef [a-z]+ fill:#[0-9a-f]{6},stroke:#555,color:#000",
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
    assert mermaid(SMALL).split("    classDef")[0] == (
        "flowchart TD\n"
        '    start(["start"]):::entry\n'
        '    subgraph c0["start"]\n'
        '        s1{{"when office open"}}:::branch\n'
        '        s2("play #quot;Say #92;#quot;hi#92;#quot; #amp; go.#quot;"):::step\n'
        "    end\n"
        '    subgraph c1["sales"]\n'
        '        s3("connect both 20s"):::step\n'
        '        s4(["hang up"]):::over\n'
        "    end\n"
        "    start --> s1\n"
        '    s1 -->|"yes"| s3\n'
        '    s1 -->|"no"| s2\n'
        "    s2 --> s3\n"
        '    s3 -->|"not taken"| s4\n'
    )


@UNHURRIED
@given(machines())
def test_mermaid_of_any_machine_reads(machine: Machine) -> None:
    assert_reads(mermaid(machine), MERMAID_LINES, "subgraph ", "end")
    assert_reads(mermaid(machine, max(machine.flows)), MERMAID_LINES, "subgraph ", "end")


# --- Graphviz -------------------------------------------------------------------------------------------------------

_QUOTED = r'"(?:[^"\\\n]|\\["\\n])*"'
_VALUE = rf"(?:{_QUOTED}|[a-z]+|[A-Z][a-z]+|[0-9.]+)"
DOT_LINES = (
    r"digraph \{",
    rf"  rankdir=TB;(?: [a-z]+={_VALUE};)*",
    rf"  (?:node|edge) \[[a-z]+={_VALUE}(?:, [a-z]+={_VALUE})*\];",
    rf"  label={_QUOTED};",
    rf"  (?:  )?(?P<node>{_ID}) \[label={_QUOTED}(?:, [a-z]+={_VALUE})*\];",
    r"  subgraph cluster_[0-9]+ \{",
    rf"    label={_QUOTED};(?: [a-z]+={_VALUE};)*",
    rf"  (?P<source>{_ID}) -> (?P<target>{_ID})(?: \[(?:label={_QUOTED})?(?:, )?(?:style=dashed)?\])?;",
    r"(?:  )?\}",
)


def test_a_small_scheme_for_graphviz() -> None:
    lines = [line for line in dot(SMALL).splitlines() if "->" in line or "[label=" in line]
    assert [re.sub(r", shape=.*\]", "]", line) for line in lines] == [
        '  start [label="start"];',
        '    s1 [label="when office open"];',
        '    s2 [label="play \\"Say \\\\\\"hi\\\\\\" &amp; go.\\""];',
        '    s3 [label="connect both 20s"];',
        '    s4 [label="hang up"];',
        "  start -> s1;",
        '  s1 -> s3 [label=" yes "];',
        '  s1 -> s2 [label=" no "];',
        "  s2 -> s3;",
        '  s3 -> s4 [label=" not taken "];',
    ]


@UNHURRIED
@given(machines())
def test_dot_of_any_machine_reads(machine: Machine) -> None:
    text = dot(machine)
    assert_reads(text.removesuffix("}\n"), DOT_LINES, "subgraph ", "}")
    assert text.startswith("digraph {\n")
    assert text.endswith("\n}\n")


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("draw", [mermaid, dot])
def test_no_word_of_a_scheme_gets_out_of_its_quotes(draw: Callable[[Machine], str], text: str) -> None:
    state = Playing(START, said(f"{text} {text}"), 1)
    machine = attrs.evolve(SMALL, scheme=text, states=(state, HangingUp(START)), flows={"start": 0})
    lines = draw(machine).splitlines()
    plain = attrs.evolve(SMALL, scheme="x", states=(Playing(START, said("x"), 1), HangingUp(START)), flows={"start": 0})
    assert len(lines) - len(draw(plain).splitlines()) in (0, -1 if not text else 0)
