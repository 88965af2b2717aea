"""Shows that the test telephones do what tests ask of them: two of them call each other on the loopback."""

from __future__ import annotations

import math
import time
from array import array
from collections.abc import Callable
from pathlib import Path

import pytest

from .goertzel import heard, segments, tone_level
from .phone import Phone, available, free_port

CALLER_HZ = 440.0
CALLEE_HZ = 660.0

needs_stack = pytest.mark.skipif(not available(), reason="the SIP stack of the test telephones is not installed")


def until(condition: Callable[[], bool], timeout_s: float = 8.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def sine(hz: float, seconds: float) -> array[int]:
    return array("h", (int(8000 * math.sin(2 * math.pi * hz * n / 8000)) for n in range(int(seconds * 8000))))


def test_goertzel_tells_tones_apart() -> None:
    assert tone_level(sine(440, 1), 440) > 0.99
    assert tone_level(sine(440, 1), 660) < 0.01
    assert tone_level(array("h", [0] * 8000), 440) == 0
    both = array("h", (a + b for a, b in zip(sine(440, 1), sine(660, 1), strict=True)))
    assert 0.45 < tone_level(both, 660) < 0.55


@needs_stack
def test_both_ends_hear_each_other(tmp_path: Path) -> None:
    at_caller, at_callee = tmp_path / "caller.wav", tmp_path / "callee.wav"
    with (
        Phone(tone_hz=CALLEE_HZ, record=at_callee, answer_after_ms=100, user="agent") as callee,
        Phone(tone_hz=CALLER_HZ, record=at_caller, user="+38511234567") as caller,
    ):
        caller.dial(callee.uri)
        told = callee.wait_for("incoming")
        assert "+38511234567@127.0.0.1" in told["from"]
        assert "agent@127.0.0.1" in told["to"]
        ringing = caller.wait_for("ringing")
        established = caller.wait_for("established")
        assert established["t"] - ringing["t"] > 0.09
        callee.wait_for("established")
        until(lambda: heard(at_caller, CALLEE_HZ) and heard(at_callee, CALLER_HZ))
        caller.hangup()
        assert callee.wait_for("closed")["by"] == "remote"
        assert caller.wait_for("closed")["by"] == "local"
    assert not heard(at_caller, CALLER_HZ)
    assert not heard(at_callee, CALLEE_HZ)
    assert sum(end - start for start, end in segments(at_caller, CALLEE_HZ)) >= 0.3
    assert tone_level(at_callee, CALLER_HZ) > 0.8


@needs_stack
@pytest.mark.parametrize("way", ["rtpevent", "info"])
def test_digits_arrive(way: str) -> None:
    with Phone(answer_after_ms=0) as callee, Phone(dtmf="info" if way == "info" else "rtpevent") as caller:
        caller.dial(callee.uri)
        caller.wait_for("media")
        callee.wait_for("media")
        caller.press("12#")
        assert [callee.wait_for("dtmf")["digit"] for _ in range(3)] == ["1", "2", "#"]
        callee.hangup()
        assert caller.wait_for("closed")["by"] == "remote"


@needs_stack
def test_refusals_show_their_status() -> None:
    with Phone(reject=486) as callee, Phone() as caller:
        for status in (486, 603, 480, 408):
            callee.behave(reject=status)
            caller.dial(callee.uri)
            closed = caller.wait_for("closed")
            assert (closed["status"], closed["by"]) == (status, "remote")
            assert callee.wait_for("closed")["by"] == "local"


@needs_stack
def test_a_call_that_nobody_answers_can_be_given_up() -> None:
    with Phone(ring_forever=True) as callee, Phone() as caller:
        caller.dial(callee.uri)
        callee.wait_for("incoming")
        caller.wait_for("ringing")
        with pytest.raises(AssertionError, match="waiting for established: not within"):
            caller.wait_for("established", timeout_s=0.3)
        caller.hangup()
        assert callee.wait_for("closed")["by"] == "remote"
        caller.dial(callee.uri)
        callee.wait_for("incoming")
        callee.answer()
        caller.wait_for("established")


@needs_stack
def test_hold_is_seen_and_silences(tmp_path: Path) -> None:
    path = tmp_path / "held.wav"
    with Phone(answer_after_ms=0, record=path) as callee, Phone(tone_hz=CALLER_HZ) as caller:
        caller.dial(callee.uri)
        until(lambda: heard(path, CALLER_HZ))
        caller.hold()
        callee.wait_for("remote_hold")
        time.sleep(1.0)
        caller.resume()
        callee.wait_for("remote_resume")
        until(lambda: len(found := segments(path, CALLER_HZ)) > 1 and found[-1][0] - found[-2][1] > 0.4)


@needs_stack
def test_a_telephone_answers_for_every_name_and_shows_the_wire() -> None:
    with Phone(answer_after_ms=0, trace=True) as callee, Phone() as caller:
        caller.dial(f"sip:42@127.0.0.1:{callee.port}", headers={"Diversion": "<sip:+38511@example.com>"})
        assert callee.wait_for("incoming")["headers"] == {"diversion": "<sip:+38511@example.com>"}
        caller.wait_for("established")
        with Phone() as another:
            another.dial(callee.uri)
            assert another.wait_for("closed")["status"] == 486
        invites = [told for told in callee.seen("sip") if "\nINVITE sip:" in told["text"]]
        assert len(invites) == 2
        assert len(callee.seen("incoming")) == 1


@needs_stack
def test_a_telephone_ends_by_itself() -> None:
    phone = Phone(max_life_s=0.3)
    try:
        phone._process.wait(5.0)
        with pytest.raises(AssertionError, match="the telephone ended"):
            phone.wait_for("established")
    finally:
        phone.close()
        phone.close()


def test_a_free_port_is_a_port() -> None:
    assert 1024 <= free_port() <= 65535
