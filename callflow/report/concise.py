"""Problems on a line each, as editors and `grep` want them: `path:line:col: error[CF203]: message`."""

from callflow.diagnostic import Diagnostic
from callflow.source import Source


def render(problem: Diagnostic, source: Source) -> str:
    """Return one problem on one line."""
    line, column = source.line_of(problem.span.start), source.column_of(problem.span.start)
    return f"{source.path}:{line}:{column}: {problem.code.severity.value}[{problem.code.id}]: {problem.message}"
