"""Objects that the library calls back: legs, the account, the endpoint. They live and die in the pj thread.

Every callback is guarded: an exception that got out would be kept by the interpreter together with its leg, and a leg
that is freed too late hangs up whoever has its slot by then.
"""
# ruff: noqa: N802  the library gives the names

import contextlib
import functools
import re
import traceback
from collections.abc import Callable
from typing import Any, Final, Protocol, TypeVar

from callflow.pjsip.binding import pj
from callflow.pjsip.facts import Down, Fact, KeyPressed, Noted, Progressed, TransferTold, Up

REFUSED: Final = 603
"""Transfers that a caller asks for are never carried out: they would let anybody dial at our cost."""

ACCEPTED: Final = 202

KEY_GOES_ON: Final = 1
"""`PJMEDIA_STREAM_DTMF_IS_UPDATE`, which the module leaves out: a key that was told before is still held, or let go."""

_DTMF_BODY: Final = re.compile(r"\s*([0-9*#A-Da-d])\s*\Z")
_MEDIA_IS_THERE: Final = (
    pj.PJSUA_CALL_MEDIA_ACTIVE,
    pj.PJSUA_CALL_MEDIA_REMOTE_HOLD,
    pj.PJSUA_CALL_MEDIA_LOCAL_HOLD,
)
_T = TypeVar("_T")


class Home(Protocol):
    """What a leg reports to. Called in the pj thread only."""

    def emit(self, fact: Fact) -> None:
        """Pass on a fact."""

    def media_changed(self, key: int) -> None:
        """Take note that the sound of a leg comes from elsewhere now."""

    def leg_over(self, key: int) -> None:
        """Forget a leg."""

    def referred(self, leg: "Leg", uri: str) -> "Leg | None":
        """Return the leg that a far end has called, None: it may have nobody called."""

    def invited(self, account: Any, call_id: int, request: str, source: str) -> None:
        """Take a call in, or refuse it. The leg has to exist when this returns."""


def guarded(callback: Callable[..., _T]) -> Callable[..., None]:
    """Let nothing out of a callback; what went wrong becomes a note."""

    @functools.wraps(callback)
    def guard(self: Any, *args: Any) -> None:
        try:
            callback(self, *args)
        except BaseException:  # noqa: BLE001  see the head of this file
            self.home.emit(Noted(getattr(self, "key", 0), traceback.format_exc()))

    return guard


class Leg(pj.Call):  # type: ignore[misc]
    """One SIP dialogue."""

    def __init__(self, home: Home, account: Any, key: int, call_id: int | None = None) -> None:
        super().__init__(account, pj.PJSUA_INVALID_ID if call_id is None else call_id)
        self.home = home
        self.key = key
        self.sound: Any = None
        self.confirmed = False
        self.up = False
        self.ending = False
        self.over = False
        self.may_refer = False
        self.called: Leg | None = None
        """Whom the far end had called last. Kept as long as this leg, which the library lets point to it."""

    @guarded
    def onCallState(self, _prm: Any) -> None:
        """Report ringing, the answer and the end."""
        if self.over:
            return
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_EARLY and info.role == pj.PJSIP_ROLE_UAC:
            self.home.emit(Progressed(self.key, info.lastStatusCode))
        elif info.state == pj.PJSIP_INV_STATE_CONFIRMED:
            self.confirmed = True
            if self.ending:
                self.hangup(pj.CallOpParam())
            self._perhaps_up()
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.end(info.lastStatusCode, info.lastReason)

    @guarded
    def onCallMediaState(self, _prm: Any) -> None:
        """Fetch the sound anew: hold and its end give it another place."""
        if self.over:
            return
        info = self.getInfo()
        self.sound = None
        for media in info.media:
            if media.type == pj.PJMEDIA_TYPE_AUDIO and media.status in _MEDIA_IS_THERE:
                self.sound = self.getAudioMedia(media.index)
                break
        self.home.media_changed(self.key)
        self._perhaps_up()

    @guarded
    def onDtmfEvent(self, prm: Any) -> None:
        """Report a key at its first packet; updates and ends of it say nothing new."""
        if not prm.flags & KEY_GOES_ON:
            self.home.emit(KeyPressed(self.key, prm.digit))

    def onDtmfDigit(self, prm: Any) -> None:
        """Leave keys to `onDtmfEvent`."""

    @guarded
    def onCallTsxState(self, prm: Any) -> None:
        """Take a key from an INFO of the type `application/dtmf`, which the library answers 500 and drops."""
        tsx_state = prm.e.body.tsxState
        if prm.e.type != pj.PJSIP_EVENT_TSX_STATE or tsx_state.type != pj.PJSIP_EVENT_RX_MSG:
            return
        if tsx_state.tsx.method != "INFO" or tsx_state.tsx.role != pj.PJSIP_ROLE_UAS:
            return
        if tsx_state.tsx.state != pj.PJSIP_TSX_STATE_TRYING:
            return
        digit = plain_dtmf(tsx_state.src.rdata.wholeMsg)
        if digit:
            self.home.emit(KeyPressed(self.key, digit))

    @guarded
    def onCallTransferStatus(self, prm: Any) -> None:
        """Report how the transfer that we asked for goes."""
        if not self.over:
            self.home.emit(TransferTold(self.key, prm.statusCode, bool(prm.finalNotify)))

    @guarded
    def onCallTransferRequest(self, prm: Any) -> None:
        """Have somebody called for an agent who hands the caller over; refuse to dial for a stranger."""
        prm.statusCode = REFUSED
        self.called = self.home.referred(self, prm.dstUri)
        if self.called is None:
            self.home.emit(Noted(self.key, "refused a transfer that the far end asked for"))
        else:
            prm.newCall = self.called
            prm.statusCode = ACCEPTED

    @guarded
    def onCallReplaceRequest(self, prm: Any) -> None:
        """Refuse to be replaced."""
        prm.statusCode = REFUSED

    def end(self, code: int, reason: str) -> None:
        """Be over, once."""
        if not self.over:
            self.over = True
            self.sound = None
            # First the end, then what ends with it: a caller who hung up in a prompt has not heard it to its end.
            self.home.emit(Down(self.key, code, reason))
            self.home.leg_over(self.key)

    def _perhaps_up(self) -> None:
        if self.confirmed and self.sound is not None and not self.up and not self.ending:
            self.up = True
            self.home.emit(Up(self.key))


class Account(pj.Account):  # type: ignore[misc]
    """The one account: takes every call that reaches the port."""

    home: Home

    @guarded
    def onIncomingCall(self, prm: Any) -> None:
        """Have the call taken in."""
        self.home.invited(self, prm.callId, prm.rdata.wholeMsg, prm.rdata.srcAddress)

    @guarded
    def onIncomingSubscribe(self, prm: Any) -> None:
        """Refuse to tell strangers who is there."""
        prm.code = REFUSED


class Library(pj.Endpoint):  # type: ignore[misc]
    """The library itself."""

    home: Home

    @guarded
    def onRejectedIncomingCall(self, prm: Any) -> None:
        """Tell of calls that the library refused by itself."""
        self.home.emit(
            Noted(0, f"refused a call from {prm.remoteInfo or prm.rdata.srcAddress}: {prm.statusCode} {prm.reason}")
        )


class Player(pj.AudioMediaPlayer):  # type: ignore[misc]
    """One file being heard. Its end is told from a thread of the library's own, so it only leaves word."""

    def __init__(self, leave_word: Callable[[int, int], None], key: int, serial: int) -> None:
        super().__init__()
        self._leave_word = leave_word
        self._key = key
        self._serial = serial

    def onEof2(self) -> None:
        """Leave word."""
        with contextlib.suppress(BaseException):  # the deadline of the sound ends it instead
            self._leave_word(self._key, self._serial)


def plain_dtmf(message: str) -> str:
    """Return the key in an INFO of the type `application/dtmf`, empty when it is none."""
    head, _, body = message.partition("\r\n\r\n")
    if not re.search(r"^(content-type|c)\s*:\s*application/dtmf\s*(;|$)", head, re.IGNORECASE | re.MULTILINE):
        return ""
    match = _DTMF_BODY.match(body)
    return match[1].upper() if match else ""
