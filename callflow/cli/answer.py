"""`callflow answer`: take calls as a scripted phone."""

from pathlib import Path

import click


@click.command()
@click.option("--listen", default="127.0.0.1:5080", show_default=True, metavar="HOST:PORT", help="Where calls come in.")
@click.option("--after", default="2s", show_default=True, help="How long to ring before answering.")
@click.option("--refuse", type=click.IntRange(300, 699), help="Refuse with this SIP status instead.")
@click.option("--never", is_flag=True, help="Ring and never answer.")
@click.option("--play", type=click.Path(exists=True, dir_okay=False), help="WAV file to say.")
@click.option("--record", type=click.Path(dir_okay=False), help="WAV file for what is heard.")
@click.option("--hangup-after", default="60s", show_default=True, help="When to hang up, counted from the answer.")
@click.option("--calls", default=0, type=click.IntRange(0), help="Stop after so many calls; 0: never.")
def command(
    listen: str,
    after: str,
    refuse: int | None,
    never: bool,
    play: str | None,
    record: str | None,
    hangup_after: str,
    calls: int,
) -> None:
    """Take calls as a phone without a sound card, one after another: an agent to test a scheme with."""
    from callflow.cli import sip

    if record is not None and not record.endswith(".wav"):
        raise click.UsageError(f"`{record}` should end in `.wav`")
    sip.need_sip()
    code = 0 if never else refuse or 200
    files = (Path(record) if record else None, Path(play) if play else None)
    host, port = sip.host_and_port(listen, 5080)
    sip.run_and_leave(_answer(host, port, code, sip.seconds(after), files, sip.seconds(hangup_after), calls))


async def _answer(
    host: str, port: int, code: int, after_s: float, files: tuple[Path | None, Path | None], stay_s: float, calls: int
) -> int:
    from callflow.pjsip.phone import Phone, phone_options

    phone = Phone(phone_options(host, port), click.echo)
    await phone.endpoint.start()
    click.echo(f"answering at sip:{host}:{phone.endpoint.port}")
    taken = 0
    while calls == 0 or taken < calls:
        await phone.answer(after_s, code, *files, stay_s)
        taken += 1
    await phone.endpoint.stop()
    return 0
