"""`callflow dial`: call a number as a scripted phone."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from callflow.pjsip.phone import Call


@click.command()
@click.argument("uri")
@click.option("--press", default="", metavar="KEYS", help="Keys to press once answered: `w` waits 1 s, a comma 0.5 s.")
@click.option("--record", type=click.Path(dir_okay=False), help="WAV file for what is heard.")
@click.option("--play", type=click.Path(exists=True, dir_okay=False), help="WAV file to say.")
@click.option("--from", "shown", default="", metavar="NUMBER", help="Number to call from.")
@click.option("--ring", default="60s", show_default=True, help="How long to let it ring.")
@click.option("--hangup-after", default="60s", show_default=True, help="When to hang up, counted from the answer.")
def command(
    uri: str, press: str, record: str | None, play: str | None, shown: str, ring: str, hangup_after: str
) -> None:
    """Call the SIP address URI as a phone without a sound card.

    The exit status is 0 when the call was answered, 1 when it was not, 2 for a mistake in the command.
    """
    from callflow.cli import sip

    if not uri.startswith("sip:") or len(uri) <= len("sip:"):
        raise click.UsageError(f"`{uri}` is no address such as `sip:100@127.0.0.1:5060`")
    if record is not None and not record.endswith(".wav"):
        raise click.UsageError(f"`{record}` should end in `.wav`")
    sip.need_sip()
    from callflow.pjsip.phone import Call, ScriptRefused, read_script, shown_number

    try:
        script = read_script(press)
    except ScriptRefused as refused:
        raise click.UsageError(str(refused)) from None
    call = Call(
        uri=uri,
        script=script,
        record=Path(record) if record else None,
        play=Path(play) if play else None,
        ring_s=sip.seconds(ring),
        stay_s=sip.seconds(hangup_after),
        shown=shown_number(shown, "127.0.0.1"),
    )
    sip.run_and_leave(_dial(call))


async def _dial(call: "Call") -> int:
    from callflow.pjsip.phone import Phone, phone_options

    phone = Phone(phone_options(), click.echo)
    await phone.endpoint.start()
    ended = await phone.call(call)
    await phone.endpoint.stop()
    return 0 if ended.answered else 1
