"""How values are said to a caller: numbers, digits, money, times, in words of the call's language.

Everything is spelled out, because speech synthesis reads `18:05` and phone numbers badly. Pure: the same value,
language, zone and clock give the same words. Nothing raises: what makes no sense is said as a text.
"""

from typing import Final

from callflow.machine.model import How, Value

LANGUAGES: Final = ("en", "de", "fr", "es", "ru", "id")
"""Languages in which values are said; the first is taken for those that are unknown."""


def base_of(language: str) -> str:
    """Return the language of a tag, without its region: `de` of `de-AT`."""
    return language.replace("_", "-").partition("-")[0].lower()


def is_said_in(language: str) -> bool:
    """Return whether values have words in a language."""
    return base_of(language) in LANGUAGES


def say(how: How, value: Value, language: str, zone: str, detail: str = "", now_ms: int | None = None) -> str:
    """Return a value in words. `None` is silent; `detail` is the currency of money, `now_ms` what dates are near to."""
    if value is None:
        return ""
    if how is How.PLAIN and not isinstance(value, bool):
        return str(value)
    from callflow.saying import spoken  # noqa: PLC0415  a check of a scheme needs `LANGUAGES` only

    return spoken.spoken(how, value, base_of(language), zone, detail, now_ms)
