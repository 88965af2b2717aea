"""What every driver offers a call and promises about it: the simulator and the SIP endpoint alike.

A driver is told effects through `Port.carry_out` and reports events through `Runner.report`. Its promises, kept by one
set of tests that runs against every driver:

1.  Every ticket ends exactly once, with the event that the effect names, also when it was stopped or dropped and also
    when it could not be begun (then at once, with the reason in the event).
2.  Events come with `at_ms` that never goes back.
3.  `CallerHungUp` comes once, when the caller ended the call; never after `HangUp` or `Reject` was carried out.
4.  `StopPlaying`, `Drop` and `StopRecording` of a ticket that has ended do nothing.
5.  `HangUp` ends the caller's leg, every other leg, every prompt and every recording. A leg that answers while it is
    being dropped is hung up by the driver.
6.  `Drop` of a bridged leg, or its end, leaves the caller's leg up and silent.
7.  Keys are reported from the moment the caller can press them (early media included), one event a key press.
8.  An effect may be reported on before `carry_out` returns.

What a call shares with other calls is not the port's: the runner gives it to a house (`runner/house.py`), and a phone
is called only once its agent is reserved. Of a refused one the port is told nothing but perhaps its `Drop` (4). A port
is told of `JoinRoom` to get ready for the sound; whether and when the caller is in the room the house says: from the
entry whose event is `RoomJoined` with `opened` the caller hears the others who have it, until the entry of `RoomLeft`.
A driver sees both as `listen` of its runner.
"""

from typing import Protocol

from callflow.engine.effects import Effect


class Port(Protocol):
    """One call as a driver offers it to the runner."""

    def carry_out(self, effect: Effect) -> None:
        """Begin what the effect orders. Returns at once and never raises; failures are events."""
