"""The program of one test telephone: a SIP user agent of baresip in a process of its own.

It is started by `phone.py` and never imported. One command stands on each line of standard input as
a JSON object, one event on each line of standard output. A command carries `id` and `cmd`; the answer
is an event `done` or `error` with the same `id`. Every event carries `t`, the seconds of the
monotonic clock, which on Linux all processes of one machine share.

Commands: `dial` (uri, headers), `answer`, `reject` (status), `hangup`, `press` (digits), `hold`,
`resume`, `consult` (uri), `hand_over` (uri, null for whom was consulted), `tone` (hz, 0 for silence),
`record` (path, null for none), `behave` (answer_after_ms, reject; both null for ringing until told)
and `quit`.

Events: `ready`, `incoming`, `dialling`, `ringing`, `progress`, `answered`, `established`, `media` (the
first RTP came), `dtmf`, `remote_hold`, `remote_resume`, `transfer_asked`, `handed_over`,
`not_handed_over`, `redirected`, `closed`, `error`, `log` (a warning of the stack), `sip` (a message of
the wire, when traced), `done`.

The process ends after `quit`, when its standard input ends, and after its longest life.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ctypes
import json
import logging
import math
import os
import signal
import sys
import threading
import time
import wave
from array import array
from collections import deque
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import IO, Any, Final

from baresip import (
    Account,
    AudioNotActive,
    AudioRestarted,
    BaresipError,
    Call,
    CallState,
    Config,
    Event,
    Runtime,
    StackEvent,
    StaleHandleError,
    UserAgent,
)
from baresip import _native as native
from baresip._events import set_sink

RATE: Final = 8000
BYTES_PER_SAMPLE: Final = 2
AMPLITUDE: Final = 8000
TICK_S: Final = 0.02
AHEAD_SAMPLES: Final = RATE * 2 // 5
READ_BYTES: Final = 1 << 16
GAP_SAMPLES: Final = RATE * 3 // 10
LONG_GAP_SAMPLES: Final = RATE // 2
LATE_SAMPLES: Final = RATE // 20
HEADERS_SHOWN: Final = ("From", "To", "P-Asserted-Identity", "Diversion")
HAND_OVER_S: Final = 15.0
SENDRECV: Final = 3
INACTIVE: Final = 0
REASONS: Final = {
    403: "Forbidden",
    404: "Not Found",
    408: "Request Timeout",
    480: "Temporarily Unavailable",
    486: "Busy Here",
    488: "Not Acceptable Here",
    500: "Server Internal Error",
    503: "Service Unavailable",
    600: "Busy Everywhere",
    603: "Decline",
    604: "Does Not Exist Anywhere",
}
TOLD: Final = {
    Event.CALL_OUTGOING: "dialling",
    Event.CALL_RINGING: "ringing",
    Event.CALL_PROGRESS: "progress",
    Event.CALL_ANSWERED: "answered",
    Event.CALL_ESTABLISHED: "established",
    Event.CALL_RTPESTAB: "media",
    Event.CALL_HOLD: "remote_hold",
    Event.CALL_RESUME: "remote_resume",
    Event.CALL_TRANSFER: "transfer_asked",
    Event.CALL_REDIRECT: "redirected",
    Event.AUDIO_ERROR: "error",
}

_write_lock = threading.Lock()


def tell(event: str, **fields: Any) -> None:
    """Print one event, whichever thread has it."""
    line = json.dumps({"event": event, "t": time.monotonic(), **fields})
    with _write_lock, contextlib.suppress(BrokenPipeError):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


class Tell(logging.Handler):
    """Makes events of what the stack logs: its warnings, and the wire when it is traced."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.endswith(".sip"):
            tell("sip", text=record.getMessage())
        elif record.levelno >= logging.WARNING:
            tell("log", level=record.levelname.lower(), text=record.getMessage())


class Recorder:
    """Writes what is heard to a WAV file, readable at any moment, with the time of the wall clock kept.

    Where nothing arrives for three tenths of a second and more the file gets silence, so that a second in
    the file is a second of the call. Shorter gaps are late packets: a busy machine sends them together.
    """

    def __init__(self, path: Path) -> None:
        self._file: IO[bytes] = path.open("wb")
        self._wave = wave.open(self._file, "wb")  # noqa: SIM115 - closed by close()
        self._wave.setnchannels(1)
        self._wave.setsampwidth(BYTES_PER_SAMPLE)
        self._wave.setframerate(RATE)
        self._wave.writeframes(b"")
        self._file.flush()
        self._began: float | None = None
        self._samples = 0

    def hear(self, pcm: bytes, now: float) -> None:
        """Append what was heard since the last call; nothing is a legal amount."""
        if self._began is None:
            self._began = now
        missing = int((now - self._began) * RATE) - self._samples - len(pcm) // BYTES_PER_SAMPLE
        if missing > (GAP_SAMPLES if pcm else LONG_GAP_SAMPLES):
            pcm = bytes((missing - LATE_SAMPLES) * BYTES_PER_SAMPLE) + pcm
        if not pcm:
            return
        self._samples += len(pcm) // BYTES_PER_SAMPLE
        self._wave.writeframes(pcm)
        self._file.flush()

    def pause(self) -> None:
        """The call ended: time stops until the next one is heard."""
        self._began = None
        self._samples = 0

    def close(self) -> None:
        """Finish the file."""
        self._wave.close()
        self._file.close()


class Tone:
    """A continuous sine of one frequency, or silence at zero hertz."""

    def __init__(self, hz: float) -> None:
        self.hz = hz
        self._at = 0

    def take(self, samples: int) -> bytes:
        """The next samples, with the phase kept from one call to the next."""
        step = 2 * math.pi * self.hz / RATE
        first = self._at
        self._at += samples
        return array("h", (int(AMPLITUDE * math.sin(step * n)) for n in range(first, first + samples))).tobytes()


class Stack:
    """Calls functions of the native stack that the binding does not offer.

    The stack is not thread-safe, so a job runs where the stack runs: its thread answers a ping
    through the event sink, and the sink does the waiting jobs before it passes the answer on.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._jobs: deque[Callable[[], None]] = deque()
        self._next = set_sink(self._sink)  # type: ignore[no-untyped-call]
        lib = ctypes.CDLL(native.__file__)
        self._find = lib.uag_call_find
        self._find.argtypes, self._find.restype = [ctypes.c_char_p], ctypes.c_void_p
        self._agent = lib.call_get_ua
        self._agent.argtypes, self._agent.restype = [ctypes.c_void_p], ctypes.c_void_p
        self._hangup = lib.ua_hangup
        self._hangup.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint16, ctypes.c_char_p]
        self._hangup.restype = None
        self._directions = lib.call_set_media_estdir
        self._directions.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]
        self._directions.restype = None

    def _sink(self, event: int, handle: int, payload: bytes | None) -> None:
        try:
            while event == native.lib.BP_EV_PONG and self._jobs:
                self._jobs.popleft()()
        finally:
            self._next(event, handle, payload)

    async def _run(self, job: Callable[[], None]) -> None:
        self._jobs.append(job)
        await self._runtime.cmd(native.lib.BP_CMD_PING)

    async def reject(self, call_id: str, status: int) -> None:
        """Refuse a call with any final status; a call that is gone is left alone."""

        def job() -> None:
            call = self._find(call_id.encode())
            if call:
                self._hangup(self._agent(call), call, status, REASONS.get(status, "Rejected").encode())

        await self._run(job)

    async def only_audio(self, call_id: str) -> None:
        """Tell the stack that no video will follow, or it sends a re-INVITE just after answering."""

        def job() -> None:
            call = self._find(call_id.encode())
            if call:
                self._directions(call, SENDRECV, INACTIVE)

        await self._run(job)


class Telephone:
    """One line: at most one call, its audio, and what to do when it rings."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.runtime = Runtime()
        self.tone = Tone(options.tone_hz)
        self.recorder = Recorder(options.record) if options.record else None
        self.call: Call | None = None
        self.consulted: Call | None = None
        self.answer_after_ms: int | None = options.answer_after_ms
        self.reject_with: int | None = options.reject
        self.ended_here = False
        self._last_closed = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._stack: Stack
        self._agent: UserAgent

    async def start(self) -> None:
        """Bring the stack up on its port and report it."""
        listen = f"127.0.0.1:{self.options.port}"
        config = Config(
            net_interface="127.0.0.1",
            max_concurrent_calls=3 if self.options.transfer == "take" else 1,
            expose_headers=HEADERS_SHOWN,
            sip_trace=self.options.trace,
            extra_config_text=f"sip_listen {listen}\nsip_transports udp\n",
        )
        await self.runtime.start(config)
        self._stack = Stack(self.runtime)
        account = Account(
            self.options.user,
            listen,
            "",
            reg_interval=0,
            audio_codecs=tuple(self.options.codecs.split(",")),
            dtmf_mode=self.options.dtmf,
            extra_params=("catchall=yes",),
        )
        self._agent = await UserAgent.create(self.runtime, account)
        self._agent.on_incoming(self._incoming)
        self.runtime.subscribe(self._stack_event)
        tell("ready", port=self.options.port)

    async def stop(self) -> None:
        """End the call, the stack and the recording."""
        for task in self._tasks:
            task.cancel()
        with contextlib.suppress(BaresipError):
            await self.hangup()
        with contextlib.suppress(BaresipError):
            await self.runtime.close()
        if self.recorder:
            self.recorder.close()

    def _later(self, job: Awaitable[None]) -> None:
        async def run() -> None:
            try:
                await job
            except StaleHandleError:
                pass  # the caller was faster
            except BaresipError as error:
                tell("error", text=str(error))

        task = asyncio.get_running_loop().create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # What the stack says

    def _incoming(self, call: Call) -> None:
        self.call = call
        self.ended_here = False
        headers = {name.lower(): value for name, value in call.headers.items()}
        caller = headers.pop("from", call.peer)
        called = headers.pop("to", None)
        tell("incoming", **{"from": caller, "to": called}, uri=call.peer, call_id=call.call_id, headers=headers)
        if self.reject_with is not None:
            self._later(self.reject(self.reject_with))
        elif self.answer_after_ms is not None:
            self._later(self._answer_in(call, self.answer_after_ms / 1000))

    def _stack_event(self, event: StackEvent) -> None:
        if event.event in TOLD:
            tell(TOLD[event.event], peer=event.peer, text=event.text, call_id=event.call_id)
            if event.event is Event.CALL_TRANSFER and self.options.transfer:
                self._later(self._transferred())
        elif event.event is Event.CALL_DTMF_START:
            tell("dtmf", digit=event.text)
        elif event.event is Event.CALL_CLOSED:
            text = event.text or ""
            status = int(text[:3]) if text[:3].isdigit() and text[3:4] in ("", " ") else None
            reason = text[4:] if status else text
            by = "local" if self.ended_here else "remote"
            tell("closed", status=status, reason=reason, by=by, peer=event.peer, call_id=event.call_id)
            self._last_closed = event.call
            if self.recorder:
                self.recorder.pause()
            if self.call and self.call.handle == event.call:
                self.call = None

    # What the test says

    async def dial(self, uri: str, headers: dict[str, str]) -> None:
        """Place a call."""
        if self.call:
            raise BaresipError("the line is taken")
        self.ended_here = False
        call = await self._agent.dial(uri, headers=headers)
        if call.handle != self._last_closed:  # it may have failed before dial() could return it
            self.call = call

    def _current(self) -> Call:
        if not self.call:
            raise BaresipError("there is no call")
        return self.call

    async def _answer_in(self, call: Call, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if call.state is CallState.INCOMING and self.call is call:
            await self.answer()

    async def answer(self) -> None:
        """Answer what rings."""
        call = self._current()
        if not self.options.reinvite_after_answer and call.call_id:
            await self._stack.only_audio(call.call_id)
        await call.answer()

    async def reject(self, status: int) -> None:
        """Refuse what rings."""
        call = self._current()
        self.ended_here = True
        if call.call_id:
            await self._stack.reject(call.call_id, status)

    async def hangup(self) -> None:
        """End the call in whatever state it is; without a call, nothing happens."""
        if self.call:
            self.ended_here = True
            with contextlib.suppress(StaleHandleError):
                await self.call.hangup()

    async def _transferred(self) -> None:
        """Call whom the other end names, or refuse to."""
        if self.options.transfer == "take":
            self.call = await self._current().accept_transfer()
        else:
            await self._current().reject_transfer()

    async def hand_over(self, uri: str | None) -> None:
        """Have the other end call somebody, or with None whom was asked before; tell what came of it."""
        call, other = self._current(), self.consulted
        try:
            if uri is not None:
                await call.transfer(uri, timeout=HAND_OVER_S)
            elif other is not None:
                await call.attended_transfer(other, timeout=HAND_OVER_S)
        except BaresipError as error:
            tell("not_handed_over", text=str(error))
        else:
            tell("handed_over")

    async def consult(self, uri: str) -> None:
        """Put the other end on hold and ask somebody else first."""
        call = self._current()
        await call.hold()
        self.consulted = await self._agent.dial(uri)
        await self.consulted.wait_established()
        self.call = call

    def set_tone(self, hz: float) -> None:
        """Send another frequency from now on."""
        self.tone = Tone(hz)
        if self.call:
            with contextlib.suppress(AudioNotActive, AudioRestarted):
                self.call.audio.flush_tx()

    def set_record(self, path: str | None) -> None:
        """Finish the recording and begin another."""
        if self.recorder:
            self.recorder.close()
        self.recorder = Recorder(Path(path)) if path else None

    def audio_tick(self) -> None:
        """Move the audio of the last hundredths of a second in both directions."""
        if not self.call:
            return
        try:
            audio = self.call.audio
            info = audio.info()
            if info.tx_ready and self.tone.hz:
                audio.write(self.tone.take(max(0, AHEAD_SAMPLES - info.tx_buffered // BYTES_PER_SAMPLE)))
            if info.rx_ready:
                heard = audio.read(READ_BYTES)
                if self.recorder:
                    self.recorder.hear(heard, time.monotonic())
        except AudioRestarted:
            return  # a re-INVITE put new streams in place; the next tick finds them
        except AudioNotActive:
            return

    async def obey(self, order: dict[str, Any]) -> None:
        """Do one command."""
        match order["cmd"]:
            case "dial":
                await self.dial(order["uri"], order.get("headers") or {})
            case "answer":
                await self.answer()
            case "reject":
                await self.reject(order["status"])
            case "hangup":
                await self.hangup()
            case "press":
                await self._current().send_dtmf(order["digits"])
            case "hold":
                await self._current().hold()
            case "resume":
                await self._current().resume()
            case "hand_over":
                self._later(self.hand_over(order["uri"]))
            case "consult":
                await self.consult(order["uri"])
            case "tone":
                self.set_tone(order["hz"])
            case "record":
                self.set_record(order["path"])
            case "behave":
                self.answer_after_ms, self.reject_with = order["answer_after_ms"], order["reject"]
            case unknown:
                raise ValueError(f"no such command: {unknown}")


async def commands(telephone: Telephone) -> None:
    """Do what standard input says until it ends or says `quit`."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        order = json.loads(line)
        if order["cmd"] == "quit":
            return
        try:
            await telephone.obey(order)
        except (BaresipError, ValueError, KeyError, OSError) as error:
            tell("error", id=order.get("id"), text=f"{order['cmd']}: {type(error).__name__}: {error}")
        else:
            tell("done", id=order.get("id"), cmd=order["cmd"])


async def audio(telephone: Telephone) -> None:
    """Keep the audio moving for ever."""
    while True:
        telephone.audio_tick()
        await asyncio.sleep(TICK_S)


async def live(options: argparse.Namespace) -> int:
    """Run the telephone; the answer is the exit code."""
    telephone = Telephone(options)
    try:
        await telephone.start()
        pump = asyncio.create_task(audio(telephone))
        obeying = asyncio.create_task(commands(telephone))
        done, _ = await asyncio.wait({pump, obeying}, timeout=options.max_life_s, return_when=asyncio.FIRST_COMPLETED)
        pump.cancel()
        obeying.cancel()
        for task in done:
            task.result()
        if not done:
            tell("error", text=f"the telephone lived its {options.max_life_s} s")
    except (BaresipError, OSError, ValueError) as error:
        tell("error", text=f"{type(error).__name__}: {error}")
        return 1
    finally:
        await telephone.stop()
    return 0


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="A test telephone on the loopback interface.")
    parser.add_argument("port", type=int, help="UDP port of 127.0.0.1 for SIP")
    parser.add_argument("--user", default="phone", help="user part of its address")
    parser.add_argument("--tone-hz", type=float, default=0.0, help="frequency it sends, 0 for silence")
    parser.add_argument("--record", type=Path, help="WAV file of what it hears")
    parser.add_argument("--answer-after-ms", type=int, help="answer calls after this time")
    parser.add_argument("--reject", type=int, help="refuse calls with this status")
    parser.add_argument("--dtmf", choices=["rtpevent", "info", "auto"], default="rtpevent", help="how digits travel")
    parser.add_argument("--codecs", default="pcmu,pcma", help="codecs offered, of 8 kHz, best first")
    parser.add_argument("--reinvite-after-answer", action="store_true", help="send a re-INVITE just after answering")
    parser.add_argument("--transfer", choices=["take", "refuse"], help="what it does when it is handed over")
    parser.add_argument("--trace", action="store_true", help="tell every SIP message")
    parser.add_argument("--max-life-s", type=float, default=120.0, help="longest life of the process")
    return parser.parse_args()


def main() -> None:
    """Run until told to end, and whatever happens not much longer than the longest life."""
    options = arguments()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the test that started it closes its standard input
    signal.setitimer(signal.ITIMER_REAL, options.max_life_s + 10)  # the default action of SIGALRM ends the process
    logger = logging.getLogger("baresip")
    logger.addHandler(Tell())
    logger.propagate = False
    if options.trace:
        logging.getLogger("baresip.native.sip").setLevel(logging.DEBUG)
    code = asyncio.run(live(options))
    sys.stdout.flush()
    os._exit(code)  # native threads of the stack cannot hold the process any more


if __name__ == "__main__":
    main()
