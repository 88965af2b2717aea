"""What kind of value an expression has, and which uses of values make no sense."""

from collections.abc import Iterator, Mapping
from typing import assert_never

from callflow.check import problems
from callflow.check.dead_code import bodies
from callflow.check.functions import FUNCTIONS, SAID, check_function
from callflow.check.kinds import Kind
from callflow.check.names import GIVEN_NAMES, GROUP_FACTS, SCHEDULE_FACT, Names
from callflow.diagnostic import Diagnostic
from callflow.limits import NUMBER_DIGITS_MAX
from callflow.syntax import tree

_GIVEN = {
    "caller.number": Kind.PHONE,
    "caller.name": Kind.TEXT,
    "caller.country": Kind.TEXT,
    "caller.hidden": Kind.TRUTH,
    "called.number": Kind.PHONE,
    "call.id": Kind.TEXT,
    "call.started": Kind.TIME,
    "call.tags": Kind.TEXT,
    "call.diverted_from": Kind.PHONE,
    "now": Kind.TIME,
    "digits": Kind.DIGITS,
    "agent.name": Kind.TEXT,
    "queue.position": Kind.NUMBER,
    "queue.length": Kind.NUMBER,
    "queue.wait": Kind.DURATION,
    "last.agent": Kind.TEXT,
    "last.available": Kind.TRUTH,
}
_OF_GROUPS = dict(zip(GROUP_FACTS, (Kind.NUMBER, Kind.NUMBER, Kind.DURATION), strict=True))
_TEXTS = frozenset({Kind.TEXT, Kind.PHONE, Kind.DIGITS})
_PLAIN = frozenset({Kind.TEXT, Kind.RECORD, Kind.SOUND, Kind.NONE, Kind.ANY})
"""What is spoken as it stands, in any language."""

_ORDERED = frozenset({Kind.NUMBER, Kind.DURATION, Kind.TIME})


def kinds_of_names(parsed: tree.Tree, names: Names) -> dict[str, Kind]:
    """Return the kind of every name that is given, or set anywhere; `ANY` where they differ."""
    kinds: dict[str, Kind] = dict(_GIVEN)
    kinds |= {f"{schedule}.{SCHEDULE_FACT}": Kind.TIME for schedule in names.schedules}
    kinds |= {f"{group}.{fact}": kind for group in names.groups for fact, kind in _OF_GROUPS.items()}
    settings: list[tree.SetName | tree.Remember] = []
    for one in _statements(parsed):
        match one:
            case tree.SetName(name=name, value=tree.Record()) | tree.Fetch(name=name):
                _settle(kinds, name.name, Kind.RECORD)
            case tree.SetName() | tree.Remember():
                settings.append(one)
            case tree.Collect(name=name):
                _settle(kinds, name.name, Kind.DIGITS)
            case tree.RecordMessage(name=name):
                _settle(kinds, name.name, Kind.SOUND)
            case _:
                pass
    for _ in range(len(settings) + 1):
        before = dict(kinds)
        for one in settings:
            assert not isinstance(one.value, tree.Record)
            _settle(kinds, one.name.name, kind_of(one.value, kinds))
        if kinds == before:
            break
    return kinds


def _settle(kinds: dict[str, Kind], name: str, kind: Kind) -> None:
    kinds[name] = kind if kinds.get(name, kind) is kind else Kind.ANY


def _statements(parsed: tree.Tree) -> Iterator[tree.Statement]:
    for declaration in parsed.declarations:
        if isinstance(declaration, tree.FlowDecl | tree.HandlerDecl):
            yield from inside(declaration.body)


def inside(block: tree.Block | None) -> Iterator[tree.Statement]:
    """Yield every statement of a block, those of inner blocks too, in source order."""
    for statement in block.statements if block else ():
        yield statement
        for body in bodies(statement):
            yield from inside(body)


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
        case tree.Function(name=ident, arguments=arguments):
            return _kind_of_function(ident.name, [kind_of(one, kinds) for one in arguments])
        case tree.Binary(op=op, left=left, right=right) if op in ("+", "-", "*"):
            either = {kind_of(left, kinds), kind_of(right, kinds)}
            if either == {Kind.TIME, Kind.DURATION}:
                return Kind.TIME
            if either == {Kind.TIME}:
                return Kind.DURATION
            if either - _ORDERED - {Kind.ANY} or (op != "*" and len(either - {Kind.ANY}) > 1):
                return Kind.ANY  # told where it stands
            return Kind.DURATION if Kind.DURATION in either else Kind.NUMBER
        case (
            tree.Binary()
            | tree.Constant()
            | tree.Logic()
            | tree.Negation()
            | tree.Matching()
            | tree.Listed()
            | tree.ScheduleIs()
        ):
            return Kind.TRUTH
        case _:
            assert_never(expr)


def _kind_of_function(name: str, arguments: list[Kind]) -> Kind:
    if name == "default":
        some = {kind for kind in arguments if kind is not Kind.NONE}
        return some.pop() if len(some) == 1 else Kind.ANY
    return FUNCTIONS[name].result if name in FUNCTIONS else Kind.ANY


def is_said(expr: tree.Expression, kinds: Mapping[str, Kind]) -> bool:
    """Return whether an expression becomes words of the call's language where it stands in a spoken text."""
    if isinstance(expr, tree.Function) and expr.name.name in SAID:
        return True
    return kind_of(expr, kinds) not in _PLAIN


def field_of(name: str, kinds: Mapping[str, Kind]) -> str:
    """Return the record of which a name is a field, empty where it is none."""
    record, dot, _ = name.partition(".")
    return record if dot and name not in kinds and kinds.get(record) in (Kind.RECORD, Kind.ANY) else ""


def check_expression(expr: tree.Expression, names: Names, kinds: Mapping[str, Kind]) -> Iterator[Diagnostic]:
    """Yield what is wrong with an expression and its parts."""
    match expr:
        case tree.Text(parts=parts):
            for part in parts:
                if not isinstance(part, str):
                    yield from check_expression(part, names, kinds)
        case tree.NameRef():
            yield from _check_name(expr, names, kinds)
        case tree.Binary():
            yield from check_expression(expr.left, names, kinds)
            yield from check_expression(expr.right, names, kinds)
            yield from _binary(expr, kinds)
        case tree.Logic(parts=logic_parts):
            for part in logic_parts:
                yield from check_condition(part, names, kinds)
        case tree.Negation(part=part):
            yield from check_condition(part, names, kinds)
        case tree.Matching() | tree.Listed():
            yield from _check_fit(expr, names, kinds)
        case tree.Function(arguments=arguments):
            for argument in arguments:
                yield from check_expression(argument, names, kinds)
            yield from check_function(expr, [kind_of(one, kinds) for one in arguments])
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


def _check_fit(expr: tree.Matching | tree.Listed, names: Names, kinds: Mapping[str, Kind]) -> Iterator[Diagnostic]:
    yield from check_expression(expr.subject, names, kinds)
    kind = kind_of(expr.subject, kinds)
    if kind not in _TEXTS and kind is not Kind.ANY:
        one = isinstance(expr, tree.Matching) and len(expr.patterns) == 1
        yield problems.no_text(expr.subject.span, "matches" if one else "in", kind.value)
    if isinstance(expr, tree.Listed):
        names.use("list", expr.list.name)
        if expr.list.name not in names.lists:
            yield problems.unknown_list(expr.list.span, expr.list.name, tuple(names.lists))
        return
    for pattern in expr.patterns:
        if not pattern.is_plain:
            yield problems.filled_in(pattern.span, "a pattern")


def _check_name(ref: tree.NameRef, names: Names, kinds: Mapping[str, Kind]) -> Iterator[Diagnostic]:
    name, span = ref.name, ref.span
    first, _, fact = name.partition(".")
    if name in kinds and first in names.schedules and fact == SCHEDULE_FACT:
        names.use("schedule", first)
    if name in kinds and first in names.groups and fact in GROUP_FACTS:
        names.use("group", first)
    if name not in kinds and name in names.schedules:
        names.use("schedule", name)
        yield problems.schedule_as_value(span, name)
    elif kinds.get(name) is Kind.RECORD:
        yield problems.record_as_value(span, name)
    elif name not in kinds and not field_of(name, kinds):
        yield problems.unknown_name(span, name, tuple(kinds))


def check_condition(expr: tree.Expression, names: Names, kinds: Mapping[str, Kind]) -> Iterator[Diagnostic]:
    """Yield what is wrong with an expression that has to be true or false."""
    yield from check_expression(expr, names, kinds)
    kind = kind_of(expr, kinds)
    if kind not in (Kind.TRUTH, Kind.ANY):
        yield problems.no_truth(expr.span, kind.value)


def _binary(expr: tree.Binary, kinds: Mapping[str, Kind]) -> Iterator[Diagnostic]:
    left, right = kind_of(expr.left, kinds), kind_of(expr.right, kinds)
    if Kind.RECORD in (left, right):
        return  # told where it stands
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
    moved = left is Kind.TIME and right is Kind.DURATION and expr.op in ("+", "-")
    if expr.op != "*" and left is not right and Kind.ANY not in (left, right) and not moved:
        yield problems.units_differ(expr.span, expr.op)


def _may_be_equal(left: Kind, right: Kind) -> bool:
    if left is right or Kind.ANY in (left, right):
        return True
    if Kind.NONE in (left, right):
        return True
    return left in _TEXTS and right in _TEXTS


assert set(GIVEN_NAMES) == set(_GIVEN)
