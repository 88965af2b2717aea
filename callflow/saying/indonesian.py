"""Indonesian: twenty-four hours behind `pukul`; nothing agrees with anything."""

from datetime import datetime
from typing import ClassVar, Final

from callflow.saying import libraries
from callflow.saying.wording import Agreement, Currencies, Currency, Noun, Signs, Units, Wording


def _noun(word: str) -> Noun:
    return Noun(word, word)


_SEN: Final = _noun("sen")


class Indonesian(Wording):
    """Values in Indonesian."""

    tag = "id"
    yes = "ya"
    no = "tidak"
    signs = Signs(
        ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"),
        plus="plus", minus="minus", star="bintang", hash="pagar", point="koma",
    )  # fmt: skip
    units = Units(_noun("hari"), _noun("jam"), _noun("menit"), _noun("detik"))
    short = "kurang dari satu detik"
    currencies: ClassVar[Currencies] = {
        "EUR": Currency(_noun("euro"), _SEN),
        "USD": Currency(_noun("dolar"), _SEN),
        "GBP": Currency(_noun("pound sterling"), _noun("pence")),
        "RUB": Currency(_noun("rubel"), _noun("kopek")),
        "IDR": Currency(_noun("rupiah"), None),
        "CHF": Currency(_noun("franc Swiss"), _noun("rappen")),
    }
    near_days = ("kemarin", "hari ini", "besok")

    def cardinal(self, count: int, agreement: Agreement) -> str:
        del agreement
        return libraries.cardinal(count, "id")

    def year(self, number: int) -> str:
        return self.number(number)

    def day(self, at: datetime) -> str:
        return f"{self.number(at.day)} {self.month_name(at)}"

    def date_near(self, at: datetime) -> str:
        return f"{self.weekday(at)}, {self.day(at)}"

    def time(self, at: datetime) -> str:
        hour = f"pukul {self.number(at.hour) if at.hour else 'nol nol'}"
        return f"{hour} lewat {self.number(at.minute)} menit" if at.minute else hour

    def on_weekday(self, at: datetime) -> str:
        return f"hari {self.weekday(at)}"

    def on_day(self, at: datetime) -> str:
        return f"tanggal {self.day(at)}"

    def at_time(self, at: datetime) -> str:
        return self.time(at)
