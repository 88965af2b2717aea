"""An agent never has more calls than they take."""

from callflow.engine.events import LegAnswered, LegRang
from callflow.engine.session import Session
from callflow.runner.journal import Entry
from callflow.swarm.invariants.base import Invariant
from callflow.swarm.watch import Watched


class OneCallAnAgent(Invariant):
    """Phones that ring or talk, of all calls, counted from the orders."""

    name = "an agent never has more calls than they take"

    def seen(self, call: Watched, entry: Entry, session: Session) -> str:  # noqa: ARG002
        if not isinstance(entry.event, LegRang | LegAnswered) or entry.event.ticket not in call.legs:
            return ""
        agent = call.legs[entry.event.ticket].agent
        if agent not in self.watch.machine.agents:
            return ""
        held = sum(leg.holds for one in self.watch.calls for leg in one.legs.values() if leg.agent == agent)
        limit = self.watch.machine.agents[agent].limit
        return f"{agent} is held by {held} calls and takes {limit}" if held > limit else ""
