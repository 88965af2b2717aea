"""Conference rooms: who is in, who waits for the moderator, when a room closes. Mixes no sound, tells nobody itself."""

from collections.abc import Hashable
from typing import Generic, TypeVar

import attrs

from callflow.engine.events import RoomEnd
from callflow.limits import ROOM_MEMBERS_MAX
from callflow.machine.model import Presence

Who = TypeVar("Who", bound=Hashable)


@attrs.frozen
class Inside:
    """Somebody is in the room, one of `members`. `opened`: they hear the others who have it opened."""

    members: int
    opened: bool


@attrs.define
class _Member:
    presence: Presence
    opened: bool


class Rooms(Generic[Who]):
    """Rooms by name. A room is there while somebody is in it.

    Guests hear the others while a moderator is there. With its last moderator everybody leaves.
    """

    def __init__(self) -> None:
        self._rooms: dict[str, dict[Who, _Member]] = {}

    def join(self, who: Who, room: str, presence: Presence, up_to: int) -> list[tuple[Who, Inside | RoomEnd]]:
        """Let somebody in, if the room is not full. Returns whose standing is how from now on."""
        inside = self._rooms.get(room, {})
        if len(inside) >= min(up_to, ROOM_MEMBERS_MAX):
            return [(who, RoomEnd.FULL)]
        opened = presence is not Presence.GUEST or any(_moderates(one) for one in inside.values())
        self._rooms[room] = inside
        inside[who] = _Member(presence, opened)
        woken = [
            one for one, member in inside.items() if opened and presence is Presence.MODERATOR and not member.opened
        ]
        for one in woken:
            inside[one].opened = True
        return [(one, Inside(len(inside), inside[one].opened)) for one in (who, *woken)]

    def leave(self, who: Who) -> list[tuple[Who, Inside | RoomEnd]]:
        """Let somebody go, and everybody with the last moderator. Returns nothing for who is in no room."""
        room = next((name for name, inside in self._rooms.items() if who in inside), None)
        if room is None:
            return []
        inside = self._rooms[room]
        left = inside.pop(who)
        closes = _moderates(left) and not any(_moderates(one) for one in inside.values())
        if closes or not inside:
            del self._rooms[room]
        return [(who, RoomEnd.LEFT), *((one, RoomEnd.CLOSED) for one in inside if closes)]

    def members(self, room: str) -> tuple[Who, ...]:
        """Return who is in a room, in the order they came."""
        return tuple(self._rooms.get(room, ()))


def _moderates(member: _Member) -> bool:
    return member.presence is Presence.MODERATOR
