"""For a call that is over nothing more is begun."""

from callflow.engine.effects import Answer, Bridge, Dial, Enqueue, JoinRoom, Play, RecordMessage, Transfer
from callflow.engine.session import Session
from callflow.runner.journal import Entry
from callflow.swarm.invariants.base import Invariant
from callflow.swarm.watch import Watch, Watched

_BEGINS = (Answer, Bridge, Dial, Enqueue, JoinRoom, Play, RecordMessage, Transfer)


class QuietAfterTheEnd(Invariant):
    """What is done beside a call that is over, such as to tell a web service, goes on."""

    name = "nothing is begun for a call that is over"

    def __init__(self, watch: Watch) -> None:
        super().__init__(watch)
        self._over: set[int] = set()

    def seen(self, call: Watched, entry: Entry, session: Session) -> str:
        begun = [effect for effect in entry.effects if isinstance(effect, _BEGINS)]
        if call.number in self._over and begun:
            return f"call {call.number} is over, and {type(begun[0]).__name__} is ordered"
        if session.disposition is not None:
            self._over.add(call.number)
        return ""
