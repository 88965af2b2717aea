"""What can be wrong with the ways a call can take: CF4xx, and the bounds of a machine, CF6xx."""

from collections.abc import Sequence
from typing import Final

from callflow.diagnostic import Code, Diagnostic, Fix, Severity, fixed
from callflow.limits import CALL_MS_MAX, STATES_MAX, STATES_PER_FLOW_MAX
from callflow.source import Span
from callflow.words import duration, listed

_ERROR: Final = Severity.ERROR
_WARNING: Final = Severity.WARNING

NOT_ANSWERED: Final = Code("CF401", _ERROR, "the call may not be answered yet")
NEVER_WAITS: Final = Code("CF402", _ERROR, "a loop never waits")
NO_WAY_OUT: Final = Code("CF403", _ERROR, "a caller cannot get out")
FLOW_UNREACHED: Final = Code("CF404", _WARNING, "nobody gets to a flow")
NEVER_REACHED: Final = Code("CF405", _WARNING, "nobody gets to a statement")
ROUND_FOR_EVER: Final = Code("CF406", _WARNING, "a silent caller goes round for ever")
PERHAPS_NOT_SET: Final = Code("CF407", _ERROR, "a name is perhaps not set")
REJECTED_LATE: Final = Code("CF408", _WARNING, "an answered call cannot be rejected")

FLOW_TOO_LARGE: Final = Code("CF605", _ERROR, "a flow has too many states")
SCHEME_TOO_LARGE: Final = Code("CF606", _ERROR, "a scheme has too many states")


def not_answered(span: Span, word: str, edits: tuple[tuple[Span, str], ...]) -> Diagnostic:
    """Return the problem of a statement that needs an answered call and may not have one."""
    return Diagnostic(NOT_ANSWERED, f"`{word}` needs an answered call, and this one may not be answered yet", span,
                      notes=("the caller would hear ringing",), help="put `answer` before it",
                      fixes=(Fix("put `answer` before it", edits, safe=True),))  # fmt: skip


def never_waits(span: Span, flows: Sequence[str], *, rings: bool = False) -> Diagnostic:
    """Return the problem of states that lead round without any time passing; with `rings` a phone may ring there."""
    through = f" through {listed(flows, 'and')}" if len(flows) > 1 else ""
    heard = "the caller would hear nothing, and the call would end"
    if rings:
        heard = f"where no phone can be rung, this goes round at once: {heard}"
    return Diagnostic(NEVER_WAITS, f"this leads back to itself{through} without waiting", span, notes=(heard,),
                      help="add `wait 5s` or something to `play`, or count the rounds")  # fmt: skip


def no_way_out(span: Span, heard: str) -> Diagnostic:
    """Return the problem of a place from which no end can be reached; `heard` is what somebody hears there."""
    return Diagnostic(NO_WAY_OUT, "from here no end of the call can be reached", span,
                      notes=(f"a caller who gets here hears {heard}, round and round until they hang up",),
                      help="add a way that ends: `hangup`, or somebody to `connect`")  # fmt: skip


def flow_unreached(span: Span, name: str) -> Diagnostic:
    """Return the problem of a flow that no call enters."""
    return Diagnostic(FLOW_UNREACHED, f"nobody gets to the flow `{name}`", span,
                      help="lead to it with `goto`, or remove it")  # fmt: skip


def never_reached(span: Span) -> Diagnostic:
    """Return the problem of a statement behind one that always leads away."""
    return Diagnostic(NEVER_REACHED, "nobody gets to this statement", span, help="remove it, or move it up")


def round_for_ever(span: Span, flows: Sequence[str], heard: str, *, asks: bool) -> Diagnostic:
    """Return the problem of a way that somebody who does nothing walks again and again; with `asks` there is a menu."""
    most = duration(CALL_MS_MAX)
    end = "end the call when the tries are used up: `otherwise hangup`"
    if not asks:
        end = "count the rounds, and leave: `when rounds > 3 hangup`"
    through = f" through {listed(flows, 'and')}" if len(flows) > 1 else ""
    return Diagnostic(ROUND_FOR_EVER, f"a caller who does nothing comes back here again and again{through}", span,
                      notes=(f"a phone that nobody put down keeps a line busy for {most}, and hears {heard}",),
                      help=end)  # fmt: skip


def perhaps_not_set(span: Span, name: str, way: str) -> Diagnostic:
    """Return the problem of a name that is read on a way on which nothing set it; `way` is "" where it is every way."""
    return Diagnostic(PERHAPS_NOT_SET, f"`{name}` is not set on every way to here", span,
                      notes=_on_such_a_way(way, "it is `none`, and a text says nothing in its place"),
                      help=f"add `set {name} = …` before")  # fmt: skip


def perhaps_not_dialled(span: Span, done: str, way: str) -> Diagnostic:
    """Return the problem of an extension being rung, or left a message, on a way on which none was dialled."""
    return Diagnostic(PERHAPS_NOT_SET, "no extension is dialled on some way to here", span,
                      notes=_on_such_a_way(way, f"nobody is {done}"),
                      help="put it behind `dial extension` of a menu")  # fmt: skip


def _on_such_a_way(way: str, happens: str) -> tuple[str, ...]:
    return (*((f"one such way: {way}",) if way else ()), f"on such a way {happens}")


def rejected_late(span: Span) -> Diagnostic:
    """Return the problem of a `reject` after `answer`."""
    return Diagnostic(REJECTED_LATE, "the call is answered here and cannot be rejected any more", span,
                      notes=("the caller's call ends as by `hangup`",), help="use `hangup`",
                      fixes=fixed("write `hangup`", span, "hangup", safe=True))  # fmt: skip


def flow_too_large(span: Span, name: str, states: int) -> Diagnostic:
    """Return the problem of a flow of too many states."""
    message = f"the flow `{name}` has {states} states, the limit is {STATES_PER_FLOW_MAX}"
    return Diagnostic(FLOW_TOO_LARGE, message, span, help="move a part of it into a flow of its own")


def scheme_too_large(states: int) -> Diagnostic:
    """Return the problem of a scheme of too many states."""
    return Diagnostic(SCHEME_TOO_LARGE, f"the scheme has {states} states, the limit is {STATES_MAX}", Span(0, 0),
                      help="make several schemes of it")  # fmt: skip
