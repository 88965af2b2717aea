"""What kind of value an expression has, and which uses of values make no sense."""

import enum
from collections.abc import Iterator, Mapping
from typing import assert_never

from callflow.check import problems
from callflow.check.names import GIVEN_NAMES, Names
from callflow.diagnostic import Diagnostic
from callflow.limits import NUMBER_DIGITS_MAX
from callflow.syntax import tree


class Kind(enum.Enum):
    """Types of values; `ANY` where several are possible."""

    TEXT = "text"
    PHONE = "phone number"
    DIGITS = "text of digits"
    NUMBER = "number"
    DURATION = "duration"
    TRUTH = "truth value"
    NONE = "`none`"
    ANY = "value"


_GIVEN = {
    "caller.number": Kind.PHONE,
    "caller.name": Kind.TEXT,
    "called.number": Kind.PHONE,
    "digits": Kind.DIGITS,
    "agent.name": Kind.TEXT,
}
_TEXTS = frozenset({Kind.TEXT, Kind.PHONE, Kind.DIGITS})
_ORDERED = frozenset({Kind.NUMBER, Kind.DURATION})


def kinds_of_names(parsed: tree.Tree) -> dict[str, Kind]:
    """Return the kind of every name that `set` gives anywhere; `ANY` where they differ."""
    kinds: dict[str, Kind] = dict(_GIVEN)
    settings = [one for one in _statements(parsed) if isinstance(one, tree.SetName)]
    for _ in range(len(settings) + 1):
        before = dict(kinds)
        for one in settings:
            name = one.name.name
            kind = kind_of(one.value, kinds)
            kinds[name] = kind if kinds.get(name, kind) is kind else Kind.ANY
        if kinds == before:
            break
    return kinds


def _statements(parsed: tree.Tree) -> Iterator[tree.Statement]:
    for declaration in parsed.declarations:
        if isinstance(declaration, tree.FlowDecl):
            yield from inside(declaration.body)


def inside(block: tree.Block | None) -> Iterator[tree.Statement]:
    """Yield every statement of a block, those of inner blocks too, in source order."""
    for statement in block.statements if block else ():
        yield statement
        match statement:
            case tree.When(then=then, other=other):
                yield from inside(then)
                yield from inside(other)
            case tree.Menu(clauses=clauses) | tree.Connect(clauses=clauses):
                for clause in clauses:
                    if isinstance(clause, tree.Press | tree.Clause | tree.DialExtension):
                        yield from inside(clause.body)
            case _:
                pass


def kind_of(expr: tree.Expression, kinds: Mapping[str, Kind]) -> Kind:
    """Return the kind of an expression where names have the kinds given; an unknown name is `ANY`."""
    match expr:
        case tree.Text():
            return Kind.TEXT
        case tree.Duration():
            return Kind.DURATION
        case tree.Whole():
            return Kind.NUMBER
        case tree.Constant(value=None):
            return Kind.NONE
        case tree.NameRef(name):
            return kinds.get(name, Kind.ANY)
        case tree.Binary(op=op, left=left, right=right) if op in ("+", "-", "*"):
            either = {kind_of(left, kinds), kind_of(right, kinds)}
            if either - _ORDERED - {Kind.ANY} or (op != "*" and either >= _ORDERED):
                return Kind.ANY  # told where it stands
            return Kind.DURATION if Kind.DURATION in either else Kind.NUMBER
        case tree.Binary() | tree.Constant() | tree.Logic() | tree.Negation() | tree.Matching() | tree.ScheduleIs():
            return Kind.TRUTH
        case _:
            assert_never(expr)


def check_expression(expr: tree.Expression, names: Names, kinds: Mapping[str, Kind]) -> Iterator[Diagnostic]:
    """Yield what is wrong with an expression and its parts."""
    match expr:
        case tree.Text(parts=parts):
            for part in parts:
                if not isinstance(part, str):
                    yield from check_expression(part, names, kinds)
        case tree.NameRef(name, span):
            if name not in kinds and name in names.schedules:
                names.use("schedule", name)
                yield problems.schedule_as_value(span, name)
            elif name not in kinds:
                yield problems.unknown_name(span, name, tuple(kinds))
        case tree.Binary():
            yield from check_expression(expr.left, names, kinds)
            yield from check_expression(expr.right, names, kinds)
            yield from _binary(expr, kinds)
        case tree.Logic(parts=logic_parts):
            for part in logic_parts:
                yield from check_condition(part, names, kinds)
        case tree.Negation(part=part):
            yield from check_condition(part, names, kinds)
        case tree.Matching(subject=subject, patterns=patterns):
            yield from check_expression(subject, names, kinds)
            kind = kind_of(subject, kinds)
            if kind not in _TEXTS and kind is not Kind.ANY:
                yield problems.no_text(subject.span, "matches" if len(patterns) == 1 else "in", kind.value)
            for pattern in patterns:
                if not pattern.is_plain:
                    yield problems.filled_in(pattern.span, "a pattern")
        case tree.ScheduleIs(schedule=schedule):
            names.use("schedule", schedule.name)
            if schedule.name not in names.schedules:
                yield problems.unknown_schedule(schedule.span, schedule.name, tuple(names.schedules))
        case tree.Whole(written, span):
            if len(written) > NUMBER_DIGITS_MAX:
                yield problems.number_too_long(span)
        case tree.Duration() | tree.Constant():
            pass
        case _:
            assert_never(expr)


def check_condition(expr: tree.Expression, names: Names, kinds: Mapping[str, Kind]) -> Iterator[Diagnostic]:
    """Yield what is wrong with an expression that has to be true or false."""
    yield from check_expression(expr, names, kinds)
    kind = kind_of(expr, kinds)
    if kind not in (Kind.TRUTH, Kind.ANY):
        yield problems.no_truth(expr.span, kind.value)


def _binary(expr: tree.Binary, kinds: Mapping[str, Kind]) -> Iterator[Diagnostic]:
    left, right = kind_of(expr.left, kinds), kind_of(expr.right, kinds)
    if expr.op in ("==", "!="):
        if not _may_be_equal(left, right):
            number = next((side for side in (expr.left, expr.right) if isinstance(side, tree.Whole)), None)
            quoted = number if {left, right} & _TEXTS else None
            yield problems.types_differ(expr.span, left.value, right.value, quoted, negated=expr.op == "!=")
        return
    for side, kind in ((expr.left, left), (expr.right, right)):
        if kind not in _ORDERED and kind is not Kind.ANY:
            yield problems.no_number(side.span, expr.op, kind.value)
            return
    if expr.op != "*" and left is not right and Kind.ANY not in (left, right):
        yield problems.units_differ(expr.span, expr.op)


def _may_be_equal(left: Kind, right: Kind) -> bool:
    if left is right or Kind.ANY in (left, right):
        return True
    if Kind.NONE in (left, right):
        return True
    return left in _TEXTS and right in _TEXTS


assert set(GIVEN_NAMES) == set(_GIVEN)
