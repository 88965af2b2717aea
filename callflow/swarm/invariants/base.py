"""The shape of an invariant."""

from callflow.engine.session import Session
from callflow.runner.journal import Entry
from callflow.swarm.watch import Watch, Watched


class Invariant:
    """Something that has to hold. What is broken is a sentence; empty: it holds."""

    name = ""

    def __init__(self, watch: Watch) -> None:
        """Watch a world from its beginning."""
        self.watch = watch

    def seen(self, call: Watched, entry: Entry, session: Session) -> str:  # noqa: ARG002  for those who look
        """Look at an entry that the watch has taken in, and the session after it. Returns what is broken."""
        return ""

    def at_the_end(self) -> str:
        """Look at the world after the last call has ended. Returns what is broken."""
        return ""
