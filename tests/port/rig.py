"""What a test needs of a driver to try its promises: a call that it places, and agents that do as they are told."""

from collections.abc import Mapping
from typing import Protocol

import attrs

from callflow.runner.journal import Entry
from callflow.sim.behaviour import Behaviour


@attrs.frozen
class Plan:
    """What the caller does: at a time after the call was offered, press a key, or hang up."""

    at_ms: int
    key: str = ""
    hang_up: bool = False


class Rig(Protocol):
    """A driver under test."""

    name: str

    def call(self, scheme: str, plans: tuple[Plan, ...], agents: Mapping[str, Behaviour]) -> tuple[Entry, ...]:
        """Place a call to a scheme, let caller and agents do as planned, and return the journal when all is over.

        An agent that is not named never answers. The caller hangs up 15 s after the offer at the latest.
        """


LONGEST_MS = 15_000
"""When a caller who has nothing more planned hangs up."""
