"""Problems in SARIF 2.1.0, the format in which code scanners tell each other what they found: plain values for JSON."""

from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import quote

from callflow.diagnostic import Code, Diagnostic, Fix
from callflow.report.codes import page
from callflow.report.places import Region, region
from callflow.source import Source, Span

VERSION: Final = "2.1.0"
SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_ROOT: Final = "%SRCROOT%"
"""What relative paths count from, by the name that GitHub and others give it: the folder that was checked out."""

Found = Sequence[tuple[Source, Sequence[Diagnostic]]]


def log(found: Found, version: str, *, successful: bool = True) -> dict[str, Any]:
    """Return the log of one run over several files. Its rules are the problems that were found."""
    codes = {problem.code.id: problem.code for _, problems in found for problem in problems}
    rules = dict(sorted(codes.items()))
    places = {code: number for number, code in enumerate(rules)}
    results = [_result(problem, source, places) for source, problems in found for problem in problems]
    driver = {"name": "callflow", "version": version, "rules": [_rule(code) for code in rules.values()]}
    return {
        "$schema": SCHEMA,
        "version": VERSION,
        "runs": [
            {
                "tool": {"driver": driver},
                "invocations": [{"executionSuccessful": successful}],
                "columnKind": "utf16CodeUnits",
                "artifacts": [{"location": _artifact(source.path)} for source, _ in found],
                "results": results,
            }
        ],
    }


def _rule(code: Code) -> dict[str, Any]:
    text = page(code.id)
    return {
        "id": code.id,
        "shortDescription": {"text": code.title},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": code.severity.value},
    }


def _result(problem: Diagnostic, source: Source, places: dict[str, int]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": problem.code.id,
        "ruleIndex": places[problem.code.id],
        "level": problem.code.severity.value,
        "message": {"text": _message(problem)},
        "locations": [_location(problem.span, source, problem.label)],
    }
    if problem.labels:
        labels = enumerate(problem.labels, 1)
        result["relatedLocations"] = [{"id": at, **_location(one.span, source, one.text)} for at, one in labels]
    if problem.fixes:
        result["fixes"] = [_fix(fix, source) for fix in problem.fixes]
    return result


def _message(problem: Diagnostic) -> str:
    notes = [f"note: {note}" for note in problem.notes]
    return "\n".join((problem.message, *notes, *([f"help: {problem.help}"] if problem.help else [])))


def _location(span: Span, source: Source, text: str) -> dict[str, Any]:
    at = region(span, source)
    location: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": _artifact(at.path), "region": _region(at)},
    }
    if text:
        location["message"] = {"text": text}
    return location


def _region(at: Region) -> dict[str, int]:
    return {
        "startLine": at.line,
        "startColumn": at.column,
        "endLine": at.end_line,
        "endColumn": at.end_column,
    }


def _fix(fix: Fix, source: Source) -> dict[str, Any]:
    """Return a repair; that it is safe or not is a property of ours."""
    edits = [(region(span, source), text) for span, text in sorted(fix.edits)]
    changes = [
        {"artifactLocation": _artifact(path), "replacements": list(_replacements(edits, path))}
        for path in dict.fromkeys(at.path for at, _ in edits)
    ]
    return {"description": {"text": fix.title}, "artifactChanges": changes, "properties": {"safe": fix.safe}}


def _replacements(edits: Iterable[tuple[Region, str]], path: str) -> Iterable[dict[str, Any]]:
    for at, text in edits:
        if at.path == path:
            yield {"deletedRegion": _region(at), "insertedContent": {"text": text}}


def _artifact(path: str) -> dict[str, str]:
    """Return where a file is: a relative path counts from the root of what is checked out."""
    pure = PurePath(path)
    if pure.is_absolute():
        return {"uri": pure.as_uri()}
    return {"uri": quote(pure.as_posix()), "uriBaseId": _ROOT}
