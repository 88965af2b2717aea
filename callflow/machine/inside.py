"""What is inside the objects of a machine, whatever their classes are: for checks and questions about all of them."""

from collections.abc import Iterator
from typing import Any

import attrs


def objects(value: Any) -> Iterator[Any]:
    """Yield an object and every object inside it."""
    if isinstance(value, tuple | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from objects(one)
    elif attrs.has(type(value)):
        yield value
        for field in attrs.fields(type(value)):
            yield from objects(getattr(value, field.name))


def scalars(one: Any) -> Iterator[tuple[str, Any]]:
    """Yield the texts and numbers of an object with the name of their field."""
    for field in attrs.fields(type(one)):
        value = getattr(one, field.name)
        for inner in value if isinstance(value, tuple) else (value,):
            if isinstance(inner, str | int):
                yield field.name, inner
