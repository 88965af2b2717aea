"""Files of scripted calls: read exactly, and every mistake told with its line."""

from datetime import datetime

import pytest

from callflow.sim.behaviour import Behaviour, Reaction, Refused, parse_behaviour
from callflow.sim.scenario import ScenarioRefused, Step, load

GOOD = """
flow: reception.flow
from: "+49301"
at: 2026-12-24 10:00
agents: { anna: busy, boris: never answers }
prompts: { all: 3s, welcome: 1500ms }
scenarios:
  - name: one
    agents: { anna: "answers after 4s, hangs up after 2m" }
    schedules: { office: closed }
    steps:
      - hear: welcome
      - press: 012
      - wait: 1.5s
      - hangup
    expect:
      outcome: no-input
      rang: [anna, boris]
  - name: two
    to: 1:30
"""


def test_a_file_is_read_and_calls_take_what_stands_at_its_top() -> None:
    found = load(GOOD)
    one, two = found.scenarios
    assert found.flow == "reception.flow"
    assert one.caller == two.caller == "+49301"
    assert one.at == datetime(2026, 12, 24, 10, 0)  # noqa: DTZ001  in the scheme's zone
    assert one.agents == {
        "anna": (Behaviour(Reaction.ANSWERS, 4_000, 120_000),),
        "boris": (Behaviour(Reaction.NEVER_ANSWERS),),
    }
    assert two.agents["anna"][0].reaction is Reaction.BUSY
    assert one.schedules == {"office": False}
    assert one.prompts_ms == {"": 3_000, "welcome": 1_500}
    assert one.steps[1] == Step("press", "012", 0, 13)
    assert two.called == "1:30"


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("", 1, "empty"),
        ("flow: x", 1, "no `scenarios`"),
        ("scenarios:\n  - nam: x", 2, "did you mean `name`?"),
        ("scenarios:\n  - steps: []", 2, "needs a `name`"),
        ("scenarios:\n  - name: a\n    steps:\n      - pres: 1", 4, "did you mean `press`?"),
        ("scenarios:\n  - name: a\n    steps:\n      - press: 1x", 4, "`1x` is not what a phone can press"),
        ("scenarios:\n  - name: a\n    steps:\n      - wait: 10", 4, "`10` is no duration"),
        ("scenarios:\n  - name: a\n    agents:\n      anna: sleeps", 4, "`sleeps` is nothing an agent does"),
        ("scenarios:\n  - name: a\n    schedules:\n      office: on", 4, "not `on`"),
        ("scenarios:\n  - name: a\n    at: tomorrow", 3, "`at` is a date"),
        ("scenarios:\n  - name: a\n    expect:\n      outcome: good", 4, "`outcome` is one of"),
        ("scenarios:\n  - name: a\n    expect:\n      waited: 20s", 4, "`under 20s`"),
        ("scenarios:\n  - name: a\n  - name: a", 3, "two scenarios are called `a`"),
        ("scenarios:\n  - name: a\n    name: b", 3, "`name` stands twice"),
        ("scenarios: &x\n  - name: a", 1, "anchors"),
        ("scenarios: !!python/object:os.system []", 1, "tags"),
        ("scenarios:\n\t- name: a", 2, "cannot start any token"),
        ("[1, 2]", 1, "mapping"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, line: int, part: str) -> None:
    with pytest.raises(ScenarioRefused) as refused:
        load(text)
    assert part in refused.value.message
    assert refused.value.line == line


@pytest.mark.parametrize(
    "text", ["answers soon", "answers after", "busy after 3s", "answers, waves", "", "answers after 4"]
)
def test_what_no_agent_does_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_behaviour(text)
