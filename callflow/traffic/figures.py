"""Days in figures: what became of the calls of each, and how sure the means over several days are."""

import math
from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from statistics import NormalDist, fmean, stdev
from typing import Final

import attrs

from callflow.almanac.hours import Hours
from callflow.clock import local
from callflow.coverage.ways import Via, Way
from callflow.engine.session import Disposition
from callflow.machine.exits import ANSWERED
from callflow.machine.labels import label
from callflow.machine.model import Collecting, Connecting, Machine, Menu, Queueing
from callflow.traffic.day import Record
from callflow.traffic.shifts import there_ms

QUANTILES: Final = (50, 90, 95, 99)
WAITS_S_MAX: Final = 3_600


@attrs.frozen
class Estimate:
    """A mean over days, and how far the true one may be away, either way. None: one day says nothing of that."""

    mean: float
    within: float | None


class Tally:
    """The calls of a time, counted as they end: of each only how long it waited is kept."""

    def __init__(self) -> None:
        self.calls = self.answered = self.abandoned = self.messages = self.served = 0
        self.talked_ms = 0
        self.waits_ms = array("q")

    def add(self, one: Record, served_ms: int) -> None:
        """Count a call; who is answered within `served_ms` is served well."""
        waited_ms = one.waited_ms
        self.calls += 1
        self.answered += one.talks_ms is not None
        self.abandoned += one.abandoned
        self.messages += one.outcome is Disposition.VOICEMAIL
        self.talked_ms += one.talked_ms
        if waited_ms is not None:
            self.waits_ms.append(waited_ms)
            self.served += one.talks_ms is not None and waited_ms <= served_ms

    def figures(self, there_ms: int) -> dict[str, float]:
        """Return the figures. Shares are of 1, times in seconds.

        there_ms: How long agents were there, all together; 0: nobody knows of any.
        """
        found: dict[str, float] = {"calls": self.calls}
        if self.calls:
            found["answered"] = self.answered / self.calls
            found["abandoned"] = self.abandoned / self.calls
            found["messages"] = self.messages / self.calls
        if self.waits_ms:
            waited = sorted(self.waits_ms)
            found["service level"] = self.served / len(waited)
            found["mean wait"] = sum(waited) / len(waited) / 1_000
            for percent in QUANTILES:
                found[f"wait {percent} %"] = waited[min(len(waited) - 1, len(waited) * percent // 100)] / 1_000
        if there_ms:
            found["occupancy"] = self.talked_ms / there_ms
        return found


@attrs.frozen
class DayFigures:
    """A day: all of it, each hour of the clock in which somebody called, and how often callers went each way."""

    whole: dict[str, float]
    hours: dict[int, dict[str, float]]
    ways: dict[str, float]
    waits_s: dict[int, int]
    """How many callers waited for so many seconds; those who waited longest for `WAITS_S_MAX`."""


class Counted:
    """A day that is being counted. Keeps a number a call, and nothing else of them."""

    def __init__(
        self, machine: Machine, shifts: Mapping[str, Hours], begins_ms: int, lasts_ms: int, served_ms: int
    ) -> None:
        """Count the calls of a machine; agents who have no shift are there all the time."""
        self._machine = machine
        self._shifts = shifts
        self._begins_ms = begins_ms
        self._lasts_ms = lasts_ms
        self._served_ms = served_ms
        self._whole = Tally()
        self._hours: dict[int, Tally] = {}
        self._ways: Counter[Way] = Counter()

    def add(self, record: Record, passed: Sequence[int]) -> None:
        """Count a call, and the ways it went: its numbers of states have to know theirs."""
        hour = local(self._begins_ms + record.arrived_ms, self._machine.timezone).hour
        self._whole.add(record, self._served_ms)
        self._hours.setdefault(hour, Tally()).add(record, self._served_ms)
        for number in passed:
            if isinstance(number, Via) and self._is_told(number.way):
                self._ways[number.way] += 1

    def _is_told(self, way: Way) -> bool:
        """Return whether a way is one to count: what was pressed, or that nobody was reached."""
        state = self._machine.states[way.state]
        return isinstance(state, Menu | Collecting | Connecting | Queueing) and way.label != ANSWERED

    def figures(self) -> DayFigures:
        """Return the day."""
        there = 0
        for name in self._machine.agents:
            there += there_ms(self._shifts.get(name), self._begins_ms, self._lasts_ms)
        waits: Counter[int] = Counter(min(ms // 1_000, WAITS_S_MAX) for ms in self._whole.waits_ms)
        return DayFigures(
            self._whole.figures(there),
            {hour: tally.figures(0) for hour, tally in sorted(self._hours.items())},
            {self._named(way): count for way, count in sorted(self._ways.items(), key=self._place)},
            dict(waits),
        )

    def _place(self, item: tuple[Way, int]) -> tuple[str, int, int, str]:
        where = self._machine.states[item[0].state].where
        return where.file, where.line, item[0].state, item[0].label

    def _named(self, way: Way) -> str:
        state = self._machine.states[way.state]
        key = f"key {way.label}" if isinstance(state, Menu) and len(way.label) == 1 else way.label
        return f"{state.where.flow}:{state.where.line} {label(state, self._machine.schedules)}: {key}"


def figures(records: Sequence[Record], agents: int, lasts_ms: int, served_ms: int) -> dict[str, float]:
    """Return a day in figures. Shares are of 1, times in seconds.

    Args:
        records: All calls of the day.
        agents: How many agents there are, all the time.
        lasts_ms: How long calls came in.
        served_ms: Who is answered within this time is served well.
    """
    tally = Tally()
    for one in records:
        tally.add(one, served_ms)
    return tally.figures(agents * lasts_ms)


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
