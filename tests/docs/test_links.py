"""Links between the pages: the file is there, and so is the heading."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT

PAGES = [
    ROOT / "README.md",
    *(page for page in sorted((ROOT / "docs").rglob("*.md")) if "node_modules" not in page.parts),
]
_CODE = re.compile(r"^(```+).*?^\1$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
_BLOCK = re.compile(r"^(```+).*?^\1$", re.MULTILINE | re.DOTALL)


def links_of(page: Path) -> Iterator[str]:
    """Yield the targets of a page's links within this repository."""
    for found in _LINK.finditer(_CODE.sub("", page.read_text(encoding="utf-8"))):
        if not re.match(r"[a-z]+:", found[1]):
            yield found[1]


def anchors_of(page: Path) -> set[str]:
    """Return the anchors that a page's headings have on the web."""
    anchors: set[str] = set()
    seen: Counter[str] = Counter()
    for found in _HEADING.finditer(_BLOCK.sub("", page.read_text(encoding="utf-8"))):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", found[1]).lower()
        slug = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        anchors.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return anchors


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for target in links_of(page):
        file, _, anchor = target.partition("#")
        where = (page.parent / file).resolve() if file else page
        known = anchors_of(where) if where.suffix == ".md" and where.is_file() else set()
        if not where.exists() or not where.is_relative_to(ROOT) or (anchor and anchor not in known):
            broken.append(target)
    assert not broken
