"""Values in words: the tables of each language, and what holds for every value in every language."""

import re
import subprocess
import sys

import pytest
from babel.numbers import list_currencies
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from callflow.engine.evaluate import NUMBER_MAX, Circumstances, evaluate
from callflow.machine.model import Const, How, Joined, Said, Value
from callflow.saying import LANGUAGES, is_said_in, say
from callflow.saying.amounts import amount
from tests.saying.tables import NOW_MS, Row, ms_of, rows_of

ROWS = [row for language in LANGUAGES for row in rows_of(language)]
DAY_MS = 86_400_000


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.place)
def test_a_value_is_said_as_its_table_says(row: Row) -> None:
    assert say(row.how, row.value, row.language, "", row.detail, NOW_MS) == row.words


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tables_ask_every_language_for_the_same(language: str) -> None:
    asked = [(row.how, row.written) for row in rows_of(language)]
    assert asked == [(row.how, row.written) for row in rows_of("en")]
    assert {how for how, _ in asked} == set(How) - {How.PLAIN}


# --- languages ---


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de-AT", "einundzwanzig"),
        ("de_CH", "einundzwanzig"),
        ("EN-gb", "twenty-one"),
        ("pt-BR", "twenty-one"),
        ("", "twenty-one"),
    ],
)
def test_a_region_takes_its_language_and_an_unknown_one_english(language: str, words: str) -> None:
    assert say(How.NUMBER, 21, language, "") == words


def test_it_is_known_which_languages_have_words() -> None:
    assert [tag for tag in ("en", "de-AT", "ru", "pt-BR", "pt", "") if is_said_in(tag)] == ["en", "de-AT", "ru"]


# --- what values may be ---


@pytest.mark.parametrize("how", How)
def test_none_is_silent(how: How) -> None:
    assert say(how, None, "en", "", "EUR") == ""


@pytest.mark.parametrize("how", How)
def test_truth_is_yes_or_no_however_it_is_asked_for(how: How) -> None:
    assert (say(how, True, "de", "", "EUR"), say(how, False, "de", "", "EUR")) == ("ja", "nein")


def test_plain_values_stay_as_they_are() -> None:
    assert say(How.PLAIN, "ticket 12", "de", "") == "ticket 12"
    assert say(How.PLAIN, 12, "de", "") == "12"


@pytest.mark.parametrize("how", [How.NUMBER, How.MONEY, How.DURATION, How.DATE, How.TIME, How.MOMENT, How.MONTH])
def test_a_text_that_is_something_else_is_said_as_it_is(how: How) -> None:
    assert say(how, "soon", "en", "", "EUR", NOW_MS) == "soon"
    assert say(how, "room 12b", "en", "", "EUR", NOW_MS) == "room one two b"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.5", ("12", "5")),
        ("12,5", ("12", "5")),
        ("1,234", ("1234", "")),
        ("1,234,567.8", ("1234567", "8")),
        ("1.234,50", ("1234", "50")),
        ("1.234.567", ("1234567", "")),
        ("1.234", ("1", "234")),
        ("1 234,50", ("1234", "50")),
        ("1'234.50", ("1234", "50")),
        ("007", ("7", "")),
        ("\u221212", ("-12", "")),
        ("-0.00", ("0", "00")),
        ("-0.01", ("-0", "01")),
    ],
)
def test_amounts_are_read_as_interfaces_write_them(text: str, expected: tuple[str, str]) -> None:
    found = amount(text)
    assert found is not None
    assert (f"{'-' if found.negative else ''}{found.whole}", found.decimals) == expected


@pytest.mark.parametrize("text", ["", "12 EUR", "1,23,456", "1.2.3", "--1", "1e5", "٣", "9" * 41])
def test_what_is_no_amount_is_none(text: str) -> None:
    assert amount(text) is None


def test_amounts_are_rounded_to_what_the_currency_has() -> None:
    said = [say(How.MONEY, text, "en", "", "EUR") for text in ("1.005", "0.994", "-0.004", "99.995")]
    assert said == ["one euro and one cent", "ninety-nine cents", "zero euros", "one hundred euros"]


def test_money_without_a_currency_is_a_number() -> None:
    assert say(How.MONEY, "12.50", "en", "", "") == "twelve point five zero"


@pytest.mark.parametrize(
    ("how", "text", "words"),
    [
        (How.DATE, "2026-12-24", "Thursday, the twenty-fourth of December"),
        (How.MOMENT, "2026-12-24", "on the twenty-fourth of December"),
        (How.TIME, "2026-12-24", "Thursday, the twenty-fourth of December"),
        (How.MOMENT, "2026-11-24T08:00:00Z", "tomorrow at nine AM"),
        (How.TIME, "2026-11-24 18:05", "six oh five PM"),
        (How.DATE, "1949-05-23", "the twenty-third of May nineteen forty-nine"),
        (How.MONTH, "2026-12-24", "December"),
        (How.DATE, "2026-02-30", "two zero two six - zero two - three zero"),
    ],
)
def test_dates_in_iso_8601_are_dates(how: How, text: str, words: str) -> None:
    assert say(how, text, "en", "Europe/Berlin", "", NOW_MS) == words


# --- zones and nearness ---


def test_moments_are_those_of_the_zone() -> None:
    late = ms_of("2026-11-23 23:30")
    assert say(How.MOMENT, late, "en", "UTC", "", NOW_MS) == "today at eleven thirty PM"
    assert say(How.MOMENT, late, "en", "Europe/Berlin", "", NOW_MS) == "tomorrow at twelve thirty AM"
    assert say(How.MOMENT, late, "en", "Nowhere/Atall", "", NOW_MS) == "today at eleven thirty PM"


def test_the_hour_that_comes_twice_does_not_move_the_day() -> None:
    before, after = ms_of("2026-10-24 21:59"), ms_of("2026-10-25 22:59")
    assert say(How.MOMENT, after, "en", "Europe/Berlin", "", before) == "tomorrow at eleven fifty-nine PM"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-184, "the twenty-third of May twenty twenty-six"),
        (-183, "Sunday, the twenty-fourth of May"),
        (183, "Tuesday, the twenty-fifth of May"),
        (184, "the twenty-sixth of May twenty twenty-seven"),
    ],
)
def test_the_year_is_said_of_dates_half_a_year_away(days: int, words: str) -> None:
    assert say(How.DATE, NOW_MS + days * DAY_MS, "en", "", "", NOW_MS) == words


def test_without_a_clock_nothing_is_near() -> None:
    assert say(How.MOMENT, NOW_MS, "en", "") == "on the twenty-third of November twenty twenty-six at ten AM"


def test_the_engine_says_values_in_the_language_of_the_call() -> None:
    text = Joined((Const("Wir öffnen "), Said(How.MOMENT, Const(NOW_MS + DAY_MS)), Const(".")))
    around = Circumstances(NOW_MS, "de-AT", "Europe/Vienna")
    assert evaluate(text, {}, around) == "Wir öffnen morgen um elf Uhr."


# --- currencies ---


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["1", "2", "5", "12.50"])
def test_every_currency_has_a_name_that_can_be_spoken(language: str, text: str) -> None:
    for code in list_currencies():
        words = say(How.MONEY, text, language, "", code)
        assert len(words.split()) > 1, code
        assert not re.search(r"[0-9()]|  ", words), (code, words)


# --- what holds for all ---

CURRENCIES = st.sampled_from(["", "EUR", "USD", "GBP", "RUB", "IDR", "CHF", "SEK", "JPY", "KWD", "AON", "XXX", "QQQ"])
ANY_LANGUAGE = st.sampled_from([*LANGUAGES, "pt-BR", "", "x", "12"])
ZONES = st.sampled_from(["", "UTC", "Europe/Berlin", "Pacific/Apia", "America", "../etc", "Nowhere/Atall", "\0"])
NUMERIC = st.from_regex(r"[+-]?[0-9]{1,16}([.,][0-9]{1,6})?", fullmatch=True)
DATED = st.from_regex(r"[0-9]{4}-[01][0-9]-[0-3][0-9](T[0-2][0-9]:[0-5][0-9](Z|[+-][01][0-9]:00)?)?", fullmatch=True)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(NUMBER_MAX + 1), NUMBER_MAX),
    st.integers(0, 4_102_444_800_000),
    st.integers(-100, 100_000),
    st.integers(),
    NUMERIC,
    DATED,
    st.text(max_size=30),
    st.text("0123456789+-*#.,AbЖ٣² ", max_size=30),
)


@settings(max_examples=1_500, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(How), VALUES, ANY_LANGUAGE, ZONES, CURRENCIES | st.text(max_size=4), st.none() | st.integers())
@example(How.DATE, "0001-01-01T00:00Z", "ru", "America/New_York", "", None)
@example(How.MOMENT, "9999-12-31T23:59-12:00", "en", "Pacific/Apia", "", 10**30)
@example(How.NUMBER, "9" * 5_000, "fr", "", "", None)
@example(How.DIGITS, 10**5_000, "es", "", "", None)
def test_every_value_gives_words_without_figures(
    how: How, value: Value, language: str, zone: str, detail: str, now_ms: int | None
) -> None:
    words = say(how, value, language, zone, detail, now_ms)
    assert words == say(how, value, language, zone, detail, now_ms)
    if how is not How.PLAIN:
        assert not re.search("[0-9]", words)
    if isinstance(value, int):
        assert words
        assert words == " ".join(words.split())


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.sampled_from(LANGUAGES), st.integers(-(10**14), 10**14), st.integers(-(10**14), 10**14))
def test_different_numbers_have_different_words(language: str, one: int, other: int) -> None:
    same = say(How.NUMBER, one, language, "") == say(How.NUMBER, other, language, "")
    assert same is (one == other)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("how", [How.NUMBER, How.DIGITS, How.MONEY])
def test_all_small_numbers_have_different_words(language: str, how: How) -> None:
    numbers = [*range(-20, 2_200), *range(0, 1_000_000, 997), *(10**power for power in range(4, 19))]
    said = {say(how, number, language, "", "RUB") for number in numbers}
    assert len(said) == len(set(numbers))


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_times_of_day_have_different_words(language: str) -> None:
    minutes = range(24 * 60)
    assert len({say(How.TIME, minute * 60_000, language, "") for minute in minutes}) == len(minutes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_days_of_two_years_have_different_words(language: str) -> None:
    days = range(730)
    assert len({say(How.MOMENT, NOW_MS + day * DAY_MS, language, "", "", NOW_MS) for day in days}) == len(days)


# --- costs ---


@pytest.mark.parametrize(
    ("how", "value", "imported"),
    [
        (How.TRUTH, True, set()),
        (How.DIGITS, "+4930123", set()),
        (How.NUMBER, 21, {"num2words"}),
        (How.DURATION, 60_000, {"num2words", "babel"}),
    ],
)
def test_a_library_is_imported_when_it_is_needed(how: How, value: Value, imported: set[str]) -> None:
    program = (
        "import sys\nfrom callflow.machine.model import How\nfrom callflow import saying\n"
        "assert saying.is_said_in('de') and 'callflow.saying.spoken' not in sys.modules\n"
        f"assert saying.say({how}, {value!r}, 'de', '')\n"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert {"num2words", "babel"} & set(done.stdout.split()) == imported
