"""The shape of a file: what it declares, and which lines can be folded away. Also of a text with mistakes."""

from collections.abc import Iterator

import attrs

from callflow.lsp.scheme import File
from callflow.source import Source, Span
from callflow.syntax import tree
from callflow.syntax.tokens import TOKEN, words


@attrs.frozen
class Symbol:
    """Something that a file declares: `kind` is the word that declares it."""

    name: str
    kind: str
    detail: str
    span: Span
    name_span: Span


def symbols(file: File) -> list[Symbol]:
    """Return what a file declares, in source order."""
    return [symbol for one in file.parsed.declarations if (symbol := _symbol(one)) is not None]


def _symbol(one: tree.Declaration) -> Symbol | None:
    match one:
        case tree.FlowDecl(name=name, span=span):
            return Symbol(name.name, "flow", "", span, name.span)
        case tree.HandlerDecl(name=name, span=span):
            return Symbol(f"on {name.name}", "on", "", span, name.span)
        case tree.AgentDecl(name=name, uri=uri, span=span):
            return Symbol(name.name, "agent", uri.plain, span, name.span)
        case tree.GroupDecl(name=name, members=members, span=span):
            return Symbol(name.name, "group", ", ".join(one.name for one in members), span, name.span)
        case tree.ScheduleDecl(name=name, hours=hours, span=span):
            return Symbol(name.name, "schedule", hours.plain, span, name.span)
        case tree.PromptDecl(name=name, entries=entries, span=span):
            return Symbol(name.name, "prompt", entries[0].text.plain if entries else "", span, name.span)
        case tree.ListDecl(name=name, span=span):
            return Symbol(name.name, "list", "", span, name.span)
        case tree.NumberRoute(number=number, flow=flow, span=span):
            return Symbol(number.plain or "number", "number", f"goto {flow.name}", span, number.span)
        case tree.SchemeTitle() | tree.Timezone() | tree.Region() | tree.Languages() | tree.Import():
            return None


@attrs.frozen
class Fold:
    """Lines from 0, the first and the last that belong together."""

    first: int
    last: int
    is_comment: bool = False


def folds(text: str) -> list[Fold]:
    """Return what can be folded: blocks of several lines, and comments of several lines."""
    source = Source("", text)
    return sorted((*_blocks(source), *_comments(source)), key=lambda fold: (fold.first, -fold.last))


def _blocks(source: Source) -> Iterator[Fold]:
    opened: list[int] = []
    for at, word in words(source.text):
        if word == "{":
            opened.append(at)
        elif word == "}" and opened:
            first, last = source.line_of(opened.pop()) - 1, source.line_of(at) - 1
            if last - first > 1:
                yield Fold(first, last - 1)


def _comments(source: Source) -> Iterator[Fold]:
    first = last = -1
    for found in TOKEN.finditer(source.text):
        line = source.line_of(found.start()) - 1
        if not found[0].startswith("#") or source.text[source.line_start(line + 1) : found.start()].strip():
            continue
        if line == last + 1 and first >= 0:
            last = line
            continue
        if last > first:
            yield Fold(first, last, is_comment=True)
        first = last = line
    if last > first:
        yield Fold(first, last, is_comment=True)
