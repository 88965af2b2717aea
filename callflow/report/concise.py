"""Problems on a line each, as editors and `grep` want them: `path:line:col: error[CF203]: message`."""

from callflow.diagnostic import Diagnostic
from callflow.source import Source


def render(problem: Diagnostic, source: Source) -> str:
    """Return one problem on one line."""
    place = source.place_of(problem.span.start)
    return (
        f"{place.path}:{place.line}:{place.column}: {problem.code.severity.value}[{problem.code.id}]: {problem.message}"
    )
