"""Names of time zones and regions: which there are, and which one was meant."""

import pytest

from callflow.almanac.hours import known_region, known_timezone, near_regions, near_timezones


@pytest.mark.parametrize("name", ["Europe/Berlin", "America/Argentina/Buenos_Aires", "UTC", "Etc/GMT+3"])
def test_iana_names_are_known(name: str) -> None:
    assert known_timezone(name)


@pytest.mark.parametrize("name", ["", "Berlin", "europe/berlin", "+03:00", "Europe/Munich", "../../etc/passwd"])
def test_other_names_are_not(name: str) -> None:
    assert not known_timezone(name)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Europe/Berln", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("Europe/Moskow", "Europe/Moscow"),
        ("Asia/Moscow", "Europe/Moscow"),
    ],
)
def test_the_time_zone_that_was_meant_is_offered(name: str, near: str) -> None:
    assert near in near_timezones(name)


def test_a_name_like_no_other_offers_nothing() -> None:
    assert near_timezones("") == []
    assert near_timezones("xyzzy") == []
    assert near_regions("") == []
    assert near_regions("XYZZY") == []


@pytest.mark.parametrize("code", ["DE", "RU", "DE-BY", "US-CA", "GB-ENG", "XK"])
def test_iso_codes_are_known(code: str) -> None:
    assert known_region(code)


@pytest.mark.parametrize("code", ["", "de", "DEU", "UK", "DE-", "DE-XX", "-BY", "DE-BY-", "Germany"])
def test_other_codes_are_not(code: str) -> None:
    assert not known_region(code)


@pytest.mark.parametrize(
    ("code", "near"),
    [("UK", "GB"), ("de", "DE"), ("DEU", "DE"), ("Germany", "DE"), ("Russia", "RU"), ("DE-BV", "DE-BY"),
     ("de_by", "DE-BY"), ("DE-XYZ", "DE")],
)  # fmt: skip
def test_the_region_that_was_meant_is_offered(code: str, near: str) -> None:
    assert near in near_regions(code)
