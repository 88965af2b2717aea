"""Everything that the language can say is done in a scripted call of the examples or of the published flows.

What there is, is read off the classes themselves: a new kind of state, effect, event, statement or exit that no script
gets to fails here.
"""

from pathlib import Path
from typing import Any, get_args

import attrs
import pytest

from callflow.compile.pipeline import Compiled, compile_path
from callflow.engine import effects, entering, events
from callflow.machine import model
from callflow.machine.exits import exits
from callflow.machine.inside import objects
from callflow.sim.play import play
from callflow.sim.scenario import load
from callflow.syntax import tree
from callflow.syntax.parser import parse
from callflow.syntax.unexpected import STATEMENTS

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted([*ROOT.glob("examples/*.call.yaml"), *ROOT.glob("tests/acceptance/*/*.call.yaml"),
                  *Path(__file__).parent.glob("*.call.yaml")])  # fmt: skip

EXITS: dict[str, set[str]] = {
    "Menu": {"key", "extension", "silence", "invalid", "otherwise", "otherwise silence", "otherwise invalid"},
    "Collecting": {"digits", "silence", "invalid", "otherwise", "otherwise silence", "otherwise invalid"},
    "Connecting": {"key", "answered", "busy", "no answer", "rejected", "unreachable", "on another call", "away"},
    "Queueing": {"key", "answered", "full", "empty", "time is up"},
    "Splitting": {"share"},
    "Fetching": {"", "failed"},
    "Conferencing": {"full", "full or wrong pin"},
    "Transferring": {"refused"},
    "Branch": {"yes", "no"},
    "Repass": set(),
    "HangingUp": set(),
    "Rejecting": set(),
    "CallingBack": set(),
}
"""Exits of the states that have others than one without a name."""


@attrs.define
class Done:
    """What the scripts have done."""

    states: set[str] = attrs.field(factory=set)
    exits: set[tuple[str, str]] = attrs.field(factory=set)
    effects: set[str] = attrs.field(factory=set)
    events: set[str] = attrs.field(factory=set)
    written: set[str] = attrs.field(factory=set)
    words: set[str] = attrs.field(factory=set)
    built: set[str] = attrs.field(factory=set)


def compiled(script: Path) -> Compiled:
    flow = load(script.read_text(encoding="utf-8")).flow
    scheme = script.parent / flow if flow else script.with_name("scheme.flow")
    if not scheme.exists():
        scheme = script.with_name(script.name.replace(".call.yaml", ".flow"))
    directory = script.with_name("directory.yaml")
    return compile_path(scheme, directory if directory.exists() else None)


def kinds(union: Any) -> set[str]:
    return {one.__name__ for one in get_args(union)}


def nodes(root: Any) -> set[str]:
    found, work = set(), [root]
    while work:
        node = work.pop()
        found.add(type(node).__name__)
        work.extend(tree.below(node))
    return found


@pytest.fixture(scope="module")
def done() -> Done:
    """Play every script, and keep what was gone through."""
    found = Done()
    last: dict[int, tuple[Any, int]] = {}
    patch = pytest.MonkeyPatch()
    enter = entering._enter

    def noted(turn: Any, state: model.State) -> int | None:
        found.states.add(type(state).__name__)
        _, before = last.get(id(turn.facts), (None, None))
        if before is not None:
            _note_exits(found, turn.machine.states[before], turn.state)
        at = state.menu if isinstance(state, model.Repass) else turn.state
        last[id(turn.facts)] = (turn.facts, at)  # kept, so that no other call has its address
        return enter(turn, state)

    patch.setattr(entering, "_enter", noted)
    try:
        for script in SCRIPTS:
            scheme = compiled(script)
            assert scheme.machine is not None, script
            parsed, _ = parse(scheme.source)
            for one in parsed.declarations:
                found.written |= nodes(one)
            found.words |= set(scheme.source.text.split())
            found.built |= {type(one).__name__ for state in scheme.machine.states for one in objects(state)}
            for scenario in load(script.read_text(encoding="utf-8")).scenarios:
                for entry in play(scheme.machine, scenario).journal:
                    found.events.add(type(entry.event).__name__)
                    found.effects |= {type(effect).__name__ for effect in entry.effects}
    finally:
        patch.undo()
    return found


def _note_exits(found: Done, state: model.State, to: int) -> None:
    kind = type(state).__name__
    for name, number in exits(state):
        if number == to:
            keys = getattr(state, "keys", {})
            known = "key" if name in keys else "share" if kind == "Splitting" else name
            assert known in EXITS.get(kind, {""}), (kind, name)
            found.exits.add((kind, known))


def test_every_kind_of_state_is_entered(done: Done) -> None:
    assert kinds(model.State) - done.states == set()


def test_every_exit_of_every_kind_of_state_is_taken(done: Done) -> None:
    wanted = {(kind, name) for kind in kinds(model.State) for name in EXITS.get(kind, {""})}
    assert sorted(wanted - done.exits) == []


def test_everything_is_ordered(done: Done) -> None:
    assert kinds(effects.Effect) - done.effects == set()


def test_everything_happens(done: Done) -> None:
    assert kinds(events.Event) - done.events == set()


def test_every_statement_is_written(done: Done) -> None:
    classes = {one.__name__ for one in vars(tree).values() if isinstance(one, type) and issubclass(one, tree.Node)}
    assert classes - done.written - {"Node", "Tree", "Comment"} == set()
    assert set(STATEMENTS) - done.words == set()


def test_everything_inside_a_state_is_built(done: Done) -> None:
    inside = {*kinds(model.Expr), *kinds(model.Target), *kinds(model.Item)}
    assert inside - done.built == set()
