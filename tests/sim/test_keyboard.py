"""A caller at the keyboard: lines in, ladder out."""

from callflow.almanac.almanac import Schedules
from callflow.engine.events import CallOffered
from callflow.sim.behaviour import Behaviour, Reaction
from callflow.sim.keyboard import Keyboard
from tests.engine.world import machine_of

SCHEME = """
agent anna "sip:anna@x.example"
start { answer menu { play "Press one." press 1 { connect anna for 10s voicemail anna } } }
"""


def call(*lines: str, others: Behaviour | None = None) -> tuple[str, list[str], list[str]]:
    machine = machine_of(SCHEME)
    left = list(lines)
    asked: list[str] = []
    told: list[str] = []

    def ask(prompt: str) -> str | None:
        asked.append(prompt)
        return left.pop(0) if left else None

    keyboard = Keyboard(machine, CallOffered(0, "+49301", ""), Schedules(machine), {}, others, ask, told.append)
    return keyboard.run(), told, asked


def test_keys_lead_through_the_menu_and_the_agent_is_asked_for() -> None:
    outcome, told, asked = call("1", "answers after 1s, hangs up after 3s")
    assert outcome == "answered"
    assert "what does anna do? [answers] " in asked
    assert any("talks with anna" in line for line in told)


def test_a_mistake_of_the_user_is_told_and_nothing_is_lost() -> None:
    outcome, told, _ = call("press 1", "wait long", "1", "sleeps", "busy", "say 4s")
    assert outcome == "voicemail"
    assert any("keys         press them" in line for line in told)
    assert "`long` is no duration such as `10s` or `2m`" in told
    assert any("`sleeps` is nothing an agent does" in line for line in told)


def test_at_the_end_of_the_input_the_caller_does_nothing_more() -> None:
    assert call()[0] == "no-input"


def test_hangup_ends_the_call() -> None:
    assert call("", "hangup")[0] == "abandoned"


def test_an_agent_whose_behaviour_is_given_is_not_asked_for() -> None:
    outcome, _, asked = call("1", others=Behaviour(Reaction.REJECTS))
    assert outcome == "completed"
    assert not any("what does" in prompt for prompt in asked)


def test_to_say_something_takes_its_time() -> None:
    outcome, told, _ = call("1", "busy", "say 4s", "#")
    assert outcome == "voicemail"
    assert any("message of 4.0s kept" in line for line in told)


def test_where_nothing_is_recorded_nothing_is_said() -> None:
    assert "no message is being recorded" in call("say 4s")[1]


def test_a_conversation_goes_on_until_somebody_hangs_up() -> None:
    outcome, told, _ = call("1", "answers", "", "", "", "hangup")
    assert outcome == "answered"
    assert "they talk until somebody hangs up: type `hangup`" in told
    assert call("1", "answers")[0] == "answered"
