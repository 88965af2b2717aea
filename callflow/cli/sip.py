"""What the commands that speak SIP share: addresses on the command line, durations, and leaving the process."""

import os
import sys
from collections.abc import Coroutine
from typing import Any, NoReturn

import click


def host_and_port(text: str, default_port: int) -> tuple[str, int]:
    """Return `HOST`, `HOST:PORT` or `:PORT` as its parts. Raises click.UsageError."""
    host, _, port = text.rpartition(":") if ":" in text else (text, "", "")
    if port and (not port.isascii() or not port.isdigit() or int(port) > 65_535):  # noqa: PLR2004  the last port
        raise click.UsageError(f"`{text}` is no address such as `127.0.0.1:5060`")
    return host or "127.0.0.1", int(port) if port else default_port


def port_range(text: str) -> tuple[int, int]:
    """Return `A-B` as its parts. Raises click.UsageError."""
    first, _, last = text.partition("-")
    if not (first.isdigit() and last.isdigit() and 1_024 <= int(first) < int(last) <= 65_535):  # noqa: PLR2004
        raise click.UsageError(f"`{text}` is no range of ports such as `12000-12199`")
    return int(first), int(last)


def seconds(text: str) -> float:
    """Return a duration such as `10s` in seconds. Raises click.UsageError."""
    from callflow.sim.behaviour import Refused, parse_duration

    try:
        return parse_duration(text) / 1000
    except Refused as refused:
        raise click.UsageError(str(refused)) from None


def run_and_leave(work: Coroutine[Any, Any, int]) -> NoReturn:
    """Run something that speaks SIP, and leave the process as the library wants: at once, without its destructors."""
    import asyncio

    from callflow.pjsip.errors import ListenFailed, OptionRefused

    status = 1
    try:
        status = asyncio.run(work)
    except (ListenFailed, OptionRefused) as error:
        click.echo(str(error), err=True)
    except KeyboardInterrupt:
        status = 130
    except BaseException:  # noqa: BLE001  it is told, and the process still leaves in its own way
        import traceback

        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def need_sip() -> None:
    """End the command with a plain word where there is no SIP stack."""
    from callflow.pjsip.errors import SipUnavailable

    try:
        import callflow.pjsip.binding  # noqa: F401
    except SipUnavailable as missing:
        click.echo(str(missing), err=True)
        sys.exit(1)
