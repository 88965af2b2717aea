"""Agents who hand the caller over from their phones (REFER): to whom they like, after asking, in vain, never."""

import time
from pathlib import Path

import pytest

from callflow.engine.effects import Bridge
from callflow.engine.events import LegEnded, Outcome
from callflow.pjsip.sip import may_be_called
from callflow.runner.journal import Entry
from callflow.speech.wav import write_tone
from tests.phones.goertzel import heard, segments
from tests.phones.phone import Phone, free_port
from tests.pjsip import sipp
from tests.port.served import Served

CALLER_HZ, ANNA_HZ, CAROL_HZ, AFTER_HZ = 440, 660, 880, 1_500
SCHEME = (
    'agent anna "sip:anna@127.0.0.1"\nstart { answer connect anna for 5s { answered { play "after.wav" hangup } } }'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a scheme's folder with what a caller hears in the end."""
    write_tone(tmp_path / "after.wav", AFTER_HZ, 500)
    return tmp_path


def endings(journal: tuple[Entry, ...]) -> list[LegEnded]:
    return [entry.event for entry in journal if isinstance(entry.event, LegEnded)]


@pytest.mark.parametrize("asks", [False, True], ids=["blind", "after asking"])
def test_the_caller_goes_on_with_whom_the_agent_names(folder: Path, *, asks: bool) -> None:
    with (
        Phone(tone_hz=CAROL_HZ, answer_after_ms=600, record=folder / "carol.wav", transfer="take") as carol,
        Phone(tone_hz=ANNA_HZ, answer_after_ms=100, transfer="take") as anna,
        Served(SCHEME, folder, {"anna": anna.uri}, agents_transfer=True) as served,
        Phone(tone_hz=CALLER_HZ, record=folder / "caller.wav") as caller,
    ):
        caller.dial(served.uri)
        served.until_line("talks with anna")
        time.sleep(0.5)
        if asks:
            anna.consult(carol.uri)
            anna.hand_over()
        else:
            anna.hand_over(carol.uri)
        served.until_line("anna handed the caller over")
        anna.wait_for("handed_over")
        anna.wait_for("closed")
        time.sleep(1)
        assert not carol.seen("closed") or asks
        carol.hangup()
        journal = served.until_over()
    (ended,) = endings(journal)
    assert ended.outcome is Outcome.HUNG_UP
    assert heard(folder / "caller.wav", CAROL_HZ, 0.5)
    assert heard(folder / "caller.wav", AFTER_HZ, 0.3)
    assert heard(folder / "carol.wav", CALLER_HZ, 0.5)
    anna_spoke, carol_spoke = (segments(folder / "caller.wav", hz) for hz in (ANNA_HZ, CAROL_HZ))
    assert anna_spoke[-1][1] <= carol_spoke[0][0] + 0.1


def test_an_agent_who_handed_over_is_free_for_the_next_caller(folder: Path) -> None:
    with (
        Phone(answer_after_ms=100) as carol,
        Phone(answer_after_ms=100) as anna,
        Served(SCHEME, folder, {"anna": anna.uri}, agents_transfer=True) as served,
        Phone() as first,
        Phone() as second,
    ):
        first.dial(served.uri)
        served.until_line("talks with anna")
        time.sleep(0.3)
        anna.hand_over(carol.uri)
        served.until_line("anna handed the caller over")
        anna.wait_for("closed")
        second.dial(served.uri)
        served.until_line("calls anna")
        first.hangup()
        served.until_over()
        served.until_line("talks with anna")
        second.hangup()
        served.until_over()


@pytest.mark.parametrize("reject", [486, 603])
def test_whom_nobody_takes_stays_with_the_agent_who_may_try_again(folder: Path, reject: int) -> None:
    with (
        Phone(reject=reject) as carol,
        Phone(tone_hz=ANNA_HZ, answer_after_ms=100) as anna,
        Served(SCHEME, folder, {"anna": anna.uri}, agents_transfer=True) as served,
        Phone(record=folder / "caller.wav") as caller,
    ):
        caller.dial(served.uri)
        served.until_line("talks with anna")
        for _ in range(2):
            time.sleep(0.3)
            anna.hand_over(carol.uri)
            served.until_line(f"the caller stays with anna: {reject}")
            anna.wait_for("not_handed_over")
        time.sleep(0.7)
        anna.hangup()
        journal = served.until_over()
    assert [event.outcome for event in endings(journal)] == [Outcome.HUNG_UP]
    assert segments(folder / "caller.wav", ANNA_HZ)[-1][1] - segments(folder / "caller.wav", ANNA_HZ)[0][0] > 0.5


@pytest.mark.parametrize("who", ["caller", "next"])
def test_who_hangs_up_while_the_next_phone_rings(folder: Path, who: str) -> None:
    with (
        Phone(ring_forever=True) as carol,
        Phone(answer_after_ms=100) as anna,
        Served(SCHEME, folder, {"anna": anna.uri}, agents_transfer=True) as served,
        Phone(record=folder / "caller.wav") as caller,
    ):
        caller.dial(served.uri)
        served.until_line("talks with anna")
        time.sleep(0.3)
        anna.hand_over(carol.uri)
        carol.wait_for("incoming")
        if who == "caller":
            time.sleep(1)
            caller.hangup()
            carol.wait_for("closed")
        else:
            carol.reject_call(486)
            served.until_line("the caller stays with anna")
            anna.hangup()
        journal = served.until_over()
    (ended,) = endings(journal)
    assert ended.outcome is (Outcome.CANCELLED if who == "caller" else Outcome.HUNG_UP)


def refer(uri: str) -> str:
    """Return the element with which an agent's phone hands the caller over."""
    return (
        "<send><![CDATA[\nREFER [next_url] SIP/2.0\nVia: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]\n"
        "From: <sip:agent@[local_ip]:[local_port]>;tag=[pid]agent\nTo:[$to]\n[last_Call-ID:]\nCSeq: 7 REFER\n"
        f"Contact: <sip:agent@[local_ip]:[local_port]>\nMax-Forwards: 70\nRefer-To: {uri}\nContent-Length: 0\n\n"
        "]]></send>\n"
    )


REMOTE = '<action><ereg regexp=".*" search_in="hdr" header="From:" assign_to="to"/></action>'
TAKEN = (
    sipp.INVITED.replace('request="INVITE"', 'request="INVITE" rrs="true"')
    + sipp.respond("200 OK", to_invite=True, media=sipp.PCMU)
    + sipp.ACKNOWLEDGED.replace("/>", f">{REMOTE}</recv>")
    + sipp.pause(500)
)


@pytest.mark.skipif(not sipp.AVAILABLE, reason="sipp is not installed")
@pytest.mark.parametrize(
    ("may", "uri"),
    [
        (False, "<sip:carol@127.0.0.1:9>"),
        (True, "<sip:carol@127.0.0.1:9?Route=%3Csip:evil%3E>"),
    ],
)
def test_what_an_agent_may_not_is_refused_and_the_call_goes_on(folder: Path, uri: str, *, may: bool) -> None:
    elements = TAKEN + refer(uri) + '<recv response="603"/>' + sipp.HUNG_UP
    with (
        sipp.Agent(folder, elements, free_port()) as agent,
        Served(SCHEME, folder, {"anna": agent.uri}, agents_transfer=may) as served,
        Phone() as caller,
    ):
        caller.dial(served.uri)
        served.until_line("talks with anna")
        served.until_line("refused a transfer")
        caller.hangup()
        journal = served.until_over()
    assert sum(isinstance(one, Bridge) for entry in journal for one in entry.effects) == 1


@pytest.mark.skipif(not sipp.AVAILABLE, reason="sipp is not installed")
def test_an_agent_who_hangs_up_at_once_leaves_the_caller_to_the_other(folder: Path) -> None:
    bye = refer("").replace("REFER", "BYE").replace("CSeq: 7", "CSeq: 8").replace("Refer-To: \n", "")
    notify = '<recv request="NOTIFY"/>\n' + sipp.respond("200 OK", tag=False)
    with Phone(answer_after_ms=1_000, tone_hz=CAROL_HZ) as carol:
        elements = TAKEN + refer(f"<{carol.uri}>") + '<recv response="202"/>' + notify + bye + '<recv response="200"/>'
        with (
            sipp.Agent(folder, elements, free_port(), answers_news=True) as agent,
            Served(SCHEME, folder, {"anna": agent.uri}, agents_transfer=True) as served,
            Phone(record=folder / "caller.wav") as caller,
        ):
            caller.dial(served.uri)
            served.until_line("anna handed the caller over")
            time.sleep(1)
            carol.hangup()
            journal = served.until_over()
    assert [event.outcome for event in endings(journal)] == [Outcome.HUNG_UP]
    assert heard(folder / "caller.wav", CAROL_HZ, 0.5)
    assert heard(folder / "caller.wav", AFTER_HZ, 0.3)


@pytest.mark.skipif(not sipp.AVAILABLE, reason="sipp is not installed")
def test_whom_the_library_cannot_call_stays_with_the_agent(folder: Path) -> None:
    notified = '<recv request="NOTIFY"/>\n' + sipp.respond("200 OK", tag=False)
    elements = TAKEN + refer("<sip:carol@127.0.0.1:99999>") + '<recv response="202"/>' + 2 * notified + sipp.HUNG_UP
    with (
        sipp.Agent(folder, elements, free_port()) as agent,
        Served(SCHEME, folder, {"anna": agent.uri}, agents_transfer=True) as served,
        Phone() as caller,
    ):
        caller.dial(served.uri)
        served.until_line("the caller stays with anna: 0 cannot be called")
        caller.hangup()
        (ended,) = endings(served.until_over())
    assert ended.outcome is Outcome.CANCELLED


@pytest.mark.parametrize(
    ("refer_to", "fit"),
    [
        ("<sip:carol@pbx.example>", True),
        ("sip:102@10.0.0.7:5070;transport=tcp", True),
        ('"Carol" <sip:carol@pbx.example?Replaces=abc%40pbx%3Bto-tag%3D1%3Bfrom-tag%3D2>', True),
        ("<sip:carol@pbx.example?Replaces=a&Route=b>", False),
        ("<sip:carol@pbx.example?Subject=x>", False),
        ("<sip:102@h:5060>", False),
        ("<sip:102@H>", False),
        ("<sips:carol@pbx.example>", False),
        ("<tel:+4930>", False),
        ("<sip:pbx.example>", False),
        ("<sip:carol@pbx.example", False),
        ("sip:carol@pbx.example\r\nX: y", False),
        ("", False),
    ],
)
def test_whom_an_agent_may_have_called(refer_to: str, *, fit: bool) -> None:
    assert may_be_called(refer_to, "h:5060") is fit
