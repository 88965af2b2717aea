"""What is claimed of every call, in numbers; and that no call breaks it."""

from random import Random

import attrs
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from callflow.compile.pipeline import compile_text
from callflow.engine.effects import (
    Answer,
    Consult,
    Count,
    Dial,
    Effect,
    Enqueue,
    Fetch,
    JoinRoom,
    Play,
    RecordMessage,
    Seek,
    Transfer,
)
from callflow.engine.events import (
    AgentsFound,
    CallAnswered,
    CallOffered,
    DeadlinePassed,
    DigitPressed,
    Event,
    Fetched,
    GroupCounted,
    LegEnded,
    MessageRecorded,
    Outcome,
    PromptEnded,
    QueueEnd,
    QueueLeft,
    RoomEnd,
    RoomLeft,
    ScheduleReported,
    TransferEnded,
)
from callflow.engine.session import MenuKeys, MessageBeing, Queued, Ringing, Session
from callflow.engine.step import begin, next_deadline_ms, step
from callflow.machine.model import Machine
from callflow.prove.claims import Claims, claims
from callflow.prove.walks import longest
from tests.prove.test_prover import AGENTS, counting
from tests.strategies import schemes

GROUP = "group both anna, boris\n"


def claimed(text: str) -> Claims:
    compiled = compile_text(AGENTS + GROUP + text)
    assert compiled.lowered is not None, compiled.problems
    found = claims(compiled.lowered, compiled.problems)
    assert found is not None
    return found


# --- silence ---


@pytest.mark.parametrize(
    ("body", "ms"),
    [
        pytest.param('play "One."', 0, id="nothing but words"),
        pytest.param('play "One." wait 2s play "Two."', 2_000, id="a wait"),
        pytest.param("wait 2s set n = 1 wait 3s", 5_000, id="waits add up"),
        pytest.param('wait 2s play "One." wait 3s', 3_000, id="words end a silence"),
        pytest.param('wait 2s play "{caller.name}" wait 3s', 5_000, id="words that may be empty do not"),
        pytest.param("wait 2s connect anna for 9s wait 3s", 3_000, id="ringing is heard"),
        pytest.param('wait 2s transfer "tel:+4930999999" wait 3s', 35_000, id="a transfer may be refused late"),
        pytest.param("answer wait 2s voicemail anna max 1m wait 3s", 3_000, id="who speaks does not wait"),
        pytest.param('answer menu timeout 4s { play "?" press 1 hangup }', 4_000, id="a menu"),
        pytest.param('answer menu timeout 4s { play "?" press 1 wait 3s } hangup', 7_000, id="a key and a wait"),
        pytest.param('answer menu timeout 4s pause 1s { play "?" press 123 hangup }', 6_000, id="pauses between keys"),
        pytest.param('answer menu timeout 4s pause 1s { play "?" dial extension }', 6_000, id="digits of an extension"),
        pytest.param("answer menu tries 3 timeout 4s { press 1 hangup }", 12_000, id="a menu without words"),
        pytest.param('answer collect n digits 3 timeout 4s pause 1s { play "?" }', 6_000, id="digits asked for"),
        pytest.param('answer collect n digits 3 until "#" timeout 4s pause 1s { play "?" }', 7_000,
                     id="and the key that ends them"),
        pytest.param("answer menu tries 2 timeout 4s { press 1 hangup silence wait 1s }", 10_000, id="and its clause"),
        pytest.param('answer menu timeout 4s { play "?" press 1 hangup silence wait 9s }', 13_000, id="behind a pass"),
        pytest.param('answer menu timeout 4s { play "?" retry play "{caller.name}" press 1 hangup }', 12_000,
                     id="a second pass without words"),
        pytest.param("set n = 0 goto again } flow again { wait 2s set n = n + 1 when n < 3 goto again", 6_000,
                     id="rounds that are counted"),
        pytest.param("set n = 0 remember n = n + 1 goto a } flow a { wait 1s when n == 1 wait 2s", 3_000,
                     id="what is remembered is known as well"),
        pytest.param('wait 1s when digits == none goto hold } flow hold { wait 2s when digits == "1" goto hold', None,
                     id="rounds that are not"),
    ],
)  # fmt: skip
def test_the_longest_time_in_which_nothing_is_heard(body: str, ms: int | None) -> None:
    assert claimed(f"start {{ {body} }}").silence_ms == ms


def test_silence_is_told_with_the_place_where_it_begins() -> None:
    text = 'start {\n    play "One."\n    goto hold\n}\nflow hold {\n    set n = 1\n    wait 2s\n    wait 3s\n}'
    at = claimed(text).silence_at
    assert at is not None
    assert (at.flow, at.line - AGENTS.count("\n") - 1) == ("hold", 7)
    assert claimed('start { play "One." }').silence_at is None


# --- who does nothing ---


@pytest.mark.parametrize(
    ("body", "ms", "prompts"),
    [
        pytest.param('play "One."', 0, 1, id="only words"),
        pytest.param("wait 2s wait 3s", 5_000, 0, id="waits"),
        pytest.param('when digits == none wait 2s else { play "a" play "b" wait 3s }', 3_000, 2, id="the longer way"),
        pytest.param('answer menu tries 3 timeout 4s { play "a", "b" play "c" press 1 wait 1h }', 12_000, 6,
                     id="passes of a menu, and none of its keys"),
        pytest.param('answer menu tries 2 timeout 4s { play "a" press 1 hangup silence { wait 1s play "c" } }',
                     10_000, 4, id="what comes after each silent pass"),
        pytest.param('answer menu tries 3 silence 2 invalid timeout 4s { play "a" press 1 hangup }', 12_000, 3,
                     id="silences counted apart"),
        pytest.param("connect anna for 9s", 9_000, 0, id="a phone that rings"),
        pytest.param("connect anna", 20_000, 0, id="as long as a phone rings"),
        pytest.param("connect both ring in turn each 6s", 12_000, 0, id="phones one after another"),
        pytest.param("connect both for 7s ring in turn each 6s", 7_000, 0, id="but not longer than said"),
        pytest.param("connect both", 20_000, 0, id="phones at once"),
        pytest.param("connect anna for 9s { busy wait 30s }", 39_000, 0, id="the worst outcome"),
        pytest.param("answer voicemail anna max 1m", 60_000, 1, id="a message as long as may be"),
        pytest.param("set n = 1 goto again } flow again { connect anna for 9s set n = n + 1 when n <= 3 goto again",
                     27_000, 0, id="rounds that are counted"),
        pytest.param("wait 3h", None, 0, id="longer than any call"),
        pytest.param('play "One." goto again } flow again { play "Two." when digits == "1" goto again', None, 0,
                     id="rounds that are not counted, though all of it is words"),
    ],
)  # fmt: skip
def test_how_long_somebody_stays_who_does_nothing(body: str, ms: int | None, prompts: int) -> None:
    found = claimed(f"start {{ {body} }}")
    assert (found.alone_ms, found.alone_prompts) == (ms, prompts)


def test_the_number_that_was_called_may_be_the_worst_case() -> None:
    assert claimed('number "+4930123456" goto late start { wait 1s } flow late { wait 5s }').alone_ms == 5_000


# --- overflow ---


@pytest.mark.parametrize(
    ("text", "tries"),
    [
        ('start { play "One." }', ()),
        ("start { connect anna for 5s connect both for 6s }", ("connect anna 5s", "connect both 6s")),
        ("start { connect anna { busy { connect boris connect both } failed connect both } }",
         ("connect anna", "connect boris", "connect both")),
        ('start { answer menu { play "?" press 1 goto one press 2 hangup } } flow one { connect boris connect both }',
         ("connect boris", "connect both")),
        ("start { connect anna { press 1 { connect boris connect both } } }", ("connect boris", "connect both")),
        ("start { set n = 1 goto again } flow again { connect both for 5s set n = n + 1 when n <= 3 goto again }",
         ("connect both 5s",) * 3),
        ('start { connect anna play "Wait." goto start }', None),
    ],
)  # fmt: skip
def test_the_most_tries_that_fail_one_after_another(text: str, tries: tuple[str, ...] | None) -> None:
    assert claimed(text).overflow == tries


# --- ends, flows, numbers ---


def test_problems_say_what_is_not_proven() -> None:
    found = claimed('start { play "Hold." goto start }')
    assert [code.id for code in found.against] == ["CF403"]
    assert (found.alone_ms, found.silence_ms) == (None, 0)
    assert claimed("start { hangup }").against == ()


def test_flows_that_no_call_gets_to_are_named() -> None:
    found = claimed(
        'start { hangup } flow a { play "a" goto b } flow b { play "b" } flow c { goto start }'
        ' number "+4930123456" goto d flow d { hangup goto e } flow e { play "e" }'
    )
    assert found.unreached == ("a", "b", "e")


def test_what_handles_the_end_of_a_call_needs_nobody_to_lead_to_it() -> None:
    assert claimed('start { answer hangup } on hangup { tag "over" } on limit { play "Sorry." }').unreached == ()


def test_numbers_are_told_with_the_flow_they_lead_to() -> None:
    found = claimed(
        'number "+49301234501" goto start number "+49301234502" goto b number "+49301234503" goto c'
        " start { hangup } flow b { goto c } flow c { hangup }"
    )
    assert found.numbers == {"+49301234501": "start", "+49301234502": "c", "+49301234503": "c"}


def test_a_machine_that_is_too_large_is_not_looked_at() -> None:
    compiled = compile_text(f"start {{ {'wait 1s ' * 501} }}")
    assert compiled.lowered is not None
    assert claims(compiled.lowered, compiled.problems) is None


def test_a_name_that_means_nothing_leaves_nothing_to_prove() -> None:
    assert compile_text("start { goto nowhere }").lowered is None
    assert compile_text("start { goto }").lowered is None


def test_many_counters_are_not_followed_but_come_to_an_end() -> None:
    rounds = "".join(
        f"flow f{n} {{ wait 1s when caller.name == none set c{n} = c{n} + 1 when c{n} < 40 goto f{n} goto f{n + 1} }}\n"
        for n in range(4)
    )
    both = " ".join(f"when digits == none set c{n} = {m}" for n in range(4) for m in range(9))
    found = claimed(
        f"start {{ {' '.join(f'set c{n} = 0' for n in range(4))} {both} goto f0 }} {rounds} flow f4 {{ hangup }}"
    )
    assert found.alone_ms is None


# --- longest ways ---


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(0, 3), min_size=7, max_size=7),
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12),
)
def test_the_longest_way_is_the_heaviest_there_is(weights: list[int], pairs: list[tuple[int, int]]) -> None:
    def edges(node: int) -> list[int]:
        return [to for frm, to in pairs if frm == node]

    def heaviest(node: int, path: tuple[int, ...]) -> int | None:
        if node in path:
            return None if any(weights[one] for one in path[path.index(node) :]) else 0
        ways = [heaviest(to, (*path, node)) for to in edges(node)]
        return None if None in ways else weights[node] + max((way for way in ways if way is not None), default=0)

    found = longest(7, edges, lambda node: weights[node])
    assert list(found.weights) == [heaviest(node, ()) for node in range(7)]
    for node, weight in enumerate(found.weights):
        if weight is not None:
            assert sum(weights[one] for one in found.way(node)) <= weight


# --- no call breaks it ---


class _Caller:
    """Somebody who calls, presses keys or does nothing, and is answered by nobody. Words are spoken at once."""

    def __init__(self, machine: Machine, random: Random, *, keys: bool) -> None:
        self._machine = machine
        self._random = random
        self._keys = keys
        self._waiting: list[Effect] = []
        self._heard_ms = 0
        self.silence_ms = 0

    def call(self) -> int:
        """Make the call; return how long it took."""
        done = begin(self._machine, CallOffered(0, "+49301", self._random.choice(["+49302", *self._machine.numbers])))
        for _ in range(400):
            self._hear(done.session, done.effects)
            if done.session.disposition is not None:
                break
            event = self._event(done.session)
            due = next_deadline_ms(done.session)
            if due is not None and due < event.at_ms:  # what is due comes first, as with every driver
                done = step(self._machine, done.session, DeadlinePassed(due))
                self._hear(done.session, done.effects)
                event = attrs.evolve(event, at_ms=due)  # a message ends when the call goes on without it
            done = step(self._machine, done.session, event)
        return done.session.at_ms

    def _hear(self, session: Session, effects: tuple[Effect, ...]) -> None:
        self._waiting.extend(effects)
        heard = any(isinstance(effect, Play) for effect in effects)
        if heard or session.disposition is not None or isinstance(session.activity, Ringing | Queued | MessageBeing):
            self.silence_ms = max(self.silence_ms, session.at_ms - self._heard_ms)
            self._heard_ms = session.at_ms

    def _event(self, session: Session) -> Event:
        while self._waiting:
            event = self._outcome(self._waiting.pop(0), session.at_ms)
            if event is not None:
                return event
        due = next_deadline_ms(session)
        assert due is not None
        if isinstance(session.activity, Ringing | Queued):
            self._heard_ms = due
        presses = isinstance(session.activity, MenuKeys) or (
            isinstance(session.activity, Ringing | Queued) and due > session.at_ms
        )
        if self._keys and presses and self._random.random() < 0.6:
            return DigitPressed(max(session.at_ms, due - 1), self._random.choice("1201*#"))
        return DeadlinePassed(due)

    def _outcome(self, effect: Effect, at_ms: int) -> Event | None:
        match effect:
            case Play(ticket=ticket, loop=False):
                return PromptEnded(at_ms, ticket)
            case Answer(ticket=ticket):
                return CallAnswered(at_ms, ticket)
            case Dial(ticket=ticket) if self._random.random() < 0.4:
                return LegEnded(
                    at_ms, ticket, self._random.choice([Outcome.BUSY, Outcome.UNREACHABLE, Outcome.REJECTED])
                )
            case RecordMessage(ticket=ticket, max_ms=max_ms):
                self._heard_ms = at_ms + max_ms
                return MessageRecorded(at_ms + max_ms, ticket, "", 0)
            case Consult(ticket=ticket):
                return ScheduleReported(at_ms, ticket, self._random.random() < 0.5)
            case JoinRoom(ticket=ticket):
                return RoomLeft(at_ms, ticket, RoomEnd.FULL)
            case Transfer(ticket=ticket):
                return TransferEnded(at_ms, ticket, taken=False)
            case Enqueue(ticket=ticket) if self._random.random() < 0.4:
                return QueueLeft(at_ms, ticket, self._random.choice([QueueEnd.FULL, QueueEnd.EMPTY]))
            case Fetch(ticket=ticket, timeout_ms=timeout_ms):
                late_ms = self._random.choice([0, timeout_ms])
                return Fetched(at_ms + late_ms, ticket, {"tier": "gold"}, self._random.choice(["", "503"]))
            case Seek(ticket=ticket, group=group):
                members = self._machine.groups[group].members if group in self._machine.groups else ()
                return AgentsFound(at_ms, ticket, self._random.choice([(), members[:1], members]))
            case Count(ticket=ticket):
                return GroupCounted(at_ms, ticket, self._random.randrange(2), 0, 0)
            case _:
                return None


LAWFUL = settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
MENUS = f"""{AGENTS}start {{ answer wait 1s menu tries 2 {{ press 12 goto start press 1 {{ wait 2s again }}
    silence wait 3s invalid {{ wait 4s menu timeout 6s {{ play "?" press 1 hangup }} }} }} }}"""


@LAWFUL
@given(st.one_of(schemes(), counting()), st.randoms(use_true_random=False))
@example(MENUS, Random(1))
def test_nobody_who_does_nothing_stays_longer_than_claimed(text: str, random: Random) -> None:
    machine, found = proven(text)
    for _ in range(5):
        ms = _Caller(machine, random, keys=False).call()
        assert found.alone_ms is None or ms <= found.alone_ms


@LAWFUL
@given(st.one_of(schemes(), counting()), st.randoms(use_true_random=False))
@example(MENUS, Random(1))
def test_nobody_hears_nothing_for_longer_than_claimed(text: str, random: Random) -> None:
    machine, found = proven(text)
    for _ in range(5):
        caller = _Caller(machine, random, keys=True)
        caller.call()
        assert found.silence_ms is None or caller.silence_ms <= found.silence_ms


def proven(text: str) -> tuple[Machine, Claims]:
    compiled = compile_text(text)
    assume(compiled.machine is not None)
    assert compiled.machine is not None
    assert compiled.lowered is not None
    found = claims(compiled.lowered, compiled.problems)
    assert found is not None
    return compiled.machine, found
