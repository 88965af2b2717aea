"""Distributions: how they are written, what they come to."""

import math
from random import Random
from statistics import fmean, stdev

import pytest

from callflow.traffic.times import TimeRefused, parse_time


@pytest.mark.parametrize(
    ("text", "mean_ms", "deviation_ms"),
    [
        ("3m", 180_000, 0),
        ("fixed 3m", 180_000, 0),
        ("exponential 90s", 90_000, 90_000),
        ("lognormal 4m 3m", 240_000, 180_000),
        ("erlang 4 2m", 120_000, 60_000),
        ("uniform 10s 30s", 20_000, 20_000 / math.sqrt(12)),
    ],
)
def test_draws_have_the_mean_and_the_deviation_that_are_written(text: str, mean_ms: float, deviation_ms: float) -> None:
    time, random = parse_time(text), Random(7)
    drawn = [time.draw(random) for _ in range(40_000)]
    assert time.mean_ms == mean_ms
    assert fmean(drawn) == pytest.approx(mean_ms, rel=0.03)
    assert stdev(drawn) == pytest.approx(deviation_ms, rel=0.05)
    assert min(drawn) >= 0


@pytest.mark.parametrize("text", ["3m", "exponential 1.5m", "lognormal 4m 3m", "erlang 4 2m", "uniform 10s 30s"])
def test_a_distribution_is_written_as_it_is_read(text: str) -> None:
    assert parse_time(str(parse_time(text))) == parse_time(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("often", "`often` is no length of time"),
        ("exponential", "`exponential` is no length of time"),
        ("exponential 3m 4m", "`exponential 3m 4m` is no distribution"),
        ("normal 3m", "`normal 3m` is no distribution"),
        ("erlang 0 3m", "`0` in `erlang 0 3m` is no number of parts from 1 to 1000"),
        ("uniform 3m 1m", "the least is more than the most"),
        ("lognormal 0s 1m", "the mean in `lognormal 0s 1m` is nothing"),
        ("lognormal 3m", "`lognormal 3m` is no distribution"),
    ],
)
def test_what_is_no_distribution_is_told(text: str, message: str) -> None:
    with pytest.raises(TimeRefused, match=message.replace("(", r"\(")):
        parse_time(text)
