"""Ladders: what is said of queues, rooms and the outside world, a line each."""

from typing import Any

import pytest

from callflow.engine import effects, events
from callflow.machine.model import HangingUp, Machine, Presence, RecordingStep, Strategy, Until, Where
from callflow.runner.journal import Entry
from callflow.runner.transcript import Transcript

MACHINE = Machine(
    scheme="test", timezone="", region="", languages=("en",), agents={}, groups={}, prompts={}, schedules={},
    numbers={}, flows={}, start=0, states=(HangingUp(Where("start", 1)),),
)  # fmt: skip
NOW = events.DeadlinePassed(0)


def words(event: Any, *ordered: Any) -> list[str]:
    lines = Transcript(MACHINE).lines(Entry(event, ordered, 0))
    return [line.removesuffix("start:1").strip(" │◀▶─").removeprefix("0.0s").strip(" │◀▶─") for line in lines]


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (events.AgentsFound(0, 1, (), 2, 1), "nobody is free: 2 busy, 1 away"),
        (events.QueueMoved(0, 1, 2, 5, 60_000), "number 2 of 5 in the queue"),
        (events.QueueLeft(0, 1, events.QueueEnd.FULL), "the queue is full"),
        (events.QueueLeft(0, 1, events.QueueEnd.EMPTY), "nobody is on duty"),
        (events.RoomJoined(0, 1, 3), "in the room with 2"),
        (events.RoomJoined(0, 1, 1, opened=False), "waits for the moderator"),
        (events.RoomLeft(0, 1, events.RoomEnd.FULL), "the room is full"),
        (events.RoomLeft(0, 1, events.RoomEnd.CLOSED), "the room is closed"),
        (events.TransferEnded(0, 1, taken=True), "transferred"),
        (events.TransferEnded(0, 1, taken=False, code=603), "not transferred (603)"),
        (events.Fetched(0, 1, trouble="timeout"), "no answer to use: timeout"),
        (events.Fetched(0, 1), "answered"),
        (events.DigitPressed(0, "1", leg=4), "? presses 1"),
    ],
)
def test_what_happens_is_said(event: events.Event, line: str) -> None:
    assert words(event) == [line]


@pytest.mark.parametrize(
    ("effect", "line"),
    [
        (effects.Enqueue(1, "sales", 0, None, None, None, 0), "waits for sales"),
        (effects.Widen(1, "support"), "waits for support, too"),
        (effects.CallBack("sales", "+49301", 60_000), "callback to +49301, sales"),
        (effects.JoinRoom(1, "team", Presence.MEMBER, 5), "goes to the room team"),
        (effects.ChangeRecording(RecordingStep.PAUSE), "recording paused"),
        (effects.Fetch(1, "https://x/", 1_000), "asks https://x/"),
        (effects.Notify("called", {}), "tells called"),
        (effects.Remember("tier", "gold"), "remembers tier"),
        (effects.Remember("tier", None), "forgets tier"),
        (effects.Force("office", False, Until.TIME, None, "18:00"), "office is held closed"),
        (effects.Force("office", False, Until.RELEASED), "office is released"),
        (effects.Transfer(1, "sip:desk@x"), "transfers to sip:desk@x"),
    ],
)
def test_what_is_ordered_is_said(effect: effects.Effect, line: str) -> None:
    assert words(NOW, effect) == [line]


def test_what_only_machines_ask_is_not_said() -> None:
    asked = (effects.Seek(1, "sales", Strategy.ALL, 0), effects.Count(2, "sales"), effects.Leave(3))
    assert words(NOW, *asked) == []
    for quiet in (
        events.AgentsFound(0, 1, ("anna",)),
        events.QueueLeft(0, 1, events.QueueEnd.LEFT),
        events.RoomLeft(0, 1, events.RoomEnd.LEFT),
        events.GroupCounted(0, 1, 1, 0, 0),
        events.AgentOffered(0, 1, "anna", 15_000),
    ):
        assert words(quiet) == []
