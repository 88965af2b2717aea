"""`callflow diff --behaviour`: calls that go differently in two schemes."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from callflow.cli.counter import counter

if TYPE_CHECKING:
    from callflow.explore.behaviour import Compared, Difference
    from callflow.machine.model import Machine


def compare(old: "Machine", new: "Machine", names: tuple[str, str], most: int, form: str, *, ladders: bool) -> int:
    """Tell how the calls of two schemes differ. Returns the exit status: 1 when any does."""
    from callflow.explore import behaviour

    progress, over = counter()
    found = behaviour.compare(old, new, most, progress)
    over()
    if form == "json":
        click.echo(json.dumps(_values(found), indent=2, ensure_ascii=False))
    else:
        for line in _lines(found, (old, new), names, ladders=ladders):
            click.echo(line)
    return 1 if found.differences else 0


def _lines(
    found: "Compared", machines: "tuple[Machine, Machine]", names: tuple[str, str], *, ladders: bool
) -> Iterator[str]:
    from callflow.sim.beside import lines

    so_far = "" if found.complete else "; there are more than were tried"
    differ = f"{found.different:,} go differently" if found.differences else "all go the same way"
    yield f"{found.calls:,} calls made to both: {differ}{so_far}"
    for number, one in enumerate(found.differences, 1):
        others = f", and {one.calls - 1:,} like it" if one.calls > 1 else ""
        yield ""
        yield f"{number}. {one.way}{others}"
        if ladders:
            for name, machine, call in zip(names, machines, (one.old, one.new), strict=True):
                yield name
                yield from _ladder(machine, call.journal)
        else:
            yield from lines(one.rows, *names)


def _ladder(machine: "Machine", journal: Any) -> Iterator[str]:
    from callflow.runner.transcript import Transcript

    transcript = Transcript(machine)
    yield transcript.head()
    for entry in journal:
        yield from transcript.lines(entry)


def _values(found: "Compared") -> dict[str, Any]:
    return {
        "calls": found.calls,
        "complete": found.complete,
        "different": found.different,
        "differences": [_difference(one) for one in found.differences],
    }


def _difference(one: "Difference") -> dict[str, Any]:
    return {
        "way": one.way,
        "calls": one.calls,
        "old": [row.old for row in one.rows if row.old],
        "new": [row.new for row in one.rows if row.new],
    }
