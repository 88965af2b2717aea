"""What a call may use, at the boundary: the last that is granted, the first that is not, and the way out."""

import attrs
import pytest

from callflow.engine.effects import (
    Dial,
    Effect,
    Fetch,
    HangUp,
    HangUpReason,
    Leave,
    Notify,
    Play,
    RecordMessage,
    StopRecording,
    Transfer,
)
from callflow.engine.events import (
    AgentOffered,
    Fetched,
    LegAnswered,
    LegEnded,
    MessageRecorded,
    Outcome,
    PromptEnded,
    TransferEnded,
)
from callflow.engine.session import Disposition
from callflow.limits import (
    ALONE_MS_MAX,
    FETCHES_MAX,
    GRACE_MS_MAX,
    GRACE_STEPS_MAX,
    HANGUP_HANDLER_MS_MAX,
    LEGS_MAX,
    NAMES_CHARS_MAX,
    NOTICES_MAX,
    QUEUED_MS_MAX,
    STEPS_MAX,
    STEPS_WITHOUT_WAIT_MAX,
    TAGS_MAX,
    TEXT_CHARS_MAX,
    TRANSFERS_MAX,
)
from callflow.machine.model import Const, Machine, Name, Setting, State, Tagging, Waiting, Where
from tests.engine.world import AGENTS, Hand, machine_of

HERE = Where("start", 1)
ON_LIMIT = 'on limit { play "That was too much." }\n'
SAID = "That was too much."


def with_states(*states: State) -> Machine:
    """Return a machine that no checker would let pass, with an `on limit` that says something."""
    machine = machine_of(ON_LIMIT + "start { answer }")
    given = len(states)
    behind = [attrs.evolve(state, next=state.next + given) if hasattr(state, "next") else state
              for state in machine.states]  # fmt: skip
    handlers = {name: number + given for name, number in machine.handlers.items()}
    return attrs.evolve(machine, states=(*states, *behind), start=0, flows={}, handlers=handlers)


def said(hand: Hand) -> list[str]:
    return [one.items[0].text for one in hand.all if isinstance(one, Play)]


def of(kind: type[Effect], hand: Hand) -> int:
    return sum(isinstance(one, kind) for one in hand.all)


# --- steps, and what is kept ---


@pytest.mark.parametrize(("settings", "limited"), [(-2, False), (-1, False), (0, True)])
def test_steps_without_waiting(settings: int, limited: bool) -> None:  # noqa: FBT001
    count = STEPS_WITHOUT_WAIT_MAX + settings
    steps = [Setting(HERE, "n", Const(number), number + 1) for number in range(count)]
    hand = Hand(with_states(*steps, Waiting(HERE, 1_000, count)))
    assert (said(hand) == [SAID]) is limited
    assert hand.session.names["n"] == count - 1


@pytest.mark.parametrize(("steps", "limited"), [(STEPS_MAX - 1, False), (STEPS_MAX, False), (STEPS_MAX + 1, True)])
def test_steps_of_a_call(steps: int, limited: bool) -> None:  # noqa: FBT001
    hand = Hand(with_states(Waiting(HERE, 100, 0)))
    for _ in range(steps - 1):
        hand.wake()
    assert (said(hand) == [SAID]) is limited


@pytest.mark.parametrize(("more", "limited"), [(-1, False), (0, False), (1, True)])
def test_what_is_kept_under_names(more: int, limited: bool) -> None:  # noqa: FBT001
    empty = Hand(with_states(Waiting(HERE, 100, 0)))
    taken = sum(len(name) + len(one) for name, one in empty.session.names.items() if isinstance(one, str))
    left, names = NAMES_CHARS_MAX - taken + more, []
    while left > 0:
        size = min(left, TEXT_CHARS_MAX + 2)
        size -= 0 < left - size < 3  # the last one has a name and a value, too
        names.append((f"{len(names):02}", "x" * (size - 2)))
        left -= size
    steps = [Setting(HERE, name, Const(text), number + 1) for number, (name, text) in enumerate(names)]
    hand = Hand(with_states(*steps, Waiting(HERE, 1_000, 0)))
    assert (said(hand) == [SAID]) is limited


def test_an_expression_is_cut_where_it_is_too_long() -> None:
    hand = Hand(with_states(Setting(HERE, "a", Const("x" * 5_000), 1), Setting(HERE, "b", Name("a"), 2),
                               Waiting(HERE, 1_000, 0)))  # fmt: skip
    assert len(str(hand.session.names["b"])) == TEXT_CHARS_MAX


@pytest.mark.parametrize(
    ("tags", "kept"), [(TAGS_MAX - 1, TAGS_MAX - 1), (TAGS_MAX, TAGS_MAX), (TAGS_MAX + 1, TAGS_MAX)]
)
def test_tags(tags: int, kept: int) -> None:
    steps = [Tagging(HERE, Const(f"t{number}"), number + 1) for number in range(tags)]
    hand = Hand(with_states(*steps, Waiting(HERE, 1_000, 0)))
    assert len(str(hand.session.names["call.tags"]).split(", ")) == kept
    assert said(hand) == []


@pytest.mark.parametrize("rounds", [NOTICES_MAX, NOTICES_MAX + 1])
def test_notifications(rounds: int) -> None:
    hand = Hand(
        'start { answer goto a } flow a { notify "x" wait 1s when caller.number == none hangup goto a }'
    ).answer()
    for _ in range(rounds - 1):
        hand.wake()
    assert of(Notify, hand) == min(rounds, NOTICES_MAX)
    assert not hand.session.ended


# --- the outside world ---


@pytest.mark.parametrize("rounds", [FETCHES_MAX - 1, FETCHES_MAX, FETCHES_MAX + 1])
def test_questions_to_web_services_beyond_which_they_fail(rounds: int) -> None:
    text = 'fetch crm from "https://x.example/" { failed { play "No more." goto b } } wait 1s goto a'
    hand = Hand(f'start {{ answer goto a }} flow a {{ {text} }} flow b {{ play "bye" }}').answer()
    for _ in range(rounds):
        asked = hand.all[-1]
        if isinstance(asked, Fetch):
            hand.do(Fetched(hand.session.at_ms, asked.ticket, {})).wake()
    assert of(Fetch, hand) == FETCHES_MAX if rounds >= FETCHES_MAX else rounds + 1
    assert said(hand) == (["No more."] if rounds >= FETCHES_MAX else [])


@pytest.mark.parametrize("rounds", [TRANSFERS_MAX - 1, TRANSFERS_MAX, TRANSFERS_MAX + 1])
def test_transfers_that_were_refused(rounds: int) -> None:
    hand = Hand('start { answer goto a } flow a { transfer "tel:+49301" wait 1s goto a }').answer()
    for _ in range(rounds):
        hand.do(TransferEnded(hand.session.at_ms, hand.session.next_ticket - 1, taken=False)).wake()
    assert of(Transfer, hand) == min(rounds + 1, TRANSFERS_MAX)
    assert not hand.session.ended


@pytest.mark.parametrize("rounds", [LEGS_MAX - 1, LEGS_MAX, LEGS_MAX + 1])
def test_phones_rung_beyond_which_nobody_is_reached(rounds: int) -> None:
    text = 'connect anna { busy { wait 1s goto a } unreachable play "No more." }'
    hand = Hand(f"{AGENTS}start {{ answer goto a }} flow a {{ {text} hangup }}").answer()
    for _ in range(rounds):
        rung = next((one for one in reversed(hand.ordered) if isinstance(one, Dial)), None)
        if rung is not None:
            hand.do(LegEnded(hand.session.at_ms, rung.ticket, Outcome.BUSY)).wake()
    assert of(Dial, hand) == min(rounds + 1, LEGS_MAX)
    assert said(hand)[-1:] == (["No more."] if rounds >= LEGS_MAX else said(hand)[-1:])
    assert ("No more." in said(hand)) is (rounds >= LEGS_MAX)


def test_a_queue_is_left_by_a_call_that_has_rung_as_many_phones_as_it_may() -> None:
    hand = Hand(f'{AGENTS}start {{ answer queue both for 30m play "No more." }}').answer()
    queued = hand.session.next_ticket - 2
    for number in range(LEGS_MAX):
        hand.do(AgentOffered(number * 1_000, queued, "anna", 15_000))
        hand.do(LegEnded(number * 1_000 + 500, hand.session.next_ticket - 1, Outcome.BUSY))
    assert of(Dial, hand) == LEGS_MAX
    assert of(Leave, hand) == 0
    hand.do(AgentOffered(LEGS_MAX * 1_000, queued, "anna", 15_000))
    assert of(Dial, hand) == LEGS_MAX
    assert of(Leave, hand) == 1
    assert said(hand)[-1] == "No more."


# --- time ---


def test_time_without_a_human() -> None:
    hand = Hand(f"{AGENTS}{ON_LIMIT}start {{ answer wait 2h }}").answer(2_000)
    assert hand.due_ms == 2_000 + ALONE_MS_MAX
    hand.wake()
    assert said(hand) == [SAID]
    hand.do(PromptEnded(ALONE_MS_MAX + 4_000, hand.session.next_ticket - 1))
    assert hand.all[-1] == HangUp(HangUpReason.FLOW)
    assert hand.session.disposition is Disposition.FAILED


def test_a_conversation_begins_the_time_without_a_human_anew() -> None:
    hand = Hand(f"{AGENTS}{ON_LIMIT}start {{ answer connect anna {{ answered wait 2h }} }}").answer()
    leg = next(one.ticket for one in hand.all if isinstance(one, Dial))
    hand.do(LegAnswered(5_000, leg)).do(LegEnded(3_000_000, leg, Outcome.HUNG_UP))
    assert hand.due_ms == 3_000_000 + ALONE_MS_MAX


def test_time_in_all_queues_together() -> None:
    hand = Hand(f'{AGENTS}start {{ answer queue both for 50m queue both for 50m play "Enough." }}').answer()
    hand.wake()
    assert hand.session.at_ms == 50 * 60_000
    hand.wake()
    assert hand.session.at_ms == QUEUED_MS_MAX
    assert said(hand)[-1] == "Enough."


def test_a_message_that_the_time_without_a_human_cuts_is_kept() -> None:
    hand = Hand(f"{AGENTS}{ON_LIMIT}start {{ answer voicemail anna max 2h wait 1m }}").answer()
    hand.do(PromptEnded(2_000, hand.session.next_ticket - 1)).do(PromptEnded(2_400, hand.session.next_ticket - 1))
    recorded = hand.all[-1]
    assert isinstance(recorded, RecordMessage)
    assert hand.due_ms == ALONE_MS_MAX
    hand.wake()
    assert hand.all[-1] == StopRecording(recorded.ticket)
    hand.do(MessageRecorded(ALONE_MS_MAX + 20, recorded.ticket, "voicemail/anna/1.wav", 1_797_000))
    assert hand.session.message
    hand.wake()
    assert said(hand)[-1] == SAID


def test_a_message_that_is_not_reported_does_not_outlast_the_time_without_a_human() -> None:
    hand = Hand(f"{AGENTS}{ON_LIMIT}start {{ answer voicemail anna max 2h }}").answer()
    hand.do(PromptEnded(2_000, hand.session.next_ticket - 1)).do(PromptEnded(2_400, hand.session.next_ticket - 1))
    hand.wake().wake()
    assert said(hand)[-1] == SAID


# --- the way out has bounds of its own ---


def test_on_limit_is_over_when_its_time_is() -> None:
    hand = Hand("on limit { wait 40s }\nstart { answer wait 2h }").answer()
    hand.wake()
    assert hand.due_ms == ALONE_MS_MAX + GRACE_MS_MAX
    hand.wake()
    assert hand.all[-1] == HangUp(HangUpReason.LIMIT)


@pytest.mark.parametrize(
    ("steps", "heard"), [(GRACE_STEPS_MAX - 2, True), (GRACE_STEPS_MAX - 1, True), (GRACE_STEPS_MAX, False)]
)
def test_on_limit_has_so_many_steps(steps: int, heard: bool) -> None:  # noqa: FBT001
    settings = " ".join(f"set n = {number}" for number in range(steps))
    hand = Hand(f'on limit {{ {settings} play "{SAID}" }}\nstart {{ answer wait 2h }}').answer()
    hand.wake()
    assert (said(hand) == [SAID]) is heard
    assert hand.session.ended is not heard


def test_on_hangup_is_over_when_its_time_is() -> None:
    fetches = " ".join('fetch x from "https://x.example/" timeout 8s' for _ in range(5))
    hand = Hand(f"start {{ answer hangup }} on hangup {{ {fetches} }}").answer(1_000)
    for _ in range(4):
        hand.wake()
    assert hand.session.at_ms == 1_000 + HANGUP_HANDLER_MS_MAX
    assert hand.session.ended
    assert of(Fetch, hand) == 4
