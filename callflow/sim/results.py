"""What came of a call, as the expectations of a script name it."""

from collections.abc import Sequence
from typing import Final

import attrs

from callflow.engine.effects import CallBack, Dial, Effect, Enqueue, Transfer
from callflow.engine.events import Event, LegAnswered, LegEnded, MessageRecorded
from callflow.engine.session import Disposition
from callflow.machine.model import Value
from callflow.runner.journal import Entry
from callflow.sim.trace import REFUSED

_KEPT: Final = "voicemail/"
"""Where messages are kept for a box; what was said for the call alone is elsewhere."""

KINDS: Final = ("outcome", "rang", "answered by", "message", "queued", "transferred to", "called back", "tags")
"""The expectations that are compared with `Results.of`."""

GROWING: Final = ("rang", "answered by", "message", "queued", "transferred to", "called back")
"""Those that grow as the call goes on."""


@attrs.frozen
class Results:
    """A call that is over, or at least as far as it got."""

    journal: Sequence[Entry]
    outcome: Disposition | None
    tags: Value = None

    def of(self, kind: str) -> tuple[str, ...]:
        """Return what came of the call, for one of `KINDS`: values in order."""
        match kind:
            case "outcome":
                return (self.outcome.value if self.outcome else "still going on",)
            case "rang":
                return self._rang()
            case "answered by":
                dialled = {one.ticket: one.agent or one.uri for one in self._effects() if isinstance(one, Dial)}
                return tuple(dialled[one.ticket] for one in self._events() if isinstance(one, LegAnswered))
            case "message":
                files = (one.file for one in self._events() if isinstance(one, MessageRecorded))
                return tuple(file.removeprefix(_KEPT).rpartition("/")[0] for file in files if file.startswith(_KEPT))
            case "queued":
                return tuple(one.group for one in self._effects() if isinstance(one, Enqueue))
            case "transferred to":
                return tuple(one.uri for one in self._effects() if isinstance(one, Transfer))
            case "called back":
                return tuple(one.number for one in self._effects() if isinstance(one, CallBack))
            case "tags":
                return tuple(str(self.tags).split(", ")) if self.tags else ()
            case _:
                raise AssertionError(kind)

    def _rang(self) -> tuple[str, ...]:
        """Return whose phones rang. Of an agent who is not free no phone does."""
        refused = {one.ticket for one in self._events() if isinstance(one, LegEnded) and one.outcome in REFUSED}
        dialled = (one for one in self._effects() if isinstance(one, Dial))
        return tuple(one.agent or one.uri for one in dialled if one.ticket not in refused)

    def _events(self) -> list[Event]:
        return [entry.event for entry in self.journal]

    def _effects(self) -> list[Effect]:
        return [effect for entry in self.journal for effect in entry.effects]
