"""French: twenty-four hours, with noon by name. Midnight is `zéro heure`, since `minuit` could end a day."""

import re
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Final

from callflow.saying import libraries
from callflow.saying.wording import Agreement, Currencies, Currency, Noun, Signs, Units, Wording

_CENTIME: Final = Noun("centime", "centimes")
_FEMININE: Final = ("livre", "couronne", "roupie", "gourde", "hryvnia", "pula", "rufiyaa")
"""Currencies that numbers agree with; all others are masculine."""


class French(Wording):
    """Values in French."""

    tag = "fr"
    yes = "oui"
    no = "non"
    signs = Signs(
        ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
        plus="plus", minus="moins", star="étoile", hash="dièse", point="virgule",
    )  # fmt: skip
    units = Units(
        Noun("jour", "jours"),
        Noun("heure", "heures", agreement=Agreement.FEMININE),
        Noun("minute", "minutes", agreement=Agreement.FEMININE),
        Noun("seconde", "secondes", agreement=Agreement.FEMININE),
    )
    short = "moins d'une seconde"
    joint = " et "
    money_joint = " et "
    currencies: ClassVar[Currencies] = {
        "EUR": Currency(Noun("euro", "euros"), _CENTIME),
        "USD": Currency(Noun("dollar", "dollars"), Noun("cent", "cents")),
        "GBP": Currency(
            Noun("livre sterling", "livres sterling", agreement=Agreement.FEMININE), Noun("penny", "pence")
        ),
        "RUB": Currency(Noun("rouble", "roubles"), Noun("kopeck", "kopecks")),
        "IDR": Currency(Noun("roupie indonésienne", "roupies indonésiennes", agreement=Agreement.FEMININE), None),
        "CHF": Currency(Noun("franc suisse", "francs suisses"), _CENTIME),
    }
    near_days = ("hier", "aujourd'hui", "demain")

    def cardinal(self, count: int, agreement: Agreement) -> str:
        words = libraries.cardinal(count, "fr")
        return re.sub(r"\bun$", "une", words) if agreement is Agreement.FEMININE else words

    def counted(self, count: int, noun: Noun) -> str:
        number = self.number(count, noun.agreement)
        form = noun.form(libraries.plural(Decimal(count), self.tag))
        if not re.search(r"(million|milliard)s?$", number):
            return f"{number} {form}"
        return f"{number} d'{form}" if form[0] in "aeiouéê" else f"{number} de {form}"

    def agreement(self, name: str) -> Agreement:
        return Agreement.FEMININE if name.partition(" ")[0] in _FEMININE else Agreement.MASCULINE

    def year(self, number: int) -> str:
        return self.number(number)

    def day(self, at: datetime) -> str:
        return f"le {self._day(at)}"

    def date_near(self, at: datetime) -> str:
        return f"le {self.weekday(at)} {self._day(at)}"

    def time(self, at: datetime) -> str:
        if at.hour == 12 and not at.minute:  # noqa: PLR2004
            return "midi"
        hour = self.counted(at.hour, self.units.hour)
        return f"{hour} {self.number(at.minute, Agreement.FEMININE)}" if at.minute else hour

    def on_weekday(self, at: datetime) -> str:
        return self.weekday(at)

    def on_day(self, at: datetime) -> str:
        return self.day(at)

    def at_time(self, at: datetime) -> str:
        return f"à {self.time(at)}"

    def _day(self, at: datetime) -> str:
        return f"{'premier' if at.day == 1 else self.number(at.day)} {self.month_name(at)}"
