"""From text to tree: what is told of each mistake, once and in source order, and how the parser goes on behind it."""

import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lark import Lark
from lark.exceptions import UnexpectedInput

from callflow.compile.mend import edited
from callflow.diagnostic import Diagnostic
from callflow.limits import PROBLEMS_MAX
from callflow.source import Source
from callflow.syntax import tree
from callflow.syntax.parser import parse
from callflow.syntax.table import grammar_text

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.flow"))
SCHEMES = [path.read_text(encoding="utf-8") for path in EXAMPLES]


def problems_of(text: str) -> list[Diagnostic]:
    return parse(Source("x.flow", text))[1]


def told(text: str) -> list[str]:
    """Return what is told: the code, the text that is marked, the message."""
    return [f"{one.code.id} [{text[one.span.start : one.span.end]}] {one.message}" for one in problems_of(text)]


IN_START = {
    # words that are unknown, or known elsewhere
    "answr": "CF102 [answr] `answr` is no statement",
    "Answer": "CF102 [Answer] `Answer` is no statement",
    "début": "CF102 [début] `début` is no statement",
    "press 1 goto a": "CF102 [press] `press` is a clause of a menu and stands outside one",
    "otherwise hangup": "CF102 [otherwise] `otherwise` is a clause of a menu and stands outside one",
    "busy hangup": "CF102 [busy] `busy` is a clause of `connect` and stands outside its braces",
    "timeout 5s": "CF102 [timeout] `timeout` is an option of a menu and stands apart from one",
    "else goto a": "CF102 [else] this `else` has no `when` before it",
    'agent anna "sip:a@x"': "CF102 [agent] `agent` is a declaration and stands inside a flow",
    "menu { pres 1 hangup }": "CF104 [pres] `pres` is no clause of a menu",
    "menu { press 1 hangup pres 2 hangup }": "CF104 [pres] `pres` is no clause of a menu",
    "menu { hangup }": "CF104 [hangup] `hangup` is a statement, no clause of a menu",
    "menu { pause 5s press 1 hangup }": "CF104 [pause] `pause` is an option and stands before the braces of a menu",
    "connect sales { bussy hangup }": "CF104 [bussy] `bussy` is no clause of `connect`",
    "connect sales { goto a }": "CF104 [goto] `goto` is a statement, no clause of `connect`",
    # what is missing
    "play": "CF101 [}] after `play` comes a prompt or a text in quotes, not `}`",
    "wait": "CF101 [}] after `wait` comes a duration such as `20s`, not `}`",
    "goto": "CF101 [}] after `goto` comes the name of a flow, not `}`",
    "connect": "CF101 [}] after `connect` comes an agent, a group, an address in quotes or `extension`, not `}`",
    "voicemail": "CF101 [}] after `voicemail` comes an agent, a group, a box in quotes or `extension`, not `}`",
    "reject": "CF101 [}] after `reject` comes `busy`, `declined` or `unavailable`, not `}`",
    "record": "CF101 [}] after `record` comes `call` or `message`, not `}`",
    "set a 5": "CF101 [5] after `a` comes `=`, not `5`",
    "set a =": "CF101 [}] after `=` comes a value, not `}`",
    "set a = 1 +": "CF101 [}] after `+` comes a value, not `}`",
    "set a = b.": "CF101 [}] after `.` comes a name, not `}`",
    "when hangup": "CF101 [hangup] after `when` comes a condition, not `hangup`",
    "when a == goto b": "CF101 [goto] after `==` comes a value, not `goto`",
    "when not goto c": "CF101 [goto] after `not` comes a condition, not `goto`",
    "when office closed": "CF101 [}] after `closed` comes a statement or `{`, not `}`",
    "when (a == 1 goto b": "CF101 [goto] after `1` comes `)`, not `goto`",
    'when a in "x" goto b': 'CF101 ["x"] after `in` comes a name, not `"x"`',
    "when a in () goto b": "CF101 [)] after `(` comes a text in quotes, not `)`",
    "when a == 1 { goto b } else": "CF101 [}] after `else` comes a statement or `{`, not `}`",
    "menu": "CF101 [}] after `menu` comes `{`, not `}`",
    "menu press 1 hangup }": "CF101 [press] after `menu` comes `{`, not `press`",
    "menu tries { press 1 hangup }": "CF101 [{] after `tries` comes a number, not `{`",
    "menu { press }": 'CF101 [}] after `press` comes a key such as `1`, `*` or `"#"`, not `}`',
    "menu { press a hangup }": 'CF101 [a] after `press` comes a key such as `1`, `*` or `"#"`, not `a`',
    "menu { press 1, }": 'CF101 [}] after `,` comes a key such as `1`, `*` or `"#"`, not `}`',
    "menu { press 1 2 hangup }": "CF101 [2] no comma stands between `1` and `2`",
    "menu { press 1 }": "CF101 [}] after `1` comes a statement or `{`, not `}`",
    "menu { press 1 press 2 hangup }": "CF101 [press] after `1` comes a statement or `{`, not `press`",
    "menu { dial }": "CF101 [}] after `dial` comes `extension`, not `}`",
    "connect sales { no hangup }": "CF101 [hangup] after `no` comes `answer`, not `hangup`",
    "menu { 5 }": "CF101 [5] after `{` comes a clause such as `press 1 …`, not `5`",
    "answer 5": "CF101 [5] after `answer` comes a statement, not `5`",
    "language english": "CF101 [english] after `language` comes a language such as `en`, not `english`",
    # lists
    'play "a" "b"': 'CF101 ["b"] no comma stands between `"a"` and `"b"`',
    'play hello "b"': 'CF101 ["b"] no comma stands between `hello` and `"b"`',
    'play "a",': "CF101 [}] after `,` comes a name, or a text in quotes, not `}`",
    # durations
    "wait 5": "CF109 [5] `5` has no unit",
    "wait 1.5": "CF109 [1.5] `1.5` has no unit",
    "wait 5x": "CF109 [5x] `5x` has no unit that is known",
    "wait 5 minutes": "CF109 [5 minutes] `5 minutes` is no duration",
    "connect sales for 20 music": "CF109 [20] `20` has no unit",
    # characters
    "answer;": "CF108 [;] `;` means nothing here",
    "play 'abc'": "CF108 ['] a text stands in `\"`, not in `'`",
    'play "a {b", "c}"': 'CF115 [b", "c] `b", "c` is no value',
    "play “abc”": 'CF108 [“] a text stands in `"`, not in `“`',
    "goto sales-line": "CF108 [-] `-` cannot stand in a name",
    "when a && b { hangup }": "CF108 [&&] `&&` means nothing here",
    "when a = 1 goto b": "CF101 [=] `=` compares nothing",
    # texts
    'play "a {b"': "CF113 [{] this `{` has no partner",
    'play "a }b"': "CF113 [}] this `}` has no partner",
    'play "a \\q b"': "CF112 [\\q] `\\q` is no escape",
    'play "a {} b"': "CF114 [{}] nothing stands between these braces",
    'play "a {1 +} b"': "CF115 [1 +] `1 +` is no value",
    'play "a {b # c} d"': "CF115 [b # c] `b # c` is no value",
    # keys
    "menu { press #\n hangup }": "CF117 [#] `#` begins a comment here",
    "menu { press # goto sales\n press 1 hangup }": "CF117 [#] `#` begins a comment here",
}


@pytest.mark.parametrize("text", IN_START)
def test_one_mistake_in_a_flow_is_told_once(text: str) -> None:
    assert told(f"start {{ {text} }}") == [IN_START[text]]


@pytest.mark.parametrize("text", IN_START)
def test_what_stands_behind_a_mistake_is_understood(text: str) -> None:
    parsed, _ = parse(Source("x.flow", f'start {{\n    {text}\n}}\nflow after {{ hangup }}\nscheme "Last"\n'))
    assert [type(one).__name__ for one in parsed.declarations] == ["FlowDecl", "FlowDecl", "SchemeTitle"]
    after = parsed.declarations[1]
    assert isinstance(after, tree.FlowDecl)
    assert after.name.name == "after"
    assert len(after.body.statements) == 1


OUTSIDE = {
    "answer": "CF116 [answer] `answer` stands outside every flow",
    'schem "Acme"': "CF103 [schem] `schem` is no declaration",
    'imports "x.flow"': "CF103 [imports] `imports` is no declaration",
    "5": "CF101 [5] at the beginning of a file comes a declaration, not `5`",
    'agent anna "x" 5': 'CF101 [5] after `"x"` comes a declaration, not `5`',
    "scheme Acme": "CF101 [Acme] after `scheme` comes a text in quotes, not `Acme`",
    "agent anna sip:anna@pbx extension 101": "CF101 [sip] after `anna` comes a text in quotes, not `sip`",
    "agent anna extension 101": "CF101 [extension] after `anna` comes a text in quotes, not `extension`",
    'agent "anna" "x"': 'CF101 ["anna"] after `agent` comes a name, not `"anna"`',
    'agent anna "x" extension abc': "CF101 [abc] after `extension` comes a number, not `abc`",
    "agent anna": "CF101 [] the file ends where a text in quotes is expected",
    "group sales 5": "CF101 [5] after `sales` comes an agent, or an option such as `ring in turn`, not `5`",
    "group sales anna boris": "CF101 [boris] no comma stands between `anna` and `boris`",
    "group sales anna ring at turn": (
        "CF101 [at] after `ring` comes `all`, `in turn`, `longest idle`, `round robin`, `fewest calls` or `random`, "
        "not `at`"
    ),
    "number goto start": "CF101 [goto] after `number` comes a text in quotes, not `goto`",
    'number "1" start': 'CF101 [start] after `"1"` comes `goto`, not `start`',
    'prompt a { x "y" }': "CF101 [x] after `{` comes a language such as `en`, or `file`, not `x`",
    "region Germany": "CF101 [Germany] after `region` comes a region such as `DE` or `DE-BY`, not `Germany`",
    "language en de": "CF101 [de] no comma stands between `en` and `de`",
    "flow { answer }": "CF101 [{] after `flow` comes a name, not `{`",
    "flow a answer }": "CF101 [answer] after `a` comes `{`, not `answer`",
    "flow a answer": "CF101 [answer] after `a` comes `{`, not `answer`",
    "flow été { answer }": "CF108 [é] `é` cannot stand in a name",
    "start { answer": "CF105 [{] this `{` is never closed",
    "start { menu { press 1 hangup }": "CF105 [{] this `{` is never closed",
    'start { play "abc': 'CF107 ["abc] this text has no end',
    'start { play "abc }': 'CF107 ["abc }] this text has no end',
    "start { answer } }": "CF106 [}] this `}` closes nothing",
    "}": "CF106 [}] this `}` closes nothing",
}


@pytest.mark.parametrize("text", OUTSIDE)
def test_one_mistake_outside_a_flow_is_told_once(text: str) -> None:
    first = told(text)
    assert OUTSIDE[text] in first
    assert len({one.split("]")[0] for one in first}) <= (2 if "CF107" in OUTSIDE[text] else 1)


MANY = """\
schem "Acme"
timezone Europe/Moscow
agent anna  sip:anna@pbx.example extension 101
group sales anna boris ring at turn
number +7 goto start

start {
    answr
    play welcome "x"
    when office closed
        gto after
    when a = 1 { goto b }
    menu tries 3 timeout 5 {
        press # goto x
        press 1 hangup
        pres 2 hangup
        press 3 { wait 5 minutes hngup }
        otherwise gota after
    }
    connect sales for 20 {
        bussy hangup
        no hangup
    }
    play "abc
    hangup;
}

flow after {
    menu {
        press 1 goto start
}

flow sales-line {
    play 'hello'
}}

flow x hangup }
"""


def test_many_mistakes_are_all_told_in_the_order_of_the_source() -> None:
    source = Source("x.flow", MANY)
    _, problems = parse(source)
    assert [(source.line_of(one.span.start), one.code.id) for one in problems] == [
        (1, "CF103"), (2, "CF101"), (3, "CF101"), (4, "CF101"), (4, "CF101"), (5, "CF101"), (8, "CF102"), (9, "CF101"),
        (11, "CF101"), (12, "CF101"), (13, "CF109"), (14, "CF117"), (16, "CF104"), (17, "CF109"), (17, "CF102"),
        (18, "CF101"), (20, "CF109"), (21, "CF104"), (22, "CF101"), (24, "CF107"), (25, "CF108"), (29, "CF105"),
        (33, "CF108"), (34, "CF108"), (35, "CF106"), (37, "CF101"),
    ]  # fmt: skip


BRACES = {
    "start {\n    menu {\n        press 1 hangup\n}\n\nflow b { hangup }\n": (2, "CF105"),  # by its indent
    "start {\n    answer\n\nflow b { hangup }\n": (1, "CF105"),
    "start {\n    menu {\n        press 1 { hangup } }\n        press 2 hangup\n    }\n}\nflow b { hangup }\n": (
        4,
        "CF102",
    ),
    "start {\n    when a { hangup\n    else hangup\n}\nflow b { hangup }\n": (2, "CF105"),
    "start {\n    when a hangup }\n    answer\n}\nflow b { hangup }\n": (3, "CF116"),
    "start {\n    menu {\n        press 1 { hangup\n        press 2 hangup\n    }\n}\nflow b { hangup }\n": (
        3,
        "CF105",
    ),
}


@pytest.mark.parametrize("text", BRACES)
def test_a_brace_that_is_missing_or_too_many_is_told_once(text: str) -> None:
    source = Source("x.flow", text)
    parsed, problems = parse(source)
    assert [(source.line_of(one.span.start), one.code.id) for one in problems][:1] == [BRACES[text]]
    assert len(problems) == 1
    assert [one.name.name for one in parsed.declarations if isinstance(one, tree.FlowDecl)][-1] == "b"


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("start { wait 5 }", "start { wait 5s }"),
        ("start { wait 5 min }", "start { wait 5m }"),
        ("start { when a = 1 hangup }", "start { when a == 1 hangup }"),
        ("start { play 'abc' }", 'start { play "abc" }'),
        ("start { answer; hangup }", "start { answer hangup }"),
        ("group sales anna boris", "group sales anna, boris"),
        ("start { menu { press 1 2 hangup } }", "start { menu { press 1, 2 hangup } }"),
        ("start { menu { press #\n hangup } }", 'start { menu { press "#"\n hangup } }'),
        ("start { answer \u202e}", "start { answer }"),
    ],
)
def test_a_fix_leaves_nothing_to_tell(text: str, fixed: str) -> None:
    (problem,) = problems_of(text)
    text = edited(text, problem.fixes)
    assert text == fixed
    assert problems_of(text) == []


@pytest.mark.parametrize(
    ("text", "help_"),
    [
        ("start { hangp }", "did you mean `hangup`?"),
        ("start { menu { retri play x } }", "did you mean `retry`?"),
        ("start { reject busyy }", "did you mean `busy`?"),
        ("agent anna sip:x", "put it in quotes"),
        ("start { play x uninterupted }", "did you mean `uninterrupted`?"),
    ],
)
def test_help_offers_what_was_perhaps_meant(text: str, help_: str) -> None:
    assert problems_of(text)[0].help == help_


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("# " + "x" * 70_000, "CF601"),
        ("start { " + "when a { " * 30 + "}" * 31, "CF602"),
        ("start { set a = " + "(" * 30 + "1" + ")" * 30 + " }", "CF602"),
        ("start { " + "when a { hangup } else " * 200 + "hangup }", "CF602"),
        ("start { set a = 1" + " + 1" * 5_000 + " }", "CF602"),
        ("start { when " + "not " * 5_000 + "a hangup }", "CF602"),
        (f'start {{ play "{"x" * 2_000}" }}', "CF603"),
        (f"flow {'x' * 70} {{ hangup }}", "CF604"),
        ('scheme "a\x00b"', "CF110"),
        ('\ufeffscheme "ab"', "CF110"),
    ],
)
def test_a_text_beyond_a_bound_is_refused(text: str, code: str) -> None:
    assert {one.code.id for one in problems_of(text)} == {code}


@pytest.mark.parametrize(
    "text",
    [
        "} " * 30_000,
        "start { " * 8_000,
        "start {\n    answr\n" + "press\n" * 10_000,
        "start { " + "@" * 60_000 + "}",
        '"' * 60_000,
        "start { menu { " + "press #\n" * 7_000 + "} }",
        "start { play a " + "b " * 30_000 + "}",
    ],
)
def test_a_text_of_nothing_but_mistakes_is_soon_given_up(text: str) -> None:
    begun = time.process_time()
    assert 0 < len(problems_of(text)) <= PROBLEMS_MAX
    assert time.process_time() - begun < 5


def test_a_long_name_in_a_comment_or_a_text_is_nobody_s_business() -> None:
    assert problems_of(f'# {"x" * 100}\nscheme "{"y" * 100}"') == []


def test_an_empty_text_and_one_of_comments_have_no_problem() -> None:
    assert parse(Source("x.flow", "")) == (tree.Tree((), ()), [])
    parsed, problems = parse(Source("x.flow", "# one\n  # two  \r\n"))
    assert [one.text for one in parsed.comments] == ["# one", "# two"]
    assert problems == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('"owe {money(n, "EUR")}."', ["owe ", 'money(n, "EUR")', "."]),
        ('"{default(a, "x y")}{b}{default(c, "#")}"', ['default(a, "x y")', "b", 'default(c, "#")']),
        ('"{"a"}"', ['"a"']),
        (r'"\{default(a, " + n + " b)\}"', None),
    ],
)
def test_a_value_in_a_text_may_hold_texts(text: str, parts: list[str] | None) -> None:
    source = Source("x.flow", f"start {{ play {text} }}")
    parsed, problems = parse(source)
    flow = parsed.declarations[0]
    assert isinstance(flow, tree.FlowDecl)
    play = flow.body.statements[0]
    assert isinstance(play, tree.Play)
    (item, *_) = play.passage.items
    assert isinstance(item, tree.Text)
    if parts is None:
        assert item.plain == "{default(a, "
        assert problems
        return
    assert problems == []
    found = [one if isinstance(one, str) else source.text[one.span.start : one.span.end] for one in item.parts]
    assert found == parts


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("false", False), ("none", None)],
)
def test_a_constant_in_a_text_is_no_name(text: str, *, value: bool | None) -> None:
    parsed, _ = parse(Source("x.flow", f'start {{ play "{{{text}}}" }}'))
    flow = parsed.declarations[0]
    assert isinstance(flow, tree.FlowDecl)
    play = flow.body.statements[0]
    assert isinstance(play, tree.Play)
    item = play.passage.items[0]
    assert isinstance(item, tree.Text)
    (part,) = item.parts
    assert isinstance(part, tree.Constant)
    assert part.value is value


def test_words_are_names_where_they_can_be_nothing_else() -> None:
    text = 'agent busy "sip:b@x.example" group play busy flow hangup { connect play goto hangup } start { goto start }'
    assert problems_of(text) == []


# --- laws -----------------------------------------------------------------------------------------------------------

PIECES = sorted(
    {word for scheme in SCHEMES for word in scheme.split()} | {"{", "}", "(", ")", '"', "#", "\n", "=", "\\"}
)
IN_TEXTS = {"CF110", "CF112", "CF113", "CF114", "CF115", "CF601", "CF602", "CF603", "CF604"}


@st.composite
def broken_schemes(draw: st.DrawFn) -> str:
    """Examples with a few bytes changed, left out or put in."""
    data = bytearray(draw(st.sampled_from(SCHEMES)).encode())
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data) - 1))
        length = draw(st.integers(0, 12))
        data[at : at + length] = draw(st.one_of(st.binary(max_size=4), st.sampled_from(PIECES).map(str.encode)))
    return data.decode("utf-8", "replace")


soups = st.lists(st.sampled_from(PIECES), max_size=80).map(" ".join)


@given(st.one_of(broken_schemes(), soups, st.text(max_size=60)))
@settings(max_examples=300, deadline=None)
@example('start { play "a\\\n" }')
@example("start { menu { press 1 { again }\n * when a == 1 goto start\n press 2 hangup } }")
@example("start { otherwise hangup hangup goto goto }")
@example("schedule schedule schedule")
def test_no_text_brings_the_parser_down(text: str) -> None:
    source = Source("x.flow", text)
    _, problems = parse(source)
    starts = [one.span.start for one in problems]
    assert starts == sorted(starts)
    assert len({(one.code.id, one.span) for one in problems}) == len(problems), "told twice"
    for one in problems:
        for span in (
            one.span,
            *(label.span for label in one.labels),
            *(span for fix in one.fixes for span, _ in fix.edits),
        ):
            assert 0 <= span.start <= span.end <= len(text)
        assert one.message
        assert "\n" not in one.message


LARK = Lark(grammar_text(), parser="lalr", lexer="contextual", start="start")


@given(st.one_of(broken_schemes(), soups))
@settings(max_examples=300, deadline=None)
@example("start { set a == 1 }")
@example("start { tries 3silence 2invalid }")
def test_a_text_has_a_problem_where_lark_itself_finds_one(text: str) -> None:
    codes = {one.code.id for one in problems_of(text)}
    if codes & IN_TEXTS:
        return
    try:
        LARK.parse(text)
    except UnexpectedInput:
        assert codes
    else:
        assert not codes


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_mistake_in_one_flow_leaves_the_others_as_they_are(data: st.DataObject) -> None:
    pieces = [one for one in PIECES if one not in {"{", "}", '"', "#", "(", ")"} and not set(one) & set('{}"#()')]
    soup = " ".join(data.draw(st.lists(st.sampled_from(pieces), max_size=12)))
    parsed, _ = parse(
        Source("x.flow", f"flow first {{\n    {soup}\n}}\n\nflow second {{\n    answer\n    hangup\n}}\n")
    )
    last = parsed.declarations[-1]
    assert isinstance(last, tree.FlowDecl)
    assert last.name.name == "second"
    assert [type(one) for one in last.body.statements] == [tree.Answer, tree.Hangup]
