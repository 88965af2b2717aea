"""Days as a picture: calls and service by hour, and how long callers wait. SVG, for light and dark pages."""

import html
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from callflow.traffic.figures import DayFigures, estimate

_WIDTH, _HEIGHT = 860, 620
_LEFT, _RIGHT, _PLOT = 60, 60, 210
_TOPS: Final = (60, 370)
_BINS: Final = 30
_SIZES_S: Final = (1, 2, 3, 5, 10, 15, 20, 30, 60, 120)

_STYLE: Final = """
svg { font: 13px system-ui, sans-serif; }
.page { fill: #fff; } text { fill: #222; } .dim { fill: #666; } .grid { stroke: #ddd; } .axis { stroke: #888; }
.answered { fill: #4a90c4; } .lost { fill: #e0a458; } .line { fill: none; stroke: #2a7d4f; stroke-width: 2; }
.dot { fill: #2a7d4f; }
@media (prefers-color-scheme: dark) {
  .page { fill: #16181c; } text { fill: #e6e6e6; } .dim { fill: #9aa; } .grid { stroke: #333; } .axis { stroke: #777; }
  .line { stroke: #6cc695; } .dot { fill: #6cc695; }
}
""".strip()


def picture(title: str, days: Sequence[DayFigures]) -> str:
    """Return the picture of some days: means of them by hour, and the waits of all."""
    parts = [*_by_hour(days, _TOPS[0]), *_waits(days, _TOPS[1])]
    inside = "\n".join(parts)
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n'
        f"<style>\n{_STYLE}\n</style>\n"
        f'<rect class="page" width="{_WIDTH}" height="{_HEIGHT}"/>\n'
        f'<text x="{_LEFT}" y="26" font-size="17">{html.escape(title)}</text>\n{inside}\n</svg>\n'
    )


def _mean(days: Sequence[DayFigures], hour: int, name: str) -> float:
    """Return a mean over the days that know it; calls are 0 in an hour that a day does not have."""
    if name == "calls":
        return sum(day.hours.get(hour, {}).get(name, 0.0) for day in days) / len(days)
    values = [day.hours[hour][name] for day in days if name in day.hours.get(hour, {})]
    return estimate(values, 0.95).mean if values else 0.0


def _by_hour(days: Sequence[DayFigures], top: int) -> Iterator[str]:
    hours = sorted({hour for day in days for hour in day.hours})
    yield f'<text x="{_LEFT}" y="{top - 12}">Calls by hour: answered and not; the line is the service level</text>'
    if not hours:
        return
    hours = list(range(hours[0], hours[-1] + 1))
    calls = {hour: _mean(days, hour, "calls") for hour in hours}
    most = _round(max(calls.values()))
    yield from _grid(top, most)
    step = (_WIDTH - _LEFT - _RIGHT) / len(hours)
    points: list[tuple[float, float]] = []
    for number, hour in enumerate(hours):
        x = _LEFT + number * step
        tall = _PLOT * calls[hour] / most
        well = tall * _mean(days, hour, "answered")
        yield _bar("lost", x, top + _PLOT - tall, step, tall - well, f"{hour:02}:00: {calls[hour]:.1f} calls")
        yield _bar("answered", x, top + _PLOT - well, step, well, f"{hour:02}:00: {well / _PLOT * most:.1f} answered")
        yield _text(x + step / 2, top + _PLOT + 18, f"{hour:02}", "middle")
        if any("service level" in day.hours.get(hour, {}) for day in days):
            points.append((x + step / 2, top + _PLOT * (1 - _mean(days, hour, "service level"))))
    yield f'<polyline class="line" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'
    yield from (f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in points)
    for share in (0, 50, 100):
        yield _text(_WIDTH - _RIGHT + 6, top + _PLOT * (1 - share / 100) + 4, f"{share} %", "start", "dim")


def _waits(days: Sequence[DayFigures], top: int) -> Iterator[str]:
    waits: dict[int, int] = {}
    for day in days:
        for seconds, count in day.waits_s.items():
            waits[seconds] = waits.get(seconds, 0) + count
    yield f'<text x="{_LEFT}" y="{top - 12}">How long callers wait, in seconds</text>'
    if not waits:
        return
    size = next((size for size in _SIZES_S if size * _BINS >= _below(waits, 0.99)), _SIZES_S[-1])
    bins = [0] * (_BINS + 1)
    for seconds, count in waits.items():
        bins[min(seconds // size, _BINS)] += count
    shares = [count / len(days) for count in bins]
    most = _round(max(shares))
    yield from _grid(top, most)
    step = (_WIDTH - _LEFT - _RIGHT) / len(bins)
    for number, share in enumerate(shares):
        x, tall = _LEFT + number * step, _PLOT * share / most
        last = number == _BINS
        what = f"{number * size} s and more" if last else f"{number * size} to {(number + 1) * size} s"
        yield _bar("lost" if last else "answered", x, top + _PLOT - tall, step, tall, f"{what}: {share:.1f} a day")
        if number % 5 == 0:
            label = f"{number * size}+" if last else str(number * size)
            yield _text(x, top + _PLOT + 18, label, "start" if last else "middle")


def _below(waits: Mapping[int, int], share: float) -> int:
    """Return the seconds that this share of callers waits at most."""
    left = sum(waits.values()) * share
    for seconds in sorted(waits):
        left -= waits[seconds]
        if left <= 0:
            return seconds
    return max(waits)


def _round(value: float) -> int:
    """Return a round number that is not less: 1, 2 or 5 with zeros."""
    size = 1
    while True:
        for first in (1, 2, 5):
            if first * size >= value:
                return first * size
        size *= 10


def _grid(top: int, most: int) -> Iterator[str]:
    for part in range(5):
        y = top + _PLOT * (1 - part / 4)
        kind = "axis" if part == 0 else "grid"
        yield f'<line class="{kind}" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield _text(_LEFT - 8, y + 4, f"{most * part / 4:g}", "end", "dim")


def _bar(kind: str, x: float, y: float, step: float, tall: float, tip: str) -> str:
    return (
        f'<rect class="{kind}" x="{x + step * 0.1:.1f}" y="{y:.1f}" width="{step * 0.8:.1f}" '
        f'height="{max(0.0, tall):.1f}"><title>{html.escape(tip)}</title></rect>'
    )


def _text(x: float, y: float, text: str, anchor: str, kind: str = "") -> str:
    of = f' class="{kind}"' if kind else ""
    return f'<text{of} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{html.escape(text)}</text>'
