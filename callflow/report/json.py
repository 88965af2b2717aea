"""Problems for programs: plain values, ready for JSON. Lines and columns count from 1, in characters."""

from typing import Any

from callflow.diagnostic import Diagnostic
from callflow.source import Source, Span


def as_values(problem: Diagnostic, source: Source) -> dict[str, Any]:
    """Return one problem as a mapping."""
    return {
        "code": problem.code.id,
        "severity": problem.code.severity.value,
        "title": problem.code.title,
        "message": problem.message,
        "path": source.place_of(problem.span.start).path,
        **_place(problem.span, source),
        "label": problem.label,
        "labels": [
            {"text": label.text, "path": source.place_of(label.span.start).path, **_place(label.span, source)}
            for label in problem.labels
        ],
        "notes": list(problem.notes),
        "help": problem.help,
        "fixes": [
            {
                "title": fix.title,
                "safe": fix.safe,
                "edits": [{"text": text, **_place(span, source)} for span, text in fix.edits],
            }
            for fix in problem.fixes
        ],
    }


def _place(span: Span, source: Source) -> dict[str, int]:
    start, end = source.place_of(span.start), source.place_of(span.end)
    return {"line": start.line, "column": start.column, "end_line": end.line, "end_column": end.column}
