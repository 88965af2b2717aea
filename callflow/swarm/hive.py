"""One world of many calls that fails by chance, for a while; then the faults stop, and every call has to end."""

import hashlib
from collections.abc import Sequence
from functools import partial
from typing import Final

import attrs

from callflow.acd.agents import Availability
from callflow.almanac.almanac import Override, Schedules
from callflow.engine.effects import Dial, Drop, Effect
from callflow.engine.events import CallOffered, DeadlinePassed, Event
from callflow.engine.session import Activity, InRoom, MenuKeys, Talking
from callflow.machine.model import Collecting, Machine, Menu
from callflow.runner.journal import Entry, to_line
from callflow.runner.transcript import Transcript
from callflow.sim.call import SimCall, spoken_ms
from callflow.sim.world import World
from callflow.swarm.faults import STEP_MS, Faults
from callflow.swarm.invariants import ALL
from callflow.swarm.invariants.base import Invariant
from callflow.swarm.watch import Watch, Watched

BEGINS_MS: Final = 1_773_133_200_000
"""The wall clock of the first call: Tuesday 2026-03-10, 09:00 UTC."""

CALLS: Final = 30
WILD_MS: Final = 20 * 60_000
"""For how long there are faults, and calls come in."""
LAG_MS_MAX: Final = 32_000
"""64 * T1 of RFC 3261: when an INVITE that was cancelled is over at the latest."""
_STEPS_MAX: Final = 400_000
_HOUR_MS: Final = 3_600_000


@attrs.frozen
class Broken:
    """An invariant that does not hold: what it says, what is, and the journal of the call where it was seen."""

    invariant: str
    message: str
    call: int | None
    journal: tuple[Entry, ...]

    def ladder(self, machine: Machine) -> str:
        """Return the call as a ladder; nothing where it is none of one call."""
        transcript = Transcript(machine)
        return "\n".join([transcript.head(), *(line for entry in self.journal for line in transcript.lines(entry))])


@attrs.frozen
class Lived:
    """What became of a world."""

    seed: int
    faults: str
    calls: int
    events: int
    lasted_ms: int
    """How much virtual time went by."""
    digest: str
    """The same journals have the same."""
    broken: Broken | None


class _Stop(Exception):
    def __init__(self, broken: Broken) -> None:
        super().__init__()
        self.broken = broken


class _Call(SimCall):
    """A call whose port fails by chance, and whose caller does anything."""

    def __init__(self, hive: "_Hive", world: World, offer: CallOffered, watched: Watched) -> None:
        self.watched = watched
        self._hive = hive
        self.reacted: Activity | None = None
        """What the caller has done something about."""
        self.twice: Event | None = None
        """The event that is being reported again."""
        super().__init__(world, offer, partial(hive.listen, self))

    def carry_out(self, effect: Effect) -> None:
        """Do what an effect orders, or not quite."""
        is_phone = isinstance(effect, Drop) and isinstance(self._open.get(effect.ticket), Dial)
        if isinstance(effect, Drop) and is_phone and self._hive.faults.happens("lagging"):
            at_ms = self._world.now_ms + self._hive.faults.steps(1, LAG_MS_MAX // STEP_MS)
            self._world.plan(at_ms, partial(self._close, effect.ticket))
            return
        if isinstance(effect, Dial):
            self.watched.legs[effect.ticket].rung = True
        super().carry_out(effect)

    def again(self, event: Event) -> None:
        """Report an event that was reported before, as a network does that sends twice."""
        self.twice = attrs.evolve(event, at_ms=self.now_ms)
        self.runner.report(self.twice)
        self.twice = None
        self._world.touch(self)


def live(machine: Machine, seed: int, calls: int = CALLS, invariants: Sequence[type[Invariant]] = ALL) -> Lived:
    """Return what becomes of a world of calls to a machine; the same seed is the same world."""
    return _Hive(machine, seed, calls, invariants).live()


class _Hive:
    def __init__(self, machine: Machine, seed: int, calls: int, invariants: Sequence[type[Invariant]]) -> None:
        self.faults = Faults(seed)
        self._machine = machine
        self._seed = seed
        self._random = self.faults.random
        self._watch = Watch(machine)
        self._invariants = [one(self._watch) for one in invariants]
        self._calls: list[_Call] = []
        self._hash = hashlib.sha256()
        self._events = 0
        overrides: dict[str, Override] = {}
        self._almanac = Schedules(machine, overrides=overrides)
        self._world = World(machine, self._almanac, self.faults.agent, spoken_ms, self.faults.web)
        self._people = [f"+4930{1_000_000 + number}" for number in range(max(2, calls // 4))] + [""]
        for _ in range(calls):
            self._world.plan(self.faults.steps(0, WILD_MS // STEP_MS), self._arrive)
        for _ in range(calls * 2):
            self._world.plan(self.faults.steps(0, WILD_MS // STEP_MS), self._disturb)
        self._world.plan(WILD_MS, self._calm_down)

    # --- the world ---

    def live(self) -> Lived:
        broken = None
        try:
            self._go()
            broken = self._at_the_end()
        except _Stop as stop:
            broken = stop.broken
        lasted_ms = self._world.now_ms
        return Lived(
            self._seed, str(self.faults), len(self._calls), self._events, lasted_ms, self._hash.hexdigest(), broken
        )

    def _go(self) -> None:
        world = self._world
        for _ in range(_STEPS_MAX):
            if not world.step():
                return
        raise _Stop(Broken("every call comes to an end", f"{_STEPS_MAX} things happened, and more are to", None, ()))

    def _at_the_end(self) -> Broken | None:
        for call in self._calls:
            if not call.runner.ended:
                journal = tuple(call.runner.journal)
                message = f"call {call.watched.number} has not ended"
                return Broken("every call comes to an end", message, call.watched.number, journal)
            if call.runner.troubles:
                return Broken(
                    "no mistake of ours", call.runner.troubles[0], call.watched.number, tuple(call.runner.journal)
                )
        self._world.floor.wake(self._world.now_ms + _HOUR_MS)
        for name in self._machine.agents:
            doing = self._world.floor.status(name, self._world.floor.now_ms).doing
            if doing not in ("idle", "away"):
                return Broken("every agent is free in the end", f"{name} is {doing}", None, ())
        if len(self._world.floor.queues):
            return Broken("every queue is empty in the end", f"{len(self._world.floor.queues)} wait", None, ())
        for one in self._invariants:
            if message := one.at_the_end():
                return Broken(one.name, message, None, ())
        return None

    def listen(self, call: _Call, entry: Entry) -> None:
        """Look at what happened in a call."""
        self._events += 1
        self._watch.now_ms = self._world.now_ms
        self._hash.update(to_line(entry).encode())
        session = call.runner.session
        said = entry.event
        is_again = call.twice is not None and said == call.twice
        if is_again:  # it was there before, and says nothing new
            entry = attrs.evolve(entry, event=DeadlinePassed(said.at_ms))
        self._watch.see(call.watched, entry)
        for one in self._invariants:
            if message := one.seen(call.watched, entry, session):
                raise _Stop(Broken(one.name, message, call.watched.number, tuple(call.runner.journal)))
        if call.runner.troubles:
            raise _Stop(
                Broken("no mistake of ours", call.runner.troubles[0], call.watched.number, tuple(call.runner.journal))
            )
        if not is_again and not isinstance(said, CallOffered) and self.faults.happens("twice"):
            self._world.plan(self._world.now_ms + self.faults.steps(0, 20), partial(call.again, said))
        self._react(call)

    # --- callers ---

    def _arrive(self) -> None:
        """Let somebody call."""
        random, world = self._random, self._world
        number = len(self._watch.calls) + 1
        caller = random.choice(self._people)
        wall_ms = BEGINS_MS + world.now_ms
        if self.faults.happens("clock steps"):
            wall_ms += random.choice((-1, 1)) * _HOUR_MS
        called = random.choice(["", *self._machine.numbers])
        watched = Watched(number, caller, world.now_ms)
        self._watch.calls.append(watched)
        offer = CallOffered(0, caller, called, started_ms=wall_ms, call_id=str(number), seed=random.getrandbits(32))
        call = _Call(self, world, offer, watched)
        self._calls.append(call)
        if self.faults.happens("hasty"):
            world.plan(world.now_ms + self.faults.steps(0, 120), call.hang_up)
        if self.faults.happens("typing"):
            for _ in range(random.randint(1, 12)):
                world.plan(world.now_ms + self.faults.steps(0, 60), partial(call.press, random.choice("0123456789*#")))

    def _react(self, call: _Call) -> None:
        """Let a caller do something about where the call is."""
        session, random, world = call.runner.session, self._random, self._world
        state = self._machine.states[session.state]
        if session.activity == call.reacted:
            return
        call.reacted = session.activity
        match session.activity:
            case MenuKeys(keys="") if not self.faults.calm or random.random() < 0.5:  # noqa: PLR2004  half of them
                if isinstance(state, Menu) and state.keys:
                    keys = random.choice([*state.keys, ""])
                elif isinstance(state, Collecting):
                    keys = "".join(random.choice("0123456789") for _ in range(state.most)) + state.until
                else:
                    return
                for key in keys:
                    world.plan(world.now_ms + STEP_MS, partial(call.press, key))
            case InRoom() | Talking():
                world.plan(world.now_ms + self.faults.steps(4, 240), call.hang_up)
            case _:
                pass

    # --- faults ---

    def _disturb(self) -> None:
        """Let something happen that no call has to do with."""
        random, floor, now_ms = self._random, self._world.floor, self._world.now_ms
        agents, schedules = list(self._machine.agents), list(self._machine.schedules)
        if agents and self.faults.happens("comings and goings"):
            presence = random.choice((Availability.AVAILABLE, Availability.AVAILABLE, Availability.AWAY))
            floor.set_presence(random.choice(agents), presence, now_ms)
        if schedules and self.faults.happens("hours change"):
            name = random.choice(schedules)
            if random.random() < 1 / 3:
                self._almanac.release(name)
            else:
                self._almanac.force(name, is_open=random.random() < 0.5)  # noqa: PLR2004  as often as not

    def _calm_down(self) -> None:
        """End all faults: agents are there, and callers who talk for long hang up."""
        self.faults.calm = True
        for name in self._machine.agents:
            self._world.floor.set_presence(name, Availability.AVAILABLE, self._world.now_ms)


def _broken(invariant: str, message: str, call: _Call) -> Broken:
    return Broken(invariant, message, call.watched.number, tuple(call.runner.journal))
