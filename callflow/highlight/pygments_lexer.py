"""The lexer that Pygments finds by the entry point `callflow`. The only file that imports `pygments`.

Pygments is no dependency of the package: whoever highlights has it, and nothing else imports this file.
"""

import re
from collections.abc import Iterable
from typing import Any, ClassVar, Final

from pygments.lexer import RegexLexer, bygroups, default, include
from pygments.lexer import words as any_of
from pygments.token import (
    Comment,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Whitespace,
)

from callflow.highlight.words import words

_WORDS: Final = words()
_NAME: Final = r"[A-Za-z_][A-Za-z0-9_]*"
_TAG: Final = r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*"


def _alternatives(found: Iterable[str]) -> str:
    return "|".join(re.escape(one) for one in found)


def _behind(leading: Iterable[str], kind: Any, name: str = _NAME) -> tuple[str, Any]:
    """Return the rule for a name of a kind behind certain words of the language."""
    return rf"\b({_alternatives(leading)})([ \t]+)({name})\b", bygroups(Keyword, Whitespace, kind)


def _declared(word: str) -> tuple[str, Any]:
    """Return the rule for a declared name. It begins a line, so that `last agent for` declares nothing."""
    kind = Name.Function if word == "flow" else Name.Class
    return rf"^([ \t]*)({word})([ \t]+)({_NAME})\b", bygroups(Whitespace, Keyword, Whitespace, kind)


class CallflowLexer(RegexLexer):
    """Highlights schemes of call distribution."""

    name = "Callflow"
    url = "https://pypi.org/project/callflow-ivr/"
    aliases: ClassVar[list[str]] = ["callflow", "flow"]
    filenames: ClassVar[list[str]] = ["*.flow"]
    mimetypes: ClassVar[list[str]] = ["text/x-callflow"]
    flags = re.MULTILINE

    tokens: ClassVar[dict[str, list[Any]]] = {
        "root": [
            (r"\s+", Whitespace),
            (r"#.*$", Comment.Single),
            *map(_declared, _WORDS.declaring),
            _behind(_WORDS.leading, Name.Function),
            _behind(_WORDS.giving, Name.Variable),
            _behind(_WORDS.tagging, Name.Constant, rf"{_TAG}(?:[ \t]*,[ \t]*{_TAG})*"),
            (r'\b(press)([ \t]+)([0-9]+|\*|"[0-9*#]+")', bygroups(Keyword, Whitespace, Number)),
            (r'"', String.Double, "text"),
            include("value"),
        ],
        "value": [
            (r"[ \t]+", Whitespace),
            (rf"{_NAME}(?:\.{_NAME})+", Name.Variable),
            (rf"{_NAME}(?=[ \t]*:)", Name.Attribute),
            (any_of(_WORDS.operators, prefix=r"\b", suffix=r"\b"), Operator.Word),
            (any_of(_WORDS.constants, prefix=r"\b", suffix=r"\b"), Keyword.Constant),
            (any_of(_WORDS.keywords, prefix=r"\b", suffix=r"\b"), Keyword),
            (rf'{_TAG}(?=[ \t]+(?:"|file\b))', Name.Constant),
            (_NAME, Name),
            (r"[0-9]+(?:\.[0-9]+)?(?:ms|[smhd])\b", Number),
            (r"[0-9]+", Number.Integer),
            (any_of(_WORDS.operator_signs), Operator),
            (any_of(_WORDS.punctuation), Punctuation),
        ],
        "text": [
            (r'"', String.Double, "#pop"),
            (r'\\["\\{}n]', String.Escape),
            (r"\{", String.Interpol, "filled_in"),
            (r'[^"\\{\n]+|\\', String.Double),
            default("#pop"),
        ],
        "filled_in": [
            (r"\}", String.Interpol, "#pop"),
            (r'"[^{}"\\\n]*"', String.Double),
            include("value"),
            default("#pop"),
        ],
    }
