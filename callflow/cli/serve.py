"""`callflow serve`: answer telephone calls with a scheme."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from callflow.cli.directory import directory_option

if TYPE_CHECKING:
    from callflow.cli.load import Loaded
    from callflow.journals.shelf import Shelf
    from callflow.pjsip.server import ServeOptions
    from callflow.pjsip.sounds import Sounds


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--listen", default="127.0.0.1:5060", show_default=True, metavar="HOST:PORT", help="Where calls come in.")
@click.option("--rtp-ports", default="12000-12199", show_default=True, metavar="A-B", help="Ports for sound.")
@click.option("--codecs", default="PCMU,PCMA", show_default=True, help="Codecs, the best first.")
@click.option("--recordings", default="recordings", show_default=True, type=click.Path(file_okay=False),
              help="Folder for recordings and messages.")  # fmt: skip
@click.option("--trunk", default="", metavar="SIP-URI", help="Where calls to telephone numbers leave.")
@click.option("--agent", "agents", multiple=True, metavar="NAME=URI", help="Another address for an agent.")
@click.option("--agents-transfer", is_flag=True,
              help="Let agents hand callers over from their phones to any SIP address.")  # fmt: skip
@click.option("--trust", "trusted", multiple=True, metavar="HOST",
              help="Believe the P-Asserted-Identity of calls from this host.")  # fmt: skip
@click.option("--open", "opened", multiple=True, metavar="SCHEDULE", help="Hold a schedule open.")
@click.option("--closed", multiple=True, metavar="SCHEDULE", help="Hold a schedule closed.")
@click.option("--allow-host", "allowed", multiple=True, metavar="HOST",
              help="Let schemes ask this web service: crm.example.com, or http://127.0.0.1:8080.")  # fmt: skip
@click.option("--notify", default="", metavar="URL", help="Who is told of events.")
@click.option("--journals", type=click.Path(file_okay=False), metavar="DIR",
              help="Keep a journal of each call, for `callflow replay`.")  # fmt: skip
@click.option("--tls", is_flag=True, hidden=True)
@directory_option
def command(
    file: str,
    listen: str,
    rtp_ports: str,
    codecs: str,
    recordings: str,
    trunk: str,
    agents: tuple[str, ...],
    agents_transfer: bool,
    trusted: tuple[str, ...],
    opened: tuple[str, ...],
    closed: tuple[str, ...],
    allowed: tuple[str, ...],
    notify: str,
    journals: str | None,
    tls: bool,
) -> None:
    """Answer telephone calls with the scheme or machine FILE.

    SIP over UDP and TCP. Every event of a call is a line. Ctrl-C lets the calls under way finish; a second one ends
    them.
    """
    from callflow.cli import sip
    from callflow.cli.load import load_machine

    sip.need_sip()
    loaded = load_machine(file)
    forced = dict.fromkeys(opened, True) | dict.fromkeys(closed, False)
    for name in forced:
        if name not in loaded.machine.schedules:
            raise click.UsageError(f"the scheme has no schedule `{name}`")
    from callflow.pjsip.admission import phones_of
    from callflow.pjsip.options import EndpointOptions
    from callflow.pjsip.server import ServeOptions
    from callflow.web.hosts import HostRefused
    from callflow.web.web import options_of

    host, port = sip.host_and_port(listen, 5060)
    first, last = sip.port_range(rtp_ports)
    try:
        web = options_of(allowed, notify)
    except HostRefused as error:
        raise click.UsageError(str(error)) from None
    options = ServeOptions(
        endpoint=EndpointOptions(
            host=host,
            port=port,
            rtp_first=first,
            rtp_last=last,
            codecs=tuple(one.strip() for one in codecs.split(",") if one.strip()),
            phones=phones_of(loaded.machine),
            transports=("udp", "tcp", "tls") if tls else ("udp", "tcp"),
        ),
        recordings=Path(recordings),
        trunk=trunk,
        agents=dict(_agent(one, loaded) for one in agents),
        agents_transfer=agents_transfer,
        trusted=trusted,
        web=web,
    )
    if options.endpoint.exposed:
        click.echo(f"{host} can be reached from other machines: put a SIP proxy in front, never strangers", err=True)
    shelf = _shelf(journals, loaded, file) if journals is not None else None
    sip.run_and_leave(_serve(loaded, options, forced, shelf))


def _agent(text: str, loaded: "Loaded") -> tuple[str, str]:
    name, equals, uri = text.partition("=")
    if not equals or name not in loaded.machine.agents:
        raise click.UsageError(f"`{text}` should be an agent of the scheme with an address: `anna=sip:anna@127.0.0.1`")
    return name, uri


def _shelf(folder: str, loaded: "Loaded", file: str) -> "Shelf":
    from callflow.journals.shelf import Shelf

    try:
        return Shelf(Path(folder), loaded.machine, file)
    except OSError as error:
        raise click.UsageError(f"cannot write to `{folder}`: {(error.strerror or 'no').lower()}") from None


async def _serve(loaded: "Loaded", options: "ServeOptions", forced: dict[str, bool], shelf: "Shelf | None") -> int:
    from callflow.almanac.almanac import Schedules
    from callflow.pjsip.server import Server, serve_until_told

    sounds = await prepared_sounds(loaded, options.recordings)
    server = Server(loaded.machine, Schedules(loaded.machine, forced=forced), sounds, options, click.echo, shelf)
    await server.start()
    where = f"{options.endpoint.host}:{server.endpoint.port}"
    name = loaded.machine.scheme or "the scheme"
    click.echo(
        f"{name} answers at sip:{where} (UDP, TCP); {server.endpoint.slots} legs at once; Ctrl-C ends it", err=True
    )
    await serve_until_told(server, lambda line: click.echo(line, err=True))
    return 0


async def prepared_sounds(loaded: "Loaded", recordings: Path) -> "Sounds":
    """Return the sounds of a scheme, made before the first call, with progress on a terminal."""
    import asyncio

    from callflow.cli.paths import cache_dir
    from callflow.pjsip.sounds import Sounds
    from callflow.speech.engines import find_engine
    from callflow.speech.speaker import Speaker

    folder = cache_dir()
    sounds = Sounds(loaded.base_dir, Speaker(folder, find_engine()), folder, recordings)

    def progress(done: int, of: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\rsounds {done}/{of}" + ("\n" if done == of else ""), nl=False, err=True)

    for trouble in await asyncio.to_thread(sounds.prepare, loaded.machine, progress):
        click.echo(trouble, err=True)
    return sounds
