"""Every call ends in exactly one outcome."""

from callflow.engine.session import Disposition, Session
from callflow.runner.journal import Entry
from callflow.swarm.invariants.base import Invariant
from callflow.swarm.watch import Watched


class OneOutcome(Invariant):
    """It is there in the end and never changes, but that an abandoned call had left a message."""

    name = "every call ends in one outcome"

    def seen(self, call: Watched, entry: Entry, session: Session) -> str:  # noqa: ARG002
        before, call.outcome = call.outcome, session.disposition
        is_message = before is Disposition.ABANDONED and call.outcome is Disposition.VOICEMAIL
        if before is not None and call.outcome is not before and not is_message:
            return f"call {call.number} was {before.value} and is {call.outcome.value if call.outcome else 'going on'}"
        return ""

    def at_the_end(self) -> str:
        open_ = [str(call.number) for call in self.watch.calls if call.outcome is None]
        return f"calls {', '.join(open_)} have no outcome" if open_ else ""
