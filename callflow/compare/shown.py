"""Values of a machine in words, whatever they are: times with their unit, passages as they are written."""

import enum
from collections.abc import Collection
from typing import Any

import attrs

from callflow.machine.labels import heard, written
from callflow.machine.model import Expr, Passage
from callflow.words import duration


def shown(name: str, value: Any, schedules: Collection[str] = ()) -> str:
    """Return the value of a field in words, "" for none."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int():
            return duration(value) if name.endswith("_ms") else str(value)
        case str():
            return value
        case enum.Enum():
            return str(value.value)
        case Passage():
            return heard(value)
        case tuple():
            return ", ".join(shown(name, one, schedules) for one in value)
        case dict():
            return ", ".join(f"{key} {shown(name, one, schedules)}" for key, one in value.items())
        case _ if isinstance(value, Expr):
            return written(value, schedules)
        case _:
            return _object(value, schedules)


def _object(one: Any, schedules: Collection[str]) -> str:
    """Return an object by what is in it, or by its name where nothing is."""
    if not attrs.has(type(one)):
        return str(one)
    names = [field.name for field in attrs.fields(type(one))]
    inside = " ".join(filter(None, (shown(name, getattr(one, name), schedules) for name in names)))
    return inside or type(one).__name__.removesuffix("Target").lower()
