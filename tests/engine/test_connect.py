"""Ringing, talking, leaving messages: what a session orders and where it goes."""

import pytest

from callflow.engine.effects import (
    Answer,
    Bridge,
    CallBack,
    Dial,
    Drop,
    HangUp,
    HangUpReason,
    Play,
    RecordMessage,
    Reject,
    Ring,
)
from callflow.engine.events import (
    CallAnswered,
    CallerHungUp,
    DigitPressed,
    LegAnswered,
    LegEnded,
    LegRang,
    MessageRecorded,
    Outcome,
    PromptEnded,
    ScheduleReported,
)
from callflow.engine.session import Disposition, Ringing, Talking
from callflow.limits import CALL_MS_MAX
from callflow.machine.model import MUSIC, RINGBACK, RejectReason
from tests.engine.world import AGENTS, Hand


def dials(hand: Hand) -> dict[str, int]:
    return {effect.agent or effect.uri: effect.ticket for effect in hand.all if isinstance(effect, Dial)}


def place(hand: Hand) -> str:
    return hand.machine.states[hand.session.state].where.flow


ENDS = """
flow was_busy { play "busy" hangup }
flow was_silent { play "no answer" hangup }
flow was_rejected { play "rejected" hangup }
flow was_gone { play "unreachable" hangup }
"""
APART = "busy goto was_busy no answer goto was_silent rejected goto was_rejected unreachable goto was_gone"


@pytest.mark.parametrize(
    ("outcome", "flow"),
    [
        (Outcome.BUSY, "was_busy"),
        (Outcome.NO_ANSWER, "was_silent"),
        (Outcome.REJECTED, "was_rejected"),
        (Outcome.UNREACHABLE, "was_gone"),
        (Outcome.CANCELLED, "was_gone"),
        (Outcome.HUNG_UP, "was_gone"),
    ],
)
def test_each_way_not_to_be_connected_leads_its_own_way(outcome: Outcome, flow: str) -> None:
    hand = Hand(AGENTS + f"start {{ answer connect anna {{ {APART} }} }}" + ENDS).answer()
    hand.do(LegEnded(100, dials(hand)["anna"], outcome))
    assert place(hand) == flow


@pytest.mark.parametrize(
    ("first", "second", "flow"),
    [
        (Outcome.BUSY, Outcome.UNREACHABLE, "was_busy"),
        (Outcome.BUSY, Outcome.REJECTED, "was_rejected"),
        (Outcome.NO_ANSWER, Outcome.REJECTED, "was_silent"),
    ],
)
def test_a_group_has_the_outcome_that_got_nearest_to_a_conversation(first: Outcome, second: Outcome, flow: str) -> None:
    for one, other in ((first, second), (second, first)):
        hand = Hand(AGENTS + f"start {{ answer connect both {{ {APART} }} }}" + ENDS).answer()
        hand.do(LegEnded(100, dials(hand)["anna"], one)).do(LegEnded(200, dials(hand)["boris"], other))
        assert place(hand) == flow


def test_ringing_ends_when_its_time_is_up_and_counts_as_no_answer() -> None:
    hand = Hand(AGENTS + f"start {{ answer connect anna for 12s {{ {APART} }} }}" + ENDS).answer()
    assert hand.due_ms == 12_000
    hand.wake()
    assert Drop(dials(hand)["anna"]) in hand.all
    assert place(hand) == "was_silent"


def test_ringing_all_the_first_who_answers_has_the_call() -> None:
    hand = Hand(AGENTS + "start { answer connect both }").answer()
    rung = dials(hand)
    assert list(rung) == ["anna", "boris"]
    hand.do(LegRang(50, rung["anna"])).do(LegAnswered(4_000, rung["boris"]))
    assert [e for e in hand.all if isinstance(e, Drop | Bridge)] == [Drop(rung["anna"]), Bridge(rung["boris"])]
    assert hand.session.activity == Talking(rung["boris"])
    assert hand.session.names["agent.name"] == "boris"


def test_in_turn_the_next_rings_when_the_first_gave_up_or_was_busy() -> None:
    hand = Hand(AGENTS + "start { answer connect both ring in turn each 10s }").answer()
    assert list(dials(hand)) == ["anna"]
    hand.wake()
    assert list(dials(hand)) == ["anna", "boris"]
    assert Drop(dials(hand)["anna"]) in hand.all
    assert hand.due_ms == 20_000
    busy = Hand(AGENTS + "start { answer connect both ring in turn }").answer()
    busy.do(LegEnded(40, dials(busy)["anna"], Outcome.BUSY))
    assert list(dials(busy)) == ["anna", "boris"]


@pytest.mark.parametrize("ring", ["ring in turn", "ring all"])
def test_what_one_phone_may_ring_is_kept_also_where_no_other_follows(ring: str) -> None:
    for text in (f"group one anna {ring} each 8s\nstart {{ answer connect one }}",
                 f"start {{ answer connect both {ring} each 8s for 30s }}"):  # fmt: skip
        hand = Hand(AGENTS + text).answer()
        assert hand.due_ms == 8_000


def test_the_last_try_is_never_rung_past_the_time_the_caller_has_left() -> None:
    hand = Hand(AGENTS + "start { answer connect both for 15s ring in turn each 10s }").answer().wake()
    assert hand.due_ms == 15_000


def test_more_phones_than_lines_ring_in_waves() -> None:
    text = AGENTS + 'agent carla "sip:carla@x"\ngroup all3 anna, boris, carla each 10s\nstart { answer connect all3 }'
    hand = Hand(text, lines=2).answer()
    assert list(dials(hand)) == ["anna", "boris"]
    hand.do(LegEnded(100, dials(hand)["anna"], Outcome.BUSY))
    assert list(dials(hand)) == ["anna", "boris", "carla"]


def test_an_unanswered_caller_hears_ringing_and_is_answered_when_the_agent_is() -> None:
    hand = Hand(AGENTS + "start { connect anna }")
    assert isinstance(hand.all[0], Ring)
    hand.do(LegAnswered(3_000, dials(hand)["anna"]))
    answer = hand.all[-1]
    assert isinstance(answer, Answer)
    hand.do(CallAnswered(3_010, answer.ticket))
    assert hand.all[-1] == Bridge(dials(hand)["anna"])


def test_an_unanswered_caller_who_has_heard_something_hears_ringing_of_ours() -> None:
    hand = Hand(AGENTS + 'start { play "A moment." connect anna music }')
    hand.do(PromptEnded(1_000, 1))
    playing = next(effect for effect in hand.all if isinstance(effect, Play) and effect.loop)
    assert playing.items[0].file == RINGBACK
    assert "Ring" not in hand.kinds
    hand.do(LegAnswered(3_000, dials(hand)["anna"]))
    assert hand.kinds == ["StopPlaying", "Answer"]


def test_an_agent_who_hangs_up_before_the_caller_is_answered_ends_the_call() -> None:
    hand = Hand(AGENTS + "start { connect anna }")
    hand.do(LegAnswered(3_000, dials(hand)["anna"])).do(LegEnded(3_005, dials(hand)["anna"], Outcome.HUNG_UP))
    hand.do(CallAnswered(3_010, hand.session.next_ticket - 1))
    assert hand.all[-1] == HangUp(HangUpReason.AGENT)


def test_nobody_takes_an_unanswered_call_and_it_is_refused() -> None:
    hand = Hand(AGENTS + "start { connect anna }")
    hand.do(LegEnded(100, dials(hand)["anna"], Outcome.BUSY))
    assert hand.all[-1] == Reject(RejectReason.UNAVAILABLE)
    assert hand.session.disposition is Disposition.REJECTED


@pytest.mark.parametrize(("option", "file"), [("", RINGBACK), (" music", MUSIC), (' music "waltz.wav"', "waltz.wav")])
def test_what_an_answered_caller_hears_meanwhile(option: str, file: str) -> None:
    hand = Hand(AGENTS + f"start {{ answer connect anna{option} }}").answer()
    (playing,) = (effect for effect in hand.all if isinstance(effect, Play))
    assert playing.loop
    assert playing.items[0].file == file


def test_the_music_stops_when_somebody_answers_or_nobody_does() -> None:
    for ending in (LegAnswered(10, 3), LegEnded(10, 3, Outcome.BUSY)):
        hand = Hand(AGENTS + "start { answer connect anna music }").answer()
        assert dials(hand) == {"anna": 3}
        hand.do(ending)
        assert "StopPlaying" in hand.kinds


def test_a_key_leaves_the_ringing_and_others_do_not() -> None:
    hand = Hand(AGENTS + "start { answer connect anna { press 0 goto was_busy } }" + ENDS).answer()
    hand.do(DigitPressed(100, "5"))
    assert isinstance(hand.session.activity, Ringing)
    hand.do(DigitPressed(200, "0"))
    assert place(hand) == "was_busy"
    assert Drop(dials(hand)["anna"]) in hand.all


def test_the_call_ends_with_the_conversation_unless_answered_says_what_follows() -> None:
    hand = Hand(AGENTS + "start { answer connect anna }").answer()
    leg = dials(hand)["anna"]
    hand.do(LegAnswered(10, leg)).do(LegEnded(9_000, leg, Outcome.HUNG_UP))
    assert hand.all[-1] == HangUp(HangUpReason.AGENT)
    assert hand.session.disposition is Disposition.ANSWERED
    goes_on = Hand(AGENTS + "start { answer connect anna { answered goto was_busy } }" + ENDS).answer()
    leg = dials(goes_on)["anna"]
    goes_on.do(LegAnswered(10, leg)).do(LegEnded(9_000, leg, Outcome.HUNG_UP))
    assert place(goes_on) == "was_busy"


def test_a_conversation_that_lasts_as_long_as_it_may_is_ended_by_the_scheme() -> None:
    hand = Hand(AGENTS + "start { answer connect anna max 60s }").answer()
    leg = dials(hand)["anna"]
    hand.do(LegAnswered(1_000, leg)).wake()
    assert hand.all[-2:] == [Drop(leg), HangUp(HangUpReason.FLOW)]
    assert hand.session.disposition is Disposition.ANSWERED


def test_a_caller_who_hangs_up_while_it_rings_has_abandoned_and_nothing_rings_on() -> None:
    hand = Hand(AGENTS + "start { answer connect both }").answer().do(CallerHungUp(5_000))
    assert {effect.ticket for effect in hand.all if isinstance(effect, Drop)} == set(dials(hand).values())
    assert hand.session.disposition is Disposition.ABANDONED
    assert hand.session.ended


def test_hand_overs_come_to_an_end() -> None:
    text = AGENTS + "start { answer connect anna { answered { wait 1s goto start } } }"
    hand = Hand(text).answer()
    at = 1_000
    for _ in range(30):
        if hand.session.ended:
            break
        leg = dials(hand)["anna"]
        hand.do(LegAnswered(at, leg)).do(LegEnded(at + 1, leg, Outcome.HUNG_UP))
        at += 2_000
        if not hand.session.ended:
            hand.wake()
    assert sum(isinstance(effect, Bridge) for effect in hand.all) == 10


def test_an_address_may_be_worked_out_in_the_call() -> None:
    hand = Hand('start { answer set n = "17" connect "sip:{n}@pbx.example" }').answer()
    assert list(dials(hand)) == ["sip:17@pbx.example"]


def test_a_message_is_greeted_beeped_and_recorded_and_a_hash_ends_it() -> None:
    hand = Hand(AGENTS + 'start { answer voicemail anna max 1m play "bye" }').answer()
    assert hand.kinds == ["Answer", "Play"]
    hand.do(DigitPressed(500, "1"))
    assert hand.kinds == ["StopPlaying", "Play"]
    beep = hand.session.next_ticket - 1
    hand.do(PromptEnded(900, beep))
    assert hand.kinds == ["RecordMessage"]
    message = hand.session.next_ticket - 1
    hand.do(DigitPressed(6_000, "#"))
    assert hand.kinds == ["StopRecording"]
    hand.do(MessageRecorded(6_010, message, "voicemail/anna/1.wav", 5_100))
    assert hand.kinds == ["Play"]
    assert hand.session.message


@pytest.mark.parametrize(("keys", "box"), [("301", "anna"), ("9", None)])
def test_a_message_may_be_for_the_agent_whose_extension_was_dialled(keys: str, box: str | None) -> None:
    menu = 'menu { play "?" dial extension { goto on } press 9 goto on }'
    hand = Hand(AGENTS + f'start {{ answer {menu} }} flow on {{ voicemail extension play "bye" }}').answer()
    for key in keys:
        hand.do(DigitPressed(500, key))
    heard = hand.all[-1]
    assert isinstance(heard, Play)
    assert (heard.items[0].text == "bye") is (box is None)
    if box is not None:
        hand.do(PromptEnded(900, heard.ticket)).do(PromptEnded(1_400, hand.session.next_ticket - 1))
        recorded = hand.all[-1]
        assert isinstance(recorded, RecordMessage)
        assert recorded.box == box


def recording() -> tuple[Hand, int]:
    hand = Hand(AGENTS + "start { answer voicemail anna }").answer()
    hand.do(PromptEnded(2_000, hand.session.next_ticket - 1)).do(PromptEnded(2_400, hand.session.next_ticket - 1))
    return hand, hand.session.next_ticket - 1


@pytest.mark.parametrize(("file", "ending"), [("m.wav", Disposition.VOICEMAIL), ("", Disposition.ABANDONED)])
def test_what_was_said_is_kept_when_the_caller_hangs_up(file: str, ending: Disposition) -> None:
    hand, ticket = recording()
    hand.do(CallerHungUp(8_000))
    assert not hand.session.ended
    hand.do(MessageRecorded(8_100, ticket, file, 5_000))
    assert hand.session.ended
    assert hand.session.disposition is ending


def test_a_message_that_is_never_reported_does_not_keep_the_session() -> None:
    hand, _ = recording()
    hand.do(CallerHungUp(8_000)).wake()
    assert hand.session.ended


def test_a_schedule_is_asked_after_when_the_call_gets_there() -> None:
    head = 'timezone "UTC"\nschedule office "Mo-Fr 09:00-18:00"\n'
    for is_open, text in ((True, "open"), (False, "closed")):
        hand = Hand(head + 'start { answer when office open play "open" else play "closed" }').answer(2)
        hand.do(ScheduleReported(2, hand.session.next_ticket - 1, open=is_open))
        playing = hand.all[-1]
        assert isinstance(playing, Play)
        assert playing.items[0].text == text


def test_a_schedule_nobody_answers_for_is_closed() -> None:
    head = 'timezone "UTC"\nschedule office "Mo-Fr 09:00-18:00"\n'
    hand = Hand(head + "start { when office open { answer } else reject busy }").wake()
    assert hand.all[-1] == Reject(RejectReason.BUSY)


def test_a_call_that_lasts_too_long_is_ended() -> None:
    hand = Hand(AGENTS + "start { answer connect anna }").answer()
    hand.do(LegAnswered(10, dials(hand)["anna"]))
    assert hand.due_ms == CALL_MS_MAX
    hand.wake()
    sorry = hand.all[-1]
    assert isinstance(sorry, Play)
    hand.do(PromptEnded(CALL_MS_MAX + 4_000, sorry.ticket))
    assert hand.all[-1] == HangUp(HangUpReason.LIMIT)


def test_an_answer_that_is_never_confirmed_ends_the_call() -> None:
    hand = Hand('start { answer play "x" }')
    assert hand.due_ms == 32_000
    hand.wake()
    assert hand.session.disposition is Disposition.FAILED


def test_a_prompt_of_nothing_is_passed_over() -> None:
    hand = Hand('start { answer play "{caller.name}" play "bye" }').answer()
    assert [effect.items[0].text for effect in hand.all if isinstance(effect, Play)] == ["bye"]


def test_a_number_to_call_back_is_read_as_it_is_dialled_in_the_region() -> None:
    hand = Hand(AGENTS + 'region DE start { answer set number = "030 23125100" callback both to number }').answer()
    assert [effect.number for effect in hand.all if isinstance(effect, CallBack)] == ["+493023125100"]
