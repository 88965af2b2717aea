"""Strategies for Hypothesis: callers, agents, keys, moments, web services, and callers who do anything at any time."""

from datetime import datetime
from typing import Any, Final

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from callflow.almanac.almanac import Schedules
from callflow.engine.events import CallOffered
from callflow.engine.session import Disposition, InRoom, Talking
from callflow.machine.model import Machine
from callflow.sim.behaviour import Behaviour, Reaction
from callflow.sim.call import SimCall, spoken_ms
from callflow.sim.play import wall_clock_ms
from callflow.sim.world import WebAnswer, World
from callflow.testing.scheme import Scheme

KEYS: Final = "0123456789*#"
_SECOND, _MINUTE = 1_000, 60_000
_NUMBERS: Final = ("+4930123456", "+12125550123", "+447700900123", "+33123456789", "")


def callers() -> st.SearchStrategy[str]:
    """Return numbers of callers, of several countries; a withheld one, too."""
    german = st.integers(min_value=1_000_000, max_value=9_999_999).map(lambda number: f"+4930{number}")
    return st.sampled_from(_NUMBERS) | german


def digits(least: int = 1, most: int = 8) -> st.SearchStrategy[str]:
    """Return what somebody may type."""
    return st.text(KEYS, min_size=least, max_size=most)


def moments() -> st.SearchStrategy[datetime]:
    """Return moments of two years, in the scheme's time zone."""
    return st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31))  # noqa: DTZ001  no zone is said


def behaviours() -> st.SearchStrategy[Behaviour]:
    """Return what an agent may do when their phone is called."""
    answers = st.builds(
        Behaviour,
        st.just(Reaction.ANSWERS),
        st.integers(0, _MINUTE),
        st.none() | st.integers(_SECOND, 5 * _MINUTE),
        st.just(()) | st.tuples(st.tuples(st.integers(0, 5 * _SECOND), st.sampled_from(KEYS))),
    )
    others = st.sampled_from([Reaction.BUSY, Reaction.REJECTS, Reaction.UNREACHABLE, Reaction.NEVER_ANSWERS])
    return answers | others.map(Behaviour)


def web_answers(names: tuple[str, ...] = ("tier", "name", "debt")) -> st.SearchStrategy[WebAnswer]:
    """Return what a web service may say: fields of these names, a failure, or nothing in time."""
    values = st.none() | st.booleans() | st.integers(-10, 1_000) | st.sampled_from(["gold", "", "Anna"])
    said = st.dictionaries(st.sampled_from(names), values).map(WebAnswer)
    late = st.integers(0, 20_000).map(lambda ms: WebAnswer(trouble="the web service fails", after_ms=ms))
    return said | late


@attrs.define
class _Draws:
    """What agents and web services do, drawn as it is asked for."""

    data: Any

    def agent(self, _agent: str, _uri: str) -> Behaviour:
        return self.data.draw(behaviours(), label="an agent")  # type: ignore[no-any-return]

    def web(self, _fetch: Any) -> WebAnswer:
        return self.data.draw(web_answers(), label="a web service")  # type: ignore[no-any-return]


def caller_test(scheme: Scheme) -> type[RuleBasedStateMachine]:
    """Return a test of Hypothesis: a caller who does anything at any time, and whose call has to end.

    Use its `TestCase`: `TestCallers = caller_test(Scheme.load("shop.flow")).TestCase`. A call that does not end once
    the caller does nothing more, or in which something of ours fails, is a failure, with the shortest such caller.
    """
    return type("Callers", (_Callers,), {"machine": scheme.machine})


class _Callers(RuleBasedStateMachine):
    machine: Machine
    call: SimCall | None = None

    @initialize(data=st.data(), caller=callers(), at=moments(), seed=st.integers(0, 2**32))
    def calls(self, data: Any, caller: str, at: datetime, seed: int) -> None:
        """Call."""
        draws = _Draws(data)
        called = data.draw(st.sampled_from(["", *self.machine.numbers]), label="called")
        world = World(self.machine, Schedules(self.machine), draws.agent, spoken_ms, draws.web)
        wall_ms = wall_clock_ms(self.machine, at)
        self.call = SimCall(world, CallOffered(0, caller, called, started_ms=wall_ms, call_id="1", seed=seed))

    @rule(key=st.sampled_from(KEYS))
    def press(self, key: str) -> None:
        """Press a key."""
        assert self.call is not None
        self.call.press(key)

    @rule(ms=st.integers(0, 10 * _MINUTE))
    def wait(self, ms: int) -> None:
        """Let time pass; who is with people hangs up some time."""
        assert self.call is not None
        if isinstance(self.call.runner.session.activity, Talking | InRoom):
            self.call.hang_up()
        self.call.run_until(self.call.now_ms + ms)

    @rule()
    def until_something_happens(self) -> None:
        """Let the next thing happen."""
        assert self.call is not None
        if not self.call.over and not isinstance(self.call.runner.session.activity, Talking | InRoom):
            self.call.step()

    @rule(ms=st.integers(0, _MINUTE))
    def speak(self, ms: int) -> None:
        """Speak, which a message that is being recorded takes."""
        assert self.call is not None
        if self.call.recording:
            self.call.say(ms)

    @rule()
    def hang_up(self) -> None:
        """Hang up."""
        assert self.call is not None
        self.call.hang_up()

    @invariant()
    def nothing_of_ours_failed(self) -> None:
        """Assert that the engine made no mistake."""
        assert self.call is None or self.call.runner.troubles == []

    def teardown(self) -> None:
        """Do nothing more; the call has to end with one outcome."""
        if self.call is None:
            return
        self.call.run_out()
        session = self.call.runner.session
        assert session.ended, "the call did not end"
        assert self.call.runner.troubles == []
        assert session.disposition is not Disposition.FAILED, "only a bound of the host ended the call"
