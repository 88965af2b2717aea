"""What an expression is worth in a session. Total: no expression can stop a call; what makes no sense is `None`."""

import operator
from collections.abc import Callable, Mapping
from typing import Final, assert_never

import attrs

from callflow import clock
from callflow.limits import TEXT_CHARS_MAX
from callflow.machine.model import (
    AllOf,
    AnyOf,
    Arithmetic,
    Compare,
    Const,
    Default,
    Expr,
    Joined,
    Matches,
    MonthAfter,
    Name,
    Negated,
    Now,
    Said,
    Value,
    WholeNumber,
)
from callflow.saying import say

NUMBER_MAX: Final = 2**63 - 1
"""Numbers saturate here: 64 bits are enough for every count, and a loop of `*` cannot eat memory."""

_DIGITS_MAX: Final = 18

_ORDER: Final[dict[str, Callable[[int, int], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SUM: Final[dict[str, Callable[[int, int], int]]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}


@attrs.frozen
class Circumstances:
    """When and for whom an expression is worked out: the wall clock, the language, the time zone."""

    now_ms: int = 0
    language: str = "en"
    zone: str = ""


_PLAIN: Final = Circumstances()


def evaluate(expr: Expr, names: Mapping[str, Value], around: Circumstances = _PLAIN) -> Value:
    """Return the value of an expression where names mean what `names` says; an unknown name is `None`."""
    match expr:
        case Const(value):
            return value
        case Name(name):
            return names.get(name)
        case Joined(parts):
            return "".join(as_text(evaluate(part, names, around)) for part in parts)[:TEXT_CHARS_MAX]
        case Compare(op, left, right):
            return _compare(op, evaluate(left, names, around), evaluate(right, names, around))
        case Arithmetic(op, left, right):
            return _reckon(op, evaluate(left, names, around), evaluate(right, names, around))
        case Matches(subject, patterns):
            value = evaluate(subject, names, around)
            return isinstance(value, str) and any(fits(value, pattern) for pattern in patterns)
        case AllOf(parts):
            return all(evaluate(part, names, around) is True for part in parts)
        case AnyOf(parts):
            return any(evaluate(part, names, around) is True for part in parts)
        case Negated(part):
            return evaluate(part, names, around) is not True
        case Said(how, part, detail):
            value = evaluate(part, names, around)
            return say(how, value, around.language, around.zone, detail, around.now_ms)
        case _:
            return _of_time_and_absence(expr, names, around)


def _of_time_and_absence(
    expr: Now | Default | WholeNumber | MonthAfter, names: Mapping[str, Value], around: Circumstances
) -> Value:
    match expr:
        case Now():
            return around.now_ms
        case Default(parts):
            values = (evaluate(part, names, around) for part in parts)
            return next((value for value in values if value is not None), None)
        case WholeNumber(part):
            return _whole(evaluate(part, names, around))
        case MonthAfter(moment, months):
            at, count = evaluate(moment, names, around), evaluate(months, names, around)
            if type(at) is not int or type(count) is not int:
                return None
            return clock.month_after(at, count, around.zone)
        case _:
            assert_never(expr)


def _whole(value: Value) -> Value:
    if isinstance(value, str):
        text = value.strip()
        return min(int(text), NUMBER_MAX) if text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX else None
    return value if type(value) is int else None


def as_text(value: Value) -> str:
    """Return a value as it is read out: `None` is silent."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)


def fits(text: str, pattern: str) -> bool:
    """Return whether a text fits a pattern of `*` (any run) and `?` (any one character)."""
    at = star = 0
    mark = -1
    place = 0
    while at < len(text):
        if place < len(pattern) and pattern[place] == "*":
            mark, star = place, at
            place += 1
        elif place < len(pattern) and pattern[place] in ("?", text[at]):
            at += 1
            place += 1
        elif mark >= 0:
            star += 1
            at, place = star, mark + 1
        else:
            return False
    return all(char == "*" for char in pattern[place:])


def _compare(op: str, left: Value, right: Value) -> bool:
    if op in ("==", "!="):
        same = type(left) is type(right) and left == right
        return same if op == "==" else not same
    if type(left) is not int or type(right) is not int:
        return False
    return _ORDER[op](left, right)


def _reckon(op: str, left: Value, right: Value) -> Value:
    if type(left) is not int or type(right) is not int:
        return None
    return max(-NUMBER_MAX, min(NUMBER_MAX, _SUM[op](left, right)))
