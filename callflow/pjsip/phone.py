"""Scripted phones without a sound card: one that calls and presses keys, one that answers. For testing lines."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import attrs

from callflow.pjsip.endpoint import Endpoint
from callflow.pjsip.facts import Down, Fact, Incoming, KeyPressed, Noted, Progressed, Recorded, SoundEnded, Up
from callflow.pjsip.files import complete
from callflow.pjsip.options import EndpointOptions
from callflow.pjsip.sip import read_request

WAIT_S: Final = 1.0
"""What `w` waits in a script of keys; a comma waits half of it."""

KEY_S: Final = 0.3
"""From one key to the next: a tone of the library and a little."""

_RTP_FIRST: Final = 20_000
_RTP_EACH: Final = 40
_RTP_RANGES: Final = 300
"""Ranges of ports that phones on one machine take by their process, so that they do not meet."""


class ScriptRefused(ValueError):
    """A script of keys that no phone can press; its message is for the user."""


def read_script(text: str) -> tuple[str, ...]:
    """Return a script of keys as its steps: a key, `w` or `,`. Raises `ScriptRefused`."""
    for char in text.replace(" ", ""):
        if char not in "0123456789*#ABCDw,":
            raise ScriptRefused(
                f"`{char}` is nothing a phone can press: keys are 0-9, *, #, A-D; w waits 1 s, a comma 0.5 s"
            )
    return tuple(text.replace(" ", ""))


def phone_options(host: str = "127.0.0.1", port: int = 0, user: str = "phone") -> EndpointOptions:
    """Return the options of a phone: any free port, and a range for sound that other phones here do not use."""
    first = _RTP_FIRST + (os.getpid() % _RTP_RANGES) * _RTP_EACH
    return EndpointOptions(
        host=host, port=port, rtp_first=first, rtp_last=first + _RTP_EACH - 1, user=user, phones=0, transports=("udp",)
    )


@attrs.frozen
class Call:
    """What a calling phone does."""

    uri: str
    script: tuple[str, ...] = ()
    record: Path | None = None
    play: Path | None = None
    ring_s: float = 60.0
    """How long it lets the far end ring."""
    stay_s: float = 60.0
    """How long after the answer it hangs up, unless the far end did."""
    shown: str = ""


@attrs.frozen
class Ended:
    """How a call of a phone ended. `code` is the SIP status of a call that was not answered."""

    answered: bool
    code: int
    reason: str
    by_us: bool


class Phone:
    """One line of a phone: facts of its leg in a queue, and a recording of what is heard."""

    def __init__(self, options: EndpointOptions, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self.offers: asyncio.Queue[Incoming] = asyncio.Queue()
        self.endpoint = Endpoint(options, self.offers.put_nowait, self._noted)
        self._facts: asyncio.Queue[Fact] = asyncio.Queue()
        self._recorded: asyncio.Future[None] | None = None
        self._recording: int | None = None

    def _noted(self, text: str) -> None:
        self._tell(text)

    async def call(self, call: Call) -> Ended:
        """Place a call and follow its script to the end."""
        self._tell(f"calling {call.uri}")
        leg = self.endpoint.dial(call.uri, call.shown, self._facts.put_nowait)
        answered = await self._ring(leg, call.ring_s)
        if isinstance(answered, Ended):
            return answered
        self._tell("answered")
        await self._begin_sound(leg, call.record, call.play)
        script = asyncio.create_task(self._press(leg, call.script))
        ended = await self._until_down(leg, call.stay_s)
        script.cancel()
        await self._end_recording()
        return ended

    async def answer(self, after_s: float, code: int, record: Path | None, play: Path | None, stay_s: float) -> Ended:
        """Take the next call: ring, then answer it, or refuse it with a status of 300 or more; 0: ring for ever."""
        offer = await self.offers.get()
        self.endpoint.watch(offer.key, self._facts.put_nowait)
        self._tell(f"called by {read_request(offer.request).caller or 'somebody'}")
        self.endpoint.answer(offer.key, 180)
        gone = await self._next_or_none(after_s if code else stay_s)
        if gone is not None:
            return self._ended(gone, answered=False, by_us=False)
        if code >= 300:  # noqa: PLR2004  statuses that refuse
            self.endpoint.refuse(offer.key, code)
            self._tell(f"refused with {code}")
            return self._ended(await self._down(), answered=False, by_us=True)
        self.endpoint.answer(offer.key, 200)
        while not isinstance(fact := await self._facts.get(), Up):
            if isinstance(fact, Down):
                return self._ended(fact, answered=False, by_us=False)
        self._tell("answered")
        await self._begin_sound(offer.key, record, play)
        ended = await self._until_down(offer.key, stay_s)
        await self._end_recording()
        self.endpoint.release(offer.key)
        return ended

    async def _ring(self, leg: int, ring_s: float) -> Ended | None:
        """Return None when the far end answered."""
        loop = asyncio.get_running_loop()
        until = loop.time() + ring_s
        while True:
            try:
                fact = await asyncio.wait_for(self._facts.get(), max(0.0, until - loop.time()))
            except TimeoutError:
                self._tell(f"no answer for {ring_s:g} s")
                self.endpoint.hang_up(leg)
                return self._ended(await self._down(), answered=False, by_us=True)
            match fact:
                case Progressed(code=code):
                    self._tell(f"ringing ({code})")
                case Up():
                    return None
                case Down():
                    return self._ended(fact, answered=False, by_us=False)
                case _:
                    pass

    async def _press(self, leg: int, script: tuple[str, ...]) -> None:
        for step in script:
            if step in "w,":
                await asyncio.sleep(WAIT_S if step == "w" else WAIT_S / 2)
                continue
            self.endpoint.send_keys(leg, step)
            self._tell(f"pressed {step}")
            await asyncio.sleep(KEY_S)

    async def _begin_sound(self, leg: int, record: Path | None, play: Path | None) -> None:
        if record is not None:
            record.parent.mkdir(parents=True, exist_ok=True)
            self._recorded = asyncio.get_running_loop().create_future()
            self._recording = self.endpoint.record(str(record), (leg,), lambda fact: self._file(fact, record))
        if play is not None:
            self.endpoint.play(leg, (str(play),), self._facts.put_nowait)

    def _file(self, fact: Fact, path: Path) -> None:
        if isinstance(fact, Recorded) and self._recorded is not None and not self._recorded.done():
            self._tell(f"{path} cannot be written: {fact.trouble}" if fact.trouble else f"heard is in {path}")
            self._recorded.set_result(None)
            self._path = path

    async def _end_recording(self) -> None:
        if self._recording is not None and self._recorded is not None:
            self.endpoint.end_recording(self._recording)
            await self._recorded
            await complete(self._path)

    async def _until_down(self, leg: int, stay_s: float) -> Ended:
        """Stay until the far end hangs up, or for a while."""
        loop = asyncio.get_running_loop()
        until = loop.time() + stay_s
        by_us = False
        while True:
            try:
                fact = await asyncio.wait_for(self._facts.get(), max(0.0, until - loop.time()))
            except TimeoutError:
                by_us, until = True, loop.time() + stay_s
                self._tell("hanging up")
                self.endpoint.hang_up(leg)
                continue
            match fact:
                case Down():
                    return self._ended(fact, answered=True, by_us=by_us)
                case KeyPressed(digit=digit):
                    self._tell(f"heard the key {digit}")
                case SoundEnded(trouble=trouble) if trouble:
                    self._tell(f"could not play: {trouble}")
                case Noted(text=text):
                    self._tell(text)
                case _:
                    pass

    async def _next_or_none(self, wait_s: float) -> Down | None:
        loop = asyncio.get_running_loop()
        until = loop.time() + wait_s
        while True:
            try:
                fact = await asyncio.wait_for(self._facts.get(), max(0.0, until - loop.time()))
            except TimeoutError:
                return None
            if isinstance(fact, Down):
                return fact

    async def _down(self) -> Down:
        while not isinstance(fact := await self._facts.get(), Down):
            pass
        return fact

    def _ended(self, fact: Down, *, answered: bool, by_us: bool) -> Ended:
        ended = Ended(answered, fact.code, fact.reason, by_us)
        if answered:
            self._tell("hung up" if by_us else "the far end hung up")
        else:
            self._tell(f"not answered: {fact.code} {fact.reason}".rstrip())
        return ended


def shown_number(number: str, host: str) -> str:
    """Return the From address that shows a number; empty: the phone's own."""
    return f"<sip:{number}@{host}>" if number else ""
