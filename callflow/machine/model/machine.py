"""The machine itself, and what a scheme declares."""

from typing import Final

import attrs

from callflow.machine.model.states import Confirm, State
from callflow.machine.model.values import Strategy


@attrs.frozen
class Agent:
    """Somebody who answers calls."""

    name: str
    uri: str
    extension: str = ""
    skills: tuple[str, ...] = ()
    confirm: Confirm | None = None
    """What takes a call; None: to answer takes it."""
    limit: int = 1
    """Calls at once."""


@attrs.frozen
class Group:
    """Agents who answer the same calls, in the order they were written."""

    name: str
    members: tuple[str, ...]
    strategy: Strategy = Strategy.ALL
    each_ms: int | None = None
    wrap_up_ms: int | None = None
    """How long an agent is left alone after a call; None: not at all."""


@attrs.frozen
class Prompt:
    """Something to hear by name: words by language, sound files by language, `""` for every language."""

    name: str
    texts: dict[str, str]
    files: dict[str, str]


@attrs.frozen
class Schedule:
    """Opening hours in OSM syntax."""

    name: str
    hours: str


HANDLERS: Final = ("hangup", "limit", "trouble")


@attrs.frozen
class Machine:
    """A scheme, ready to run. `start`, `flows` and `handlers` are numbers of states."""

    scheme: str
    timezone: str
    region: str
    languages: tuple[str, ...]
    agents: dict[str, Agent]
    groups: dict[str, Group]
    prompts: dict[str, Prompt]
    schedules: dict[str, Schedule]
    numbers: dict[str, int]
    """Dialled numbers in E.164 and the state each enters."""
    flows: dict[str, int]
    start: int
    states: tuple[State, ...]
    handlers: dict[str, int] = attrs.field(factory=dict)
    """What is done when a call is over, goes beyond a bound of the host, or when something of ours fails."""
    remembered: dict[str, int | None] = attrs.field(factory=dict)
    """Names kept for a caller across calls; for how long in milliseconds, None: until forgotten."""
    last_agent_ms: int = 0
    """For how long it is kept who talked with whom."""
