"""What a web service said, as fields: the texts, numbers and truths of a JSON object by their dotted names."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final, NoReturn

from callflow.limits import TEXT_CHARS_MAX
from callflow.machine.model import Value

DEPTH_MAX: Final = 16
NODES_MAX: Final = 2_000
LIST_FIELDS_MAX: Final = 20
"""Entries of a list that become fields; a scheme cannot go through a longer one anyway."""

NUMBER_MAX: Final = 2**63 - 1
_DIGITS_MAX: Final = 19
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class AnswerRefused(ValueError):
    """What was said is not understood; its message says why, in a few words."""


def fields_of(body: bytes) -> dict[str, Value]:
    """Return the fields of a JSON object. Raises `AnswerRefused`.

    Keys that are no names are left out. Decimals, and numbers beyond 64 bits, are text. Of the list `a` there are
    `a.0`, `a.1` and so on, and `a.length`.
    """
    try:
        said = json.loads(body, parse_float=str, parse_int=_whole, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise AnswerRefused("the answer is no JSON") from None
    if not isinstance(said, dict):
        raise AnswerRefused("the answer is no JSON object")
    fields: dict[str, Value] = {}
    for count, (name, value) in enumerate(_walk("", said, 0)):
        if count >= NODES_MAX:
            raise AnswerRefused(f"the answer has more than {NODES_MAX} parts")
        if name and not isinstance(value, dict | list):
            fields[name] = _clean(value) if isinstance(value, str) else value
    return fields


def _walk(name: str, value: Any, depth: int) -> Iterator[tuple[str, Any]]:
    """Yield every part of a value with its dotted name; what has no name as ""."""
    if depth > DEPTH_MAX:
        raise AnswerRefused(f"the answer is nested more than {DEPTH_MAX} deep")
    yield name, value
    if isinstance(value, dict):
        for key, part in value.items():
            if _NAME.fullmatch(key):
                yield from _walk(f"{name}.{key}" if name else key, part, depth + 1)
            else:
                yield "", part
    elif isinstance(value, list):
        yield f"{name}.length", len(value)
        for number, part in enumerate(value):
            if number < LIST_FIELDS_MAX:
                yield from _walk(f"{name}.{number}", part, depth + 1)
            else:
                yield "", part


def _whole(digits: str) -> int | str:
    number = int(digits) if len(digits.lstrip("-")) <= _DIGITS_MAX else NUMBER_MAX + 1
    return number if abs(number) <= NUMBER_MAX else digits


def _no_number(_name: str) -> NoReturn:
    raise ValueError


def _clean(text: str) -> str:
    """Return a text that can be written and spoken: no halves of characters, nothing invisible but spaces."""
    text = text[:TEXT_CHARS_MAX].encode("utf-8", "replace").decode("utf-8")
    return "".join(char for char in text if char.isprintable() or char.isspace())
