"""What has to be decided when a call comes to a state: the answers that can make a difference there."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import attrs

from callflow.engine.evaluate import fits
from callflow.explore.live import names_in, sample
from callflow.machine.exits import exits
from callflow.machine.model import (
    AddressTarget,
    Agent,
    AgentTarget,
    Branch,
    Collecting,
    Conferencing,
    Confirm,
    Connecting,
    Consulting,
    Counting,
    ExtensionTarget,
    Fetching,
    GroupTarget,
    LastAgentTarget,
    Machine,
    Menu,
    Queueing,
    Setting,
    Splitting,
    State,
    Transferring,
    Value,
)
from callflow.numbers import example_number
from callflow.sim.behaviour import Behaviour, Reaction
from callflow.sim.scenario import UNSTATED_CALLER
from callflow.sim.world import WebAnswer

FREE, BUSY, AWAY = "free", "on a call", "away"
"""How the agents of a group stand when the call begins."""

SILENCE, SPEAK, HANG_UP = "", "speak", "hang up"
"""What a caller does besides pressing keys."""

ANSWER_MS, TALK_MS, CONFIRM_AFTER_MS, SPEAK_MS = 4_000, 30_000, 2_000, 5_000

EXTENSIONS_MAX: Final = 20
"""Extensions that are dialled in one menu."""

Key = tuple[str, str | int]
"""What is decided: the kind, and which of the kind."""

OF_THE_NUMBER: Final = ("caller.number", "caller.hidden", "caller.country")
WITHHELD: Final = ""
"""The number of who does not say it."""

_BROUGHT: Final = ("caller.name", "call.diverted_from")


@attrs.frozen
class Question:
    """Something to be decided, with the answers to try, in order: each says of what it is, and what."""

    key: Key
    answers: tuple[tuple[Key, Any], ...]


def ask(key: Key, values: Iterable[Any]) -> Question:
    """Return a question whose answers are all of one thing."""
    return Question(key, tuple((key, value) for value in values))


@attrs.frozen
class Share:
    """Chance falls into share `number` of `percents` when it is asked for the time `draw`, counted from 1."""

    number: int
    draw: int
    percents: tuple[int, ...]


@attrs.frozen
class Situation:
    """What is known of a call when a question comes up."""

    names: Mapping[str, Value]
    plan: Mapping[Key, Any]
    counts: Mapping[str, int]
    """How many questions of a kind came up before, where they are counted."""
    draws: int
    """How often chance was asked before."""
    involved: frozenset[str]
    """Agents who had something to do with this call before: how they stood at its beginning is settled."""


class Questions:
    """The questions of a machine."""

    def __init__(self, machine: Machine, values: Mapping[str, tuple[Value, ...]]) -> None:
        self._machine = machine
        self._values = values
        self._hangs_up = "hangup" in machine.handlers

    # --- on the way ---

    def at(self, number: int, now: Situation) -> Question | None:
        """Return what has to be decided when a call enters a state, None: nothing has to."""
        for question in self._raised(self._machine.states[number], now):
            if question.key not in now.plan and question.answers:
                return question
        return None

    def _raised(self, state: State, now: Situation) -> Iterator[Question]:
        match state:
            case Consulting(schedule=schedule):
                yield ask(("schedule", schedule), (True, False))
            case Branch() | Setting():
                for name in dict.fromkeys(names_in(state)):
                    if _is_given(self._machine, name):
                        yield self._given(name)
            case Counting(group=""):
                yield self._last_agent("")
            case Counting(group=group):
                yield from self._crowd(self._machine.groups[group].members, now)
            case Splitting(percents=percents):
                shares = (Share(n, now.draws + 1, percents) for n, percent in enumerate(percents) if percent)
                yield ask(("split", now.counts.get("split", 0)), shares)
            case Fetching():
                yield self._web(state, now)
            case Transferring():
                taken = (Behaviour(Reaction.ANSWERS, ANSWER_MS), Behaviour(Reaction.BUSY))
                yield ask(("manner", now.counts.get("manner", 0)), taken)
            case Connecting():
                yield from self._connect(state, now)
            case Queueing():
                yield from self._queue(state, now)
            case _:
                pass

    def _given(self, name: str) -> Question:
        """Ask for what a call brings along, or what was remembered."""
        if name in OF_THE_NUMBER:
            countries = (example_number(str(code)) for code in self._values.get("caller.country", ()) if code)
            known = (str(number) for number in self._values.get("caller.number", ()))
            numbers = (number for number in known if number.removeprefix("+").isdigit())
            return ask(("given", OF_THE_NUMBER[0]), dict.fromkeys((UNSTATED_CALLER, *numbers, *countries, WITHHELD)))
        values = [value for value in self._values.get(name, ()) if isinstance(value, str | int) and value is not True]
        return ask(("given", name), dict.fromkeys((None, *values)))

    def _last_agent(self, group: str) -> Question:
        members = self._machine.groups[group].members if group else tuple(self._machine.agents)
        return ask(("last", group), (None, *members[:1]))

    def _crowd(self, members: tuple[str, ...], now: Situation) -> Iterator[Question]:
        """Ask how a group's agents stand at the beginning, if that is not settled yet."""
        if _is_open(members, now):
            yield ask(("crowd", _named(members)), (FREE, BUSY, AWAY))

    def _web(self, state: Fetching, now: Situation) -> Question:
        """Ask what a web service answers: nothing of note, each field as each condition wants it, or that it fails."""
        before = f"{state.name}."
        fields = {
            name.removeprefix(before): [value for value in values if value is not None]
            for name, values in self._values.items()
            if name.startswith(before)
        }
        first = {name: values[0] for name, values in fields.items() if values}
        answers = [WebAnswer(first)] if first else []
        answers.append(WebAnswer())
        answers.extend(WebAnswer({**first, name: value}) for name, values in fields.items() for value in values[1:])
        answers.append(WebAnswer(trouble="the web service fails"))
        return ask(("web", now.counts.get("web", 0)), tuple(answers))

    def members(self, state: State, now: Situation) -> tuple[str, ...]:
        """Return the agents whom a state would ring."""
        match state:
            case Queueing(group=group, widenings=widenings):
                groups = (group, *(one.group for one in widenings))
                return tuple(dict.fromkeys(name for one in groups for name in self._machine.groups[one].members))
            case Connecting(target=AgentTarget(agent=agent)):
                return (agent,)
            case Connecting(target=GroupTarget(group=group)):
                return self._machine.groups[group].members
            case Connecting(target=LastAgentTarget(group=group)):
                last = now.plan.get(("last", group))
                return (last,) if last else ()
            case Connecting(target=ExtensionTarget()):
                dialled = now.names.get("digits")
                return tuple(one.name for one in self._machine.agents.values() if one.extension == dialled)
            case _:
                return ()

    def _connect(self, state: Connecting, now: Situation) -> Iterator[Question]:
        if isinstance(state.target, LastAgentTarget):
            question = self._last_agent(state.target.group)
            if question.key not in now.plan:
                yield question
                return
        members = self.members(state, now)
        if not members and not isinstance(state.target, AddressTarget):
            return
        places: dict[int, str] = {}
        for label, target in exits(state):
            if label in _REACTIONS:
                places.setdefault(target, label)
        stand = _settled(members, now)
        if stand in (BUSY, AWAY):
            return
        key: Key = ("manner", now.counts.get("manner", 0))
        answers: list[tuple[Key, Any]] = [(key, self._answers(state, members))]
        for label in places.values():
            reaction = _REACTIONS[label]
            if isinstance(reaction, Reaction):
                answers.append((key, Behaviour(reaction)))
            elif _is_open(members, now):
                answers.append((("crowd", _named(members)), reaction))
        yield Question(key, tuple(answers))

    def _queue(self, state: Queueing, now: Situation) -> Iterator[Question]:
        members = self.members(state, now)
        stand = _settled(members, now)
        if not members or stand in (BUSY, AWAY):
            return
        key: Key = ("manner", now.counts.get("manner", 0))
        answers: list[tuple[Key, Any]] = [(key, self._answers(state, members))]
        if _is_open(members, now):
            answers.extend((("crowd", _named(members)), stands) for stands in (BUSY, AWAY))
        else:
            answers.append((key, Behaviour(Reaction.NEVER_ANSWERS)))
        yield Question(key, tuple(answers))

    def _answers(self, state: Connecting | Queueing, members: tuple[str, ...]) -> Behaviour:
        """Return what somebody does who takes the call."""
        agents: list[Agent] = [self._machine.agents[name] for name in members]
        asked = state.manner.confirm or next((one.confirm for one in agents if one.confirm), None)
        keys = ((CONFIRM_AFTER_MS, Confirm.KEY_1.value),) if asked else ()
        return Behaviour(Reaction.ANSWERS, ANSWER_MS, TALK_MS, keys)

    # --- the caller ---

    def keys(self, state: State, count: int) -> Question | None:
        """Return what a caller may do who is asked for keys."""
        match state:
            case Menu():
                answers = list(state.keys)
                if state.extensions is not None:
                    known = [one.extension for one in self._machine.agents.values() if one.extension]
                    answers.extend(known[:EXTENSIONS_MAX])
                    answers.append(_unlike(known))
                answers.extend(_wrong(state.keys))
            case Collecting():
                answers = self._digits(state)
            case Conferencing(pin=pin):
                answers = [f"{pin}#", f"{_unlike([pin])}#"]
            case _:
                return None
        return self._asked(("do", count), answers)

    def waiting(self, state: State, count: int) -> Question | None:
        """Return what a caller may do who waits for an agent, None: nothing but wait."""
        if not isinstance(state, Connecting | Queueing) or not (state.keys or self._hangs_up):
            return None
        return self._asked(("do", count), list(state.keys))

    def message(self, count: int) -> Question:
        """Return what a caller may do who is to leave a message."""
        return self._asked(("do", count), [SPEAK])

    def _asked(self, key: Key, answers: list[str]) -> Question:
        last = (SILENCE, HANG_UP) if self._hangs_up else (SILENCE,)
        return ask(key, dict.fromkeys((*answers, *last)))

    def _digits(self, state: Collecting) -> list[str]:
        """Return digits that are taken, those that conditions ask for first, and some that are not."""
        told = [str(value) for value in self._values.get(state.name, ()) if value is not None and str(value).isdigit()]
        usual = sample(state.pattern) if state.pattern else ""
        usual += "1" * max(0, state.least - len(usual))
        good = [one for one in (*told, usual) if self._fits(state, one)]
        bad = [one for one in ("0" * state.most, "1" * state.most, "1") if not self._fits(state, one)]
        return [f"{one}{state.until}" for one in (*good, *bad[:1])]

    def _fits(self, state: Collecting, digits: str) -> bool:
        right = state.least <= len(digits) <= state.most
        return right and (not state.pattern or fits(digits, state.pattern))


_REACTIONS: Final[Mapping[str, Reaction | str]] = {
    "busy": Reaction.BUSY,
    "no answer": Reaction.NEVER_ANSWERS,
    "rejected": Reaction.REJECTS,
    "unreachable": Reaction.UNREACHABLE,
    "on another call": BUSY,
    "away": AWAY,
}


def _is_given(machine: Machine, name: str) -> bool:
    """Return whether a name has its value from before the call."""
    return name in machine.remembered or name.startswith("header.") or name in (*OF_THE_NUMBER, *_BROUGHT)


def _named(members: tuple[str, ...]) -> str:
    return ", ".join(members)


def _settled(members: tuple[str, ...], now: Situation) -> str | None:
    """Return how agents stand, if it was said of one of them."""
    for (kind, names), stand in now.plan.items():
        if kind == "crowd" and set(str(names).split(", ")).intersection(members):
            return str(stand)
    return None


def _is_open(members: tuple[str, ...], now: Situation) -> bool:
    """Return whether it may still be said how agents stand at the beginning."""
    return bool(members) and not now.involved.intersection(members) and _settled(members, now) is None


def _wrong(keys: Mapping[str, int]) -> list[str]:
    """Return a key that a menu does not have, if there is one."""
    return [key for key in "0123456789*#" if key not in keys][:1]


def _unlike(known: list[str]) -> str:
    """Return digits that are none of these."""
    length = max((len(one) for one in known), default=1)
    return next(one for one in (digit * length for digit in "9876543210") if one not in known)
