"""Every problem code there is, and its page."""

from importlib import import_module
from pathlib import Path
from typing import Final

from callflow.diagnostic import Code

STAGES: Final = tuple(
    f"callflow.{part}" for part in ("syntax.problems", "directory.problems", "check.problems", "check.hours_problems",
                                    "prove.problems")
)  # fmt: skip


def all_codes() -> dict[str, Code]:
    """Return every code by its number, in order."""
    found: dict[str, Code] = {}
    for stage in STAGES:
        for value in vars(import_module(stage)).values():
            if isinstance(value, Code):
                assert found.get(value.id, value) is value, f"{value.id} is used twice"
                found[value.id] = value
    return dict(sorted(found.items()))


def page(code: str) -> str:
    """Return the page of a code: from the installed package, or from the checkout."""
    package = Path(__file__).parents[1]
    for folder in (package / "_problems", package.parent / "docs" / "problems"):
        file = folder / f"{code}.md"
        if file.is_file():
            return file.read_text(encoding="utf-8")
    raise LookupError(code)
