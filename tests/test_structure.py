"""The structure of the project: who may import whom, how long things may be. Read from the source, nothing is run."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "callflow"
FILES = sorted(PACKAGE.rglob("*.py"))

MAY_IMPORT: dict[str, set[str]] = {
    "source": set(),
    "limits": set(),
    "words": set(),
    "cache": set(),
    "clock": set(),
    "numbers": set(),
    "draw": set(),
    "diagnostic": {"source"},
    "machine": {"source", "limits", "words"},
    "saying": {"machine", "clock"},
    "engine": {"machine", "limits", "clock", "saying", "numbers"},
    "compare": {"machine", "words"},
    "coverage": {"machine"},
    "runner": {"engine", "machine", "limits"},
    "almanac": {"cache", "machine", "engine", "limits", "words"},
    "acd": {"runner", "almanac", "engine", "machine", "limits"},
    "syntax": {"cache", "diagnostic", "source", "limits", "words"},
    "check": {"syntax", "diagnostic", "source", "limits", "words", "almanac", "numbers", "saying"},
    "directory": {"syntax", "diagnostic", "source", "limits", "words", "numbers"},
    "compile": {
        "check",
        "directory",
        "syntax",
        "machine",
        "diagnostic",
        "source",
        "limits",
        "numbers",
        "prove",
        "speech",
    },
    "prove": {"check", "syntax", "machine", "diagnostic", "source", "limits", "words"},
    "highlight": {"syntax"},
    "lsp": {
        "compile",
        "prove",
        "check",
        "highlight",
        "almanac",
        "directory",
        "syntax",
        "diagnostic",
        "source",
        "limits",
        "words",
    },
    "report": {"diagnostic", "source", "limits", "words", "syntax", "check", "prove"},
    "speech": {"limits"},
    "web": {"machine", "limits"},
    "sim": {"acd", "runner", "engine", "machine", "almanac", "limits", "words", "numbers"},
    "traffic": {
        "sim",
        "coverage",
        "acd",
        "almanac",
        "runner",
        "engine",
        "machine",
        "words",
        "clock",
        "numbers",
    },
    "explore": {"sim", "coverage", "engine", "runner", "almanac", "machine", "words", "numbers"},
    "swarm": {"sim", "acd", "runner", "engine", "almanac", "machine", "limits"},
    "journals": {"runner", "engine", "machine"},
    "replay": {"explore", "sim", "runner", "engine", "almanac", "machine"},
    "testing": {
        "compile",
        "report",
        "coverage",
        "explore",
        "sim",
        "engine",
        "almanac",
        "machine",
        "limits",
    },
    "pytest_plugin": {"testing", "compile", "report", "sim", "machine"},
    "pjsip": {
        "journals",
        "acd",
        "web",
        "runner",
        "engine",
        "machine",
        "almanac",
        "limits",
        "speech",
        "words",
        "numbers",
    },
}
"""The parts and what each may import of the project. `cli` wires everything and may import all."""

ONLY_IMPORTER = {
    "lark": "syntax",
    "pjsua2": "pjsip",
    "httpx2": "web",
    "yaml": "sim directory testing",
    "opening_hours": "almanac",
    "holidays": "almanac",
    "zoneinfo": "almanac clock",
    "espeakng_loader": "speech",
    "phonenumbers": "numbers",
    "pygments": "highlight",
    "babel": "saying",
    "num2words": "saying",
    "pygls": "lsp",
    "lsprotocol": "lsp",
    "click": "cli",
    "pytest": "pytest_plugin",
    "hypothesis": "testing",
}

WORLD = {"time", "random", "asyncio", "threading", "socket", "os", "subprocess"}
PURE = ("source", "limits", "words", "diagnostic", "machine", "saying", "engine", "runner", "acd", "check", "compile",
        "prove", "sim", "compare", "coverage", "explore", "replay")  # fmt: skip

FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 600


def part_of(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """Yield every module a file imports, wherever the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module is not None
            yield node.module
            if node.module == "callflow":
                yield from (f"callflow.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_imports_downwards_only(path: Path) -> None:
    part = part_of(path)
    for module in imported(path):
        top, _, rest = module.partition(".")
        if top == "callflow" and rest and part in MAY_IMPORT:
            other = rest.split(".")[0]
            assert other == part or other in MAY_IMPORT[part], f"{part} imports {module}"
        if top in ONLY_IMPORTER:
            assert part in (*ONLY_IMPORTER[top].split(), "cli") if top != "click" else part == "cli", (
                f"{part} imports {top}"
            )
        if top in WORLD:
            assert part not in PURE, f"{part} imports {top}"


def test_every_part_is_in_the_table() -> None:
    parts = {part_of(path) for path in FILES} - {"__init__", "__main__", "cli"}
    assert parts == set(MAY_IMPORT)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_and_functions_fit(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") < FILE_LINES_MAX
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "a file opens by saying what lives in it"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < FUNCTION_LINES_MAX, node.name


def test_no_two_parts_import_each_other() -> None:
    for part, others in MAY_IMPORT.items():
        for other in others:
            assert part not in MAY_IMPORT[other], f"{part} and {other} import each other"
