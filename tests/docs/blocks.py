"""Fenced blocks of the documentation, and how each kind is made into something that can be run."""

import re
from collections.abc import Iterator
from pathlib import Path

import attrs

from callflow.check.problems import NEVER_USED
from callflow.compile.pipeline import Compiled, compile_text
from callflow.diagnostic import Diagnostic
from callflow.prove.problems import FLOW_UNREACHED
from callflow.source import Source
from callflow.syntax.parser import parse

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
"""Pages whose blocks are run. Those of `docs/problems` are run with the goldens."""

RUN = ("python", "flow", "flow-part", "yaml", "yaml-part", "console")
NOT_RUN = ("sh", "text")
"""Commands that install something or need a telephone, and what is no code."""

_FENCE = re.compile(r"^(?P<fence>```+)(?P<kind>[^\n`]*)\n(?P<text>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)

_GIVEN = {
    "office": 'timezone "Europe/Berlin"\nschedule office "Mo-Fr 09:00-18:00"',
    "anna": 'agent anna "sip:anna@pbx.example" extension 301',
    "boris": 'agent boris "sip:boris@pbx.example" extension 302',
    "extension": 'agent carla "sip:carla@pbx.example" extension 303',
    "sales": "group sales anna, boris",
    "support": "group support boris",
    "welcome": 'prompt welcome { en "Welcome." de "Willkommen." }',
    "sales_line": "flow sales_line { hangup }",
    "message": "flow message { hangup }",
}
"""What a part may refer to without declaring it."""


@attrs.frozen
class Block:
    """A fenced block. `scheme` is the last whole scheme before it on its page, empty where there is none."""

    page: Path
    line: int
    kind: str
    text: str
    scheme: str

    @property
    def place(self) -> str:
        """Return where it stands."""
        return f"{self.page.name}:{self.line}"


def blocks_of(page: Path) -> Iterator[Block]:
    """Yield the blocks of a page."""
    text = page.read_text(encoding="utf-8")
    scheme = ""
    for found in _FENCE.finditer(text):
        kind = found["kind"].strip()
        yield Block(page, text.count("\n", 0, found.start()) + 2, kind, found["text"], scheme)
        if kind == "flow":
            scheme = found["text"]


def compile_part(text: str) -> tuple[Compiled, list[Diagnostic]]:
    """Compile a part of a scheme. Returns what came of it and the problems that lie in the part.

    What parses as statements stands in `start { … }`, behind an `answer` where the part has none and rejects nothing;
    everything else stands among the declarations. What the part refers to and does not declare is added from `_GIVEN`.
    That nobody refers to a declaration of the part is no problem.
    """
    words = set(re.findall(r"\w+", text))
    answer = "" if words & {"answer", "reject"} else "answer "
    before = f"language en, de\nstart {{ {answer}\n"
    if parse(Source("part", before + text + "}"))[1]:
        speaks = re.search(r"^language\b", text, re.MULTILINE)
        before = "language en, de\n" if "de" in words and not speaks else ""
        whole = before + text + ("" if re.search(r"^start\b", text, re.MULTILINE) else "\nstart { answer hangup }")
    else:
        whole = before + text + "}"
    whole += "".join(f"\n{_GIVEN[name]}" for name in _wanted(text))
    compiled = compile_text(whole)
    inside = range(len(before), len(before) + len(text))
    found = [
        problem
        for problem in compiled.problems
        if problem.span.start in inside and problem.code not in (NEVER_USED, FLOW_UNREACHED)
    ]
    return compiled, found


def _wanted(text: str) -> list[str]:
    wanted: list[str] = []
    work = [text]
    while work:
        words = set(re.findall(r"\w+", re.sub(r'"[^"\n]*"', "", work.pop())))
        for name, given in _GIVEN.items():
            declared = re.search(rf"^(schedule|agent|group|prompt|flow) {name}\b", text, re.MULTILINE)
            if name in words and name not in wanted and not declared:
                wanted.append(name)
                work.append(given)
    return wanted
