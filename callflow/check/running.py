"""Flows that run flows, and the blocks that run beside a call: what may stand where."""

from collections.abc import Iterator
from typing import Final

from callflow.check import problems
from callflow.check.dead_code import bodies
from callflow.check.names import Names
from callflow.check.types import inside
from callflow.diagnostic import Diagnostic
from callflow.limits import RUN_DEPTH_MAX
from callflow.syntax import tree

_EVERYWHERE: Final = (
    tree.SetName,
    tree.Tag,
    tree.Notify,
    tree.When,
    tree.Match,
    tree.Split,
    tree.Repeat,
    tree.Remember,
    tree.Forget,
    tree.Hangup,
)
_ALLOWED: Final[dict[str, tuple[type, ...]]] = {
    "hangup": (*_EVERYWHERE, tree.Fetch, tree.Callback),
    "limit": (*_EVERYWHERE, tree.Play, tree.Wait, tree.Language, tree.Voicemail),
    "trouble": (*_EVERYWHERE, tree.Play, tree.Wait, tree.Language, tree.Voicemail, tree.Connect),
}


def word_of(statement: tree.Statement) -> str:
    """Return the word that a statement begins with."""
    match statement:
        case tree.SetName():
            return "set"
        case tree.RecordCall() | tree.RecordMessage():
            return "record"
        case tree.ChangeRecording(change=change):
            return f"{change} recording"
        case _:
            return type(statement).__name__.lower()


def not_here(handler: tree.HandlerDecl) -> Iterator[Diagnostic]:
    """Yield the statements that have no place in `on hangup`, `on limit` or `on trouble`."""
    allowed = _ALLOWED[handler.name.name]

    def look(block: tree.Block) -> Iterator[Diagnostic]:
        for statement in block.statements:
            if isinstance(statement, allowed):
                for body in bodies(statement):
                    yield from look(body)
            else:
                yield problems.not_here(statement.span, word_of(statement), handler.name.name)

    yield from look(handler.body)


def _runs(names: Names) -> dict[str, list[tree.Ident]]:
    """Return for every flow those that it runs."""
    return {
        name: [one.flow for one in inside(flow.body) if isinstance(one, tree.Run)] for name, flow in names.flows.items()
    }


def check_runs(names: Names) -> Iterator[Diagnostic]:
    """Yield flows that run themselves or too many others, and `return` where nothing runs the flow."""
    runs = _runs(names)
    heights: dict[str, int] = {}
    told: set[str] = set()

    def height(flow: str, way: list[str]) -> Iterator[Diagnostic]:
        if flow in heights:
            return
        heights[flow] = 0
        most = 0
        for called in runs[flow]:
            if called.name == flow or called.name in way:
                between = [*way[way.index(called.name) + 1 :], flow] if called.name in way else []
                if called.name not in told:
                    told.add(called.name)
                    yield problems.runs_itself(called.span, called.name, between)
            elif called.name in runs:
                yield from height(called.name, [*way, flow])
                most = max(most, heights[called.name] + 1)
                if heights[called.name] + 1 == RUN_DEPTH_MAX + 1:
                    yield problems.runs_too_deep(called.span, RUN_DEPTH_MAX)
        heights[flow] = most

    for name in runs:
        yield from height(name, [])
    entered = {flow.name for flows in runs.values() for flow in flows}
    for name, flow in names.flows.items():
        for statement in inside(flow.body):
            if isinstance(statement, tree.Return) and name not in entered:
                yield problems.return_not_run(statement.span, name)


def runs_in_circles(names: Names) -> frozenset[str]:
    """Return the flows that come back to themselves by `run`."""
    runs = _runs(names)
    found: set[str] = set()
    for name, first in runs.items():
        reached: set[str] = set()
        work = [flow.name for flow in first]
        while work:
            flow = work.pop()
            if flow not in reached and flow in runs:
                reached.add(flow)
                work.extend(one.name for one in runs[flow])
        if name in reached:
            found.add(name)
    return frozenset(found)
