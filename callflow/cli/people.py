"""Who calls, how often, and what they and agents do: the options of commands that let days of people call."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

if TYPE_CHECKING:
    from callflow.machine.model import Machine
    from callflow.traffic.demand import Demand

RATE_MAX: Final = 100_000
LASTS_MS_MAX: Final = 366 * 86_400_000
DAYS_MAX: Final = 1_000

_Command = TypeVar("_Command", bound=Callable[..., Any])

_FILE = click.Path(exists=True, dir_okay=False)

_OPTIONS = (
    click.option("--rate", type=click.FloatRange(0, RATE_MAX, min_open=True), default=60.0, show_default=True,
                 help="Calls an hour; they come by chance."),
    click.option("--rates", type=_FILE, metavar="CSV",
                 help="Calls an hour by hour of the week: columns day, hour, calls."),
    click.option("--log", "log", type=_FILE, metavar="CSV",
                 help="The calls of a real line: columns time and perhaps from, to, talk, keys."),
    click.option("--for", "lasts", default="", help="How long calls come in. Default: 8h, or as long as the log."),
    click.option("--talk", default="lognormal 4m 3m", show_default=True, help="How long people talk."),
    click.option("--answer", default="5s", show_default=True, help="How long an agent lets the telephone ring."),
    click.option("--patience", default="", help="How long callers wait to be answered. Default: for ever."),
    click.option("--press", "presses", multiple=True, metavar="FLOW=KEY:N,…",
                 help="What is pressed in menus of a flow, by weight: `start=1:60,2:30,nothing:10`."),
    click.option("--people", type=click.IntRange(0, 10_000_000), default=0, metavar="N",
                 help="How many people there are who call again and again. Default: nobody calls twice."),
    click.option("--shift", "shift", multiple=True, metavar="AGENT=HOURS",
                 help="When an agent is there: `anna=Mo-Fr 09:00-17:00`. Who is not named is there all the time."),
    click.option("--shifts", "shifts", type=_FILE, metavar="CSV", help="The same for many: columns agent, hours."),
    click.option("--within", default="20s", show_default=True, help="Who is answered by then is served well."),
    click.option("--at", "at", default="", help="When it begins, in the scheme's time zone. Default: 2026-03-10 09:00, "
                 "or the first call of the log."),
    click.option("--days", type=click.IntRange(1, DAYS_MAX), default=10, show_default=True,
                 help="So many days, each with another chance."),
    click.option("--seed", type=int, default=1, show_default=True,
                 help="Where chance begins: the same days each time."),
)  # fmt: skip


def people_options(command: _Command) -> _Command:
    """Give a command the options that say who calls."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


class People:
    """What the options say of the people who call a machine. Tells mistakes as errors of usage."""

    def __init__(self, machine: "Machine", options: dict[str, Any]) -> None:
        self.demand = _demand(machine, options)
        log = self.demand.log
        self.begins_ms = _begins_ms(machine, options["at"] or (log[0].at.isoformat() if log else "2026-03-10 09:00"))
        if options["lasts"] or not log:
            self.lasts_ms = duration(options["lasts"] or "8h", "--for", LASTS_MS_MAX)
        else:
            from callflow.traffic.demand import wall_ms

            self.lasts_ms = wall_ms(log[-1].at, self.demand.zone) - self.begins_ms + 1
            if not 0 < self.lasts_ms <= LASTS_MS_MAX:
                raise click.UsageError(f"{options['log']} is longer than a year, or ends before `--at`: say `--for`")
        self.within_ms = duration(options["within"], "--within", LASTS_MS_MAX)
        self.seeds = range(options["seed"], options["seed"] + options["days"])

    @property
    def load(self) -> float:
        """Return how many agents would talk all the time if all who call in the busiest hour talked; 0: not known."""
        if self.demand.log:
            return 0.0
        rate = max(self.demand.week) if self.demand.week else self.demand.calls_per_hour
        return rate * self.demand.talk.mean_ms / 3_600_000


def _demand(machine: "Machine", options: dict[str, Any]) -> "Demand":
    from callflow.traffic.arrivals import ArrivalsRefused, read_log, read_week
    from callflow.traffic.demand import Demand
    from callflow.traffic.shifts import ShiftsRefused, understood
    from callflow.traffic.times import TimeRefused, parse_time

    if options["rates"] and options["log"]:
        raise click.UsageError("`--rates` and `--log` both say who calls: give one of them")
    try:
        week = read_week(_text(options["rates"])) if options["rates"] else ()
    except ArrivalsRefused as refused:
        raise click.UsageError(f"{options['rates']}, {refused}") from None
    try:
        log = read_log(_text(options["log"]), machine.region) if options["log"] else ()
    except ArrivalsRefused as refused:
        raise click.UsageError(f"{options['log']}, {refused}") from None
    try:
        shifts = _shifts(options)
        understood(machine, shifts)
        return Demand(
            calls_per_hour=options["rate"],
            talk=parse_time(options["talk"]),
            answer=parse_time(options["answer"]),
            patience=parse_time(options["patience"]) if options["patience"] else None,
            presses=dict(_presses(machine, one) for one in options["presses"]),
            week=week,
            log=log,
            zone=machine.timezone,
            numbers=options["people"],
            shifts=shifts,
        )
    except (TimeRefused, ShiftsRefused) as refused:
        raise click.UsageError(str(refused)) from None


def _text(path: str) -> str:
    from callflow.traffic.arrivals import LOG_BYTES_MAX

    if Path(path).stat().st_size > LOG_BYTES_MAX:
        raise click.UsageError(f"{path} has more than {LOG_BYTES_MAX} bytes")
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise click.UsageError(f"{path} is not UTF-8") from None


def _shifts(options: dict[str, Any]) -> dict[str, str]:
    from callflow.traffic.shifts import read_shifts

    found = read_shifts(_text(options["shifts"])) if options["shifts"] else {}
    for one in options["shift"]:
        name, sign, hours = one.partition("=")
        if not sign:
            raise click.UsageError(f"`{one}` says no agent: write `anna=Mo-Fr 09:00-17:00`")
        found[name.strip()] = hours.strip()
    return found


def _presses(machine: "Machine", text: str) -> tuple[str, dict[str, float]]:
    from callflow.words import did_you_mean, listed_some

    flow, sign, choices = text.partition("=")
    if not sign:
        raise click.UsageError(f"`{text}` says no flow: write `start=1:60,2:30,nothing:10`")
    if flow not in machine.flows:
        flows = list(machine.flows)
        help_ = did_you_mean(flow, flows, f"the scheme has {listed_some(flows)}")
        raise click.UsageError(f"there is no flow `{flow}`; {help_}")
    found: dict[str, float] = {}
    for choice in choices.split(","):
        key, sign, weight = choice.partition(":")
        if key != "nothing" and (not key or key.strip("0123456789*#")):
            raise click.UsageError(f"`{key}` in `{text}` is no key")
        try:
            found["" if key == "nothing" else key] = float(weight) if sign else 1.0
        except ValueError:
            raise click.UsageError(f"`{weight}` in `{text}` is no weight") from None
    if min(found.values()) < 0 or not any(found.values()):
        raise click.UsageError(f"the weights in `{text}` make no choice")
    return flow, found


def duration(text: str, option: str, most_ms: int) -> int:
    """Return a length of time in milliseconds. Tells a mistake as an error of usage."""
    from callflow.words import duration as written
    from callflow.words import parse_duration

    ms = parse_duration(text)
    if ms is None or not 0 < ms <= most_ms:
        raise click.UsageError(f"`{option} {text}` is no length of time up to {written(most_ms)}, such as `8h`")
    return ms


def _begins_ms(machine: "Machine", text: str) -> int:
    from callflow.sim.play import wall_clock_ms

    try:
        return wall_clock_ms(machine, datetime.fromisoformat(text))
    except ValueError:
        raise click.UsageError(f"`--at {text}` is no time such as `2026-12-24 10:00`") from None
