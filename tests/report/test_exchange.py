"""Problems for other tools: SARIF 2.1.0, and the commands of GitHub's workflows."""

import json
import re

import pytest

from callflow.compile.mend import edited
from callflow.compile.pipeline import compile_text
from callflow.diagnostic import Code, Diagnostic, Fix, Label, Severity
from callflow.report import codes, github, sarif
from callflow.report.places import Region, region
from callflow.source import Source, Span
from tests.goldens.test_codes import GIVEN
from tests.report.sarif import assert_is

TEXT = 'start {\n    play "😀 hello"  wait 5\n    hangup\n}\n'
CODE = Code("CF109", Severity.ERROR, "a duration has no unit")
PROBLEM = Diagnostic(
    CODE,
    "`5` has no unit",
    Span(TEXT.index("5"), TEXT.index("5") + 1),
    labels=(Label(Span(0, 5), "in this flow"),),
    notes=("nobody knows how long",),
    help="write `5s` for seconds",
    fixes=(Fix("write `5s`", ((Span(TEXT.index("5") + 1, TEXT.index("5") + 1), "s"),), safe=False),),
)


# --- places ---


@pytest.mark.parametrize(
    ("text", "span", "place"),
    [
        ("a\nbcd\n", Span(3, 5), (2, 2, 2, 4)),
        ("é😀x", Span(1, 2), (1, 2, 1, 4)),
        ("😀\n😀x", Span(3, 4), (2, 3, 2, 4)),
        ("a\r\nb", Span(0, 4), (1, 1, 2, 2)),
        ("a\n", Span(2, 2), (2, 1, 2, 1)),
        ("", Span(0, 0), (1, 1, 1, 1)),
    ],
)
def test_columns_are_counted_in_units_of_utf_16(text: str, span: Span, place: tuple[int, ...]) -> None:
    assert region(span, Source("x.flow", text)) == Region("x.flow", *place)
    lines = text.encode("utf-16-le")[: len(text[: span.start].encode("utf-16-le"))].decode("utf-16-le").split("\n")
    assert place[1] == len(lines[-1].encode("utf-16-le")) // 2 + 1


# --- GitHub ---


def test_a_problem_as_a_command() -> None:
    assert github.render(PROBLEM, Source("a/b.flow", TEXT)) == (
        "::error file=a/b.flow,line=2,endLine=2,col=27,endColumn=28,title=CF109"
        "::`5` has no unit%0Anote: nobody knows how long%0Ahelp: write `5s` for seconds"
    )


def test_a_problem_over_several_lines_has_no_columns() -> None:
    problem = Diagnostic(Code("CF404", Severity.WARNING, "unreached"), "it is so", Span(0, len(TEXT)))
    assert (
        github.render(problem, Source("x.flow", TEXT)) == "::warning file=x.flow,line=1,endLine=5,title=CF404::it is so"
    )


def test_nothing_in_a_path_or_a_message_ends_the_command() -> None:
    problem = Diagnostic(CODE, "100%: a,b::c\r\n::error::", Span(0, 1))
    written = github.render(problem, Source("a,b:c%\n.flow", TEXT))
    head, message = re.fullmatch(r"::error ([^\n\r]*?)::([^\n\r]*)", written).groups()  # type: ignore[union-attr]
    assert head.split(",")[0] == "file=a%2Cb%3Ac%25%0A.flow"
    assert message == "100%25: a,b::c%0D%0A::error::"


# --- SARIF ---


def test_a_problem_as_a_result() -> None:
    log = sarif.log([(Source("a b/ü.flow", TEXT), [PROBLEM])], "1.2.3")
    assert_is("log", log)
    (run,) = log["runs"]
    (rule,) = run["tool"]["driver"]["rules"]
    assert (rule["id"], rule["shortDescription"]["text"]) == ("CF109", "a duration has no unit")
    assert rule["help"]["markdown"] == codes.page("CF109")
    assert run["tool"]["driver"]["version"] == "1.2.3"
    place = {"uri": "a%20b/%C3%BC.flow", "uriBaseId": "%SRCROOT%"}
    assert run["artifacts"] == [{"location": place}]
    (result,) = run["results"]
    assert result["level"] == "error"
    assert result["message"]["text"].splitlines() == [
        "`5` has no unit", "note: nobody knows how long", "help: write `5s` for seconds",
    ]  # fmt: skip
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": place,
                "region": {"startLine": 2, "startColumn": 27, "endLine": 2, "endColumn": 28},
            }
        }
    ]
    (related,) = result["relatedLocations"]
    assert (related["id"], related["message"]["text"]) == (1, "in this flow")
    (fix,) = result["fixes"]
    assert (fix["description"]["text"], fix["properties"]) == ("write `5s`", {"safe": False})
    assert fix["artifactChanges"][0]["replacements"] == [
        {
            "deletedRegion": {"startLine": 2, "startColumn": 28, "endLine": 2, "endColumn": 28},
            "insertedContent": {"text": "s"},
        }
    ]


def test_an_absolute_path_is_a_file_uri() -> None:
    log = sarif.log([(Source("/srv/a b.flow", TEXT), [PROBLEM])], "1")
    assert_is("log", log)
    assert log["runs"][0]["artifacts"] == [{"location": {"uri": "file:///srv/a%20b.flow"}}]


def test_nothing_wrong_is_a_log_too() -> None:
    log = sarif.log([(Source("x.flow", TEXT), [])], "1", successful=False)
    assert_is("log", log)
    assert log["runs"][0]["results"] == []
    assert log["runs"][0]["invocations"] == [{"executionSuccessful": False}]


def test_all_problems_there_are_make_one_log() -> None:
    found = [(one.source, one.problems) for one in (compile_text(text, f"{name}.flow") for name, text in GIVEN)]
    log = json.loads(json.dumps(sarif.log(found, "1")))
    assert_is("log", log)
    told = {problem.code.id for _, problems in found for problem in problems}
    assert {rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]} == told
    assert len(log["runs"][0]["results"]) == sum(len(problems) for _, problems in found)


def test_the_fixes_of_a_result_are_the_repairs() -> None:
    """Made as SARIF says, by lines and units of UTF-16, they give the same text."""
    for _, text in GIVEN:
        compiled = compile_text(text)
        results = sarif.log([(compiled.source, compiled.problems)], "1")["runs"][0]["results"]
        for problem, result in zip(compiled.problems, results, strict=True):
            for fix, written in zip(problem.fixes, result.get("fixes", ()), strict=True):
                assert applied(text, written["artifactChanges"][0]["replacements"]) == edited(text, [fix])


def applied(text: str, replacements: list[dict[str, dict[str, int]]]) -> str:
    units = text.encode("utf-16-le")
    starts = [0] + [len(text[: at + 1].encode("utf-16-le")) for at, char in enumerate(text) if char == "\n"]

    def offset(line: int, column: int) -> int:
        return starts[line - 1] + 2 * (column - 1)

    for one in reversed(replacements):
        gone = one["deletedRegion"]
        start = offset(gone["startLine"], gone["startColumn"])
        end = offset(gone["endLine"], gone["endColumn"])
        units = units[:start] + str(one["insertedContent"]["text"]).encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le")
