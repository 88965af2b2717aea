"""Callers handed over to another address (REFER): taken, refused, never told, or gone meanwhile; nothing aborts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from callflow.engine.effects import HangUp, Play
from callflow.engine.events import CallerHungUp, CallOffered, TransferEnded
from callflow.runner.journal import Entry
from callflow.speech.wav import write_tone
from tests.phones.goertzel import heard
from tests.phones.phone import Phone
from tests.pjsip import sipp
from tests.port.served import Served

SCHEME = 'start {{ answer wait 300ms transfer "{uri}" play "after.wav" hangup }}'
AFTER_HZ = 1_500

NEEDS_SIPP = pytest.mark.skipif(not sipp.AVAILABLE, reason="sipp is not installed")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a scheme's folder with what a caller hears who was not taken."""
    write_tone(tmp_path / "after.wav", AFTER_HZ, 800)
    return tmp_path


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a server whose callers are handed over to somebody that only sipp knows."""
    folder = tmp_path_factory.mktemp("shared")
    write_tone(folder / "after.wav", AFTER_HZ, 300)
    with Served(SCHEME.format(uri="sip:other@127.0.0.1:9"), folder) as served:
        yield served


def call_of(served: Served) -> tuple[Entry, ...]:
    """Return the journal of the call that ends next, or ended last, without those before it."""
    journal = served.until_over()
    begun = max(number for number, entry in enumerate(journal) if isinstance(entry.event, CallOffered))
    return journal[begun:]


def ended(journal: tuple[Entry, ...]) -> TransferEnded:
    (event,) = [entry.event for entry in journal if isinstance(entry.event, TransferEnded)]
    return event


def plays(journal: tuple[Entry, ...]) -> bool:
    return any(isinstance(effect, Play) for entry in journal for effect in entry.effects)


def test_a_phone_that_is_handed_over_talks_to_the_other_and_our_leg_ends(folder: Path) -> None:
    with (
        Phone(answer_after_ms=100, tone_hz=660) as other,
        Served(SCHEME.format(uri=other.uri), folder) as served,
        Phone(transfer="take", record=folder / "heard.wav") as caller,
    ):
        caller.dial(served.uri)
        other.wait_for("established", 10)
        journal = served.until_over()
        caller.wait_for("closed")
        assert not other.seen("closed")
    assert ended(journal).taken
    assert not plays(journal)


@pytest.mark.parametrize("reject", [486, 603])
def test_a_call_that_the_other_does_not_answer_goes_on_with_us(folder: Path, reject: int) -> None:
    with (
        Phone(reject=reject) as other,
        Served(SCHEME.format(uri=other.uri), folder) as served,
        Phone(transfer="take", record=folder / "heard.wav") as caller,
    ):
        caller.dial(served.uri)
        journal = served.until_over()
    assert (ended(journal).taken, ended(journal).code) == (False, reject)
    assert plays(journal)


def test_a_phone_that_refuses_to_be_handed_over_hears_what_follows(folder: Path) -> None:
    with (
        Served(SCHEME.format(uri="sip:other@127.0.0.1:9"), folder) as served,
        Phone(transfer="refuse", record=folder / "heard.wav") as caller,
    ):
        caller.dial(served.uri)
        journal = served.until_over()
    assert (ended(journal).taken, ended(journal).code) == (False, 603)
    assert heard(folder / "heard.wav", AFTER_HZ, 0.5)


REFERRED = (
    '<recv request="REFER"><action><ereg regexp="sip:other.*" search_in="hdr" header="Refer-To:" check_it="true" '
    'assign_to="to"/></action></recv>\n<Reference variables="to"/>\n'
)
CALL = sipp.invite() + sipp.PROVISIONAL + sipp.receive(200) + sipp.ACK
ACCEPTED = REFERRED + sipp.respond("202 Accepted", tag=False)


def notify(number: int, fragment: str, state: str) -> str:
    """Return the element that tells how a transfer goes."""
    more = f"Event: refer\nSubscription-State: {state}\n"
    if fragment:
        more += "Content-Type: message/sipfrag;version=2.0\n"
    return sipp.send("NOTIFY", number, f"\n{fragment}\n" if fragment else "", more)


OVER = "terminated;reason=noresource"
UNSUBSCRIBED = '<recv request="SUBSCRIBE"/>\n' + sipp.respond("200 OK", tag=False)
TRYING = notify(2, "SIP/2.0 100 Trying", "active;expires=60") + sipp.receive(200)


@NEEDS_SIPP
@pytest.mark.parametrize(
    ("elements", "taken", "code"),
    [
        (TRYING + notify(3, "SIP/2.0 200 OK", OVER) + sipp.receive(200), True, 200),
        (TRYING + notify(3, "SIP/2.0 200 OK", "active;expires=60") + sipp.receive(200) + UNSUBSCRIBED, True, 200),
        (notify(2, "SIP/2.0 486 Busy Here", OVER) + sipp.receive(200), False, 486),
        (notify(2, "SIP/2.0 503 Service Unavailable", OVER) + sipp.receive(200), False, 503),
    ],
    ids=["taken", "taken, and told on", "busy", "unavailable"],
)
def test_what_the_far_end_tells_is_the_outcome(
    shared: Served, folder: Path, elements: str, *, taken: bool, code: int
) -> None:
    done = sipp.run(folder, CALL + ACCEPTED + elements + sipp.HUNG_UP, shared.port)
    assert done.returncode == 0, sipp.told(folder, done)
    journal = call_of(shared)
    assert (ended(journal).taken, ended(journal).code) == (taken, code)
    assert plays(journal) is not taken


@NEEDS_SIPP
@pytest.mark.parametrize("status", ["603 Decline", "405 Method Not Allowed", "401 Unauthorized", "501 Not Implemented"])
def test_a_far_end_that_knows_no_transfers_keeps_the_call(shared: Served, folder: Path, status: str) -> None:
    elements = CALL + REFERRED + sipp.respond(status, tag=False) + sipp.HUNG_UP
    done = sipp.run(folder, elements, shared.port)
    assert done.returncode == 0, sipp.told(folder, done)
    journal = call_of(shared)
    assert (ended(journal).taken, ended(journal).code) == (False, int(status[:3]))
    assert plays(journal)


LATE = notify(10, "SIP/2.0 200 OK", OVER) + sipp.receive(200)


@NEEDS_SIPP
@pytest.mark.parametrize(
    "elements",
    [
        ACCEPTED + sipp.BYE,
        ACCEPTED + sipp.BYE + LATE,
        ACCEPTED + notify(2, "", OVER) + sipp.receive(200) + sipp.BYE + LATE,
        ACCEPTED + notify(2, "nonsense", "active") + sipp.receive(200) + sipp.BYE,
        REFERRED + sipp.BYE,
        REFERRED + sipp.BYE + LATE.replace("receive(200)", "receive(481)"),
    ],
    ids=["accepted", "told later", "told nothing", "told nonsense", "not answered", "not answered, told later"],
)
def test_a_caller_who_is_gone_meanwhile_is_no_harm(shared: Served, folder: Path, elements: str) -> None:
    sipp.run(folder, CALL + elements, shared.port)
    journal = call_of(shared)
    assert any(isinstance(entry.event, CallerHungUp) for entry in journal)
    assert not ended(journal).taken
    with Phone(transfer="refuse") as next_caller:
        next_caller.dial(shared.uri)
        later = call_of(shared)
    assert any(isinstance(effect, HangUp) for entry in later for effect in entry.effects)


def test_a_number_is_left_to_the_callers_network_and_nonsense_to_nobody(folder: Path) -> None:
    scheme = (
        'start { answer transfer "tel:+4930123456" set who = "sip:a b@c" transfer "{who}" play "after.wav" hangup }'
    )
    with (
        Served(scheme, folder) as served,
        Phone(transfer="refuse", trace=True) as caller,
    ):
        caller.dial(served.uri)
        journal = served.until_over()
        refers = [told["text"] for told in caller.seen("sip") if "\nREFER " in told["text"]]
        assert any("nobody can be handed over" in line for line in served.lines)
    codes = [entry.event.code for entry in journal if isinstance(entry.event, TransferEnded)]
    assert codes == [603, 0]
    assert "Refer-To: tel:+4930123456\r\n" in refers[0].replace("<", "").replace(">", "")
