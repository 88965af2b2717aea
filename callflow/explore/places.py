"""Places of a scheme as people name them: `sales`, `start:12`, `sales:12 key 1`."""

import re
from typing import Final

from callflow.coverage.coverage import Coverage
from callflow.coverage.ways import Via
from callflow.explore.explorer import Wanted
from callflow.explore.walk import Known
from callflow.machine.model import Machine
from callflow.words import did_you_mean, listed_some

_PLACE: Final = re.compile(r"(?P<flow>[^:]+)(?::(?P<line>[0-9]+)(?:\s+(?P<way>.+))?)?")


class NoSuchPlace(ValueError):
    """The scheme has no such flow, line or way; the message is for the user."""


def wanted(machine: Machine, text: str) -> Wanted:
    """Return what says whether a call came to a place. Raises `NoSuchPlace`."""
    coverage = Coverage(machine)
    found = _PLACE.fullmatch(text.strip())
    flow, line, way = found.group("flow", "line", "way") if found else (text, None, None)
    flows = coverage.flows()
    if flow not in flows:
        help_ = did_you_mean(flow, flows, otherwise=f"calls can come to {listed_some(flows)}")
        raise NoSuchPlace(f"no flow that calls can come to is called `{flow}`; {help_}")
    states = {
        number
        for number in coverage.wanted
        if (where := machine.states[number].where).flow == flow and line in (None, str(where.line))
    }
    if not states:
        raise NoSuchPlace(f"nothing that a call can do stands in line {line} of `{flow}`")
    if way is None:
        return lambda known: not states.isdisjoint(known.passed)
    ways = {one: coverage.named(one) for one in coverage.all_ways() if one.state in states}
    chosen = {one for one, name in ways.items() if way in (name, *name.split(", "))}
    if not chosen:
        raise NoSuchPlace(
            f"no way out of line {line} of `{flow}` is called `{way}`; there are {listed_some(list(ways.values()))}"
        )

    def went(known: Known) -> bool:
        return any(isinstance(number, Via) and number.way in chosen for number in known.passed)

    return went
