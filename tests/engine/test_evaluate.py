"""Expressions: total, and worth what a reader expects."""

import pytest

from callflow.engine.evaluate import NUMBER_MAX, evaluate, fits
from callflow.limits import TEXT_CHARS_MAX
from callflow.machine.model import (
    AllOf,
    AnyOf,
    Arithmetic,
    Compare,
    Const,
    Expr,
    How,
    Joined,
    Matches,
    Name,
    Negated,
    Said,
    Value,
)

NAMES: dict[str, Value] = {"n": 4, "caller.number": "+4930123", "open": True, "gone": None}


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        (Name("nobody"), None),
        (Compare("==", Name("n"), Const(4)), True),
        (Compare("==", Name("n"), Const("4")), False),
        (Compare("!=", Name("n"), Const("4")), True),
        (Compare("==", Const(True), Const(1)), False),
        (Compare("<", Const("a"), Const("b")), False),
        (Compare(">=", Name("n"), Const(4)), True),
        (Compare("<", Name("gone"), Const(4)), False),
        (Arithmetic("+", Name("n"), Const(1)), 5),
        (Arithmetic("*", Const(NUMBER_MAX), Const(NUMBER_MAX)), NUMBER_MAX),
        (Arithmetic("-", Const(-NUMBER_MAX), Const(NUMBER_MAX)), -NUMBER_MAX),
        (Arithmetic("+", Const("a"), Const(1)), None),
        (Arithmetic("+", Const(True), Const(1)), None),
        (Joined((Const("you are "), Name("n"), Name("gone"))), "you are 4"),
        (Joined((Const("x" * TEXT_CHARS_MAX), Const("y"))), "x" * TEXT_CHARS_MAX),
        (Said(How.DIGITS, Name("caller.number")), "plus four nine three zero one two three"),
        (Matches(Name("caller.number"), ("+7*", "+49*")), True),
        (Matches(Name("gone"), ("*",)), False),
        (AllOf((Name("open"), Const(True))), True),
        (AllOf((Name("open"), Const(1))), False),
        (AnyOf((Name("gone"), Name("open"))), True),
        (Negated(Name("gone")), True),
    ],
)
def test_values(expr: Expr, value: Value) -> None:
    assert evaluate(expr, NAMES) == value
    assert type(evaluate(expr, NAMES)) is type(value)


@pytest.mark.parametrize(
    ("text", "pattern", "does"),
    [
        ("+4930", "+49*", True),
        ("+4930", "+49", False),
        ("+4930", "+49??", True),
        ("+4930", "+49?", False),
        ("", "*", True),
        ("", "", True),
        ("", "?", False),
        ("abcabd", "*abd", True),
        ("abcabd", "a*b*c", False),
        ("a" * 4_000, "*a" * 500 + "b", False),
    ],
)
def test_patterns(text: str, pattern: str, *, does: bool) -> None:
    assert fits(text, pattern) is does
