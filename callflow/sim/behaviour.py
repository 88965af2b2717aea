"""What people do in a simulated call, as values, and how it is written: `answers after 4s, hangs up after 2m`."""

import enum
from typing import Final

import attrs

from callflow import words


class Refused(ValueError):
    """A text that is no behaviour or no duration; its message is for the user."""


class Reaction(enum.Enum):
    """What an agent's phone does when it is called."""

    ANSWERS = "answers"
    BUSY = "busy"
    REJECTS = "rejects"
    UNREACHABLE = "unreachable"
    NEVER_ANSWERS = "never answers"
    AWAY = "away"
    """Off duty: nobody rings their phone."""


@attrs.frozen
class Behaviour:
    """What an agent does with a call. Times in milliseconds; `talk_ms` None: until the caller hangs up."""

    reaction: Reaction = Reaction.NEVER_ANSWERS
    after_ms: int = 2_000
    talk_ms: int | None = None
    keys: tuple[tuple[int, str], ...] = ()
    """Keys pressed after answering, each with the time from the answer."""
    on_call: bool = False
    """Whether the agent is on another call when the caller calls, and stays so for `on_call_ms`, None: for good."""
    on_call_ms: int | None = None


_FORMS: Final = (
    "`answers`, `answers after 4s`, `answers, presses 1 after 2s, hangs up after 2m`, `busy`, `rejects`, "
    "`unreachable`, `never answers`, `away`, `on a call` or `on a call for 20s, answers`"
)
_KEY_MS: Final = 1_000
"""How long an agent takes to press a key when nobody says."""


def parse_duration(text: str) -> int:
    """Return a duration such as `10s` or `1.5m` in milliseconds. Raises `Refused`."""
    ms = words.parse_duration(text)
    if ms is None:
        raise Refused(f"`{text}` is no duration such as `10s` or `2m`")
    return ms


def parse_behaviour(text: str) -> Behaviour:
    """Return what a text says an agent does. Raises `Refused`."""
    first, *more = (part.strip() for part in text.split(","))
    if first == "on a call" or first.startswith("on a call for "):
        for_ms = parse_duration(first.removeprefix("on a call for ")) if first != "on a call" else None
        if more and for_ms is None:
            raise Refused("who is `on a call` for good does nothing else: write `on a call for 20s, answers`")
        after = parse_behaviour(", ".join(more)) if more else Behaviour()
        return attrs.evolve(after, on_call=True, on_call_ms=for_ms)
    word, _, after_text = (part.strip() for part in first.partition(" after "))
    try:
        reaction = Reaction(word)
    except ValueError:
        raise Refused(f"`{text}` is nothing an agent does: write {_FORMS}") from None
    if reaction is not Reaction.ANSWERS:
        if after_text or more:
            raise Refused(f"`{reaction.value}` stands alone")
        return Behaviour(reaction)
    after_ms = parse_duration(after_text) if after_text else Behaviour().after_ms
    talk_ms = None
    keys: list[tuple[int, str]] = []
    for part in more:
        word, _, length = (piece.strip() for piece in part.partition(" after "))
        if word == "hangs up" and length:
            talk_ms = parse_duration(length)
        elif word.startswith("presses ") and not (key := word.removeprefix("presses ")).strip("0123456789*#"):
            begin_ms = parse_duration(length) if length else _KEY_MS
            keys.extend((begin_ms + 200 * place, one) for place, one in enumerate(key))
        else:
            raise Refused(f"`{part}` is nothing an agent does: write `hangs up after 2m` or `presses 1 after 2s`")
    return Behaviour(reaction, after_ms, talk_ms, tuple(keys))
