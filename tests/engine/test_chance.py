"""Chance: how often a `split` goes each of its ways."""

from collections import Counter

import pytest

from callflow.engine.events import CallOffered
from callflow.engine.step import begin
from tests.engine.world import machine_of

SHARES = {"two": 3, "three": 6, "four": 8, "five": 11, "six": 14, "seven": 17, "eight": 14, "nine": 11, "ten": 8,
          "eleven": 5, "twelve": 3}  # fmt: skip
CALLS = 100_000


def test_every_way_has_its_share_of_many_calls() -> None:
    ways = " ".join(f'{percent}% tag "{name}"' for name, percent in SHARES.items())
    machine = machine_of(f"start {{ split {{ {ways} }} }}")
    offers = (CallOffered(0, "+49301", "+49302", seed=seed) for seed in range(CALLS))
    went = Counter(begin(machine, offer).session.names["call.tags"] for offer in offers)
    assert {name: 100 * went[name] / CALLS for name in SHARES} == pytest.approx(SHARES, abs=0.5)
