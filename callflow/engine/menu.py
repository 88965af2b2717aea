"""Menus: passes, keys, pauses and tries. Every function returns the state to go to, or None to stay and wait."""

import attrs

from callflow.engine.session import MenuKeys, MenuPrompt, Visit
from callflow.engine.turn import Turn
from callflow.machine.model import Menu


def enter(turn: Turn, menu: Menu) -> int | None:
    """Begin a menu anew."""
    turn.visit(turn.state, Visit())
    return begin_pass(turn, menu)


def repass(turn: Turn, menu: Menu) -> int | None:
    """Begin another pass, unless the tries are used up."""
    return menu.next if _used_up(turn, menu) else begin_pass(turn, menu)


def begin_pass(turn: Turn, menu: Menu) -> int | None:
    """Play what this pass plays, or go straight to keys that were typed ahead."""
    visit = turn.visits.get(turn.state, Visit())
    turn.visit(turn.state, attrs.evolve(visit, passes=visit.passes + 1))
    return _play_from(turn, menu, 0)


def prompt_ended(turn: Turn, menu: Menu, now: MenuPrompt) -> int | None:
    """Play the next passage of this pass, or begin to wait for a key."""
    return _play_from(turn, menu, now.passage + 1)


def key_in_prompt(turn: Turn, menu: Menu, now: MenuPrompt, key: str) -> int | None:
    """Cut the prompt with a key; one that is not to be interrupted goes on and the key is forgotten."""
    if now.uninterrupted:
        return None
    turn.silence(now.ticket)
    return _take_key(turn, menu, "", key)


def key_in_pause(turn: Turn, menu: Menu, now: MenuKeys, key: str) -> int | None:
    """Take the first key, or one more."""
    return _take_key(turn, menu, now.keys, key)


def pause_over(turn: Turn, menu: Menu, now: MenuKeys) -> int | None:
    """Settle for the keys that came, or for silence."""
    return _settle(turn, menu, now.keys) if now.keys else _silent(turn, menu)


def _play_from(turn: Turn, menu: Menu, number: int) -> int | None:
    passages = menu.retry if menu.retry and turn.visits[turn.state].passes > 1 else menu.passages
    while number < len(passages) and turn.typed and not passages[number].uninterrupted:
        number += 1
    if number < len(passages):
        passage = passages[number]
        turn.activity = MenuPrompt(turn.play(passage), number, passage.uninterrupted)
        return None
    if not turn.typed:
        turn.activity = MenuKeys("", turn.at_ms + menu.timeout_ms)
        return None
    return _take_typed(turn, menu)


def _take_typed(turn: Turn, menu: Menu) -> int | None:
    keys = ""
    while turn.typed:
        key, turn.typed = turn.typed[0], turn.typed[1:]
        went = _take_key(turn, menu, keys, key)
        if went is not None or not isinstance(turn.activity, MenuKeys) or not turn.activity.keys:
            return went
        keys = turn.activity.keys
    return None


def _take_key(turn: Turn, menu: Menu, keys: str, key: str) -> int | None:
    more = keys + key
    if key == "#" and not _begins_choice(turn, menu, more):
        return _settle(turn, menu, keys) if keys else _fruitless(turn, menu)
    if _longer_choice(turn, menu, more):
        turn.activity = MenuKeys(more, turn.at_ms + menu.pause_ms)
        return None
    return _settle(turn, menu, more)


def _settle(turn: Turn, menu: Menu, keys: str) -> int | None:
    """Choose with the keys that came."""
    state = menu.keys.get(keys)
    if state is None and menu.extensions is not None and keys in _extensions(turn):
        state = menu.extensions
    if state is None:
        return _invalid(turn, menu)
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


def _silent(turn: Turn, menu: Menu) -> int | None:
    visit = turn.visits[turn.state]
    turn.visit(
        turn.state,
        attrs.evolve(visit, silences=visit.silences + 1, fruitless=visit.fruitless + 1),
    )
    return menu.silence if menu.silence is not None else _next_pass(turn, menu)


def _invalid(turn: Turn, menu: Menu) -> int | None:
    turn.typed = ""
    visit = turn.visits[turn.state]
    turn.visit(
        turn.state,
        attrs.evolve(visit, invalids=visit.invalids + 1, fruitless=visit.fruitless + 1),
    )
    return menu.invalid if menu.invalid is not None else _next_pass(turn, menu)


def _fruitless(turn: Turn, menu: Menu) -> int | None:
    """A lone `#`: neither silence nor a wrong choice, but a pass that brought nothing."""
    visit = turn.visits[turn.state]
    turn.visit(
        turn.state,
        attrs.evolve(visit, invalids=visit.invalids + 1, fruitless=visit.fruitless + 1),
    )
    return _next_pass(turn, menu)


def _next_pass(turn: Turn, menu: Menu) -> int | None:
    return menu.next if _used_up(turn, menu) else begin_pass(turn, menu)


def _used_up(turn: Turn, menu: Menu) -> bool:
    visit = turn.visits.get(turn.state, Visit())
    if menu.silence_tries is not None and menu.invalid_tries is not None:
        used_up = visit.silences >= menu.silence_tries or visit.invalids >= menu.invalid_tries
    else:
        used_up = visit.fruitless >= menu.tries
    if used_up:
        turn.no_input = True
    return used_up
