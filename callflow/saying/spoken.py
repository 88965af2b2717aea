"""From how a value is to be said, and what it turns out to be, to the words of a language."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Final, assert_never

import attrs

from callflow import clock
from callflow.machine.model import How, Value
from callflow.saying.amounts import amount
from callflow.saying.english import English
from callflow.saying.french import French
from callflow.saying.german import German
from callflow.saying.indonesian import Indonesian
from callflow.saying.russian import Russian
from callflow.saying.spanish import Spanish
from callflow.saying.wording import Wording

_ENGLISH: Final = English()
_WORDINGS: Final[Mapping[str, Wording]] = {
    one.tag: one for one in (_ENGLISH, German(), French(), Spanish(), Russian(), Indonesian())
}

_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?P<time>[T ][0-9].*)?", re.DOTALL)
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_LARGEST: Final = 2**63
"""The numbers of the engine have 64 bits."""

_DIGIT_RUN: Final = re.compile(r"\d+")


@attrs.frozen
class _Instant:
    at: datetime
    has_time: bool = True


def spoken(how: How, value: str | int, language: str, zone: str, detail: str, now_ms: int | None) -> str:
    """Return a value in words of a language; one without words is said in English."""
    wording = _WORDINGS.get(language, _ENGLISH)
    if isinstance(value, bool):
        return wording.yes if value else wording.no
    if isinstance(value, int):
        value = max(-_LARGEST, min(value, _LARGEST))
    match how:
        case How.PLAIN:
            return str(value)
        case How.DIGITS:
            words: str | None = _one_by_one(value, wording)
        case How.NUMBER:
            found = amount(value)
            words = None if found is None else wording.amount(found)
        case How.MONEY:
            words = _money(value, detail, wording)
        case How.DURATION:
            words = wording.duration(value) if isinstance(value, int) else None
        case How.DATE | How.TIME | How.MOMENT | How.MONTH:
            words = _of_time(how, value, zone, now_ms, wording)
        case How.TRUTH:
            words = None
        case _:
            assert_never(how)
    return _without_digits(str(value) if words is None else words, wording)


def _one_by_one(value: str | int, wording: Wording) -> str:
    """Return the signs of a text one by one; a text without digits is a word and is left alone."""
    if isinstance(value, int):
        return wording.signed(wording.digits(str(abs(value))), negative=value < 0)
    text = value
    if not any(char.isdigit() or char in "*#" for char in text):
        return text
    signs = wording.signs
    named = {"+": signs.plus, "*": signs.star, "#": signs.hash}
    said = []
    for char in text:
        digit = unicodedata.digit(char, None)
        if digit is not None:
            said.append(signs.digits[digit])
        elif char in named:
            said.append(named[char])
        elif char.isalpha():
            said.append(char.upper())
    return " ".join(said)


def _money(value: Value, code: str, wording: Wording) -> str | None:
    found = amount(value)
    if found is None:
        return None
    return wording.money(found, code) if _CURRENCY.fullmatch(code) else wording.amount(found)


def _of_time(how: How, value: str | int, zone: str, now_ms: int | None, wording: Wording) -> str | None:
    """Return a moment as it is asked for; a day whose time is unknown is said as a day."""
    found = _instant(value, zone)
    if found is None:
        return None
    at = found.at
    today = None if now_ms is None else _local(now_ms, zone).date()
    match how:
        case How.DATE:
            return wording.date(at, today)
        case How.MONTH:
            return wording.month(at, today)
        case How.TIME:
            return wording.time(at) if found.has_time else wording.date(at, today)
        case _:
            return wording.moment(at, today) if found.has_time else wording.when(at, today)


def _instant(value: str | int, zone: str) -> _Instant | None:
    """Return the instant that a value is, as people of a zone see it: milliseconds, or a date in ISO 8601."""
    if isinstance(value, int):
        return _Instant(_local(value, zone))
    found = _ISO.fullmatch(value.strip())
    if found is None:
        return None
    try:
        at = datetime.fromisoformat(found[0])
        at = at if at.tzinfo is None else at.astimezone(_local(0, zone).tzinfo)
    except (ValueError, OverflowError):
        return None
    return _Instant(at, has_time=found["time"] is not None)


def _local(ms: int, zone: str) -> datetime:
    try:
        return clock.local(ms, zone)
    except (KeyError, ValueError, OSError):  # there is no such zone
        return clock.local(ms, "UTC")


def _without_digits(text: str, wording: Wording) -> str:
    """Return a text with a word for every digit that is left in it."""

    def words(found: re.Match[str]) -> str:
        return f" {wording.digits(found[0])} "

    return " ".join(_DIGIT_RUN.sub(words, text).split()) if _DIGIT_RUN.search(text) else text
