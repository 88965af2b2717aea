"""The files by which editors highlight schemes, made from the words of the grammar.

`python -m tests.editors.generate` says which are not up to date; with `--write` it writes them.
"""

import json
import plistlib
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from callflow.highlight.words import Words, words

EDITORS = Path(__file__).parents[2] / "docs" / "editors"
GRAMMAR = EDITORS / "vscode" / "syntaxes" / "callflow.tmLanguage.json"

NAME = "[A-Za-z_][A-Za-z0-9_]*"
TAG = "[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*"
DURATION = r"\b[0-9]+(?:\.[0-9]+)?(?:ms|[smhd])\b"


def any_of(found: Iterable[str]) -> str:
    return "|".join(re.escape(one) for one in found)


def textmate(found: Words) -> dict[str, Any]:
    """Return the TextMate grammar. It keeps to expressions that Oniguruma and Python read alike."""
    return {
        "name": "Callflow",
        "scopeName": "source.callflow",
        "fileTypes": ["flow"],
        "patterns": [{"include": f"#{name}"} for name in ("comment", "declared", "named", "key", "text", "value")],
        "repository": {
            "comment": scope("comment.line.number-sign", "#.*$"),
            # A declaration begins a line, so that `last agent for` declares nothing.
            "declared": {
                "patterns": [
                    behind(["flow"], "entity.name.function", before=r"^\s*"),
                    behind((one for one in found.declaring if one != "flow"), "entity.name.type", before=r"^\s*"),
                ]
            },
            "named": {
                "patterns": [
                    behind(found.leading, "entity.name.function"),
                    behind(found.giving, "variable.other.readwrite"),
                    behind(found.tagging, "constant.other.tag", rf"{TAG}(?:\s*,\s*{TAG})*"),
                ]
            },
            "key": behind(["press"], "constant.numeric.key", r'[0-9]+|\*|"[0-9*#]+"', after=""),
            "text": {
                "name": "string.quoted.double.callflow",
                "begin": '"',
                "end": '"|$',
                "patterns": [
                    scope("constant.character.escape", r'\\["\\{}n]'),
                    scope("invalid.illegal.escape", r"\\."),
                    {
                        "name": "meta.embedded.callflow",
                        "begin": r"\{",
                        "end": r'\}|(?=")(?!"[^{}"\\]*"[^{}\n]*\})|$',
                        "beginCaptures": {"0": {"name": "punctuation.section.embedded.begin.callflow"}},
                        "endCaptures": {"0": {"name": "punctuation.section.embedded.end.callflow"}},
                        "patterns": [
                            scope("string.quoted.double.inner", r'"[^{}"\\]*"'),
                            {"include": "#value"},
                        ],
                    },
                ],
            },
            "value": {
                "patterns": [
                    scope("variable.other", rf"\b{NAME}(?:\.{NAME})+"),
                    scope("variable.other.property", rf"\b{NAME}(?=\s*:)"),
                    scope("keyword.operator.word", rf"\b(?:{any_of(found.operators)})\b"),
                    scope("constant.language", rf"\b(?:{any_of(found.constants)})\b"),
                    scope("keyword.control", rf"\b(?:{any_of(found.keywords)})\b"),
                    scope("constant.other.tag", rf'\b{TAG}(?=\s+(?:"|file\b))'),
                    scope("constant.numeric.duration", DURATION),
                    scope("constant.numeric.integer", r"\b[0-9]+\b"),
                    scope("keyword.operator", any_of(found.operator_signs)),
                ]
            },
        },
    }


def scope(name: str, match: str) -> dict[str, Any]:
    return {"name": f"{name}.callflow", "match": match}


def behind(
    leading: Iterable[str], kind: str, name: str = NAME, *, before: str = r"\b", after: str = r"\b"
) -> dict[str, Any]:
    """Return the pattern of what is named behind certain words of the language."""
    return {
        "match": rf"{before}({any_of(leading)})\s+({name}){after}",
        "captures": {"1": {"name": "keyword.control.callflow"}, "2": {"name": f"{kind}.callflow"}},
    }


VIM = r"""" Highlights schemes of call distribution. Made by `python -m tests.editors.generate --write`; do not edit.
if exists("b:current_syntax")
  finish
endif

" Where several match at one place, the last one wins.
syntax match callflowSign /[-+*=<>!]/
syntax match callflowTag /\<\a\{2,3}\(-[A-Za-z0-9]\{1,8}\)*\>\ze\s\+\("\|file\>\)/
syntax match callflowKeyword /\<\(KEYWORDS\)\>/
syntax match callflowOperator /\<\(OPERATORS\)\>/
syntax match callflowConstant /\<\(CONSTANTS\)\>/
syntax match callflowName /\<\h\w*\>\ze\s*:/
syntax match callflowName /\<\h\w*\(\.\h\w*\)\+/
syntax match callflowNumber /\<\d\+\(\.\d\+\)\?\(ms\|[smhd]\)\?\>/
syntax match callflowKeyword /\<\(LEADING\)\>\ze\s\+\h/ nextgroup=callflowFlow skipwhite
syntax match callflowKeyword /\<\(GIVING\)\>\ze\s\+\h/ nextgroup=callflowGiven skipwhite
syntax match callflowKeyword /\<\(TAGGING\)\>\ze\s\+\a/ nextgroup=callflowTags skipwhite
syntax match callflowKeyword /\<press\>\ze\s\+[0-9*"]/ nextgroup=callflowKey skipwhite
syntax match callflowKeyword /^\s*\<\(DECLARING\)\>\ze\s\+\h/ nextgroup=callflowDeclared skipwhite
syntax match callflowKeyword /^\s*\<flow\>\ze\s\+\h/ nextgroup=callflowFlow skipwhite
syntax match callflowFlow /\h\w*/ contained
syntax match callflowDeclared /\h\w*/ contained
syntax match callflowGiven /\h\w*/ contained
syntax match callflowTags /\a\{2,3}\(-[A-Za-z0-9]\{1,8}\)*\>\(\s*,\s*\a\{2,3}\(-[A-Za-z0-9]\{1,8}\)*\>\)*/ contained
syntax match callflowKey /\d\+\|\*\|"[0-9*#]\+"/ contained
syntax region callflowText start=/"/ skip=/\\./ end=/"/ oneline contains=callflowEscape,callflowFilled
syntax match callflowEscape /\\["\\{}n]/ contained
syntax region callflowFilled matchgroup=callflowEscape start=/{/ end=/}/ contained oneline
    \ contains=callflowInner,@callflowValue
syntax match callflowInner /"[^"{}\\]*"/ contained
syntax cluster callflowValue contains=callflowKeyword,callflowOperator,callflowConstant,callflowName
syntax cluster callflowValue add=callflowNumber,callflowSign
syntax match callflowComment /#.*$/ contains=@Spell

highlight default link callflowKeyword Statement
highlight default link callflowOperator Operator
highlight default link callflowSign Operator
highlight default link callflowConstant Boolean
highlight default link callflowNumber Number
highlight default link callflowKey Number
highlight default link callflowTag Constant
highlight default link callflowTags Constant
highlight default link callflowText String
highlight default link callflowInner String
highlight default link callflowEscape SpecialChar
highlight default link callflowFlow Function
highlight default link callflowDeclared Type
highlight default link callflowGiven Identifier
highlight default link callflowName Identifier
highlight default link callflowComment Comment

let b:current_syntax = "callflow"
"""


def vim(found: Words) -> str:
    """Return the syntax file for Vim."""
    lists = {
        "KEYWORDS": found.keywords,
        "OPERATORS": found.operators,
        "CONSTANTS": found.constants,
        "LEADING": found.leading,
        "GIVING": found.giving,
        "TAGGING": found.tagging,
        "DECLARING": [one for one in found.declaring if one != "flow"],
    }
    return re.sub("|".join(lists), lambda name: r"\|".join(lists[name[0]]), VIM)


def files() -> dict[Path, str]:
    """Return every generated file with what belongs into it."""
    grammar = textmate(words())
    return {
        GRAMMAR: json.dumps(grammar, indent=2) + "\n",
        EDITORS / "sublime" / "Callflow.tmLanguage": plistlib.dumps(grammar).decode(),
        EDITORS / "vim" / "syntax" / "callflow.vim": vim(words()),
    }


def outdated() -> list[Path]:
    """Return the generated files that are not what they should be."""
    return [path for path, text in files().items() if not path.is_file() or path.read_text(encoding="utf-8") != text]


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--write"]):
        sys.exit("usage: python -m tests.editors.generate [--write]")
    stale = outdated()
    for one in stale:
        print(one.relative_to(EDITORS.parents[1]))
        if sys.argv[1:]:
            one.parent.mkdir(parents=True, exist_ok=True)
            one.write_text(files()[one], encoding="utf-8")
    sys.exit(bool(stale) and not sys.argv[1:])
