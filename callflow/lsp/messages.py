"""Our values as messages of the protocol. Nothing is decided here but how an editor shows it."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

import attrs
from lsprotocol import types as lsp

from callflow.check.problems import NEVER_USED
from callflow.diagnostic import Diagnostic, Fix, Severity
from callflow.lsp.completion import Completion, Item
from callflow.lsp.edits import Edit
from callflow.lsp.meaning import KINDS, MODIFIERS, Token
from callflow.lsp.names import Kind
from callflow.lsp.outline import Fold, Symbol
from callflow.lsp.positions import Lines
from callflow.lsp.workspace import part_of, text_of_part
from callflow.prove.problems import FLOW_UNREACHED, NEVER_REACHED
from callflow.source import Source, Span

_UNNECESSARY: Final = frozenset({NEVER_USED, FLOW_UNREACHED, NEVER_REACHED})

_SEVERITIES: Final = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
}

_SYMBOLS: Final = {
    "flow": lsp.SymbolKind.Function,
    "on": lsp.SymbolKind.Event,
    "agent": lsp.SymbolKind.Object,
    "group": lsp.SymbolKind.Class,
    "schedule": lsp.SymbolKind.Interface,
    "prompt": lsp.SymbolKind.String,
    "list": lsp.SymbolKind.Array,
    "number": lsp.SymbolKind.Number,
}

_ITEMS: Final[dict[Kind | str, lsp.CompletionItemKind]] = {
    "keyword": lsp.CompletionItemKind.Keyword,
    "function": lsp.CompletionItemKind.Function,
    "file": lsp.CompletionItemKind.File,
    "folder": lsp.CompletionItemKind.Folder,
    Kind.FLOW: lsp.CompletionItemKind.Function,
    Kind.TARGET: lsp.CompletionItemKind.Class,
    Kind.PROMPT: lsp.CompletionItemKind.Text,
    Kind.SCHEDULE: lsp.CompletionItemKind.Interface,
    Kind.LIST: lsp.CompletionItemKind.Value,
    Kind.SKILL: lsp.CompletionItemKind.EnumMember,
    Kind.LANGUAGE: lsp.CompletionItemKind.EnumMember,
    Kind.VALUE: lsp.CompletionItemKind.Variable,
    Kind.GIVEN: lsp.CompletionItemKind.Constant,
}


@attrs.frozen
class Places:
    """What an editor counts in: the addresses of files, and code units."""

    uri_of: Callable[[str], str]
    encoding: str

    def lines(self, text: str) -> Lines:
        """Return the lines of a text."""
        return _lines(text, self.encoding)

    def location(self, source: Source, span: Span) -> lsp.Location:
        """Return where a span of a scheme lies."""
        key, part = part_of(source, span)
        return lsp.Location(self.uri_of(key), range_of(self.lines(text_of_part(source, key)), part))

    def edit(self, source: Source, fix: Fix) -> lsp.WorkspaceEdit:
        """Return a repair of a scheme; it may touch several files."""
        changes: dict[str, list[lsp.TextEdit]] = {}
        for span, text in sorted(fix.edits):
            at = self.location(source, span)
            changes.setdefault(at.uri, []).append(lsp.TextEdit(at.range, text))
        return lsp.WorkspaceEdit(changes=changes)

    def diagnostic(self, problem: Diagnostic, source: Source) -> lsp.Diagnostic:
        """Return a problem; its labels are related places."""
        help_ = [f"help: {problem.help}"] if problem.help else []
        notes = [f"note: {note}" for note in problem.notes]
        labels = [problem.label] if problem.label else []
        related = [
            lsp.DiagnosticRelatedInformation(self.location(source, label.span), label.text) for label in problem.labels
        ]
        return lsp.Diagnostic(
            range=self.location(source, problem.span).range,
            message="\n".join((problem.message, *labels, *notes, *help_)),
            severity=_SEVERITIES[problem.code.severity],
            code=problem.code.id,
            source="callflow",
            tags=[lsp.DiagnosticTag.Unnecessary] if problem.code in _UNNECESSARY else None,
            related_information=related or None,
        )


@lru_cache(maxsize=8)
def _lines(text: str, encoding: str) -> Lines:
    return Lines(text, encoding)


def range_of(lines: Lines, span: Span) -> lsp.Range:
    """Return a span as the editor counts."""
    return lsp.Range(lsp.Position(*lines.position(span.start)), lsp.Position(*lines.position(span.end)))


def span_of(lines: Lines, place: lsp.Range) -> Span:
    """Return a range of the editor as a span."""
    start, end = (lines.offset((one.line, one.character)) for one in (place.start, place.end))
    return Span(start, max(start, end))


def text_edits(lines: Lines, edits: Iterable[Edit]) -> list[lsp.TextEdit]:
    """Return edits of a text as the editor counts."""
    return [lsp.TextEdit(range_of(lines, span), text) for span, text in edits]


def countable(lines: Lines, edits: Iterable[Edit]) -> bool:
    """Return whether an editor has a position for every end of edits: it has none within a line end."""
    return all(lines.offset(lines.position(end)) == end for span, _ in edits for end in (span.start, span.end))


LEGEND: Final = lsp.SemanticTokensLegend(token_types=list(KINDS), token_modifiers=list(MODIFIERS))


def semantic_tokens(lines: Lines, found: Iterable[Token]) -> lsp.SemanticTokens:
    """Return tokens as the protocol counts them: each from the one before."""
    data: list[int] = []
    before_line = before = 0
    for token in found:
        line, start = lines.position(token.start)
        _, end = lines.position(token.end)
        modifiers = sum(1 << MODIFIERS.index(one) for one in token.modifiers)
        data += (line - before_line, start - (before if line == before_line else 0), end - start,
                 KINDS.index(token.kind), modifiers)  # fmt: skip
        before_line, before = line, start
    return lsp.SemanticTokens(data)


def completion_list(lines: Lines, found: Completion, offset: int) -> lsp.CompletionList:
    """Return what may be written, the likeliest first."""
    place = range_of(lines, Span(found.start, offset))
    return lsp.CompletionList(is_incomplete=False, items=[_item(one, place) for one in found.items])


def _item(one: Item, place: lsp.Range) -> lsp.CompletionItem:
    return lsp.CompletionItem(
        label=one.label,
        kind=_ITEMS[one.kind],
        detail=one.detail or None,
        sort_text=f"{one.rank}{one.label}",
        filter_text=one.label,
        text_edit=lsp.TextEdit(place, one.insert or one.label),
    )


def document_symbol(lines: Lines, one: Symbol) -> lsp.DocumentSymbol:
    """Return a declaration for the outline."""
    return lsp.DocumentSymbol(
        name=one.name,
        kind=_SYMBOLS[one.kind],
        range=range_of(lines, one.span),
        selection_range=range_of(lines, one.name_span),
        detail=one.detail or None,
    )


def folding_range(one: Fold) -> lsp.FoldingRange:
    """Return lines that can be folded away."""
    kind = lsp.FoldingRangeKind.Comment if one.is_comment else lsp.FoldingRangeKind.Region
    return lsp.FoldingRange(one.first, one.last, kind=kind)
