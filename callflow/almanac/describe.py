"""What a schedule is now, in a sentence for people. Returns text; reads no clock."""

from typing import Final

from callflow.almanac.hours import HoursState
from callflow.almanac.zones import Zone

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                  "November", "December")  # fmt: skip


def describe(state: HoursState, at_ms: int, zone: Zone) -> str:
    """Return a state that holds at `at_ms`: `open until 18:00 today`, `closed, opens Monday at 09:00 (…)`."""
    if state.until_ms is None:
        what = "open, no change in sight" if state.open else "closed, no opening in sight"
    elif state.open:
        what = f"open until {until(state.until_ms, at_ms, zone)}"
    else:
        what = f"closed, opens {_when(state.until_ms, at_ms, zone)}"
    return f"{what} ({state.reason})" if state.special and state.reason else what


def until(then_ms: int, at_ms: int, zone: Zone) -> str:
    """Return an instant after `at_ms` as it follows the word `until`: `18:00 today`, `Monday at 09:00`."""
    then = zone.wall(then_ms)
    days = (then.date() - zone.wall(at_ms).date()).days
    if days == 1 and (then.hour, then.minute) == (0, 0):
        return "midnight"
    return f"{then:%H:%M} {('today', 'tomorrow')[days]}" if days in {0, 1} else _when(then_ms, at_ms, zone)


def _when(then_ms: int, at_ms: int, zone: Zone) -> str:
    """Return an instant after `at_ms` as it follows a verb: `today at 18:00`, `24 December at 09:00`."""
    then, now = zone.wall(then_ms), zone.wall(at_ms)
    days = (then.date() - now.date()).days
    if days in {0, 1}:
        day = ("today", "tomorrow")[days]
    elif days < len(WEEKDAYS):
        day = WEEKDAYS[then.weekday()]
    else:
        year = "" if then.year == now.year else f" {then.year}"
        day = f"{then.day} {_MONTHS[then.month - 1]}{year}"
    return f"{day} at {then:%H:%M}"
