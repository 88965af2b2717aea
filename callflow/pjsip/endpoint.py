"""The endpoint as asyncio sees it: orders go out as plain values, facts come in to whoever watches their number.

Nothing of the library is touched here. One endpoint per process, and after `stop` the process leaves with `os._exit`:
destructors of the library that run at the interpreter's end would abort it.
"""

import asyncio
import gc
from collections.abc import Callable
from typing import Final

from callflow.pjsip.errors import ListenFailed
from callflow.pjsip.facts import Down, Fact, Incoming, Noted, Recorded, SoundEnded
from callflow.pjsip.options import EndpointOptions, refuse_unsafe
from callflow.pjsip.thread import PjThread

START_S: Final = 10.0
"""The library starts within 0.1 s; ten seconds are a machine in trouble."""

Watcher = Callable[[Fact], None]


class Endpoint:
    """SIP and sound for one process. `on_offer` is asked about calls, `on_note` told what operators want to read."""

    def __init__(
        self,
        options: EndpointOptions,
        on_offer: Callable[[Incoming], None],
        on_note: Callable[[str], None],
    ) -> None:
        refuse_unsafe(options)
        self.options = options
        self._on_offer = on_offer
        self._on_note = on_note
        self._watchers: dict[int, Watcher] = {}
        self._loop = asyncio.get_running_loop()
        self._thread = PjThread(options, self._emit)

    async def start(self) -> None:
        """Listen. Raises `ListenFailed`."""
        gc.collect()
        gc.freeze()
        gc.disable()
        self._thread.start()
        if not await asyncio.to_thread(self._thread.ready.wait, START_S):
            raise ListenFailed("the SIP stack did not start")
        if self._thread.failure is not None:
            raise ListenFailed(self._thread.failure)

    async def stop(self) -> None:
        """End every leg and the library."""
        self._thread.leave()
        await asyncio.to_thread(self._thread.join, START_S)

    @property
    def port(self) -> int:
        """Return the port listened on."""
        return self._thread.port

    @property
    def slots(self) -> int:
        """Return how many legs this build holds at once."""
        return self._thread.slots

    def watch(self, key: int, watcher: Watcher) -> None:
        """Have the facts about a number told."""
        self._watchers[key] = watcher

    def forget(self, key: int) -> None:
        """Have no more facts told about a number."""
        self._watchers.pop(key, None)

    # --- orders -------------------------------------------------------------------------------------------------------

    def answer(self, key: int, code: int) -> None:
        """Send a response of 100-299 to a call that came in."""
        self._thread.order(self._thread.board.answer, key, code)

    def refuse(self, key: int, code: int, headers: tuple[tuple[str, str], ...] = ()) -> None:
        """End a call that came in, with this status where it was not answered."""
        self._thread.order(self._thread.board.refuse, key, code, headers)

    def hang_up(self, key: int) -> None:
        """End a leg in whatever state it is."""
        self._thread.order(self._thread.board.hang_up, key)

    def dial(self, uri: str, shown: str, watcher: Watcher, asserted: str = "") -> int:
        """Ring somebody and return the number of the leg."""
        key = self._new(watcher)
        self._thread.order(self._thread.board.dial, key, uri, shown, asserted)
        return key

    def let_refer(self, key: int, *, may: bool) -> None:
        """Let the far end of a leg have somebody called, once, or not any more. Told as `Referred`."""
        self._thread.order(self._thread.board.let_refer, key, may)

    def transfer(self, key: int, uri: str) -> None:
        """Ask the far end of a leg that is up to call somebody else."""
        self._thread.order(self._thread.board.transfer, key, uri)

    def send_keys(self, key: int, digits: str) -> None:
        """Press keys towards the far end."""
        self._thread.order(self._thread.board.send_keys, key, digits)

    def play(self, to: int, paths: tuple[str, ...], watcher: Watcher, *, loop: bool = False) -> int:
        """Let a leg hear files and return the number of the sound."""
        key = self._new(watcher)
        self._thread.order(self._thread.board.play, key, to, paths, loop)
        return key

    def stop_sound(self, key: int) -> None:
        """Let a sound end."""
        self._thread.order(self._thread.board.stop, key)

    def record(
        self,
        path: str,
        sources: tuple[int, ...],
        watcher: Watcher,
        *,
        hears: int | None = None,
        silence_ms: int | None = None,
    ) -> int:
        """Write what the sources say into a file and return the number of the recording."""
        key = self._new(watcher)
        self._thread.order(self._thread.board.record, key, path, sources, hears, silence_ms)
        return key

    def end_recording(self, key: int) -> None:
        """Close a file."""
        self._thread.order(self._thread.board.end_recording, key)

    def link(self, source: int, sink: int) -> None:
        """Let `sink` hear `source`."""
        self._thread.order(self._thread.board.link, source, sink)

    def unlink(self, source: int, sink: int) -> None:
        """Let `sink` hear `source` no more."""
        self._thread.order(self._thread.board.unlink, source, sink)

    def count_media(self, key: int) -> None:
        """Have told how many packets came from the far end of a leg."""
        self._thread.order(self._thread.board.count_media, key)

    def release(self, key: int) -> None:
        """Give back the slots of a call that is over."""
        self._thread.order(self._thread.board.release, key)

    def close_doors(self) -> "asyncio.Future[None]":
        """Take no more calls. What is returned is done when that is so; a call may come in until then."""
        closed: asyncio.Future[None] = self._loop.create_future()
        self._thread.order(self._close_doors, closed)
        return closed

    def _close_doors(self, closed: "asyncio.Future[None]") -> None:
        """In the pj thread."""
        self._thread.board.close_doors()
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(_settle, closed)

    # --- facts --------------------------------------------------------------------------------------------------------

    def _new(self, watcher: Watcher) -> int:
        key = next(self._thread.numbers)
        self._watchers[key] = watcher
        return key

    def _emit(self, fact: Fact) -> None:
        """Carry a fact from the pj thread to this one."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._take, fact)

    def _take(self, fact: Fact) -> None:
        match fact:
            case Incoming():
                self._on_offer(fact)
            case Noted(key=key, text=text):
                self._on_note(f"leg {key}: {text}" if key else text)
            case _:
                watcher = self._watchers.get(fact.key)
                if isinstance(fact, Down | SoundEnded | Recorded):
                    self.forget(fact.key)
                if watcher is not None:
                    watcher(fact)


def _settle(future: "asyncio.Future[None]") -> None:
    """Let a future be done, unless whoever waited for it has given up."""
    if not future.done():
        future.set_result(None)
