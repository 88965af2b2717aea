"""What integrators write tests with: calls, strategies, and the law that nobody gets stuck."""

from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.stateful import run_state_machine_as_test

from callflow.machine.model import Menu, Waiting
from callflow.numbers import normalise
from callflow.sim.behaviour import Behaviour
from callflow.sim.scenario import ScenarioRefused
from callflow.sim.world import WebAnswer
from callflow.testing import Scheme, assert_nobody_gets_stuck, strategies
from callflow.testing.scheme import SchemeRefused

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(ROOT.glob("examples/*.flow"))
RECEPTION = ROOT / "examples" / "reception.flow"
FEW = settings(
    max_examples=15, stateful_step_count=15, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


def test_a_call_as_values_and_as_yaml() -> None:
    scheme = Scheme.load(RECEPTION)
    call = scheme.call(
        schedules={"office": "open"}, agents={"boris": "answers after 4s, hangs up after 9s"},
        steps=[{"during": "For sales"}, {"press": "1"}], expect={"outcome": "answered"},
    )  # fmt: skip
    assert (call.outcome, call.rang, call.answered_by) == ("answered", ("anna", "boris"), ("boris",))
    assert call.differently == ()
    assert 'play "Welcome to Acme."' in call.trace
    again = scheme.call("schedules: { office: closed }\nexpect: { outcome: answered }")
    assert again.differently == ("`outcome` should be answered, but is completed",)
    assert "♪" in str(again)


def test_what_is_no_script_or_no_scheme_is_refused() -> None:
    with pytest.raises(ScenarioRefused, match="has no key `setps`"):
        Scheme.load(RECEPTION).call(setps=[])
    with pytest.raises(SchemeRefused, match="CF"):
        Scheme.of("start { goto nowhere }")


def test_keys_with_blanks_and_words_of_python() -> None:
    scheme = Scheme.of('start { answer when caller.name == "Eve" tag "Eve" hangup }')
    assert scheme.call(caller_name="Eve", from_="+4930123").tags == ("Eve",)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_nobody_gets_stuck_in_the_examples(path: Path) -> None:
    assert_nobody_gets_stuck(Scheme.load(path))


def test_who_gets_stuck_is_told() -> None:
    scheme = Scheme.of('start { answer menu tries 1 { play "?" press 1 repeat 20 { wait 10m } } hangup }')
    with pytest.raises(AssertionError, match="these callers get stuck: presses 1"):
        assert_nobody_gets_stuck(scheme)
    with pytest.raises(AssertionError, match="more ways than 2 calls"):
        assert_nobody_gets_stuck(Scheme.load(RECEPTION), 2)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_callers_who_do_anything_come_to_an_end_in_the_examples(path: Path) -> None:
    run_state_machine_as_test(strategies.caller_test(Scheme.load(path)), settings=FEW)


def looping(scheme: Scheme) -> Scheme:
    """Return a scheme in which a silent caller of a menu waits for ever: no checker lets it pass."""
    states = list(scheme.machine.states)
    number = next(n for n, state in enumerate(states) if isinstance(state, Menu))
    menu = states[number]
    assert isinstance(menu, Menu)
    states.append(Waiting(menu.where, 60_000, len(states)))
    states[number] = attrs.evolve(menu, next=len(states) - 1)
    return Scheme(attrs.evolve(scheme.machine, states=tuple(states)))


def test_a_scheme_in_which_callers_get_stuck_fails() -> None:
    scheme = looping(Scheme.of('start { answer menu tries 1 { play "?" press 1 hangup } hangup }'))
    with pytest.raises(AssertionError, match="only a bound of the host"):
        run_state_machine_as_test(strategies.caller_test(scheme), settings=FEW)


@settings(max_examples=50, deadline=None, database=None)
@given(
    strategies.callers(), strategies.digits(), strategies.moments(), strategies.behaviours(), strategies.web_answers()
)
def test_strategies_make_what_calls_take(caller: str, digits: str, at: object, does: object, says: object) -> None:
    assert normalise(caller, "DE") == caller
    assert 1 <= len(digits) <= 8
    assert set(digits) <= set(strategies.KEYS)
    assert str(at)[:2] == "20"
    assert isinstance(does, Behaviour)
    assert isinstance(says, WebAnswer)
