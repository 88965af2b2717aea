"""A machine as a diagram for those who read it: what is shown, and what is left out. `graph` writes it down.

Every flow is a card of its own, which names the flows that it leads to and those that lead to it: arrows between flows
would cross each other in any scheme that is worth drawing. Steps in a straight row share a box. Left out are states
that only keep the books: a schedule or group that is asked after right before its branch belongs to the branch, and
another pass of a menu is a way back to it.
"""

import enum
import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from callflow.machine.exits import FAILURES, exits
from callflow.machine.labels import details, heard, label
from callflow.machine.model import (
    HANDLERS,
    Branch,
    Collecting,
    Connecting,
    Consulting,
    Counting,
    Machine,
    Menu,
    Repass,
    Splitting,
    State,
    TakingMessage,
)

LABEL_CHARS_MAX: Final = 40
"""A label: what fits a box beside three others on a page."""

_LINE_CHARS: Final = 26
"""A longer label is written on two lines where it has the box for itself."""

TOOLTIP_CHARS_MAX: Final = 400
"""A line of a tooltip: what fits a screen."""

NOT_TAKEN: Final = "not taken"
_Ways = dict[tuple[int, bool], list[str]]
"""Where a state leads as drawn, whether that is another pass, and what the ways there are called."""

_WORD_WITHIN: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Shape(enum.Enum):
    """What a node is."""

    ENTRY = "entry"
    STEP = "step"
    MENU = "choice"
    BRANCH = "branch"
    PARTY = "party"
    """Somebody to talk to, or something else that may turn out in several ways."""
    END = "over"
    FLOW = "flow"
    """A flow that has a card of its own."""


@attrs.frozen
class Node:
    """A box. `text` and `tooltip` may have several lines."""

    id: str
    text: str
    shape: Shape
    states: tuple[int, ...] = ()
    """The states it stands for, the one that it is called by first."""
    kind: str = ""
    """The kind of its first state: `menu`, `taking-message`."""
    tooltip: str = ""


@attrs.frozen
class Edge:
    """An arrow. `back`: to what was written before; `again`: to a menu, its tries kept."""

    source: str
    target: str
    text: str
    back: bool = False
    again: bool = False


@attrs.frozen
class Card:
    """A flow: those that lead to it, and its nodes in the order in which calls meet them."""

    flow: str
    before: tuple[str, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


@attrs.frozen
class Diagram:
    """What is to be drawn."""

    title: str
    cards: tuple[Card, ...]


def diagram(machine: Machine, flow: str | None = None) -> Diagram:
    """Return the diagram of a machine, or of one of its flows."""
    assert flow is None or flow in machine.flows, f"there is no flow {flow}"
    drawing = _Drawing(machine)
    cards = drawing.cards() if flow is None else (drawing.card(flow),)
    return Diagram(clipped(machine.scheme, 2 * LABEL_CHARS_MAX), tuple(cards))


def joined(state: State) -> list[tuple[str, int]]:
    """Return the exits of a state, those to the same place as one: `busy, no answer`, or `not taken` for all."""
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
    words = list(names)
    if "" in words:  # whatever happens, it is gone
        return ""
    if failures and set(words) >= set(FAILURES):
        words = [word for word in words if word not in FAILURES] + [NOT_TAKEN]
    return ", ".join(words)


class _Drawing:
    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._states = machine.states
        self._passed: dict[int, list[int]] = {}
        """States that are not drawn, by the one that is drawn in their place."""
        self._ways = self._reachable()
        self._flows = list(dict.fromkeys(self._flow_of(number) for number in self._ways))
        self._leads = self._leading()
        self._boxes = self._folded()
        self._box_of = {number: box[0] for box in self._boxes for number in box}

    def cards(self) -> Iterator[Card]:
        """Yield a card for every flow that has states, in the order they were written."""
        return map(self.card, self._flows)

    def card(self, flow: str) -> Card:
        """Return the card of a flow. One that only leads to another has nothing but the way there."""
        if flow not in self._flows:
            there = self._flow_of(self._land(self._machine.flows[flow])[0])
            sign = self._sign(there)
            return Card(flow, (), (Node("flow", flow, Shape.ENTRY), sign), (Edge("flow", sign.id, ""),))
        nodes, edges = self._entries(flow)
        nodes.extend(self._node(box) for box in self._boxes if self._flow_of(box[0]) == flow)
        for box in self._boxes:
            if self._flow_of(box[0]) == flow:
                edges.extend(self._edges(box))
        nodes.extend(self._sign(there) for there in self._leads[flow])
        met = list(dict.fromkeys(end for edge in edges for end in (edge.source, edge.target)))
        place = {id_: at for at, id_ in enumerate(met)}
        nodes.sort(key=lambda node: place.get(node.id, 0))  # keys from top to bottom
        before = tuple(other for other in self._flows if flow in self._leads[other])
        return Card(flow, before, tuple(nodes), tuple(edges))

    # --- what is drawn ---

    def _flow_of(self, number: int) -> str:
        return self._states[number].where.flow

    def _leading(self) -> dict[str, dict[str, None]]:
        """Return for every flow the others that it leads to."""
        leads: dict[str, dict[str, None]] = {flow: {} for flow in self._flows}
        for number, ways in self._ways.items():
            flow = self._flow_of(number)
            leads[flow] |= dict.fromkeys(other for to, _ in ways if (other := self._flow_of(to)) != flow)
        return leads

    def _land(self, number: int) -> tuple[int, bool]:
        """Return the state that is drawn for a state, and whether it is another pass of it."""
        state = self._states[number]
        if isinstance(state, Repass):
            self._pass([number], state.menu)
            return state.menu, True
        passed: list[int] = []
        at = number
        while isinstance(state := self._states[at], Consulting | Counting) and at not in passed:
            passed.append(at)
            at = state.next
        if not isinstance(state, Branch):
            return number, False
        self._pass(passed, at)
        return at, False

    def _pass(self, numbers: Iterable[int], drawn: int) -> None:
        passed = self._passed.setdefault(drawn, [])
        passed.extend(number for number in numbers if number not in passed)

    def _doors(self) -> Iterator[int]:
        """Yield the states in which calls and flows begin."""
        machine = self._machine
        for number in (machine.start, *machine.numbers.values(), *machine.flows.values(), *machine.handlers.values()):
            yield self._land(number)[0]

    def _reachable(self) -> dict[int, _Ways]:
        """Return the states that are drawn, in their order, with their ways: those a call can get to by any flow."""
        stack = list(self._doors())
        found: dict[int, _Ways] = {}
        while stack:
            number = stack.pop()
            if number not in found:
                ways = found[number] = {}
                for name, to in exits(self._states[number]):
                    ways.setdefault(self._land(to), []).append(name)
                stack.extend(to for to, _ in ways)
        return dict(sorted(found.items()))

    def _folded(self) -> list[list[int]]:
        """Return the states of every box: one, or steps in a row into whose middle nothing leads."""
        led = Counter(self._doors())
        led.update(to for ways in self._ways.values() for to, _ in ways)
        steps = {number for number in self._ways if _shape(self._states[number]) is Shape.STEP}
        behind: dict[int, int] = {}
        for number in steps:
            (to, again) = next(iter(self._ways[number]))
            if to in steps and led[to] == 1 and not again and self._flow_of(to) == self._flow_of(number):
                behind[number] = to
        inside = set(behind.values())
        boxes = [[number] for number in self._ways if number not in inside]
        for box in boxes:
            while box[-1] in behind:
                box.append(behind[box[-1]])
        return boxes

    # --- boxes ---

    def _node(self, box: list[int]) -> Node:
        state = self._states[box[0]]
        if len(box) == 1:
            lines = _wrapped(label(state, self._machine.schedules))
        else:
            lines = [clipped(label(self._states[number], self._machine.schedules)) for number in box]
        if isinstance(state, Menu | Collecting) and state.passages:
            lines.extend(_wrapped(heard(state.passages[0])))
        return Node(
            id=_id(box[0]),
            text="\n".join(lines),
            shape=_shape(state),
            states=(*box, *(passed for number in box for passed in self._passed.get(number, ()))),
            kind=_WORD_WITHIN.sub("-", type(state).__name__).lower(),
            tooltip="\n".join(self._tooltip(self._states[number]) for number in box),
        )

    def _tooltip(self, state: State) -> str:
        text = f"{label(state, self._machine.schedules)} {details(state)}"
        return clipped(f"{state.where.flow}, line {state.where.line}: {text}", TOOLTIP_CHARS_MAX)

    def _sign(self, flow: str) -> Node:
        """Return the node that names another flow."""
        return Node(f"flow{self._flows.index(flow)}", flow, Shape.FLOW)

    # --- arrows ---

    def _entries(self, flow: str) -> tuple[list[Node], list[Edge]]:
        """Return where calls come in: a node for the numbers of each state, and one for all others."""
        doors: dict[int, list[str]] = {}
        for dialled, number in sorted(self._machine.numbers.items()):
            doors.setdefault(self._land(number)[0], []).append(dialled)
        doors.setdefault(self._land(self._machine.start)[0], []).append(
            "any other number" if self._machine.numbers else "any number"
        )
        here = [(f"number{place}", to) for place, to in enumerate(doors) if self._flow_of(to) == flow]
        nodes = [Node(id_, "\n".join(doors[to]), Shape.ENTRY) for id_, to in here]
        for name in HANDLERS:
            if flow == f"on {name}":
                here.append((f"on_{name}", self._land(self._machine.handlers[name])[0]))
                nodes.append(Node(f"on_{name}", flow, Shape.ENTRY))
        return nodes, [Edge(id_, _id(to), "") for id_, to in here]

    def _edges(self, box: list[int]) -> Iterator[Edge]:
        """Yield the arrows from a box, one to each place."""
        state = self._states[box[-1]]
        for (target, again), names in self._ways[box[-1]].items():
            text = clipped(_list(names, failures=isinstance(state, Connecting)))
            flow = self._flow_of(target)
            if flow == state.where.flow:
                yield Edge(_id(box[0]), _id(self._box_of[target]), text, target <= box[-1], again)
            else:
                yield Edge(_id(box[0]), self._sign(flow).id, text, again=again)


def _shape(state: State) -> Shape:
    match state:
        case Menu() | Collecting():
            return Shape.MENU
        case Branch() | Splitting():
            return Shape.BRANCH
        case TakingMessage():
            return Shape.PARTY
        case _:
            names = [name for name, _ in exits(state)]
            return Shape.END if not names else Shape.STEP if names == [""] else Shape.PARTY


def _wrapped(text: str) -> list[str]:
    """Return a label on a line, or on two where it has the box for itself."""
    return textwrap.wrap(clipped(text), _LINE_CHARS, break_long_words=False, break_on_hyphens=False) or [""]


def _id(number: int) -> str:
    return f"s{number}"
