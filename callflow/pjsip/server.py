"""A scheme that answers calls: the endpoint, the calls under way, and how they end. One server a process."""

import asyncio
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import attrs

from callflow.acd.schedules import Almanac
from callflow.engine.events import CallOffered
from callflow.journals.shelf import Book, Shelf
from callflow.machine.model import Machine
from callflow.pjsip.call import LiveCall
from callflow.pjsip.desk import Desk
from callflow.pjsip.endpoint import Endpoint
from callflow.pjsip.facts import Incoming
from callflow.pjsip.hall import Hall
from callflow.pjsip.options import EndpointOptions
from callflow.pjsip.rooms import Rooms
from callflow.pjsip.sip import read_request
from callflow.pjsip.sounds import Sounds
from callflow.runner.journal import Entry
from callflow.runner.transcript import Transcript
from callflow.web.web import Web, WebOptions

END_S: Final = 5.0
"""How long calls that were ended may take to close their files."""


@attrs.frozen
class ServeOptions:
    """Where calls come from and where what they leave goes."""

    endpoint: EndpointOptions
    recordings: Path
    trunk: str = ""
    agents: Mapping[str, str] = attrs.field(factory=dict)
    """Addresses that stand in for those of the scheme, by agent."""
    agents_transfer: bool = False
    """Whether agents may hand callers over from their phones (REFER). Whoever may, can have any SIP address called."""
    trusted: tuple[str, ...] = ()
    """Hosts whose P-Asserted-Identity is believed."""
    web: WebOptions = attrs.field(factory=WebOptions)


class Server:
    """Answers calls with one machine. `tell` gets a line for everything that happens."""

    def __init__(
        self,
        machine: Machine,
        almanac: Almanac,
        sounds: Sounds,
        options: ServeOptions,
        tell: Callable[[str], None],
        shelf: Shelf | None = None,
    ) -> None:
        """shelf: Where a journal of each call is kept; None: nowhere."""
        self._machine = machine
        self._shelf = shelf
        self._books: dict[str, Book] = {}
        self._options = options
        self._tell = tell
        self._calls: dict[int, LiveCall] = {}
        self._transcripts: dict[str, Transcript] = {}
        self._idle = asyncio.Event()
        self._idle.set()
        self.endpoint = Endpoint(options.endpoint, self._offered, tell)
        self._desk = Desk(
            machine=machine,
            hall=Hall(machine, almanac, tell),
            sounds=sounds,
            rooms=Rooms(self.endpoint.link, self.endpoint.unlink),
            web=Web(options.web, tell),
            recordings=options.recordings.resolve(),
            trunk=options.trunk,
            agents=options.agents,
            agents_transfer=options.agents_transfer,
            on_entry=self._entry,
            on_note=lambda call_id, text: self._tell(f"{call_id}  {text}"),
        )
        self.done = 0
        """Calls that are over."""

    async def start(self) -> None:
        """Listen. Raises `ListenFailed`."""
        await self._desk.web.start()
        await self.endpoint.start()

    @property
    def calls(self) -> int:
        """Return how many calls are under way."""
        return len(self._calls)

    async def drain(self) -> None:
        """Take no more calls; those under way go on."""
        await self.endpoint.close_doors()

    async def until_idle(self) -> None:
        """Wait until no call is under way."""
        await self._idle.wait()

    async def stop(self) -> None:
        """End every call, close its files, and stop listening."""
        self.endpoint.close_doors()
        for call in list(self._calls.values()):
            call.end_now()
        try:
            await asyncio.wait_for(self.until_idle(), END_S)
        except TimeoutError:
            self._tell(f"{len(self._calls)} calls did not end in time")
        await self._desk.web.stop()
        self._desk.sounds.close()
        await self.endpoint.stop()

    def _offered(self, offer: Incoming) -> None:
        host = offer.source.rpartition(":")[0]
        request = read_request(offer.request, trusted=host in self._options.trusted)
        call = LiveCall(self.endpoint, self._desk, offer, request, lambda _call: self._over(offer.key))
        self._calls[offer.key] = call
        self._idle.clear()
        transcript = self._transcripts[call.short_id] = Transcript(self._machine)
        self._tell(f"{call.short_id}  {transcript.head()}".rstrip())
        if not request.has_sdp:
            self._tell(f"{call.short_id}  the INVITE of {offer.source} offers no media; we offer ours")
        call.begin()

    def _entry(self, call_id: str, entry: Entry) -> None:
        self._keep(call_id, entry)
        for line in self._transcripts[call_id].lines(entry):
            self._tell(f"{call_id}  {line}")

    def _keep(self, call_id: str, entry: Entry) -> None:
        """Write an entry into the journal of its call. The call goes on without a journal that fails."""
        try:
            if self._shelf is not None and isinstance(entry.event, CallOffered):
                self._books[call_id] = self._shelf.begin(call_id, entry.event)
            if (book := self._books.get(call_id)) is not None:
                book.add(entry)
        except OSError as error:
            self._books.pop(call_id, None)
            self._tell(f"{call_id}  the journal cannot be written: {error.strerror or error}")

    def _over(self, key: int) -> None:
        call = self._calls.pop(key)
        if (book := self._books.pop(call.short_id, None)) is not None:
            book.close()
        self._transcripts.pop(call.short_id, None)
        self.endpoint.forget(key)
        self.endpoint.release(key)
        for trouble in call.runner.troubles:
            self._tell(f"{call.short_id}  {trouble}")
        ending = call.runner.session.disposition
        self._tell(f"{call.short_id}  outcome: {ending.value if ending else 'unknown'}")
        self.done += 1
        if not self._calls:
            self._idle.set()


async def serve_until_told(server: Server, tell: Callable[[str], None]) -> None:
    """Answer calls until SIGINT or SIGTERM; then let those under way go on, until a second one ends them."""
    asked = asyncio.Event()
    asked_again = asyncio.Event()

    def ask() -> None:
        (asked_again if asked.is_set() else asked).set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ask)
    await asked.wait()
    await server.drain()
    if server.calls:
        tell(f"no new calls are taken; {server.calls} under way go on (once more to end them)")
        waits = [asyncio.create_task(server.until_idle()), asyncio.create_task(asked_again.wait())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for task in waits:
            task.cancel()
    await server.stop()
