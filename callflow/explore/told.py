"""What was explored, for people and programs; and the calls as scripts."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from callflow.coverage import shown
from callflow.explore.explorer import Explored, Found
from callflow.explore.given import Plan
from callflow.explore.questions import HANG_UP, SILENCE, SPEAK
from callflow.sim.behaviour import Behaviour
from callflow.sim.results import KINDS, Results
from callflow.sim.scenario import Expectation, Scenario
from callflow.sim.world import WebAnswer
from callflow.sim.written import behaviour
from callflow.words import duration, listed

ALWAYS = ("outcome",)
"""Expectations that are written even where nothing came."""


def lines(done: Explored) -> Iterator[str]:
    """Yield the report in lines."""
    tried = "call was tried" if done.walks == 1 else "calls were tried"
    rest = "every way was followed to where it ends" if done.complete else "there are more; this is known so far"
    yield f"{done.walks:,} {tried}: {rest}"
    outcomes = Counter(one.call.outcome.value for one in done.found)
    yield f"they end: {', '.join(f'{count} {outcome}' for outcome, count in outcomes.most_common())}"
    yield f"longest silence: {duration(done.silent_ms)}"
    yield f"longest wait for somebody: {duration(done.waited_ms)}"
    if done.stuck:
        yield f"dead ends: {len(done.stuck)}"
        for one in done.stuck:
            yield f"  {way(one)}"
    else:
        yield "dead ends: none"
    unheard = done.unheard()
    yield f"prompts that nobody hears: {listed(unheard, 'and') if unheard else 'none'}"
    missed = done.coverage.missed()
    yield f"ways that no call went: {'' if missed else 'none'}".rstrip()
    for miss in missed:
        yield f"  {shown.place(done.coverage, miss.state)}  {done.coverage.label(miss.state)}{shown.said(miss)}"


def as_json(done: Explored) -> dict[str, Any]:
    """Return the report as plain values; times in milliseconds."""
    return {
        "walks": done.walks,
        "complete": done.complete,
        "outcomes": dict(Counter(one.call.outcome.value for one in done.found)),
        "longest_silence_ms": done.silent_ms,
        "longest_wait_ms": done.waited_ms,
        "dead_ends": [way(one) for one in done.stuck],
        "unheard_prompts": done.unheard(),
        "coverage": shown.as_json(done.coverage),
    }


def way(found: Found) -> str:
    """Return what was decided in a call, in words."""
    return told(found.called, found.plan)


def told(called: str, plan: Plan) -> str:
    """Return what was decided of a call to a number, in words."""
    said = [f"calls {called}"] if called else []
    said += [_decided(kind, name, value) for (kind, name), value in plan.items()]
    return ", ".join(one for one in said if one) or "calls and does nothing"


def _decided(kind: str, name: str | int, value: Any) -> str:
    match kind, value:
        case "do", str():
            others = {SILENCE: "does nothing", SPEAK: "speaks", HANG_UP: "hangs up"}
            return others.get(value, f"presses {value}")
        case "schedule", _:
            return f"{name} {'open' if value else 'closed'}"
        case "manner", Behaviour():
            return f"agents: {behaviour(value)}"
        case "crowd", _:
            return f"{name}: {value}"
        case "web", WebAnswer(trouble=trouble, fields=fields):
            return (
                "web fails" if trouble else f"web says {', '.join(f'{k} {v}' for k, v in fields.items()) or 'nothing'}"
            )
        case "given", _:
            return "" if value is None else f"{name} {value or 'withheld'}"
        case "last", _:
            return f"last agent {value}" if value else "no last agent"
        case _:
            return f"chance {value.number + 1}"


def scripts(calls: Iterable[Found]) -> list[Scenario]:
    """Return calls as scripts, each with a name and with what has to come of it."""
    named: Counter[str] = Counter()
    found: list[Scenario] = []
    for one in calls:
        name = way(one)
        named[name] += 1
        if named[name] > 1:
            name = f"{name} ({named[name]})"
        found.append(attrs.evolve(one.call.scenario, name=name, expect=tuple(_expected(one))))
    return found


def _expected(found: Found) -> Iterator[Expectation]:
    results = Results(found.call.journal, found.call.outcome, found.call.tags)
    for kind in KINDS:
        values = results.of(kind)
        if values or kind in ALWAYS:
            yield Expectation(kind, values, 0)
