"""How the world is when a call begins that goes as it was decided; and that call as a script."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import attrs

from callflow import words
from callflow.almanac.almanac import Override, Schedules
from callflow.engine.entering import share_of
from callflow.engine.events import CallOffered
from callflow.engine.turn import drawn
from callflow.explore.live import Live, values_of
from callflow.explore.questions import AWAY, BUSY, Key, Questions, Share
from callflow.machine.model import Machine, Value
from callflow.numbers import country_of, normalise
from callflow.sim.behaviour import Behaviour, Reaction
from callflow.sim.play import KEY_MS, UNSTATED_AT, wall_clock_ms
from callflow.sim.scenario import UNSTATED_CALLER, Scenario, Step
from callflow.sim.world import WebAnswer, World

Plan = Mapping[Key, Any]
"""What was decided."""

_LAST_AGO_MS: Final = 3_600_000
"""How long ago the last agent talked with the caller."""

_SEEDS_MAX: Final = 100_000


class Ground:
    """What all calls of a machine share, so that it is worked out once."""

    def __init__(self, machine: Machine) -> None:
        """Take a machine; calls of one that is `coverage.ways.marked` know their ways."""
        self.machine = machine
        self.live = Live(machine)
        self.questions = Questions(machine, values_of(machine))
        self.overrides: dict[str, Override] = {}
        self.almanac = Schedules(machine, overrides=self.overrides)
        self.wall_ms = wall_clock_ms(machine, UNSTATED_AT)


@attrs.frozen
class Act:
    """What the caller does: `press` keys, `say` for a time or `hangup`."""

    at_ms: int
    kind: str
    text: str


class Given:
    """What was decided of the time before a call."""

    def __init__(self, ground: Ground, called: str, plan: Plan) -> None:
        self._ground = ground
        self._machine = ground.machine
        self._called = called
        self._plan = plan

    def almanac(self) -> Schedules:
        """Return the schedules, held as was decided."""
        self._ground.overrides.clear()
        for name, is_open in self._schedules.items():
            self._ground.almanac.force(name, is_open)
        return self._ground.almanac

    def settle(self, world: World) -> None:
        """Let a world be as was decided."""
        world.settle_agents(self._crowds)
        caller = normalise(self._caller, self._machine.region)
        world.remember(caller, self._remembered)
        for agent, ago_ms in self._last_agents:
            world.talked(caller, agent, ago_ms)

    def offer(self) -> CallOffered:
        """Return the call that comes in."""
        region = self._machine.region
        return CallOffered(
            0,
            self._caller,
            self._called,
            str(self._value("caller.name") or ""),
            started_ms=self._ground.wall_ms,
            call_id="1",
            country=country_of(normalise(self._caller, region)),
            diverted_from=normalise(self._diverted_from, region),
            headers=self._headers,
            remembered={},
            seed=self._seed,
        )

    def scenario(
        self, acts: Iterable[Act], did: Mapping[str, list[Behaviour]], webs: Mapping[str, list[WebAnswer]]
    ) -> Scenario:
        """Return a call as a script that goes the same way: what the caller, agents and web services did in it."""
        steps: list[Step] = []
        at_ms = 0
        for act in acts:
            if act.at_ms > at_ms:
                steps.append(Step("wait", words.duration(act.at_ms - at_ms), act.at_ms - at_ms, 0))
            ms = words.parse_duration(act.text) or 0 if act.kind == "say" else 0
            steps.append(Step(act.kind, act.text, ms, 0))
            at_ms = act.at_ms + ms + (KEY_MS * (len(act.text) - 1) if act.kind == "press" else 0)
        return Scenario(
            name="",
            line=0,
            caller=self._caller,
            called=self._called,
            at=None,
            agents={name: tuple(does) for name, does in (self._as_lists | dict(did)).items()},
            schedules=self._schedules,
            prompts_ms={},
            steps=tuple(steps),
            expect=(),
            caller_name=str(self._value("caller.name") or ""),
            diverted_from=self._diverted_from,
            headers=self._headers,
            chance=self._seed,
            web={url: tuple(answers) for url, answers in webs.items()},
            remembered=self._remembered,
            last_agents=self._last_agents,
        )

    # --- what was decided ---

    def _value(self, name: str) -> Value:
        found: Value = self._plan.get(("given", name))
        return found

    @property
    def _caller(self) -> str:
        return str(self._plan.get(("given", "caller.number"), UNSTATED_CALLER))

    @property
    def _diverted_from(self) -> str:
        return str(self._value("call.diverted_from") or "")

    @property
    def _headers(self) -> dict[str, str]:
        return {
            str(name).removeprefix("header."): str(value)
            for (kind, name), value in self._plan.items()
            if kind == "given" and str(name).startswith("header.") and value is not None
        }

    @property
    def _remembered(self) -> dict[str, Value]:
        return {name: value for name in self._machine.remembered if (value := self._value(name)) is not None}

    @property
    def _schedules(self) -> dict[str, bool]:
        held = ((str(name), bool(value)) for (kind, name), value in self._plan.items() if kind == "schedule")
        return {name: is_open for name, is_open in held if name in self._machine.schedules}

    @property
    def _last_agents(self) -> tuple[tuple[str, int], ...]:
        named = (value for (kind, _), value in self._plan.items() if kind == "last")
        agents = (agent for agent in named if agent in self._machine.agents)
        return tuple((agent, _LAST_AGO_MS) for agent in dict.fromkeys(agents))

    @property
    def _crowds(self) -> dict[str, Behaviour]:
        stands = {BUSY: Behaviour(on_call=True), AWAY: Behaviour(Reaction.AWAY)}
        return {
            name: stands[stand]
            for (kind, names), stand in self._plan.items()
            if kind == "crowd" and stand in stands
            for name in str(names).split(", ")
            if name in self._machine.agents
        }

    @property
    def _as_lists(self) -> dict[str, list[Behaviour]]:
        return {name: [does] for name, does in self._crowds.items()}

    @property
    def _seed(self) -> int:
        """Return chance that goes the ways that were decided; any, where it would take too much luck."""
        shares: list[Share] = [value for (kind, _), value in self._plan.items() if kind == "split"]
        if not shares:
            return 0
        seeds = (
            seed
            for seed in range(_SEEDS_MAX)
            if all(share_of(one.percents, drawn(seed, one.draw)) == one.number for one in shares)
        )
        return next(seeds, 0)
