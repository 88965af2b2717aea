"""Scripted calls: what is told when a call goes differently."""

import pytest

from callflow.engine.events import MessageRecorded
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
        "expect: {outcome: answered, answered by: anna, rang: anna, "
        "heard: [welcome, Press one.], waited: [over 1s, under 5s]}"
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


def test_what_is_said_for_the_call_alone_is_no_message() -> None:
    scheme = "start { answer record message max 9s into words hangup }"
    script = "scenarios: [{name: a, steps: [say: 3s], expect: {message: none, trace: [answer, beep, said,"
    (one,) = load(f"{script} hangup flow]}}}}]").scenarios
    assert play(machine_of(scheme), one).mismatches == ()


def test_ten_runs_of_one_call_give_one_journal() -> None:
    script = "agents: {anna: busy}\nsteps: [{during: Press one.}, {press: 1}, {hear: leave a message}, {say: 7s}]"
    (one,) = load("scenarios:\n  - name: a\n" + "\n".join("    " + line for line in script.splitlines())).scenarios
    first = play(machine_of(SCHEME), one).journal
    assert all(play(machine_of(SCHEME), one).journal == first for _ in range(9))


def mismatches(scheme: str, scenario: str) -> list[str]:
    (one,) = load("scenarios:\n  - name: a\n" + "\n".join("    " + line for line in scenario.splitlines())).scenarios
    return [mismatch.message for mismatch in play(machine_of(scheme), one).mismatches]


BOX = 'start { answer voicemail "house/attic" max 1m }'


@pytest.mark.parametrize("then", ["{press: '#'}", "{hangup: ''}", "{wait: 1s}"])
def test_to_say_something_takes_its_time(then: str) -> None:
    assert not mismatches(
        BOX, f"steps: [{{hear: leave a message}}, {{say: 6s}}, {then}]\nexpect: {{message: house/attic}}"
    )


def test_a_caller_who_pauses_and_speaks_on_is_recorded_to_the_end() -> None:
    script = "steps: [{say: 3s}, {wait: 4s}, {say: 3s}, {wait: 4s}, {hangup: ''}]\nexpect: {outcome: voicemail}"
    assert not mismatches(BOX, script)
    (one,) = load("scenarios:\n  - name: a\n    steps: [{say: 3s}, {wait: 4s}, {say: 3s}]").scenarios
    journal = play(machine_of(BOX), one).journal
    (recorded,) = [entry.event for entry in journal if isinstance(entry.event, MessageRecorded)]
    assert recorded.duration_ms == 10_000


def test_where_nothing_is_recorded_nothing_can_be_said() -> None:
    assert told("agents: {anna: busy}\nsteps: [{say: 3s}]") == ["4: no message was being recorded for `say`"]


def test_a_step_that_comes_too_late_is_told() -> None:
    scheme = 'start { answer play "Hello." hangup }'
    assert mismatches(scheme, "steps: [{hear: Hello.}, {press: 1}]") == ["the call was over before `press`"]
    assert mismatches(scheme, "steps: [{wait: 1m}, hangup]") == ["the call was over before `hangup`"]


def test_out_of_a_conversation_without_an_end_the_caller_hangs_up() -> None:
    assert not told(
        "agents: {anna: answers}\nsteps: [{during: Press one., press: 1}]\n"
        "expect: {outcome: answered, answered by: anna}"
    )


def test_items_of_one_prompt_are_heard_one_after_another() -> None:
    scheme = 'start { answer menu tries 1 { play "First of all.", "Secondly." press 1 hangup } }'
    assert not mismatches(scheme, "steps: [{during: Secondly., press: 1}]\nexpect: {waited: [over 900ms, under 1s]}")
    assert not mismatches(scheme, "steps: [{hear: First, press: 1}]\nexpect: {waited: [over 900ms, under 1s]}")
    cut = mismatches(scheme, "steps: [{during: First, press: 1}]\nexpect: {heard: Secondly.}")
    assert cut == ["`Secondly.` was not heard, or not in this order"]


def test_numbers_are_read_as_in_the_region_of_the_scheme() -> None:
    scheme = """
    region DE
    number "030 23125 199" goto other
    start { reject busy }
    flow other { when caller.number == "030 23125 999" { answer play "Hello." } }
    """
    for caller, called in (("030 23125999", "+49 30 23125-199"), ("0049 30 23125 999", "030/23125199")):
        assert not mismatches(scheme, f'from: "{caller}"\nto: "{called}"\nexpect: {{heard: Hello.}}')


def test_somebody_calls_unless_the_number_is_withheld() -> None:
    scheme = 'start { when caller.number == none reject declined answer play "Hello." }'
    assert not mismatches(scheme, "expect: {outcome: completed}")
    assert not mismatches(scheme, "from: ''\nexpect: {outcome: rejected}")


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles", "Europe/Moscow"])
def test_a_call_without_a_time_comes_on_a_working_morning(zone: str) -> None:
    scheme = f"""
    timezone "{zone}"
    schedule office "Mo-Fr 09:00-12:00"
    start {{ when office closed reject busy answer play "Hello." }}
    """
    assert not mismatches(scheme, "expect: {heard: Hello.}")


def test_a_call_that_ends_by_a_deadline_has_waited_until_then() -> None:
    assert not mismatches("start { answer wait 10s }", "expect: {waited: [over 9s, under 11s]}")
    assert mismatches("start { answer wait 10s }", "expect: {waited: under 10s}") == [
        "`waited` should be under 10s, but is 10s"
    ]


def test_what_is_expected_twice_has_to_be_heard_twice() -> None:
    script = "steps: [{during: Press one.}, {hangup: ''}]\nexpect: {heard: [welcome, welcome]}"
    assert told(script) == ["4: `welcome` was not heard, or not in this order"]


def test_a_prompt_that_is_named_is_not_taken_for_words_that_have_its_name_in_them() -> None:
    scheme = (
        'prompt sales "Press 1."\nprompt other "For sales, wait."\nstart { answer play other, sales, other hangup }\n'
    )
    script = "scenarios: [{name: a, prompts: {all: 1s}, steps: [{during: sales}, hangup], expect: {trace: [answer,"
    (one,) = load(f"{script} play other, hangup caller]}}}}]").scenarios
    assert play(machine_of(scheme), one).mismatches == ()


def test_what_was_to_follow_when_a_key_cut_it_was_not_heard() -> None:
    scheme = 'prompt a "A"\nprompt b "B"\nstart { answer play a, b, a play b wait 1s hangup }\n'
    script = "scenarios: [{name: a, prompts: {all: 1s}, steps: [{hear: a}, {press: 1}, {hear: b}, hangup],"
    (one,) = load(f"{script} expect: {{trace: [answer, play a, play b, hangup caller]}}}}]").scenarios
    assert play(machine_of(scheme), one).mismatches == ()


@pytest.mark.parametrize(
    ("wanted", "problems"),
    [
        ("[one, two]", []),
        ("[one, 'two a x y, b true, c null, d 3']", []),
        ("[one, 'two a x y']", ["1: `notified` should be one, two a x y, but is one, two a x y, b true, c null, d 3"]),
        ("[one]", ["1: `notified` should be one, but is one, two"]),
        ("[one, two, three]", ["1: `notified` should be one, two, three, but is one, two"]),
    ],
)
def test_events_are_expected_alone_or_with_what_they_say(wanted: str, problems: list[str]) -> None:
    scheme = 'start { notify "one" { e: 1 } notify "two" { b: true, a: "x y", c: none, d: 3 } reject busy }'
    (one,) = load(f"scenarios: [{{name: a, expect: {{notified: {wanted}}}}}]").scenarios
    assert [f"{one.line}: {one.message}" for one in play(machine_of(scheme), one).mismatches] == problems
