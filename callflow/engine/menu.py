"""Menus and digits: passes, keys, pauses and tries. Every function returns the state to go to, or None to stay.

A menu takes the keys that choose; digits asked for take any, as many as are wanted. All else is the same.
"""

import attrs

from callflow.engine.evaluate import fits
from callflow.engine.session import MenuKeys, MenuPrompt, Visit
from callflow.engine.turn import Turn
from callflow.machine.exits import used_up
from callflow.machine.model import Collecting, Menu

Asking = Menu | Collecting


def enter(turn: Turn, asked: Asking) -> int | None:
    """Begin anew."""
    turn.visit(turn.state, Visit())
    if isinstance(asked, Collecting):
        turn.set(asked.name, None)
    return begin_pass(turn, asked)


def repass(turn: Turn, asked: Asking) -> int | None:
    """Begin another pass, unless the tries are used up."""
    return _give_up(turn, asked) if _used_up(turn, asked) else begin_pass(turn, asked)


def begin_pass(turn: Turn, asked: Asking) -> int | None:
    """Play what this pass plays, or go straight to keys that were typed ahead."""
    visit = turn.visits.get(turn.state, Visit())
    turn.visit(turn.state, attrs.evolve(visit, passes=visit.passes + 1))
    return _play_from(turn, asked, 0)


def prompt_ended(turn: Turn, asked: Asking, now: MenuPrompt) -> int | None:
    """Play the next passage of this pass, or begin to wait for a key."""
    return _play_from(turn, asked, now.passage + 1)


def key_in_prompt(turn: Turn, asked: Asking, now: MenuPrompt, key: str) -> int | None:
    """Cut the prompt with a key; one that is not to be interrupted goes on and the key is forgotten."""
    if now.uninterrupted:
        return None
    turn.silence(now.ticket)
    return _take_key(turn, asked, "", key)


def key_in_pause(turn: Turn, asked: Asking, now: MenuKeys, key: str) -> int | None:
    """Take the first key, or one more."""
    return _take_key(turn, asked, now.keys, key)


def pause_over(turn: Turn, asked: Asking, now: MenuKeys) -> int | None:
    """Settle for the keys that came, or for silence."""
    return _settle(turn, asked, now.keys) if now.keys else _silent(turn, asked)


def _play_from(turn: Turn, asked: Asking, number: int) -> int | None:
    passages = asked.retry if asked.retry and turn.visits[turn.state].passes > 1 else asked.passages
    while number < len(passages) and turn.typed and not passages[number].uninterrupted:
        number += 1
    if number < len(passages):
        passage = passages[number]
        turn.activity = MenuPrompt(turn.play(passage), number, passage.uninterrupted)
        return None
    if not turn.typed:
        turn.activity = MenuKeys("", turn.at_ms + asked.timeout_ms)
        return None
    return _take_typed(turn, asked)


def _take_typed(turn: Turn, asked: Asking) -> int | None:
    keys = ""
    while turn.typed:
        key, turn.typed = turn.typed[0], turn.typed[1:]
        went = _take_key(turn, asked, keys, key)
        if went is not None or not isinstance(turn.activity, MenuKeys) or not turn.activity.keys:
            return went
        keys = turn.activity.keys
    return None


def _take_key(turn: Turn, asked: Asking, keys: str, key: str) -> int | None:
    more = keys + key
    if isinstance(asked, Collecting):
        if key == asked.until:
            return _settle(turn, asked, keys) if keys else _fruitless(turn, asked)
        if not key.isdigit() or len(more) > asked.most:
            return _invalid(turn, asked, goes_on=True)
        complete = len(more) == asked.most and not asked.waits
    else:
        if key == "#" and not _begins_choice(turn, asked, more):
            return _settle(turn, asked, keys) if keys else _fruitless(turn, asked)
        complete = not _longer_choice(turn, asked, more)
    if complete:
        return _settle(turn, asked, more, goes_on=True)
    turn.activity = MenuKeys(more, turn.at_ms + asked.pause_ms)
    return None


def _settle(turn: Turn, asked: Asking, keys: str, *, goes_on: bool = False) -> int | None:
    """Choose with the keys that came, or take them as the digits asked for."""
    if isinstance(asked, Collecting):
        if len(keys) < asked.least or (asked.pattern and not fits(keys, asked.pattern)):
            return _invalid(turn, asked, goes_on=goes_on)
        turn.set(asked.name, keys)
        turn.no_input = False
        return asked.next
    state = asked.keys.get(keys)
    if state is None and asked.extensions is not None and keys in _extensions(turn):
        state = asked.extensions
    if state is None:
        return _invalid(turn, asked, goes_on=goes_on)
    turn.set("digits", keys)
    turn.no_input = False
    return state


def _begins_choice(turn: Turn, menu: Menu, keys: str) -> bool:
    return keys in menu.keys or _longer_choice(turn, menu, keys)


def _longer_choice(turn: Turn, menu: Menu, keys: str) -> bool:
    if any(len(choice) > len(keys) and choice.startswith(keys) for choice in menu.keys):
        return True
    if menu.extensions is None:
        return False
    return any(len(number) > len(keys) and number.startswith(keys) for number in _extensions(turn))


def _extensions(turn: Turn) -> list[str]:
    return [agent.extension for agent in turn.machine.agents.values() if agent.extension]


def _silent(turn: Turn, asked: Asking) -> int | None:
    visit = turn.visits[turn.state]
    turn.visit(
        turn.state,
        attrs.evolve(visit, silences=visit.silences + 1, fruitless=visit.fruitless + 1, silent=True),
    )
    return asked.silence if asked.silence is not None else _next_pass(turn, asked)


def _invalid(turn: Turn, asked: Asking, *, goes_on: bool) -> int | None:
    """A wrong choice. More keys of it may follow where a key has shown it, and neither `#` nor a pause has ended it."""
    turn.typed = ""
    if goes_on:
        turn.go_astray()
    _count_invalid(turn)
    return asked.invalid if asked.invalid is not None else _next_pass(turn, asked)


def _fruitless(turn: Turn, asked: Asking) -> int | None:
    """A lone `#`: neither silence nor a wrong choice, but a pass that brought nothing."""
    _count_invalid(turn)
    return _next_pass(turn, asked)


def _count_invalid(turn: Turn) -> None:
    visit = turn.visits[turn.state]
    turn.visit(
        turn.state,
        attrs.evolve(visit, invalids=visit.invalids + 1, fruitless=visit.fruitless + 1, silent=False),
    )


def _next_pass(turn: Turn, asked: Asking) -> int | None:
    return _give_up(turn, asked) if _used_up(turn, asked) else begin_pass(turn, asked)


def _give_up(turn: Turn, asked: Asking) -> int:
    return used_up(asked, silent=turn.visits.get(turn.state, Visit()).silent)


def _used_up(turn: Turn, asked: Asking) -> bool:
    visit = turn.visits.get(turn.state, Visit())
    if asked.silence_tries is not None and asked.invalid_tries is not None:
        used_up = visit.silences >= asked.silence_tries or visit.invalids >= asked.invalid_tries
    else:
        used_up = visit.fruitless >= asked.tries
    if used_up:
        turn.no_input = True
    return used_up
