"""Instants as people write them, the rules of a zone without the almanac, and a machine that has only schedules."""

import datetime as dt
import functools
import importlib.util
import zoneinfo
from pathlib import Path

from callflow.machine.model import HangingUp, Machine, Schedule, Where

MINUTE_MS = 60_000


@functools.cache
def rules_of(timezone: str) -> zoneinfo.ZoneInfo:
    found = importlib.util.find_spec("tzdata")
    assert found is not None
    assert found.origin is not None
    with (Path(found.origin).parent / "zoneinfo" / timezone).open("rb") as file:
        return zoneinfo.ZoneInfo.from_file(file, key=timezone)


def ms(text: str, timezone: str = "UTC") -> int:
    """Return the instant of `2026-12-24 10:00`; of a repeated one the first, with a `*` after it the second."""
    fold = int(text.endswith("*"))
    wall = dt.datetime.fromisoformat(text.rstrip("*")).replace(tzinfo=rules_of(timezone), fold=fold)
    return round(wall.timestamp() * 1_000)


def machine(*, timezone: str = "Europe/Berlin", region: str = "DE", **hours: str) -> Machine:
    return Machine(
        scheme="test",
        timezone=timezone,
        region=region,
        languages=("en",),
        agents={},
        groups={},
        prompts={},
        schedules={name: Schedule(name=name, hours=text) for name, text in hours.items()},
        numbers={},
        flows={},
        start=0,
        states=(HangingUp(Where(flow="start", line=1)),),
    )
