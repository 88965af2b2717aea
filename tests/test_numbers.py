"""Phone numbers: what becomes E.164 and what is left alone."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callflow.numbers import country_of, is_e164_shape, is_pattern, normalise


@pytest.mark.parametrize(
    ("raw", "region", "expected"),
    [
        # international ones, however they are grouped
        ("+74950000000", "", "+74950000000"),
        (" +7 495 000-00-00 ", "", "+74950000000"),
        ("+7 (495) 000.00.00", "RU", "+74950000000"),
        ("+49/30/1234567", "US", "+49301234567"),
        ("+49\u00a030\u20111234567\u202c", "", "+49301234567"),
        ("+49 (0)30 1234567", "", "+49301234567"),
        ("+39 (0)6 1234567", "", "+39061234567"),
        # national ones of the region
        ("8 (495) 000-00-00", "RU", "+74950000000"),
        ("84950000000", "RU", "+74950000000"),
        ("74950000000", "RU", "+74950000000"),
        ("030 1234567", "DE", "+49301234567"),
        ("030/123 45 67", "DE-BY", "+49301234567"),
        ("(212) 555-0100", "US", "+12125550100"),
        ("1-212-555-0100", "US-NY", "+12125550100"),
        ("06 1234 5678", "IT", "+390612345678"),
        # dialled abroad from the region
        ("0049 30 1234567", "DE", "+49301234567"),
        ("011 49 30 1234567", "US", "+49301234567"),
        ("8 10 49 30 1234567", "RU", "+49301234567"),
        # `00` without a region: only where somebody can have the number
        ("0049 30 1234567", "", "+49301234567"),
        ("001149301234567", "", "001149301234567"),
        ("00000000", "", "00000000"),
        # a national number of nowhere
        ("030 1234567", "", "030 1234567"),
        ("030 1234567", "XX", "030 1234567"),
        ("555-0100", "US", "555-0100"),
        # extensions and services
        ("101", "DE", "101"),
        (" 1000 ", "DE", "1000"),
        ("112", "DE", "112"),
        ("123456", "DE", "123456"),
        ("*31#", "DE", "*31#"),
        # no numbers
        ("", "", ""),
        ("  ", "DE", ""),
        ("anonymous", "DE", "anonymous"),
        (" bob ", "", "bob"),
        ("bob.smith-2", "DE", "bob.smith-2"),
        ("2bob4567890", "DE", "2bob4567890"),
        ("sip:101@pbx.example", "DE", "sip:101@pbx.example"),
        ("+0301234567", "", "+0301234567"),
        ("+123456", "", "+123456"),
        ("+1234567890123456", "", "+1234567890123456"),
        ("+", "DE", "+"),
        ("٠٣٠١٢٣٤٥٦٧", "DE", "٠٣٠١٢٣٤٥٦٧"),
        # patterns lose what groups their digits
        ("+49 17*", "", "+4917*"),
        ("+49 (30) ???-????", "", "+4930???????"),
    ],
)
def test_numbers_become_e164_and_everything_else_stays(raw: str, region: str, expected: str) -> None:
    assert normalise(raw, region) == expected


@pytest.mark.parametrize("text", ["+1234567", "+74950000000", "+123456789012345"])
def test_e164_is_a_plus_and_7_to_15_digits(text: str) -> None:
    assert is_e164_shape(text)


@pytest.mark.parametrize(
    "text", ["", "+", "+123456", "+1234567890123456", "+0123456789", "74950000000", "+7 4950000000", "+7495000000a",
             "+74950000000\n", "+٧٤٩٥٠٠٠٠٠٠٠"]
)  # fmt: skip
def test_nothing_else_is_e164(text: str) -> None:
    assert not is_e164_shape(text)


@pytest.mark.parametrize("text", ["+4917*", "+49 17*", "*", "10?", "+*"])
def test_digits_with_a_wildcard_are_a_pattern(text: str) -> None:
    assert is_pattern(text)


@pytest.mark.parametrize("text", ["", "+4917", "101", "bob*", "*31#", "+", "1+*"])
def test_nothing_else_is_a_pattern(text: str) -> None:
    assert not is_pattern(text)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.text("+0123456789 -()./*#ab", max_size=20), st.sampled_from(["", "DE", "RU", "US", "IT", "DE-BY", "XX"]))
def test_what_was_normalised_stays_as_it_is(raw: str, region: str) -> None:
    once = normalise(raw, region)
    assert normalise(once, region) == once


def test_the_numbering_plans_are_imported_for_national_numbers_only() -> None:
    program = (
        "import sys\nfrom callflow.numbers import normalise\n"
        "normalise('+7 495 000-00-00', 'RU'), normalise('101', 'RU'), normalise('bob')\n"
        "assert 'phonenumbers' not in sys.modules\n"
        "normalise('8 495 000-00-00', 'RU')\n"
        "assert 'phonenumbers' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+49301234567", "DE"),
        ("+12024561111", "US"),
        ("+16044561111", "CA"),
        ("+38511234567", "HR"),
        ("+442079460000", "GB"),
        ("+80012345678", ""),
        ("+888123456789", ""),
        ("+49", ""),
        ("030123456", ""),
        ("anonymous", ""),
        ("", ""),
    ],
)
def test_the_country_of_a_number(number: str, country: str) -> None:
    assert country_of(number) == country
