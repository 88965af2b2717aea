"""What people do in a simulated call, as values, and how it is written: `answers after 4s, hangs up after 2m`."""

import enum
import re
from typing import Final

import attrs


class Refused(ValueError):
    """A text that is no behaviour or no duration; its message is for the user."""


class Reaction(enum.Enum):
    """What an agent's phone does when it is called."""

    ANSWERS = "answers"
    BUSY = "busy"
    REJECTS = "rejects"
    UNREACHABLE = "unreachable"
    NEVER_ANSWERS = "never answers"


@attrs.frozen
class Behaviour:
    """What an agent does with a call. Times in milliseconds; `talk_ms` None: until the caller hangs up."""

    reaction: Reaction = Reaction.NEVER_ANSWERS
    after_ms: int = 2_000
    talk_ms: int | None = None


_DURATION: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)")
_UNITS_MS: Final = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000}
_FORMS: Final = (
    "`answers`, `answers after 4s`, `answers, hangs up after 2m`, `busy`, `rejects`, `unreachable` or `never answers`"
)


def parse_duration(text: str) -> int:
    """Return a duration such as `10s` or `1.5m` in milliseconds. Raises `Refused`."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise Refused(f"`{text}` is no duration such as `10s` or `2m`")
    return round(float(found.group(1)) * _UNITS_MS[found.group(2)])


def parse_behaviour(text: str) -> Behaviour:
    """Return what a text says an agent does. Raises `Refused`."""
    first, _, second = (part.strip() for part in text.partition(","))
    word, _, after = (part.strip() for part in first.partition(" after "))
    try:
        reaction = Reaction(word)
    except ValueError:
        raise Refused(f"`{text}` is nothing an agent does: write {_FORMS}") from None
    if reaction is not Reaction.ANSWERS:
        if after or second:
            raise Refused(f"`{reaction.value}` stands alone")
        return Behaviour(reaction)
    after_ms = parse_duration(after) if after else Behaviour().after_ms
    talk_ms = None
    if second:
        word, _, length = (part.strip() for part in second.partition(" after "))
        if word != "hangs up" or not length:
            raise Refused(f"`{second}` is nothing an agent does: write `hangs up after 2m`")
        talk_ms = parse_duration(length)
    return Behaviour(reaction, after_ms, talk_ms)
