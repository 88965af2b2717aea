"""From one text to another in few edits, so that an editor keeps its cursors and marks; and a text in its layout."""

import difflib
from collections.abc import Iterator

from callflow.source import Source, Span
from callflow.syntax.format import format_source
from callflow.syntax.parser import parse

Edit = tuple[Span, str]


def edits_between(before: str, after: str) -> list[Edit]:
    """Return the edits that make one text of another, line by line, none longer than it needs to be."""
    return list(_edits(before, after))


def _edits(before: str, after: str) -> Iterator[Edit]:
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    matcher = difflib.SequenceMatcher(None, old, new)
    for tag, begin, end, new_begin, new_end in matcher.get_opcodes():
        if tag == "equal":
            continue
        if end - begin == new_end - new_begin:
            for place in range(end - begin):
                yield from _in_line(starts[begin + place], old[begin + place], new[new_begin + place])
        else:
            yield Span(starts[begin], starts[end]), "".join(new[new_begin:new_end])


def _in_line(start: int, old: str, new: str) -> Iterator[Edit]:
    """Yield the one edit of a line: what is the same at its begin and at its end stays."""
    if old == new:
        return
    shorter = min(len(old), len(new))
    same = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    behind = next((place for place in range(shorter - same) if old[-1 - place] != new[-1 - place]), shorter - same)
    yield Span(start + same, start + len(old) - behind), new[same : len(new) - behind]


def formatted(text: str) -> str | None:
    """Return a text in its layout, None where it has mistakes. Its line ends stay."""
    source = Source("", text)
    parsed, problems = parse(source)
    if problems:
        return None
    done = format_source(source, parsed)
    return done.replace("\n", "\r\n") if "\r\n" in text else done
