"""Every highlighter takes every place of a scheme for what the parser reads there."""

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from pygments.token import Error

from callflow.highlight.pygments_lexer import CallflowLexer
from callflow.highlight.words import words
from callflow.source import Source
from callflow.syntax.format import format_source
from callflow.syntax.parser import parse
from tests.docs.blocks import PAGES, ROOT, blocks_of
from tests.editors import highlighters
from tests.editors.generate import EDITORS
from tests.editors.highlighters import Classes, kind_of, read

Highlight = Callable[[Sequence[str]], list[Classes]]

EXAMPLES = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").glob("*.flow"))}
SCHEMES = EXAMPLES | {block.place: block.text for page in PAGES for block in blocks_of(page) if block.kind == "flow"}

WILD = """\
# words as names
scheme "Wild" timezone "Europe/Berlin" region DE-BY language pt-BR, en
agent busy "sip:busy@pbx.example"   # extension
\tagent all "sip:all@pbx.example" extension 301
group closed busy, all ring all each 1.5s
schedule open "24/7"
prompt play { pt-BR "Olá." en file "hello.wav" file "hello.wav" }
number "+49 30 23125 100" goto flow
start { answer set caller = "{caller.number} \\"{called.number}\\" \\\\" goto when }
flow when { menu { press * goto flow press "#" hangup press 12 { again } } }
flow flow { when not (call.id != "-" or caller.number in ("+4917*", "1")) and 2 * 3 <= 6 + 1 hangup else hangup }
"""
"""Everything that is more than a list of words."""

INDENTED = """\
# A block { that is none.
prompt welcome {
    en "Welcome. {"
    de "Willkommen."
}

start {
    answer  # {
    menu {  # a menu
        play "1 or # {"
        # press 2 {
        press "#" {
            when caller.number == "1" {
                play "One."
            } else {
                play "{caller.number}"
            }
        }
        press 9 { again }
    }
}
"""

SEEN = {
    ("flow >closed {", "entity.name.function", "Name.Function", "Flow"),
    ("    goto >closed", "entity.name.function", "Name.Function", "Flow"),
    ('agent >busy "sip:a@b"', "entity.name.type", "Name.Class", "Declared"),
    ('schedule >office "24/7"', "entity.name.type", "Name.Class", "Declared"),
    ("    connect agent >for 20s", "keyword.control", "Keyword", "Keyword"),
    ("    set >number = 1", "variable.other.readwrite", "Name.Variable", "Given"),
    ("language ru, >en", "constant.other.tag", "Name.Constant", "Tags"),
    ('{ >en "Hello." }', "constant.other.tag", "Name.Constant", "Tag"),
    ("    play >welcome", "source", "Name", ""),
    ('    play "a >{caller.name}"', "punctuation.section.embedded.begin", "Literal.String.Interpol", "Escape"),
    ('    play "a {>caller.name}"', "variable.other", "Name.Variable", "Name"),
    ('    play "a {1 >and 2}"', "keyword.operator.word", "Operator.Word", "Operator"),
    ('    play "a {money(x, ">EUR")} b"', "string.quoted.double.inner", "Literal.String.Double", "Inner"),
    ('    play "a {money(x, "EUR")} >b"', "string.quoted.double", "Literal.String.Double", "Text"),
    ('    play "a {caller.name} >b"', "string.quoted.double", "Literal.String.Double", "Text"),
    ('    play "a >\\" b"', "constant.character.escape", "Literal.String.Escape", "Escape"),
    ('    play "a # >b"', "string.quoted.double", "Literal.String.Double", "Text"),
    ("    press >1 hangup", "constant.numeric.key", "Literal.Number", "Key"),
    ('    press >"#" hangup', "constant.numeric.key", "Literal.Number", "Key"),
    ("    wait >1.5s", "constant.numeric.duration", "Literal.Number", "Number"),
    ("    set x = >none", "constant.language", "Keyword.Constant", "Constant"),
    ("    set x = 1 >+ 2", "keyword.operator", "Operator", "Sign"),
    ("hangup # >hangup", "comment.line.number-sign", "Comment.Single", "Comment"),
    ('play "no end\n>hangup', "keyword.control", "Keyword", "Keyword"),
    ('play "no end {caller\n>hangup', "keyword.control", "Keyword", "Keyword"),
    ("{ >number: 1 }", "variable.other.property", "Name.Attribute", "Name"),
}
"""Texts with `>` before the place of interest, and how TextMate, Pygments and Vim should take it."""

COLUMNS = {"textmate": 1, "node": 1, "pygments": 2, "vim": 3}
NAMES = [name for name in COLUMNS if name != "vim" or shutil.which("vim")]


@pytest.fixture(params=NAMES)
def named(request: pytest.FixtureRequest, node_folder: Path | None, tmp_path: Path) -> tuple[str, Highlight]:
    """Return a highlighter and its name. Where there is no node, our engine takes the place of the editor's."""
    found: dict[str, Highlight] = {
        "textmate": highlighters.by_python,
        "node": lambda texts: (
            highlighters.by_node(node_folder, texts) if node_folder else highlighters.by_python(texts)
        ),
        "pygments": highlighters.by_pygments,
        "vim": lambda texts: highlighters.by_vim(tmp_path, texts),
    }
    return request.param, found[request.param]


def test_a_highlighter_sees_what_the_parser_reads(named: tuple[str, Highlight]) -> None:
    texts = {**SCHEMES, "wild": WILD}
    mistaken = []
    for (where, text), classes in zip(texts.items(), named[1](list(texts.values())), strict=True):
        for at, kind, value in read(text):
            seen = kind_of(classes(at))
            # the name of an agent that is a word looks like the word, where no line says that it is a name
            if seen != kind and not (kind == "name" and seen == "word" and value in words().all):
                mistaken.append(f"{where}:{text.count(chr(10), 0, at) + 1}: `{value}` is a {kind}, not a {seen}")
    assert not mistaken


def test_a_highlighter_tells_names_apart(named: tuple[str, Highlight]) -> None:
    name, highlight = named
    rows = sorted(SEEN)
    seen = [
        (row[0], classes(row[0].index(">")))
        for row, classes in zip(rows, highlight([row[0].replace(">", "", 1) for row in rows]), strict=True)
    ]
    wanted = {"textmate": "{}.callflow", "node": "{}.callflow", "pygments": "Token.{}", "vim": "callflow{}"}[name]
    assert seen == [(row[0], wanted.format(row[COLUMNS[name]]) if row[COLUMNS[name]] else "") for row in rows]


@pytest.mark.parametrize("name", SCHEMES)
def test_pygments_leaves_nothing_out_and_finds_no_mistake(name: str) -> None:
    tokens = list(CallflowLexer(stripnl=False, ensurenl=False).get_tokens(SCHEMES[name]))
    assert "".join(value for _, value in tokens) == SCHEMES[name]
    assert not [value for kind, value in tokens if kind is Error]


def test_pygments_marks_what_no_scheme_can_hold() -> None:
    assert [value for kind, value in CallflowLexer().get_tokens("play § welcome") if kind is Error] == ["§"]


def test_half_a_text_does_not_spill_over(named: tuple[str, Highlight]) -> None:
    half = ['"', '"{', '"{"', "flow", "press", "\\", '"\\', "agent ", "{{}}}", '"a" {"', "goto", "language en,", "}"]
    for text, classes in zip(half, named[1]([f"{text}\nhangup" for text in half]), strict=True):
        assert kind_of(classes(len(text) + 1)) == "word", text


def test_vim_indents_as_the_formatter_does(tmp_path: Path) -> None:
    source = Source("indented.flow", INDENTED)
    assert format_source(source, parse(source)[0]) == INDENTED
    script = "for path in argv()\nexecute 'edit' path\nnormal! gg=G\nwrite\nendfor\nqall!\n"
    if shutil.which("vim") is None:
        assert "indentexpr=CallflowIndent()" in (EDITORS / "vim" / "indent" / "callflow.vim").read_text("utf-8")
        return
    flat = re.sub("^ +", "", INDENTED, flags=re.MULTILINE)
    (written,) = highlighters.in_vim(tmp_path, [flat], script)
    assert written.read_text(encoding="utf-8") == INDENTED


def test_an_installed_package_tells_pygments_of_the_lexer(tmp_path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = tmp_path / "callflow_here-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: callflow-here\nVersion: 1\n")
    points = "\n".join(f"{name} = {value}" for name, value in project["entry-points"]["pygments.lexers"].items())
    (info / "entry_points.txt").write_text(f"[pygments.lexers]\n{points}\n")
    for chosen in (["-l", "callflow"], ["-l", "flow"], []):
        command = [sys.executable, "-m", "pygments", *chosen, "-f", "raw", str(ROOT / "examples" / "hello.flow")]
        path = f"{tmp_path}:{ROOT}"
        done = subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONPATH": path})
        assert re.search(r"^Token\.Keyword\t'answer'$", done.stdout, re.MULTILINE)
