"""`callflow demo`: a whole call on this machine, between three processes, shown as a ladder."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    import asyncio

    from callflow.cli.load import Loaded

CALL_S: Final = 40.0
"""A demo that has not ended by then will not: it takes some fifteen seconds."""


@click.command()
@click.option("--recordings", default="recordings", show_default=True, type=click.Path(file_okay=False),
              help="Folder for the recording.")  # fmt: skip
def command(recordings: str) -> None:
    """See a whole call: a phone calls the reception, presses 1, talks to an agent, and is recorded.

    Three processes speak SIP and RTP to each other on this machine's loopback; nothing else has to be there.
    """
    from callflow.cli import sip
    from callflow.cli.load import load_machine

    sip.need_sip()
    loaded = load_machine(str(_reception()))
    sip.run_and_leave(_demo(loaded, Path(recordings)))


def _reception() -> Path:
    """Return the example: from the installed package, or from the checkout."""
    package = Path(__file__).parents[1]
    packed = package / "_examples" / "reception.flow"
    return packed if packed.is_file() else package.parent / "examples" / "reception.flow"


async def _demo(loaded: "Loaded", recordings: Path) -> int:
    import asyncio

    from callflow.almanac.almanac import Schedules
    from callflow.cli.serve import prepared_sounds
    from callflow.pjsip.options import EndpointOptions
    from callflow.pjsip.server import ServeOptions, Server

    click.echo(f"scheme: {_reception()}")
    sounds = await prepared_sounds(loaded, recordings)
    anna, anna_uri = await _agent("--after", "2s", "--play", str(_sentence()))
    boris, boris_uri = await _agent("--never")
    options = ServeOptions(
        endpoint=EndpointOptions(port=0), recordings=recordings, agents={"anna": anna_uri, "boris": boris_uri}
    )
    almanac = Schedules(loaded.machine, forced={"office": True})
    server = Server(loaded.machine, almanac, sounds, options, _tell)
    await server.start()
    click.echo(f"callflow answers at sip:127.0.0.1:{server.endpoint.port}, anna at {anna_uri}, boris at {boris_uri}\n")
    uri = f"sip:+4989100@127.0.0.1:{server.endpoint.port}"
    caller = await _process(
        "dial", uri, "--from", "+4930123456", "--press", "wwww1", "--play", str(_sentence()), "--hangup-after", "13s"
    )
    try:
        status = await asyncio.wait_for(caller.wait(), CALL_S)
        await asyncio.wait_for(server.until_idle(), CALL_S)
    finally:
        for process in (caller, anna, boris):
            if process.returncode is None:
                process.terminate()
                await process.wait()
    await server.stop()
    return _report(status, recordings)


def _tell(line: str) -> None:
    """Write a line without the number of the call: there is one call only."""
    click.echo(re.sub(r"^[0-9a-f]{8}  ", "", line))


def _report(status: int, recordings: Path) -> int:
    files = sorted(recordings.glob("*.wav"), key=lambda path: path.stat().st_mtime)
    if status != 0 or not files:
        click.echo("the call did not go as it should", err=True)
        return 1
    from callflow.speech.wav import inspect

    info = inspect(files[-1])
    click.echo(f"\nrecording: {files[-1]} ({info.duration_ms / 1000:.1f} s, both sides)")
    return 0


async def _agent(*options: str) -> "tuple[asyncio.subprocess.Process, str]":
    """Start an agent's phone in a process of its own and return its address."""
    process = await _process("answer", "--listen", "127.0.0.1:0", "--calls", "1", *options)
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode().strip()
    return process, line.rpartition(" ")[2]


async def _process(*arguments: str) -> "asyncio.subprocess.Process":
    import asyncio

    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "callflow", *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )


def _sentence() -> Path:
    """Return what caller and agent say to each other."""
    from callflow.cli.paths import cache_dir
    from callflow.speech.engines import find_engine
    from callflow.speech.speaker import Speaker

    words = "Good morning, this is Anna. How can I help you? Let me look that up for you, one moment please."
    return Speaker(cache_dir(), find_engine()).sound_for(words, "en")
