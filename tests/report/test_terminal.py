"""Problems for people at a terminal: what stands under what, in any script and on any line."""

import re

import pytest

from callflow.diagnostic import Code, Diagnostic, Label, Severity
from callflow.report.terminal import LINE_COLUMNS_MAX, render, render_all, width
from callflow.source import Source, Span

ERROR = Code("CF999", Severity.ERROR, "an error")
WARNING = Code("CF998", Severity.WARNING, "a warning")


def at(text: str, marked: str, occurrence: int = 0) -> Span:
    start = -1
    for _ in range(occurrence + 1):
        start = text.index(marked, start + 1)
    return Span(start, start + len(marked))


def shown(text: str, span: Span, **more: object) -> list[str]:
    problem = Diagnostic(ERROR, "it is so", span, **more)  # type: ignore[arg-type]
    return render(problem, Source("a.flow", text)).split("\n")


def marked(lines: list[str]) -> tuple[str, str]:
    """Return the source line and the line of its marks, without what stands before the bar."""
    place = next(number for number, line in enumerate(lines) if "^" in line)
    return lines[place - 1].partition("| ")[2], lines[place].partition("| ")[2]


def test_a_problem_in_full() -> None:
    text = "\n" * 17 + "flow line {\n    hold { }\n}\n"
    problem = Diagnostic(
        WARNING,
        "the state `hold` has no way out",
        at(text, "hold"),
        label="no choice, no limit, no hang-up",
        labels=(Label(at(text, "line"), "in this flow"),),
        notes=("a caller who gets here hears music until they hang up", "so does the next one"),
        help="add `for 3m`",
    )
    assert render(problem, Source("support.flow", text)).split("\n") == [
        "warning[CF998]: the state `hold` has no way out",
        "  --> support.flow:19:5",
        "   |",
        "18 | flow line {",
        "   |      ---- in this flow",
        "19 |     hold { }",
        "   |     ^^^^ no choice, no limit, no hang-up",
        "   |",
        "   = note: a caller who gets here hears music until they hang up",
        "   = note: so does the next one",
        "   = help: add `for 3m`",
    ]


def test_a_problem_without_words_to_add_ends_with_its_marks() -> None:
    assert shown("play x", at("play x", "x"))[-1] == "  |      ^"


def test_lines_between_are_left_out() -> None:
    text = "one\ntwo\nthree\nfour\nfive\n"
    lines = shown(text, at(text, "five"), labels=(Label(at(text, "one"), "first here"),))
    assert lines[3:] == ["1 | one", "  | --- first here", "...", "5 | five", "  | ^^^^"]


def test_two_places_on_one_line_have_marks_of_their_own() -> None:
    text = "press 1 goto a press 1 goto b"
    lines = shown(text, at(text, "1", 1), label="again", labels=(Label(at(text, "1"), "first used here"),))
    assert lines[3:] == [
        "1 | press 1 goto a press 1 goto b",
        "  |                      ^ again",
        "  |       - first used here",
    ]


@pytest.mark.parametrize(
    ("line", "before"),
    [
        ("\tplay X", "\tplay "),
        ("play \tX", "play \t"),
        ('play "Здравствуйте" X', 'play "Здравствуйте" '),
        ('play "こんにちは" X', 'play "こんにちは" '),
        ('play "e\u0301te\u0301" X', 'play "e\u0301te\u0301" '),
        ('play "नमस्ते" X', 'play "नमस्ते" '),
    ],
)
def test_marks_stand_under_what_they_mark(line: str, before: str) -> None:
    source, marks = marked(shown(line, at(line, "X")))
    assert len(marks.rstrip()) - 1 == width(before)
    assert source == line.replace("\t", "    ")


def test_wide_characters_get_wide_marks() -> None:
    text = "play 日本 x"
    assert marked(shown(text, at(text, "日本")))[1] == "     ^^^^"


@pytest.mark.parametrize("place", [0, 150, 400, 799])
def test_a_long_line_is_shown_around_the_mark(place: int) -> None:
    text = "".join(chr(ord("a") + number % 26) for number in range(800))
    source, marks = marked(shown(text, Span(place, place + 1)))
    assert len(source) <= LINE_COLUMNS_MAX
    assert source[marks.index("^")] == text[place]
    assert source.startswith("…") == (place > 60)
    assert source.endswith("…") == (place < 700)


def test_a_long_line_is_shown_around_the_problem_not_around_its_label() -> None:
    text = "x" * 400 + "Y" + "x" * 400
    source, marks = marked(shown(text, at(text, "Y"), labels=(Label(Span(0, 1), "first"),)))
    assert source[marks.index("^")] == "Y"


def test_a_span_over_several_lines_is_marked_to_the_end_of_its_first() -> None:
    text = "start {\n    answer\n}\n"
    assert shown(text, Span(0, len(text) - 1))[3:] == ["1 | start {", "  | ^^^^^^^"]


@pytest.mark.parametrize("text", ["", "start {", "start {\n", "start {\r\n"])
def test_the_end_of_a_file_can_be_marked(text: str) -> None:
    lines = shown(text, Span(len(text), len(text)))
    assert lines[-1].endswith("^")


def test_what_would_move_the_terminal_is_shown_as_a_sign() -> None:
    text = "play \x1b[2J\u202e\x07 X"
    lines = shown(text, at(text, "X"))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", "\n".join(lines))
    source, marks = marked(lines)
    assert source[marks.index("^")] == "X"


def test_colour_adds_nothing_but_colour() -> None:
    text = "press 1 goto a\npress 1 goto b\n"
    problem = Diagnostic(
        ERROR, "it is so", at(text, "1", 1), "again", (Label(at(text, "1"), "first"),), ("note",), "help"
    )
    source = Source("a.flow", text)
    coloured = render(problem, source, colour=True)
    assert "\x1b[1;31merror[CF999]\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render(problem, source)
    assert "\x1b" not in render(problem, source)


def test_problems_stand_apart() -> None:
    source = Source("a.flow", "answer hangup")
    problems = [Diagnostic(ERROR, "one", Span(0, 6)), Diagnostic(WARNING, "two", Span(7, 13))]
    assert render_all(problems, source).split("\n\n") == [render(one, source) for one in problems]
