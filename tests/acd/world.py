"""Calls on a floor in virtual time: houses that are talked to by hand, and whole calls with runners and phones."""

from typing import Any

import attrs

from callflow.acd.floor import Floor
from callflow.engine.effects import Answer, Dial, Drop, Effect, HangUp, Play, Reject, StopPlaying
from callflow.engine.events import (
    AgentOffered,
    CallAnswered,
    CallerHungUp,
    CallOffered,
    DigitPressed,
    Event,
    LegAnswered,
    LegEnded,
    Outcome,
    PromptEnded,
    ScheduleReported,
)
from callflow.machine.model import Agent, Group, HangingUp, Machine, Strategy, Where
from callflow.runner.journal import Entry
from callflow.runner.runner import Runner

WHERE = Where("start", 1)
NOON_MS = 1_772_539_200_000
"""2026-03-03 12:00 UTC, a Tuesday."""


class Office:
    """An almanac: open from 09:00 to 18:00 UTC, every day."""

    def report(self, schedule: str, ticket: int, at_ms: int, wall_ms: int) -> ScheduleReported:
        day_ms, hour_ms = 86_400_000, 3_600_000
        now_ms = wall_ms % day_ms
        is_open = 9 * hour_ms <= now_ms < 18 * hour_ms
        change_ms = (18 if is_open else 9) * hour_ms
        until_ms = wall_ms - now_ms + change_ms + (day_ms if change_ms <= now_ms else 0)
        assert schedule == "office"
        return ScheduleReported(at_ms, ticket, is_open, "", until_ms, None if is_open else until_ms)


def machine(*states: Any, groups: tuple[Group, ...] = (), agents: tuple[Agent, ...] = (), **more: Any) -> Machine:
    """Return a machine with anna, boris and carla, who are sales, unless told otherwise."""
    everybody = agents or tuple(Agent(name, f"sip:{name}@x") for name in ("anna", "boris", "carla"))
    rings = groups or (Group("sales", tuple(one.name for one in everybody), Strategy.IN_TURN),)
    return Machine(
        scheme="test",
        timezone="UTC",
        region="",
        languages=("en",),
        agents={one.name: one for one in everybody},
        groups={one.name: one for one in rings},
        prompts={},
        schedules={},
        flows={},
        start=0,
        states=states or (HangingUp(WHERE),),
        **{"last_agent_ms": 86_400_000, "numbers": {}, **more},
    )


def floor_of(*groups: Group, **more: Any) -> Floor:
    """Return a floor of a machine that has these groups."""
    return Floor(machine(groups=groups, **more), Office())


class Call:
    """A call whose house is talked to by hand. `events` are what the house reported, all of them."""

    def __init__(self, floor: Floor, now_ms: int = 0, caller: str = "+4930111", **offer: Any) -> None:
        self.floor = floor
        self.began_ms = now_ms
        self.events: list[Event] = []
        offered = CallOffered(0, caller, "+4930999", started_ms=NOON_MS + now_ms, **offer)
        self.seat = floor.join(offered, now_ms, self.events.append)
        self.tickets = 0

    @property
    def last(self) -> Event:
        return self.events[-1]

    @property
    def offered(self) -> list[str]:
        """Return which agents were offered, in order."""
        return [event.agent for event in self.events if isinstance(event, AgentOffered)]

    def of(self, *kinds: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kinds)]

    def ticket(self) -> int:
        self.tickets += 1
        return self.tickets

    def take(self, kind: type, *fields: Any, at: int = 0, **named: Any) -> int:
        """Order something with a ticket, at a time of the floor. Returns the ticket."""
        ticket = self.ticket()
        self.seat.take(kind(ticket, *fields, **named), at - self.began_ms)
        return ticket

    def do(self, effect: Any, at: int = 0) -> None:
        self.seat.take(effect, at - self.began_ms)

    def dial(self, agent: str, at: int = 0, group: str = "") -> tuple[int, bool]:
        """Call a phone. Returns its ticket and whether the agent was granted."""
        ticket, granted = self.ticket(), []
        dial = Dial(ticket, agent, f"sip:{agent}@x", group=group)
        self.seat.reserve(dial, at - self.began_ms, lambda: granted.append(True))
        return ticket, bool(granted)

    def note(self, event: Event, *effects: Effect) -> None:
        """Let something happen. `event` has the time of the floor."""
        self.seat.note(Entry(attrs.evolve(event, at_ms=event.at_ms - self.began_ms), effects, 0))


class Phones:
    """A call with a runner, whose phones do what a test says, and the port it talks to. Checks what it is ordered."""

    def __init__(self, floor: Floor, scheme: Machine, now_ms: int, caller: str, called: str, lines: int) -> None:
        self.floor = floor
        self.began_ms = now_ms
        self.now_ms = now_ms
        self.gone = False
        self.ringing: dict[int, str] = {}
        self.up: dict[int, str] = {}
        self.sounds: dict[int, bool] = {}
        self.rang: list[str] = []
        offer = CallOffered(0, caller, called, lines=lines, started_ms=NOON_MS + now_ms)
        seat = floor.join(offer, now_ms, self.report)
        self.runner = Runner(scheme, self, seat)
        self.report(offer)

    @property
    def at_ms(self) -> int:
        return self.now_ms - self.began_ms

    def report(self, event: Event) -> None:
        """Take what the house, or a phone, says."""
        self.now_ms = max(self.now_ms, self.began_ms + event.at_ms)
        self.runner.report(event)

    def carry_out(self, effect: Effect) -> None:
        match effect:
            case Answer(ticket=ticket):
                self.report(CallAnswered(self.at_ms, ticket))
            case Play(ticket=ticket, loop=loop):
                if loop:
                    self.sounds[ticket] = loop
                else:
                    self.report(PromptEnded(self.at_ms, ticket))
            case StopPlaying(ticket=ticket):
                if self.sounds.pop(ticket, None):
                    self.report(PromptEnded(self.at_ms, ticket))
            case Dial(ticket=ticket, agent=agent):
                assert not self.gone, "a phone rings for a caller who is gone"
                self.ringing[ticket] = agent
                self.rang.append(agent)
            case Drop(ticket=ticket):
                self.end(ticket, Outcome.CANCELLED)
            case HangUp() | Reject():
                self.gone = True
                for ticket in (*self.ringing, *self.up):
                    self.end(ticket, Outcome.CANCELLED)
            case _:
                pass

    def answer(self, ticket: int) -> None:
        self.up[ticket] = self.ringing.pop(ticket)
        self.report(LegAnswered(self.at_ms, ticket))

    def end(self, ticket: int, outcome: Outcome) -> None:
        if self.ringing.pop(ticket, None) or self.up.pop(ticket, None):
            self.report(LegEnded(self.at_ms, ticket, outcome))

    def hang_up(self) -> None:
        self.gone = True
        self.report(CallerHungUp(self.at_ms))

    def press(self, key: str) -> None:
        self.report(DigitPressed(self.at_ms, key))

    @property
    def next_ms(self) -> int | None:
        due = self.runner.next_deadline_ms
        return None if due is None else self.began_ms + due

    def wake(self, now_ms: int) -> None:
        self.now_ms = max(self.now_ms, now_ms)
        self.runner.wake(self.at_ms)
