"""How a caller comes to something: the ways through a machine as the steps that a caller takes. Nothing is run.

What may be come to is looked for in whatever states and tables hold, so new kinds of either need nothing here. The
shortest ways come first. A way passes no state twice, and none on which a condition would be both true and false.
"""

import heapq
import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

import attrs

from callflow.machine.exits import ANSWERED, EXTENSION, exits
from callflow.machine.inside import objects, scalars
from callflow.machine.labels import label, written
from callflow.machine.model import (
    AddressTarget,
    Agent,
    Branch,
    Collecting,
    Compare,
    Connecting,
    Const,
    Consulting,
    Expr,
    ExtensionTarget,
    Fetching,
    LastAgentTarget,
    Machine,
    Menu,
    Name,
    Negated,
    Setting,
    Splitting,
    State,
    TakingMessage,
    Where,
)
from callflow.words import spoken_list

TRIED_MAX: Final = 50_000
"""Beginnings of ways that are looked at: a second. Where more are possible, what was found is a part of them."""

_PAST_MAX: Final = 1_000
"""The same where one way is enough and many are asked for."""

_FAILURES: Final = ("busy", "no answer", "rejected", "unreachable")
_OF_THE_CALL: Final = ("caller.", "called.")
"""Names that keep their value as long as a call lasts."""

_CHOICES: Final = {
    EXTENSION: "dial an extension",
    "silence": "press nothing",
    "invalid": "press a wrong key",
    "otherwise": "choose nothing",
    "otherwise silence": "press nothing until the tries are used up",
    "otherwise invalid": "press wrong keys until the tries are used up",
}


@attrs.frozen
class Target:
    """Something that callers may come to, and the states in which they do."""

    kind: str
    name: str
    states: frozenset[int]


@attrs.frozen
class Step:
    """Something that a caller does or that happens on the way, and the state in which it does."""

    text: str
    state: int


@attrs.frozen
class Way:
    """A way: the numbers that are dialled (`others`: any that the scheme does not name), the steps, where it ends."""

    numbers: tuple[str, ...]
    others: bool
    steps: tuple[Step, ...]
    at: int


@attrs.frozen
class Ways:
    """The ways to something, the shortest first. `more`: there may be others."""

    target: Target
    found: tuple[Way, ...]
    more: bool


def names(machine: Machine) -> dict[str, list[str]]:
    """Return what callers may come to, by kind."""
    found = {kind: list(table) for kind, table in _tables(machine).items()}
    found["flow"] = list(machine.flows)
    found["number"] = list(machine.numbers)
    found["extension"] = [agent.extension for agent in machine.agents.values() if agent.extension]
    inside = [one for state in machine.states for one in objects(state)]
    found["mailbox"] = [text for one in inside for field, text in scalars(one) if field == "box"]
    if any(isinstance(one, TakingMessage) and isinstance(one.box, ExtensionTarget) for one in machine.states):
        found["mailbox"] += [agent.name for agent in machine.agents.values() if agent.extension]
    found["address"] = [agent.uri for agent in machine.agents.values()]
    found["address"] += [uri for one in inside if (uri := _address(one))]
    return {kind: sorted(set(known)) for kind, known in found.items()}


def targets(machine: Machine, name: str) -> list[Target]:
    """Return everything of a name: `sales` may be a group and a mailbox. Addresses may lack their `sip:` or `tel:`."""
    return [
        Target(kind, known, frozenset(_states_of(machine, kind, known)))
        for kind, all_ in names(machine).items()
        for known in all_
        if name == known or (kind == "address" and name.lower() == known.partition(":")[2].lower())
    ]


def ways(machine: Machine, target: Target, most: int) -> Ways:
    """Return the shortest ways to a target, at most so many."""
    if target.kind == "number":
        return Ways(target, tuple(Way((target.name,), False, (), at) for at in target.states), False)
    search = _Search(machine, target)
    found, more = search.run(most, facts=True)
    if not found:  # the only ways are those that look as if they could not be gone
        found, more = search.run(most, facts=False)
    return Ways(target, found, more)


def way_past(machine: Machine, at: int, passes: Callable[[State, str], bool]) -> Way | None:
    """Return the shortest way to a state that takes only the exits which `passes` allows, None where there is none."""
    search = _Search(machine, Target("state", "", frozenset({at})), passes)
    found = search.run(1, facts=True, tried=_PAST_MAX)[0] or search.run(1, facts=False, tried=_PAST_MAX)[0]
    return found[0] if found else None


# --- what there is --------------------------------------------------------------------------------------------------


def _tables(machine: Machine) -> dict[str, dict[str, Any]]:
    """Return the machine's tables of things with names, by the kind of thing: `agent`, `group`, `prompt`."""
    tables = {field.name: getattr(machine, field.name) for field in attrs.fields(Machine)}
    return {
        _singular(name): table
        for name, table in tables.items()
        if isinstance(table, dict) and any(attrs.has(type(one)) for one in table.values())
    }


def _singular(name: str) -> str:
    return name.removesuffix("s")


def _address(one: Any) -> str:
    """Return the address that an object calls, "" where it calls none or one that is worked out in the call."""
    match one:
        case AddressTarget(uri=Const(value=str(uri))):
            return uri
        case _:
            return ""


def _mentioned(value: Any) -> set[tuple[str, str]]:
    """Return the texts inside an object, each with what it is called there: `("agent", "anna")`."""
    return {(_singular(field), text) for one in objects(value) for field, text in scalars(one) if isinstance(text, str)}


def _states_of(machine: Machine, kind: str, name: str) -> Iterator[int]:
    """Yield the states in which a caller comes to something."""
    agent = _agent(machine, kind, name)
    meant = {("box" if kind == "mailbox" else kind, name)}
    if agent is not None:
        meant = {("agent", agent.name)}
        for other, table in _tables(machine).items():
            meant |= {(other, one.name) for one in table.values() if ("member", agent.name) in _mentioned(one)}
    uris = {name} if kind == "address" else set()
    uris |= {agent.uri} if agent is not None else set()
    if kind in ("flow", "number"):
        yield getattr(machine, f"{kind}s")[name]
    for number, state in enumerate(machine.states):
        inside = list(objects(state))
        by_extension = isinstance(state, TakingMessage) == (kind == "mailbox") and _dials(machine, kind, name)
        dialled = by_extension and any(isinstance(one, ExtensionTarget) for one in inside)
        called = any(_address(one) in uris for one in inside)
        if dialled or called or meant & _mentioned(state):
            yield number


def _dials(machine: Machine, kind: str, name: str) -> str:
    """Return the extension of the agent, or of the agent whose box it is; "" where there is none."""
    agent = machine.agents.get(name) if kind == "mailbox" else _agent(machine, kind, name)
    return "" if agent is None else agent.extension


def _agent(machine: Machine, kind: str, name: str) -> Agent | None:
    """Return the agent whose name, extension or address it is, None where it is no agent's."""
    return next(
        (
            one
            for one in machine.agents.values()
            if (kind, name) in (("agent", one.name), ("extension", one.extension), ("address", one.uri))
        ),
        None,
    )


# --- the search -----------------------------------------------------------------------------------------------------

_Facts = tuple[tuple[Expr, bool], ...]


@attrs.frozen
class _Beginning:
    """The beginning of a way, as a list from its end."""

    state: int
    step: str
    before: "_Beginning | None"
    facts: _Facts
    length: int

    def whole(self) -> "list[_Beginning]":
        """Return the beginning and those it grew from, the first one first."""
        grown = [self]
        while (before := grown[-1].before) is not None:
            grown.append(before)
        return grown[::-1]

    def passes(self, number: int) -> bool:
        """Return whether a state lies on it."""
        at: _Beginning | None = self
        while at is not None:
            if at.state == number:
                return True
            at = at.before
        return False


class _Search:
    def __init__(
        self, machine: Machine, target: Target, passes: Callable[[State, str], bool] = lambda _state, _name: True
    ) -> None:
        self._machine = machine
        self._target = target
        self._passes = passes
        self._edges = [list(self._leaving(state)) for state in machine.states]
        self._left = self._distances()
        self._set = {state.name for state in machine.states if isinstance(state, Setting)}

    def run(self, most: int, *, facts: bool, tried: int = TRIED_MAX) -> tuple[tuple[Way, ...], bool]:
        """Return the shortest ways, and whether there may be others. Whether a way can be gone is told by `facts`."""
        found: dict[Way, None] = {}
        turn = itertools.count()
        doors = self._doors()
        heap: list[tuple[int, int, int, _Beginning]] = []
        for number in doors:
            self._push(heap, turn, _Beginning(number, "", None, (), 0), 0)
        for _ in range(tried):
            if not heap:
                break
            _, _, _, at = heapq.heappop(heap)
            steps = at.length
            if at.state in self._target.states:
                way = self._way(at, doors)
                if way not in found and len(found) == most:
                    return _sorted(found), True
                found[way] = None
                continue
            state = self._machine.states[at.state]
            for number, outcomes, text in self._edges[at.state]:
                known = self._known(state, outcomes, at.facts) if facts else ()
                if known is not None and not at.passes(number):
                    if facts and known is at.facts and isinstance(state, Branch):
                        text = ""  # noqa: PLW2901  what is known is not told again
                    grown = _Beginning(number, text, at, known, steps + bool(text))
                    self._push(heap, turn, grown, grown.length)
        return _sorted(found), bool(heap)

    def _push(self, heap: list[Any], turn: Iterator[int], at: _Beginning, steps: int) -> None:
        if at.state in self._left:
            heapq.heappush(heap, (steps + self._left[at.state], -steps, next(turn), at))

    def _doors(self) -> dict[int, tuple[list[str], bool]]:
        """Return the states in which calls begin, with the numbers that lead there."""
        doors: dict[int, tuple[list[str], bool]] = {}
        for dialled, number in sorted(self._machine.numbers.items()):
            doors.setdefault(number, ([], False))[0].append(dialled)
        numbers, _ = doors.get(self._machine.start, ([], False))
        doors[self._machine.start] = (numbers, True)
        return doors

    def _way(self, at: _Beginning, doors: dict[int, tuple[list[str], bool]]) -> Way:
        grown = at.whole()
        numbers, others = doors[grown[0].state]
        pairs = itertools.pairwise(grown)
        steps = tuple(Step(self._own(one, before.state), before.state) for before, one in pairs if one.step)
        return Way(tuple(numbers), others, steps, at.state)

    def _own(self, one: _Beginning, before: int) -> str:
        """Return the words of a step; the extension of an agent who is looked for is known."""
        names = [name for to, outcomes, _ in self._edges[before] if to == one.state for name in outcomes]
        extension = _dials(self._machine, self._target.kind, self._target.name)
        return (
            one.step.replace(_CHOICES[EXTENSION], f"dial {extension}") if extension and EXTENSION in names else one.step
        )

    def _leaving(self, state: State) -> Iterator[tuple[int, list[str], str]]:
        """Yield where a state leads, what the ways there are called, and in the words of a caller, "": nothing told."""
        by_target: dict[int, list[str]] = {}
        for name, number in exits(state):
            if self._passes(state, name):
                by_target.setdefault(number, []).append(name)
        for number, outcomes in by_target.items():
            yield number, outcomes, self._words(state, outcomes)

    def _distances(self) -> dict[int, int]:
        """Return how many steps are left to the target from every state that leads there."""
        back: dict[int, list[tuple[int, int]]] = {}
        for number, edges in enumerate(self._edges):
            for to, _, text in edges:
                back.setdefault(to, []).append((number, bool(text)))
        left = dict.fromkeys(self._target.states, 0)
        queue = deque(left)
        while queue:
            number = queue.popleft()
            for before, steps in back.get(number, ()):
                if left[number] + steps < left.get(before, len(self._edges) + 1):
                    left[before] = left[number] + steps
                    (queue.append if steps else queue.appendleft)(before)
        return left

    # --- what is known on a way ---

    def _known(self, state: State, outcomes: Sequence[str], facts: _Facts) -> _Facts | None:
        """Return what is known behind a state, None where that cannot be."""
        if isinstance(state, Consulting):
            return facts
        if isinstance(state, Branch):
            if len(outcomes) > 1:
                return facts
            expr, value = _plain(state.condition, outcomes[0] == "yes")
            return None if (expr, not value) in facts else facts if (expr, value) in facts else (*facts, (expr, value))
        if isinstance(state, Setting):
            facts = tuple(fact for fact in facts if state.name not in _names_in(fact[0]))
            if isinstance(state.value, Const) and isinstance(state.value.value, bool):
                return (*facts, (Name(state.name), state.value.value))
            return facts
        if len(self._edges_of(state)) == 1:
            return facts
        return tuple(fact for fact in facts if all(self._lasts(name) for name in _names_in(fact[0])))

    def _edges_of(self, state: State) -> list[str]:
        return [name for name, _ in exits(state)]

    def _lasts(self, name: str) -> bool:
        """Return whether a name keeps its value while something else than `set` happens."""
        schedule = name.removesuffix(".open")
        return name in self._set or name.startswith(_OF_THE_CALL) or schedule in self._machine.schedules

    # --- words ---

    def _words(self, state: State, outcomes: Sequence[str]) -> str:
        match state:
            case Branch():
                if len(outcomes) > 1 or self._joins(state):
                    return ""
                return condition(state.condition, holds=outcomes[0] == "yes", machine=self._machine)
            case Menu(keys=keys):
                pressed = [name for name in outcomes if name in keys]
                words = [f"press {spoken_list(pressed)}"] if pressed else []
                return ", or ".join([*words, *(_CHOICES.get(name, name) for name in outcomes if name not in keys)])
            case TakingMessage(box=ExtensionTarget()):
                return "leave a message for the extension"
            case TakingMessage(box=box):
                return f"leave a message for {box}"
            case Collecting(name=name):
                given = {"digits": f"give {name}", "otherwise": f"give no {name}"}
                return ", or ".join(given.get(outcome, _CHOICES.get(outcome, outcome)) for outcome in outcomes)
            case _ if "" in outcomes:
                return ""
            case Fetching(name=name):
                return f"{name} fails"
            case Splitting():
                return f"{spoken_list(outcomes)} by chance"
            case _ if len(outcomes) > 1 or (outcomes[0] and len(self._edges_of(state)) > 1):
                return self._outcome(state, outcomes)
            case _:
                return ""

    def _joins(self, branch: Branch) -> bool:
        """Return whether it makes no difference which way a branch goes: nothing is decided or come to on either."""
        then, other = list(self._straight(branch.then)), list(self._straight(branch.other))
        common = next((number for number in then if number in other), None)
        if common is None:
            return False
        apart = {*then[: then.index(common)], *other[: other.index(common)]}
        states = (self._machine.states[number] for number in apart)
        passed = all(self._passes(state, name) for state in states for name, _ in exits(state))
        return passed and not apart & self._target.states

    def _straight(self, number: int) -> Iterator[int]:
        """Yield the states from one on that lead on in one way only."""
        seen: set[int] = set()
        while number not in seen:
            seen.add(number)
            yield number
            following = [to for _, to in exits(self._machine.states[number])]
            if len(following) != 1 or isinstance(self._machine.states[number], TakingMessage):
                return
            (number,) = following

    def _outcome(self, state: State, outcomes: Sequence[str]) -> str:
        party = self._party(state)
        keys = getattr(state, "keys", {})
        pressed = [name for name in outcomes if name in keys]
        others = [name for name in outcomes if name not in keys]
        words = [f"press {spoken_list(pressed)} at {party}"] if pressed else []
        if isinstance(state, Connecting):
            if ANSWERED in others:
                words.append(f"talk with {party}")
            failures = [name for name in others if name in _FAILURES]
            others = [f"nobody reached at {party}"] if len(failures) == len(_FAILURES) else []
            words.extend(others or ([f"{spoken_list(failures)} at {party}"] if failures else []))
        elif others:
            words.append(f"{spoken_list(others)} at {party}")
        return ", or ".join(words)

    def _party(self, state: State) -> str:
        """Return who or what a state is about."""
        kinds = {*_tables(self._machine), "box"}
        for one in objects(state):
            match one:
                case Where():
                    continue
                case AddressTarget(uri=uri):
                    return written(uri).strip('"')
                case ExtensionTarget():
                    return "the extension"
                case LastAgentTarget():
                    return "the last agent"
                case _:
                    found = [text for field, text in scalars(one) if _singular(field) in kinds]
            if found:
                return str(found[0])
        return label(state)


def _sorted(found: Iterable[Way]) -> tuple[Way, ...]:
    return tuple(sorted(found, key=lambda way: len(way.steps)))


def condition(expr: Expr, *, holds: bool, machine: Machine) -> str:
    """Return a condition as it is written where it holds, else what holds instead."""
    plain, value = _plain(expr, holds)
    if not value and isinstance(plain, Compare) and plain.op in ("==", "!="):
        return written(attrs.evolve(plain, op="!=" if plain.op == "==" else "=="), machine.schedules)
    return written(plain if value else Negated(plain), machine.schedules)


def _plain(expr: Expr, holds: bool) -> tuple[Expr, bool]:  # noqa: FBT001  what holds is a value
    """Return a condition without its `not`, and whether it holds."""
    while isinstance(expr, Negated):
        expr, holds = expr.part, not holds
    return expr, holds


def _names_in(expr: Expr) -> Iterable[str]:
    return [one.name for one in objects(expr) if isinstance(one, Name)]
