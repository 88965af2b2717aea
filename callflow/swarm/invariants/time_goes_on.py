"""Time never goes back in a journal."""

from callflow.engine.session import Session
from callflow.runner.journal import Entry
from callflow.swarm.invariants.base import Invariant
from callflow.swarm.watch import Watched


class TimeGoesOn(Invariant):
    """Of the events, and of what a session takes for now."""

    name = "time never goes back"

    def seen(self, call: Watched, entry: Entry, session: Session) -> str:  # noqa: ARG002
        before, call.last_ms = call.last_ms, max(call.last_ms, session.at_ms)
        if session.at_ms < before:
            return f"call {call.number} was at {before} ms and is at {session.at_ms} ms"
        return ""
