"""The one layout: what it looks like, and the laws it keeps for every scheme."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callflow.source import Source, Span
from callflow.syntax import tree
from callflow.syntax.format import WIDTH, format_source
from callflow.syntax.parser import parse
from tests.strategies import schemes

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.flow"))


def parsed(text: str) -> tree.Tree:
    found, problems = parse(Source("x.flow", text))
    assert problems == []
    return found


def formatted(text: str) -> str:
    return format_source(Source("x.flow", text), parsed(text))


def without_spans(node: Any) -> Any:
    """Return a node as plain values, without the places."""
    if isinstance(node, tuple):
        return tuple(without_spans(part) for part in node)
    if not hasattr(node, "span"):
        return node
    values = (getattr(node, name) for name in node.__match_args__)
    return type(node).__name__, *(without_spans(value) for value in values if not isinstance(value, Span))


def meaning(text: str) -> Any:
    return [without_spans(declaration) for declaration in parsed(text).declarations]


def comments(text: str) -> list[str]:
    return [comment.text for comment in parsed(text).comments]


LAYOUTS = {
    "one thing a line, four spaces, one space between words": (
        'scheme   "A"   agent anna\n"sip:a@x"   extension 1 start{answer play "a" ,b hangup}\n',
        'scheme "A"\nagent anna "sip:a@x" extension 1\n\nstart { answer play "a", b hangup }\n',
    ),
    "a block on one line stays there": (
        "start {\n  menu {\n    press 9 {language en   again}\n  }\n}",
        "start {\n    menu {\n        press 9 { language en again }\n    }\n}\n",
    ),
    "a block on several lines is opened up": (
        "start { answer\n hangup }",
        "start {\n    answer\n    hangup\n}\n",
    ),
    "a block on one line that does not fit is opened up": (
        f'start {{ play "{"x" * 50}" play "{"y" * 50}" }}',
        f'start {{\n    play "{"x" * 50}"\n    play "{"y" * 50}"\n}}\n',
    ),
    "a block inside one that is opened up stays on its line": (
        "start { menu { press 1 { answer } press 2 { \n hangup } } }",
        "start {\n    menu {\n        press 1 { answer }\n        press 2 {\n            hangup\n        }\n    }\n}\n",
    ),
    "an empty block is two braces": ("start {\n\n}", "start {}\n"),
    "an `else` stands behind the brace before it": (
        "start {\n when a == 1 {\n answer\n }\n else {\n hangup\n }\n}",
        "start {\n    when a == 1 {\n        answer\n    } else {\n        hangup\n    }\n}\n",
    ),
    "an `else` behind a single statement stands on its own line": (
        "start {\n when a == 1 answer else hangup\n}",
        "start {\n    when a == 1 answer\n    else hangup\n}\n",
    ),
    "an `else when` goes on in the same way": (
        "start {\n when a == 1 answer else when a == 2 { hangup } else again\n}",
        "start {\n    when a == 1 answer\n    else when a == 2 { hangup } else again\n}\n",
    ),
    "an `else` of a `when` inside a clause goes further in": (
        "start {\n menu { press 1 when a == 1 answer\n else hangup } }",
        "start {\n    menu {\n        press 1 when a == 1 answer\n                else hangup\n    }\n}\n",
    ),
    "an `else` that needs a line of its own opens the block": (
        "start { when a == 1 answer else hangup }",
        "start {\n    when a == 1 answer\n    else hangup\n}\n",
    ),
    "values have spaces around signs and none inside parentheses": (
        'start {\n set a = ( b+1 )*2-caller . number\n when a in( "+1*","+2*" )and not(b<3)hangup\n}',
        'start {\n    set a = (b + 1) * 2 - caller.number\n    when a in ("+1*", "+2*") and not (b < 3) hangup\n}\n',
    ),
    "tags and keys are one word": (
        'language en,pt-BR region DE-BY start {\n menu { press"#"hangup press*hangup\n}}',
        (
            "language en, pt-BR\nregion DE-BY\n\n"
            'start {\n    menu {\n        press "#" hangup\n        press * hangup\n    }\n}\n'
        ),
    ),
    "times and ends are words of their own": (
        "start {\n force office closed until\nchange force office open until 18 : 00\n}",
        "start {\n    force office closed until change\n    force office open until 18:00\n}\n",
    ),
    "a line that is too long is broken behind commas": (
        f"start {{\n play {', '.join(['welcome_to_acme_climate'] * 8)} uninterrupted\n}}",
        (
            "start {\n"
            "    play welcome_to_acme_climate, welcome_to_acme_climate, welcome_to_acme_climate,\n"
            "            welcome_to_acme_climate, welcome_to_acme_climate, welcome_to_acme_climate,\n"
            "            welcome_to_acme_climate, welcome_to_acme_climate uninterrupted\n"
            "}\n"
        ),
    ),
    "at most one line is blank, none at the ends of a block": (
        '\n\nscheme "A"\n\n\n\nregion DE\nstart {\n\n\n    answer\n\n\n    hangup\n\n}\n\n\n',
        'scheme "A"\n\nregion DE\n\nstart {\n    answer\n\n    hangup\n}\n',
    ),
    "a flow has a blank line before and behind, and so has its comment": (
        "flow a {}\n# of b\nflow b {}\n# apart\n\nflow c {}\nregion DE\n",
        "flow a {}\n\n# of b\nflow b {}\n\n# apart\n\nflow c {}\n\nregion DE\n",
    ),
    "comments stay behind their line or on their own": (
        (
            '# head\nscheme "A"# title\nstart {# begin\n#first\n  answer    # pick up  \n\n'
            "  # then\n  hangup\n  # last\n}# end\n"
        ),
        (
            '# head\nscheme "A"  # title\n\nstart {  # begin\n    #first\n    answer  # pick up\n\n    # then\n'
            "    hangup\n    # last\n}  # end\n"
        ),
    ),
    "a comment amid a list stays where it is": (
        "group sales anna # boss\n , boris,\n # temp\n carla ring all",
        "group sales anna,  # boss\n        boris,\n        # temp\n        carla ring all\n",
    ),
    "a comment before a brace goes behind it": (
        "flow a # one\n# two\n{ # three\n answer }",
        "flow a {  # one\n    # two\n    # three\n    answer\n}\n",
    ),
    "a comment before an `else` takes its indent": (
        "start {\n when a == 1 { answer } # yes\n # no\n else hangup\n}",
        "start {\n    when a == 1 { answer }  # yes\n    # no\n    else hangup\n}\n",
    ),
    "a comment is no part of the width": (
        f"start {{\n play aaaa, bbbb # {'x' * 120}\n}}",
        f"start {{\n    play aaaa, bbbb  # {'x' * 120}\n}}\n",
    ),
    "line ends are one character": ("start {\r\n\tanswer # a\r\n}\r\n", "start {\n    answer  # a\n}\n"),
    "nothing stays nothing": (" \n\n ", ""),
    "a file may hold comments alone": ("\n# a\n\n\n  # b", "# a\n\n# b\n"),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout(name: str) -> None:
    written, wanted = LAYOUTS[name]
    assert formatted(written) == wanted
    assert formatted(wanted) == wanted
    assert comments(wanted) == comments(written)
    assert meaning(wanted) == meaning(written)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_examples_are_in_the_layout(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert formatted(text) == text


# --- laws -----------------------------------------------------------------------------------------------------------

TEXT_OR_SPACE = re.compile(r'"(?:\\.|[^"\\\n])*"|\s+')
SPACES = (" ", " ", " ", "\n", "\n\n\n", "\t", "\r\n", "  # behind\n", "\n# alone\n", " #\n\n  # two\n# three\n")
CLAUSES = (
    'when n == 1 hangup else play "no"',
    "when n == 1 hangup else when n == 2 { again } else goto start",
    "when n == 1 menu { press 1 when n == 2 hangup else goto start } else hangup",
    "connect anna ring in turn each 5s music hello",
    'voicemail anna greeting hello, "now", hello max 1m',
    "language pt-BR",
    "set n = (n+1)*2-(3 - n)",
    f"play {', '.join(['hello'] * 30)}",
    "force office closed until change force office open until 18:00 force office open for 2h release office",
    'remember tier = "gold" for 90d forget tier tag "vip" record call both pause recording stop recording',
    'fetch crm from "https://x.example/{n}" timeout 2s post { number: caller.number, n: n } { failed hangup }',
    "match n { 1, 2 hangup otherwise again } split { 80% again otherwise hangup } repeat 3 { run start }",
    'collect n up to 8 until "#" matching "4*" secret { play hello retry play "no" otherwise hangup }',
    "connect last agent of sales within 30d for 5s whisper hello confirm any key { on another call hangup away again }",
    'queue sales for 5m priority 2 size 9 { every 30s play "{queue.position}" after 2m also support full hangup }',
    'callback sales to caller.number within 2h conference "a" pin "1" up to 9 guest transfer "sip:a@b.example"',
    'record message max 9s into words notify "a" { open: office open, n: default(crm.a, "b") }',
)


@st.composite
def laid_out_anyhow(draw: st.DrawFn) -> str:
    """Schemes with any white space and any comments between their words."""
    text = draw(schemes())
    more = " ".join(draw(st.lists(st.sampled_from(CLAUSES), max_size=3)))
    text = f"{text} flow more {{ {more} }}"

    def shaken(match: re.Match[str]) -> str:
        return match.group() if match.group()[0] == '"' else draw(st.sampled_from(SPACES))

    return TEXT_OR_SPACE.sub(shaken, text)


@given(laid_out_anyhow())
@settings(max_examples=100, deadline=None)
def test_the_layout_changes_no_meaning_and_loses_no_comment(text: str) -> None:
    once = formatted(text)
    assert meaning(once) == meaning(text)
    assert comments(once) == comments(text)


@given(laid_out_anyhow())
@settings(max_examples=100, deadline=None)
def test_the_layout_of_the_layout_is_the_layout(text: str) -> None:
    once = formatted(text)
    assert formatted(once) == once


@given(laid_out_anyhow())
@settings(max_examples=50, deadline=None)
def test_lines_are_clean_and_as_long_as_they_may_be(text: str) -> None:
    lines = formatted(text).split("\n")
    assert lines.pop() == ""
    for before, line in zip(["", *lines], lines, strict=False):
        assert line == line.rstrip()
        assert "\t" not in line
        assert before or line, "two blank lines"
        code = re.sub(r'("(?:\\.|[^"\\\n])*")|\s*#.*', lambda found: found.group(1) or "", line)
        assert len(code) <= WIDTH or ", " not in code.strip()


@given(schemes())
@settings(max_examples=50, deadline=None)
def test_white_space_alone_is_changed(text: str) -> None:
    assert "".join(formatted(text).split()) == "".join(text.split())
