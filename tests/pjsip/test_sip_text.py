"""What is read from an INVITE, and what is written into one: nothing of a stranger's gets out of its place."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflow.pjsip.sip import HEADERS_MAX, Shown, read_request, shown_as, shown_instead, to_refer


def request(*headers: str) -> str:
    """Return an INVITE with headers."""
    lines = ["INVITE sip:line@127.0.0.1 SIP/2.0", "From: <sip:+49301234567@a.example>;tag=1", *headers]
    return "\r\n".join([*lines, "", "v=0"])


@pytest.mark.parametrize(
    ("headers", "number"),
    [
        ((), ""),
        (("Diversion: <sip:+4930111111@pbx.example>;reason=busy",), "+4930111111"),
        (("Diversion: <tel:+4930111111>;counter=1", "Diversion: <tel:+4930222222>;counter=2"), "+4930111111"),
        (('diversion: "Büro, vorn" <sip:030-111111@x>, <sip:2@x>',), "030111111"),
        (("Diversion: <sip:+4930111111@x>;reason=unknown;privacy=full",), ""),
        (("History-Info: <sip:+4930111111@x>;index=1, <sip:line@x;cause=302>;index=1.1",), "+4930111111"),
        (("History-Info: <sip:1@x>;index=1", "History-Info: <sip:2@x>;index=1.1,<sip:3@x>;index=1.1.1"), "2"),
        (("History-Info: <sip:line@x>;index=1",), ""),
        (("History-Info: <sip:1@x?Privacy=history>;index=1, <sip:line@x>;index=1.1",), ""),
        (("Diversion: nonsense", "History-Info: ,,,"), ""),
    ],
)
def test_who_diverted_a_call(headers: tuple[str, ...], number: str) -> None:
    assert read_request(request(*headers)).diverted_from == number


@pytest.mark.parametrize(
    ("headers", "hidden"),
    [
        ((), False),
        (("Privacy: none",), False),
        (("Privacy: session;critical",), False),
        (("Privacy: id",), True),
        (("privacy: header; USER ;critical",), True),
    ],
)
def test_a_caller_who_does_not_want_to_be_known_is_not(headers: tuple[str, ...], *, hidden: bool) -> None:
    asserted = 'P-Asserted-Identity: "Eve" <sip:+4930777@a.example>'
    for trusted, number in ((True, "+4930777"), (False, "+49301234567")):
        read = read_request(request(asserted, *headers), trusted=trusted)
        assert (read.caller, bool(read.caller_name)) == (("", False) if hidden else (number, trusted))


@pytest.mark.parametrize(
    "address",
    [
        '"Anonymous" <sip:anonymous@anonymous.invalid>',
        "<sip:x@ANONYMOUS.invalid;user=phone>",
        "sip:Anonymous@a.example",
    ],
)
def test_anonymous_is_nobodys_name(address: str) -> None:
    message = f"INVITE sip:line@127.0.0.1 SIP/2.0\r\nFrom: {address};tag=1\r\n\r\n"
    assert (read_request(message).caller, read_request(message).caller_name) == ("", "")


def test_headers_of_the_operators_own_network() -> None:
    read = read_request(
        request("X-Customer:  4711 ", "x-tier: gold\r\n  and more", "X-Bad\x07: 1", "Subject: no", "X-: 2")
    )
    assert read.headers == {"x-customer": "4711", "x-tier": "gold and more"}
    assert len(read_request(request(*(f"X-H{number}: 1" for number in range(50)))).headers) == HEADERS_MAX


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("+49 (30) 123-45.67", Shown("<sip:+49301234567@h>", "<sip:+49301234567@h>")),
        ("*21#", Shown("<sip:*21%23@h>", "<sip:*21%23@h>")),
        ("Acme Sales", Shown('"Acme Sales" <sip:+38511@h>')),
        ("Büro", Shown('"Büro" <sip:+38511@h>')),
        ('a"\\b\r\nVia: x<y>', Shown('"abVia: xy" <sip:+38511@h>')),
        ('"<>\\', Shown("<sip:+38511@h>")),
        ("x" * 500, Shown(f'"{"x" * 64}" <sip:+38511@h>')),
    ],
)
def test_what_a_phone_shows(shown: str, expected: Shown) -> None:
    assert shown_instead(shown, "+38511", "callflow", "h") == expected


def test_a_caller_who_cannot_be_written_shows_as_the_line() -> None:
    assert shown_instead("Acme", "<evil>", "callflow", "h") == Shown('"Acme" <sip:callflow@h>')
    assert shown_as("<evil>", "Eve", "h") == Shown("")
    assert shown_as("+38511", 'E"ve\r\nX: y', "h") == Shown('"EveX: y" <sip:+38511@h>')


@given(st.text(), st.text())
def test_whatever_is_shown_it_stays_one_address(shown: str, caller: str) -> None:
    for made in (shown_instead(shown, caller, "callflow", "h"), shown_as(caller, shown, "h")):
        for text in (made.address, made.asserted):
            assert text == "" or re.fullmatch(r'("[^"\\<>\r\n]*" )?<sip:[A-Za-z0-9+._*%\-]{1,192}@h>', text)
            assert text.isprintable()


@pytest.mark.parametrize(
    ("uri", "trunk", "refer"),
    [
        ("sip:bob@pbx.example", "", "sip:bob@pbx.example"),
        ("tel:+49 30 123", "", "tel:+4930123"),
        ("+4930123", "sip:gw.example", "sip:+4930123@gw.example"),
        ("tel:+4930123", "sip:gw.example", "sip:+4930123@gw.example"),
        ("sip:a b@x", "", None),
        ("sip:a@x?Replaces=1", "", None),
        ("sip:a@x>\r\nX: y", "", None),
        ("bob", "", None),
        ("", "", None),
    ],
)
def test_whom_a_caller_may_be_handed_over_to(uri: str, trunk: str, refer: str | None) -> None:
    assert to_refer(uri, trunk) == refer
