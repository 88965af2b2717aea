"""One mistake is told once: what only follows from another problem is left out, and one name is told at one place."""

from typing import Final

import attrs

from callflow.check import problems as names
from callflow.diagnostic import Code, Diagnostic, Fix, Label, Severity
from callflow.prove import problems as paths

_FOLLOWS: Final[dict[Code, frozenset[Code]]] = {
    names.NEVER_USED: frozenset(
        {names.UNKNOWN_TARGET, names.UNKNOWN_PROMPT, names.UNKNOWN_SCHEDULE, names.UNKNOWN_LIST, names.NO_GROUP}
    ),
    names.PROMPT_LACKS_LANGUAGE: frozenset({names.UNKNOWN_LANGUAGE}),
    paths.NEVER_REACHED: frozenset({names.AGAIN_OUTSIDE}),
    paths.FLOW_UNREACHED: frozenset({names.NO_START, names.UNKNOWN_FLOW, names.DECLARED_TWICE}),
}
"""What may come of another mistake, such as a flow that nobody gets to because the `goto` to it is misspelt."""

_ONE_PLACE: Final = frozenset(
    {
        names.UNKNOWN_FLOW,
        names.UNKNOWN_AGENT,
        names.UNKNOWN_TARGET,
        names.UNKNOWN_PROMPT,
        names.UNKNOWN_SCHEDULE,
        names.UNKNOWN_NAME,
        names.UNKNOWN_LIST,
        names.UNKNOWN_FUNCTION,
        names.NO_GROUP,
        names.UNKNOWN_LANGUAGE,
        names.NO_EXTENSIONS,
        paths.PERHAPS_NOT_SET,
    }
)
"""What is told where it is met first; the other places are labels."""

_PLACES_MAX: Final = 3
"""Further places that are shown; who sees these finds the others."""


def told_once(found: list[Diagnostic]) -> list[Diagnostic]:
    """Return problems in source order, each mistake once."""
    codes = {problem.code for problem in found}
    told: dict[object, Diagnostic] = {}
    for problem in sorted(found, key=lambda problem: (problem.span, problem.code.id)):
        if codes & _FOLLOWS.get(problem.code, frozenset()):
            continue
        key = (problem.code, problem.message) if problem.code in _ONE_PLACE else problem
        first = told.setdefault(key, problem)
        if first is not problem and first.span != problem.span:
            also = (Label(problem.span, "also here"),) if len(first.labels) < _PLACES_MAX else ()
            told[key] = attrs.evolve(first, labels=first.labels + also, fixes=_joined(first.fixes, problem.fixes))
    return list(told.values())


def _joined(fixes: tuple[Fix, ...], others: tuple[Fix, ...]) -> tuple[Fix, ...]:
    """Return repairs that repair another place, too, as far as they are the same."""
    edits = {fix.title: fix.edits for fix in others}
    return tuple(attrs.evolve(fix, edits=(*fix.edits, *edits.get(fix.title, ()))) for fix in fixes)


def first(found: list[Diagnostic], most: int) -> list[Diagnostic]:
    """Return as many problems as somebody reads, warnings only where there is room beside the errors."""
    if len(found) <= most:
        return found
    kept = sorted(found, key=lambda problem: problem.code.severity is not Severity.ERROR)[:most]
    return sorted(kept, key=lambda problem: (problem.span, problem.code.id))
