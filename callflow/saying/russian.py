"""Russian: numbers agree with what they count. Durations stand in the accusative, as behind `через` and `ждать`."""

from datetime import datetime
from typing import ClassVar, Final

from callflow.saying import libraries
from callflow.saying.wording import Agreement, Currencies, Currency, Noun, Signs, Units, Wording

_GENDER: Final = {
    Agreement.ALONE: ("m", "n"),
    Agreement.MASCULINE: ("m", "n"),
    Agreement.FEMININE: ("f", "n"),
    Agreement.NEUTER: ("n", "n"),
    Agreement.MASCULINE_OBJECT: ("m", "n"),
    Agreement.FEMININE_OBJECT: ("f", "a"),
}
"""The gender and the case of num2words. Of masculine things the accusative is the nominative."""

_THOUSAND: Final = Noun("тысяча", "тысяч", "тысячи", agreement=Agreement.FEMININE)
_THOUSAND_OBJECT: Final = Noun("тысячу", "тысяч", "тысячи", agreement=Agreement.FEMININE_OBJECT)
_MILLION: Final = Noun("миллион", "миллионов", "миллиона")
_MILLIARD: Final = Noun("миллиард", "миллиардов", "миллиарда")
_HOUR: Final = Noun("час", "часов", "часа", agreement=Agreement.MASCULINE_OBJECT)
_MINUTE: Final = Noun("минуту", "минут", "минуты", agreement=Agreement.FEMININE_OBJECT)
_CENT: Final = Noun("цент", "центов", "цента")
_ON_WEEKDAY: Final = (
    "в понедельник",
    "во вторник",
    "в среду",
    "в четверг",
    "в пятницу",
    "в субботу",
    "в воскресенье",
)
_DECIMALS: Final = (
    Noun("десятая", "десятых", agreement=Agreement.FEMININE),
    Noun("сотая", "сотых", agreement=Agreement.FEMININE),
    Noun("тысячная", "тысячных", agreement=Agreement.FEMININE),
)
_FEMININE: Final = ("патака", "кина", "добра")
"""Currencies without an adjective that numbers agree with."""

_WHOLE: Final = Noun("целая", "целых", agreement=Agreement.FEMININE)


class Russian(Wording):
    """Values in Russian."""

    tag = "ru"
    yes = "да"
    no = "нет"
    signs = Signs(
        ("ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять"),
        plus="плюс", minus="минус", star="звёздочка", hash="решётка", point="запятая",
    )  # fmt: skip
    units = Units(
        Noun("день", "дней", "дня", agreement=Agreement.MASCULINE_OBJECT),
        _HOUR,
        _MINUTE,
        Noun("секунду", "секунд", "секунды", agreement=Agreement.FEMININE_OBJECT),
    )
    short = "меньше секунды"
    currencies: ClassVar[Currencies] = {
        "EUR": Currency(Noun("евро", "евро"), _CENT),
        "USD": Currency(Noun("доллар", "долларов", "доллара"), _CENT),
        "GBP": Currency(
            Noun("фунт стерлингов", "фунтов стерлингов", "фунта стерлингов"), Noun("пенс", "пенсов", "пенса")
        ),
        "RUB": Currency(
            Noun("рубль", "рублей", "рубля"), Noun("копейка", "копеек", "копейки", agreement=Agreement.FEMININE)
        ),
        "IDR": Currency(
            Noun("индонезийская рупия", "индонезийских рупий", "индонезийские рупии", agreement=Agreement.FEMININE),
            None,
        ),
        "CHF": Currency(
            Noun("швейцарский франк", "швейцарских франков", "швейцарских франка"),
            Noun("раппен", "раппенов", "раппена"),
        ),
    }
    near_days = ("вчера", "сегодня", "завтра")

    def cardinal(self, count: int, agreement: Agreement) -> str:
        is_object = agreement is Agreement.FEMININE_OBJECT
        said = []
        for size, noun in (
            (10**9, _MILLIARD),
            (10**6, _MILLION),
            (10**3, _THOUSAND_OBJECT if is_object else _THOUSAND),
        ):
            if part := count // size % 1_000:
                said.append(self.counted(part, noun))
        rest = count % 1_000
        if rest or not said:
            gender, case = _GENDER[agreement]
            said.append(libraries.cardinal(rest, "ru", gender=gender, case=case, animate=False))
        return " ".join(said)

    def decimal(self, whole: int, decimals: str) -> str:
        if len(decimals) > len(_DECIMALS):
            return super().decimal(whole, decimals)
        return f"{self.counted(whole, _WHOLE)} {self.counted(int(decimals), _DECIMALS[len(decimals) - 1])}"

    def agreement(self, name: str) -> Agreement:
        first = name.partition(" ")[0]
        feminine = first.endswith("ая") or first in _FEMININE
        return Agreement.FEMININE if feminine else Agreement.MASCULINE

    def year(self, number: int) -> str:
        return f"{libraries.ordinal(number, 'ru', gender='m', case='g')} года"

    def day(self, at: datetime) -> str:
        return f"{libraries.ordinal(at.day, 'ru', gender='n', case='n')} {self.month_name(at)}"

    def date_near(self, at: datetime) -> str:
        return f"{self.weekday(at)}, {self.day(at)}"

    def time(self, at: datetime) -> str:
        hour = self.counted(at.hour, _HOUR)
        if not at.minute:
            return hour
        return f"{hour} {self.counted(at.minute, Noun('минута', 'минут', 'минуты', agreement=Agreement.FEMININE))}"

    def on_weekday(self, at: datetime) -> str:
        return _ON_WEEKDAY[at.weekday()]

    def on_day(self, at: datetime) -> str:
        return f"{libraries.ordinal(at.day, 'ru', gender='n', case='g')} {self.month_name(at)}"

    def at_time(self, at: datetime) -> str:
        hour = f"в {self.counted(at.hour, _HOUR)}"
        return f"{hour} {self.counted(at.minute, _MINUTE)}" if at.minute else hour
