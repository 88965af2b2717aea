"""What must not get into a journal: keys of something secret, and where they were sent. Changes nothing else."""

from collections.abc import Mapping
from typing import Final

import attrs

from callflow.engine.effects import Effect, Fetch
from callflow.engine.events import SECRET_KEY, DigitPressed, Event
from callflow.machine.model import (
    Collecting,
    Conferencing,
    Connecting,
    Machine,
    Menu,
    Queueing,
    State,
    TakingMessage,
    Value,
)

_TAKES_KEYS: Final = (Menu, Collecting, Connecting, Queueing, TakingMessage)
"""States in which a key is for the state itself. In any other it is kept ahead for whatever asks next."""


class Secrets:
    """What a machine asks for in secret."""

    def __init__(self, machine: Machine) -> None:
        self._states = machine.states
        self._names = {one.name for one in machine.states if isinstance(one, Collecting) and one.secret}
        self._any = any(_asks_secretly(one) for one in machine.states)

    def in_event(self, event: Event, state: int | None) -> Event:
        """Return an event as a journal may hold it. `state` is the number of the state that takes it."""
        if not self._any or state is None or not isinstance(event, DigitPressed) or event.leg is not None:
            return event
        now = self._states[state]
        hidden = _asks_secretly(now) or not isinstance(now, _TAKES_KEYS)
        return attrs.evolve(event, digit=SECRET_KEY) if hidden and event.digit.isdigit() else event

    def in_effects(self, effects: tuple[Effect, ...], names: Mapping[str, Value]) -> tuple[Effect, ...]:
        """Return effects as a journal may hold them: what was collected in secret is crossed out where it is sent."""
        if not self._names or not any(isinstance(one, Fetch) for one in effects):
            return effects
        hidden = [value for name in self._names if isinstance(value := names.get(name), str) and value]
        return tuple(_crossed_out(one, hidden) if isinstance(one, Fetch) else one for one in effects)


def _asks_secretly(state: State) -> bool:
    return (isinstance(state, Collecting) and state.secret) or (isinstance(state, Conferencing) and bool(state.pin))


def _crossed_out(fetch: Fetch, hidden: list[str]) -> Fetch:
    post = fetch.post
    if post is not None:
        post = {name: _without(value, hidden) if isinstance(value, str) else value for name, value in post.items()}
    return attrs.evolve(fetch, url=_without(fetch.url, hidden), post=post)


def _without(text: str, hidden: list[str]) -> str:
    for secret in hidden:
        text = text.replace(secret, SECRET_KEY * len(secret))
    return text
