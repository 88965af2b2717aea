"""The board: legs, sounds and recordings, and which of them hear each other. Lives in the pj thread; told what to do by
plain values, tells facts.

What hears what is a set of pairs of numbers. A leg's sound changes place whenever it is put on hold, a sound's with
every file; the pairs stay, and are connected anew.
"""

import itertools
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from callflow.pjsip import binding
from callflow.pjsip.admission import RETRY_AFTER_S, Admission, Pace
from callflow.pjsip.binding import pj
from callflow.pjsip.facts import (
    Down,
    Fact,
    FellQuiet,
    Incoming,
    MediaCounted,
    Noted,
    Recorded,
    Referred,
    SoundEnded,
    TransferTold,
)
from callflow.pjsip.leg import Leg
from callflow.pjsip.sip import may_be_called
from callflow.pjsip.sound import PARK_S, Recording, Sound

END_S: Final = 5.0
"""How long a leg that was hung up may take to say so. The library says so at once, but can lose it in a burst."""


class Board:
    """Everything of the library that belongs to calls."""

    def __init__(
        self, emit: Callable[[Fact], None], numbers: "itertools.count[int]", leave_word: Callable[..., None]
    ) -> None:
        self.emit = emit
        self.account: Any = None
        self.host = ""
        self.port = 0
        self.admission = Admission(binding.STOCK_CALLS, 0)
        self.pace = Pace()
        self._numbers = numbers
        self._leave_word = leave_word
        self._legs: dict[int, Leg] = {}
        self._sounds: dict[int, Sound] = {}
        self._recordings: dict[int, Recording] = {}
        self._links: set[tuple[int, int]] = set()
        self._dead: list[Leg] = []
        self._parked: deque[tuple[float, Any]] = deque()
        self._ending: dict[int, float] = {}
        self._waiting: dict[int, tuple[str, str, str]] = {}
        self._turned_away: list[tuple[int, str]] = []
        self._referred: list[Leg] = []

    # --- orders: plain values in, nothing out, nothing raised ---------------------------------------------------------

    def answer(self, key: int, code: int, headers: tuple[tuple[str, str], ...] = ()) -> None:
        """Send a response of 100-299 to a call that came in."""
        leg = self._legs.get(key)
        if leg is not None:
            self._try(key, leg.answer, _operation(code, headers))

    def refuse(self, key: int, code: int, headers: tuple[tuple[str, str], ...] = ()) -> None:
        """End a leg, with this status where it was not answered."""
        if self._waiting.pop(key, None) is not None:
            self.emit(Down(key, 0, "never dialled"))
            return
        leg = self._legs.get(key)
        if leg is None or leg.ending:
            return
        leg.ending = True
        self._ending[key] = time.monotonic() + END_S
        # Only `answer` puts headers into a refusal; `hangup` drops them.
        end = leg.answer if headers and not leg.confirmed else leg.hangup
        self._try(key, end, _operation(0 if leg.confirmed else code, headers))

    def hang_up(self, key: int) -> None:
        """End a leg in whatever state it is."""
        self.refuse(key, 0)

    def dial(self, key: int, uri: str, shown: str, asserted: str) -> None:
        """Ring somebody. With every slot taken by legs that linger, the leg waits for one."""
        taken = self._taken()
        if taken >= self.admission.slots - 1:
            self._waiting[key] = (uri, shown, asserted)
            return
        leg = Leg(self, self.account, key)
        self.pace.begun(time.monotonic())
        self._legs[key] = leg
        operation = pj.CallOpParam(True)
        if shown:
            operation.txOption.localUri = shown
        if asserted:
            _add_headers(operation, (("P-Asserted-Identity", asserted),))
        if not self._try(key, leg.makeCall, uri, operation):
            leg.end(0, "cannot be dialled")

    def let_refer(self, key: int, may: bool) -> None:  # noqa: FBT001  posted as a tuple
        """Let the far end of a leg have somebody called (REFER), once, or not any more."""
        leg = self._legs.get(key)
        if leg is not None:
            leg.may_refer = may

    def transfer(self, key: int, uri: str) -> None:
        """Ask the far end of a leg to call somebody else (REFER). The library aborts over one in a dead dialogue."""
        leg = self._legs.get(key)
        alive = leg is not None and leg.confirmed and not leg.ending and not leg.over and leg.isActive()
        if leg is None or not alive or not self._try(key, leg.xfer, uri, pj.CallOpParam()):
            self.emit(TransferTold(key, 0, final=True))

    def send_keys(self, key: int, digits: str) -> None:
        """Press keys towards the far end (RFC 4733)."""
        leg = self._legs.get(key)
        if leg is not None and leg.up:
            self._try(key, leg.dialDtmf, digits)

    def play(self, key: int, to: int, paths: tuple[str, ...], loop: bool) -> None:  # noqa: FBT001  posted as a tuple
        """Let a leg hear files, as soon as its media is there."""
        sound = Sound(key, to, paths, time.monotonic(), loop=loop)
        self._sounds[key] = sound
        self._links.add((key, to))
        if self._media(to) is not None:
            self._next(sound)

    def stop(self, key: int) -> None:
        """Let a sound end."""
        if key in self._sounds:
            self._sound_over(key, "")

    def record(self, key: int, path: str, sources: tuple[int, ...], hears: int | None, silence_ms: int | None) -> None:
        """Write what the sources say into a file. `hears` is the leg whose silence is watched."""
        try:
            silence_s = None if silence_ms is None else silence_ms / 1000
            self._recordings[key] = Recording(key, path, time.monotonic(), hears, silence_s)
        except pj.Error as error:
            self.emit(Recorded(key, heard=False, quiet_ms=0, trouble=error.reason))
            return
        for source in sources:
            self.link(source, key)

    def end_recording(self, key: int) -> None:
        """Close a file."""
        recording = self._recordings.pop(key, None)
        if recording is None:
            return
        self._unlink_all(key, recording.recorder)
        quiet_ms = int((time.monotonic() - recording.last_loud) * 1000)
        heard = recording.heard
        recording.recorder = None
        self.emit(Recorded(key, heard=heard, quiet_ms=quiet_ms, trouble=""))

    def link(self, source: int, sink: int) -> None:
        """Let `sink` hear `source`, now and whenever their places change. Whoever is gone hears nothing more."""
        if self._is_here(source) and self._is_here(sink):
            self._links.add((source, sink))
            self._connect(source, sink)

    def unlink(self, source: int, sink: int) -> None:
        """Let `sink` hear `source` no more."""
        if (source, sink) in self._links:
            self._links.discard((source, sink))
            a, b = self._media(source), self._media(sink)
            if a is not None and b is not None:
                self._try(source, a.stopTransmit, b, quietly=True)

    def count_media(self, key: int) -> None:
        """Tell how many packets came from the far end of a leg."""
        leg = self._legs.get(key)
        if leg is None or leg.sound is None:
            return
        info = leg.getInfo()
        for media in info.media:
            if media.type == pj.PJMEDIA_TYPE_AUDIO:
                statistics = leg.getStreamStat(media.index)
                self.emit(MediaCounted(key, statistics.rtcp.rxStat.pkt))
                return

    def release(self, key: int) -> None:
        """Give back the slots of a call that is over."""
        self.admission.release(key)

    def close_doors(self) -> None:
        """Take no more calls."""
        self.admission.open = False

    def end_all(self) -> None:
        """End everything."""
        for key in list(self._recordings):
            self.end_recording(key)
        for key in list(self._sounds):
            self._sound_over(key, "")
        for key in [*self._waiting, *self._legs]:
            self.hang_up(key)

    # --- what the library tells ---------------------------------------------------------------------------------------

    def invited(self, account: Any, call_id: int, request: str, source: str) -> None:
        """Take a call in, or have it refused at the end of this turn.

        Not here: the library aborts when an INVITE without an offer is refused while it is being told, and a burst of
        refused ones would take every socket it has within one turn. Until the end of the turn a refused call keeps its
        slot, so that of a burst at most `slots` come this far; the library answers 486 to the others by itself.
        """
        key = next(self._numbers)
        self.pace.begun(time.monotonic())
        leg = Leg(self, account, key, call_id)
        self._legs[key] = leg
        lingering = max(0, self._taken() - len(self._legs))
        lines = self.admission.offer(key, lingering)
        if lines is not None:
            self.emit(Incoming(key, request, source, lines))
            return
        self._turned_away.append((key, source))

    def referred(self, leg: Leg, uri: str) -> Leg | None:
        """Have somebody called for the far end of a leg that may; the library dials, and tells it how that goes."""
        own = f"{self.host}:{self.port}"
        if not leg.may_refer or leg.ending or self._taken() >= self.admission.slots or not may_be_called(uri, own):
            return None
        leg.may_refer = False
        called = Leg(self, self.account, next(self._numbers))
        self.pace.begun(time.monotonic())
        self._legs[called.key] = called
        self._referred.append(called)
        self.emit(Referred(leg.key, called.key, uri))
        return called

    def media_changed(self, key: int) -> None:
        """Connect a leg's sound anew, and begin what waited for it."""
        for source, sink in list(self._links):
            if key in (source, sink):
                self._connect(source, sink)
        if self._media(key) is not None:
            for sound in list(self._sounds.values()):
                if sound.to == key and sound.player is None:
                    self._next(sound)

    def leg_over(self, key: int) -> None:
        """Forget a leg; the object dies in this turn of the loop, in this thread."""
        leg = self._legs.pop(key, None)
        if leg is not None:
            self._dead.append(leg)
        self._ending.pop(key, None)
        for sound in [one for one in self._sounds.values() if one.to == key]:
            self._sound_over(sound.key, "")
        self._links = {pair for pair in self._links if key not in pair}

    def file_ended(self, key: int, serial: int) -> None:
        """Let the next file of a sound be heard."""
        sound = self._sounds.get(key)
        if sound is not None and sound.serial == serial and not sound.endless:
            self._next(sound)

    def tick(self, now: float) -> None:
        """Do what is due by time."""
        for key, source in self._turned_away:
            self.refuse(key, 503, (("Retry-After", str(RETRY_AFTER_S)),))
            self.emit(Noted(0, f"no room for a call from {source}: 503, come back in {RETRY_AFTER_S} s"))
        self._turned_away.clear()
        for called in self._referred:
            if called.getId() == pj.PJSUA_INVALID_ID:
                called.end(0, "cannot be called")
        self._referred.clear()
        self._dead.clear()
        while self._parked and self._parked[0][0] <= now:
            self._parked.popleft()
        for recording in list(self._recordings.values()):
            leg = None if recording.hears is None else self._legs.get(recording.hears)
            if recording.listen(leg, now):
                self.emit(FellQuiet(recording.key))
        for sound in [one for one in self._sounds.values() if one.deadline is not None and one.deadline <= now]:
            if sound.player is None:
                self._sound_over(sound.key, "the caller has no media")
            else:
                self._next(sound)
        for key in [one for one, at in self._ending.items() if at <= now]:
            self._legs[key].end(0, "never said that it is over")
        if self._waiting and self._taken() < self.admission.slots - 1:
            key = next(iter(self._waiting))
            self.dial(key, *self._waiting.pop(key))

    @property
    def idle(self) -> bool:
        """Return whether nothing of any call is left, lingering legs included."""
        return not self._legs and not self._taken()

    def let_go(self) -> None:
        """Drop every object of the library, parked ones too. Only when nothing is heard any more."""
        self._sounds.clear()
        self._recordings.clear()
        self._legs.clear()
        self._dead.clear()
        self._referred.clear()
        self._parked.clear()
        self.account = None

    # --- leaves -------------------------------------------------------------------------------------------------------

    def _taken(self) -> int:
        taken = binding.slots_taken()
        return len(self._legs) if taken is None else taken

    def _try(self, key: int, call: Callable[..., object], *args: Any, quietly: bool = False) -> bool:
        try:
            call(*args)
        except pj.Error as error:
            if not quietly:
                self.emit(Noted(key, f"{error.title}: {error.reason} ({error.status})"))
            return False
        return True

    def _is_here(self, key: int) -> bool:
        return any(key in kept for kept in (self._legs, self._sounds, self._recordings, self._waiting))

    def _media(self, key: int) -> Any:
        if key in self._legs:
            return self._legs[key].sound
        if key in self._sounds:
            return self._sounds[key].player
        return self._recordings[key].recorder if key in self._recordings else None

    def _connect(self, source: int, sink: int) -> None:
        a, b = self._media(source), self._media(sink)
        if a is not None and b is not None:
            self._try(source, a.startTransmit, b)

    def _next(self, sound: Sound) -> None:
        self._park(sound)
        player = None
        for _ in sound.paths:  # what cannot be played is told, and what comes after it is heard
            try:
                player = sound.next_player(self._leave_word, time.monotonic())
                break
            except pj.Error as error:
                sound.trouble = error.reason
        if player is None:
            self._sound_over(sound.key, sound.trouble)
            return
        for source, sink in list(self._links):
            if source == sound.key:
                self._connect(source, sink)

    def _park(self, sound: Sound) -> None:
        player, sound.player = sound.player, None
        if player is not None:
            self._unlink_all(sound.key, player, forget=False)
            self._parked.append((time.monotonic() + PARK_S, player))

    def _sound_over(self, key: int, trouble: str) -> None:
        sound = self._sounds[key]
        self._park(sound)
        del self._sounds[key]
        self._links = {pair for pair in self._links if key not in pair}
        self.emit(SoundEnded(key, trouble))

    def _unlink_all(self, key: int, media: Any, *, forget: bool = True) -> None:
        for source, sink in [pair for pair in self._links if key in pair]:
            if source == key:
                other = self._media(sink)
                if other is not None:
                    self._try(key, media.stopTransmit, other, quietly=True)
            else:
                other = self._media(source)
                if other is not None:
                    self._try(key, other.stopTransmit, media, quietly=True)
            if forget:
                self._links.discard((source, sink))


def _operation(code: int, headers: tuple[tuple[str, str], ...]) -> Any:
    operation = pj.CallOpParam()
    operation.statusCode = code
    _add_headers(operation, headers)
    return operation


def _add_headers(operation: Any, headers: tuple[tuple[str, str], ...]) -> None:
    for name, value in headers:
        header = pj.SipHeader()
        header.hName = name
        header.hValue = value
        operation.txOption.headers.append(header)
