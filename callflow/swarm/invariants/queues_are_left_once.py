"""Each wait in a queue ends exactly once."""

from callflow.engine.session import Session
from callflow.runner.journal import Entry
from callflow.swarm.invariants.base import Invariant
from callflow.swarm.watch import Watched


class QueuesAreLeftOnce(Invariant):
    """Who came is who left."""

    name = "each wait in a queue ends once"

    def seen(self, call: Watched, entry: Entry, session: Session) -> str:  # noqa: ARG002
        twice = [wait.group for wait in call.waits.values() if wait.left > 1]
        return f"call {call.number} left the queue {twice[0]} twice" if twice else ""

    def at_the_end(self) -> str:
        for call in self.watch.calls:
            for wait in call.waits.values():
                if not wait.left:
                    return f"call {call.number} never left the queue {wait.group}"
        return ""
