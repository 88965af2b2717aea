"""Scripted calls: what is told when a call goes differently."""

import pytest

from callflow.sim.play import play
from callflow.sim.scenario import load
from tests.engine.world import machine_of

SCHEME = """
timezone "Europe/Berlin"
schedule office "Mo-Fr 09:00-18:00"
agent anna "sip:anna@x.example"
prompt welcome "Welcome."
start {
    answer
    play welcome
    when office closed { play "We are closed." hangup }
    menu { play "Press one." press 1 { connect anna for 10s voicemail anna } }
}
"""


def told(scenario: str) -> list[str]:
    (one,) = load("scenarios:\n  - name: a\n" + "\n".join("    " + line for line in scenario.splitlines())).scenarios
    return [f"{mismatch.line}: {mismatch.message}" for mismatch in play(machine_of(SCHEME), one).mismatches]


def test_a_call_that_goes_as_written_has_nothing_to_tell() -> None:
    assert not told(
        "agents: { anna: 'answers after 2s, hangs up after 5s' }\n"
        "steps: [{hear: Welcome.}, {during: Press one.}, {press: 1}]\n"
        "expect: {outcome: answered, answered by: anna, rang: anna, heard: [welcome, Press one.], waited: [over 1s, under 5s]}"
    )


@pytest.mark.parametrize(
    ("scenario", "message"),
    [
        (
            "steps: [{hear: Goodbye}]",
            '3: `Goodbye` was not heard, only "Welcome.", "Press one.", "Press one.", "Press one."',
        ),
        ("expect: {outcome: answered}", "3: `outcome` should be answered, but is no-input"),
        ("expect: {rang: anna}", "3: `rang` should be anna, but is nothing"),
        ("expect: {heard: [Press one., welcome]}", "3: `welcome` was not heard, or not in this order"),
        ("agents: {ann: busy}", "2: the scheme has no agent `ann`"),
        ("schedules: {offices: open}", "2: the scheme has no schedule `offices`"),
        ("at: 2026-11-22 10:00\nexpect: {outcome: no-input}", "4: `outcome` should be no-input, but is completed"),
        (
            "steps: [{during: Press one.}, {press: 1}]\nexpect: {message: anna}",
            "4: `message` should be anna, but is nothing",
        ),
    ],
)
def test_a_call_that_goes_differently_is_told_with_the_line_of_the_script(scenario: str, message: str) -> None:
    assert message in told(scenario)


def test_a_schedule_may_be_held_open_or_closed() -> None:
    assert not told("schedules: {office: closed}\nexpect: {heard: [We are closed.], outcome: completed}")
    assert not told("at: 2026-11-22 10:00\nschedules: {office: open}\nexpect: {outcome: no-input}")


def test_how_long_prompts_last_can_be_given() -> None:
    script = "prompts: {welcome: 1s, all: 2s}\nsteps: [{hear: welcome}, {wait: 5s}, {hangup: ''}]"
    (one,) = load("scenarios:\n  - name: a\n" + "\n".join("    " + line for line in script.splitlines())).scenarios
    journal = play(machine_of(SCHEME), one).journal
    assert [entry.event.at_ms for entry in journal if type(entry.event).__name__ == "PromptEnded"] == [1_000, 3_000]


def test_a_message_is_what_the_caller_said() -> None:
    assert not told(
        "agents: {anna: busy}\nsteps: [{during: Press one.}, {press: 1}, {hear: leave a message}, {say: 7s}]\n"
        "expect: {message: anna, outcome: voicemail}"
    )


def test_ten_runs_of_one_call_give_one_journal() -> None:
    script = "agents: {anna: busy}\nsteps: [{during: Press one.}, {press: 1}, {hear: leave a message}, {say: 7s}]"
    (one,) = load("scenarios:\n  - name: a\n" + "\n".join("    " + line for line in script.splitlines())).scenarios
    assert len({play(machine_of(SCHEME), one).journal for _ in range(10)}) == 1
