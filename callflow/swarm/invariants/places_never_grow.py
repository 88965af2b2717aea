"""The place that a caller is told never grows, unless somebody with priority came."""

from callflow.engine.effects import Enqueue
from callflow.engine.events import QueueMoved
from callflow.engine.session import Session
from callflow.runner.journal import Entry
from callflow.swarm.invariants.base import Invariant
from callflow.swarm.watch import Watch, Watched


class PlacesNeverGrow(Invariant):
    """Of those who came when nobody was preferred since they were told their place last."""

    name = "places in a queue never grow"

    def __init__(self, watch: Watch) -> None:
        super().__init__(watch)
        self._told: dict[tuple[int, int], tuple[int, int]] = {}
        """The place, and when it was told, by call and ticket."""
        self._preferred_ms = -1
        """When the last caller with priority came."""

    def seen(self, call: Watched, entry: Entry, session: Session) -> str:  # noqa: ARG002
        if any(isinstance(one, Enqueue) and one.priority > 0 for one in entry.effects):
            self._preferred_ms = self.watch.now_ms
        event = entry.event
        if not isinstance(event, QueueMoved):
            return ""
        key = call.number, event.ticket
        before, told_ms = self._told.get(key, (event.position, self.watch.now_ms))
        self._told[key] = event.position, self.watch.now_ms
        if not 1 <= event.position <= event.length:
            return f"call {call.number} is number {event.position} of {event.length}"
        if event.position > before and self._preferred_ms < told_ms:
            return f"call {call.number} was number {before} and is number {event.position}"
        return ""
