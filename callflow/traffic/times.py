"""Lengths of time that differ from one person to the next: distributions, how they are written, and draws of them.

3m                  always the same
exponential 3m      with this mean: memoryless, as arrivals and patience are
lognormal 4m 3m     with this mean and standard deviation: as conversations are
erlang 3 4m         so many exponential parts that make this mean
uniform 10s 30s     from the first to the second
"""

import enum
import math
from random import Random
from typing import Final, assert_never

import attrs

from callflow.words import duration, parse_duration


class TimeRefused(ValueError):
    """A text that is no distribution; its message is for the user."""


class Shape(enum.Enum):
    """The kind of a distribution."""

    FIXED = "fixed"
    EXPONENTIAL = "exponential"
    LOGNORMAL = "lognormal"
    ERLANG = "erlang"
    UNIFORM = "uniform"


_FORMS: Final = "`3m`, `exponential 3m`, `lognormal 4m 3m`, `erlang 3 4m` or `uniform 10s 30s`"


@attrs.frozen
class Time:
    """A distribution. `first_ms` is the mean, of `UNIFORM` the least; `second` is the standard deviation in
    milliseconds, the number of parts, or the most.
    """

    shape: Shape
    first_ms: int
    second: int = 0

    def draw(self, random: Random) -> int:
        """Return a length in milliseconds, at least 0."""
        match self.shape:
            case Shape.FIXED:
                return self.first_ms
            case Shape.EXPONENTIAL:
                return round(random.expovariate(1.0) * self.first_ms)
            case Shape.LOGNORMAL:
                return round(random.lognormvariate(*self._normal()))
            case Shape.ERLANG:
                return round(random.gammavariate(self.second, self.first_ms / self.second))
            case Shape.UNIFORM:
                return round(random.uniform(self.first_ms, self.second))
            case _:
                assert_never(self.shape)

    @property
    def mean_ms(self) -> float:
        """Return the mean."""
        return (self.first_ms + self.second) / 2 if self.shape is Shape.UNIFORM else float(self.first_ms)

    def _normal(self) -> tuple[float, float]:
        """Return mean and deviation of the logarithm."""
        variance = math.log1p((self.second / self.first_ms) ** 2)
        return math.log(self.first_ms) - variance / 2, math.sqrt(variance)

    def __str__(self) -> str:
        first = duration(self.first_ms)
        match self.shape:
            case Shape.FIXED:
                return first
            case Shape.EXPONENTIAL:
                return f"exponential {first}"
            case Shape.ERLANG:
                return f"erlang {self.second} {first}"
            case Shape.LOGNORMAL | Shape.UNIFORM:
                return f"{self.shape.value} {first} {duration(self.second)}"
            case _:
                assert_never(self.shape)


def fixed(ms: int) -> Time:
    """Return a length that is always the same."""
    return Time(Shape.FIXED, ms)


def parse_time(text: str) -> Time:
    """Return a distribution from its text. Raises `TimeRefused`."""
    word, *rest = text.split()
    if not rest:
        return fixed(_ms(word, text))
    try:
        shape = Shape(word)
    except ValueError:
        raise TimeRefused(f"`{text}` is no distribution: write {_FORMS}") from None
    wanted = 1 if shape in (Shape.FIXED, Shape.EXPONENTIAL) else 2
    if len(rest) != wanted:
        raise TimeRefused(f"`{text}` is no distribution: write {_FORMS}")
    match shape:
        case Shape.ERLANG:
            parts = int(rest[0]) if rest[0].isdecimal() else 0
            if not 1 <= parts <= _PARTS_MAX:
                raise TimeRefused(f"`{rest[0]}` in `{text}` is no number of parts from 1 to {_PARTS_MAX}")
            return Time(shape, _ms(rest[1], text), parts)
        case Shape.LOGNORMAL | Shape.UNIFORM:
            first, second = (_ms(one, text) for one in rest)
            if shape is Shape.LOGNORMAL and not first:
                raise TimeRefused(f"the mean in `{text}` is nothing")
            if shape is Shape.UNIFORM and first > second:
                raise TimeRefused(f"in `{text}` the least is more than the most")
            return Time(shape, first, second)
        case Shape.FIXED | Shape.EXPONENTIAL:
            return Time(shape, _ms(rest[0], text))
        case _:
            assert_never(shape)


_PARTS_MAX: Final = 1_000


def _ms(text: str, whole: str) -> int:
    ms = parse_duration(text)
    if ms is None:
        raise TimeRefused(f"`{whole}` is no length of time: write {_FORMS}")
    return ms
