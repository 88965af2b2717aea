"""The web as a live call sees it: services that are asked, and one that is told. One for all calls of a process."""

import json
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import attrs

from callflow.machine.model import Value
from callflow.web.client import AskFailed, Client
from callflow.web.fields import AnswerRefused, fields_of
from callflow.web.hosts import Origin, origin_of, read_origin
from callflow.web.notices import Notices

NO_CONTENT: Final = 204
_SUCCESS: Final = range(200, 300)


@attrs.frozen
class WebOptions:
    """What the operator allows."""

    allowed: tuple[Origin, ...] = ()
    """Web services that schemes may ask."""
    notify: str = ""
    """Who is told of events. That this may be asked says nothing of schemes."""


@attrs.frozen
class Said:
    """What a web service said. `trouble` is empty when it said something that was understood."""

    fields: dict[str, Value] = attrs.field(factory=dict)
    trouble: str = ""


class Web:
    """Web services. Nothing is imported, and no name looked up, where the operator allows nothing."""

    def __init__(self, options: WebOptions, tell: Callable[[str], None]) -> None:
        self._options = options
        self._tell = tell
        self._clients: list[Client] = []
        self._asked: Client | None = None
        self._notices: Notices | None = None

    async def start(self) -> None:
        """Get ready."""
        if self._options.allowed:
            self._asked = self._new_client(self._options.allowed)
        if self._options.notify:
            client = self._new_client((origin_of(self._options.notify),))
            self._notices = Notices(self._options.notify, client.ask, self._tell)

    def _new_client(self, allowed: tuple[Origin, ...]) -> Client:
        client = Client(allowed)
        self._clients.append(client)
        return client

    async def stop(self) -> None:
        """Tell what is still to be told, and let go of everything."""
        if self._notices is not None:
            await self._notices.close()
        for client in self._clients:
            await client.close()

    async def ask(self, url: str, timeout_ms: int, post: dict[str, Value] | None) -> Said:
        """Return the fields of what a web service says; never later than after `timeout_ms`, and never raises."""
        if self._asked is None:
            return Said(trouble="not allowed: no web service is")
        body = None if post is None else json.dumps(post).encode()
        try:
            answer = await self._asked.ask(url, timeout_ms / 1000, body)
            if answer.status not in _SUCCESS:
                return Said(trouble=f"status {answer.status}")
            return Said({} if answer.status == NO_CONTENT else fields_of(answer.body))
        except (AskFailed, AnswerRefused) as error:
            return Said(trouble=str(error))
        except Exception:  # noqa: BLE001  our mistake must not leave a caller waiting
            self._tell(traceback.format_exc())
            return Said(trouble="a mistake of ours")

    def notify(self, event: str, call_id: str, at_ms: int, fields: dict[str, Value]) -> None:
        """Have somebody told of an event, if anybody wants to know. Returns at once."""
        if self._notices is not None:
            at = datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            body = json.dumps({"event": event, "call": call_id, "at": at, "fields": fields}).encode()
            self._notices.put(f"{event} of {call_id}", body)


def options_of(hosts: tuple[str, ...], notify: str) -> WebOptions:
    """Return the options that an operator wrote. Raises `HostRefused`."""
    if notify:
        origin_of(notify)
    return WebOptions(tuple(read_origin(host) for host in hosts), notify)
