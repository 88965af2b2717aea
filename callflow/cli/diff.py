"""`callflow diff`: what changed between two schemes for those who call."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import click

from callflow.cli.directory import directory_option

if TYPE_CHECKING:
    from callflow.compare.differences import Change, Difference
    from callflow.machine.model import Machine

_MARKS: Final = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}


@click.command()
@click.argument("old", type=click.Path())
@click.argument("new", type=click.Path())
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="How the differences are written.")  # fmt: skip
@click.option("--behaviour", is_flag=True, help="Make every call to both, and show those that go differently.")
@click.option("--ladders", is_flag=True, help="With --behaviour, show both calls in full.")
@click.option("--most", type=click.IntRange(1), default=20_000, show_default=True, metavar="N",
              help="With --behaviour, how many calls to try in each.")  # fmt: skip
@directory_option
def command(old: str, new: str, form: str, behaviour: bool, ladders: bool, most: int) -> None:
    """Say what differs between the schemes or machines OLD and NEW for those who call.

    Numbers, declarations, flows and their steps are compared, not text: another layout, other comments or another
    order of declarations are no difference. The exit status is 0 when there is none, 1 when there is one, 2 when a
    file cannot be used. With --behaviour the calls that `callflow explore` finds in either are made to both.
    """
    if behaviour:
        from callflow.cli.behaviour import compare

        sys.exit(compare(_machine(old), _machine(new), (old, new), most, form, ladders=ladders))
    from callflow.compare.differences import differences

    found = differences(_machine(old), _machine(new))
    if form == "json":
        import json

        click.echo(json.dumps([_values(one) for one in found], indent=2, ensure_ascii=False))
    else:
        from callflow.cli.streams import wants_colour

        colour = wants_colour(sys.stdout)
        for line, name in _lines(found):
            click.echo(click.style(line, fg=name) if colour and name else line, color=colour)
    sys.exit(1 if found else 0)


def _machine(path: str) -> "Machine":
    """Return a machine; what is wrong with it has status 2, since 1 says that there are differences."""
    from callflow.cli.load import load_machine

    try:
        return load_machine(path, warnings=False).machine
    except SystemExit:
        sys.exit(2)


def _lines(found: "list[Difference]") -> Iterator[tuple[str, str | None]]:
    """Yield the lines of a listing with the colour of each: what is in a flow below its name."""
    flow = ""
    for one in found:
        mark, colour = _MARKS[one.kind.value]
        if one.flow != flow:
            flow = one.flow
            yield from [(f"flow {flow}", None)] if flow else []
        margin = "  " if flow else ""
        name = _plain(one.name) if one.thing == "step" else f"{one.thing} {_plain(one.name)}"
        if one.thing == "header":
            name = "header"
        yield f"{margin}{mark} {name}{_place(one)}", colour
        for change in one.changes:
            yield f"{margin}    {_change(change)}", None


def _place(one: "Difference") -> str:
    lines = [str(line) for line in dict.fromkeys((one.old_line, one.new_line)) if line is not None]
    return f"  (line {' → '.join(lines)})" if lines else ""


def _change(change: "Change") -> str:
    what, old, new = _plain(change.what), _plain(change.old or ""), _plain(change.new or "")
    if change.old is None:
        return f"+ {what}: {new}"
    return f"- {what}: {old}" if change.new is None else f"{what}: {old} → {new}"


def _plain(text: str) -> str:
    from callflow.machine.diagram import on_one_line

    return on_one_line(text)


def _values(one: "Difference") -> dict[str, Any]:
    return {
        "change": one.kind.value,
        "thing": one.thing,
        "name": one.name,
        "flow": one.flow or None,
        "old_line": one.old_line,
        "new_line": one.new_line,
        "changes": [{"what": change.what, "old": change.old, "new": change.new} for change in one.changes],
    }
