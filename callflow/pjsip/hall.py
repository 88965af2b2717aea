"""The floor of this process (`callflow.acd`), kept going in real time: one clock for all its calls, one alarm."""

import asyncio
from collections.abc import Callable

from callflow.acd.floor import Floor
from callflow.acd.schedules import Almanac
from callflow.acd.seat import Seat
from callflow.engine.events import CallOffered, Event
from callflow.machine.model import Machine, Value


class Hall:
    """Where the calls of this process meet. `tell` is told who is to be called back."""

    def __init__(self, machine: Machine, almanac: Almanac, tell: Callable[[str], None]) -> None:
        self.floor = Floor(
            machine, almanac, lambda wanted: tell(f"to be called back: {wanted.number} ({wanted.group})")
        )
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._alarm: asyncio.TimerHandle | None = None
        self._alarm_ms: int | None = None

    @property
    def now_ms(self) -> int:
        """Return the time of the floor."""
        return int((self._loop.time() - self._began) * 1000)

    def remembered(self, caller: str) -> dict[str, Value]:
        """Return what is remembered for a caller."""
        return self.floor.remembered(caller, self.now_ms)

    def join(self, offer: CallOffered, report: Callable[[Event], None]) -> Seat:
        """Let a call take part that is offered now."""
        return self.floor.join(offer, self.now_ms, report)

    def set_alarm(self) -> None:
        """Be woken when the floor wants it; to be called after anything that calls did."""
        due_ms = self.floor.next_deadline_ms
        if due_ms == self._alarm_ms and self._alarm is not None:
            return
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        self._alarm_ms = due_ms
        if due_ms is not None:
            self._alarm = self._loop.call_at(self._began + due_ms / 1000, self._wake, due_ms)

    def _wake(self, due_ms: int) -> None:
        self._alarm = None
        self.floor.wake(max(due_ms, self.now_ms))
        self.set_alarm()
