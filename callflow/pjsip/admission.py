"""Who is let in: slots are given out before the library runs out of them. Counts only; nothing here acts.

One slot always stays free, so that a caller too many can be told 503 with the time to come back; with no slot left the
library itself says 486, which an operator reads as a busy line.
"""

from collections import deque
from typing import Final

from callflow.machine.model import AddressTarget, Connecting, Machine, Queueing

PACE_S: Final = 0.6
"""The library keeps the sockets of a leg that is over for half a second before it can use their places again."""

PACE_LEGS_MAX: Final = 20
"""Legs begun within `PACE_S`. The library has 64 places for sockets of sound and aborts the process when it needs one
more; a leg takes two, and the legs that are up hold theirs."""

RETRY_AFTER_S: Final = 10
"""What a caller too many is told to wait. A conversation may last longer, but other workers may be free."""


class Pace:
    """How fast legs are begun, by anybody: also calls that are refused take sockets, before we are asked."""

    def __init__(self) -> None:
        self._begun: deque[float] = deque()

    def begun(self, now: float) -> None:
        """Take note of a leg."""
        self._begun.append(now)

    def wait_s(self, now: float) -> float:
        """Return how long to look at no new message, so that the sockets suffice."""
        while self._begun and self._begun[0] <= now - PACE_S:
            self._begun.popleft()
        return self._begun[0] + PACE_S - now if len(self._begun) >= PACE_LEGS_MAX else 0.0


class Admission:
    """The slots of one process and the calls that hold them.

    A call is let in with lines to agents' phones. All calls together hold no more lines than there are phones
    (`phones`; None: nobody knows how many), so that many callers can wait for few agents.
    """

    def __init__(self, slots: int, lines_each: int, phones: int | None = None) -> None:
        self.open = True
        self.slots = slots
        self.lines_each = max(0, min(lines_each, slots - 2))
        self.phones = phones
        self._held: dict[int, int] = {}

    def offer(self, key: int, lingering: int) -> int | None:
        """Admit a call and return how many phones it may ring at once, or None: there is no room for it.

        `lingering` counts the slots of legs that are over and not yet given back by the library.
        """
        wanted = self.lines_each if self.phones is None else min(self.lines_each, self.phones)
        free = self.slots - 1 - len(self._held) - 1 - lingering
        held = sum(self._held.values())
        fit = [lines for lines in range(min(1, wanted), wanted + 1) if self._shared(held + lines) <= free]
        if not self.open or not fit:
            return None
        self._held[key] = fit[-1]
        return fit[-1]

    def _shared(self, lines: int) -> int:
        return lines if self.phones is None else min(lines, self.phones)

    def release(self, key: int) -> None:
        """Give back what a call held."""
        self._held.pop(key, None)

    @property
    def calls(self) -> int:
        """Return how many calls are admitted now."""
        return len(self._held)


def phones_of(machine: Machine) -> int | None:
    """Return how many phones all calls of a scheme may ring or talk to at once; None: any number."""
    dialling = [state for state in machine.states if isinstance(state, Connecting | Queueing)]
    if any(isinstance(state, Connecting) and isinstance(state.target, AddressTarget) for state in dialling):
        return None
    return sum(agent.limit for agent in machine.agents.values()) if dialling else 0
