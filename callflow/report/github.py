"""Problems as commands of GitHub's workflows, which shows them beside the lines: `::error file=…,line=…::message`."""

from typing import Final

from callflow.diagnostic import Diagnostic
from callflow.report.places import region
from callflow.source import Source

_DATA: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})
"""What would end a message or a property, as the runner reads it back."""


def render(problem: Diagnostic, source: Source) -> str:
    """Return one problem as one command. Columns are only told within one line: GitHub refuses others."""
    at = region(problem.span, source)
    properties = {"file": at.path, "line": at.line, "endLine": at.end_line}
    if at.line == at.end_line:
        properties |= {"col": at.column, "endColumn": at.end_column}
    properties["title"] = problem.code.id
    written = ",".join(f"{name}={str(value).translate(_PROPERTY)}" for name, value in properties.items())
    help_ = (f"help: {problem.help}",) if problem.help else ()
    text = "\n".join((problem.message, *(f"note: {note}" for note in problem.notes), *help_))
    return f"::{problem.code.severity.value} {written}::{text.translate(_DATA)}"
