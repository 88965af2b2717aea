"""What the parts of a live call know of it: prompts, agents' legs, recordings, hand-overs. Only the protocol."""

from collections.abc import Coroutine
from typing import Final, Protocol

from callflow.engine.events import Event
from callflow.pjsip.desk import Desk
from callflow.pjsip.endpoint import Endpoint

GONE: Final = "the call is over"


class Line(Protocol):
    """A call that came in, as its parts see it."""

    endpoint: Endpoint
    desk: Desk
    caller: int
    """The number of the caller's leg."""
    call_id: str

    @property
    def is_over(self) -> bool:
        """Return whether the caller's leg is gone, or about to be by our will: nothing is begun any more."""

    @property
    def now_ms(self) -> int:
        """Return the time since the offer."""

    def report(self, event: Event) -> None:
        """Let the session know."""

    def handed_over(self, ticket: int) -> None:
        """Let go of an agent whose leg goes on with somebody else."""

    def note(self, text: str) -> None:
        """Let the operator know."""

    def connect(self) -> None:
        """Have heard what should be heard now."""

    def in_background(self, work: Coroutine[None, None, None]) -> None:
        """Do what takes its time."""

    def perhaps_done(self) -> None:
        """Be done, when nothing of the call is left."""
