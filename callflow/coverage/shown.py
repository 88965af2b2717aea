"""Coverage for people and programs: a table, a page with the source, colours for the diagram, JSON."""

import html
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from callflow.coverage.coverage import Coverage, Missed, Share

ALL, PART, NONE = "all", "part", "none"
_TINTS: Final = {ALL: "#cdeac6", PART: "#fbe7a8", NONE: "#f5c9c6"}
_WHOLE: Final = 100
_HEAD: Final = ("flow", "states", "", "ways", "")

_STYLE: Final = """
:root { color-scheme: light dark; --all: #cdeac6; --part: #fbe7a8; --none: #f5c9c6; --dim: #777; }
@media (prefers-color-scheme: dark) { :root { --all: #1d4a1a; --part: #5a4708; --none: #5e201c; --dim: #999; } }
body { font: 15px/1.4 system-ui, sans-serif; margin: 2rem; max-width: 80rem; }
table { border-collapse: collapse; } th { text-align: left; font-weight: 600; }
.sums td, .sums th { padding: 0 1.2rem 0 0; } .sums td + td { text-align: right; }
.source { font: 13px/1.5 ui-monospace, monospace; width: 100%; margin-top: .5rem; }
.source td { padding: 0 .6rem; vertical-align: top; white-space: pre-wrap; }
.source td:first-child { color: var(--dim); text-align: right; width: 3rem; }
.source td:last-child { font-family: system-ui, sans-serif; white-space: normal; width: 35%; }
.all td:nth-child(2) { background: var(--all); } .part td:nth-child(2) { background: var(--part); }
.none td:nth-child(2) { background: var(--none); }
""".strip()


def table(coverage: Coverage) -> Iterator[str]:
    """Yield the lines of the table: a flow each, and all together; then what was missed."""
    rows: list[tuple[str, ...]] = [_HEAD]
    rows.extend((flow, *_cells(coverage.share(flow))) for flow in coverage.flows())
    rows.append(("all", *_cells(coverage.share())))
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    for row in rows:
        first, *others = (cell.ljust(w) if n == 0 else cell.rjust(w)
                          for n, (cell, w) in enumerate(zip(row, widths, strict=True)))  # fmt: skip
        yield "  ".join((first, *others)).rstrip()
    missed = coverage.missed()
    if missed:
        yield ""
        yield "no call went through"
    for one in missed:
        yield f"  {place(coverage, one.state)}  {coverage.label(one.state)}{said(one)}"
    yield ""
    yield f"coverage {percent(coverage.percent)}"


def _cells(shares: tuple[Share, Share]) -> Iterator[str]:
    for share in shares:
        yield f"{share.done} of {share.of}"
        yield percent(share.percent)


def percent(value: float) -> str:
    """Return a share; one that is not whole is never said to be."""
    return f"{value if value == _WHOLE else min(value, 99.9):.1f} %"


def said(missed: Missed) -> str:
    """Return the ways of a place that were missed, in words; nothing where no call came there at all."""
    return f": {'; '.join(missed.ways)}" if missed.ways else ""


def place(coverage: Coverage, number: int) -> str:
    """Return where a state is written."""
    where = coverage.machine.states[number].where
    return f"{where.file}:{where.flow}:{where.line}" if where.file else f"{where.flow}:{where.line}"


def tint(coverage: Coverage, states: Iterable[int]) -> str:
    """Return the colour of a box of the diagram that stands for these states."""
    return _TINTS[_grade(coverage, {one.state: one for one in coverage.missed()}, list(states))]


def _grade(coverage: Coverage, missed: Mapping[int, Missed], states: list[int]) -> str:
    """Return how much of some states was done."""
    wanted = [number for number in states if number in coverage.wanted]
    if wanted and all(number not in coverage.states for number in wanted):
        return NONE
    return PART if any(number in missed for number in wanted) else ALL


def as_json(coverage: Coverage) -> dict[str, Any]:
    """Return coverage as plain values."""
    shares = {flow: coverage.share(flow) for flow in coverage.flows()}
    return {
        "percent": round(coverage.percent, 2),
        "flows": {
            flow: {"states": [states.done, states.of], "ways": [ways.done, ways.of]}
            for flow, (states, ways) in shares.items()
        },
        "missed": [
            {
                "file": (where := coverage.machine.states[one.state].where).file,
                "flow": where.flow,
                "line": where.line,
                "state": coverage.label(one.state),
                "ways": list(one.ways),
            }
            for one in coverage.missed()
        ],
    }


def page(coverage: Coverage, sources: Mapping[str, str]) -> str:
    """Return a page of HTML with each source, every line coloured by what calls did there.

    Args:
        coverage: What calls went through.
        sources: The texts, by the file as states name it; the scheme's own is `""`.
    """
    missed = {one.state: one for one in coverage.missed()}
    title = html.escape(coverage.machine.scheme or "Scheme")
    body = [f"<h1>{title}: coverage {percent(coverage.percent)}</h1>", *_sums(coverage)]
    for file, text in sources.items():
        at: dict[int, list[int]] = {}
        for number in sorted(coverage.wanted):
            where = coverage.machine.states[number].where
            if where.file == file:
                at.setdefault(where.line, []).append(number)
        body.append(f"<h2>{html.escape(file)}</h2>" if file else "")
        body.append('<table class="source">')
        for line, written in enumerate(text.splitlines(), 1):
            body.append(_row(coverage, missed, line, written, at.get(line, [])))
        body.append("</table>")
    inside = "\n".join(part for part in body if part)
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{title}: coverage</title>\n'
        f"<style>\n{_STYLE}\n</style>\n{inside}\n</html>\n"
    )


def _sums(coverage: Coverage) -> Iterator[str]:
    yield '<table class="sums">'
    yield "<tr><th>flow</th><th>states</th><th></th><th>ways</th><th></th></tr>"
    for flow in coverage.flows():
        cells = "".join(f"<td>{cell}</td>" for cell in _cells(coverage.share(flow)))
        yield f"<tr><td>{html.escape(flow)}</td>{cells}</tr>"
    yield "</table>"


def _row(coverage: Coverage, missed: Mapping[int, Missed], line: int, written: str, states: list[int]) -> str:
    grade = _grade(coverage, missed, states) if states else ""
    left = [
        f"{coverage.label(number)}{said(missed[number]) or ': never'}"
        for number in states
        if number in missed and grade == PART
    ]
    note = "no call came here" if grade == NONE else "; ".join(left)
    return f'<tr class="{grade}"><td>{line}</td><td>{html.escape(written)}</td><td>{html.escape(note)}</td></tr>'
