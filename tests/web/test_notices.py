"""Events are told in order, tried again, dropped when there are too many, and never hold anybody up."""

import asyncio
import json

import pytest

from callflow.web import notices
from callflow.web.client import Answer, AskFailed
from callflow.web.notices import PAUSES_S, WAITING_MAX, Notices
from callflow.web.web import Web, WebOptions
from tests.web.service import Service, response, served


class Far:
    """A service that answers as a test says."""

    def __init__(self, *answers: int | str) -> None:
        self.answers = list(answers)
        self.heard: list[bytes] = []
        self.slept: list[float] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def post(self, _url: str, _timeout_s: float, body: bytes) -> Answer:
        await self.gate.wait()
        self.heard.append(body)
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, str):
            raise AskFailed(answer)
        return Answer(answer, b"")

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def told(far: Far, *events: str) -> list[str]:
    """Tell events, and return what the operator was told."""
    lines: list[str] = []

    async def tell() -> None:
        notices = Notices("https://crm.example.com/", far.post, lines.append, far.sleep)
        for event in events:
            notices.put(event, event.encode())
        await notices.close()

    asyncio.run(tell())
    return lines


def test_events_are_told_in_order() -> None:
    far = Far()
    assert told(far, "a", "b", "c") == []
    assert far.heard == [b"a", b"b", b"c"]


def test_a_service_that_stumbles_is_told_again_after_growing_pauses() -> None:
    far = Far(503, "no connection", 200)
    assert told(far, "a", "b") == []
    assert far.heard == [b"a", b"a", b"a", b"b"]
    assert far.slept == list(PAUSES_S)


def test_after_three_tries_an_event_is_lost_and_said_so() -> None:
    far = Far(500, "no answer within 5s", 502)
    assert told(far, "a", "b") == ["the event `a` was not told: status 502"]
    assert far.heard == [b"a", b"a", b"a", b"b"]


def test_a_service_that_does_not_want_an_event_is_not_asked_again() -> None:
    far = Far(400)
    assert told(far, "a", "b") == ["the event `a` was not told: status 400"]
    assert far.heard == [b"a", b"b"]


def test_too_many_events_are_lost_and_counted() -> None:
    far = Far()
    lines: list[str] = []

    async def tell() -> None:
        far.gate.clear()
        notices = Notices("https://crm.example.com/", far.post, lines.append, far.sleep)
        for number in range(WAITING_MAX + 3):
            notices.put(str(number), b"")
        far.gate.set()
        await notices.close()

    asyncio.run(tell())
    assert lines == ["1000 events wait to be told: `1000` is lost, and more until some are"]
    assert len(far.heard) == WAITING_MAX


def test_the_end_does_not_wait_for_a_service_that_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    far = Far()
    lines: list[str] = []

    async def tell() -> None:
        far.gate.clear()
        monkeypatch.setattr(notices, "LAST_S", 0.05)
        telling = Notices("https://crm.example.com/", far.post, lines.append, far.sleep)
        telling.put("a", b"")
        await telling.close()

    asyncio.run(tell())
    assert lines == ["1 events were not told"]


def test_an_event_is_posted_as_json_to_a_service_that_schemes_may_not_ask() -> None:
    service = Service(response(status="202 Accepted"))

    async def tell() -> str:
        async with served(service):
            web = Web(WebOptions(notify=f"{service.origin}/events"), print)
            await web.start()
            web.notify("call.finished", "c1", 1_700_000_000_123, {"number": "+4930", "waited": 12, "tag": None})
            asked = await web.ask(f"{service.origin}/events", 1_000, None)
            await web.stop()
            return asked.trouble

    assert asyncio.run(tell()) == "not allowed: no web service is"
    head, _, body = service.asked[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /events ")
    assert json.loads(body) == {
        "event": "call.finished",
        "call": "c1",
        "at": "2023-11-14T22:13:20.123Z",
        "fields": {"number": "+4930", "waited": 12, "tag": None},
    }
