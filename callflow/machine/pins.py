"""The pin of a conference room, as the question that it is."""

from typing import Final

from callflow.limits import MENU_PAUSE_MS, MENU_TIMEOUT_MS, MENU_TRIES, PIN_DIGITS_MAX
from callflow.machine.model import Collecting, Conferencing

PIN: Final = "conference.pin"
"""The name that holds what was typed, until it has been looked at."""

JOINED: Final = -1
"""Where the pin leads when it is right."""


def pin_of(state: Conferencing) -> Collecting:
    """Return the question for the pin of a room."""
    return Collecting(
        where=state.where,
        name=PIN,
        passages=state.passages,
        retry=(),
        least=1,
        most=PIN_DIGITS_MAX,
        until="#",
        waits=False,
        pattern=state.pin,
        secret=True,
        tries=MENU_TRIES,
        silence_tries=None,
        invalid_tries=None,
        timeout_ms=MENU_TIMEOUT_MS,
        pause_ms=MENU_PAUSE_MS,
        silence=None,
        invalid=None,
        silent_end=None,
        invalid_end=None,
        otherwise=state.next,
        next=JOINED,
    )
