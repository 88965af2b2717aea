"""What every word of a text is, for editors that colour by meaning: a name by what it is the name of."""

from collections.abc import Iterator
from typing import Final

import attrs

from callflow.highlight.words import words
from callflow.lsp.names import Kind
from callflow.lsp.scheme import File, Place, Scheme
from callflow.syntax import tree
from callflow.syntax.tokens import TOKEN

KINDS: Final = (
    "comment", "keyword", "string", "number", "operator", "function", "class", "struct", "enumMember", "interface",
    "enum", "typeParameter", "namespace", "variable", "property",
)  # fmt: skip
"""The types of the protocol that are used, in the order of their numbers."""

MODIFIERS: Final = ("declaration", "readonly", "defaultLibrary")

_KIND_OF: Final[dict[Kind, str]] = {
    Kind.FLOW: "function",
    Kind.TARGET: "class",
    Kind.PROMPT: "enumMember",
    Kind.SCHEDULE: "interface",
    Kind.LIST: "enum",
    Kind.SKILL: "typeParameter",
    Kind.LANGUAGE: "namespace",
    Kind.VALUE: "variable",
    Kind.GIVEN: "variable",
}
"""What a name is called that is a name of ours. Groups are told from agents."""

_SIGNS: Final = frozenset({"=", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*"})


@attrs.frozen
class Token:
    """A word, a sign, a piece of a text or a comment: on one line, beside all others."""

    start: int
    end: int
    kind: str
    modifiers: tuple[str, ...] = ()


def tokens(scheme: Scheme, key: str) -> Iterator[Token]:
    """Yield the tokens of a file of a scheme, in source order. Words that mean nothing have none."""
    file = next((one for one in scheme.files if one.key == key and one.is_scheme), None)
    if file is not None:
        yield from _Tokens(scheme, file).between(0, len(file.text))


class _Tokens:
    def __init__(self, scheme: Scheme, file: File) -> None:
        self._scheme = scheme
        self._text = file.text
        self._named = {token.start: token for place in scheme.in_file(file) if (token := self._name(place))}
        self._named |= {token.start: token for token in _others(file)}
        self._keywords = frozenset(words().all)

    def between(self, start: int, end: int) -> Iterator[Token]:
        """Yield the tokens between two offsets."""
        at = start
        for found in TOKEN.finditer(self._text, start, end):
            if found.start() < at:
                continue
            token = self._named.get(found.start()) or self._token(found.start(), found.group())
            if token is not None and token.kind == "string":
                yield from self._pieces(token)
            elif token is not None:
                yield token
            at = found.end() if token is None else token.end

    def _token(self, start: int, written: str) -> Token | None:
        end = start + len(written.partition("\r")[0])  # which ends a line for an editor
        if written[0] == "#":
            return Token(start, end, "comment")
        if written[0] == '"':
            return Token(start, end, "string")
        if written[0] in "0123456789":
            return Token(start, end, "number")
        if written in _SIGNS:
            return Token(start, end, "operator")
        if start and self._text[start - 1] == "." and written.isidentifier():
            return Token(start, end, "property")
        return Token(start, end, "keyword") if written in self._keywords else None

    def _pieces(self, text: Token) -> Iterator[Token]:
        """Yield what a text is made of: what is said as it stands, and the values that are filled in."""
        at = begin = text.start
        while at < text.end:
            sign = self._text[at]
            close = self._text.find("}", at, text.end) if sign == "{" else -1
            if close < 0:
                at += 2 if sign == "\\" else 1
                continue
            yield Token(begin, at + 1, "string")
            yield from self.between(at + 1, close)
            at = begin = close
        yield Token(begin, text.end, "string")

    def _name(self, place: Place) -> Token | None:
        declared = self._scheme.declared.get((place.kind, place.name.text))
        if declared is None and place.kind is not Kind.GIVEN:
            return None
        kind = _KIND_OF[place.kind]
        if declared and isinstance(declared[0].name.owner, tree.GroupDecl):
            kind = "struct"
        modifiers = [*(["declaration"] if place.name.declares else []),
                     *(["readonly", "defaultLibrary"] if place.kind is Kind.GIVEN else [])]  # fmt: skip
        return Token(place.span.start, place.span.end, kind, tuple(modifiers))


def _others(file: File) -> Iterator[Token]:
    """Yield the names that are not ours: functions, and fields of records."""
    work: list[tree.Node] = list(file.parsed.declarations)
    while work:
        node = work.pop()
        if isinstance(node, tree.Function):
            yield Token(node.name.span.start, node.name.span.end, "function", ("defaultLibrary",))
        elif isinstance(node, tree.Field):
            yield Token(node.name.span.start, node.name.span.end, "property")
        work.extend(tree.below(node))
