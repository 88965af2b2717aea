"""The sound of conference rooms: everybody who is in one hears all the others. Who may be in it is not decided here."""

from collections.abc import Callable

Link = Callable[[int, int], None]


class Rooms:
    """The rooms of this process by name, and the legs that are in them. A leg is in one room at a time."""

    def __init__(self, link: Link, unlink: Link) -> None:
        self._link = link
        self._unlink = unlink
        self._rooms: dict[str, dict[int, Callable[[], None]]] = {}

    def enter(self, room: str, leg: int, changed: Callable[[], None]) -> None:
        """Let a leg hear everybody in a room, and they it. `changed` is called whenever others come or go."""
        if leg in self._rooms.get(room, {}):
            return
        self.leave(leg)
        inside = self._rooms.setdefault(room, {})
        others = list(inside.items())
        inside[leg] = changed
        for other, _ in others:
            self._link(other, leg)
            self._link(leg, other)
        for tell in [*(tell for _, tell in others), changed]:
            tell()

    def leave(self, leg: int) -> None:
        """Let a leg hear nobody of its room any more, if it is in one."""
        room = next((name for name, inside in self._rooms.items() if leg in inside), None)
        if room is None:
            return
        inside = self._rooms[room]
        changed = inside.pop(leg)
        if not inside:
            del self._rooms[room]
        others = list(inside.items())
        for other, _ in others:
            self._unlink(other, leg)
            self._unlink(leg, other)
        for tell in [*(tell for _, tell in others), changed]:
            tell()

    def others(self, leg: int) -> tuple[int, ...]:
        """Return the legs that a leg hears because of a room."""
        inside = next((inside for inside in self._rooms.values() if leg in inside), {})
        return tuple(other for other in inside if other != leg)
