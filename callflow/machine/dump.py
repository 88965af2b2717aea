"""A machine as a plain listing for people: a line for every state. For reading and for tests; `codec` writes files."""

from collections.abc import Iterator
from typing import Final

from callflow.machine.diagram import joined, on_one_line
from callflow.machine.labels import details, label
from callflow.machine.model import Machine, Repass, State

_WHAT_CHARS: Final = 36
"""The column of what a state does; longer ones push their exits to the right."""


def dump(machine: Machine) -> str:
    """Return where calls come in, and every state with its number, its place in the scheme, what it does, its exits."""
    return "\n".join(_lines(machine)) + "\n"


def _lines(machine: Machine) -> Iterator[str]:
    if machine.scheme:
        yield f"scheme {on_one_line(machine.scheme)}"
    doors = {"start": machine.start, **{f"number {one}": to for one, to in sorted(machine.numbers.items())}}
    doors |= {f"flow {flow}": to for flow, to in sorted(machine.flows.items()) if flow != "start"}
    width = max(map(len, doors))
    for door, to in doors.items():
        yield f"{door.ljust(width)} -> {to}"
    yield ""
    places = [f"{state.where.flow}:{state.where.line}" for state in machine.states]
    width = max(map(len, places), default=0)
    digits = len(str(len(places) - 1))
    for number, (place, state) in enumerate(zip(places, machine.states, strict=True)):
        what = on_one_line(f"{label(state, machine.schedules)} {details(state)}")
        yield f"{number:>{digits}}  {place.ljust(width)}  {what.ljust(_WHAT_CHARS)}  {_exits(state)}".rstrip()


def _exits(state: State) -> str:
    if isinstance(state, Repass):
        return f"-> {state.menu}"
    return "  ".join(f"{names} -> {number}".lstrip() for names, number in joined(state))
