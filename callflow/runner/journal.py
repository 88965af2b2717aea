"""What happened to one session: every event with the effects it caused, in order."""

import attrs

from callflow.engine.effects import Effect
from callflow.engine.events import Event


@attrs.frozen
class Entry:
    """One event and what the session ordered because of it. `state` is the number of the state it ended up in."""

    event: Event
    effects: tuple[Effect, ...]
    state: int
