"""Engine transitions a second, beside a bare dict loop, a dict loop with frozen objects, and python-statemachine.

The same call everywhere: greeting, wrong key, silence, key, ringing, answered, hung up. Run with
`python -m tests.bench.engine_transitions`.
"""

import statistics
import time
from collections.abc import Callable
from typing import Any

import attrs

from callflow.compile.pipeline import compile_text
from callflow.engine.events import (
    CallAnswered,
    CallOffered,
    DeadlinePassed,
    DigitPressed,
    Event,
    LegAnswered,
    LegEnded,
    LegRang,
    Outcome,
    PromptEnded,
)
from callflow.engine.step import begin, step

SCHEME = """
agent anna "sip:anna@x.example"
start {
    answer
    play "welcome"
    menu tries 3 { play "choose" press 1 goto sales invalid play "wrong" }
}
flow sales { connect anna for 20s }
"""

SCRIPT: tuple[Event, ...] = (
    CallAnswered(10, 1),
    PromptEnded(1_000, 2),
    DigitPressed(1_500, "7"),
    PromptEnded(2_500, 4),
    PromptEnded(4_000, 5),
    DeadlinePassed(9_000),
    DigitPressed(10_000, "1"),
    LegRang(10_100, 8),
    LegAnswered(12_000, 8),
    LegEnded(60_000, 8, Outcome.HUNG_UP),
)
"""Ten events after the offer: eleven transitions."""

TRANSITIONS = len(SCRIPT) + 1
CALLS = 4_000
ROUNDS = 5

NAMES = ("answered", "ended", "wrong", "ended", "ended", "silent", "key", "rang", "talk", "gone")
TABLE = {(number, name): number + 1 for number, name in enumerate(NAMES)}


def ours() -> None:
    """One call through the engine."""
    done = begin(MACHINE, CallOffered(0, "+49301", "+49302"))
    for event in SCRIPT:
        done = step(MACHINE, done.session, event)
    assert done.session.ended


def bare() -> None:
    """One call through a dict of (state, event) to state."""
    state = 0
    for name in NAMES:
        state = TABLE[state, name]
    assert state == len(NAMES)


@attrs.frozen
class Said:
    """An event or effect of the frozen dict loop."""

    at_ms: int
    name: str


def frozen() -> None:
    """One call through a dict, with a frozen event and a frozen effect made for each transition, and a journal."""
    state = 0
    journal = []
    for at, name in enumerate(NAMES):
        event = Said(at, name)
        state = TABLE[state, event.name]
        journal.append((event, Said(at, "order")))
    assert state == len(NAMES)


def other() -> Callable[[], None]:
    """Return one call through python-statemachine."""
    from statemachine import State, StateMachine

    members: dict[str, Any] = {f"s{n}": State(initial=n == 0, final=n == len(NAMES)) for n in range(len(NAMES) + 1)}
    members |= {f"e{n}": members[f"s{n}"].to(members[f"s{n + 1}"]) for n in range(len(NAMES))}
    machine = type("Call", (StateMachine,), members)

    def one() -> None:
        call = machine()
        for number in range(len(NAMES)):
            call.send(f"e{number}")

    return one


def rate(one: Callable[[], None], calls: int) -> float:
    """Return transitions a second, the median of a few rounds."""
    rates = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        for _ in range(calls):
            one()
        rates.append(calls * TRANSITIONS / (time.process_time() - begun))
    return statistics.median(rates)


MACHINE = compile_text(SCHEME).machine
assert MACHINE is not None


def main() -> None:
    """Print the rates and the ratios."""
    ours()
    engine = rate(ours, CALLS)
    print(f"callflow engine          {engine:12,.0f} transitions/s")
    for name, one, calls in (
        ("dict loop", bare, CALLS * 10),
        ("dict loop, frozen objects", frozen, CALLS * 4),
        ("python-statemachine", other(), CALLS // 20),
    ):
        peer = rate(one, calls)
        print(f"{name:25}{peer:12,.0f} transitions/s   ratio {engine / peer:.3f}")


if __name__ == "__main__":
    main()
