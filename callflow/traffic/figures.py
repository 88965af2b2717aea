"""Days in figures: what became of the calls of each, and how sure the means over several days are."""

import math
from collections.abc import Callable, Mapping, Sequence
from statistics import NormalDist, fmean, stdev
from typing import Final

import attrs

from callflow.engine.session import Disposition
from callflow.traffic.day import Record

QUANTILES: Final = (50, 90, 95, 99)


@attrs.frozen
class Estimate:
    """A mean over days, and how far the true one may be away, either way. None: one day says nothing of that."""

    mean: float
    within: float | None


def figures(records: Sequence[Record], agents: int, lasts_ms: int, served_ms: int) -> dict[str, float]:
    """Return a day in figures. Shares are of 1, times in seconds.

    Args:
        records: All calls of the day.
        agents: How many agents there are.
        lasts_ms: How long calls came in.
        served_ms: Who is answered within this time is served well.
    """
    calls = len(records)
    waited = sorted(one.waited_ms for one in records if one.waited_ms is not None)
    served = [one for one in records if one.talks_ms is not None and one.waited_ms is not None]
    found: dict[str, float] = {"calls": calls}
    if calls:
        found["answered"] = sum(one.talks_ms is not None for one in records) / calls
        found["abandoned"] = sum(one.abandoned for one in records) / calls
        found["messages"] = sum(one.outcome is Disposition.VOICEMAIL for one in records) / calls
    if waited:
        found["service level"] = sum((one.waited_ms or 0) <= served_ms for one in served) / len(waited)
        found["mean wait"] = fmean(waited) / 1_000
        for percent in QUANTILES:
            found[f"wait {percent} %"] = waited[min(len(waited) - 1, len(waited) * percent // 100)] / 1_000
    if agents:
        found["occupancy"] = sum(one.talked_ms for one in records) / (agents * lasts_ms)
    return found


def estimates(days: Sequence[Mapping[str, float]], confidence: float = 0.95) -> dict[str, Estimate]:
    """Return the means over days, with their confidence intervals by Student's t."""
    names = dict.fromkeys(name for one in days for name in one)
    return {name: estimate([one[name] for one in days if name in one], confidence) for name in names}


def estimate(values: Sequence[float], confidence: float) -> Estimate:
    """Return the mean of values that do not depend on one another, with its confidence interval."""
    if len(values) < 2:  # noqa: PLR2004  one value has no deviation
        return Estimate(fmean(values), None)
    within = student(len(values) - 1, confidence) * stdev(values) / math.sqrt(len(values))
    return Estimate(fmean(values), within)


def student(freedom: int, confidence: float) -> float:
    """Return how many standard errors hold a mean with this confidence: Student's t, both sides. Exact to 1e-9."""
    most, least = 1.0, 0.0
    while _outside(most, freedom) > 1 - confidence:
        least, most = most, most * 2
    return _root(lambda t: _outside(t, freedom) - (1 - confidence), least, most)


def _outside(t: float, freedom: int) -> float:
    """Return the chance of being further from the middle than `t`: sums of Abramowitz and Stegun, 26.7.3 and 26.7.4."""
    angle = math.atan(t / math.sqrt(freedom))
    cosine, sine = math.cos(angle), math.sin(angle)
    if freedom > 1_000:  # noqa: PLR2004  the normal distribution, to six digits
        return 2 * (1 - NormalDist().cdf(t))
    odd = freedom % 2
    term = cosine if odd else 1.0
    total = term if freedom > 1 else 0.0
    for number in range(3 if odd else 2, freedom, 2):
        term *= cosine * cosine * (number - 1) / number
        total += term
    inside = 2 / math.pi * (angle + sine * total) if odd else sine * total
    return 1 - inside


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where a falling function is 0."""
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) > 0 else (low, middle)
    return (low + high) / 2
