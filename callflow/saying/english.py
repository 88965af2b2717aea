"""English: twelve hours with AM and PM, days of the month as ordinals."""

from datetime import datetime
from typing import ClassVar, Final

from callflow.saying import libraries
from callflow.saying.wording import Agreement, Currencies, Currency, Noun, Signs, Units, Wording

_CENT: Final = Noun("cent", "cents")
_YEARS_IN_PAIRS: Final = range(1_100, 2_100)
"""Years that are read two digits by two."""


class English(Wording):
    """Values in English."""

    tag = "en"
    yes = "yes"
    no = "no"
    signs = Signs(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
        plus="plus", minus="minus", star="star", hash="hash", point="point",
    )  # fmt: skip
    units = Units(Noun("day", "days"), Noun("hour", "hours"), Noun("minute", "minutes"), Noun("second", "seconds"))
    short = "less than a second"
    joint = " and "
    money_joint = " and "
    currencies: ClassVar[Currencies] = {
        "EUR": Currency(Noun("euro", "euros"), _CENT),
        "USD": Currency(Noun("dollar", "dollars"), _CENT),
        "GBP": Currency(Noun("pound", "pounds"), Noun("penny", "pence")),
        "RUB": Currency(Noun("ruble", "rubles"), Noun("kopeck", "kopecks")),
        "IDR": Currency(Noun("rupiah", "rupiah"), None),
        "CHF": Currency(Noun("Swiss franc", "Swiss francs"), Noun("centime", "centimes")),
    }
    near_days = ("yesterday", "today", "tomorrow")

    def cardinal(self, count: int, agreement: Agreement) -> str:
        del agreement
        return libraries.cardinal(count, "en").replace(",", "")

    def year(self, number: int) -> str:
        return libraries.year(number, "en") if number in _YEARS_IN_PAIRS else self.number(number)

    def day(self, at: datetime) -> str:
        return f"the {libraries.ordinal(at.day, 'en')} of {self.month_name(at)}"

    def date_near(self, at: datetime) -> str:
        return f"{self.weekday(at)}, {self.day(at)}"

    def time(self, at: datetime) -> str:
        if not at.minute and not at.hour % 12:
            return "noon" if at.hour else "midnight"
        half = "AM" if at.hour < 12 else "PM"  # noqa: PLR2004
        hour = self.number(at.hour % 12 or 12)
        if not at.minute:
            return f"{hour} {half}"
        minute = self.number(at.minute)
        return f"{hour} {minute} {half}" if at.minute >= 10 else f"{hour} oh {minute} {half}"  # noqa: PLR2004

    def on_weekday(self, at: datetime) -> str:
        return f"on {self.weekday(at)}"

    def on_day(self, at: datetime) -> str:
        return f"on {self.day(at)}"

    def at_time(self, at: datetime) -> str:
        return f"at {self.time(at)}"
