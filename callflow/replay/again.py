"""The steps of a call again, on the machine that answered it; and its tape, for others."""

from collections.abc import Sequence

import attrs

from callflow.engine.events import SECRET_KEY, CallOffered, DigitPressed
from callflow.engine.step import begin, step
from callflow.explore.live import values_of
from callflow.machine.model import Machine
from callflow.replay.driver import again
from callflow.replay.tape import Tape
from callflow.runner.journal import Entry
from callflow.sim.beside import happened


@attrs.frozen
class Strayed:
    """The first entry that is another now: its place in the journal from 0, and what comes of its event today."""

    number: int
    now: Entry


def is_secret(journal: Sequence[Entry]) -> bool:
    """Return whether keys are crossed out in a journal."""
    return any(isinstance(one.event, DigitPressed) and one.event.digit == SECRET_KEY for one in journal)


def strayed(machine: Machine, journal: Sequence[Entry]) -> Strayed | None:
    """Return where a call goes otherwise than its journal says, None: nowhere."""
    offer = journal[0].event
    assert isinstance(offer, CallOffered)
    done = begin(machine, offer)
    for number, entry in enumerate(journal):
        if number:
            done = step(machine, done.session, entry.event)
        now = Entry(entry.event, done.effects, done.session.state)
        if now != entry:
            return Strayed(number, now)
    return None


def tape_of(machine: Machine, journal: Sequence[Entry]) -> Tape:
    """Return the tape of a call.

    Where keys are crossed out others stand for them, which lead the same way if that is possible.
    """
    found = values_of(machine).items()
    values = {name: next((str(one) for one in known if str(one).isdigit()), "") for name, known in found}
    tapes = [Tape(machine, journal, values), Tape(machine, journal)]
    if not tapes[0].guessed:
        return tapes[0]
    was = happened(journal)
    return next((tape for tape in tapes if happened(again(machine, tape).journal) == was), tapes[0])
