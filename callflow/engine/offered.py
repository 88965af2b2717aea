"""A call before its first step: who calls whom, and what is known of them."""

from callflow.engine.events import CallOffered
from callflow.engine.session import Facts, Nothing, Session
from callflow.machine.model import Machine, Value


def offered(machine: Machine, offer: CallOffered) -> Session:
    """Return a call before its first step."""
    return Session(
        facts=Facts(offer.caller, offer.called, offer.caller_name, offer.started_ms, offer.lines, offer.seed),
        state=machine.numbers.get(offer.called, machine.start),
        activity=Nothing(),
        at_ms=offer.at_ms,
        answered=False,
        ringing=False,
        early=False,
        recording=False,
        talked=False,
        message=False,
        no_input=False,
        language=machine.languages[0],
        names=_names(machine, offer),
        typed="",
        visits={},
        next_ticket=1,
        hand_overs=0,
        disposition=None,
    )


def _names(machine: Machine, offer: CallOffered) -> dict[str, Value]:
    """Return what a call knows from the beginning."""
    names: dict[str, Value] = {
        "caller.number": offer.caller or None,
        "caller.name": offer.caller_name or None,
        "caller.country": offer.country or None,
        "caller.hidden": not offer.caller,
        "called.number": offer.called or None,
        "call.id": offer.call_id or None,
        "call.started": offer.started_ms,
        "call.diverted_from": offer.diverted_from or None,
    }
    names |= {f"header.{name}": value for name, value in offer.headers.items()}
    return names | {name: value for name, value in offer.remembered.items() if name in machine.remembered}
