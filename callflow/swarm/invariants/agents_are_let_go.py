"""No phone is left ringing or talking for a call that is over."""

from callflow.engine.session import Session
from callflow.runner.journal import Entry
from callflow.swarm.invariants.base import Invariant
from callflow.swarm.watch import Watched


class AgentsAreLetGo(Invariant):
    """Each phone that was called is called off, or has ended by itself, by the step that ends its call."""

    name = "no phone is left for a call that is over"

    def seen(self, call: Watched, entry: Entry, session: Session) -> str:  # noqa: ARG002
        if session.disposition is None:
            return ""
        left = [leg.agent for leg in call.legs.values() if leg.holds]
        return f"call {call.number} is over, and the phone of {left[0]} is not called off" if left else ""
