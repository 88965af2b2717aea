"""`callflow reach`: how a caller comes to somebody or something."""

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from callflow.cli.directory import directory_option

if TYPE_CHECKING:
    from callflow.machine.model import Machine
    from callflow.machine.ways import Target, Way, Ways

SHOWN: Final = 5
ALL: Final = 1_000
"""What `--all` shows at most; nobody reads more."""


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.argument("target")
@click.option("--all", "every", is_flag=True, help=f"Tell up to {ALL} ways, not only the {SHOWN} shortest.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="How the ways are written.")  # fmt: skip
@directory_option
def command(file: str, target: str, every: bool, form: str) -> None:
    """Say how a caller of the scheme or machine FILE comes to TARGET.

    TARGET is an agent, a group, an extension, an address or telephone number, a flow, a prompt or a mailbox; a name
    that means several of them is told for each. The exit status is 0 when a caller can come there, 1 when none can.
    """
    from callflow.cli.load import load_machine
    from callflow.machine.ways import ways

    machine = load_machine(file).machine
    told = [ways(machine, one, ALL if every else SHOWN) for one in _targets(machine, target)]
    if form == "json":
        import json

        click.echo(json.dumps([_values(machine, one) for one in told], indent=2, ensure_ascii=False))
    else:
        click.echo("\n\n".join(_text(machine, one) for one in told))
    sys.exit(0 if any(one.found for one in told) else 1)


def _targets(machine: "Machine", name: str) -> "list[Target]":
    from callflow.machine.ways import names, targets
    from callflow.numbers import normalise
    from callflow.words import did_you_mean, listed_some

    found = targets(machine, name) or targets(machine, normalise(name, machine.region))
    if not found:
        known = names(machine)
        everything = [one for some in known.values() for one in some]
        help_ = did_you_mean(name, everything, f"the scheme has {listed_some(known['agent'] + known['group'])}")
        raise click.UsageError(f"nothing is called `{name}`; {help_}")
    return found


def _text(machine: "Machine", told: "Ways") -> str:
    from callflow.machine.diagram import on_one_line
    from callflow.machine.labels import label
    from callflow.words import counted

    target = told.target
    if not told.found:
        return f"{target.kind} {target.name}: no caller comes there"
    count = "more than " * told.more + counted(len(told.found), "way")
    lines = [f"{target.kind} {target.name}: {count}"]
    for number, way in enumerate(told.found, 1):
        lines.extend(("", f"{number:>3}. {_number(machine, way)}"))
        lines.extend(f"     {on_one_line(step.text)}" for step in way.steps)
        state = machine.states[way.at]
        what = on_one_line(label(state, machine.schedules))
        lines.append(f"     → {what}  ({state.where.flow}, line {state.where.line})")
    return "\n".join(lines)


def _number(machine: "Machine", way: "Way") -> str:
    from callflow.words import spoken_list

    others = ["any other number" if machine.numbers else "any number"] if way.others else []
    return f"call {spoken_list([*way.numbers, *others])}"


def _values(machine: "Machine", told: "Ways") -> dict[str, Any]:
    def place(number: int) -> dict[str, Any]:
        where = machine.states[number].where
        return {"state": number, "flow": where.flow, "line": where.line}

    return {
        "kind": told.target.kind,
        "name": told.target.name,
        "more": told.more,
        "ways": [
            {
                "numbers": list(way.numbers),
                "any_other_number": way.others,
                "steps": [{"text": step.text, **place(step.state)} for step in way.steps],
                "at": place(way.at),
            }
            for way in told.found
        ],
    }
