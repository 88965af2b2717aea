"""The promises of `callflow/runner/port.py`, asked of every driver. Prompts are silent sound files of known length."""

from collections import Counter

import pytest

from callflow.engine.effects import (
    Answer,
    Bridge,
    Dial,
    Drop,
    Effect,
    HangUp,
    Play,
    RecordMessage,
    Reject,
    StopPlaying,
)
from callflow.engine.events import (
    CallAnswered,
    CallerHungUp,
    DigitPressed,
    Event,
    LegAnswered,
    LegEnded,
    LegRang,
    MessageRecorded,
    Outcome,
    PromptEnded,
)
from callflow.runner.journal import Entry
from callflow.sim.behaviour import Behaviour, Reaction
from tests.port.rig import Plan, Rig

AGENTS = """
agent anna "sip:anna@127.0.0.1"
agent boris "sip:boris@127.0.0.1"
group both anna, boris
"""
LONG = "Good morning, and welcome to this line. Today we say a little more than usual, so that you can hang up."
MENU = f'menu tries 1 timeout 1s {{ play "{LONG}" press 1 play "Thank you." }}'

ANSWERS = Behaviour(Reaction.ANSWERS, after_ms=500)

ENDING = {
    Answer: CallAnswered,
    Play: PromptEnded,
    Dial: LegEnded,
    RecordMessage: MessageRecorded,
}


def events(journal: tuple[Entry, ...]) -> list[Event]:
    return [entry.event for entry in journal]


def effects(journal: tuple[Entry, ...]) -> list[Effect]:
    return [effect for entry in journal for effect in entry.effects]


def assert_promises_kept(journal: tuple[Entry, ...]) -> None:
    """Check what holds for every call: tickets end once, time goes on, nothing comes after the end."""
    seen = events(journal)
    times = [event.at_ms for event in seen]
    assert times == sorted(times)
    opened = {effect.ticket: ENDING[type(effect)] for effect in effects(journal) if type(effect) in ENDING}
    ended = Counter(
        event.ticket
        for event in seen
        if isinstance(event, CallAnswered | PromptEnded | LegEnded | MessageRecorded) and event.ticket in opened
    )
    gone_before_answer = (
        {effect.ticket for effect in effects(journal) if isinstance(effect, Answer)}
        if any(isinstance(event, CallerHungUp) for event in seen)
        else set()
    )
    for ticket, kind in opened.items():
        if ticket in gone_before_answer and not ended[ticket]:
            continue
        assert ended[ticket] == 1, f"ticket {ticket} of {kind.__name__} ended {ended[ticket]} times"
    orders = effects(journal)
    last = [number for number, effect in enumerate(orders) if isinstance(effect, HangUp | Reject)]
    assert last in ([], [len(orders) - 1])
    hung_up = [event for event in seen if isinstance(event, CallerHungUp)]
    assert len(hung_up) + len(last) == 1, "a call ends once, from one side"


def test_a_prompt_ends_once_and_after_its_time(rig: Rig) -> None:
    journal = rig.call('start { answer play "Good morning." hangup }', (), {})
    assert_promises_kept(journal)
    (play,) = [effect for effect in effects(journal) if isinstance(effect, Play)]
    begun = next(entry.event.at_ms for entry in journal if play in entry.effects)
    ended = next(event.at_ms for event in events(journal) if isinstance(event, PromptEnded))
    assert ended - begun > 300
    assert isinstance(effects(journal)[-1], HangUp)


def test_a_key_stops_the_prompt_before_its_end(rig: Rig) -> None:
    journal = rig.call(f"start {{ answer {MENU} hangup }}", (Plan(1_000, "1"),), {})
    assert_promises_kept(journal)
    pressed = next(event for event in events(journal) if isinstance(event, DigitPressed))
    stopped = next(entry for entry in journal if any(isinstance(one, StopPlaying) for one in entry.effects))
    assert stopped.event == pressed
    ended = next(event for event in events(journal) if isinstance(event, PromptEnded))
    assert 0 <= ended.at_ms - pressed.at_ms < 1_000


def test_every_key_is_reported_once_and_in_order(rig: Rig) -> None:
    choices = 'press 1590 hangup press 1 { again } press "#" hangup'
    text = f'start {{ answer menu tries 2 timeout 2s {{ play "Choose." {choices} }} }}'
    plans = tuple(Plan(1_500 + 300 * number, key) for number, key in enumerate("159#"))
    journal = rig.call(text, plans, {})
    assert "".join(event.digit for event in events(journal) if isinstance(event, DigitPressed)) == "159#"


@pytest.mark.parametrize(
    ("reaction", "outcome"),
    [
        (Reaction.BUSY, Outcome.BUSY),
        (Reaction.REJECTS, Outcome.REJECTED),
        (Reaction.UNREACHABLE, Outcome.UNREACHABLE),
        (Reaction.NEVER_ANSWERS, Outcome.CANCELLED),
    ],
)
def test_the_ways_not_to_be_connected_are_told_apart(rig: Rig, reaction: Reaction, outcome: Outcome) -> None:
    scheme = AGENTS + "start { answer connect anna for 2s hangup }"
    journal = rig.call(scheme, (), {"anna": Behaviour(reaction)})
    assert_promises_kept(journal)
    (ended,) = [event for event in events(journal) if isinstance(event, LegEnded)]
    assert ended.outcome is outcome
    if reaction is Reaction.NEVER_ANSWERS:
        assert any(isinstance(event, LegRang) for event in events(journal))
        assert any(isinstance(effect, Drop) for effect in effects(journal))


def test_an_agent_answers_talks_and_hangs_up(rig: Rig) -> None:
    scheme = AGENTS + 'start { answer connect anna { answered { play "Thank you." hangup } } }'
    journal = rig.call(scheme, (), {"anna": Behaviour(Reaction.ANSWERS, 500, talk_ms=1_000)})
    assert_promises_kept(journal)
    kinds = [type(event) for event in events(journal)]
    assert kinds.index(LegRang) < kinds.index(LegAnswered) < kinds.index(LegEnded)
    ended = next(event for event in events(journal) if isinstance(event, LegEnded))
    assert ended.outcome is Outcome.HUNG_UP
    assert [type(effect) for effect in effects(journal)][-2:] == [Play, HangUp]


def test_of_phones_that_ring_at_once_the_first_answer_counts(rig: Rig) -> None:
    scheme = AGENTS + "start { answer connect both }"
    journal = rig.call(scheme, (Plan(3_000, hang_up=True),), {"boris": ANSWERS})
    assert_promises_kept(journal)
    dialled = {effect.agent: effect.ticket for effect in effects(journal) if isinstance(effect, Dial)}
    assert Bridge(dialled["boris"]) in effects(journal)
    assert Drop(dialled["anna"]) in effects(journal)
    endings = {event.ticket: event.outcome for event in events(journal) if isinstance(event, LegEnded)}
    assert endings[dialled["anna"]] is Outcome.CANCELLED


def test_an_unanswered_caller_is_answered_with_the_agent(rig: Rig) -> None:
    scheme = AGENTS + "start { connect anna }"
    journal = rig.call(scheme, (Plan(4_000, hang_up=True),), {"anna": ANSWERS})
    assert_promises_kept(journal)
    kinds = [type(effect) for effect in effects(journal)]
    assert kinds.index(Dial) < kinds.index(Answer) < kinds.index(Bridge)


def test_a_call_may_be_refused(rig: Rig) -> None:
    journal = rig.call("start { reject busy }", (), {})
    assert_promises_kept(journal)
    assert len(journal) == 1


def test_a_message_ends_with_the_hash(rig: Rig) -> None:
    scheme = 'start { answer voicemail "box" max 30s greeting "Speak." hangup }'
    journal = rig.call(scheme, (Plan(4_500, "#"),), {})
    assert_promises_kept(journal)
    assert any(isinstance(event, MessageRecorded) for event in events(journal))


HANG_UPS = {
    "early media": (f'start {{ play "{LONG}" answer hangup }}', 700),
    "ringing": (AGENTS + "start { connect anna }", 700),
    "prompt": (f'start {{ answer play "{LONG}" hangup }}', 1_000),
    "menu": (f"start {{ answer {MENU} hangup }}", 1_000),
    "wait": ("start { answer wait 10s hangup }", 1_000),
    "agent rings": (AGENTS + "start { answer connect anna }", 1_500),
    "both ring": (AGENTS + "start { answer connect both music }", 1_500),
    "talk": (AGENTS + "start { answer connect boris }", 3_000),
    "message": ('start { answer voicemail "box" greeting "Speak." }', 4_000),
    "recorded": (AGENTS + "start { answer record call connect boris }", 3_000),
}


@pytest.mark.parametrize("step", HANG_UPS)
def test_a_caller_may_hang_up_at_every_step(rig: Rig, step: str) -> None:
    text, at_ms = HANG_UPS[step]
    journal = rig.call(text, (Plan(at_ms, hang_up=True),), {"boris": ANSWERS})
    assert_promises_kept(journal)
    assert any(isinstance(event, CallerHungUp) for event in events(journal))
