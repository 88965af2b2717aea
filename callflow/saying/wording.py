"""What the wordings of all languages share. A language is a subclass in a file of its own: its words, its grammar."""

import abc
import datetime as dt
import enum
from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar, Final

import attrs

from callflow.saying import libraries
from callflow.saying.amounts import Amount

WORDS_BELOW: Final = 10**12
"""Numbers from here on are said digit by digit: nobody follows a quadrillion."""

YEAR_UNSAID_DAYS: Final = 183
"""Dates that are not further away than this are said with the day of the week, others with the year."""

WEEK_DAYS: Final = 6
"""So many days ahead the day of the week alone says which day is meant."""


_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_STEPS: Final = ((_MINUTE, 10), (10 * _MINUTE, _MINUTE), (_DAY, _HOUR))
"""From how many seconds on durations are rounded to how many."""


class Agreement(enum.Enum):
    """What a number word agrees with: nothing, or a noun of a gender, which may be an object (the accusative)."""

    ALONE = "alone"
    MASCULINE = "masculine"
    FEMININE = "feminine"
    NEUTER = "neuter"
    MASCULINE_OBJECT = "masculine object"
    FEMININE_OBJECT = "feminine object"


@attrs.frozen
class Noun:
    """What is counted: its form behind one, a few, many, and behind a decimal number."""

    one: str
    many: str
    few: str = ""
    part: str = ""
    agreement: Agreement = Agreement.MASCULINE

    def form(self, plural: str) -> str:
        """Return the form for a plural of CLDR."""
        match plural:
            case "one":
                return self.one
            case "few":
                return self.few or self.many
            case "other":
                return self.part or self.many
            case _:
                return self.many


@attrs.frozen
class Units:
    """The units of durations, as they stand behind a number that is an object: for one minute."""

    day: Noun
    hour: Noun
    minute: Noun
    second: Noun


@attrs.frozen
class Signs:
    """The words of single signs."""

    digits: tuple[str, ...]
    plus: str
    minus: str
    star: str
    hash: str
    point: str


@attrs.frozen
class Currency:
    """What money is counted in. Without a minor unit, decimals are rounded away."""

    major: Noun
    minor: Noun | None


Currencies = Mapping[str, Currency]
"""By their ISO code. Others are called what CLDR calls them."""


class Wording(abc.ABC):
    """How values are said in a language."""

    tag: ClassVar[str]
    yes: ClassVar[str]
    no: ClassVar[str]
    signs: ClassVar[Signs]
    units: ClassVar[Units]
    short: ClassVar[str]
    """Less than a second."""
    joint: ClassVar[str] = " "
    """What stands between hours and minutes."""
    money_joint: ClassVar[str] = " "
    """What stands between whole money and the small one."""
    currencies: ClassVar[Currencies]
    near_days: ClassVar[tuple[str, str, str]]
    """Yesterday, today, tomorrow."""

    # --- numbers ---

    @abc.abstractmethod
    def cardinal(self, count: int, agreement: Agreement) -> str:
        """Return a number below `WORDS_BELOW` in words."""

    def number(self, count: int, agreement: Agreement = Agreement.ALONE) -> str:
        """Return a number that is not negative in words; a huge one digit by digit."""
        return self.cardinal(count, agreement) if count < WORDS_BELOW else self.digits(str(count))

    def digits(self, written: str) -> str:
        """Return digits one by one."""
        return " ".join(self.signs.digits[int(digit)] for digit in written)

    def amount(self, amount: Amount) -> str:
        """Return a number with its sign and its decimals."""
        words = self.decimal(amount.whole, amount.decimals) if amount.decimals else self.number(amount.whole)
        return self.signed(words, negative=amount.negative)

    def decimal(self, whole: int, decimals: str) -> str:
        """Return a number with decimals."""
        return f"{self.number(whole)} {self.signs.point} {self.digits(decimals)}"

    def signed(self, words: str, *, negative: bool) -> str:
        """Return the words of a number with its sign before them."""
        return f"{self.signs.minus} {words}" if negative else words

    def counted(self, count: int, noun: Noun) -> str:
        """Return so many of something."""
        return f"{self.number(count, noun.agreement)} {noun.form(libraries.plural(Decimal(count), self.tag))}"

    # --- money ---

    def money(self, amount: Amount, code: str) -> str:
        """Return an amount of a currency."""
        currency = self.currencies.get(code)
        if currency is None:
            return self._foreign(amount, code)
        rounded = amount.rounded(2 if currency.minor else 0)
        small = int(rounded.decimals or "0")
        if not small or currency.minor is None:
            words = self.counted(rounded.whole, currency.major)
        elif not rounded.whole:
            words = self.counted(small, currency.minor)
        else:
            words = (
                f"{self.counted(rounded.whole, currency.major)}{self.money_joint}{self.counted(small, currency.minor)}"
            )
        return self.signed(words, negative=rounded.negative)

    def agreement(self, name: str) -> Agreement:
        """Return what numbers agree with before the name of a currency, its form for one."""
        del name
        return Agreement.MASCULINE

    def _foreign(self, amount: Amount, code: str) -> str:
        forms = libraries.currency_forms(code, self.tag)
        spelled = " ".join(code)
        one = forms.get("one", spelled)
        noun = Noun(one, forms.get("many", spelled), forms.get("few", spelled), forms.get("other", spelled),
                    agreement=self.agreement(one))  # fmt: skip
        rounded = amount.rounded(libraries.currency_decimals(code))
        decimals = rounded.decimals.rstrip("0")
        if not decimals:
            return self.signed(self.counted(rounded.whole, noun), negative=rounded.negative)
        form = noun.form(libraries.plural(Decimal(f"{rounded.whole}.{decimals}"), self.tag))
        return self.signed(f"{self.decimal(rounded.whole, decimals)} {form}", negative=rounded.negative)

    # --- durations ---

    def duration(self, ms: int) -> str:
        """Return a length of time, rounded as far as a listener cares: to 10 seconds, to minutes, to hours."""
        units = self.units
        seconds = (abs(ms) + 500) // 1_000
        for least, step in _STEPS:
            if seconds >= least:
                seconds = (seconds + step // 2) // step * step
        if not seconds and ms:
            return self.short
        if seconds < _HOUR:
            parts = [(seconds // _MINUTE, units.minute), (seconds % _MINUTE, units.second)]
        elif seconds < _DAY:
            parts = [(seconds // _HOUR, units.hour), (seconds % _HOUR // _MINUTE, units.minute)]
        else:
            parts = [(seconds // _DAY, units.day), (seconds % _DAY // _HOUR, units.hour)]
        said = [self.counted(count, unit) for count, unit in parts if count] or [self.counted(0, units.second)]
        return self.signed(self.joint.join(said), negative=ms < 0)

    # --- dates and times ---

    def weekday(self, at: dt.datetime) -> str:
        """Return the name of a day of the week."""
        return libraries.weekday(at.weekday(), self.tag)

    def month_name(self, at: dt.datetime) -> str:
        """Return the name of a month as it stands with a day."""
        return libraries.month(at.month, self.tag)

    @abc.abstractmethod
    def year(self, number: int) -> str:
        """Return a year as it stands behind a month, with what joins it."""

    @abc.abstractmethod
    def day(self, at: dt.datetime) -> str:
        """Return the day of a month: the third of January."""

    @abc.abstractmethod
    def date_near(self, at: dt.datetime) -> str:
        """Return a date with its day of the week."""

    @abc.abstractmethod
    def time(self, at: dt.datetime) -> str:
        """Return a time of day."""

    @abc.abstractmethod
    def on_weekday(self, at: dt.datetime) -> str:
        """Return a day of the week as an answer to when."""

    @abc.abstractmethod
    def on_day(self, at: dt.datetime) -> str:
        """Return a date without its year as an answer to when."""

    @abc.abstractmethod
    def at_time(self, at: dt.datetime) -> str:
        """Return a time of day as an answer to when."""

    def date(self, at: dt.datetime, today: dt.date | None) -> str:
        """Return a date: with the day of the week when it is near, with the year when it is not."""
        return self.date_near(at) if _is_near(at, today) else f"{self.day(at)} {self.year(at.year)}"

    def month(self, at: dt.datetime, today: dt.date | None) -> str:
        """Return a month, with the year when it is not near."""
        name = libraries.month(at.month, self.tag, alone=True)
        return name if _is_near(at, today) else f"{name} {self.year(at.year)}"

    def when(self, at: dt.datetime, today: dt.date | None) -> str:
        """Return a day as an answer to when: today, on Monday, on the third of January."""
        days = (at.date() - today).days if today else WEEK_DAYS + 1
        if -1 <= days <= 1:
            return self.near_days[days + 1]
        if 0 < days <= WEEK_DAYS:
            return self.on_weekday(at)
        return self.on_day(at) if _is_near(at, today) else f"{self.on_day(at)} {self.year(at.year)}"

    def moment(self, at: dt.datetime, today: dt.date | None) -> str:
        """Return a day and a time as an answer to when."""
        return f"{self.when(at, today)} {self.at_time(at)}"


def _is_near(at: dt.datetime, today: dt.date | None) -> bool:
    return today is not None and abs((at.date() - today).days) <= YEAR_UNSAID_DAYS
