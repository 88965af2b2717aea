"""A web service on loopback that says what a test wants, well-formed or not, and keeps what it was asked."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

Says = Callable[[asyncio.StreamWriter], Awaitable[None]]


def response(body: bytes = b"", status: str = "200 OK", *headers: str) -> bytes:
    """Return a response as it goes over the line."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Service:
    """What was asked, and what is answered: bytes, or a function that writes them."""

    def __init__(self, *says: bytes | Says) -> None:
        self.says = list(says)
        self.asked: list[bytes] = []
        self.port = 0
        self.news = asyncio.Event()

    @property
    def origin(self) -> str:
        """Return how an operator allows it."""
        return f"http://127.0.0.1:{self.port}"

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (int(one[15:]) for one in head.lower().split(b"\r\n") if one.startswith(b"content-length:")), 0
            )
            self.asked.append(head + await reader.readexactly(length))
            self.news.set()
            says = self.says.pop(0) if len(self.says) > 1 else self.says[0]
            if isinstance(says, bytes):
                writer.write(says)
                await writer.drain()
            else:
                await says(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def served(service: Service, tls: ssl.SSLContext | None = None) -> AsyncIterator[Service]:
    """Have a service on any port of loopback."""
    async with await asyncio.start_server(service.connected, "127.0.0.1", 0, ssl=tls) as server:
        service.port = server.sockets[0].getsockname()[1]
        yield service
