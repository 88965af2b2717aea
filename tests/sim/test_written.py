"""Scripted calls that are written are read as the same calls."""

import attrs
import pytest

from callflow.limits import CALL_MS_MAX
from callflow.sim.behaviour import Behaviour, Reaction, parse_behaviour
from callflow.sim.scenario import Scenario, load
from callflow.sim.world import WebAnswer
from callflow.sim.written import behaviour, written

TEXT = """
flow: line.flow
scenarios:
- name: 'on: "it"'
  from: ''
  to: '+49301'
  at: 2026-12-24 10:00
  caller name: "no"
  diverted from: '+49302'
  headers: { x-vip: "yes" }
  chance: 7
  schedules: { office: open, night: closed }
  agents: { anna: [busy, answers after 1.5s], boris: away }
  web:
    https://crm.example/: [{ tier: gold, debt: 12, inner: { vip: true, text: "12" } }, fails after 3s, never answers]
  remembered: { visits: 3, tier: "3" }
  last agent: [anna 2d ago]
  steps: [{ wait: 1.5s }, { press: "012#" }, { hear: Hello }, { say: 5s }, hangup]
  expect: { outcome: completed, rang: [anna, boris] }
- name: two
"""


def bare(scenario: Scenario) -> Scenario:
    """Return a script without lines."""
    steps = tuple(attrs.evolve(one, line=0) for one in scenario.steps)
    expect = tuple(attrs.evolve(one, line=0, lines=()) for one in scenario.expect)
    return attrs.evolve(scenario, line=0, steps=steps, expect=expect)


def test_what_is_written_is_read_as_the_same() -> None:
    scripts = load(TEXT).scenarios
    again = load(written(scripts, "line.flow"))
    assert again.flow == "line.flow"
    assert [bare(one) for one in again.scenarios] == [bare(one) for one in scripts]


@pytest.mark.parametrize(
    "does",
    [
        *(Behaviour(one) for one in Reaction if one is not Reaction.ANSWERS),
        Behaviour(Reaction.ANSWERS, 4_000, 120_000, ((2_000, "1"), (2_500, "2"))),
        Behaviour(Reaction.ANSWERS, 1_234),
        Behaviour(on_call=True),
        Behaviour(Reaction.BUSY, on_call=True, on_call_ms=20_000),
    ],
    ids=behaviour,
)
def test_what_an_agent_does_is_read_as_it_was_written(does: Behaviour) -> None:
    assert parse_behaviour(behaviour(does)) == does


def test_a_web_service_that_never_answers_and_one_that_says_nothing() -> None:
    (script,) = load("scenarios: [{ name: a }]").scenarios
    answers = (WebAnswer(), WebAnswer(trouble="never answers", after_ms=CALL_MS_MAX))
    (again,) = load(written([attrs.evolve(script, web={"https://x.example": answers})])).scenarios
    assert again.web["https://x.example"] == answers
