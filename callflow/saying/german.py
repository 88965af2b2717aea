"""German: twenty-four hours. Durations stand in the accusative, as behind `etwa` and `noch`."""

import re
from datetime import datetime
from typing import ClassVar, Final

from callflow.saying import libraries
from callflow.saying.wording import Agreement, Currencies, Currency, Noun, Signs, Units, Wording

_CENT: Final = Noun("Cent", "Cent")
_YEARS_BY_HUNDREDS: Final = range(1_100, 2_000)
_ONE: Final = {
    Agreement.ALONE: "eins",
    Agreement.MASCULINE: "ein",
    Agreement.FEMININE: "eine",
    Agreement.NEUTER: "ein",
    Agreement.MASCULINE_OBJECT: "einen",
    Agreement.FEMININE_OBJECT: "eine",
}


class German(Wording):
    """Values in German."""

    tag = "de"
    yes = "ja"
    no = "nein"
    signs = Signs(
        ("null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"),
        plus="plus", minus="minus", star="Stern", hash="Raute", point="Komma",
    )  # fmt: skip
    units = Units(
        Noun("Tag", "Tage", agreement=Agreement.MASCULINE_OBJECT),
        Noun("Stunde", "Stunden", agreement=Agreement.FEMININE_OBJECT),
        Noun("Minute", "Minuten", agreement=Agreement.FEMININE_OBJECT),
        Noun("Sekunde", "Sekunden", agreement=Agreement.FEMININE_OBJECT),
    )
    short = "weniger als eine Sekunde"
    joint = " und "
    money_joint = " und "
    currencies: ClassVar[Currencies] = {
        "EUR": Currency(Noun("Euro", "Euro"), _CENT),
        "USD": Currency(Noun("Dollar", "Dollar"), _CENT),
        "GBP": Currency(Noun("Pfund", "Pfund", agreement=Agreement.NEUTER), Noun("Penny", "Pence")),
        "RUB": Currency(Noun("Rubel", "Rubel"), Noun("Kopeke", "Kopeken", agreement=Agreement.FEMININE)),
        "IDR": Currency(Noun("Rupiah", "Rupiah", agreement=Agreement.FEMININE), None),
        "CHF": Currency(Noun("Franken", "Franken"), Noun("Rappen", "Rappen")),
    }
    near_days = ("gestern", "heute", "morgen")

    def cardinal(self, count: int, agreement: Agreement) -> str:
        words = libraries.cardinal(count, "de")
        words = re.sub(r"eins(?=tausend)", "ein", re.sub(r"eins(?= M)", "eine", words))
        one = _ONE[agreement] if count == 1 or agreement is Agreement.ALONE else _ONE[agreement].removesuffix("en")
        return re.sub(r"eins$", one, words)

    def agreement(self, name: str) -> Agreement:
        first = name.partition(" ")[0]
        return Agreement.FEMININE if first.endswith("e") else Agreement.MASCULINE

    def year(self, number: int) -> str:
        return libraries.year(number, "de") if number in _YEARS_BY_HUNDREDS else self.number(number)

    def day(self, at: datetime) -> str:
        return f"der {libraries.ordinal(at.day, 'de')} {self.month_name(at)}"

    def date_near(self, at: datetime) -> str:
        return f"{self.weekday(at)}, {self.day(at)}"

    def time(self, at: datetime) -> str:
        minute = f" {self.number(at.minute)}" if at.minute else ""
        return f"{self.number(at.hour, Agreement.NEUTER)} Uhr{minute}"

    def on_weekday(self, at: datetime) -> str:
        return f"am {self.weekday(at)}"

    def on_day(self, at: datetime) -> str:
        return f"am {libraries.ordinal(at.day, 'de')}n {self.month_name(at)}"

    def at_time(self, at: datetime) -> str:
        return f"um {self.time(at)}"
