"""What somebody hears who goes round in a machine, in words for the note of a problem."""

from collections.abc import Iterable, Iterator
from typing import Final

from callflow.machine.labels import heard
from callflow.machine.model import (
    Collecting,
    Conferencing,
    Connecting,
    Menu,
    Playing,
    Queueing,
    State,
    TakingMessage,
    Waiting,
)
from callflow.words import duration, shown

_HEARD_MAX: Final = 3
"""Things that are named; who hears them knows the rest."""


def hearing(circle: Iterable[State]) -> str:
    """Return what is heard in some states, one after another: "`welcome`, then nothing for 10s"."""
    things = list(dict.fromkeys(thing for state in circle for thing in _heard(state)))
    more = ("and so on",) if len(things) > _HEARD_MAX else ()
    return ", then ".join(things[:_HEARD_MAX]) + "".join(f" {words}" for words in more) if things else "nothing"


def _heard(state: State) -> Iterator[str]:
    match state:
        case Playing(passage=passage):
            yield shown(heard(passage))
        case Menu(passages=passages) | Collecting(passages=passages):
            yield from (shown(heard(passage)) for passage in passages)
        case Waiting(ms=ms):
            yield f"nothing for {duration(ms)}"
        case Connecting(music=None):
            yield "ringing"
        case Connecting():
            yield "music"
        case Queueing(music=music):
            yield "ringing" if music is None else shown(heard(music))
        case Conferencing(passages=passages) if state.pin:
            yield from (shown(heard(passage)) for passage in passages)
        case TakingMessage(greeting=greeting) if greeting is not None:
            yield shown(heard(greeting))
        case _:
            pass
