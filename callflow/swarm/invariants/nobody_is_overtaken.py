"""Nobody is overtaken in a queue at equal priority."""

from callflow.engine.events import AgentOffered
from callflow.engine.session import Session
from callflow.limits import PRIORITY_STEP_MS
from callflow.runner.journal import Entry
from callflow.swarm.invariants.base import Invariant
from callflow.swarm.watch import Wait, Watch, Watched


class NobodyIsOvertaken(Invariant):
    """Who gets an agent has waited longest in that queue, of those for whom no phone rings or is still to end, and who
    were not offered this agent before.
    """

    name = "nobody is overtaken in a queue"

    def __init__(self, watch: Watch) -> None:
        super().__init__(watch)
        self._suspects: list[tuple[int, Wait, str]] = []
        """Who may have been overtaken: when, where, and what to say. In the same moment they may get somebody, too."""

    def seen(self, call: Watched, entry: Entry, session: Session) -> str:  # noqa: ARG002
        for at_ms, wait, message in self._suspects:
            if at_ms < self.watch.now_ms and wait.offered_ms != at_ms:
                return message
        self._suspects = [one for one in self._suspects if one[0] == self.watch.now_ms]
        event = entry.event
        if not isinstance(event, AgentOffered) or event.ticket not in call.waits:
            return ""
        mine = call.waits[event.ticket]
        if mine.left or mine.is_leaving:
            return ""
        for other in self.watch.calls:
            for wait in other.waits.values():
                if wait is not mine and self._comes_first(other, wait, mine, event.agent):
                    message = f"call {call.number} gets {event.agent} before call {other.number}, which came first"
                    self._suspects.append((self.watch.now_ms, wait, message))
        return ""

    def _comes_first(self, call: Watched, wait: Wait, mine: Wait, agent: str) -> bool:
        is_waiting = not wait.left and not wait.is_leaving and call.outcome is None and not wait.offered
        is_free = not any(leg.rung and leg.ended_ms is None for leg in call.legs.values())
        if wait.group != mine.group or not is_waiting or not is_free or agent in wait.asked:
            return False
        return _key(wait) < _key(mine)


def _key(wait: Wait) -> int:
    """Return what the line is ordered by; who came at the same moment came in any order."""
    return wait.since_ms - wait.priority * PRIORITY_STEP_MS
