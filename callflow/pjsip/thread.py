"""The pj thread: the one thread that makes, uses and drops what belongs to the library.

Orders come in by a queue, and a datagram to our own SIP port (a keep-alive, which SIP ignores) ends the library's wait,
so that an order takes 0.1 ms and not half a turn. Cyclic garbage is collected in this thread and in no other, because
an object of the library that dies elsewhere aborts the process.
"""

import contextlib
import gc
import itertools
import socket
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from callflow.pjsip import binding
from callflow.pjsip.admission import Admission
from callflow.pjsip.binding import pj
from callflow.pjsip.board import Board
from callflow.pjsip.errors import ListenFailed
from callflow.pjsip.facts import Fact, Noted
from callflow.pjsip.leg import Account, Library
from callflow.pjsip.options import CALLS_WANTED, LINES_EACH, EndpointOptions

TURN_MS: Final = 10
"""The longest wait of one turn. Keys are told at the start of the next one, so this bounds how late a key is."""

COLLECT_S: Final = 5.0
"""Between two collections of cyclic garbage."""

GOODBYE_S: Final = 1.0
"""How long the end waits for the answers to its last BYEs."""

_WAKE: Final = b"\r\n\r\n"


class PjThread(threading.Thread):
    """Runs the library. `failure` says why it did not start."""

    def __init__(self, options: EndpointOptions, emit: Callable[[Fact], None]) -> None:
        super().__init__(name="pj", daemon=True)
        self.options = options
        self.numbers = itertools.count(1)
        self.ready = threading.Event()
        self.failure: str | None = None
        self.port = options.port
        self.slots = 0
        self._emit = emit
        self._orders: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()
        self._waker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._waker.setblocking(False)
        self._quit = False
        self.board = Board(emit, self.numbers, self._file_ended)

    def order(self, order: Callable[..., None], *args: Any) -> None:
        """Have a method of the board called in this thread. From any thread."""
        self._orders.append((order, args))
        if threading.current_thread() is not self:
            with contextlib.suppress(OSError):
                self._waker.sendto(_WAKE, (self.options.named_host, self.port))

    def leave(self) -> None:
        """End everything and stop."""
        self.order(self._leave)

    def run(self) -> None:
        """Run the library until told to leave."""
        library = self._open()
        if library is not None:
            self._loop(library)
            self._close(library)
        self._waker.close()

    def _leave(self) -> None:
        self._quit = True

    def _file_ended(self, key: int, serial: int) -> None:
        self.order(self.board.file_ended, key, serial)

    def _open(self) -> Any:
        binding.be_quiet()
        library: Any = Library()
        library.home = self.board
        try:
            self._start(library)
        except ListenFailed as error:
            self.failure = str(error)
        except pj.Error as error:
            self.failure = f"{error.title}: {error.reason}"
        except Exception:  # noqa: BLE001  whoever waits for us must be told, whatever it was
            self.failure = traceback.format_exc()
        if self.failure is not None:
            self.board.let_go()
            library.libDestroy(pj.PJSUA_DESTROY_NO_RX_MSG)
            library = None
        self.ready.set()
        return library

    def _start(self, library: Any) -> None:
        library.libCreate()
        config = pj.EpConfig()
        config.uaConfig.threadCnt = 0
        config.uaConfig.mainThreadOnly = True
        config.uaConfig.maxCalls = CALLS_WANTED
        config.uaConfig.userAgent = "Callflow"
        config.logConfig.level = config.logConfig.consoleLevel = 0
        config.medConfig.clockRate = config.medConfig.sndClockRate = 8000
        config.medConfig.noVad = True
        config.medConfig.ecTailLen = 0
        config.medConfig.threadCnt = 1
        library.libInit(config)
        self.slots = binding.slots_max()
        self.board.admission = Admission(self.slots, LINES_EACH, self.options.phones)
        for transport in self.options.transports:
            self._listen(library, transport)
        library.libStart()
        library.audDevManager().setNullDev()
        wanted = [name.upper() for name in self.options.codecs]
        known = {codec.codecId.partition("/")[0].upper() for codec in library.codecEnum2()}
        strange = [name for name in self.options.codecs if name.upper() not in known]
        if strange or not wanted:
            raise ListenFailed(
                f"no codec is called {', '.join(strange) or 'nothing'}: known are {', '.join(sorted(known))}"
            )
        for codec in library.codecEnum2():
            name = codec.codecId.partition("/")[0].upper()
            first = codec.codecId.startswith("speex/") and "/8000/" not in codec.codecId
            chosen = name in wanted and not first
            library.codecSetPriority(codec.codecId, 255 - wanted.index(name) if chosen else 0)
        self.board.host, self.board.port = self.options.named_host, self.port
        self.board.account = Account()
        self.board.account.home = self.board
        self.board.account.create(self._account(), True)

    def _listen(self, library: Any, transport: str) -> None:
        kind = {"udp": pj.PJSIP_TRANSPORT_UDP, "tcp": pj.PJSIP_TRANSPORT_TCP}[transport]
        config = pj.TransportConfig()
        config.port = self.port
        config.boundAddress = self.options.host
        try:
            number = library.transportCreate(kind, config)
        except pj.Error as error:
            raise ListenFailed(
                f"cannot listen on {self.options.host}:{self.port} ({transport}): {error.reason.lower()}"
            ) from None
        self.port = int(library.transportGetInfo(number).localName.rpartition(":")[2])

    def _account(self) -> Any:
        config = pj.AccountConfig()
        config.idUri = f"sip:{self.options.user}@{self.options.named_host}:{self.port}"
        media = config.mediaConfig.transportConfig
        media.port = self.options.rtp_first
        media.portRange = self.options.rtp_last - self.options.rtp_first
        media.boundAddress = self.options.host
        return config

    def _loop(self, library: Any) -> None:
        collect_at = time.monotonic() + COLLECT_S
        while not self._quit:
            self._turn(library)
            now = time.monotonic()
            if now >= collect_at:
                collect_at = now + COLLECT_S
                gc.collect()

    def _turn(self, library: Any) -> None:
        while self._orders:
            order, args = self._orders.popleft()
            try:
                order(*args)
            except Exception:  # noqa: BLE001  a mistake of ours ends an order, never the thread
                self._emit(Noted(0, traceback.format_exc()))
        wait_s = self.board.pace.wait_s(time.monotonic())
        if wait_s > 0:
            time.sleep(min(wait_s, TURN_MS / 1000))  # sound goes on; messages wait in the socket, or are sent again
        else:
            library.libHandleEvents(TURN_MS)
        try:
            self.board.tick(time.monotonic())
        except Exception:  # noqa: BLE001  as above
            self._emit(Noted(0, traceback.format_exc()))

    def _close(self, library: Any) -> None:
        self.board.end_all()
        until = time.monotonic() + GOODBYE_S
        while not self.board.idle and time.monotonic() < until:
            self._turn(library)
        time.sleep(0.1)  # the clock thread lets go of what was just disconnected
        self.board.let_go()
        gc.collect()
        library.libDestroy(pj.PJSUA_DESTROY_NO_RX_MSG)
