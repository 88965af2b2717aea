"""Simulated calls a second in an M/M/12 queue: a scheme that the engine answers, beside a bare event loop with `heapq`,
SimPy and Ciw where they are installed. The waits of all stand beside Erlang C.

Run with `python -m tests.bench.traffic_calls`.
"""

import heapq
import importlib.util
import time
from collections import deque
from collections.abc import Callable
from random import Random

from callflow.almanac.almanac import Schedules
from callflow.compile.pipeline import compile_text
from callflow.traffic import erlang
from callflow.traffic.day import day
from callflow.traffic.demand import Demand
from callflow.traffic.times import fixed, parse_time

AGENTS, LOAD, TALK_S = 12, 9.6, 180.0
CALLS = 6_000
FLOOR_CALLS = 200_000

Result = tuple[int, float]
"""How many calls, and their mean wait in seconds."""


def queue_alone() -> Result:
    """Let the engine answer the calls of a scheme that is a queue and nothing else."""
    return scheme("start { answer queue team for 60m }")


def whole_scheme() -> Result:
    """Let the engine answer the calls of a scheme with a greeting, a menu and a queue."""
    return scheme(
        'start { answer play "Welcome." menu { play "For sales, press 1." press 1 goto line otherwise hangup } }\n'
        "flow line { queue team for 60m music hangup }"
    )


def scheme(body: str) -> Result:
    """Let the engine answer the calls of a day that is long enough."""
    members = [f"a{number}" for number in range(AGENTS)]
    head = "".join(f'agent {name} "sip:{name}@x.example"\n' for name in members)
    machine = compile_text(f"{head}group team {', '.join(members)} ring longest idle\n{body}").machine
    assert machine is not None
    rate = LOAD * 3_600 / TALK_S
    keys = {"start": {"1": 1.0}}
    demand = Demand(rate, parse_time("exponential 180s"), fixed(0), think=fixed(0), presses=keys, prompts=fixed(0))
    records = day(machine, Schedules(machine), demand, 1, 0, round(CALLS / rate * 3_600_000))
    return len(records), sum((one.waited_ms or 0) / 1_000 for one in records) / len(records)


def bare() -> Result:
    """Do the same with nothing but a heap of events."""
    random, heap, waiting = Random(1), [(0.0, True)], deque[float]()
    free, arrived, waited = AGENTS, 0, 0.0
    while heap:
        now, comes = heapq.heappop(heap)
        if comes:
            arrived += 1
            if arrived < FLOOR_CALLS:
                heapq.heappush(heap, (now + random.expovariate(LOAD / TALK_S), True))
            waiting.append(now)
        else:
            free += 1
        if free and waiting:
            free -= 1
            waited += now - waiting.popleft()
            heapq.heappush(heap, (now + random.expovariate(1 / TALK_S), False))
    return arrived, waited / arrived


def simpy_model() -> Result:
    """Do the same with SimPy."""
    import simpy

    random, world = Random(1), simpy.Environment()
    agents = simpy.Resource(world, AGENTS)
    waited = [0.0, 0.0]

    def call():  # type: ignore[no-untyped-def]
        came = world.now
        with agents.request() as wanted:
            yield wanted
            waited[0] += world.now - came
            waited[1] += 1
            yield world.timeout(random.expovariate(1 / TALK_S))

    def arrivals():  # type: ignore[no-untyped-def]
        for _ in range(FLOOR_CALLS // 4):
            world.process(call())
            yield world.timeout(random.expovariate(LOAD / TALK_S))

    world.process(arrivals())
    world.run()
    return int(waited[1]), waited[0] / waited[1]


def ciw_model() -> Result:
    """Do the same with Ciw."""
    import ciw

    rate, calls = LOAD / TALK_S, FLOOR_CALLS // 10
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate)],
        service_distributions=[ciw.dists.Exponential(1 / TALK_S)],
        number_of_servers=[AGENTS],
    )
    world = ciw.Simulation(network)
    world.simulate_until_max_customers(calls)
    waits = [one.waiting_time for one in world.get_all_records()]
    return len(waits), sum(waits) / len(waits)


def main() -> None:
    """Print calls a second of processor time, and ratios to ours."""
    models: list[tuple[str, Callable[[], Result]]] = [
        ("with a menu", whole_scheme),
        ("queue alone", queue_alone),
        ("heapq loop", bare),
    ]
    peers = (("simpy", "SimPy", simpy_model), ("ciw", "Ciw", ciw_model))
    models.extend((name, model) for module, name, model in peers if importlib.util.find_spec(module))
    ours = 0.0
    for name, model in models:
        begun = time.process_time()
        calls, wait = model()
        speed = calls / (time.process_time() - begun)
        ours = ours or speed
        ratio = f"a scheme with a menu is {ours / speed:8.4f} of it"
        print(f"{name:<12}{speed:>12,.0f} calls/s   {ratio}   mean wait {wait:6.2f} s")
    print(f"{'Erlang C':<12}{'':>67}{erlang.mean_wait(AGENTS, LOAD, TALK_S):6.2f} s")


if __name__ == "__main__":
    main()
