"""Problems for programs: on a line each, and as values for JSON; and the table of all codes."""

import json

import pytest

from callflow.diagnostic import Code, Diagnostic, Label, Severity, fixed
from callflow.report import codes, concise
from callflow.report.json import as_values
from callflow.source import Source, Span

TEXT = "start {\n    wait 5\n    hangup\n}\n"
PROBLEM = Diagnostic(
    Code("CF109", Severity.ERROR, "a duration has no unit"),
    "`5` has no unit",
    Span(17, 18),
    label="here",
    labels=(Label(Span(0, 5), "in this flow"),),
    notes=("nobody knows how long",),
    help="write `5s` for seconds",
    fixes=fixed("write `5s`", Span(17, 18), "5s", safe=False),
)


def test_a_problem_on_a_line() -> None:
    assert concise.render(PROBLEM, Source("a/b.flow", TEXT)) == "a/b.flow:2:10: error[CF109]: `5` has no unit"


def test_a_problem_as_values() -> None:
    values = as_values(PROBLEM, Source("a/b.flow", TEXT))
    assert json.loads(json.dumps(values)) == {
        "code": "CF109",
        "severity": "error",
        "title": "a duration has no unit",
        "message": "`5` has no unit",
        "path": "a/b.flow",
        "line": 2,
        "column": 10,
        "end_line": 2,
        "end_column": 11,
        "label": "here",
        "labels": [
            {"text": "in this flow", "path": "a/b.flow", "line": 1, "column": 1, "end_line": 1, "end_column": 6}
        ],
        "notes": ["nobody knows how long"],
        "help": "write `5s` for seconds",
        "fixes": [
            {
                "title": "write `5s`",
                "safe": False,
                "edits": [{"text": "5s", "line": 2, "column": 10, "end_line": 2, "end_column": 11}],
            }
        ],
    }


def test_every_code_is_in_the_table_under_its_number() -> None:
    table = codes.all_codes()
    assert list(table) == sorted(table)
    assert all(number == code.id for number, code in table.items())
    assert {"CF101", "CF203", "CF301", "CF402", "CF601"} <= table.keys()


def test_a_code_has_a_page_and_other_words_have_none() -> None:
    assert codes.page("CF109").startswith("# CF109: ")
    with pytest.raises(LookupError):
        codes.page("CF000")
