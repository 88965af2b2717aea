"""What opening hours say that was probably not meant, and what is fine although it looks like it."""

import pytest

from callflow.almanac.doubts import Brief, Doubt, Hidden, MinuteLost, Vanishing, constant, doubts


def found(expression: str, timezone: str = "Europe/Berlin") -> list[Doubt]:
    return list(doubts(expression, timezone))


def hidden(expression: str) -> list[tuple[str, str, str]]:
    return [(one.rule.text.text, one.by.text.text, one.days) for one in found(expression) if isinstance(one, Hidden)]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # replaced wholly
        ("Mo-Fr 09:00-18:00; Mo-Su 10:00-16:00", ("Mo-Fr 09:00-18:00", "Mo-Su 10:00-16:00", "")),
        ("Mo-Fr 09:00-18:00; 10:00-16:00", ("Mo-Fr 09:00-18:00", "10:00-16:00", "")),
        ("Mo-We 09:00-18:00; Mo 10:00-12:00; Tu,We 10:00-12:00", ("Mo-We 09:00-18:00", "Tu,We 10:00-12:00", "")),
        ("Mo[1] 10:00-12:00; Mo 09:00-18:00", ("Mo[1] 10:00-12:00", "Mo 09:00-18:00", "")),
        ("Nov Th[4] off; Mo-Fr 09:00-18:00", ("Nov Th[4] off", "Mo-Fr 09:00-18:00", "")),
        ("Dec 24 off; Dec 24 09:00-12:00", ("Dec 24 off", "Dec 24 09:00-12:00", "")),
        ("PH off; PH 10:00-12:00, Mo 09:00-18:00", ("PH off", "PH 10:00-12:00", "")),
        ("Mo 09:00-18:00; Mo off; Tu 10:00-12:00", ("Mo 09:00-18:00", "Mo off", "")),
        # exceptions before the usual
        ("PH off; Mo-Fr 09:00-18:00", ("PH off", "Mo-Fr 09:00-18:00", "Mo-Fr")),
        ("Mo-Fr 09:00-18:00; PH off; Sa 10:00-14:00", ("PH off", "Sa 10:00-14:00", "Sa")),
        ("Mo,We-Fr 09:00-18:00; Dec 24 off; Sa,Su 10:00-14:00", ("Dec 24 off", "Sa,Su 10:00-14:00", "Sa,Su")),
        ("2026 Dec 24 off; Mo-Fr 09:00-18:00", ("2026 Dec 24 off", "Mo-Fr 09:00-18:00", "Mo-Fr")),
        ("2026 Jun 15+ week 01-53/2 off; Mo 09:00-18:00", ("2026 Jun 15+ week 01-53/2 off", "Mo 09:00-18:00", "Mo")),
        ("Jul-Aug 09:00-15:00; Mo-Fr 09:00-18:00", ("Jul-Aug 09:00-15:00", "Mo-Fr 09:00-18:00", "Mo-Fr")),
        ("12:00-13:00 off; Mo-Fr 09:00-18:00", ("12:00-13:00 off", "Mo-Fr 09:00-18:00", "Mo-Fr")),
        ("Mo[1] +1 day off; Tu 09:00-18:00", ("Mo[1] +1 day off", "Tu 09:00-18:00", "Tu")),
        ("PH Mo-Fr 10:00-12:00; We 09:00-18:00", ("PH Mo-Fr 10:00-12:00", "We 09:00-18:00", "We")),
        ("easter -2 days off; Mo-Fr 09:00-18:00", ("easter -2 days off", "Mo-Fr 09:00-18:00", "Mo-Fr")),
    ],
)
def test_a_rule_that_a_later_one_replaces_is_doubtful(expression: str, expected: tuple[str, str, str]) -> None:
    assert hidden(expression) == [expected]


@pytest.mark.parametrize(
    "expression",
    [
        "Mo-Fr 09:00-18:00; Sa 10:00-14:00; PH off",
        "Mo-Fr 08:00-12:00,13:00-17:00; We 08:00-12:00; PH off; Dec 24,31 off",
        "Mo-Fr 09:00-12:00, Mo-Fr 13:00-18:00",
        "Mo-Fr 09:00-18:00; 12:00-13:00 off; We 10:00-15:00",
        "off; Mo-Fr 09:00-18:00",
        "Mo-Fr off; We 10:00-12:00",
        "Mo-Fr 08:00-18:00; Dec 24 08:00-12:00; Sa-Su off",
        "24/7; PH off; Dec 25 10:00-12:00",
        "PH off; Jul Mo-Fr 09:00-18:00",
        "2026 Dec 24 off; Sa 09:00-18:00",  # a Thursday
        "easter -2 days off; Sa 09:00-18:00",  # always a Friday
        "2026 Sep 14-18 08:00-20:00; Sa-Su 10:00-12:00",
        "PH Sa-Su 10:00-12:00; Mo-Fr 09:00-18:00",
        "Mo[1] 10:00-12:00; Tu 09:00-18:00",
        "Mo[1] +1 day 10:00-12:00; PH off",
        "Dec Mo 10:00-12:00; Nov Mo 09:00-18:00",
    ],
)
def test_rules_in_a_good_order_are_not(expression: str) -> None:
    assert found(expression) == []


@pytest.mark.parametrize(
    ("expression", "spelled", "expected"),
    [
        ("09:00-09:03", "09:00-09:03", (3, False)),
        ("Mo 10:00-12:00,23:58-24:00", "23:58-24:00", (2, False)),
        ("09:00-12:00,12:01-18:00", "09:00-12:00,12:01-18:00", (1, True)),
        ("12:04-18:00,09:00-12:00", "12:04-18:00,09:00-12:00", (4, True)),
    ],
)
def test_a_few_minutes_are_doubtful(expression: str, spelled: str, expected: tuple[int, bool]) -> None:
    (one,) = found(expression)
    assert isinstance(one, Brief)
    assert (one.minutes, one.pause) == expected
    assert expression[one.start : one.end] == spelled


@pytest.mark.parametrize(
    ("expression", "spelled", "full"),
    [
        ("Mo-Fr 09:00-17:59", "17:59", "18:00"),
        ("00:00-23:59", "23:59", "24:00"),
        ("22:00-5:59", "5:59", "06:00"),
        ("22:00-29:59", "29:59", "30:00"),
        ("09:00-11:59,12:00-18:00", "11:59", "12:00"),
    ],
)
def test_the_last_minute_of_an_hour_is_doubtful_as_an_end(expression: str, spelled: str, full: str) -> None:
    (one,) = found(expression)
    assert isinstance(one, MinuteLost)
    assert (expression[one.start : one.end], one.last, one.full) == (spelled, spelled, full)


@pytest.mark.parametrize(
    ("expression", "timezone", "leap"),
    [
        ("02:15-02:45", "Europe/Berlin", "2026-03-29 02:00"),
        ("Su 02:00-03:00", "Europe/Berlin", "2026-03-29 02:00"),
        ("Sa 22:00-23:00; Mar 29 02:15-02:45", "Europe/Berlin", "2026-03-29 02:00"),
        ("2027 Mar 02:15-02:45", "America/New_York", "2027-03-14 02:00"),
        ("02:00-02:30", "Australia/Lord_Howe", "2026-10-04 02:00"),
        ("00:10-00:40", "Africa/Cairo", "2026-04-24 00:00"),
    ],
)
def test_hours_that_a_clock_leaps_over_are_doubtful(expression: str, timezone: str, leap: str) -> None:
    (one,) = found(expression, timezone)
    assert isinstance(one, Vanishing)
    assert f"{one.leap:%Y-%m-%d %H:%M}" == leap
    assert one.onto > one.leap


@pytest.mark.parametrize(
    ("expression", "timezone"),
    [
        ("02:15-02:45", "Asia/Tokyo"),
        ("Mo 02:15-02:45", "Europe/Berlin"),
        ("01:30-02:30", "Europe/Berlin"),
        ("02:30-03:30", "Europe/Berlin"),
        ("Jun 02:15-02:45", "Europe/Berlin"),
        ("00:00-04:00; 02:15-02:45 off", "Europe/Berlin"),
    ],
)
def test_hours_of_which_something_is_left_are_not(expression: str, timezone: str) -> None:
    assert found(expression, timezone) == []


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("24/7", True),
        ("Mo-Su", True),
        ("00:00-12:00,12:00-24:00", True),
        ("Mo-Fr 00:00-24:00; Sa-Su 00:00-24:00", True),
        ("12:00-36:00", True),
        ("24/7; Dec 24 off; 24/7", True),
        ("24/7, Dec 24 10:00-12:00", True),
        ("off", False),
        ("Mo-Fr off", False),
        ("Mo-Fr 09:00-18:00; off", False),
        ("Mo-Fr 09:00-18:00; 08:00-20:00 off", False),
        ("Dec 10:00-12:00; off", False),
        ("Dec 24 off; PH off", False),
        ("Mo-Fr 09:00-18:00", None),
        ("Mo-Fr 00:00-24:00; Sa 00:00-24:00", None),
        ("24/7; Dec 24 off", None),
        ("24/7; PH off", None),
        ("Dec 10:00-12:00", None),
        ("off; Dec 10:00-12:00", None),
    ],
)
def test_hours_that_never_change_are_known(expression: str, expected: bool | None) -> None:  # noqa: FBT001
    assert constant(expression) is expected
