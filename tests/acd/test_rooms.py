"""Conference rooms: who is let in, who hears whom, and when everybody leaves."""

from callflow.acd.floor import Floor
from callflow.engine.effects import HangUp, HangUpReason, JoinRoom
from callflow.engine.events import CallerHungUp, DeadlinePassed, RoomEnd, RoomJoined, RoomLeft
from callflow.limits import ROOM_MEMBERS_MAX
from callflow.machine.model import Presence
from tests.acd.world import Call, floor_of


def joins(floor: Floor, presence: Presence = Presence.MEMBER, room: str = "team", up_to: int = 50, at: int = 0) -> Call:
    call = Call(floor, at)
    call.take(JoinRoom, room, presence, up_to, at=at)
    return call


def test_members_hear_each_other_at_once() -> None:
    floor = floor_of()
    assert joins(floor).events == [RoomJoined(0, 1, 1)]
    assert joins(floor).events == [RoomJoined(0, 1, 2)]
    assert joins(floor, room="other").events == [RoomJoined(0, 1, 1)]


def test_a_full_room_lets_nobody_in() -> None:
    floor = floor_of()
    joins(floor, up_to=1)
    assert joins(floor, up_to=1).events == [RoomLeft(0, 1, RoomEnd.FULL)]
    for _ in range(ROOM_MEMBERS_MAX - 1):
        joins(floor, up_to=1_000)
    assert joins(floor, up_to=1_000).events == [RoomLeft(0, 1, RoomEnd.FULL)]


def test_guests_wait_for_a_moderator() -> None:
    floor = floor_of()
    guest = joins(floor, Presence.GUEST)
    joins(floor)
    assert guest.events == [RoomJoined(0, 1, 1, opened=False)]
    joins(floor, Presence.MODERATOR, at=5_000)
    assert guest.last == RoomJoined(5_000, 1, 3)
    assert joins(floor, Presence.GUEST, at=5_000).last == RoomJoined(0, 1, 4)
    joins(floor, Presence.MODERATOR, at=5_000)
    assert len(guest.events) == 2


def test_with_the_last_moderator_everybody_leaves() -> None:
    floor = floor_of()
    first, second = joins(floor, Presence.MODERATOR), joins(floor, Presence.MODERATOR)
    member, guest = joins(floor), joins(floor, Presence.GUEST)
    first.note(CallerHungUp(1_000))
    assert first.last == RoomLeft(1_000, 1, RoomEnd.LEFT)
    assert isinstance(member.last, RoomJoined)
    second.note(DeadlinePassed(2_000), HangUp(HangUpReason.LIMIT))
    assert member.last == guest.last == RoomLeft(2_000, 1, RoomEnd.CLOSED)
    assert joins(floor, Presence.GUEST, at=2_000).last == RoomJoined(0, 1, 1, opened=False)


def test_a_member_leaves_once_and_alone() -> None:
    floor = floor_of()
    stays, leaves = joins(floor), joins(floor)
    leaves.note(CallerHungUp(1_000), HangUp(HangUpReason.FLOW))
    leaves.note(DeadlinePassed(2_000), HangUp(HangUpReason.FLOW))
    assert leaves.of(RoomLeft) == [RoomLeft(1_000, 1, RoomEnd.LEFT)]
    assert stays.of(RoomLeft) == []
    assert floor.rooms.members("team") == ((stays.seat, 1),)


def test_a_call_that_is_over_joins_no_room() -> None:
    call = Call(floor_of())
    call.note(CallerHungUp(0))
    call.take(JoinRoom, "team", Presence.MEMBER, 5)
    assert call.events == [RoomLeft(0, 1, RoomEnd.LEFT)]
