"""Expressions of the tree to expressions of the machine."""

from collections.abc import Mapping
from typing import assert_never

from callflow.check.names import GIVEN_NAMES
from callflow.check.types import Kind, kind_of
from callflow.machine import model
from callflow.numbers import is_pattern, normalise
from callflow.source import Span
from callflow.syntax import tree

_SPELLED = (Kind.PHONE, Kind.DIGITS)


class Values:
    """Lowers expressions, and remembers which names and schedules they read until that is taken."""

    def __init__(self, kinds: Mapping[str, Kind], region: str) -> None:
        self._kinds = kinds
        self._region = region
        self._reads: list[tuple[str, Span]] = []
        self._schedules: list[str] = []

    def take_reads(self) -> list[tuple[str, Span]]:
        """Return the names that were read since the last call, without those that every call knows."""
        reads, self._reads = self._reads, []
        return reads

    def take_schedules(self) -> list[str]:
        """Return the schedules that were asked after since the last call, each once."""
        schedules, self._schedules = list(dict.fromkeys(self._schedules)), []
        return schedules

    def value(self, expr: tree.Expression) -> model.Expr:
        """Return an expression as the machine has it."""
        match expr:
            case tree.Text() if expr.is_plain:
                return model.Const(expr.plain)
            case tree.Text(parts=parts):
                return model.Joined(tuple(model.Const(p) if isinstance(p, str) else self.value(p) for p in parts))
            case tree.Duration(ms=ms):
                return model.Const(ms)
            case tree.Whole():
                return model.Const(expr.value)
            case tree.Constant(value=value):
                return model.Const(value)
            case tree.NameRef(name=name, span=span):
                if name not in GIVEN_NAMES and name in self._kinds:
                    self._reads.append((name, span))
                return model.Name(name)
            case tree.Binary(op=op, left=left, right=right) if op in ("+", "-", "*"):
                return model.Arithmetic(op, self.value(left), self.value(right))
            case tree.Binary(op=op, left=left, right=right):
                phone = Kind.PHONE in (kind_of(left, self._kinds), kind_of(right, self._kinds))
                return model.Compare(op, self._side(left, phone=phone), self._side(right, phone=phone))
            case tree.Logic(op="and", parts=logic):
                return model.AllOf(tuple(self.value(part) for part in logic))
            case tree.Logic(parts=logic):
                return model.AnyOf(tuple(self.value(part) for part in logic))
            case tree.Negation(part=part):
                return model.Negated(self.value(part))
            case tree.Matching(subject=subject, patterns=patterns):
                phone = kind_of(subject, self._kinds) is Kind.PHONE
                return model.Matches(self.value(subject), tuple(self._pattern(p.plain, phone=phone) for p in patterns))
            case tree.ScheduleIs(schedule=schedule, open=is_open):
                self._schedules.append(schedule.name)
                asked = model.Name(f"{schedule.name}.open")
                return asked if is_open else model.Negated(asked)
            case _:
                assert_never(expr)

    def text(self, text: tree.Text) -> model.Expr:
        """Return a text as it is spoken: numbers to dial digit by digit."""
        if text.is_plain:
            return model.Const(text.plain)
        parts = tuple(model.Const(p) if isinstance(p, str) else self._said(p) for p in text.parts)
        return model.Joined(parts)

    def _said(self, expr: tree.Expression) -> model.Expr:
        value = self.value(expr)
        return model.Spelled(value) if kind_of(expr, self._kinds) in _SPELLED else value

    def _side(self, expr: tree.Expression, *, phone: bool) -> model.Expr:
        if phone and isinstance(expr, tree.Text) and expr.is_plain:
            return model.Const(normalise(expr.plain, self._region))
        return self.value(expr)

    def _pattern(self, pattern: str, *, phone: bool) -> str:
        if not phone:
            return pattern
        if is_pattern(pattern):
            return "".join(char for char in pattern if char not in " -./()")
        return normalise(pattern, self._region)
