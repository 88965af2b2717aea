"""The scripted calls go each way out of each kind of state, and do every option with and without.

What there is, is read off the classes: the ways are the fields that hold numbers of states, and in an executed state,
an effect or an event every value of an enumeration, both truths, and what may be absent, has to be seen. Numbers of
states know here which way they are, so that ways to one place are not mistaken for each other.
"""

import enum
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_args, get_origin, get_type_hints

import attrs
import pytest

from callflow.engine import effects, entering, events
from callflow.engine.turn import Turn
from callflow.machine import model
from callflow.machine.redirect import redirect
from callflow.sim.play import play
from callflow.sim.scenario import load
from tests.sim.test_every_construct import SCRIPTS, compiled

BEYOND_SCRIPTS: Final = {
    "HangUpReason.TROUBLE": "a mistake of ours, or a call that cannot be answered",
    "How.PLAIN": "nothing is lowered to it: what is said as it is, is said without",
    "Outcome.NO_ANSWER": "a simulated phone rings on; a real one says 408",
    "PromptEnded.trouble: something": "a file that is gone while calls go on",
}
"""What no scripted call can do, and why."""

AGAIN: Final = ("Repass", "menu")
"""A pass begins anew within a step, and no state is entered."""

Way = tuple[str, str]


class To(int):
    """The number of a state, and which way leads to it."""

    way: Way


def to(number: int, way: Way) -> To:
    made = To(number)
    made.way = way
    return made


def ways(state: model.State) -> dict[str, Any]:
    """Return the fields of a state that hold numbers of states, with those numbers knowing it."""
    kind = type(state).__name__
    told: list[To] = []

    def settle(number: int) -> int:
        told.append(to(number, (kind, "")))
        return told[-1]

    changed = redirect(state, settle)
    known = {id(one) for one in told}
    found: dict[str, Any] = {}
    for field in attrs.fields(type(state)):
        value = getattr(changed, field.name)
        way = (kind, field.name)
        if id(value) in known:
            found[field.name] = to(value, way)
        elif isinstance(value, dict) and value and all(id(one) in known for one in value.values()):
            found[field.name] = {key: to(one, way) for key, one in value.items()}
        elif isinstance(value, tuple) and value and all(id(one) in known for one in value):
            found[field.name] = tuple(to(one, way) for one in value)
    return found


def every_way() -> set[Way]:
    """Return the ways out of every kind of state: of one whose fields are all there."""
    filled = {dict: {"1": 0}, tuple: (0,)}
    found: set[Way] = set()
    for kind in get_args(model.State):
        hints = get_type_hints(kind)
        fields = {field.name: filled.get(get_origin(hints[field.name]), 0) for field in attrs.fields(kind)}
        found |= {(kind.__name__, name) for name in ways(kind(**fields))}
    return found


def values_of(cls: type, name: str, hint: Any) -> Iterator[str]:
    """Yield what is to be seen of a field."""
    if hint is bool:
        yield from (f"{cls.__name__}.{name}: True", f"{cls.__name__}.{name}: False")
    elif type(None) in get_args(hint):
        yield from (f"{cls.__name__}.{name}: nothing", f"{cls.__name__}.{name}: something")
    elif hint is str or get_origin(hint) in (tuple, dict):
        yield f"{cls.__name__}.{name}: something"


def required() -> set[str]:
    """Return all that is to be seen in states, effects, events, agents and groups, as deep as their classes go."""
    found: set[str] = set()
    seen: set[Any] = set()
    work: list[Any] = [*map(get_args, (model.State, effects.Effect, events.Event)), model.Agent, model.Group]
    while work:
        hint = work.pop()
        if isinstance(hint, tuple):
            work.extend(hint)
        elif isinstance(hint, type) and issubclass(hint, enum.Enum):
            found |= {str(one) for one in hint}
        elif isinstance(hint, type) and attrs.has(hint):
            if hint not in seen:
                seen.add(hint)
                for name, inner in get_type_hints(hint).items():
                    found |= set(values_of(hint, name, inner))
                    work.append(inner)
        else:
            work.extend(get_args(hint))
    return found


def passages(hint: Any, path: str) -> Iterator[str]:
    """Yield the places of a kind of state at which something to be heard may stand."""
    if hint is model.Passage:
        yield path
    elif isinstance(hint, type) and attrs.has(hint) and hint not in get_args(model.Expr):
        for name, inner in get_type_hints(hint).items():
            yield from passages(inner, f"{path}.{name}")
    elif hint != model.Expr:
        for inner in get_args(hint):
            yield from passages(inner, path)


@attrs.define
class Gone:
    """What the scripts went through."""

    ways: set[Way] = attrs.field(factory=set)
    values: set[str] = attrs.field(factory=set)
    heard: set[str] = attrs.field(factory=set)
    differently: list[str] = attrs.field(factory=list)

    def look(self, value: Any) -> None:
        """Note what a value and everything inside it is."""
        if isinstance(value, enum.Enum):
            self.values.add(str(value))
        elif isinstance(value, tuple | dict):
            for one in value.values() if isinstance(value, dict) else value:
                self.look(one)
        elif attrs.has(type(value)):
            for field in attrs.fields(type(value)):
                inner = getattr(value, field.name)
                said = inner if isinstance(inner, bool) else "nothing" if inner is None else "something"
                if inner not in ("", (), {}):
                    self.values.add(f"{type(value).__name__}.{field.name}: {said}")
                self.look(inner)

    def hear(self, passage: model.Passage, value: Any, path: str) -> None:
        """Note where in a state something stands that is heard."""
        if value is passage:
            self.heard.add(path)
        elif isinstance(value, tuple):
            for one in value:
                self.hear(passage, one, path)
        elif attrs.has(type(value)):
            for field in attrs.fields(type(value)):
                self.hear(passage, getattr(value, field.name), f"{path}.{field.name}")


def note(gone: Gone, script: Path) -> None:
    """Play the calls of a file."""
    machine = compiled(script).machine
    assert machine is not None, script
    machine = attrs.evolve(machine, states=tuple(attrs.evolve(state, **ways(state)) for state in machine.states))
    gone.look((machine.agents, machine.groups))
    entered: set[int] = set()
    enter, spoken = entering._enter, Turn.spoken

    def entering_(turn: Turn, state: model.State) -> int | None:
        entered.add(turn.state)
        if isinstance(turn.state, To):
            gone.ways.add(turn.state.way)
        return enter(turn, state)

    def speaking(turn: Turn, passage: model.Passage) -> tuple[model.Spoken, ...]:
        state = turn.machine.states[turn.state]
        gone.hear(passage, state, type(state).__name__)
        return spoken(turn, passage)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(entering, "_enter", entering_)
        patch.setattr(Turn, "spoken", speaking)
        for scenario in load(script.read_text(encoding="utf-8")).scenarios:
            played = play(machine, scenario)
            gone.differently += [f"{script}:{one.line}: {one.message}" for one in played.mismatches]
            for entry in played.journal:
                gone.look((entry.event, entry.effects))
    gone.look(tuple(machine.states[number] for number in entered))


@pytest.fixture(scope="module")
def gone() -> Gone:
    """Play every script."""
    found = Gone()
    for script in SCRIPTS:
        note(found, script)
    return found


def test_every_call_goes_as_it_is_written(gone: Gone) -> None:
    assert gone.differently == []


def test_every_way_out_of_every_kind_of_state_is_gone(gone: Gone) -> None:
    wanted = every_way()
    assert {("Queueing", "full"), ("Connecting", "keys"), ("Splitting", "ways"), AGAIN} <= wanted
    assert wanted - gone.ways == {AGAIN}


def test_every_option_is_done_with_and_without(gone: Gone) -> None:
    wanted = required()
    assert {"Strategy.RANDOM", "Collecting.secret: True", "Connecting.each_ms: nothing"} <= wanted
    assert sorted(wanted - gone.values) == sorted(BEYOND_SCRIPTS)


def test_everything_that_may_be_heard_is_heard(gone: Gone) -> None:
    wanted = {path for kind in get_args(model.State) for path in passages(kind, kind.__name__)}
    assert "Queueing.announcements.passage" in wanted
    assert wanted - gone.heard == set()
