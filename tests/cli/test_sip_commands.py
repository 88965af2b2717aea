"""The commands that speak SIP, as a user runs them: whole processes on loopback."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from callflow.speech.wav import inspect, write_tone
from tests.phones.phone import Phone, free_port

SCHEME = 'start { answer play "long.wav" }'
WAIT_S = 40


def callflow(*arguments: str, folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "callflow", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def until(process: "subprocess.Popen[str]", part: str) -> str:
    """Read lines of a command until one has `part` in it."""
    assert process.stdout is not None
    seen = []
    for line in process.stdout:
        seen.append(line)
        if part in line:
            return line
    raise AssertionError(f"no `{part}` in:\n{''.join(seen)}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a scheme that plays for a while."""
    write_tone(tmp_path / "long.wav", 1_000, 3_000)
    (tmp_path / "line.flow").write_text(SCHEME, encoding="utf-8")
    return tmp_path


def test_the_demo_is_a_whole_call_with_its_recording(tmp_path: Path) -> None:
    process = callflow("demo", folder=tmp_path)
    said, _ = process.communicate(timeout=WAIT_S)
    assert process.returncode == 0, said
    for part in ("presses 1", "talks with anna", "stops ringing boris", "outcome: answered", "recording: "):
        assert part in said
    (recording,) = (tmp_path / "recordings").glob("*.wav")
    assert inspect(recording).duration_ms > 8_000


def test_a_first_interrupt_lets_calls_finish_and_takes_no_more(folder: Path) -> None:
    write_tone(folder / "long.wav", 1_000, 60_000)
    port = free_port()
    with callflow("serve", "line.flow", "--listen", f"127.0.0.1:{port}", folder=folder) as server:
        until(server, "answers at")
        with Phone() as first, Phone() as second:
            first.dial(f"sip:line@127.0.0.1:{port}")
            first.wait_for("established")
            server.send_signal(signal.SIGINT)
            until(server, "no new calls are taken")
            second.dial(f"sip:line@127.0.0.1:{port}")
            assert second.wait_for("closed")["status"] == 503
            first.hangup()
        assert server.wait(WAIT_S) == 0
        assert "outcome: abandoned" in until(server, "outcome")


def test_a_second_interrupt_ends_them(folder: Path) -> None:
    write_tone(folder / "long.wav", 1_000, 30_000)
    port = free_port()
    with callflow("serve", "line.flow", "--listen", f"127.0.0.1:{port}", folder=folder) as server:
        until(server, "answers at")
        with Phone() as caller:
            caller.dial(f"sip:line@127.0.0.1:{port}")
            caller.wait_for("established")
            server.send_signal(signal.SIGINT)
            until(server, "no new calls are taken")
            begun = time.monotonic()
            server.send_signal(signal.SIGINT)
            caller.wait_for("closed", 10)
        assert server.wait(WAIT_S) == 0
        assert time.monotonic() - begun < 20


def test_dial_and_answer_are_two_phones(folder: Path) -> None:
    with callflow("answer", "--listen", "127.0.0.1:0", "--after", "200ms", "--calls", "1", folder=folder) as answering:
        uri = until(answering, "answering at").split()[-1]
        dialling = callflow(
            "dial", uri, "--press", "w5", "--record", "heard.wav", "--hangup-after", "3s", folder=folder
        )
        said, _ = dialling.communicate(timeout=WAIT_S)
        assert dialling.returncode == 0, said
        assert until(answering, "heard the key 5")
        assert answering.wait(WAIT_S) == 0
    assert inspect(folder / "heard.wav").duration_ms > 2_000


def test_a_call_that_is_refused_is_told_and_is_exit_status_1(folder: Path) -> None:
    with callflow("answer", "--listen", "127.0.0.1:0", "--refuse", "486", "--after", "0s", "--calls", "1",
                  folder=folder) as answering:  # fmt: skip
        uri = until(answering, "answering at").split()[-1]
        dialling = callflow("dial", uri, folder=folder)
        said, _ = dialling.communicate(timeout=WAIT_S)
        answering.wait(WAIT_S)
    assert dialling.returncode == 1
    assert "486" in said


@pytest.mark.parametrize(
    ("arguments", "part", "status"),
    [
        (("serve", "line.flow", "--tls"), "TLS is not spoken here", 1),
        (("serve", "line.flow", "--codecs", "opus", "--listen", "127.0.0.1:0"), "no codec is called opus", 1),
        (("serve", "line.flow", "--listen", "127.0.0.1:x"), "is no address such as", 2),
        (("serve", "line.flow", "--rtp-ports", "9-1"), "is no range of ports", 2),
        (("serve", "line.flow", "--agent", "nobody=sip:x@y"), "should be an agent of the scheme", 2),
        (("serve", "line.flow", "--open", "office"), "has no schedule `office`", 2),
        (("serve", "wrong.flow"), "has errors and is not used", 1),
        (("serve", "silent.flow"), "there is no sound file `gone.wav`", 1),
        (("dial", "100"), "is no address such as", 2),
        (("dial", "sip:x@127.0.0.1", "--press", "1x"), "`x` is nothing a phone can press", 2),
        (("dial", "sip:x@127.0.0.1", "--record", "x.mp3"), "should end in `.wav`", 2),
    ],
)
def test_a_mistake_is_told_before_anything_happens(
    folder: Path, arguments: tuple[str, ...], part: str, status: int
) -> None:
    (folder / "wrong.flow").write_text("start { answer goto nowhere }", encoding="utf-8")
    (folder / "silent.flow").write_text('start { answer play "gone.wav" }', encoding="utf-8")
    process = callflow(*arguments, folder=folder)
    said, _ = process.communicate(timeout=WAIT_S)
    assert part in said
    assert process.returncode == status
