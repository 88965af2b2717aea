"""Proofs about the machine that will run: every caller reaches an end, no loop runs without waiting, nothing is read
before it is set, and no menu opens before the call is answered. What cannot be proven is a problem.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from callflow.check.dead_code import bodies, unreachable
from callflow.check.types import inside
from callflow.diagnostic import Diagnostic
from callflow.limits import STATES_MAX, STATES_PER_FLOW_MAX, STEPS_WITHOUT_WAIT_MAX
from callflow.machine.exits import ANSWERED, EXTENSION, ends_call, exits, sets, silent_exits, takes_time
from callflow.machine.lowered import Lowered
from callflow.machine.model import (
    Answering,
    Collecting,
    Conferencing,
    Connecting,
    ExtensionTarget,
    Menu,
    Queueing,
    RecordingCall,
    Rejecting,
    State,
    TakingMessage,
    Transferring,
)
from callflow.prove import graphs, problems
from callflow.prove.counting import Counting
from callflow.prove.hearing import hearing
from callflow.source import Source, Span
from callflow.syntax import tree
from callflow.words import spoken_list

_DIALLED: Final = "digits"
"""What a key in a menu sets; no scheme can."""

_WAYS_MAX: Final = 8
"""So many names that are not set are told with a way."""

_WAY_CHARS_MAX: Final = 240

_WORDS: Final[dict[type, str]] = {
    Menu: "menu",
    Collecting: "collect",
    Queueing: "queue",
    TakingMessage: "voicemail",
    RecordingCall: "record call",
    Conferencing: "conference",
    Transferring: "transfer",
}
_NEED_ANSWER: Final = tuple(_WORDS)


def prove(lowered: Lowered, parsed: tree.Tree, source: Source) -> list[Diagnostic]:
    """Return what could not be proven of a machine."""
    return _Proof(lowered, parsed, source).problems()


class _Proof:
    def __init__(self, lowered: Lowered, parsed: tree.Tree, source: Source) -> None:
        self._lowered = lowered
        self._parsed = parsed
        self._source = source
        self._states = lowered.machine.states
        self._counting = Counting(self._states)
        self._next = [tuple(number for _, number in exits(state)) for state in self._states]
        declarations = (one for one in reversed(parsed.declarations) if isinstance(one, tree.FlowDecl))
        self._flow_decls = {one.name.name: one for one in declarations}  # of two with one name the first counts
        self._entries = (lowered.machine.start, *lowered.machine.numbers.values())
        self._beside = tuple(lowered.machine.handlers.values())
        self._reached = graphs.reachable((*self._entries, *self._beside), self._edges)

    def _edges(self, number: int) -> tuple[int, ...]:
        return self._next[number]

    def problems(self) -> list[Diagnostic]:
        """Return every problem, one for each mistake."""
        too_large = list(self._too_large())
        if too_large:
            return too_large
        tight = list(self._never_waits())
        stuck = list(self._no_way_out(tight))
        return [
            *(problems.never_waits(span, ()) for span in self._lowered.circles),
            *(
                problems.never_waits(self._span(circle), self._flows(circle), rings=self._rings(circle))
                for circle in tight
            ),
            *(problems.no_way_out(self._span(circle), self._hearing(circle)) for circle in stuck),
            *self._round_for_ever([*tight, *stuck]),
            *self._not_answered(),
            *self._rejected_late(),
            *self._perhaps_not_set(),
            *self._unreached(),
        ]

    # --- sizes ---

    def _too_large(self) -> Iterator[Diagnostic]:
        sizes: dict[str, int] = {}
        written = zip(self._states, self._lowered.spans, strict=True)
        for name, _, _ in {(state.where.flow, type(state), span) for state, span in written}:
            sizes[name] = sizes.get(name, 0) + 1  # of a flow that is run in several places, once
        for name, flow in self._flow_decls.items():
            if sizes.get(name, 0) > STATES_PER_FLOW_MAX:
                yield problems.flow_too_large(flow.name.span, name, sizes[name])
        if len(self._states) > STATES_MAX:
            yield problems.scheme_too_large(len(self._states))

    # --- loops and ends ---

    def _never_waits(self) -> Iterator[list[int]]:
        hasty = [number for number in sorted(self._reached) if not takes_time(self._states[number])]
        return self._counting.endless(hasty, self._edges, STEPS_WITHOUT_WAIT_MAX)

    def _no_way_out(self, told: list[list[int]]) -> Iterator[list[int]]:
        back = graphs.reversed_edges(self._reached, self._edges)
        ends = [number for number in self._reached if ends_call(self._states[number])]
        free = graphs.reachable(ends, lambda number: back.get(number, ()))
        stuck = sorted(self._reached - free)
        for circle in graphs.circles(stuck, self._edges):
            last = all(to in circle for number in circle for to in self._next[number])
            if last and not any(set(circle) & set(other) for other in told):
                yield circle

    def _round_for_ever(self, told: list[list[int]]) -> Iterator[Diagnostic]:
        silent = [tuple(silent_exits(state)) for state in self._states]
        for circle in self._counting.endless(self._reached, lambda number: silent[number]):
            if not any(set(circle) & set(other) for other in told):
                span, flows, asks = self._span(circle), self._flows(circle), self._has(circle, Menu)
                yield problems.round_for_ever(span, flows, self._hearing(circle), asks=asks)

    # --- answered or not ---

    def _not_answered(self) -> Iterator[Diagnostic]:
        bare = set(self._bare())
        for number in self._first(self._unanswered(), _NEED_ANSWER):
            span = self._lowered.spans[number]
            line = self._source.line_text(self._source.line_of(span.start))
            indent = line[: len(line) - len(line.lstrip())]
            first = line[: span.start - self._source.line_start(self._source.line_of(span.start))] == indent
            before, after = ("{ answer ", " }") if span in bare else (f"answer\n{indent}" if first else "answer ", "")
            edits = ((Span(span.start, span.start), before), (Span(span.end, span.end), after))
            state = self._states[number]
            word = _WORDS[type(state)]
            if isinstance(state, TakingMessage) and not state.box:
                word = "record message"
            yield problems.not_answered(self._first_line(span), word, edits[: 1 + bool(after)])

    def _bare(self) -> Iterator[Span]:
        """Yield where statements stand that are a body by themselves, without braces."""
        for flow in self._flow_decls.values():
            for statement in inside(flow.body):
                yield from (body.span for body in bodies(statement) if not body.braced)

    def _first(self, numbers: Iterable[int], kinds: tuple[type, ...]) -> list[int]:
        return sorted(number for number in numbers if isinstance(self._states[number], kinds))

    def _unanswered(self) -> set[int]:
        """Return the states that a call may enter unanswered; beyond one that needs an answer nothing more is told."""

        def edges(number: int) -> Iterable[int]:
            state = self._states[number]
            if isinstance(state, (Answering, *_NEED_ANSWER)):
                return ()
            return (to for name, to in exits(state) if not (isinstance(state, Connecting) and name == ANSWERED))

        return graphs.reachable(self._entries, edges)

    def _rejected_late(self) -> Iterator[Diagnostic]:
        after: list[int] = []
        for number in self._reached:
            state = self._states[number]
            if isinstance(state, Answering):
                after.append(state.next)
            elif isinstance(state, Connecting) and state.answered is not None:
                after.append(state.answered)
        answered = graphs.reachable(after, self._edges)
        for number in self._first(answered - self._unanswered(), (Rejecting,)):
            yield problems.rejected_late(self._lowered.spans[number])

    # --- names ---

    def _perhaps_not_set(self) -> Iterator[Diagnostic]:
        known = self._known()
        read = {span: (name, number) for number, name, span in self._lowered.reads
                if number in known and name not in known[number]}  # fmt: skip
        told: set[str] = set()
        for span, (name, number) in sorted(read.items()):
            way = self._way_without(number, name) if name not in told and len(told) < _WAYS_MAX else ""
            told.add(name)
            yield problems.perhaps_not_set(span, name, way)
        for number in sorted(known):
            match self._states[number]:
                case Connecting(target=ExtensionTarget()):
                    dialled_for = "rung"
                case TakingMessage(box=ExtensionTarget()):
                    dialled_for = "left a message"
                case _:
                    continue
            if _DIALLED not in known[number]:
                way = self._way_without(number, _DIALLED) if _DIALLED not in told else ""
                told.add(_DIALLED)
                yield problems.perhaps_not_dialled(self._first_line(self._lowered.spans[number]), dialled_for, way)

    def _known(self) -> dict[int, frozenset[str]]:
        """Return for every state the names that are set on all ways to it."""
        known: dict[int, frozenset[str]] = {number: frozenset() for number in self._entries}
        work = list(known)
        while work:
            number = work.pop()
            state = self._states[number]
            for name, to in exits(state):
                there = known[number] | _given(state, name)
                before = known.get(to)
                meet = there if before is None else before & there
                if meet != before:
                    known[to] = meet
                    work.append(to)
        return known

    def _way_without(self, number: int, name: str) -> str:
        """Return a way to a state on which a name is not set, in the words of a caller; "" where nothing is decided."""
        from callflow.machine.diagram import clipped  # noqa: PLC0415  most schemes set what they read
        from callflow.machine.ways import way_past  # noqa: PLC0415

        way = way_past(self._lowered.machine, number, lambda state, exit_: name not in _given(state, exit_))
        if way is None:
            return ""
        dialled = [] if way.others else [f"call {spoken_list(way.numbers)}"]
        return clipped(", ".join([*dialled, *(step.text for step in way.steps)]), _WAY_CHARS_MAX)

    # --- what nobody gets to ---

    def _unreached(self) -> Iterator[Diagnostic]:
        entered = self._entered()
        for name, flow in self._flow_decls.items():
            if name not in entered:
                yield problems.flow_unreached(flow.name.span, name)
            for statement in unreachable(flow.body):
                yield problems.never_reached(self._first_line(statement.span))

    def _entered(self) -> set[str]:
        """Return the flows that calls enter, as far as the text tells: also by a `goto` that nobody gets to."""
        routes = (one.flow.name for one in self._parsed.declarations if isinstance(one, tree.NumberRoute))
        entered = {"start", *routes}
        work = list(entered)
        while work:
            flow = self._flow_decls.get(work.pop())
            for statement in inside(flow.body) if flow else ():
                if isinstance(statement, tree.Goto | tree.Run) and statement.flow.name not in entered:
                    entered.add(statement.flow.name)
                    work.append(statement.flow.name)
        return entered

    # --- words ---

    def _written(self, circle: list[int]) -> list[int]:
        return sorted(number for number in circle if number not in self._lowered.implied) or sorted(circle)

    def _span(self, circle: list[int]) -> Span:
        """Return the first line of the first thing that was written of a circle."""
        return self._first_line(self._lowered.spans[self._written(circle)[0]])

    def _first_line(self, span: Span) -> Span:
        line_end = self._source.text.find("\n", span.start)
        return Span(span.start, min(span.end, line_end) if line_end >= 0 else span.end)

    def _hearing(self, circle: list[int]) -> str:
        return hearing(self._states[number] for number in self._written(circle))

    def _has(self, circle: list[int], kind: type[State]) -> bool:
        return any(isinstance(self._states[number], kind) for number in circle)

    def _rings(self, circle: list[int]) -> bool:
        return self._has(circle, Connecting) or self._has(circle, Queueing)

    def _flows(self, circle: list[int]) -> list[str]:
        states: list[State] = [self._states[number] for number in sorted(circle)]
        return list(dict.fromkeys(state.where.flow for state in states))


def _given(state: State, exit_: str) -> frozenset[str]:
    """Return the names that are set behind an exit of a state."""
    pressed = isinstance(state, Menu | Connecting | Queueing) and (exit_ in state.keys or exit_ == EXTENSION)
    return sets(state) | {_DIALLED} if pressed else sets(state)
