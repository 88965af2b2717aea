"""Phone numbers as text: the one form they are compared in, E.164. Says nothing of who may be dialled."""

import re
from typing import Final

EXTENSION_DIGITS_MAX: Final = 6
"""Up to here digits are an extension or a service code, and are left alone: national numbers are longer nearly
everywhere, and an extension made into somebody's number would ring the wrong phone."""

_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_PATTERN: Final = re.compile(r"\+?[0-9*?]*[*?][0-9*?]*")
_FORMATTING: Final = re.compile(r"[\s\u00ad\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2060\u2066-\u2069\ufeff./()\[\]-]")
"""Signs that group digits, and the invisible ones that come along when a number is copied."""

_TRUNK_ZERO: Final = re.compile(r"\(\s*0\s*\)")
_KEEPS_ZERO: Final = ("+39", "+378")
"""Italy and San Marino: the zero after the code is part of the number."""


def is_e164_shape(text: str) -> bool:
    """Return whether `text` is `+` and 7 to 15 digits of which the first is not 0. It may still be nobody's number."""
    return _E164.fullmatch(text) is not None


def is_pattern(text: str) -> bool:
    """Return whether `text` stands for many numbers: digits, perhaps after `+`, and at least one `*` or `?`."""
    return _PATTERN.fullmatch(_bare(text)) is not None


def normalise(raw: str, region: str = "") -> str:
    """Return a phone number in E.164; what is none (`bob`, `101`, `anonymous`) comes back as it is, without margins.

    `region` is an ISO 3166 code such as `DE` or `DE-BY`; numbers without `+` are read as they are dialled there.
    """
    text = raw.strip()
    bare = _bare(text)
    if bare.startswith("+"):
        return bare if is_e164_shape(bare) or is_pattern(bare) else text
    if not (bare.isascii() and bare.isdigit()) or len(bare) <= EXTENSION_DIGITS_MAX:
        return text
    return _national(bare, region.partition("-")[0]) or text


def could_exist(number: str) -> bool:
    """Return whether a number in E.164 has a country and a length that numbers there have."""
    import phonenumbers  # noqa: PLC0415  42 ms

    try:
        reason = phonenumbers.is_possible_number_with_reason(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False
    return bool(reason == phonenumbers.ValidationResult.IS_POSSIBLE)


def _bare(text: str) -> str:
    """Return a text without the signs that group digits."""
    text = text.strip()
    if "(" in text and not _FORMATTING.sub("", text).startswith(_KEEPS_ZERO) and text.startswith("+"):
        text = _TRUNK_ZERO.sub("", text)
    return _FORMATTING.sub("", text)


def _national(digits: str, country: str) -> str:
    """Return in E.164 what is dialled as `digits` in a country, "" where it is no number there.

    Where no country is given only a number after `00` can be told, and only when somebody can have it.
    """
    import phonenumbers  # noqa: PLC0415  42 ms; most numbers come from trunks with their `+`

    if not country and not digits.startswith("00"):
        return ""
    try:
        number = phonenumbers.parse(digits if country else f"+{digits[2:]}", country or None)
    except phonenumbers.NumberParseException:
        return ""
    if country:
        possible = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    else:
        possible = phonenumbers.is_valid_number(number)
    found = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return found if possible and is_e164_shape(found) else ""


def country_of(number: str) -> str:
    """Return the country of a number in E.164 by its ISO 3166 code; empty where there is none, or several."""
    if not is_e164_shape(number):
        return ""
    import phonenumbers  # noqa: PLC0415  as above

    try:
        code = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return ""
    return code if code and code.isalpha() else ""


def example_number(country: str) -> str:
    """Return a number of a country, by its ISO 3166 code, that could exist; empty where no country has that code."""
    import phonenumbers  # noqa: PLC0415  as above

    number = phonenumbers.example_number(country)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if number else ""
