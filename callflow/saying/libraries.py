"""What is known of languages by libraries: number words, names of months and currencies. They are imported when needed.

num2words takes 37 ms to import and Babel 29 ms, and much that is said needs neither.
"""

from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

_SAMPLES: Final[dict[str, int | Decimal]] = {"one": 1, "few": 2, "many": 5, "other": Decimal("2.5")}
"""Counts by which the forms of a noun are asked for; a form that a language lacks is that of `other`."""

_NO_CURRENCY: Final = "XXX"


@lru_cache(maxsize=2_048)
def cardinal(count: int, language: str, **forms: str | bool) -> str:
    """Return a whole number in words; `forms` are gender and case where num2words knows them."""
    import num2words  # noqa: PLC0415  37 ms

    return str(num2words.num2words(count, lang=language, **forms))


@lru_cache(maxsize=2_048)
def ordinal(count: int, language: str, **forms: str) -> str:
    """Return the word of a place in an order."""
    import num2words  # noqa: PLC0415  37 ms

    return str(num2words.num2words(count, lang=language, to="ordinal", **forms))


@lru_cache(maxsize=512)
def year(number: int, language: str) -> str:
    """Return a year as it is read."""
    import num2words  # noqa: PLC0415  37 ms

    return str(num2words.num2words(number, lang=language, to="year"))


@lru_cache(maxsize=2_048)
def plural(count: Decimal, language: str) -> str:
    """Return which form of a noun stands behind a count: `one`, `few`, `many`, `other`."""
    return str(_locale(language).plural_form(count))


def month(number: int, language: str, *, alone: bool = False) -> str:
    """Return the name of a month, January being 1; `alone`: as it stands without a day."""
    return str(_locale(language).months["stand-alone" if alone else "format"]["wide"][number])


def weekday(number: int, language: str) -> str:
    """Return the name of a day of the week, Monday being 0."""
    return str(_locale(language).days["format"]["wide"][number])


@lru_cache(maxsize=512)
def currency_forms(code: str, language: str) -> dict[str, str]:
    """Return the forms of a currency's name by the plural they stand in; nothing where the code is unknown."""
    from babel import numbers  # noqa: PLC0415  29 ms

    forms = {key: numbers.get_currency_name(code, count=count, locale=language) for key, count in _SAMPLES.items()}
    forms = {key: name.partition("(")[0].strip() for key, name in forms.items()}
    return {} if code == _NO_CURRENCY or code in forms.values() or not all(forms.values()) else forms


@lru_cache(maxsize=512)
def currency_decimals(code: str) -> int:
    """Return how many decimals amounts of a currency have."""
    from babel import numbers  # noqa: PLC0415  29 ms

    return int(numbers.get_currency_precision(code))


@lru_cache(maxsize=16)
def _locale(language: str) -> Any:
    from babel import core  # noqa: PLC0415  22 ms

    return core.Locale.parse(language)
