"""Only who answered is given to a caller, once, and while both are there."""

from callflow.engine.effects import Bridge
from callflow.engine.session import Session
from callflow.runner.journal import Entry
from callflow.swarm.invariants.base import Invariant
from callflow.swarm.watch import Watch, Watched


class Bridges(Invariant):
    """Looks at each order to bridge before it is carried out."""

    name = "only who answered is given to a caller"

    def __init__(self, watch: Watch) -> None:
        super().__init__(watch)
        self._bridged: set[tuple[int, int]] = set()

    def seen(self, call: Watched, entry: Entry, session: Session) -> str:  # noqa: ARG002
        for effect in entry.effects:
            if not isinstance(effect, Bridge):
                continue
            leg = call.legs.get(effect.ticket)
            if leg is None or not leg.answered:
                return f"call {call.number} is given to a phone that nobody answered"
            if leg.ended_ms is not None or leg.dropped_ms is not None:
                return f"call {call.number} is given to {leg.agent}, whose phone is off"
            if (call.number, effect.ticket) in self._bridged:
                return f"call {call.number} is given to {leg.agent} twice"
            talking = [one.agent for one in call.legs.values() if one is not leg and one.talks_ms and one.holds]
            if talking:
                return f"call {call.number} is given to {leg.agent} and to {talking[0]}"
            self._bridged.add((call.number, effect.ticket))
        return ""
