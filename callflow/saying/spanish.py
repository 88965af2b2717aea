"""Spanish: twelve hours with the part of the day. num2words knows no `veintiún mil` and no `doscientas`."""

import re
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Final

from callflow.saying import libraries
from callflow.saying.wording import Agreement, Currencies, Currency, Noun, Signs, Units, Wording

_CENTAVO: Final = Noun("centavo", "centavos")
_CENTIMO: Final = Noun("céntimo", "céntimos")
_PARTS: Final = (
    (6, "de la madrugada"),
    (12, "de la mañana"),
    (13, "del mediodía"),
    (20, "de la tarde"),
    (24, "de la noche"),
)
"""Before which hour a part of the day ends, and how it is said."""

_FEMININE: Final = ("libra", "corona", "rupia", "lira", "grivna", "leva", "leona", "pataca", "rufiya", "dobra")
"""Currencies that numbers agree with; all others are masculine."""

_MINUTES: Final = {15: "cuarto", 30: "media"}


class Spanish(Wording):
    """Values in Spanish."""

    tag = "es"
    yes = "sí"
    no = "no"
    signs = Signs(
        ("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"),
        plus="más", minus="menos", star="asterisco", hash="almohadilla", point="coma",
    )  # fmt: skip
    units = Units(
        Noun("día", "días"),
        Noun("hora", "horas", agreement=Agreement.FEMININE),
        Noun("minuto", "minutos"),
        Noun("segundo", "segundos"),
    )
    short = "menos de un segundo"
    joint = " y "
    money_joint = " con "
    currencies: ClassVar[Currencies] = {
        "EUR": Currency(Noun("euro", "euros"), _CENTIMO),
        "USD": Currency(Noun("dólar", "dólares"), _CENTAVO),
        "GBP": Currency(
            Noun("libra esterlina", "libras esterlinas", agreement=Agreement.FEMININE), Noun("penique", "peniques")
        ),
        "RUB": Currency(Noun("rublo", "rublos"), Noun("kopek", "kopeks")),
        "IDR": Currency(Noun("rupia indonesia", "rupias indonesias", agreement=Agreement.FEMININE), None),
        "CHF": Currency(Noun("franco suizo", "francos suizos"), _CENTIMO),
        "MXN": Currency(Noun("peso mexicano", "pesos mexicanos"), _CENTAVO),
    }
    near_days = ("ayer", "hoy", "mañana")

    def cardinal(self, count: int, agreement: Agreement) -> str:
        millions, rest = divmod(count, 1_000_000)
        said = [_below_million(millions, Agreement.MASCULINE), "millón" if millions == 1 else "millones"]
        said = said if millions else []
        if rest or not millions:
            said.append(_below_million(rest, agreement))
        return " ".join(said)

    def counted(self, count: int, noun: Noun) -> str:
        number = self.number(count, noun.agreement)
        form = noun.form(libraries.plural(Decimal(count), self.tag))
        return f"{number} de {form}" if re.search(r"mill(ón|ones)$", number) else f"{number} {form}"

    def agreement(self, name: str) -> Agreement:
        return Agreement.FEMININE if name.partition(" ")[0] in _FEMININE else Agreement.MASCULINE

    def year(self, number: int) -> str:
        return f"de {self.number(number)}"

    def day(self, at: datetime) -> str:
        return f"el {self._day(at)}"

    def date_near(self, at: datetime) -> str:
        return f"el {self.weekday(at)} {self._day(at)}"

    def time(self, at: datetime) -> str:
        if not at.hour:  # at twelve a day could also end
            minutes = f" y {self.counted(at.minute, self.units.minute)}" if at.minute else ""
            return f"las cero horas{minutes}"
        hour = at.hour % 12 or 12
        said = "la una" if hour == 1 else f"las {self.number(hour)}"
        if at.minute:
            said += f" y {_MINUTES.get(at.minute) or self.number(at.minute)}"
        return f"{said} {next(part for before, part in _PARTS if at.hour < before)}"

    def on_weekday(self, at: datetime) -> str:
        return f"el {self.weekday(at)}"

    def on_day(self, at: datetime) -> str:
        return self.day(at)

    def at_time(self, at: datetime) -> str:
        return f"a {self.time(at)}"

    def _day(self, at: datetime) -> str:
        return f"{'primero' if at.day == 1 else self.number(at.day)} de {self.month_name(at)}"


def _below_million(count: int, agreement: Agreement) -> str:
    thousands, rest = divmod(count, 1_000)
    said = []
    if thousands:
        feminine = agreement is Agreement.FEMININE
        before = _feminine_hundreds(_below_thousand(thousands, Agreement.MASCULINE), feminine=feminine)
        said.append("mil" if thousands == 1 else f"{before} mil")
    if rest or not thousands:
        said.append(_below_thousand(rest, agreement))
    return " ".join(said)


def _below_thousand(count: int, agreement: Agreement) -> str:
    words = libraries.cardinal(count, "es")
    if agreement is Agreement.MASCULINE:
        return re.sub(r"\buno$", "un", re.sub(r"veintiuno$", "veintiún", words))
    if agreement is Agreement.FEMININE:
        return _feminine_hundreds(re.sub(r"uno$", "una", words), feminine=True)
    return words


def _feminine_hundreds(words: str, *, feminine: bool) -> str:
    return re.sub(r"(?<=ient)os\b", "as", words) if feminine else words
