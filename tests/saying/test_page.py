"""The page on saying values: its tables are what is said. `--update-golden` writes them anew."""

import re
from pathlib import Path

import pytest

from callflow.compile.pipeline import compile_text
from callflow.machine.model import How, Value
from callflow.saying import LANGUAGES, say
from tests.saying.tables import NOW_MS, ms_of

PAGE = Path(__file__).parents[2] / "docs" / "saying.md"
NAMES = ("English", "German", "French", "Spanish", "Russian", "Indonesian")

EXAMPLES: tuple[tuple[str, str, How, Value, str], ...] = (
    ("queue.position", "21", How.NUMBER, 21, ""),
    ("called.number", "+44 20 7946 0018", How.DIGITS, "+442079460018", ""),
    ('money(crm.balance, "EUR")', "12.50", How.MONEY, "12.50", "EUR"),
    ('money(crm.balance, "RUB")', "1042", How.MONEY, 1042, "RUB"),
    ("queue.wait", "30s", How.DURATION, 30_000, ""),
    ("queue.wait", "61m", How.DURATION, 3_660_000, ""),
    ("office.opens", "tomorrow, 09:00", How.MOMENT, ms_of("2026-11-24 09:00"), ""),
    ("office.opens", "Sunday, 18:05", How.MOMENT, ms_of("2026-11-29 18:05"), ""),
    ("office.opens", "3 January, 09:00", How.MOMENT, ms_of("2027-01-03 09:00"), ""),
    ("date(office.opens)", "3 January", How.DATE, ms_of("2027-01-03 09:00"), ""),
    ("time(now)", "13:30", How.TIME, ms_of("2026-11-23 13:30"), ""),
    ("month(month_after(now, 12))", "in a year", How.MONTH, ms_of("2027-11-01 00:00"), ""),
    ("caller.hidden", "true", How.TRUTH, True, ""),
)


def table(language: str) -> str:
    """Return the table of a language as it stands on the page."""
    rows = [
        f"| `{written}` | {shown} | {say(how, value, language, '', detail, NOW_MS)} |"
        for written, shown, how, value, detail in EXAMPLES
    ]
    return "\n".join(["| written | worth | said |", "|---|---|---|", *rows]) + "\n"


@pytest.mark.parametrize(("language", "name"), [*zip(LANGUAGES, NAMES, strict=True)])
def test_the_page_shows_what_is_said(language: str, name: str, update_golden: bool) -> None:  # noqa: FBT001
    text = PAGE.read_text(encoding="utf-8")
    found = re.search(rf"^### {name} \(`{language}`\)\n\n((?:\|.*\n)+)", text, re.MULTILINE)
    assert found is not None, f"{name} is missing"
    if update_golden:
        PAGE.write_text(text[: found.start(1)] + table(language) + text[found.end(1) :], encoding="utf-8")
    else:
        assert found[1] == table(language)


@pytest.mark.parametrize("written", dict.fromkeys(written for written, *_ in EXAMPLES))
def test_what_the_page_writes_can_be_written(written: str) -> None:
    text = f"""
        timezone "Europe/Berlin"
        schedule office "Mo-Fr 09:00-18:00"
        agent anna "sip:anna@pbx.example"
        group sales anna
        start {{
            answer
            fetch crm from "https://crm.example/caller" {{ failed hangup }}
            when office open {{ hangup }}
            set said = {written}
            queue sales for 5m {{ every 30s play "{{said}}" }}
        }}
    """
    problems = [f"{one.code.id} {one.message}" for one in compile_text(text).problems]
    assert not problems, problems
