"""What differs between two machines: values that say what was added, removed or changed, from numbers to steps."""

import enum
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any, Final

import attrs

from callflow.compare.align import aligned
from callflow.compare.alike import Doing, Fields, kinds
from callflow.compare.shown import shown
from callflow.machine.exits import FAILURES, exits
from callflow.machine.labels import details, label
from callflow.machine.model import Consulting, Counting, Machine, Menu, State

RENAMED: Final = 0.6
"""Likeness from which a flow that went and a flow that came are one flow under another name."""

_APART: Final = frozenset({"numbers", "flows", "start", "states"})
"""Fields of a machine that are not compared as they are."""

_OTHERS: Final = "any other"
"""Stands for the numbers that a scheme does not name."""


class Kind(enum.Enum):
    """What happened to a thing."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@attrs.frozen
class Change:
    """One property of a thing: what it was, and what it is now; None: there was or is none."""

    what: str
    old: str | None
    new: str | None


@attrs.frozen
class Difference:
    """One thing that differs. For a step, `flow` is where it is, and the lines are those in either scheme."""

    kind: Kind
    thing: str
    name: str
    changes: tuple[Change, ...] = ()
    flow: str = ""
    old_line: int | None = None
    new_line: int | None = None


def differences(old: Machine, new: Machine) -> list[Difference]:
    """Return what differs for those who call: first numbers, then declarations, then flows and their steps."""
    comparison = _Comparison(old, new)
    found = [*comparison.numbers(), *comparison.declarations()]
    if not comparison.calls_go_alike():
        steps = list(comparison.flows())
        found.extend(steps or comparison.unexplained())
    return found


@attrs.frozen
class _Side:
    """One of the two machines, with what is asked of it."""

    machine: Machine
    kinds: list[int]

    def flow_of(self, number: int) -> str:
        return self.machine.states[number].where.flow

    def row(self, flow: str) -> list[int]:
        """Return the states of a flow in the order in which calls meet them, in whichever they were written.

        Flows that it runs are copied to where they are run: they are passed, up to where another flow begins.
        """
        row: list[int] = []
        seen: set[int] = set()
        begins = set(self.machine.flows.values()) - {self.machine.flows[flow]}
        stack = [self.machine.flows[flow]]
        while stack:
            number = stack.pop()
            if number in seen or number in begins:
                continue
            seen.add(number)
            if self.flow_of(number) == flow:
                row.append(number)
            stack.extend(to for _, to in sorted(exits(self.machine.states[number]), reverse=True))
        return row


class _Comparison:
    def __init__(self, old: Machine, new: Machine) -> None:
        self._fields = Fields()
        kinds_old, kinds_new = kinds((old, new), self._fields)
        self._old = _Side(old, kinds_old)
        self._new = _Side(new, kinds_new)
        self._flows = self._paired_flows()
        self._became: dict[int, int] = {}
        self._came: set[int] = set()

    # --- what is asked ---

    def calls_go_alike(self) -> bool:
        """Return whether no caller could tell the two apart, as long as prompts, agents and hours are the same."""
        old, new = self._doors()
        pairs = ((old.get(dialled, old[_OTHERS]), new.get(dialled, new[_OTHERS])) for dialled in (*old, *new))
        return all(self._alike(before, now) for before, now in pairs)

    def numbers(self) -> Iterator[Difference]:
        """Yield numbers that lead elsewhere, new ones and those that went."""
        old, new = self._doors()
        for dialled in sorted({*old, *new}):
            if dialled in old and dialled in new:
                before, now = old[dialled], new[dialled]
                if self._alike(before, now) or self._same_entry(before, now):
                    continue
            leads = (
                self._old.flow_of(old[dialled]) if dialled in old else None,
                self._new.flow_of(new[dialled]) if dialled in new else None,
            )
            yield Difference(_kind(*leads), "number", dialled, (Change("leads to", *leads),))

    def _doors(self) -> tuple[dict[str, int], dict[str, int]]:
        """Return where calls begin, by the number that is dialled."""
        old, new = ({**side.machine.numbers, _OTHERS: side.machine.start} for side in (self._old, self._new))
        return old, new

    def declarations(self) -> Iterator[Difference]:
        """Yield what differs in the header and in what is declared by name."""
        for field in attrs.fields(Machine):
            if field.name in _APART:
                continue
            old, new = getattr(self._old.machine, field.name), getattr(self._new.machine, field.name)
            if not isinstance(old, dict):
                if old != new:
                    change = Change(field.name, shown(field.name, old) or None, shown(field.name, new) or None)
                    yield Difference(Kind.CHANGED, "header", field.name, (change,))
                continue
            for name in sorted({*old, *new}):
                if old.get(name) != new.get(name) and "." not in name:  # with a dot it is none that somebody wrote
                    changes = tuple(_changes(_properties(old.get(name)), _properties(new.get(name))))
                    kind = _kind(old.get(name), new.get(name))
                    yield Difference(kind, field.name.removesuffix("s"), name, changes)

    def flows(self) -> Iterator[Difference]:
        """Yield flows that came or went, and what differs within those that stayed."""
        here = {new: old for old, new in self._flows.items()}
        for flow in self._old.machine.flows:
            if flow not in self._flows:
                yield Difference(Kind.REMOVED, "flow", flow, old_line=self._line(self._old, flow))
        rows = {old: (self._old.row(old), self._new.row(new)) for old, new in self._flows.items()}
        unmatched = {old: self._match(*row) for old, row in rows.items()}
        for flow in self._in_order(self._new):
            if flow not in here:
                yield Difference(Kind.ADDED, "flow", flow, new_line=self._line(self._new, flow))
                continue
            gone, came = unmatched[here[flow]]
            yield from self._within(here[flow], flow, rows[here[flow]], gone, came)

    def unexplained(self) -> Iterator[Difference]:
        """Yield the flows that go differently although each of their steps is as it was."""
        for old, new in self._flows.items():
            if not self._alike(self._old.machine.flows[old], self._new.machine.flows[new]):
                yield Difference(Kind.CHANGED, "flow", new)

    # --- flows ---

    def _alike(self, old: int, new: int) -> bool:
        return self._old.kinds[old] == self._new.kinds[new]

    def _line(self, side: _Side, flow: str) -> int:
        return side.machine.states[side.machine.flows[flow]].where.line

    def _in_order(self, side: _Side) -> list[str]:
        return sorted(side.machine.flows, key=lambda flow: (self._line(side, flow), flow))

    def _paired_flows(self) -> dict[str, str]:
        """Return the flows of before by those of now: by name, and by likeness what is left."""
        old, new = self._old.machine, self._new.machine
        pairs = {flow: flow for flow in old.flows if flow in new.flows}
        left = [flow for flow in new.flows if flow not in old.flows]
        for flow in (flow for flow in old.flows if flow not in new.flows):
            likeness = {other: self._flow_likeness(flow, other) for other in left}
            best = max(likeness, key=likeness.__getitem__, default=None)
            if best is not None and likeness[best] >= RENAMED:
                pairs[flow] = best
                left.remove(best)
        return pairs

    def _flow_likeness(self, old: str, new: str) -> float:
        rows: list[list[Doing]] = []
        for side, flow in ((self._old, old), (self._new, new)):
            rows.append([self._fields.doing(side.machine.states[number]) for number in side.row(flow)])
        return SequenceMatcher(None, rows[0], rows[1], autojunk=False).ratio()

    # --- steps ---

    def _match(self, old_row: list[int], new_row: list[int]) -> tuple[list[int], list[int]]:
        """Note which states of a flow became which; return those that went and those that came."""
        old, new = self._old.machine.states, self._new.machine.states
        sides = [(0, old[number]) for number in old_row], [(1, new[number]) for number in new_row]
        pairs = aligned(*sides, key=lambda one: self._fields.doing(one[1]), likeness=lambda a, b: _likeness(a[1], b[1]))
        self._became |= {old_row[i]: new_row[j] for i, j in pairs}
        stayed = {new_row[j] for _, j in pairs}
        self._came |= {number for number in new_row if number not in stayed}
        return [number for number in old_row if number not in self._became], [
            number for number in new_row if number not in stayed
        ]

    def _within(
        self, was: str, flow: str, rows: tuple[list[int], list[int]], gone: list[int], came: list[int]
    ) -> Iterator[Difference]:
        """Yield what differs within a flow: in the order of now, what went before what took its place."""
        name = flow if was == flow else f"{flow} (was {was})"
        old, new = self._old.machine.states, self._new.machine.states
        found: list[Difference] = []
        for number in gone:
            state = old[number]
            line = state.where.line
            found.append(Difference(Kind.REMOVED, "step", self._label(self._old, state), (), name, line, None))
        for number in came:
            state = new[number]
            line = state.where.line
            found.append(Difference(Kind.ADDED, "step", self._label(self._new, state), (), name, None, line))
        for number in rows[0]:
            if number in self._became:
                before, now = old[number], new[self._became[number]]
                changes = (*self._parameters(before, now), *self._ways(before, now))
                if changes:
                    what = self._label(self._new, now)
                    lines = (before.where.line, now.where.line)
                    found.append(Difference(Kind.CHANGED, "step", what, changes, name, *lines))
        told = [one for one in found if one.name]
        yield from sorted(told, key=lambda one: (one.new_line or one.old_line or 0, one.kind is not Kind.REMOVED))

    def _label(self, side: _Side, state: State) -> str:
        """Return a step in words, "" for what only keeps the books: a schedule belongs to what asks for it."""
        return "" if isinstance(state, Consulting | Counting) else label(state, side.machine.schedules)

    def _parameters(self, before: State, now: State) -> Iterator[Change]:
        """Yield what differs in what a step does."""
        properties = (
            {name: shown(name, value, side.machine.schedules) for name, value in self._fields.own(state).items()}
            for side, state in ((self._old, before), (self._new, now))
        )
        yield from _changes(*properties)

    def _ways(self, before: State, now: State) -> Iterator[Change]:
        """Yield the exits that came, went or lead elsewhere; those of one change together."""
        old, new = dict(exits(before)), dict(exits(now))
        keys = getattr(now, "keys", {}).keys() | getattr(before, "keys", {}).keys()
        changed: dict[tuple[str | None, str | None], list[str]] = {}
        for name in dict.fromkeys((*old, *new)):
            if name in old and name in new and self._leads_alike(old[name], new[name]):
                continue
            if not name and (self._went(old[name]) or new[name] in self._came):
                continue  # what follows went or came, and is told of itself
            ends = (
                self._end(self._old, before, old[name]) if name in old else None,
                self._end(self._new, now, new[name]) if name in new else None,
            )
            changed.setdefault(ends, []).append(f"press {name}" if name in keys else name or "then")
        for ends, names in changed.items():
            pressed = [name for name in names if name.startswith("press ")]
            others = [name for name in names if name not in pressed]
            if set(others) == set(FAILURES):
                others = ["not taken"]
            yield from (Change(name, *ends) for name in pressed)
            if others:
                yield Change(", ".join(others), *ends)

    def _leads_alike(self, old: int, new: int) -> bool:
        """Return whether two exits lead to the same, perhaps by way of steps that went or came."""
        if self._alike(old, new):
            return True
        there = self._landings(self._new, new, lambda number: number in self._came)
        for number in self._landings(self._old, old, self._went):
            if any(self._alike(number, other) or self._became.get(number) == other for other in there):
                return True
            if any(self._same_entry(number, other) for other in there):
                return True
        return False

    def _went(self, number: int) -> bool:
        return number not in self._became and self._old.flow_of(number) in self._flows

    def _same_entry(self, old: int, new: int) -> bool:
        """Return whether two states are where the same flow begins."""
        pairs = [one for one, to in self._old.machine.flows.items() if to == old]
        return any(self._new.machine.flows.get(self._flows.get(one, "")) == new for one in pairs)

    def _landings(self, side: _Side, number: int, passed: Any) -> set[int]:
        """Return where a call lands that goes on from a state through steps that are passed."""
        found: set[int] = set()
        seen = {number}
        stack = [number]
        while stack:
            at = stack.pop()
            following = [to for _, to in exits(side.machine.states[at])]
            if not passed(at) or not following:
                found.add(at)
                continue
            stack.extend(to for to in following if to not in seen)
            seen.update(following)
        return found

    def _end(self, side: _Side, state: State, number: int) -> str:
        """Return where an exit leads, in words."""
        there = side.machine.states[number]
        if there.where.flow != state.where.flow:
            return f"goto {there.where.flow}"
        for _ in side.machine.states:  # those that only ask may form a ring
            if not isinstance(there, Consulting | Counting):
                break
            there = side.machine.states[there.next]
        text = label(there, side.machine.schedules)
        return f"{text} {shown('', there.passages[0])}" if isinstance(there, Menu) and there.passages else text


def _likeness(one: State, other: State) -> float:
    """Return how likely a step became another: 0 for another kind of step, else at least a half."""
    if type(one) is not type(other):
        return 0.0
    words, others = (set(re.findall(r"\w+", f"{label(state)} {details(state)}")) for state in (one, other))
    return 0.5 + 0.5 * len(words & others) / max(1, len(words | others))


def _properties(one: Any) -> dict[str, str]:
    """Return what is declared of something, in words: `uri`, `texts en`."""
    found: dict[str, str] = {}
    for field in attrs.fields(type(one)) if one is not None else ():
        value = getattr(one, field.name)
        if field.name == "name":
            continue
        if isinstance(value, dict):
            for key, inner in value.items():
                spoken = field.name == "texts"
                found[key if spoken else f"{field.name} {key}".strip()] = f'"{inner}"' if spoken else shown(key, inner)
        else:
            found[field.name] = shown(field.name, value)
    return found


def _changes(old: dict[str, str], new: dict[str, str]) -> Iterator[Change]:
    for name in dict.fromkeys((*old, *new)):
        before, now = old.get(name) or None, new.get(name) or None
        if before != now:
            yield Change(name.removesuffix("_ms").replace("_", " "), before, now)


def _kind(old: Any, new: Any) -> Kind:
    return Kind.ADDED if old is None else Kind.REMOVED if new is None else Kind.CHANGED
