"""A machine as a diagram for those who read it: what is shown, and what is left out. `graph` writes it down.

Left out are states that only keep the books: a schedule that is consulted right before its branch belongs to the
branch, and another pass of a menu is a way back to it.
"""

import enum
from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from callflow.machine.exits import AGAIN, exits
from callflow.machine.labels import heard, label
from callflow.machine.model import (
    Branch,
    Connecting,
    Consulting,
    HangingUp,
    Machine,
    Menu,
    Rejecting,
    Repass,
    State,
)

LABEL_CHARS_MAX: Final = 40
"""A label: what fits a box beside three others on a page."""

NOT_TAKEN: Final = "not taken"
_FAILURES: Final = ("busy", "no answer", "rejected", "unreachable")


class Shape(enum.Enum):
    """What a node is."""

    ENTRY = enum.auto()
    STEP = enum.auto()
    MENU = enum.auto()
    BRANCH = enum.auto()
    END = enum.auto()
    FLOW = enum.auto()
    """A flow that is not shown."""


@attrs.frozen
class Node:
    """A box. `text` may have several lines."""

    id: str
    text: str
    shape: Shape


@attrs.frozen
class Edge:
    """An arrow. `again`: back to a menu, its tries kept."""

    source: str
    target: str
    text: str
    again: bool = False


@attrs.frozen
class Cluster:
    """A flow with its nodes, in the order they were written."""

    flow: str
    nodes: tuple[Node, ...]


@attrs.frozen
class Diagram:
    """What is to be drawn."""

    title: str
    outside: tuple[Node, ...]
    """Nodes of no flow: where calls come in, and flows that are not shown."""
    clusters: tuple[Cluster, ...]
    edges: tuple[Edge, ...]


def diagram(machine: Machine, flow: str | None = None) -> Diagram:
    """Return the diagram of a machine, or of one flow with those before and behind it."""
    assert flow is None or flow in machine.flows, f"there is no flow {flow}"
    return _Drawing(machine, flow).whole()


def joined(state: State) -> list[tuple[str, int]]:
    """Return the exits of a state, those to the same place as one: `busy, no answer`, or `not taken` for all four."""
    by_target: dict[int, list[str]] = {}
    for name, number in exits(state):
        by_target.setdefault(number, []).append(name)
    return [(_list(names, failures=isinstance(state, Connecting)), number) for number, names in by_target.items()]


def clipped(text: str, most: int = LABEL_CHARS_MAX) -> str:
    """Return a text on one line, of at most so many characters. What is left of a quoted text stays quoted."""
    text = on_one_line(text)
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    space = cut.rfind(" ", most // 2)
    cut = (cut if space < 0 or text[most - 1] == " " else cut[:space]).rstrip()
    return f'{cut}…"' if cut.replace('\\"', "").count('"') % 2 else f"{cut}…"


def on_one_line(text: str) -> str:
    """Return a text without line ends and other signs that a terminal obeys."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _list(names: Iterable[str], *, failures: bool = True) -> str:
    words = [name for name in names if name]
    if failures and set(words) >= set(_FAILURES):
        words = [word for word in words if word not in _FAILURES] + [NOT_TAKEN]
    return ", ".join(words)


class _Drawing:
    def __init__(self, machine: Machine, flow: str | None) -> None:
        self._machine = machine
        self._states = machine.states
        self._flow = flow
        self._reached = self._reachable()
        self._outside: dict[str, Node] = {}
        self._edges: list[Edge] = []

    def whole(self) -> Diagram:
        """Return what is to be drawn."""
        self._entries()
        for number in self._reached:
            self._leave(number)
        return Diagram(
            title=clipped(self._machine.scheme, 2 * LABEL_CHARS_MAX),
            outside=tuple(self._outside.values()),
            clusters=tuple(self._clusters()),
            edges=tuple(self._edges),
        )

    # --- what is drawn ---

    def _land(self, number: int) -> tuple[int, bool]:
        """Return the state that is drawn for a state, and whether it is another pass of it."""
        state = self._states[number]
        if isinstance(state, Repass):
            return state.menu, True
        ahead = number
        for _ in range(len(self._states)):
            now = self._states[ahead]
            if not isinstance(now, Consulting):
                return (ahead if isinstance(now, Branch) else number), False
            ahead = now.next
        return number, False

    def _reachable(self) -> list[int]:
        """Return the states that are drawn, in their order: those a call can get to by any flow."""
        machine = self._machine
        stack = [self._land(one)[0] for one in (machine.start, *machine.numbers.values(), *machine.flows.values())]
        seen: set[int] = set()
        while stack:
            number = stack.pop()
            if number not in seen:
                seen.add(number)
                stack.extend(self._land(to)[0] for _, to in exits(self._states[number]))
        return sorted(seen)

    def _shown(self, number: int) -> bool:
        return self._flow in (None, self._states[number].where.flow)

    def _clusters(self) -> Iterator[Cluster]:
        flows: dict[str, list[Node]] = {}
        for number in self._reached:
            if self._shown(number):
                flows.setdefault(self._states[number].where.flow, []).append(self._node(number))
        for flow, nodes in flows.items():
            yield Cluster(flow, tuple(nodes))

    def _node(self, number: int) -> Node:
        state = self._states[number]
        text = clipped(label(state, self._machine.schedules))
        match state:
            case Menu(passages=passages):
                shape = Shape.MENU
                text = "\n".join([text, *(clipped(heard(passage)) for passage in passages[:1])])
            case Branch():
                shape = Shape.BRANCH
            case HangingUp() | Rejecting():
                shape = Shape.END
            case _:
                shape = Shape.STEP
        return Node(_id(number), text, shape)

    # --- arrows ---

    def _entries(self) -> None:
        """Draw where calls come in: a node for the numbers of each state, and one for all others."""
        doors: dict[int, list[str]] = {}
        for dialled, number in sorted(self._machine.numbers.items()):
            doors.setdefault(number, []).append(dialled)
        entries = [(f"number{place}", "\n".join(doors[to]), to) for place, to in enumerate(doors)]
        entries.append(("start", "start", self._machine.start))
        if self._flow is not None and not any(self._shown(number) for number in self._reached):
            entries.append(("flow", self._flow, self._machine.flows[self._flow]))
        for id_, text, to in entries:
            target, again = self._land(to)
            if self._shown(target) or id_ == "flow":
                self._outside[id_] = Node(id_, text, Shape.ENTRY)
                self._edges.append(Edge(id_, self._place(target, "behind"), "", again))

    def _leave(self, number: int) -> None:
        """Draw the arrows from a state, one to each place."""
        state = self._states[number]
        ways: dict[tuple[int, bool], list[str]] = {}
        for name, to in exits(state):
            ways.setdefault(self._land(to), []).append(name)
        for (target, again), names in ways.items():
            if not self._shown(number) and not self._shown(target):
                continue
            text = _list(names, failures=isinstance(state, Connecting))
            if again:
                text = f"{text}, {AGAIN}" if text else AGAIN
            edge = Edge(self._place(number, "before"), self._place(target, "behind"), text, again)
            if edge not in self._edges:
                self._edges.append(edge)

    def _place(self, number: int, side: str) -> str:
        """Return the node of a state; a flow that is not shown has one for all its states on either side."""
        if self._shown(number):
            return _id(number)
        flow = self._states[number].where.flow
        id_ = f"{side}{sorted(self._machine.flows).index(flow)}"
        self._outside.setdefault(id_, Node(id_, flow, Shape.FLOW))
        return id_


def _id(number: int) -> str:
    return f"s{number}"
