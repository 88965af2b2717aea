"""Expressions of the tree to expressions of the machine."""

from collections.abc import Mapping
from typing import Final, assert_never

from callflow.check.functions import SAID
from callflow.check.kinds import Kind
from callflow.check.names import GIVEN_NAMES, GROUP_FACTS, LAST_AGENT, SCHEDULE_FACT, Names
from callflow.check.types import kind_of
from callflow.machine import model
from callflow.machine.model import How
from callflow.numbers import is_pattern, normalise
from callflow.source import Span
from callflow.syntax import tree

_HOW: Final = {
    Kind.PHONE: How.DIGITS,
    Kind.DIGITS: How.DIGITS,
    Kind.NUMBER: How.NUMBER,
    Kind.DURATION: How.DURATION,
    Kind.TIME: How.MOMENT,
    Kind.TRUTH: How.TRUTH,
}
"""How values are said where nothing else is asked for."""


class Values:
    """Lowers expressions, and remembers what has to be known before they are worth anything, until that is taken."""

    def __init__(self, kinds: Mapping[str, Kind], names: Names, remembered: Mapping[str, int | None]) -> None:
        self._kinds = kinds
        self._names = names
        self._remembered = remembered
        self._region = names.region.name if names.region else ""
        self._reads: list[tuple[str, Span]] = []
        self._schedules: list[str] = []
        self._counts: list[str] = []

    def take_reads(self) -> list[tuple[str, Span]]:
        """Return the names that were read since the last call, without those that every call knows."""
        reads, self._reads = self._reads, []
        return reads

    def take_schedules(self) -> list[str]:
        """Return the schedules that were asked after since the last call, each once."""
        schedules, self._schedules = list(dict.fromkeys(self._schedules)), []
        return schedules

    def take_counts(self) -> list[str]:
        """Return the groups whose standing was asked after since the last call, each once; `""` for the last agent."""
        counts, self._counts = list(dict.fromkeys(self._counts)), []
        return counts

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
                return self._name(name, span)
            case tree.Function():
                return self._function(expr)
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
            case tree.Listed(subject=subject, list=listed):
                return self._listed(subject, listed.name)
            case tree.ScheduleIs(schedule=schedule, open=is_open):
                self._schedules.append(schedule.name)
                asked = model.Name(f"{schedule.name}.open")
                return asked if is_open else model.Negated(asked)
            case _:
                assert_never(expr)

    def text(self, text: tree.Text) -> model.Expr:
        """Return a text as it is spoken: values as people say them."""
        if text.is_plain:
            return model.Const(text.plain)
        parts = tuple(model.Const(p) if isinstance(p, str) else self._said(p) for p in text.parts)
        return model.Joined(parts)

    def fields(self, record: tree.Record | None) -> dict[str, model.Expr]:
        """Return the fields of a record; of two with one name the first counts."""
        return {one.name.name: self.value(one.value) for one in reversed(record.fields)} if record else {}

    def _name(self, name: str, span: Span) -> model.Expr:
        if name == "now":
            return model.Now()
        first, dot, fact = name.partition(".")
        if fact == SCHEDULE_FACT and first in self._names.schedules:
            self._schedules.append(first)
        elif fact in GROUP_FACTS and first in self._names.groups:
            self._counts.append(first)
        elif dot and first == LAST_AGENT:
            self._counts.append("")
        elif name not in GIVEN_NAMES and first in self._kinds and first not in self._remembered:
            self._reads.append((first, span))
        return model.Name(name)

    def _function(self, function: tree.Function) -> model.Expr:
        name = function.name.name
        values = [self.value(one) for one in function.arguments]
        match name, values:
            case "default", _:
                return model.Default(tuple(values))
            case "header", [model.Const(value=str(header))]:
                return model.Name(f"header.{header.lower()}")
            case "number", [value]:
                return model.WholeNumber(value)
            case "month_after", [moment, months]:
                return model.MonthAfter(moment, months)
            case "money", [value, model.Const(value=str(currency))]:
                return model.Said(How.MONEY, value, currency)
            case _, [value] if name in SAID:
                return model.Said(How(name), value)
            case _:
                return model.Const(None)

    def _said(self, expr: tree.Expression) -> model.Expr:
        value = self.value(expr)
        how = _HOW.get(kind_of(expr, self._kinds))
        return value if how is None else model.Said(how, value)

    def _listed(self, subject: tree.Expression, name: str) -> model.Expr:
        declared = self._names.lists.get(name)
        entries = declared.entries if declared else ()
        value = self.value(subject)
        patterns = tuple(self._pattern(one.plain, phone=True) for one in entries if isinstance(one, tree.Text))
        parts: list[model.Expr] = [model.Matches(value, patterns)] if patterns else []
        countries = [one.tag.name for one in entries if isinstance(one, tree.RegionEntry)]
        country = model.Name("caller.country") if value == model.Name("caller.number") else model.Const(None)
        parts += [model.Compare("==", country, model.Const(tag)) for tag in countries]
        return model.AnyOf(tuple(parts))

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
