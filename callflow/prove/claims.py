"""What is proven of every call that a machine takes, in numbers: how long a caller hears nothing, how long one who does
nothing is in the line, how often a call overflows. What a state adds stands in one table, `_stay`.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final, assert_never

import attrs

from callflow.diagnostic import Code, Diagnostic
from callflow.limits import ALONE_MS_MAX, CALL_MS_MAX, LEGS_TRIED_MAX, RING_EACH_MS, RING_MS, TRANSFER_MS_MAX
from callflow.machine.exits import takes_time
from callflow.machine.labels import label
from callflow.machine.lowered import Lowered
from callflow.machine.model import (
    Answering,
    Branch,
    CallingBack,
    ChangingRecording,
    Collecting,
    Conferencing,
    Connecting,
    Consulting,
    Counting,
    Fetching,
    Forcing,
    Forgetting,
    GroupTarget,
    HangingUp,
    Machine,
    Menu,
    Notifying,
    Passage,
    Playing,
    Queueing,
    RecordingCall,
    Rejecting,
    Remembering,
    Repass,
    Setting,
    SettingFields,
    Speaking,
    Splitting,
    State,
    Strategy,
    Tagging,
    TakingMessage,
    Transferring,
    Waiting,
    Where,
)
from callflow.machine.pins import pin_of
from callflow.prove import graphs, problems
from callflow.prove.walks import Longest, Walks, longest, passes, walks

_NO_END: Final = frozenset({problems.NEVER_WAITS, problems.NO_WAY_OUT})
_PROMPTS_MAX: Final = 2**20
"""More prompts than any call has: a prompt weighs less than a millisecond, but more than nothing."""
_TOO_LARGE: Final = frozenset({problems.FLOW_TOO_LARGE, problems.SCHEME_TOO_LARGE})


@attrs.frozen
class Claims:
    """What holds for every call. A time of None has no bound but the one of every call, `CALL_MS_MAX`."""

    against: tuple[Code, ...]
    """The problems that say that not every caller reaches an end; empty where it is proven."""
    silence_ms: int | None
    """The longest time that a caller hears nothing."""
    silence_at: Where | None
    """Where it begins."""
    alone_ms: int | None
    """The longest time until the call of somebody who does nothing is over, without what is played."""
    alone_prompts: int
    """How much is played in that time."""
    overflow: tuple[str, ...] | None
    """The most tries to reach somebody that fail one after another; None: there is no end of them."""
    unreached: tuple[str, ...]
    """Flows that no call gets to."""
    numbers: Mapping[str, str]
    """The flow that each number leads to."""


def claims(lowered: Lowered, told: Sequence[Diagnostic]) -> Claims | None:
    """Return what is proven of a machine beside the problems told, None where it is too large to be looked at."""
    if any(problem.code in _TOO_LARGE for problem in told):
        return None
    machine = lowered.machine
    found = _Found(machine, walks(machine.states, (machine.start, *machine.numbers.values())))
    silence_ms, silence_at = found.silence()
    alone_ms, alone_prompts = found.alone()
    return Claims(
        against=tuple(dict.fromkeys(problem.code for problem in told if problem.code in _NO_END)),
        silence_ms=silence_ms,
        silence_at=silence_at,
        alone_ms=alone_ms,
        alone_prompts=alone_prompts,
        overflow=found.overflow(),
        unreached=found.unreached(),
        numbers={number: _flow(machine, state) for number, state in machine.numbers.items()},
    )


def _flow(machine: Machine, number: int) -> str:
    """Return the flow that begins with a state: the one that it was written in, unless that begins elsewhere."""
    begin = [name for name, state in machine.flows.items() if state == number]
    written = machine.states[number].where.flow
    return written if written in begin or not begin else begin[0]


# --- what happens in a state ----------------------------------------------------------------------------------------


@attrs.frozen
class _Stay:
    """What a caller goes through in a state. First they hear something, if `heard`; then nothing, for `quiet_ms`."""

    heard: bool = False
    quiet_ms: int = 0
    alone_ms: int = 0
    """How long one who does nothing is there, without what is played."""
    prompts: int = 0
    is_try: bool = False
    """Whether somebody is to be reached, which may fail."""


def _stay(state: State, machine: Machine) -> _Stay:
    match state:
        case Playing():
            return _Stay(heard=takes_time(state), prompts=1)
        case Waiting(ms=ms):
            return _Stay(quiet_ms=ms, alone_ms=ms)
        case Menu() | Collecting():
            return _asking(state, machine)
        case Connecting():
            return _Stay(heard=True, alone_ms=_ring_ms(state, machine), is_try=True)
        case Queueing(wait_ms=ms):
            return _Stay(heard=True, alone_ms=ms, is_try=True)
        case Conferencing():
            return _conference(state, machine)
        case Transferring():
            return _Stay(quiet_ms=TRANSFER_MS_MAX, alone_ms=TRANSFER_MS_MAX, is_try=True)
        case Fetching(timeout_ms=ms):
            return _Stay(quiet_ms=ms, alone_ms=ms)
        case TakingMessage(max_ms=ms, greeting=greeting):
            return _Stay(heard=takes_time(state), alone_ms=ms, prompts=int(greeting is not None))
        case (
            Answering() | Repass() | Consulting() | Counting() | Branch() | Splitting() | Setting() | SettingFields()
            | Speaking() | Tagging() | RecordingCall() | ChangingRecording() | Remembering() | Forgetting() | Forcing()
            | Notifying() | CallingBack() | HangingUp() | Rejecting()
        ):  # fmt: skip
            return _Stay()
        case _:
            assert_never(state)


def _asking(menu: Menu | Collecting, machine: Machine) -> _Stay:
    """Return what a menu is like. Without a way back into it, all its passes are one stay."""
    if isinstance(menu, Menu):
        numbers = [agent.extension for agent in machine.agents.values()] if menu.extensions is not None else []
        keys = max(len(choice) for choice in (*menu.keys, *numbers, "0"))
    else:
        keys = menu.most + int(menu.waits)
    quiet_ms = menu.timeout_ms + (keys - 1) * menu.pause_ms
    heard = _is_heard(menu, menu.passages) and (not menu.retry or _is_heard(menu, menu.retry))
    times = passes(menu) if menu.silence is None else 1
    return _Stay(
        heard=heard,
        quiet_ms=quiet_ms if heard else quiet_ms * times,
        alone_ms=menu.timeout_ms * times,
        prompts=len(menu.passages) + len(menu.retry or menu.passages) * (times - 1),
    )


def _conference(room: Conferencing, machine: Machine) -> _Stay:
    """Return what a caller is like who does nothing: where there is a pin, they never get in."""
    if room.pin:
        return _asking(pin_of(room), machine)
    return _Stay(heard=True, alone_ms=ALONE_MS_MAX)


def _is_heard(menu: Menu | Collecting, passages: Sequence[Passage]) -> bool:
    return any(takes_time(Playing(menu.where, passage, menu.next)) for passage in passages)


def _ring_ms(state: Connecting, machine: Machine) -> int:
    """Return how long phones ring that nobody answers."""
    if state.ring_ms is not None:
        return state.ring_ms
    group = machine.groups.get(state.target.group) if isinstance(state.target, GroupTarget) else None
    if group is None:
        return state.each_ms or RING_MS
    in_turn = (state.strategy or group.strategy) is Strategy.IN_TURN and len(group.members) > 1
    each_ms = state.each_ms or group.each_ms or (RING_EACH_MS if in_turn else RING_MS)
    return each_ms * min(len(group.members), LEGS_TRIED_MAX) if in_turn else each_ms


# --- the longest of it ----------------------------------------------------------------------------------------------


class _Found:
    def __init__(self, machine: Machine, ways: Walks) -> None:
        self._machine = machine
        self._ways = ways
        self._states = [machine.states[number] for number in ways.states]
        stays = {number: _stay(machine.states[number], machine) for number in set(ways.states)}
        self._stays = [stays[number] for number in ways.states]

    def silence(self) -> tuple[int | None, Where | None]:
        """Return the longest silence and where it begins: at the entry of a call, or behind something heard."""
        stays, edges = self._stays, self._ways.edges
        quiet = self._longest(lambda at: (to for to in edges[at] if not stays[to].heard), lambda at: stays[at].quiet_ms)
        begins = [at for at, stay in enumerate(stays) if stay.heard] + list(self._ways.entries)
        at = max(begins, key=lambda at: _or_no_end(quiet.weights[at]))
        silent = (self._states[place].where for place in quiet.way(at) if stays[place].quiet_ms)
        return quiet.weights[at], next(silent, None)

    def alone(self) -> tuple[int | None, int]:
        """Return how long a call lasts in which the caller does nothing, and how often something is played in it."""
        silent = self._longest(
            lambda at: self._ways.silent[at],
            lambda at: self._stays[at].alone_ms * _PROMPTS_MAX + self._stays[at].prompts,
        )
        weight = max((silent.weights[at] for at in self._ways.entries), key=_or_no_end)
        if weight is None or weight >= CALL_MS_MAX * _PROMPTS_MAX:
            return None, 0
        return divmod(weight, _PROMPTS_MAX)

    def overflow(self) -> tuple[str, ...] | None:
        """Return the longest chain of tries to reach somebody."""
        tries = self._longest(lambda at: self._ways.silent[at], lambda at: int(self._stays[at].is_try))
        at = max(range(len(self._states)), key=lambda at: _or_no_end(tries.weights[at]))
        if tries.weights[at] is None:
            return None
        return tuple(label(self._states[place]) for place in tries.way(at) if self._stays[place].is_try)

    def unreached(self) -> tuple[str, ...]:
        """Return the flows of which no state is entered. What handles a hang-up, a limit or trouble may always be."""
        states = self._machine.states
        reached = {states[at].where.flow for at in {*self._ways.states, *self._machine.handlers.values()}}
        written = dict.fromkeys(state.where.flow for state in states)
        return tuple(flow for flow in written if flow not in reached)

    def _longest(self, edges: graphs.Edges, weight: Callable[[int], int]) -> Longest:
        return longest(len(self._states), edges, weight)


def _or_no_end(weight: int | None) -> int:
    """Return a weight to be compared: what has no end weighs most."""
    return sys.maxsize if weight is None else weight
