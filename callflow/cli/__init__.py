"""The command line: one file a command, imported when it is called. Wiring lives here."""

import importlib
from typing import Final

import click

from callflow import __version__

COMMANDS: Final = {
    "check": "Say everything that is wrong with schemes.",
    "explain": "Explain a problem by its code.",
    "lsp": "Serve an editor: problems, completion, names, repairs.",
    "fmt": "Bring schemes into the one layout there is.",
    "graph": "Draw a scheme, as a picture or as text for Mermaid.",
    "reach": "Say how a caller comes to somebody or something.",
    "diff": "Say what changed between two schemes for those who call.",
    "compile": "Write the machine that a scheme becomes, as JSON.",
    "calendar": "Show when schedules are open, day by day, and why.",
    "simulate": "Call a scheme from the keyboard, or run scripted calls.",
    "explore": "Let callers take every way through a scheme, and write calls that do.",
    "replay": "Make a call that was kept again, on another scheme.",
    "swarm": "Let calls live in worlds that fail by chance, and look what holds.",
    "schema": "Write what editors complete scripted calls by.",
    "traffic": "Let people call a scheme for days, and tell what becomes of them.",
    "staff": "Say how many agents a service level takes.",
    "serve": "Answer telephone calls with a scheme.",
    "dial": "Call a number as a scripted phone.",
    "answer": "Take calls as a scripted phone.",
    "demo": "See a whole call on this machine.",
}
"""Every command with its short help, which is shown without importing the command."""


class _Lazy(click.Group):
    """A group that imports a command when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, or None: there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"callflow.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command, or say which one was perhaps meant."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from callflow.words import did_you_mean

            help_ = did_you_mean(args[0], list(COMMANDS))
            ctx.fail(f"no command is called `{args[0]}`{f'; {help_}' if help_ else ''}")
        return super().resolve_command(ctx, args)


@click.command(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="callflow")
def main() -> None:
    """Program a telephone line: write a scheme, check it, try it offline, serve it."""
