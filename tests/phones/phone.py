"""A telephone as a test sees it: a synchronous handle on one process of `baresip_child.py`.

    with Phone(answer_after_ms=200, tone_hz=660) as agent, Phone(tone_hz=440, record=path) as caller:
        caller.dial(agent.uri)
        caller.wait_for("established")

All waiting is bounded, and a wait that fails shows every event the telephone told.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self

CHILD: Final = Path(__file__).with_name("baresip_child.py")
START_TIMEOUT_S: Final = 15.0
COMMAND_TIMEOUT_S: Final = 10.0
DIGIT_S: Final = 0.25
STOP_TIMEOUT_S: Final = 5.0
START_ATTEMPTS: Final = 3

Event = dict[str, Any]


def available() -> bool:
    """Whether the SIP stack of the telephones is installed; it is not loaded into this process."""
    return importlib.util.find_spec("baresip") is not None


def free_port() -> int:
    """A UDP port of the loopback interface that nobody holds at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Phone:
    """One telephone with one line, running from its construction to `close`.

    When it rings it does what it was told: `answer_after_ms`, `reject` with a status from 400 to 699,
    or ring until the test calls `answer` or `reject_call` (`ring_forever`, which is also the default).

    Args:
        port: UDP port of 127.0.0.1 for SIP; a free one if not given.
        tone_hz: The tone it sends while a call has audio; 0 sends silence.
        record: WAV file (mono, 16 bit, 8 kHz) of all it hears, readable while it grows.
        answer_after_ms: Answer every call after this time.
        reject: Refuse every call with this status.
        ring_forever: Say in the test that nobody answers.
        user: The user part of its address, and so the number others see.
        dtmf: How its digits travel: RTP events of RFC 4733, SIP INFO, or what the other end can do.
        codecs: Codecs it offers, best first, out of pcmu and pcma.
        reinvite_after_answer: Send a re-INVITE about 100 ms after answering, as some telephones do.
        transfer: Call whom the other end hands it over to, or refuse to.
        trace: Tell every SIP message as an event `sip`.
        max_life_s: The process ends by itself after this time.
    """

    def __init__(
        self,
        *,
        port: int | None = None,
        tone_hz: float = 0.0,
        record: Path | str | None = None,
        answer_after_ms: int | None = None,
        reject: int | None = None,
        ring_forever: bool = False,
        user: str = "phone",
        dtmf: Literal["rtpevent", "info", "auto"] = "rtpevent",
        codecs: tuple[str, ...] = ("pcmu", "pcma"),
        reinvite_after_answer: bool = False,
        transfer: Literal["take", "refuse"] | None = None,
        trace: bool = False,
        max_life_s: float = 120.0,
    ) -> None:
        _check_behaviour(answer_after_ms, reject, ring_forever=ring_forever)
        self.user = user
        self.events: list[Event] = []
        self._news = threading.Condition()
        self._replies: dict[int, Event] = {}
        self._taken: set[int] = set()
        self._last_id = 0
        self._ended = False
        options = ["--user", user, "--tone-hz", str(tone_hz), "--dtmf", dtmf, "--codecs", ",".join(codecs)]
        options += ["--max-life-s", str(max_life_s)]
        options += ["--record", str(record)] if record is not None else []
        options += ["--answer-after-ms", str(answer_after_ms)] if answer_after_ms is not None else []
        options += ["--reject", str(reject)] if reject is not None else []
        options += ["--reinvite-after-answer"] if reinvite_after_answer else []
        options += ["--transfer", transfer] if transfer is not None else []
        options += ["--trace"] if trace else []
        for attempt in range(START_ATTEMPTS if port is None else 1):
            self.port = free_port() if port is None else port
            try:
                self._start(options)
            except AssertionError:
                if port is not None or attempt == START_ATTEMPTS - 1:
                    raise
            else:
                return

    @property
    def uri(self) -> str:
        """The address others dial."""
        return f"sip:{self.user}@127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Calls

    def dial(self, uri: str, headers: dict[str, str] | None = None) -> None:
        """Place a call, with headers of the test's own if given; the outcome comes as events."""
        self._command("dial", uri=uri, headers=headers or {})

    def answer(self) -> None:
        """Answer what rings."""
        self._command("answer")

    def reject_call(self, status: int = 486) -> None:
        """Refuse what rings."""
        _check_behaviour(None, status, ring_forever=False)
        self._command("reject", status=status)

    def press(self, digits: str) -> None:
        """Press keys (0-9 * # A-D) one after the other; about 0.2 s each, done when this returns."""
        self._command("press", digits=digits, timeout_s=COMMAND_TIMEOUT_S + DIGIT_S * len(digits))

    def hold(self) -> None:
        """Put the other end on hold."""
        self._command("hold")

    def resume(self) -> None:
        """Take the other end off hold."""
        self._command("resume")

    def consult(self, uri: str) -> None:
        """Put the other end on hold and call somebody else, until they have answered; for a phone that may `take`."""
        self._command("consult", uri=uri)

    def hand_over(self, uri: str | None = None) -> None:
        """Have the other end call somebody (REFER), or whom was consulted; ends as `handed_over` or its contrary."""
        self._command("hand_over", uri=uri)

    def hangup(self) -> None:
        """End the call, also one that only rings; without a call this does nothing."""
        self._command("hangup")

    # Behaviour

    def tone(self, hz: float) -> None:
        """Send another tone from now on; 0 sends silence."""
        self._command("tone", hz=hz)

    def record(self, path: Path | str | None) -> None:
        """Finish the recording and begin another, or none."""
        self._command("record", path=str(path) if path is not None else None)

    def behave(
        self, *, answer_after_ms: int | None = None, reject: int | None = None, ring_forever: bool = False
    ) -> None:
        """Change what it does with the calls that come from now on."""
        _check_behaviour(answer_after_ms, reject, ring_forever=ring_forever)
        self._command("behave", answer_after_ms=answer_after_ms, reject=reject)

    # Events

    def wait_for(self, event: str, timeout_s: float = 5.0, **fields: object) -> Event:
        """The oldest event of this name, and with these fields, that no earlier wait has returned.

        Raises:
            AssertionError: It did not come in time, or the telephone ended; the text has all events.
        """
        deadline = time.monotonic() + timeout_s
        with self._news:
            while True:
                for number, told in enumerate(self.events):
                    if number not in self._taken and told["event"] == event and fields.items() <= told.items():
                        self._taken.add(number)
                        return told
                left = deadline - time.monotonic()
                if left <= 0 or self._ended:
                    wanted = f"{event} {fields}" if fields else event
                    why = "the telephone ended" if self._ended else f"not within {timeout_s:g} s"
                    raise AssertionError(self._story(f"waiting for {wanted}: {why}"))
                self._news.wait(left)

    def seen(self, event: str) -> list[Event]:
        """All events of this name so far, waited for or not."""
        with self._news:
            return [told for told in self.events if told["event"] == event]

    def close(self) -> None:
        """End the call and the process; a second time nothing happens."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            with contextlib.suppress(OSError):  # it is gone already
                self._process.stdin.write('{"cmd": "quit"}\n')
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        try:
            self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(STOP_TIMEOUT_S)
        self._reader.join(STOP_TIMEOUT_S)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._complaints.close()

    # The process

    def _start(self, options: list[str]) -> None:
        self._ended = False
        self._complaints = tempfile.TemporaryFile("w+b")  # noqa: SIM115 - closed by close()
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(CHILD), str(self.port), *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
            bufsize=1,
        )
        self._reader = threading.Thread(target=self._read, name=f"phone-{self.port}", daemon=True)
        self._reader.start()
        try:
            self.wait_for("ready", START_TIMEOUT_S)
        except BaseException:
            self.close()
            raise

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            try:
                told: Event = json.loads(line)
            except ValueError:
                told = {"event": "log", "t": time.monotonic(), "text": line.rstrip()}
            with self._news:
                if told.get("id") is not None:
                    self._replies[told["id"]] = told
                if told["event"] != "done":
                    self.events.append(told)
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def _command(self, cmd: str, *, timeout_s: float = COMMAND_TIMEOUT_S, **fields: object) -> None:
        """Send a command and wait until it is done.

        Raises:
            AssertionError: The telephone refused it, ended or did not answer in time.
        """
        with self._news:
            self._last_id += 1
            number = self._last_id
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps({"cmd": cmd, "id": number, **fields}) + "\n")
            self._process.stdin.flush()
        except (OSError, ValueError):
            raise AssertionError(self._story(f"{cmd}: the telephone ended")) from None
        with self._news:
            self._news.wait_for(lambda: number in self._replies or self._ended, timeout_s)
            reply = self._replies.pop(number, None)
        if reply is None or reply["event"] == "error":
            raise AssertionError(self._story(f"{cmd}: {reply['text'] if reply else 'no answer'}"))

    def _story(self, headline: str) -> str:
        """What happened, with all that is known of this telephone."""
        lines = [f"telephone {self.uri}: {headline}", *(json.dumps(told) for told in self.events)]
        if (code := self._process.poll()) is not None:
            lines.append(f"its process ended with {code}")
        if not self._complaints.closed:
            self._complaints.seek(0)
            lines.append(self._complaints.read().decode(errors="replace")[-4000:])
        return "\n".join(lines)


def _check_behaviour(answer_after_ms: int | None, reject: int | None, *, ring_forever: bool) -> None:
    """Refuse contradictions and statuses that are not refusals.

    Raises:
        ValueError: The test asks for something that makes no sense.
    """
    if sum((answer_after_ms is not None, reject is not None, ring_forever)) > 1:
        raise ValueError("a telephone answers, rejects or rings for ever; only one of them")
    if reject is not None and not 400 <= reject <= 699:
        raise ValueError(f"{reject} is not a status from 400 to 699")
