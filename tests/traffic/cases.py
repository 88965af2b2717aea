"""Schemes whose figures queueing theory knows, each with what it says: for tests with few days, benches with many."""

from collections.abc import Callable, Sequence

import attrs

from callflow.almanac.almanac import Schedules
from callflow.compile.pipeline import compile_text
from callflow.coverage.ways import marked
from callflow.machine.model import Connecting, LastAgentTarget, Machine, Queueing
from callflow.traffic import erlang
from callflow.traffic.day import Record, run
from callflow.traffic.demand import Demand
from callflow.traffic.figures import Estimate, estimate
from callflow.traffic.times import fixed, parse_time

HOUR_MS = 3_600_000
WARM_MS = 2 * HOUR_MS
"""What comes before is left out: the line begins empty, and nobody is remembered."""

Seen = list[tuple[Record, Sequence[int]]]


@attrs.frozen
class Case:
    """A model: the scheme, who calls, a figure of a day, and what theory says of it."""

    name: str
    agents: int
    body: str
    demand: Demand
    value: Callable[[Machine, Seen], float]
    wanted: float
    hours: int = 7

    @property
    def machine(self) -> Machine:
        """Return the machine."""
        members = [f"a{number}" for number in range(self.agents)]
        head = "".join(f'agent {name} "sip:{name}@x"\n' for name in members)
        compiled = compile_text(f"{head}group team {', '.join(members)} ring longest idle\n{self.body}")
        assert compiled.machine is not None, compiled.problems
        return compiled.machine

    def figure(self, seed: int) -> float:
        """Return the figure of a day."""
        machine, seen = self.machine, list[tuple[Record, Sequence[int]]]()

        def over(record: Record, passed: Sequence[int]) -> None:
            if record.arrived_ms >= WARM_MS:
                seen.append((record, tuple(passed)))

        run(marked(machine), Schedules(machine), self.demand, seed, 0, self.hours * HOUR_MS, over)
        return self.value(machine, seen)

    def estimate(self, seeds: range, confidence: float = 0.99) -> Estimate:
        """Return the mean of the figure over days."""
        return estimate([self.figure(seed) for seed in seeds], confidence)


def _demand(load: float, talk_s: float, patience: str = "", talk: str = "exponential", numbers: int = 0) -> Demand:
    """Return calls of so much load in erlang, with nothing that theory does not know: no ringing, no words."""
    return Demand(
        calls_per_hour=load * 3_600 / talk_s,
        talk=parse_time(f"{talk} {talk_s:g}s".strip()),
        answer=fixed(0),
        patience=parse_time(patience) if patience else None,
        prompts=fixed(0),
        numbers=numbers,
    )


def _share(of: Callable[[Record], bool]) -> Callable[[Machine, Seen], float]:
    return lambda _machine, seen: sum(of(record) for record, _ in seen) / len(seen)


def _mean_wait(_machine: Machine, seen: Seen) -> float:
    return sum((record.waited_ms or 0) / 1_000 for record, _ in seen) / len(seen)


def _wait_of(preferred: bool) -> Callable[[Machine, Seen], float]:  # noqa: FBT001
    """Return the mean wait of those who are preferred, or of the others."""

    def value(machine: Machine, seen: Seen) -> float:
        queues = {n for n, s in enumerate(machine.states) if isinstance(s, Queueing) and bool(s.priority) is preferred}
        waits = [(record.waited_ms or 0) / 1_000 for record, passed in seen if queues.intersection(passed)]
        return sum(waits) / len(waits)

    return value


def _same_agent(machine: Machine, seen: Seen) -> float:
    """Return the share of calls that the agent of last time took: no other was asked for."""
    connects = {n for n, state in enumerate(machine.states) if isinstance(state, Connecting)}
    last = {n for n in connects if isinstance(getattr(machine.states[n], "target", None), LastAgentTarget)}
    took = [connects.intersection(passed) <= last and record.talks_ms is not None for record, passed in seen]
    return sum(took) / len(took)


_QUEUE = "start { answer queue team for 60m }"
_PRIORITIES = """
start { answer split { 40% goto preferred otherwise goto others } }
flow preferred { queue team for 60m priority 100 }
flow others { queue team for 60m }
"""
_STICKY = """
start {
    answer
    connect last agent of team within 1h for 20s { failed connect team for 20s }
}
"""

CASES = (
    Case("Erlang C, chance to wait", 4, _QUEUE, _demand(2.8, 60), _share(lambda one: (one.waited_ms or 0) > 0),
         erlang.waiting(4, 2.8)),
    Case("Erlang C, mean wait, s", 4, _QUEUE, _demand(2.8, 60), _mean_wait, erlang.mean_wait(4, 2.8, 60)),
    Case("Erlang B, blocking", 3, "start { answer connect team for 20s }", _demand(2, 60),
         _share(lambda one: one.talks_ms is None), erlang.blocking(3, 2)),
    Case("Erlang A, abandonment", 4, _QUEUE, _demand(4.4, 60, "exponential 60s"), _share(lambda one: one.abandoned),
         erlang.abandonment(4, 4.4, 60, 60).abandons),
    Case("Cobham, wait of the first, s", 3, _PRIORITIES, _demand(2, 30), _wait_of(preferred=True),
         erlang.priority_waits(3, (0.8, 1.2), 30)[0]),
    Case("Cobham, wait of the others, s", 3, _PRIORITIES, _demand(2, 30), _wait_of(preferred=False),
         erlang.priority_waits(3, (0.8, 1.2), 30)[1]),
    Case("last agent, of two", 2, _STICKY, _demand(0.5, 30, talk="", numbers=60), _same_agent,
         erlang.same_agent(0.5, 30, 3_600, 3_600)),
)  # fmt: skip
