"""A year of a small company's calls: how long it takes, and whether memory grows with it.

Run with `python -m tests.bench.year [CALLS]`.
"""

import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from callflow.almanac.almanac import Schedules
from callflow.compile.pipeline import compile_path
from callflow.coverage.ways import marked
from callflow.traffic.arrivals import read_week
from callflow.traffic.day import Record, run
from callflow.traffic.demand import Demand
from callflow.traffic.figures import Counted
from callflow.traffic.times import parse_time

ROOT = Path(__file__).parents[2]
YEAR_MS = 365 * 86_400_000
BEGINS_MS = 1_767_225_600_000
"""2026-01-01, 00:00 UTC."""


def peak_mb() -> float:
    """Return the most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024


def main() -> None:
    """Print the time of a year, and the peak of memory after a tenth of it and at the end."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    machine = compile_path(ROOT / "examples" / "small_company.flow").machine
    assert machine is not None
    machine = marked(machine)
    week = tuple(rate * wanted / (52 * 5 * 9) for rate in read_week("day,hour,calls\nMo-Fr,9-18,1\n"))
    presses = {"main": {"1": 3.0, "3": 2.0, "": 1.0}}
    demand = Demand(1, parse_time("lognormal 3m 2m"), patience=parse_time("exponential 2m"), presses=presses, week=week,
                    zone=machine.timezone)  # fmt: skip
    counted = Counted(machine, {}, BEGINS_MS, YEAR_MS, 20_000)
    peaks: list[float] = []
    calls = 0

    def over(record: Record, passed: Sequence[int]) -> None:
        nonlocal calls
        calls += 1
        counted.add(record, passed)
        if calls == wanted // 10:
            peaks.append(peak_mb())

    begun = time.process_time()
    run(machine, Schedules(machine), demand, 1, BEGINS_MS, YEAR_MS, over)
    spent_s = time.process_time() - begun
    figures = counted.figures().whole
    print(f"{calls:,} calls of a year in {spent_s:.1f} s of processor time: {calls / spent_s:,.0f} calls/s, "
          f"{YEAR_MS / 1_000 / spent_s:,.0f} times real time")  # fmt: skip
    growth = peak_mb() / peaks[0]
    print(f"peak memory {peaks[0]:.1f} MiB after a tenth, {peak_mb():.1f} MiB at the end: {growth:.2f} times")
    print(f"answered {figures['answered']:.1%}, service level {figures['service level']:.1%}")


if __name__ == "__main__":
    main()
