"""Calls as traces, and the world around scripted calls: the web, other callers, agents who are away or press keys."""

import pytest

from callflow.sim.play import play
from callflow.sim.scenario import ScenarioRefused, load
from callflow.sim.trace import same
from tests.engine.world import machine_of

AGENTS = (
    'agent anna "sip:anna@x.example"\nagent boris "sip:boris@x.example" confirm\n'
    "group sales anna, boris ring in turn each 10s\ngroup night boris\n"
)


def mismatches(scheme: str, scenario: str) -> list[str]:
    (one,) = load("scenarios:\n  - name: a\n" + "\n".join(f"    {line}" for line in scenario.splitlines())).scenarios
    played = play(machine_of(AGENTS + scheme), one)
    return [mismatch.message for mismatch in played.mismatches]


@pytest.mark.parametrize(
    ("wanted", "got", "expected"),
    [
        ("wait 5s", "wait 5s", True),
        ("wait 5s", "wait 5.1s", True),
        ("wait 5s", "wait 5.2s", False),
        ("ring anna 5s", "ring boris 5s", False),
        ("answer", "answer", True),
        ("wait 5s", "wait", False),
        ("fetch http://x/5s", "fetch http://x/6s", False),
    ],
)
def test_times_are_compared_within_a_tenth_of_a_second(wanted: str, got: str, *, expected: bool) -> None:
    assert same(wanted, got) is expected


@pytest.mark.parametrize(
    ("scheme", "scenario"),
    [
        pytest.param(
            'start { answer play "one", "two" wait 3s play "three" }',
            "prompts: {all: 2s}\nsteps: [{during: two}, {wait: 500ms}, {press: 1}]\n"
            "expect:\n"
            "  trace: [answer, 'play \"one\"', 'play \"two\" cut 0.5s', wait 3s, 'play \"three\"', hangup flow]",
            id="a key cuts a prompt, and what is quiet is waited",
        ),
        pytest.param(
            "start { answer connect sales }",
            "agents: {boris: 'answers after 4s, presses 1 after 3s, hangs up after 1m'}\nprompts: {all: 2s}\n"
            "expect: {trace: [answer, ring anna 10s, ring boris 4s, whisper confirm.ask, bridge boris, hangup agent]}",
            id="in turn, and the second presses 1",
        ),
        pytest.param(
            "start { answer connect sales }",
            "agents: {anna: [busy, answers]}\nexpect: {trace: [answer, ring anna 0s, ring boris 10s, hangup flow]}",
            id="what an agent does the first time",
        ),
        pytest.param(
            "start { connect night reject busy }",
            "agents: {boris: away}\nexpect: {rang: nobody, trace: [reject busy]}",
            id="who is away is not rung",
        ),
        pytest.param(
            "start { answer connect sales ring all for 20s confirm hangup }",
            "agents: {anna: answers after 4s, boris: 'answers after 6s, presses 1 after 3s, hangs up after 9s'}\n"
            "prompts: {all: 1s}\n"
            "expect: {trace: [answer, 'ring anna, boris 6s', whisper confirm.ask, whisper confirm.ask, bridge boris,\n"
            " whisper confirm.late, hangup agent]}",
            id="phones that are answered ring no longer",
        ),
        pytest.param(
            "start { answer queue sales for 30s hangup }",
            "agents: {anna: 'on a call for 5s, answers after 1s, hangs up after 10s', boris: on a call}\n"
            "expect: {trace: [answer, queue sales, ring anna 1s, bridge anna, leave sales, hangup agent]}",
            id="a queue until somebody is free",
        ),
        pytest.param(
            'start { answer fetch a from "https://x.example/a" failed_or_not when a.b.c == 3 tag "three" }'.replace(
                "failed_or_not ", ""
            ),
            "web: {'https://x.example/': fails, 'https://x.example/a': {b: {c: 3}}}\n"
            "expect: {tags: three, trace: [answer, 'fetch https://x.example/a', hangup flow]}",
            id="the longest address that fits answers",
        ),
        pytest.param(
            'start { answer repeat 3 { fetch a from "https://x.example/a" { failed tag "down" } '
            'when a.n == 2 tag "two" } }',
            "web: {'https://x.example/': [{n: 1}, fails, {n: 2}]}\nexpect: {tags: [down, two]}",
            id="a web service that answers another thing each time",
        ),
        pytest.param(
            'start { answer fetch a from "https://x.example/a" timeout 2s { failed notify "down" } }',
            "web: {'https://x.example/': never answers}\nexpect: {notified: down, waited: over 1900ms}",
            id="a web service that never answers",
        ),
        pytest.param(
            'start { answer when tier == "gold" { forget tier } else remember tier = "gold" }',
            "remembered: {tier: gold}\nexpect: {remembered: []}",
            id="what was remembered, and is forgotten",
        ),
        pytest.param(
            "start { answer connect last agent within 1d for 5s hangup }",
            "last agent: anna 2d ago\nexpect: {rang: nobody}",
            id="who talked too long ago",
        ),
        pytest.param(
            'start { answer conference "team" up to 2 play "full" }',
            "others: [{from: '+49301', after: 0s}, {from: '+49302', after: 1s}]\nsteps: [{wait: 5s}, hangup]\n"
            "expect: {heard: [], outcome: completed, trace: [answer, room team, hangup caller, left team]}",
            id="a room with others",
        ),
        pytest.param(
            "start { answer when calls == none remember calls = 1 else remember calls = calls + 1 }",
            "from: '+49301'\nothers: [{from: '+49301', before: 2d}, {from: '+49301', before: 1h}]\n"
            "expect: {remembered: calls 3}",
            id="calls before, by the same caller",
        ),
        pytest.param(
            'timezone "Europe/Berlin" schedule office "Mo-Fr 09:00-18:00" '
            'start { answer when office open force office closed for 2h else tag "held" }',
            "at: 2026-06-17 12:00\nothers: [{from: '+49301', before: 110m}]\nexpect: {tags: held}",
            id="a call before holds a schedule",
        ),
        pytest.param(
            'timezone "Europe/Berlin" schedule office "Mo-Fr 09:00-18:00" '
            'start { answer when office open force office closed for 2h else tag "held" }',
            "at: 2026-06-17 12:00\nothers: [{from: '+49301', before: 130m}]\nexpect: {tags: none}",
            id="what a call before held is let go",
        ),
        pytest.param(
            'number "1" goto start number "2" goto lead flow lead { answer conference "a" moderator }\n'
            'start { answer conference "a" guest }',
            "others: [{from: '+49301', to: '2', after: 10s, hangs up after: 30s}]\n"
            "expect: {trace: [answer, lobby a 10s, room a, left a, hangup flow]}",
            id="a guest who waits for the moderator",
        ),
        pytest.param(
            'start { answer conference "a" guest }',
            "steps: [{wait: 7s}, hangup]\nexpect: {trace: [answer, lobby a 7s, hangup caller]}",
            id="a guest who waits in vain",
        ),
        pytest.param(
            'start { answer transfer "sip:desk@x.example" play "no" }',
            "agents: {'sip:desk@x.example': busy}\nprompts: {all: 1s}\n"
            "expect: {transferred to: 'sip:desk@x.example',\n"
            " trace: [answer, 'transfer sip:desk@x.example refused', 'play \"no\"', hangup flow]}",
            id="a transfer that is refused",
        ),
        pytest.param(
            'start { answer when header("X-Vip") == "yes" and caller.name == "Ada" tag "vip" }',
            "headers: {X-Vip: 'yes'}\ncaller name: Ada\nexpect: {tags: vip}",
            id="what the call says of itself",
        ),
    ],
)
def test_a_call_in_its_world_goes_as_written(scheme: str, scenario: str) -> None:
    assert mismatches(scheme, scenario) == []


def test_the_first_thing_that_differs_is_told_with_its_number() -> None:
    scenario = "expect:\n  trace:\n    - answer\n    - wait 2s\n    - hangup flow"
    assert mismatches("start { answer wait 3s }", scenario) == ["`trace`: 2 should be `wait 2s`, but is `wait 3s`"]
    assert mismatches("start { answer }", "expect: {trace: [answer]}") == [
        "`trace`: 2 should not be there, but is `hangup flow`"
    ]


def test_chance_is_the_same_each_time_and_another_number_is_other_luck() -> None:
    scheme = 'start { answer split { 50% tag "heads" 50% tag "tails" } }'
    lucky = {number: mismatches(scheme, f"chance: {number}\nexpect: {{tags: heads}}") == [] for number in range(20)}
    assert {number: mismatches(scheme, f"chance: {number}\nexpect: {{tags: heads}}") == [] for number in lucky} == lucky
    assert set(lucky.values()) == {True, False}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("chance: x", "`chance` is a whole number"),
        ("last agent: anna", "such as `anna 2d ago`"),
        ("web: {'https://x': sometimes}", "`fails after 3s` or `never answers`"),
        ("others: [{after: 1s}]", "needs a number: `from`"),
        ("others: [{from: '1', before: 1h, after: 1s}]", "`before` or `after`"),
        ("others: [{from: '1', presses: '1'}]", "such as `1 after 5s`"),
        ("agents: {anna: 'on a call, answers'}", "write `on a call for 20s, answers`"),
        ("agents: {anna: 'answers, presses x'}", "`presses 1 after 2s`"),
    ],
)
def test_a_mistake_in_the_world_is_told(text: str, part: str) -> None:
    with pytest.raises(ScenarioRefused) as refused:
        load(f"scenarios:\n  - name: a\n    {text}")
    assert part in refused.value.message
