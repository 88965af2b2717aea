"""Values as numbers: what a whole number, or a text that came from outside, amounts to."""

import re
from typing import Final

import attrs

from callflow.machine.model import Value

_DECIMAL: Final = re.compile(r"([+-]?)([0-9]+)(?:[.,]([0-9]+))?")
_BY_COMMAS: Final = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
"""`1,234` and `1,234.50`."""

_BY_DOTS: Final = re.compile(r"[+-]?[0-9]{1,3}(?:(?:\.[0-9]{3}){2,}|(?:\.[0-9]{3})+(?=,))(?:,[0-9]+)?")
"""`1.234,50` and `1.234.567`. A single dot is taken for the decimal point, as interfaces write it."""

_SPACES: Final = re.compile(r"[\s_'\u2019]")

DIGITS_MAX: Final = 40
"""Longer ones are no amounts; they are said digit by digit."""


@attrs.frozen
class Amount:
    """A number: its sign, the whole ones, and the decimals as they are written."""

    negative: bool
    whole: int
    decimals: str = ""

    def rounded(self, places: int) -> "Amount":
        """Return the amount with so many decimals, halves away from zero."""
        shown = self.decimals[:places].ljust(places, "0")
        scaled = int(f"{self.whole}{shown}") + (self.decimals[places : places + 1] >= "5")
        whole, rest = divmod(scaled, 10**places)
        decimals = str(rest).rjust(places, "0") if places else ""
        return Amount(self.negative and scaled > 0, whole, decimals)


def amount(value: Value) -> Amount | None:
    """Return the number that a value is, `None` where it is none."""
    if isinstance(value, int):
        return Amount(value < 0, abs(value))
    text = _SPACES.sub("", value or "").replace("\u2212", "-")
    if len(text) > DIGITS_MAX:
        return None
    if _BY_COMMAS.fullmatch(text):
        text = text.replace(",", "")
    elif _BY_DOTS.fullmatch(text):
        text = text.replace(".", "")
    found = _DECIMAL.fullmatch(text)
    if found is None:
        return None
    whole, decimals = int(found[2]), found[3] or ""
    return Amount(found[1] == "-" and (whole > 0 or decimals.strip("0") != ""), whole, decimals)
