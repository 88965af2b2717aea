"""One request to a web service, bounded in time, size and reach. The only importer of `httpx2`.

The name of a service is looked up here and the connection goes to the address that was found fit, so that a second
look-up cannot lead elsewhere; certificates are still checked against the name. Nothing is followed, no connection is
kept, no proxy of the environment is used.
"""

import asyncio
import socket
import ssl
import zlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from typing import TYPE_CHECKING, Final

import attrs

from callflow.web.hosts import HTTP_PORT, HTTPS_PORT, Origin, is_public

if TYPE_CHECKING:
    import httpx2

ANSWER_BYTES_MAX: Final = 65_536
"""An answer, after it was unpacked. A scheme reads some fields of it."""

ADDRESSES_TRIED_MAX: Final = 3
RESOLVERS: Final = 4
"""Names looked up at once: the system's function cannot be called off."""

_GZIP: Final = 16 + zlib.MAX_WBITS

Resolve = Callable[[str, int], list[str]]


class AskFailed(Exception):
    """A web service was not asked, or said nothing of use; the message says why, in a few words."""


@attrs.frozen
class Answer:
    """What a web service said."""

    status: int
    body: bytes


def look_up(host: str, port: int) -> list[str]:
    """Return the addresses of a host. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Client:
    """Asks web services. Made in the event loop that uses it; its import takes 0.1 s."""

    def __init__(
        self, allowed: Iterable[Origin], resolve: Resolve = look_up, tls: ssl.SSLContext | None = None
    ) -> None:
        import httpx2  # noqa: PLC0415  as said above

        self._web = httpx2
        self._allowed = {(one.scheme, one.host, one.port): one for one in allowed}
        self._resolve = resolve
        self._resolvers = ThreadPoolExecutor(RESOLVERS, thread_name_prefix="names")
        self._client = httpx2.AsyncClient(
            verify=tls or httpx2.create_ssl_context(),
            trust_env=False,
            follow_redirects=False,
            timeout=None,
            limits=httpx2.Limits(max_keepalive_connections=0),
            headers={"User-Agent": "Callflow", "Accept": "application/json", "Accept-Encoding": "gzip"},
        )

    async def close(self) -> None:
        """Let go of everything."""
        self._resolvers.shutdown(wait=False, cancel_futures=True)
        await self._client.aclose()

    async def ask(self, url: str, timeout_s: float, body: bytes | None = None) -> Answer:
        """Return what a service says to a GET, or to a POST of JSON. Raises `AskFailed`. Never takes longer."""
        try:
            async with asyncio.timeout(timeout_s):
                return await self._ask(url, body)
        except TimeoutError:
            raise AskFailed(f"no answer within {timeout_s:g}s") from None

    async def _ask(self, url: str, body: bytes | None) -> Answer:
        web = self._web
        try:
            wanted = web.URL(url)
        except web.InvalidURL:
            raise AskFailed("no address of a web service") from None
        host = wanted.raw_host.decode("ascii").lower()
        addresses = (await self._addresses(wanted, host))[:ADDRESSES_TRIED_MAX]
        for number, address in enumerate(addresses, 1):
            try:
                return await self._ask_at(address, wanted, host, body)
            except web.ConnectError as error:
                if number == len(addresses):
                    raise AskFailed(_why(error)) from None
            except web.TransportError:
                raise AskFailed("the connection broke off") from None
        raise AskFailed("no connection")

    async def _addresses(self, url: "httpx2.URL", host: str) -> list[str]:
        """Return where a service may be asked."""
        port = url.port or {"https": HTTPS_PORT, "http": HTTP_PORT}.get(url.scheme)
        if not host or port is None:
            raise AskFailed("no address of a web service")
        origin = self._allowed.get((url.scheme, host, port))
        if origin is None:
            plain = url.scheme == "https" and url.port is None
            where = host if plain else f"{url.scheme}://{host}" + (f":{url.port}" if url.port else "")
            raise AskFailed(f"not allowed: {where}")
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._resolvers, self._resolve, host, port)
        except (OSError, UnicodeError):
            raise AskFailed(f"no such host: {host}") from None
        fit = [address for address in found if origin.inside or is_public(address)]
        if not fit:
            raise AskFailed(f"not allowed: {host} is inside, name it with its port")
        return fit

    async def _ask_at(self, address: str, url: "httpx2.URL", host: str, body: bytes | None) -> Answer:
        headers = {"Host": url.netloc.decode("ascii")}
        if body is not None:
            headers["Content-Type"] = "application/json"
        async with self._client.stream(
            "GET" if body is None else "POST",
            url.copy_with(host=address),
            content=body,
            headers=headers,
            extensions={"sni_hostname": host},
        ) as response:
            packed = b""
            async with aclosing(response.aiter_raw()) as pieces:
                async for piece in pieces:
                    packed += piece
                    if len(packed) > ANSWER_BYTES_MAX:
                        raise AskFailed(f"the answer is longer than {ANSWER_BYTES_MAX // 1024} KiB")
            return Answer(response.status_code, _unpacked(packed, response.headers.get("content-encoding", "")))


def _unpacked(packed: bytes, how: str) -> bytes:
    """Return a body as it was before it was packed, of which no more than fits is ever made."""
    if how.lower() in ("", "identity") or not packed:
        return packed
    if how.lower() not in ("gzip", "x-gzip"):
        raise AskFailed("the answer is packed in a way that was not asked for")
    try:
        body = zlib.decompressobj(_GZIP).decompress(packed, ANSWER_BYTES_MAX + 1)
    except zlib.error:
        raise AskFailed("the answer cannot be unpacked") from None
    if len(body) > ANSWER_BYTES_MAX:
        raise AskFailed(f"the answer is longer than {ANSWER_BYTES_MAX // 1024} KiB")
    return body


def _why(error: BaseException | None) -> str:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return "no secure connection"
        error = error.__cause__ or error.__context__
    return "no connection"
