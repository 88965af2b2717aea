"""What is proven of the ways a call can take, and of nothing else: wrong schemes are told, right ones are not."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from callflow.compile.mend import edited
from callflow.compile.pipeline import compile_text
from callflow.diagnostic import Diagnostic
from callflow.engine.effects import (
    Answer,
    Consult,
    Dial,
    Effect,
    Fetch,
    HangUp,
    HangUpReason,
    JoinRoom,
    Play,
    RecordMessage,
    Transfer,
)
from callflow.engine.events import (
    CallAnswered,
    CallOffered,
    DeadlinePassed,
    Event,
    Fetched,
    LegEnded,
    MessageRecorded,
    Outcome,
    PromptEnded,
    RoomEnd,
    RoomLeft,
    ScheduleReported,
    TransferEnded,
)
from callflow.engine.session import Session
from callflow.engine.step import begin, next_deadline_ms, step
from callflow.machine.model import Machine
from callflow.prove import graphs
from tests.strategies import schemes

AGENTS = """
agent anna "sip:anna@pbx.example" extension 101
agent boris "sip:boris@pbx.example"
"""
MENU = 'menu { play "Press 1." press 1 connect anna }'


def problems(text: str) -> list[Diagnostic]:
    return compile_text(AGENTS + text).problems


def told(text: str) -> list[str]:
    return [problem.code.id for problem in problems(text)]


def only(text: str) -> Diagnostic:
    """Return the one problem of a scheme."""
    (problem,) = problems(text)
    return problem


def line(text: str, problem: Diagnostic) -> str:
    """Return the words of the line a problem points at."""
    return (AGENTS + text)[problem.span.start : problem.span.end]


# --- answered or not ---


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param(f"start {{ {MENU} }}", ["CF401"], id="a menu in a call that only rings"),
        pytest.param(f"start {{ answer {MENU} }}", [], id="a menu behind answer"),
        pytest.param("start { voicemail anna }", ["CF401"], id="a message in a call that only rings"),
        pytest.param("start { record call connect anna }", ["CF401"], id="a recording of a call that only rings"),
        pytest.param("start { connect anna { answered voicemail anna } }", [], id="a message behind a conversation"),
        pytest.param("start { connect anna { busy voicemail anna } }", ["CF401"], id="a message where anna was busy"),
        pytest.param(
            "start { when digits == none answer voicemail anna }", ["CF401"], id="answered on one way of two only"
        ),
        pytest.param("start { when digits == none answer else answer voicemail anna }", [], id="answered on both ways"),
        pytest.param(
            f'number "+4930123456" goto ask start {{ answer goto ask }} flow ask {{ {MENU} }}',
            ["CF401"],
            id="a menu reached through two flows of which one did not answer",
        ),
        pytest.param(
            f"start {{ when digits == none goto a goto b }} flow a {{ answer goto ask }} flow b {{ goto ask }}"
            f" flow ask {{ {MENU} }}",
            ["CF401"],
            id="a menu behind two flows, of which one answers",
        ),
        pytest.param(f"start {{ {MENU} voicemail anna }}", ["CF401"], id="a menu, and a message behind it: told once"),
        pytest.param('start { play "Hello." wait 1s reject busy }', [], id="words before a call is rejected"),
        pytest.param("start { answer reject busy }", ["CF408"], id="rejected behind answer"),
        pytest.param("start { when digits == none answer reject busy }", [], id="rejected where it may still ring"),
        pytest.param("start { connect anna { answered reject busy } }", ["CF408"], id="rejected after a conversation"),
    ],
)
def test_what_needs_an_answered_call_has_one_on_every_way(text: str, codes: list[str]) -> None:
    assert told(text) == codes


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("start {\n    voicemail anna\n}", "start {\n    answer\n    voicemail anna\n}"),
        ("start { when digits == none voicemail anna }", "start { when digits == none { answer voicemail anna } }"),
        (
            "start {\n    connect anna {\n        busy\n            voicemail anna\n    }\n}",
            "start {\n    connect anna {\n        busy\n            { answer voicemail anna }\n    }\n}",
        ),
    ],
)
def test_the_fix_answers_where_the_call_needs_it_and_nowhere_else(text: str, fixed: str) -> None:
    whole = edited(AGENTS + text, only(text).fixes)
    assert whole == AGENTS + fixed
    assert compile_text(whole).problems == []


# --- loops ---


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        pytest.param("goto round", ["CF402"], id="nothing at all"),
        pytest.param("when digits == none set n = 1 goto round", ["CF402"], id="a question and a name"),
        pytest.param("connect anna goto round", ["CF402"], id="a phone that may be off"),
        pytest.param("connect anna { answered goto round } hangup", ["CF402"], id="a conversation"),
        pytest.param("set n = n + 1 when n > 3 connect anna goto round", ["CF402"], id="a count that lets nobody out"),
        pytest.param("wait 1s goto round", ["CF403"], id="time, and no way out"),
        pytest.param('play "Hold." goto round', ["CF403"], id="words, and no way out"),
        pytest.param("voicemail anna goto round", ["CF403"], id="messages, and no way out"),
        pytest.param("wait 1s connect anna goto round", ["CF406"], id="time, and a phone that somebody may answer"),
        pytest.param("wait 1s when digits == none goto round", ["CF406"], id="time, and a question"),
        pytest.param(f"{MENU} goto round", ["CF406"], id="a menu that may be left by silence"),
        pytest.param("menu { press 1 hangup otherwise goto round }", ["CF406"], id="a menu whose otherwise leads back"),
        pytest.param(
            "menu { press 1 goto round otherwise hangup }", [], id="a menu whose key leads back: somebody is there"
        ),
        pytest.param(
            "menu { press 1 wait 1s silence wait 1s otherwise hangup } goto round", [], id="a menu with its tries"
        ),
        pytest.param("menu { silence goto round press 1 hangup } hangup", ["CF406"], id="a silence that leads back"),
        pytest.param("menu { invalid goto round press 1 hangup } hangup", [], id="a wrong key that leads back"),
        pytest.param("connect anna { press 1 goto round } hangup", ["CF402"], id="a key while it rings"),
        pytest.param("wait 1s connect anna { press 1 goto round } hangup", [], id="time, and a key while it rings"),
        pytest.param("wait 1s connect anna { busy goto round } hangup", ["CF406"], id="time, and somebody who is busy"),
        pytest.param("wait 1s connect anna { answered goto round } hangup", [], id="time, and a conversation"),
        pytest.param("again_and_again", ["CF102"], id="no statement"),
    ],
)
def test_a_loop_takes_time_and_has_an_end_for_everybody(body: str, codes: list[str]) -> None:
    assert told(f"start {{ answer set n = 0 goto round }} flow round {{ {body} }}") == codes


def test_a_loop_through_flows_is_told_with_their_names() -> None:
    text = "start { answer goto a } flow a { connect anna goto b } flow b { connect boris goto a }"
    assert only(text).message == "this leads back to itself through `a` and `b` without waiting"


def test_flows_that_only_lead_to_each_other_are_told_once() -> None:
    text = "start { goto a } flow a { goto b } flow b { goto c } flow c { goto a }"
    assert told(text) == ["CF402"]


def test_what_only_leads_into_a_place_without_end_is_not_told_beside_it() -> None:
    text = (
        'start { answer goto a } flow a { wait 1s when digits == none goto a goto b } flow b { play "On hold." goto b }'
    )
    found = problems(text)
    assert [(problem.code.id, line(text, problem)) for problem in found] == [
        ("CF406", "wait 1s"),
        ("CF403", 'play "On hold."'),
    ]


# --- loops that count ---

COUNTED = "start { answer set n = 0 goto round }"


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        pytest.param("connect anna set n = n + 1 when n < 3 goto round", [], id="n < 3, then round again"),
        pytest.param("connect anna set n = n + 1 when n >= 3 hangup goto round", [], id="n >= 3, then out"),
        pytest.param("connect anna set n = n + 1 when 3 > n goto round", [], id="the other way round"),
        pytest.param("connect anna set n = 2 + n when not n > 3 goto round", [], id="by two, and not"),
        pytest.param(
            "connect anna set n = n + 1 when n < 3 and digits == none goto round", [], id="with something else"
        ),
        pytest.param("wait 1s set n = n + 1 when n > 3 or digits != none hangup goto round", [], id="one or the other"),
        pytest.param("wait 1s set n = n + 1 when n < 3 or digits == none goto round", ["CF406"], id="or: no bound"),
        pytest.param("wait 1s set n = n + 1 when n > 3 and digits == none hangup goto round", ["CF406"], id="and out"),
        pytest.param("wait 1s when n < 3 goto round", ["CF406"], id="asked, never counted"),
        pytest.param("wait 1s set n = n + 1 goto round", ["CF403"], id="counted, never asked"),
        pytest.param("wait 1s set n = n - 1 when n < 3 goto round", ["CF406"], id="counted the wrong way"),
        pytest.param("wait 1s set n = n + 1 when n > 3 goto round", ["CF406"], id="asked the wrong way"),
        pytest.param("wait 1s set n = n * 2 when n < 3 goto round", ["CF406"], id="doubled: nought stays nought"),
        pytest.param("wait 1s set n = n + 1 when n != 3 goto round", ["CF406"], id="not three: may be passed"),
        pytest.param("wait 1s set n = n + 1 when n < 3 goto round set n = 0 goto round", ["CF403"], id="set back"),
        pytest.param("wait 1s set n = n + 1 when n < 5000 goto round", ["CF406"], id="too far to be a bound"),
        pytest.param(
            "wait 1s when digits == none set n = n + 1 when n < 3 goto round", ["CF406"], id="counted on one way only"
        ),
        pytest.param(
            "connect anna set n = n + 1 when n < 3 { when digits == none goto round else goto round }",
            [],
            id="two ways back",
        ),
        pytest.param(f"{MENU} set n = n + 1 when n < 3 goto round", [], id="a menu three times"),
    ],
)
def test_a_loop_that_counts_its_rounds_ends(body: str, codes: list[str]) -> None:
    assert told(f"{COUNTED} flow round {{ {body} }}") == codes


def test_a_loop_in_a_loop_may_count_both() -> None:
    text = (
        "start { answer set n = 0 goto outer }"
        " flow outer { set n = n + 1 when n > 3 hangup set m = 0 goto inner }"
        " flow inner { connect anna set m = m + 1 when m < 3 goto inner goto outer }"
    )
    assert told(text) == []
    assert told(text.replace("set n = n + 1 ", "")) == ["CF402"]


def test_hundreds_of_counters_in_one_loop_are_told_and_not_followed() -> None:
    names = [f"n{number}" for number in range(120)]
    zeros = " ".join(f"set {name} = 0" for name in names)
    counts = " ".join(f"set {name} = {name} + 1 when {name} < 3 goto on" for name in names)
    assert told(f"start {{ answer {zeros} goto on }} flow on {{ {counts} goto on }}") == ["CF402"]


def test_a_count_that_begins_as_something_else_is_no_count() -> None:
    text = (
        "start { answer set n = 0 when digits != none set n = none goto on }"
        " flow on { wait 1s set n = n + 1 when n > 3 hangup goto on }"
    )
    assert told(text) == ["CF406"]


# --- names ---


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param('start { set x = "a" play "{x}" }', [], id="set before"),
        pytest.param('start { play "{x}" set x = "a" }', ["CF407"], id="set behind"),
        pytest.param('start { when digits == none set x = "a" play "{x}" }', ["CF407"], id="set on one branch only"),
        pytest.param(
            'start { when digits == none set x = "a" else set x = "b" play "{x}" }', [], id="set on both branches"
        ),
        pytest.param(
            'start { when digits == none { set x = "a" goto on } goto on } flow on { play "{x}" }',
            ["CF407"],
            id="set in one of two flows",
        ),
        pytest.param(
            'start { when digits == none hangup else set x = "a" play "{x}" }', [], id="the other branch hangs up"
        ),
        pytest.param(
            'number "+4930123456" goto on start { set x = "a" goto on } flow on { play "{x}" }',
            ["CF407"],
            id="another number enters behind it",
        ),
        pytest.param(
            'start { answer menu { play "{x}" press 1 again silence { set x = "a" play "{x}" } } hangup }',
            ["CF407"],
            id="read by a menu and set by its silence",
        ),
        pytest.param(
            'start { answer set x = "a" menu { play "{x}" press 1 again silence play "{x}" } hangup }',
            [],
            id="set before a menu that reads it",
        ),
        pytest.param(
            'start { connect anna { answered set x = "a" } play "{x}" }', ["CF407"], id="set after a conversation only"
        ),
        pytest.param("start { when x == none hangup set x = 1 }", ["CF407"], id="asked before it is set"),
        pytest.param('start { connect "sip:{x}@pbx.example" set x = 1 }', ["CF407"], id="in an address"),
        pytest.param('flow unused { play "{x}" } start { set x = 1 }', ["CF404"], id="read where nobody gets to"),
        pytest.param("start { answer connect extension }", ["CF407"], id="an extension that nobody dialled"),
        pytest.param("start { answer voicemail extension }", ["CF407"], id="a message for nobody"),
        pytest.param("start { answer menu { dial extension } }", [], id="an extension that was dialled"),
        pytest.param("start { answer menu { dial extension { voicemail extension } } }", [], id="and left a message"),
        pytest.param(
            "start { answer menu { dial extension goto on otherwise goto on } } flow on { connect extension }".replace(
                "extension goto", "extension { goto on } press 9 goto", 1
            ),
            ["CF407"],
            id="an extension that was dialled on one way only",
        ),
        pytest.param(
            "start { answer menu { dial extension { goto on } otherwise hangup } } flow on { connect extension }",
            [],
            id="an extension that was dialled before",
        ),
    ],
)
def test_a_name_is_set_on_every_way_to_where_it_is_read(text: str, codes: list[str]) -> None:
    assert told(text) == codes


# --- what nobody gets to ---


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param("start { hangup } flow a { hangup }", ["CF404"], id="a flow without a way to it"),
        pytest.param('number "+4930123456" goto a start { hangup } flow a { hangup }', [], id="a flow with a number"),
        pytest.param("start { goto b } flow a { goto b } flow b { hangup }", ["CF404"], id="a flow that only leads on"),
        pytest.param("start { hangup goto a } flow a { hangup }", ["CF405"], id="a goto that nobody gets to"),
        pytest.param("start { goto start }", ["CF402"], id="start itself"),
        pytest.param("start { hangup wait 1s wait 2s }", ["CF405"], id="two statements: told once"),
        pytest.param("start { when digits == none hangup else reject busy wait 1s }", ["CF405"], id="behind two ends"),
        pytest.param("start { when digits == none hangup wait 1s }", [], id="behind an end on one way"),
        pytest.param("start { connect anna wait 1s }", [], id="behind a call that nobody took"),
        pytest.param(
            "start { connect anna { failed hangup } wait 1s }", ["CF405"], id="behind a call, failing handled"
        ),
        pytest.param("start { connect anna { failed hangup answered wait 1s } wait 1s }", [], id="answered goes on"),
        pytest.param("start { connect anna { failed hangup press 1 wait 1s } wait 1s }", [], id="a key goes on"),
        pytest.param(
            "start { connect anna { busy hangup no answer hangup rejected hangup failed wait 1s } }",
            [],
            id="failing but for three ways",
        ),
        pytest.param(
            "start { connect anna { busy hangup no answer hangup rejected hangup unreachable hangup "
            "on another call hangup away hangup failed wait 1s } }",
            ["CF405"],
            id="failing where every way is named",
        ),
        pytest.param("start { answer menu { press 1 hangup } wait 1s }", [], id="behind a menu that is given up"),
        pytest.param(
            "start { answer menu { press 1 hangup otherwise hangup } wait 1s }", ["CF405"], id="nobody is left"
        ),
        pytest.param("start { answer menu { dial extension otherwise hangup } wait 1s }", [], id="behind an extension"),
    ],
)
def test_what_nobody_gets_to_is_told(text: str, codes: list[str]) -> None:
    assert told(text) == codes


# --- graphs ---


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 8).flatmap(lambda n: st.lists(st.tuples(st.integers(0, n), st.integers(0, n)), max_size=20)))
def test_circles_are_the_sets_that_lead_to_each_other(pairs: list[tuple[int, int]]) -> None:
    nodes = range(9)

    def edges(node: int) -> list[int]:
        return [to for frm, to in pairs if frm == node]

    around = {node: graphs.reachable(edges(node), edges) for node in nodes}
    expected = {frozenset(b for b in nodes if b in around[a] and a in around[b]) for a in nodes if a in around[a]}
    found = [frozenset(circle) for circle in graphs.circles(nodes, edges)]
    assert set(found) == expected
    assert len(found) == len(expected)


# --- what was proven holds ---


def _react(effect: Effect, session: Session, outcome: Outcome, *, is_open: bool) -> Event | None:
    """Return what comes of an effect while the caller does nothing and nobody answers."""
    match effect:
        case Play(ticket=ticket, loop=False):
            return PromptEnded(session.at_ms + 1_000, ticket)
        case Answer(ticket=ticket):
            return CallAnswered(session.at_ms, ticket)
        case Dial(ticket=ticket):
            return LegEnded(session.at_ms, ticket, outcome)
        case RecordMessage(ticket=ticket):
            return MessageRecorded(session.at_ms, ticket, "", 0)
        case Consult(ticket=ticket):
            return ScheduleReported(session.at_ms, ticket, is_open)
        case JoinRoom(ticket=ticket):
            return RoomLeft(session.at_ms, ticket, RoomEnd.FULL)
        case Transfer(ticket=ticket):
            return TransferEnded(session.at_ms, ticket, taken=False)
        case Fetch(ticket=ticket):
            return Fetched(session.at_ms, ticket, trouble="" if is_open else "503")
        case _:
            return None


def _silent_call(machine: Machine, outcome: Outcome, *, is_open: bool) -> list[Effect]:
    """Return everything that is ordered in a call in which nobody does anything."""
    done = begin(machine, CallOffered(0, "+49301", "+49302"))
    ordered = list(done.effects)
    waiting = list(done.effects)
    session = done.session
    for _ in range(2_000):
        if session.ended:
            return ordered
        event: Event | None = None
        while waiting and event is None:
            event = _react(waiting.pop(0), session, outcome, is_open=is_open)
        due = next_deadline_ms(session)
        assert due is not None
        done = step(machine, session, event or DeadlinePassed(due))
        session = done.session
        ordered.extend(done.effects)
        waiting.extend(done.effects)
    raise AssertionError("the call goes on and on")


_COUNTERS = st.sampled_from(["n", "m"])
_WAYS = st.sampled_from(["goto a", "goto b", "goto c", "hangup"])
_COUNTS = st.one_of(
    st.builds("set {} = {} + {}".format, _COUNTERS, _COUNTERS, st.integers(0, 2)),
    st.builds("set {} = {}".format, _COUNTERS, st.sampled_from(["0", "2", "none"])),
    st.builds(
        "when {} {} {} {}".format,
        _COUNTERS,
        st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
        st.integers(0, 3),
        _WAYS,
    ),
    st.sampled_from(["wait 1s", "connect anna"]),
)


@st.composite
def counting(draw: st.DrawFn) -> str:
    """Texts of schemes that count, compare and go round."""
    flows = [" ".join([*draw(st.lists(_COUNTS, max_size=4)), draw(_WAYS)]) for _ in "abc"]
    bodies = " ".join(f"flow {name} {{ {body} }}" for name, body in zip("abc", flows, strict=True))
    return f"{AGENTS} start {{ answer set n = 0 set m = 1 goto a }} {bodies}"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(
    text=st.one_of(schemes(), counting()),
    outcome=st.sampled_from([Outcome.UNREACHABLE, Outcome.NO_ANSWER, Outcome.BUSY]),
    is_open=st.booleans(),
)
def test_a_silent_caller_comes_to_an_end_where_nothing_is_told_of_loops(
    text: str,
    outcome: Outcome,
    is_open: bool,  # noqa: FBT001
) -> None:
    compiled = compile_text(text)
    assume(compiled.machine is not None)
    assert compiled.machine is not None
    assume(all(problem.code.id != "CF406" for problem in compiled.problems))
    ordered = _silent_call(compiled.machine, outcome, is_open=is_open)
    assert not any(isinstance(effect, HangUp) and effect.reason is HangUpReason.LIMIT for effect in ordered)


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ('start { play "{x}" set x = 1 }', []),
        ('start { when caller.hidden set x = 1 play "{x}" }', ["one such way: not caller.hidden"]),
        ('number "+4930111" goto a start { set x = 1 goto a } flow a { play "{x}" }', ["one such way: call +4930111"]),
        (
            ("start { answer menu { press 1 { set x = 1 goto a } press 2 goto b press 3 { wait 1s goto a } "
            "otherwise hangup } }"
            ' flow a { play "{x}" } flow b { connect anna { busy goto a } }'),
            ["one such way: press 3"],
        ),
        (
            ("start { answer menu { press 1 { set x = 1 goto a } press 2 goto b otherwise hangup } }"
            ' flow a { play "{x}" } flow b { connect anna { busy goto a } hangup }'),
            ["one such way: press 2, busy at anna"],
        ),
        ("start { answer menu { press 1 goto a otherwise goto a } } flow a { connect extension }",
         ["one such way: choose nothing"]),
    ],
)  # fmt: skip
def test_a_name_that_may_not_be_set_is_told_with_a_way_on_which_it_is_not(text: str, notes: list[str]) -> None:
    compiled = compile_text(AGENTS + text)
    (problem,) = (one for one in compiled.problems if one.code.id == "CF407")
    assert list(problem.notes[:-1]) == notes


def test_many_names_that_may_not_be_set_are_not_all_told_with_a_way() -> None:
    names = [f"x{n}" for n in range(12)]
    given, read = " ".join(f"set {name} = 1" for name in names), "".join(f"{{{name}}}" for name in names)
    problems = compile_text(f'start {{ when caller.hidden {{ {given} }} play "{read}" }}').problems
    assert [len(one.notes) for one in problems if one.code.id == "CF407"] == [2] * 8 + [1] * 4
