"""What the parser reads at each place of a text, and what each highlighter takes it for, in the same few kinds."""

import json
import subprocess
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from lark import Lark, Token

from callflow.highlight.pygments_lexer import CallflowLexer
from callflow.highlight.words import words
from callflow.syntax.table import STARTS, grammar_text
from tests.editors.generate import EDITORS, GRAMMAR
from tests.editors.textmate import Engine

HERE = Path(__file__).parent

Classes = Callable[[int], str]
"""The class that a highlighter gives to the character at an offset, in its own words."""

KINDS = {"DIGITS": "number", "DURATION": "number", "NAME": "name", "TAG": "tag", "STRING": "text", "COMMENT": "comment"}
"""What a terminal that is no word is taken for. Signs are of no interest."""

_PREFIXES = {
    "keyword.operator.callflow": "sign",
    "keyword": "word",
    "constant.language": "word",
    "constant.numeric": "number",
    "constant.other.tag": "tag",
    "string": "text",
    "comment": "comment",
    "Token.Keyword": "word",
    "Token.Operator.Word": "word",
    "Token.Literal.Number": "number",
    "Token.Literal.String": "text",
    "Token.Name.Constant": "tag",
    "Token.Comment": "comment",
    "Token.Operator": "sign",
    "Token.Error": "mistake",
    "callflowKeyword": "word",
    "callflowOperator": "word",
    "callflowConstant": "word",
    "callflowNumber": "number",
    "callflowKey": "number",
    "callflowTag": "tag",
    "callflowText": "text",
    "callflowComment": "comment",
    "callflowSign": "sign",
}
"""Kinds of classes; the first that fits. Everything else is a name."""


def kind_of(given: str) -> str:
    """Return the kind of a highlighter's class."""
    return next((kind for prefix, kind in _PREFIXES.items() if given.startswith(prefix)), "name")


@cache
def _lark() -> Lark:
    return Lark(grammar_text(), parser="lalr", lexer="contextual", start=list(STARTS), maybe_placeholders=True)


def read(text: str) -> list[tuple[int, str, str]]:
    """Return the offset, the kind and the text of all that the parser reads."""
    found: list[tuple[int, str, str]] = []
    before = ""
    for token in _lark().parse_interactive(text, start="start").iter_parse():
        assert isinstance(token, Token)
        kind = "word" if token.value in words().all and token.type not in KINDS else KINDS.get(token.type, "")
        kind = "number" if before == "press" else "name" if before in words().leading else kind
        before = token.value
        if kind:
            found.append((token.start_pos or 0, kind, token.value))
    return found


def by_pygments(texts: Sequence[str]) -> list[Classes]:
    def classes(text: str) -> Classes:
        given = [str(kind) for _, kind, value in CallflowLexer().get_tokens_unprocessed(text) for _ in value]
        return given.__getitem__

    return [classes(text) for text in texts]


def by_python(texts: Sequence[str]) -> list[Classes]:
    engine = Engine(json.loads(GRAMMAR.read_text(encoding="utf-8")))
    return [_scopes(text, engine.tokenise(text)) for text in texts]


def by_node(folder: Path, texts: Sequence[str]) -> list[Classes]:
    """Let the engine of Visual Studio Code read texts. Its offsets are in UTF-16: texts stay in the basic plane."""
    command = ["node", str(HERE / "tokenise.cjs"), str(folder), str(GRAMMAR)]
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=True)
    return [_scopes(text, lines) for text, lines in zip(texts, json.loads(done.stdout), strict=True)]


def _scopes(text: str, lines: Sequence[Sequence[tuple[int, str]]]) -> Classes:
    given: list[str] = []
    for line, starts in zip(text.split("\n"), lines, strict=True):
        scopes = dict(starts)
        current = ""
        for column in range(len(line) + 1):
            current = scopes.get(column, current)
            given.append(current)
    return given.__getitem__


_VIM = """
for path in argv()
  execute "edit" path
  let found = []
  for g:row in range(1, line("$"))
    call add(found, map(range(1, strlen(getline(g:row))), {_, column -> synIDattr(synID(g:row, column, 1), "name")}))
  endfor
  call writefile([json_encode(found)], path . ".json")
endfor
qall!
"""


def by_vim(folder: Path, texts: Sequence[str]) -> list[Classes]:
    """Let Vim open texts, as files of a folder."""
    found = [json.loads(path.with_suffix(".flow.json").read_text(encoding="utf-8")) for path in in_vim(folder, texts)]
    return [_bytes(text, lines) for text, lines in zip(texts, found, strict=True)]


def in_vim(folder: Path, texts: Sequence[str], script_text: str = _VIM) -> list[Path]:
    """Run a script in Vim, with texts as the files that it is called with, and return them."""
    script = folder / "script.vim"
    script.write_text(script_text, encoding="utf-8")
    paths = [folder / f"{number}.flow" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    runtime = f"set nocompatible encoding=utf-8 runtimepath^={EDITORS / 'vim'}"
    command = [
        "vim",
        "-es",
        "-u",
        "NONE",
        "-i",
        "NONE",
        "--cmd",
        runtime,
        "-c",
        "filetype plugin indent on | syntax on",
    ]
    subprocess.run([*command, "-S", str(script), *map(str, paths)], check=True, stdin=subprocess.DEVNULL, timeout=60)
    return paths


def _bytes(text: str, lines: Sequence[Sequence[str]]) -> Classes:
    given: list[str] = []
    for line, groups in zip(text.split("\n"), [*lines, []], strict=False):
        at = 0
        for char in line:
            given.append(groups[at])
            at += len(char.encode())
        given.append("")
    return given.__getitem__
