"""`--coverage` of a command that plays calls: what they went through, told and written to files."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from callflow.cli.streams import write_out

if TYPE_CHECKING:
    from callflow.cli.load import Loaded

_KINDS = (".html", ".svg", ".json")


class Covering:
    """Coverage that is being taken. Play the calls on `machine`, and add what they passed to `coverage`."""

    def __init__(self, loaded: "Loaded", outs: tuple[str, ...], least: float | None) -> None:
        from callflow.coverage.coverage import Coverage
        from callflow.coverage.ways import marked

        for out in outs:
            if Path(out).suffix not in _KINDS:
                raise click.UsageError(f"`{out}`: coverage is written as {', '.join(_KINDS[:-1])} or {_KINDS[-1]}")
            if Path(out).suffix == ".html" and loaded.source is None:
                raise click.UsageError("a machine has no source that coverage could be shown in; give its scheme")
        self._loaded = loaded
        self._outs = outs
        self._least = least
        self.machine = marked(loaded.machine)
        self.coverage = Coverage(loaded.machine)

    def tell(self) -> bool:
        """Print the table and write the files. Returns whether enough is covered."""
        from callflow.coverage.shown import percent, table

        for line in table(self.coverage):
            click.echo(line)
        for out in self._outs:
            write_out(out, self._written(Path(out).suffix))
        if self._least is None or self.coverage.percent >= self._least:
            return True
        click.echo(f"{percent(self.coverage.percent)} is less than {self._least:g} %", err=True)
        return False

    def _written(self, kind: str) -> str:
        from callflow.coverage import shown

        if kind == ".json":
            return json.dumps(shown.as_json(self.coverage), indent=2) + "\n"
        if kind == ".html":
            source = self._loaded.source
            assert source is not None
            texts = {"" if path == source.path else path: text for path, text in source.texts.items()}
            return shown.page(self.coverage, texts)
        from callflow.draw import NotDrawn, svg
        from callflow.machine.graph import dot

        try:
            return svg(dot(self.coverage.machine, tint=lambda states: shown.tint(self.coverage, states)))
        except NotDrawn as no:
            click.echo(f"cannot draw the coverage: {no.reason}", err=True)
            sys.exit(1)
