"""Figures of simulated days beside queueing theory: Erlang C, B and A, Cobham's priorities, the agent of last time.

Run with `python -m tests.bench.theory [DAYS]`.
"""

import sys
from concurrent.futures import ProcessPoolExecutor

from callflow.traffic.figures import estimate
from tests.traffic.cases import CASES


def _figure(task: tuple[int, int]) -> float:
    number, seed = task
    return CASES[number].figure(seed)


def main() -> None:
    """Print theory, the mean over days, its 99 % confidence interval, and whether theory lies in it."""
    days = range(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
    print(f"{'':<32}{'theory':>10}{'simulated':>12}{'99 % within':>14}   {len(days)} days each")
    with ProcessPoolExecutor() as pool:
        for number, case in enumerate(CASES):
            found = estimate(list(pool.map(_figure, [(number, seed) for seed in days], chunksize=4)), 0.99)
            assert found.within is not None
            inside = "inside" if abs(found.mean - case.wanted) <= found.within else "OUTSIDE"
            within = f"± {found.within:.4f}"
            print(f"{case.name:<32}{case.wanted:>10.4f}{found.mean:>12.4f}{within:>14}   {inside}")


if __name__ == "__main__":
    main()
