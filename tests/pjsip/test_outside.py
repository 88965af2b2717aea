"""What a scheme learns of a call and of the web, and what the web learns of the call, on real calls."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from callflow.engine.events import CallOffered, Fetched
from callflow.runner.journal import Entry
from callflow.speech.wav import write_tone
from tests.phones.goertzel import heard
from tests.phones.phone import Phone
from tests.port.served import Served


class Crm:
    """A web service on loopback."""

    def __init__(self) -> None:
        self.asked: SimpleQueue[tuple[str, str, Any]] = SimpleQueue()
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.put(("GET", self.path, None))
                self._say(404 if "nobody" in self.path else 200, {"tier": "gold", "agent": {"name": "anna"}})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                asked.put(("POST", self.path, json.loads(body)))
                self._say(200, {"known": True})

            def _say(self, status: int, what: object) -> None:
                body = json.dumps(what).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def crm() -> Iterator[Crm]:
    """Return a web service."""
    service = Crm()
    yield service
    service.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a scheme's folder with two tones."""
    write_tone(tmp_path / "gold.wav", 1_500, 600)
    write_tone(tmp_path / "other.wav", 800, 600)
    return tmp_path


def fetched(journal: tuple[Entry, ...]) -> list[Fetched]:
    return [entry.event for entry in journal if isinstance(entry.event, Fetched)]


def test_a_call_goes_by_what_a_web_service_says(folder: Path, crm: Crm) -> None:
    scheme = f"""start {{
        answer
        fetch crm from "{crm.origin}/callers/{{caller.number}}" timeout 2s {{ failed hangup }}
        when crm.tier == "gold" play "gold.wav"
        else play "other.wav"
        fetch seen from "{crm.origin}/seen" timeout 2s post {{ number: caller.number, agent: crm.agent.name }}
    }}"""
    with (
        Served(scheme, folder, allowed=crm.origin) as served,
        Phone(user="+38511234567", record=folder / "heard.wav") as caller,
    ):
        caller.dial(served.uri)
        journal = served.until_over()
    assert crm.asked.get_nowait() == ("GET", "/callers/+38511234567", None)
    assert crm.asked.get_nowait() == ("POST", "/seen", {"number": "+38511234567", "agent": "anna"})
    assert [event.fields for event in fetched(journal)] == [{"tier": "gold", "agent.name": "anna"}, {"known": True}]
    assert heard(folder / "heard.wav", 1_500, 0.4)


def test_what_was_not_allowed_or_fails_goes_the_other_way(folder: Path, crm: Crm) -> None:
    scheme = f"""start {{
        answer
        fetch a from "{crm.origin}/nobody" timeout 2s {{ failed play "gold.wav" }}
        fetch b from "https://elsewhere.example/" timeout 2s {{ failed play "gold.wav" }}
        hangup
    }}"""
    with Served(scheme, folder, allowed=crm.origin) as served, Phone() as caller:
        caller.dial(served.uri)
        journal = served.until_over()
    assert [event.trouble for event in fetched(journal)] == ["status 404", "not allowed: elsewhere.example"]


def test_where_nothing_is_allowed_nothing_is_asked(folder: Path) -> None:
    scheme = 'start { answer fetch a from "http://127.0.0.1:9/" timeout 8s { failed hangup } }'
    with Served(scheme, folder) as served, Phone() as caller:
        caller.dial(served.uri)
        served.until_over()


def test_events_are_told_also_when_the_caller_has_gone(folder: Path, crm: Crm) -> None:
    scheme = f"""
        start {{ answer notify "call.begun" {{ number: caller.number }} play "gold.wav" wait 9s }}
        on hangup {{
            fetch last from "{crm.origin}/last" timeout 2s {{ failed tag "lost" }}
            notify "call.over" {{ tier: last.tier, tags: call.tags }}
        }}"""
    with (
        Served(scheme, folder, allowed=crm.origin, notify=f"{crm.origin}/events") as served,
        Phone(user="+38511234567") as caller,
    ):
        caller.dial(served.uri)
        served.until_line("gold.wav")
        caller.hangup()
        journal = served.until_over()
    offered = journal[0].event
    assert isinstance(offered, CallOffered)
    told = [crm.asked.get(timeout=5) for _ in range(3)]
    posts = {said["event"]: said for kind, _, said in told if kind == "POST"}
    assert posts["call.begun"]["call"] == posts["call.over"]["call"] == offered.call_id
    assert posts["call.begun"]["fields"] == {"number": "+38511234567"}
    assert posts["call.over"]["fields"] == {"tier": "gold", "tags": None}
    assert posts["call.begun"]["at"] < posts["call.over"]["at"]


def test_an_offer_says_what_the_invite_says(folder: Path) -> None:
    headers = {
        "Diversion": '"Desk" <sip:+3851999999@pbx.example>;reason=no-answer',
        "X-Customer": "4711",
        "X-Long": "x" * 1_000,
        "Subject": "not ours",
    }
    with Served('start { answer play "gold.wav" }', folder) as served, Phone(user="+38511234567") as caller:
        for _ in range(2):
            caller.dial(served.uri, headers=headers)
            served.until_over()
            caller.wait_for("closed")
    first, second = [entry.event for entry in served.journal if isinstance(entry.event, CallOffered)]
    assert first.country == "HR"
    assert first.diverted_from == "+3851999999"
    assert first.headers == {"x-customer": "4711", "x-long": "x" * 256}
    assert first.call_id != second.call_id
    assert first.seed != second.seed
