"""Every problem code has a page, a golden and a place that emits it; nothing else has. Messages keep to their style."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from callflow.compile.mend import edited, mend
from callflow.diagnostic import Code, Diagnostic
from callflow.report.codes import STAGES, all_codes
from callflow.source import Source
from callflow.syntax.parser import parse
from tests.goldens import cases

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "problems"
CODES = all_codes()

HUNDREDS = {
    "callflow.syntax.problems": ("1", "6"),
    "callflow.directory.problems": ("1",),
    "callflow.check.problems": ("2", "3"),
    "callflow.check.hours_problems": ("3",),
    "callflow.prove.problems": ("4", "6"),
}
BLOCK = re.compile(r"^## (Wrong|Right)\n\n```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def page(code: str) -> str:
    return (PAGES / f"{code}.md").read_text(encoding="utf-8")


def blocks(code: str) -> dict[str, tuple[str, str]]:
    """Return the language and the text of the two blocks of a page."""
    found = BLOCK.findall(page(code))
    assert [heading for heading, _, _ in found] == ["Wrong", "Right"], code
    return {heading: (language, text) for heading, language, text in found}


def told(text: str, path: str = "page.flow") -> list[Diagnostic]:
    return cases.compiled(text, path).problems


def everything_told() -> Iterator[Diagnostic]:
    """Yield the problems of all pages and goldens."""
    for _, text in GIVEN:
        yield from told(text)


def everything_given() -> Iterator[tuple[str, str]]:
    """Yield the texts of all pages and goldens, with what to call them."""
    for code in CODES:
        language, text = blocks(code)["Wrong"]
        if language == "flow":
            yield f"page-{code}", text
        given = cases.GENERATED[code][1]() if code in cases.GENERATED else cases.read(code)[0]
        if isinstance(given, str):
            yield f"golden-{code}", given


GIVEN = list(everything_given())
SAFE = [
    "CF101", "CF105", "CF108", "CF109", "CF110", "CF117", "CF208", "CF217", "CF301", "CF306", "CF309", "CF401", "CF408",
]  # fmt: skip
"""What `--fix` does without being asked again; look twice before one is added."""

OFFERED = [
    "CF102", "CF103", "CF104", "CF106", "CF107", "CF109", "CF112", "CF113", "CF201", "CF203", "CF204", "CF205", "CF206",
    "CF214", "CF219", "CF220", "CF221", "CF222", "CF305", "CF306", "CF313", "CF327", "CF404", "CF405",
]  # fmt: skip


# --- codes ---


@pytest.mark.parametrize("stage", STAGES)
def test_codes_are_in_the_hundred_of_their_stage(stage: str) -> None:
    codes = [value for value in vars(import_module(stage)).values() if isinstance(value, Code)]
    assert codes
    for code in codes:
        assert re.fullmatch(r"CF[1-9][0-9]{2}", code.id)
        assert code.id[2] in HUNDREDS[stage], code.id


def test_every_code_is_used_once() -> None:
    ids = [value.id for stage in STAGES for value in vars(import_module(stage)).values() if isinstance(value, Code)]
    assert len(ids) == len(set(ids)) == len(CODES)


def test_titles_tell_codes_apart() -> None:
    titles = [code.title for code in CODES.values()]
    assert len(titles) == len(set(titles))


# --- places that emit ---


def makers(stage: str) -> dict[str, set[str]]:
    """Return for every code of a stage, by the name of its constant, the functions of the stage that make it."""
    tree = ast.parse((ROOT / f"{stage.replace('.', '/')}.py").read_text(encoding="utf-8"))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    used = {name: {one.id for one in ast.walk(node) if isinstance(one, ast.Name)} for name, node in functions.items()}
    grown = True
    while grown:
        before = {name: len(names) for name, names in used.items()}
        for names in used.values():
            for name in names & used.keys():
                names.update(used[name])
        grown = before != {name: len(names) for name, names in used.items()}
    constants = [name for name, value in vars(import_module(stage)).items() if isinstance(value, Code)]
    return {constant: {name for name, names in used.items() if constant in names} for constant in constants}


def called_elsewhere() -> set[tuple[str, str]]:
    """Return what the package calls of `problems` modules, and which codes of theirs it hands to a call."""
    found: set[tuple[str, str]] = set()
    for path in sorted((ROOT / "callflow").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported: dict[str, tuple[str, str]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    imported[alias.asname or alias.name] = (node.module, alias.name)
        for call in ast.walk(tree):
            for node in (call.func, *call.args) if isinstance(call, ast.Call) else ():
                match node:
                    case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in imported:
                        found.add((".".join(imported[name]), attribute))
                    case ast.Name(id=name) if name in imported and imported[name][0] != module:
                        found.add(imported[name])
                    case _:
                        pass
    return found


@pytest.mark.parametrize("stage", STAGES)
def test_every_code_has_a_place_that_emits_it(stage: str) -> None:
    called = {function for module, function in called_elsewhere() if module == stage}
    silent = [constant for constant, functions in makers(stage).items() if not (functions | {constant}) & called]
    assert not silent


@pytest.mark.parametrize("code", CODES)
def test_a_golden_tells_its_code(code: str) -> None:
    severity = CODES[code].severity.value
    assert f"{severity}[{code}]: " in cases.read(code)[1]


# --- pages ---


def test_every_page_belongs_to_a_code() -> None:
    assert sorted(path.name for path in PAGES.glob("*.md")) == sorted([*(f"{code}.md" for code in CODES), "index.md"])


@pytest.mark.parametrize("code", CODES)
def test_a_page_has_its_shape(code: str) -> None:
    lines = page(code).splitlines()
    assert lines[0] == f"# {code}: {CODES[code].title}"
    headings = [line for line in lines if line.startswith("#")]
    assert [one for one in headings if one.startswith("## ")] in (
        ["## Wrong", "## Right"],
        ["## Wrong", "## Right", "## Why"],
    )
    assert all(len(line) <= 120 for line in lines)


@pytest.mark.parametrize("code", CODES)
def test_what_a_page_calls_wrong_has_this_problem_and_no_other(code: str) -> None:
    language, text = blocks(code)["Wrong"]
    if language == "text":
        assert code in cases.GENERATED, "only what a page cannot show is described"
    else:
        assert [problem.code.id for problem in told(text)] == [code]


@pytest.mark.parametrize("code", CODES)
def test_what_a_page_calls_right_has_no_problem(code: str) -> None:
    language, text = blocks(code)["Right"]
    assert language in ("flow", "files")
    assert told(text) == []


def test_the_index_names_every_code_with_its_title_and_severity() -> None:
    rows = re.findall(
        r"^\| \[(\w+)\]\((\w+)\.md\) \| (.+) \| (\w+) \|$", (PAGES / "index.md").read_text("utf-8"), re.MULTILINE
    )
    assert rows == [(code.id, code.id, code.title, code.severity.value) for code in CODES.values()]


# --- style ---


def test_messages_say_what_is_so_without_a_capital_or_a_full_stop() -> None:
    for problem in everything_told():
        assert problem.message[0] == "`" or problem.message[0].islower(), problem.message
        assert not problem.message.endswith("."), problem.message
        for word in ("illegal", "invalid syntax", "unexpected", "token", "must"):
            assert word not in problem.message, problem.message


def test_notes_and_help_have_no_capital_and_no_full_stop() -> None:
    for problem in everything_told():
        for text in (*problem.notes, problem.help):
            assert not text or text[0] == "`" or text[0].islower(), text
            assert not text.endswith("."), text


def test_labels_have_at_most_six_words() -> None:
    for problem in everything_told():
        for label in (problem.label, *(one.text for one in problem.labels)):
            assert len(label.split()) <= 6, label
            assert not label.endswith("."), label


def test_spans_lie_in_the_source() -> None:
    for _, text in GIVEN:
        for problem in told(text):
            edits = (span for fix in problem.fixes for span, _ in fix.edits)
            for span in (problem.span, *(one.span for one in problem.labels), *edits):
                assert 0 <= span.start <= span.end <= len(text), problem


# --- repairs ---


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in GIVEN])
def test_every_repair_takes_its_problem_away_and_brings_none(text: str) -> None:
    before = Counter((one.code.id, one.message) for one in told(text))
    for problem in told(text):
        for fix in problem.fixes:
            repaired = edited(text, [fix])
            after = Counter((one.code.id, one.message) for one in told(repaired))
            key = (problem.code.id, problem.message)
            assert after[key] < before[key], (fix.title, repaired)
            if is_readable(text):
                assert is_readable(repaired)
                assert not after - before, (fix.title, repaired)
            elif not is_readable(repaired):  # what a mistake in the text hid may show
                assert after.total() <= before.total(), (fix.title, repaired)


def is_readable(text: str) -> bool:
    return not parse(Source("", text))[1]


def test_problems_with_a_repair_are_these() -> None:
    safe: set[str] = set()
    offered: set[str] = set()
    for _, text in GIVEN:
        for problem in told(text):
            for fix in problem.fixes:
                (safe if fix.safe else offered).add(problem.code.id)
    assert sorted(safe) == SAFE
    assert sorted(offered) == OFFERED


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in GIVEN])
def test_what_fix_leaves_has_nothing_more_to_repair(text: str) -> None:
    mended = mend(text, cases.compiled(text, "x.flow"), lambda new: cases.compiled(new, "x.flow"))
    assert mended.compiled.problems == told(mended.text, "x.flow")
    assert is_readable(mended.text) >= is_readable(text)
    again = mend(mended.text, mended.compiled, lambda new: cases.compiled(new, "x.flow"))
    assert (again.text, again.repaired) == (mended.text, 0)
