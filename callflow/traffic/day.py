"""A day of calls on one line, in virtual time: every caller is a simulated call that the engine answers."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import attrs

from callflow.acd.schedules import Almanac
from callflow.engine.effects import Bridge, Dial, Enqueue, RecordMessage
from callflow.engine.events import CallOffered, LegEnded
from callflow.engine.session import Disposition, InRoom, MenuKeys, Queued, Ringing
from callflow.machine.model import Collecting, Machine, Spoken, State
from callflow.runner.journal import Entry
from callflow.sim.behaviour import Behaviour, Reaction
from callflow.sim.call import SimCall, spoken_ms
from callflow.sim.world import World
from callflow.traffic import shifts
from callflow.traffic.demand import Caller, Demand, callers


@attrs.define
class Record:
    """What became of a call. Times in milliseconds from the beginning of the day; None: that did not happen."""

    number: int
    arrived_ms: int
    waits_ms: int | None = None
    """When the caller first waited for somebody: in a queue, or while telephones ring."""
    talks_ms: int | None = None
    talked_ms: int = 0
    """How long they talked, with all agents together."""
    over_ms: int | None = None
    outcome: Disposition | None = None

    @property
    def waited_ms(self) -> int | None:
        """Return how long the caller waited for somebody, None: they never did, or wait still."""
        end = self.talks_ms if self.talks_ms is not None else self.over_ms
        return None if self.waits_ms is None or end is None else end - self.waits_ms

    @property
    def abandoned(self) -> bool:
        """Return whether the caller hung up while they waited."""
        return self.outcome is Disposition.ABANDONED and self.waits_ms is not None


Over = Callable[[Record, Sequence[int]], None]
"""Is told what became of a call when it is over, and the states it came to."""


def day(machine: Machine, almanac: Almanac, demand: Demand, seed: int, begins_ms: int, lasts_ms: int) -> list[Record]:
    """Return what becomes of everybody who calls within a time, in the order in which they called. See `run`."""
    found: list[Record] = []
    run(machine, almanac, demand, seed, begins_ms, lasts_ms, lambda record, _passed: found.append(record))
    return sorted(found, key=lambda one: one.number)


def run(
    machine: Machine, almanac: Almanac, demand: Demand, seed: int, begins_ms: int, lasts_ms: int, over: Over
) -> None:
    """Let people call for a time, and go on until the last call is over. Keeps nothing of calls that are over.

    Args:
        machine: The scheme.
        almanac: When its schedules are open.
        demand: Who calls, and what people do.
        seed: Where chance begins; the same seed is the same day.
        begins_ms: The wall clock of the beginning, milliseconds since 1970 UTC.
        lasts_ms: How long calls come in.
        over: Is told of each call when it is over.
    """
    length = None if demand.prompts is None else demand.prompts.mean_ms
    world = World(machine, almanac, _nobody, spoken_ms if length is None else partial(_lasting, round(length)))
    shifts.keep(world, shifts.understood(machine, demand.shifts), begins_ms, lasts_ms)
    coming = callers(demand, seed, lasts_ms, begins_ms)

    def next_one() -> None:
        """Let the next caller call, who has the one after them call when it is time."""
        for caller in coming:
            world.plan(caller.arrives_ms, partial(arrive, caller))
            return

    def arrive(caller: Caller) -> None:
        next_one()
        _Call(world, demand, caller, begins_ms + caller.arrives_ms, over)

    next_one()
    while world.step():
        pass


_TAKES: Final = ((1_000, "1"),)
"""What an agent presses after answering: who is asked to confirm does."""


def _nobody(_agent: str, _uri: str) -> Behaviour:
    return Behaviour(Reaction.UNREACHABLE)


def _lasting(ms: int, _item: Spoken) -> int:
    return ms


class _Call:
    """A caller and their call."""

    def __init__(self, world: World, demand: Demand, caller: Caller, wall_ms: int, over: Over) -> None:
        self._world = world
        self._demand = demand
        self._caller = caller
        self._over = over
        self._told = False
        self._record = Record(caller.number, caller.arrives_ms)
        self._keys = caller.keys
        self._talking: dict[int, int] = {}
        self._asked = 0
        """How often a menu waited for keys: what was meant for one of these times is not for another."""
        self._call: SimCall | None = None
        offer = CallOffered(0, caller.caller, caller.called, started_ms=wall_ms, seed=caller.number)
        self._call = SimCall(world, offer, self._listen, self._agent)
        self._look(world.now_ms)

    def _agent(self, _agent: str, _uri: str) -> Behaviour:
        return Behaviour(Reaction.ANSWERS, self._caller.answer_ms, self._caller.talk_ms, _TAKES)

    def _listen(self, entry: Entry) -> None:
        record, now_ms = self._record, self._world.now_ms
        if isinstance(entry.event, LegEnded) and entry.event.ticket in self._talking:
            record.talked_ms += now_ms - self._talking.pop(entry.event.ticket)
        for effect in entry.effects:
            match effect:
                case Enqueue() | Dial() if record.waits_ms is None:
                    record.waits_ms = now_ms
                    self._wait()
                case Bridge(ticket=ticket):
                    self._talking[ticket] = now_ms
                    record.talks_ms = now_ms if record.talks_ms is None else record.talks_ms
                case RecordMessage():
                    self._world.plan(now_ms, self._speak)
                case _:
                    pass
        self._look(now_ms)

    def _look(self, now_ms: int) -> None:
        """See what the call is doing now, and what the caller does about it."""
        call = self._call
        if call is None:  # it is only being offered
            return
        session = call.runner.session
        match session.activity:
            case MenuKeys(keys=""):
                self._asked += 1
                think_ms = self._demand.think.draw(self._caller.random)
                key = self._key(call.runner.machine.states[session.state])
                if key:
                    self._world.plan(now_ms + think_ms, partial(self._press, self._asked, key))
            case InRoom():
                self._world.plan(now_ms + self._caller.talk_ms, call.hang_up)
            case _:
                pass
        if session.disposition is not None:  # a message that is being kept may still change it
            self._record.outcome = session.disposition
            self._record.over_ms = now_ms if self._record.over_ms is None else self._record.over_ms
        if session.ended and not self._talking and not self._told:
            self._told = True
            self._over(self._record, call.runner.passed)

    def _key(self, state: State) -> str:
        """Return what the caller presses where keys are waited for: as was logged, or by chance."""
        if not self._caller.keys:
            return self._caller.key(self._demand.presses.get(state.where.flow, {}))
        most = state.most if isinstance(state, Collecting) else 1
        key, self._keys = self._keys[:most], self._keys[most:]
        return key

    def _press(self, asked: int, key: str) -> None:
        call = self._call
        if call is not None and asked == self._asked and isinstance(call.runner.session.activity, MenuKeys):
            for digit in key:
                call.press(digit)

    def _wait(self) -> None:
        if self._caller.patience_ms is not None:
            self._world.plan(self._world.now_ms + self._caller.patience_ms, self._lose_patience)

    def _lose_patience(self) -> None:
        call = self._call
        if call is not None and isinstance(call.runner.session.activity, Queued | Ringing):
            call.hang_up()

    def _speak(self) -> None:
        if self._call is not None and self._call.recording:
            self._call.say(self._caller.message_ms)
            self._world.plan(self._world.now_ms + self._caller.message_ms, self._call.hang_up)
