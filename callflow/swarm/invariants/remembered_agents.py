"""The last agent of a caller is somebody who talked with them."""

from callflow.engine.effects import Seek
from callflow.engine.events import AgentsFound, GroupCounted
from callflow.engine.session import Session
from callflow.runner.journal import Entry
from callflow.swarm.invariants.base import Invariant
from callflow.swarm.watch import Watch, Watched


class RememberedAgents(Invariant):
    """For callers who withhold their number it is nobody."""

    name = "a last agent is somebody who talked with the caller"

    def __init__(self, watch: Watch) -> None:
        super().__init__(watch)
        self._sought: set[tuple[int, int]] = set()

    def seen(self, call: Watched, entry: Entry, session: Session) -> str:  # noqa: ARG002
        event = entry.event
        agents: tuple[str, ...] = ()
        if isinstance(event, AgentsFound) and (call.number, event.ticket) in self._sought:
            agents = event.agents
        elif isinstance(event, GroupCounted) and event.agent:
            agents = (event.agent,)
        self._sought |= {(call.number, one.ticket) for one in entry.effects if isinstance(one, Seek) and one.last}
        for agent in agents:
            if not call.caller or agent not in self.watch.talked.get(call.caller, ()):
                return f"{agent} is taken for the last agent of call {call.number}, and never talked with that caller"
        return ""
