"""One request: reached only what was allowed, bounded in time and size whatever the other side does."""

import asyncio
import gzip
import itertools
import shutil
import ssl
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from callflow.web.client import ANSWER_BYTES_MAX, AskFailed, Client
from callflow.web.hosts import Origin, read_origin
from callflow.web.web import Said, Web, WebOptions
from tests.web.service import Service, response, served

Asks = Callable[[Web, Service], Awaitable[Said]]


def said(
    service: Service, timeout_ms: int = 5_000, path: str = "/callers/1", post: dict[str, object] | None = None
) -> Said:
    """Return what is understood of a service on loopback, allowed by its port."""

    async def ask() -> Said:
        async with served(service):
            web = Web(WebOptions((read_origin(service.origin),)), print)
            await web.start()
            try:
                return await web.ask(f"{service.origin}{path}", timeout_ms, post)  # type: ignore[arg-type]
            finally:
                await web.stop()

    return asyncio.run(ask())


def test_an_answer_is_fields() -> None:
    service = Service(response(b'{"tier": "gold", "debt": 3}'))
    assert said(service, path="/callers/+4930?x=1") == Said({"tier": "gold", "debt": 3})
    head = service.asked[0].decode()
    assert head.startswith("GET /callers/+4930?x=1 HTTP/1.1\r\n")
    assert f"\r\nHost: 127.0.0.1:{service.port}\r\n" in head


def test_fields_are_posted_as_json() -> None:
    service = Service(response(b"{}"))
    assert said(service, post={"number": "+4930", "score": 5, "vip": True, "name": None}) == Said()
    head, _, body = service.asked[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /callers/1 ")
    assert b"\r\nContent-Type: application/json" in head
    assert body == b'{"number": "+4930", "score": 5, "vip": true, "name": null}'


def test_nothing_to_say_is_no_trouble() -> None:
    assert said(Service(response(status="204 No Content"))) == Said()


@pytest.mark.parametrize(
    ("says", "trouble"),
    [
        (response(b"{}", "500 Internal Server Error"), "status 500"),
        (response(b"{}", "404 Not Found"), "status 404"),
        (response(b"", "302 Found", "Location: http://127.0.0.1:1/"), "status 302"),
        (response(b"<html>"), "the answer is no JSON"),
        (response(b"[1]"), "the answer is no JSON object"),
        (response(b'{"a": "' + b"x" * ANSWER_BYTES_MAX + b'"}'), "the answer is longer than 64 KiB"),
        (response(b"{}", "200 OK", "Content-Encoding: br"), "the answer is packed in a way that was not asked for"),
        (response(b"{}", "200 OK", "Content-Encoding: gzip"), "the answer cannot be unpacked"),
        (response(b"{}")[:-1], "the connection broke off"),
        (b"", "the connection broke off"),
        (b"SIP/2.0 200 OK\r\n\r\n", "the connection broke off"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000 + b"\r\n", "the connection broke off"),
    ],
)
def test_what_went_wrong_is_said_in_few_words(says: bytes, trouble: str) -> None:
    assert said(Service(says)) == Said(trouble=trouble)


def test_a_packed_answer_is_unpacked_but_never_beyond_its_bound() -> None:
    packed = response(gzip.compress(b'{"a": 1}'), "200 OK", "Content-Encoding: gzip")
    assert said(Service(packed)) == Said({"a": 1})
    bomb = gzip.compress(b'{"a": "' + b"x" * 30_000_000 + b'"}')
    assert len(bomb) < ANSWER_BYTES_MAX
    trouble = said(Service(response(bomb, "200 OK", "Content-Encoding: gzip"))).trouble
    assert trouble == "the answer is longer than 64 KiB"


async def _nothing(_writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


def _dripping(first: bytes) -> Callable[[asyncio.StreamWriter], Awaitable[None]]:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        for _ in itertools.count():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    return drip


@pytest.mark.parametrize(
    "says",
    [_nothing, _dripping(b"HTTP/1.1 200 OK\r\nX: "), _dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")],
    ids=["silent", "slow headers", "slow body"],
)
def test_the_time_is_bounded_whatever_the_other_side_does(
    says: Callable[[asyncio.StreamWriter], Awaitable[None]],
) -> None:
    assert said(Service(says), timeout_ms=300) == Said(trouble="no answer within 0.3s")


def ask_of(
    allowed: str, url: str, addresses: list[str] | Exception, tls: ssl.SSLContext | None = None, timeout_s: float = 5
) -> str:
    """Return what keeps somebody from asking; the names of hosts are looked up as a test says."""

    def look_up(_host: str, _port: int) -> list[str]:
        if isinstance(addresses, Exception):
            raise addresses
        return addresses

    async def ask() -> str:
        client = Client((read_origin(allowed),) if allowed else (), look_up, tls)
        try:
            await client.ask(url, timeout_s)
        except AskFailed as failed:
            return str(failed)
        finally:
            await client.close()
        return ""

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("allowed", "url", "why"),
    [
        ("crm.example.com", "https://other.example.com/", "not allowed: other.example.com"),
        ("crm.example.com", "https://crm.example.com.evil.example/", "not allowed: crm.example.com.evil.example"),
        ("crm.example.com", "https://crm.example.com@evil.example/", "not allowed: evil.example"),
        ("crm.example.com", "http://crm.example.com/", "not allowed: http://crm.example.com"),
        ("crm.example.com", "https://crm.example.com:8443/", "not allowed: https://crm.example.com:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8081/", "not allowed: http://127.0.0.1:8081"),
        ("http://127.0.0.1:8080", "http://2130706433:8080/", "not allowed: http://2130706433:8080"),
        ("crm.example.com", "file:///etc/passwd", "no address of a web service"),
        ("crm.example.com", "https:///path", "no address of a web service"),
        ("crm.example.com", "crm.example.com/path", "no address of a web service"),
        ("crm.example.com", "https://a\x00b/", "no address of a web service"),
        ("crm.example.com", "", "no address of a web service"),
    ],
)
def test_only_what_was_allowed_is_asked(allowed: str, url: str, why: str) -> None:
    assert ask_of(allowed, url, AssertionError("nobody looks a name up")) == why


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fe80::1%1"]
)
def test_a_public_name_never_leads_inside(address: str) -> None:
    why = ask_of("crm.example.com", "https://crm.example.com/", [address])
    assert why == "not allowed: crm.example.com is inside, name it with its port"


def test_a_name_that_nobody_has_and_a_service_that_is_not_there() -> None:
    gone = OSError("Name or service not known")
    assert ask_of("crm.example.com", "https://crm.example.com/", gone) == "no such host: crm.example.com"
    assert ask_of("http://crm.example.com:1", "http://crm.example.com:1/", ["127.0.0.1", "::1"]) == "no connection"


def test_the_next_address_is_tried_when_nobody_is_at_the_first() -> None:
    async def ask() -> int:
        async with served(Service(response(b"{}"))) as service:
            origin = Origin("http", "crm.example.com", service.port, inside=True)
            client = Client([origin], lambda _host, _port: ["127.0.0.9", "127.0.0.1"])
            try:
                answer = await client.ask(f"http://crm.example.com:{service.port}/", 5)
            finally:
                await client.close()
            assert f"\r\nHost: crm.example.com:{service.port}\r\n".encode() in service.asked[0]
            return answer.status

    assert asyncio.run(ask()) == 200


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_a_certificate_counts_for_the_name_although_the_address_is_dialled(tmp_path: Path) -> None:
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2",
         "-subj", "/CN=crm.example.com", "-addext", "subjectAltName=DNS:crm.example.com"],
        check=True, capture_output=True,
    )  # fmt: skip
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(cert, key)
    trusting = ssl.create_default_context(cafile=str(cert))

    async def ask(host: str, trust: ssl.SSLContext | None) -> str:
        async with served(Service(response(b"{}")), server) as service:
            origin = Origin("https", host, service.port, inside=True)
            client = Client([origin], lambda _host, _port: ["127.0.0.1"], trust)
            try:
                return str((await client.ask(f"https://{host}:{service.port}/", 5)).status)
            except AskFailed as failed:
                return str(failed)
            finally:
                await client.close()

    assert asyncio.run(ask("crm.example.com", trusting)) == "200"
    assert asyncio.run(ask("other.example.com", trusting)) == "no secure connection"
    assert asyncio.run(ask("crm.example.com", None)) == "no secure connection"


def test_where_nothing_is_allowed_nothing_is_imported_or_asked() -> None:
    async def ask() -> Said:
        web = Web(WebOptions(), print)
        await web.start()
        web.notify("call.finished", "c1", 0, {})
        try:
            return await web.ask("https://crm.example.com/", 1_000, None)
        finally:
            await web.stop()

    assert asyncio.run(ask()) == Said(trouble="not allowed: no web service is")
