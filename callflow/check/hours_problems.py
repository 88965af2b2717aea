"""What can be wrong with the hours of a schedule (CF3xx)."""

from typing import TYPE_CHECKING, Final

from callflow.diagnostic import Code, Diagnostic, Label, Severity, fixed
from callflow.source import Span

if TYPE_CHECKING:
    from datetime import datetime

_ERROR: Final = Severity.ERROR
_WARNING: Final = Severity.WARNING

HOURS_UNCLEAR: Final = Code("CF307", _ERROR, "opening hours cannot be understood")
NO_TIMEZONE: Final = Code("CF308", _ERROR, "a schedule without a time zone")
NEVER_OPEN: Final = Code("CF322", _WARNING, "a schedule never changes")
RULE_HIDDEN: Final = Code("CF324", _WARNING, "a rule of a schedule is replaced by a later one")
FEW_MINUTES: Final = Code("CF325", _WARNING, "hours or a pause of a few minutes")
HOURS_VANISH: Final = Code("CF326", _WARNING, "the clock leaps over opening hours")
MINUTE_LOST: Final = Code("CF327", _WARNING, "hours end a minute early")


def rule_hidden(span: Span, rule: str, other: Span, by: str, days: str) -> Diagnostic:
    """Return the problem of a rule of opening hours that a later one replaces, everywhere or on some days."""
    exception = f"write the exception last: `{by}; {rule}`"
    return Diagnostic(RULE_HIDDEN, f"`{rule}` has no effect{f' on `{days}`' if days else ''}", span,
                      labels=(Label(other, "replaces it"),),
                      notes=("on its days a rule replaces the ones before it",),
                      help=exception if days else "remove it, write it last, or add to it with `,`")  # fmt: skip


def few_minutes(span: Span, minutes: int, *, pause: bool) -> Diagnostic:
    """Return the problem of hours that are over soon, or that nearly meet."""
    what = f"{minutes} minute{'' if minutes == 1 else 's'}"
    message = f"between these hours it is closed for {what}" if pause else f"these hours last {what}"
    return Diagnostic(FEW_MINUTES, message, span, help="begin where the others end" if pause else "write a later end")


def hours_vanish(span: Span, hours: str, leap: "datetime", onto: "datetime") -> Diagnostic:
    """Return the problem of hours that a clock leaps over."""
    return Diagnostic(HOURS_VANISH, f"`{hours}` does not come when the clock is put forward", span,
                      notes=(f"on {leap:%Y-%m-%d} the clock goes from {leap:%H:%M} to {onto:%H:%M}",),
                      help=f"begin before {leap:%H:%M} or end after {onto:%H:%M}")  # fmt: skip


def minute_lost(span: Span, last: str, full: str, *, exact: bool) -> Diagnostic:
    """Return the problem of an end that was meant to be part of the hours. `exact`: the span is that of the time."""
    return Diagnostic(MINUTE_LOST, f"these hours are over at `{last}`, a minute before `{full}`", span,
                      notes=("the end is not part of the hours",),
                      help=f"write `{full}`",
                      fixes=fixed(f"write `{full}`", span, full, safe=False) if exact else ())  # fmt: skip


def never_changes(span: Span, name: str, *, is_open: bool) -> Diagnostic:
    """Return the problem of hours that are always or never open."""
    always, changes = ("always", "closes") if is_open else ("never", "opens")
    return Diagnostic(NEVER_OPEN, f"the schedule `{name}` is {always} open", span,
                      help=f"write when it {changes}, or remove it")  # fmt: skip


def hours_unclear(span: Span, message: str, help_: str) -> Diagnostic:
    """Return the problem of opening hours that the almanac refused, in its words."""
    otherwise = "write them as on a map: `Mo-Fr 09:00-18:00; Sa 10:00-14:00`"
    return Diagnostic(HOURS_UNCLEAR, message, span, help=help_ or otherwise)


def no_timezone(span: Span, name: str) -> Diagnostic:
    """Return the problem of hours of nowhere."""
    return Diagnostic(NO_TIMEZONE, f"the schedule `{name}` has no time zone", span,
                      help='add `timezone "Europe/Berlin"` to the header')  # fmt: skip
