"""What strangers send: no offer, no common codec, one caller too many, transfers, keys in another form, TCP."""

from pathlib import Path

import pytest

from callflow.engine.events import DigitPressed, LegEnded, Outcome
from callflow.speech.wav import write_tone
from tests.phones.phone import Phone, free_port
from tests.pjsip import sipp
from tests.port.served import Served

pytestmark = pytest.mark.skipif(not sipp.AVAILABLE, reason="sipp is not installed")

MENU = 'start { answer menu timeout 3s { play "long.wav" press 5 { wait 500ms hangup } } }'

FULL = 'agent anna "sip:a@127.0.0.1"\nagent boris "sip:b@127.0.0.1"\n' + MENU.replace(
    "press 5", "press 1 connect anna press 5"
)
"""With lines for two agents one caller takes all that the stock build has."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a scheme's folder with a tone for a prompt."""
    write_tone(tmp_path / "long.wav", 1_000, 3_000)
    return tmp_path


def assert_ran(folder: Path, elements: str, served: Served, **options: object) -> None:
    done = sipp.run(folder, elements, served.port, **options)  # type: ignore[arg-type]
    assert done.returncode == 0, sipp.told(folder, done)


def test_an_invite_without_an_offer_is_answered_with_ours_and_noted(folder: Path) -> None:
    answer = sipp.send("ACK", 1, sipp.SDP.format(media=sipp.PCMU), "Content-Type: application/sdp\n", retrans=False)
    elements = sipp.invite("") + sipp.PROVISIONAL + sipp.receive(200) + answer + sipp.pause(500) + sipp.BYE
    with Served(MENU, folder) as served:
        assert_ran(folder, elements, served)
        served.until_over()
        assert any("offers no media" in line for line in served.lines)


def test_a_caller_without_a_common_codec_gets_488_and_it_is_noted(folder: Path) -> None:
    elements = sipp.invite(sipp.UNKNOWN) + sipp.PROVISIONAL + sipp.receive(488) + sipp.ACK
    with Served(MENU, folder) as served:
        assert_ran(folder, elements, served)
        served.until_line("488")


def test_one_caller_too_many_gets_503_and_when_to_come_back(folder: Path) -> None:
    elements = sipp.invite() + sipp.PROVISIONAL + sipp.receive(503, check="Retry-After:") + sipp.ACK
    with Served(FULL, folder) as served, Phone() as first:
        first.dial(served.uri)
        first.wait_for("established")
        assert_ran(folder, elements, served, calls=5)
        served.until_line("no room")
        first.hangup()
        served.until_over()
        with Phone() as second:
            second.dial(served.uri)
            second.wait_for("established")
            second.hangup()
            served.until_over()


def test_callers_too_many_without_an_offer_are_refused_like_others(folder: Path) -> None:
    elements = sipp.invite("") + sipp.PROVISIONAL + sipp.receive(503, check="Retry-After:") + sipp.ACK
    with Served(FULL, folder) as served, Phone() as first:
        first.dial(served.uri)
        first.wait_for("established")
        assert_ran(folder, elements, served, calls=5, together=1)
        first.hangup()
        served.until_over()


def test_a_burst_of_callers_too_many_does_no_harm(folder: Path) -> None:
    """The library has 64 places for sockets and aborts when it needs one more."""
    busy = '<recv response="486" optional="true" next="1"/>\n'
    elements = sipp.invite() + sipp.PROVISIONAL + busy + sipp.receive(503) + '<label id="1"/>\n' + sipp.ACK
    write_tone(folder / "long.wav", 1_000, 20_000)
    with Served(FULL, folder) as served, Phone() as first:
        first.dial(served.uri)
        first.wait_for("established")
        assert_ran(folder, elements, served, calls=150, rate=400, together=50)
        first.press("5")
        served.until_over()


@pytest.mark.parametrize(
    "told",
    [
        sipp.respond("180 Ringing") + sipp.CANCELLED + sipp.respond("200 OK"),
        sipp.pause(2_500),
    ],
    ids=["as the ringing is stopped", "after nothing was heard of it"],
)
def test_an_agent_who_answers_too_late_is_hung_up(folder: Path, told: str) -> None:
    late = sipp.respond("200 OK", to_invite=True, media=sipp.PCMU) + sipp.ACKNOWLEDGED + sipp.HUNG_UP
    scheme = 'agent anna "sip:anna@127.0.0.1"\nstart { answer connect anna for 1s wait 3s hangup }'
    with (
        sipp.Agent(folder, sipp.INVITED + told + late, free_port()) as agent,
        Served(scheme, folder, {"anna": agent.uri}) as served,
        Phone() as caller,
    ):
        caller.dial(served.uri)
        journal = served.until_over()
    (ended,) = [entry.event for entry in journal if isinstance(entry.event, LegEnded)]
    assert ended.outcome is Outcome.CANCELLED


def test_a_transfer_that_a_stranger_asks_for_is_refused(folder: Path) -> None:
    refer = sipp.send("REFER", 2, more="Refer-To: <sip:premium@elsewhere.example>\n")
    elements = (
        sipp.invite() + sipp.PROVISIONAL + sipp.receive(200) + sipp.ACK + refer + sipp.receive(603) + sipp.pause(200)
    )
    with Served(MENU, folder) as served:
        assert_ran(folder, elements + sipp.BYE, served)
        served.until_over()


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [("application/dtmf-relay", "\nSignal=5\nDuration=160\n", 200), ("application/dtmf", "\n5\n", 500)],
)
def test_keys_in_info_are_taken_in_both_forms(folder: Path, kind: str, body: str, status: int) -> None:
    info = sipp.send("INFO", 2, body, f"Content-Type: {kind}\n")
    elements = sipp.invite() + sipp.PROVISIONAL + sipp.receive(200) + sipp.ACK + sipp.pause(300) + info
    hung_up = '<recv request="BYE"/>\n<send><![CDATA[\nSIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:]\n'
    hung_up += "[last_Call-ID:]\n[last_CSeq:]\nContent-Length: 0\n\n]]></send>\n"
    with Served(MENU, folder) as served:
        assert_ran(folder, elements + sipp.receive(status) + hung_up, served)
        journal = served.until_over()
    assert [entry.event.digit for entry in journal if isinstance(entry.event, DigitPressed)] == ["5"]


def test_calls_come_in_over_tcp_too(folder: Path) -> None:
    elements = sipp.invite() + sipp.PROVISIONAL + sipp.receive(200) + sipp.ACK + sipp.pause(300) + sipp.BYE
    with Served(MENU, folder) as served:
        assert_ran(folder, elements, served, transport="t1")
        served.until_over()


def test_a_caller_who_sends_no_sound_is_noted(folder: Path) -> None:
    write_tone(folder / "long.wav", 1_000, 7_000)
    elements = sipp.invite() + sipp.PROVISIONAL + sipp.receive(200) + sipp.ACK + sipp.pause(6_000) + sipp.BYE
    with Served(MENU, folder) as served:
        assert_ran(folder, elements, served)
        served.until_over()
        assert any("no sound has come from the caller" in line for line in served.lines)


def test_a_national_number_is_known_by_its_region(folder: Path) -> None:
    scheme = f'region DE\nnumber "030 1234567" goto direct\nstart {{ reject busy }}\nflow direct {MENU[6:]}'
    elements = sipp.invite() + sipp.PROVISIONAL + sipp.receive(200) + sipp.ACK + sipp.pause(300) + sipp.BYE
    elements = elements.replace("sip:line@", "sip:0301234567@")
    with Served(scheme, folder) as served:
        assert_ran(folder, elements, served)
        served.until_over()
