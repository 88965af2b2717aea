"""Menus, as the language says them exactly."""

import pytest

from callflow.engine.effects import HangUp, HangUpReason, Play
from callflow.engine.events import DigitPressed, PromptEnded
from callflow.engine.session import Disposition, MenuKeys, MenuPrompt
from tests.engine.world import AGENTS, Hand

MENU = """
start {{
    answer
    menu {options} {{
        {clauses}
    }}
    play "behind"
}}
flow one {{ play "one" hangup }}
flow two {{ play "two" hangup }}
"""


def menu(clauses: str, options: str = "", head: str = "") -> Hand:
    return Hand(head + MENU.format(clauses=clauses, options=options)).answer()


def heard(hand: Hand) -> list[str]:
    return [item.text for effect in hand.ordered if isinstance(effect, Play) for item in effect.items]


def last_ticket(hand: Hand) -> int:
    return next(effect.ticket for effect in reversed(hand.all) if isinstance(effect, Play))


def test_a_key_cuts_the_prompt_and_leads_away() -> None:
    hand = menu('play "choose" press 1 goto one press 2 goto two')
    assert heard(hand) == ["choose"]
    hand.do(DigitPressed(500, "1"))
    assert hand.kinds == ["StopPlaying", "Play"]
    assert hand.machine.states[hand.session.state].where.flow == "one"


@pytest.mark.parametrize(("key", "words"), [("1", "one"), ("*", "one"), ("#", "one"), ("2", "two")])
def test_several_keys_may_lead_one_way(key: str, words: str) -> None:
    hand = menu('play "choose" press 1, *, "#" goto one press 2 goto two')
    hand.do(DigitPressed(500, key))
    assert heard(hand)[-1] == words


def test_the_time_for_the_first_key_begins_when_the_prompt_ends() -> None:
    hand = menu('play "choose" press 1 goto one', "timeout 7s")
    hand.do(PromptEnded(3_000, last_ticket(hand)))
    assert hand.due_ms == 10_000


def test_silence_and_wrong_keys_use_up_the_tries_together() -> None:
    hand = menu('play "choose" press 1 goto one', "tries 2")
    hand.do(DigitPressed(100, "7"))
    assert heard(hand) == ["choose", "choose"]
    hand.do(PromptEnded(1_000, last_ticket(hand))).wake()
    assert heard(hand) == ["behind"]


def test_counted_apart_the_second_wrong_key_leaves_while_silence_has_three() -> None:
    hand = menu('play "choose" press 1 goto one otherwise goto two', "tries 3 silence 2 invalid")
    for at in (1_000, 8_000):
        hand.do(PromptEnded(at, last_ticket(hand))).wake()
    hand.do(DigitPressed(20_000, "7"))
    assert heard(hand) == ["choose"] * 4
    hand.do(DigitPressed(21_000, "7"))
    assert heard(hand) == ["two"]


@pytest.mark.parametrize(
    ("options", "silent", "ends", "last"),
    [
        ("tries 2", [False, True], "otherwise silence goto one otherwise invalid goto two", "one"),
        ("tries 2", [True, False], "otherwise silence goto one otherwise invalid goto two", "two"),
        ("tries 2", [True, False], "otherwise silence goto one", "behind"),
        ("tries 2", [False, True], "otherwise invalid goto one otherwise goto two", "two"),
        ("tries 2 silence 3 invalid", [True, False, False, True], "otherwise silence goto one", "one"),
        ("tries 3 silence 2 invalid", [True, False, True, False], "otherwise invalid goto two", "two"),
        ("tries 2", [False, True], "silence set x = 1 otherwise silence goto one", "one"),
    ],
)
def test_silence_and_a_wrong_key_may_each_have_an_end(options: str, silent: list[bool], ends: str, last: str) -> None:
    hand = menu(f'play "choose" press 1 goto one {ends}', options)
    for one in silent:
        at_ms = hand.session.at_ms + 2_000
        if one:
            hand.do(PromptEnded(at_ms, last_ticket(hand))).wake()
        else:
            hand.do(DigitPressed(at_ms, "7"))
    assert heard(hand)[-1] == last


def test_a_lone_hash_that_uses_up_the_tries_counts_as_a_wrong_key() -> None:
    hand = menu('play "choose" press 1 goto one otherwise silence goto one otherwise invalid goto two', "tries 1")
    hand.do(DigitPressed(100, "#"))
    assert heard(hand)[-1] == "two"


def test_digits_asked_for_have_the_same_ends() -> None:
    text = 'collect n digits 2 tries 1 { play "n?" otherwise silence play "nothing" otherwise invalid play "wrong" }'
    silent, wrong = Hand(f"start {{ answer {text} }}").answer(), Hand(f"start {{ answer {text} }}").answer()
    silent.do(PromptEnded(100, last_ticket(silent))).wake()
    wrong.do(DigitPressed(100, "*"))
    assert (heard(silent)[-1], heard(wrong)[-1]) == ("nothing", "wrong")


def test_retry_replaces_the_words_after_the_first_pass_and_invalid_is_said_before() -> None:
    hand = menu('play "long" retry play "short" press 1 goto one invalid play "no such key"')
    hand.do(DigitPressed(100, "7"))
    assert heard(hand) == ["long", "no such key"]
    hand.do(PromptEnded(900, last_ticket(hand)))
    assert heard(hand) == ["short"]


def test_again_uses_up_no_try() -> None:
    hand = menu('play "choose" press 1 goto one press 9 again', "tries 1")
    for at in range(1_000, 20_000, 1_000):
        hand.do(DigitPressed(at, "9"))
    assert isinstance(hand.session.activity, MenuPrompt)
    hand.do(DigitPressed(30_000, "1"))
    assert hand.machine.states[hand.session.state].where.flow == "one"


def test_what_does_not_lead_away_goes_on_behind_the_menu() -> None:
    hand = menu('play "choose" press 1 play "pressed"')
    hand.do(DigitPressed(100, "1")).do(PromptEnded(200, last_ticket(hand)))
    assert heard(hand) == ["choose", "pressed", "behind"]


def test_a_key_that_begins_a_longer_choice_waits_for_the_pause() -> None:
    hand = menu('play "choose" press 1 goto one press 12 goto two', "pause 2s")
    hand.do(DigitPressed(1_000, "1"))
    assert hand.session.activity == MenuKeys("1", 3_000)
    hand.wake()
    assert hand.machine.states[hand.session.state].where.flow == "one"


def test_the_longer_choice_is_taken_at_once_when_it_is_whole() -> None:
    hand = menu('play "choose" press 1 goto one press 12 goto two')
    hand.do(DigitPressed(1_000, "1")).do(DigitPressed(1_300, "2"))
    assert hand.machine.states[hand.session.state].where.flow == "two"


def test_a_hash_ends_the_wait() -> None:
    hand = menu('play "choose" press 1 goto one press 12 goto two')
    hand.do(DigitPressed(1_000, "1")).do(DigitPressed(1_100, "#"))
    assert hand.machine.states[hand.session.state].where.flow == "one"


def test_a_lone_hash_is_neither_silence_nor_a_wrong_key_but_a_pass() -> None:
    hand = menu('play "c" press 1 goto one invalid play "wrong" silence play "silent"', "tries 2")
    hand.do(DigitPressed(1_000, "#"))
    assert heard(hand) == ["c", "c"]
    hand.do(DigitPressed(2_000, "#"))
    assert heard(hand) == ["behind"]


def test_a_hash_may_be_a_choice() -> None:
    hand = menu('play "c" press "#" goto one')
    hand.do(DigitPressed(1_000, "#"))
    assert hand.machine.states[hand.session.state].where.flow == "one"


def test_an_extension_rings_its_agent() -> None:
    hand = menu('play "c" press 1 goto one dial extension', head=AGENTS)
    for at, digit in enumerate("301"):
        hand.do(DigitPressed(1_000 + at, digit))
    assert "Dial" in hand.kinds
    assert hand.session.names["digits"] == "301"


def test_an_extension_nobody_has_is_wrong_as_soon_as_it_cannot_become_one() -> None:
    hand = menu('play "c" press 1 goto one dial extension invalid play "wrong"', head=AGENTS)
    hand.do(DigitPressed(1_000, "3")).do(DigitPressed(1_100, "9"))
    assert heard(hand) == ["c", "wrong"]


def test_keys_typed_ahead_choose_in_the_next_menu_without_its_words() -> None:
    hand = Hand('start { answer play "a" play "b" menu { play "c" press 1 play "one" } }').answer()
    hand.do(DigitPressed(100, "1"))
    assert heard(hand) == ["a", "one"]


def test_keys_typed_ahead_do_not_skip_what_no_menu_follows() -> None:
    hand = Hand('start { answer menu { play "c" press 1 play "your ticket is five" } play "bye" }').answer()
    hand.do(DigitPressed(100, "1")).do(DigitPressed(150, "4"))
    assert heard(hand) == ["c", "your ticket is five", "bye"]


def test_an_uninterrupted_prompt_goes_on_and_its_keys_are_forgotten() -> None:
    hand = Hand('start { answer play "law" uninterrupted menu { play "c" press 1 play "one" } }').answer()
    hand.do(DigitPressed(100, "1"))
    assert hand.kinds == ["Answer", "Play"]
    hand.do(PromptEnded(2_000, last_ticket(hand)))
    assert heard(hand) == ["c"]


def test_an_uninterrupted_prompt_in_a_menu_is_not_cut_either() -> None:
    hand = menu('play "law" uninterrupted play "choose" press 1 goto one')
    hand.do(DigitPressed(100, "1"))
    assert heard(hand) == ["law"]
    hand.do(PromptEnded(2_000, last_ticket(hand)))
    assert heard(hand) == ["choose"]


def test_coming_back_by_goto_begins_the_menu_anew() -> None:
    hand = Hand(
        'start { answer goto ask } flow ask { menu tries 2 { play "c" press 1 goto ask otherwise play "end" } }'
    ).answer()
    hand.do(DigitPressed(100, "7")).do(DigitPressed(2_200, "1")).do(DigitPressed(2_300, "7"))
    assert heard(hand) == ["c", "c", "c", "c"]


def test_a_call_that_ends_for_want_of_a_choice_says_so() -> None:
    hand = Hand('start { answer menu tries 1 { play "c" press 1 play "x" } }').answer()
    hand.do(PromptEnded(1_000, last_ticket(hand))).wake()
    assert hand.all[-1] == HangUp(HangUpReason.FLOW)
    assert hand.session.disposition is Disposition.NO_INPUT


def test_a_wrong_key_typed_ahead_takes_those_behind_it_along() -> None:
    hand = Hand('start { answer wait 1s menu { play "c" press 1 goto one } } flow one { play "one" hangup }').answer()
    hand.do(DigitPressed(100, "7")).do(DigitPressed(200, "1")).wake()
    assert heard(hand) == ["c"]
    assert not hand.session.typed


def asked(options: str, keys: str) -> Hand:
    """Return a call in which digits are asked for and typed, one every 100 ms, with a menu behind."""
    hand = Hand(
        f'start {{ answer collect n {options} tries 1 {{ play "n?" otherwise goto one }}'
        ' menu { play "c" press 1 goto two } }'
        ' flow one { play "one" hangup } flow two { play "two" hangup }'
    ).answer()
    for number, key in enumerate(keys, 1):
        hand.do(DigitPressed(100 * number, key))
    return hand


def test_the_last_digit_ends_a_number_that_no_key_ends() -> None:
    assert heard(asked("digits 3", "4711")) == ["n?", "c", "two"]


def test_the_key_that_ends_a_full_number_is_not_left_for_the_next_menu() -> None:
    hand = asked('up to 3 until "#"', "471#")
    assert heard(hand) == ["n?", "c"]
    assert hand.session.names["n"] == "471"
    assert hand.session.visits[hand.session.state].fruitless == 0


def test_a_pause_ends_a_full_number_whose_key_does_not_come() -> None:
    hand = asked('digits 3 until "#"', "471").wake()
    assert heard(hand) == ["n?", "c"]
    assert hand.session.names["n"] == "471"


def test_a_number_that_goes_on_where_its_key_should_come_is_wrong() -> None:
    assert heard(asked('digits 3 until "#"', "4711")) == ["n?", "one"]


@pytest.mark.parametrize(
    ("at_ms", "passes"), [((0, 400, 1_399, 2_300), 1), ((0, 400, 1_400), 2), ((0, 1_000, 2_000), 3)]
)
def test_keys_that_soon_follow_a_wrong_one_are_its_rest(at_ms: tuple[int, ...], passes: int) -> None:
    hand = Hand('start { answer menu tries 9 { play "c" press 1 goto one } } flow one { play "one" }').answer()
    for key_ms in at_ms:
        hand.do(DigitPressed(key_ms, "7"))
    assert heard(hand) == ["c"] * (passes + 1)
    hand.do(DigitPressed(at_ms[-1] + 999, "1"))
    assert heard(hand) == []
    hand.do(DigitPressed(at_ms[-1] + 1_999, "1"))
    assert heard(hand) == ["one"]


def test_the_rest_of_a_wrong_number_chooses_nothing_behind_the_menu_and_does_not_cut_its_words() -> None:
    hand = Hand(
        'start { answer menu tries 1 { play "c" press 1 goto one invalid play "wrong" otherwise goto two } } '
        'flow one { play "one" } flow two { menu { play "d" press 2 goto one } }'
    ).answer()
    hand.do(DigitPressed(0, "7")).do(DigitPressed(500, "2"))
    assert heard(hand) == ["c", "wrong"]
    hand.do(PromptEnded(900, hand.session.next_ticket - 1)).do(DigitPressed(1_000, "2"))
    assert heard(hand) == ["d"]
    hand.do(DigitPressed(2_000, "2"))
    assert heard(hand) == ["one"]


def test_a_wrong_number_that_was_ended_has_no_rest() -> None:
    hand = Hand('start { answer menu { play "c" press 12 goto one } } flow one { play "one" }').answer()
    hand.do(DigitPressed(0, "1")).do(DigitPressed(200, "#")).do(DigitPressed(400, "1")).do(DigitPressed(600, "2"))
    assert heard(hand) == ["c", "c", "one"]
