"""`callflow traffic`: days of calls on a scheme, and what becomes of them in figures."""

import sys
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import click

from callflow.cli.directory import directory_option

if TYPE_CHECKING:
    from callflow.machine.model import Machine
    from callflow.traffic.demand import Demand
    from callflow.traffic.figures import Estimate

RATE_MAX: Final = 100_000
LASTS_MS_MAX: Final = 366 * 86_400_000
DAYS_MAX: Final = 1_000
_SHARES: Final = ("answered", "abandoned", "messages", "service level", "occupancy")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--rate", type=click.FloatRange(0, RATE_MAX, min_open=True), default=60.0, show_default=True,
              help="Calls an hour; they come by chance.")  # fmt: skip
@click.option("--for", "lasts", default="8h", show_default=True, help="How long calls come in.")
@click.option("--talk", default="lognormal 4m 3m", show_default=True, help="How long people talk.")
@click.option("--answer", default="5s", show_default=True, help="How long an agent lets the telephone ring.")
@click.option("--patience", default="", help="How long callers wait to be answered. Default: for ever.")
@click.option("--press", "presses", multiple=True, metavar="FLOW=KEY:N,…",
              help="What is pressed in menus of a flow, by weight: `start=1:60,2:30,nothing:10`.")  # fmt: skip
@click.option("--within", default="20s", show_default=True, help="Who is answered by then is served well.")
@click.option("--at", "at", default="2026-03-10 09:00", show_default=True,
              help="When it begins, in the scheme's time zone.")  # fmt: skip
@click.option("--days", type=click.IntRange(1, DAYS_MAX), default=10, show_default=True,
              help="So many days, each with another chance.")  # fmt: skip
@click.option("--seed", type=int, default=1, show_default=True, help="Where chance begins: the same days each time.")
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True,
              help="How the figures are written.")  # fmt: skip
@directory_option
def command(file: str, **options: Any) -> None:
    """Let people call the scheme or machine FILE for days, and tell what becomes of them.

    Agents work all the time and answer whatever rings. A length of time is `3m`, `exponential 3m`, `lognormal 4m 3m`
    (mean and deviation), `erlang 3 4m` or `uniform 10s 30s`. Behind each mean stands how far the true one may be away,
    with 95 % confidence.
    """
    from callflow.cli.load import load_machine
    from callflow.traffic.figures import estimates

    machine = load_machine(file).machine
    demand = _demand(machine, options)
    lasts_ms = _duration(options["lasts"], "--for", LASTS_MS_MAX)
    within_ms = _duration(options["within"], "--within", LASTS_MS_MAX)
    seeds = range(options["seed"], options["seed"] + options["days"])
    begins_ms = _begins_ms(machine, options["at"])
    found = list(_days([(machine, demand, seed, begins_ms, lasts_ms, within_ms) for seed in seeds]))
    form = options["form"]
    if form == "text":
        _table(estimates(found), len(found))
    elif form == "csv":
        _csv(found)
    else:
        _json(found)


def _days(tasks: list[tuple[Any, ...]]) -> Iterator[dict[str, float]]:
    """Yield the figures of days, worked out on all cores."""
    from concurrent.futures import ProcessPoolExecutor

    if len(tasks) == 1:
        yield _day(*tasks[0])
        return
    with ProcessPoolExecutor() as pool:
        for number, found in enumerate(pool.map(_day, *zip(*tasks, strict=True)), 1):
            if sys.stderr.isatty():
                click.echo(f"\r{number} of {len(tasks)} days", nl=number == len(tasks), err=True)
            yield found


def _day(
    machine: "Machine", demand: "Demand", seed: int, begins_ms: int, lasts_ms: int, within_ms: int
) -> dict[str, float]:
    from callflow.almanac.almanac import Schedules
    from callflow.traffic.day import day
    from callflow.traffic.figures import figures

    records = day(machine, Schedules(machine), demand, seed, begins_ms, lasts_ms)
    return figures(records, len(machine.agents), lasts_ms, within_ms)


# --- options --------------------------------------------------------------------------------------------------------


def _demand(machine: "Machine", options: dict[str, Any]) -> "Demand":
    from callflow.traffic.demand import Demand
    from callflow.traffic.times import TimeRefused, parse_time

    try:
        return Demand(
            calls_per_hour=options["rate"],
            talk=parse_time(options["talk"]),
            answer=parse_time(options["answer"]),
            patience=parse_time(options["patience"]) if options["patience"] else None,
            presses=dict(_presses(machine, one) for one in options["presses"]),
        )
    except TimeRefused as refused:
        raise click.UsageError(str(refused)) from None


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


def _duration(text: str, option: str, most_ms: int) -> int:
    from callflow.words import duration, parse_duration

    ms = parse_duration(text)
    if ms is None or not 0 < ms <= most_ms:
        raise click.UsageError(f"`{option} {text}` is no length of time up to {duration(most_ms)}, such as `8h`")
    return ms


def _begins_ms(machine: "Machine", text: str) -> int:
    from callflow.sim.play import wall_clock_ms

    try:
        return wall_clock_ms(machine, datetime.fromisoformat(text))
    except ValueError:
        raise click.UsageError(f"`--at {text}` is no time such as `2026-12-24 10:00`") from None


# --- figures --------------------------------------------------------------------------------------------------------


def _table(found: "dict[str, Estimate]", days: int) -> None:
    click.echo(f"{'a day, mean of ' + str(days):<18}{'':>10}  95 % sure within" if days > 1 else "one day")
    for name, one in found.items():
        text = f"{name:<18}{_shown(name, one.mean):>10}"
        click.echo(text if one.within is None else f"{text}  ± {_shown(name, one.within)}")


def _shown(name: str, value: float) -> str:
    if name in _SHARES:
        return f"{value * 100:.1f} %"
    return f"{value:.1f}" if name == "calls" else f"{value:.1f} s"


def _csv(days: list[dict[str, float]]) -> None:
    import csv

    names = list(dict.fromkeys(name for one in days for name in one))
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(names)
    rows.writerows([one.get(name, "") for name in names] for one in days)


def _json(days: list[dict[str, float]]) -> None:
    import json

    click.echo(json.dumps(days, indent=2))
