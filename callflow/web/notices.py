"""Events told to the operator's web service: in order, in the background, tried again, and never kept for ever."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from callflow.web.client import Answer, AskFailed

WAITING_MAX: Final = 1_000
"""Events that wait to be told. With the service down for longer it is the newest that are lost."""

TRIES_MAX: Final = 3
PAUSES_S: Final = (1.0, 5.0)
"""Before the second try and before the third."""

ANSWER_S: Final = 5.0
"""How long the service may take to say that it has an event."""

LAST_S: Final = 5.0
"""How long the end waits for events that are still to be told."""

_SUCCESS: Final = range(200, 300)
_WORTH_ANOTHER_TRY: Final = (408, 425, 429, *range(500, 600))

Post = Callable[[str, float, bytes], Awaitable[Answer]]


class Notices:
    """Tells one web service of events. `told` is told of those that it will never hear of."""

    def __init__(
        self,
        url: str,
        post: Post,
        tell: Callable[[str], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._url = url
        self._post = post
        self._tell = tell
        self._sleep = sleep
        self._waiting: deque[tuple[str, bytes]] = deque()
        self._lost = 0
        self._more = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()
        self._task = asyncio.get_running_loop().create_task(self._run())

    def put(self, name: str, body: bytes) -> None:
        """Have an event told. `name` is what it is called when it is lost."""
        if len(self._waiting) >= WAITING_MAX:
            if not self._lost:
                self._tell(f"{WAITING_MAX} events wait to be told: `{name}` is lost, and more until some are")
            self._lost += 1
            return
        if self._lost:
            self._tell(f"{self._lost} events were lost")
            self._lost = 0
        self._waiting.append((name, body))
        self._empty.clear()
        self._more.set()

    async def close(self) -> None:
        """Tell what can be told in a short time, and say how much is lost."""
        try:
            await asyncio.wait_for(self._empty.wait(), LAST_S)
        except TimeoutError:
            self._tell(f"{len(self._waiting)} events were not told")
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self._more.wait()
            while self._waiting:
                name, body = self._waiting[0]
                trouble = await self._told(body)
                if trouble:
                    self._tell(f"the event `{name}` was not told: {trouble}")
                self._waiting.popleft()
            self._more.clear()
            self._empty.set()

    async def _told(self, body: bytes) -> str:
        """Return why an event could not be told; empty: it was."""
        trouble = ""
        for number in range(TRIES_MAX):
            if number:
                await self._sleep(PAUSES_S[number - 1])
            try:
                status = (await self._post(self._url, ANSWER_S, body)).status
            except AskFailed as error:
                trouble = str(error)
                continue
            if status in _SUCCESS:
                return ""
            trouble = f"status {status}"
            if status not in _WORTH_ANOTHER_TRY:
                break
        return trouble
