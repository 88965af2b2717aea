"""Repairs that need the text or the tree around a problem, and the text that they leave."""

import pytest

from callflow.compile.mend import edited
from callflow.compile.pipeline import compile_text
from callflow.diagnostic import Diagnostic, Fix

ANNA = 'agent anna "sip:anna@pbx.example"\n'
BORIS = 'agent boris "sip:boris@pbx.example"\n'
CALL = "start {\n    connect anna\n}\n"


def only(text: str, code: str) -> tuple[Diagnostic, Fix]:
    """Return the one problem of a kind, and its repair."""
    (problem,) = (one for one in compile_text(text).problems if one.code.id == code)
    (fix,) = problem.fixes
    return problem, fix


@pytest.mark.parametrize(
    ("code", "before", "second", "behind"),
    [
        ("CF207", ANNA, ANNA, CALL),
        ("CF207", ANNA + CALL, "\nflow over {\n    hangup\n}\n", "\nflow over {\n    hangup\n}\n"),
        ("CF208", 'timezone "Europe/Berlin"\n', 'timezone "Europe/Berlin"\n', ANNA + CALL),
        ("CF208", "language en, de", ", en", f"\n{ANNA}{CALL}"),
        ("CF212", f"{ANNA}start {{\n    answer\n    menu {{\n        press 1 connect anna\n",
         '        press "1" connect   anna\n', "    }\n}\n"),
        ("CF213", f"{ANNA}start {{\n    connect anna {{\n        busy hangup\n",
         "        busy   hangup\n", "    }\n}\n"),
        ("CF213", f'{ANNA}prompt hi {{ en "Hi."', ' en "Hi."', f" }}\n{CALL}flow b {{ play hi }}\n"),
        ("CF214", f"{ANNA}start {{\n    connect anna for 20s", " for 20s", " {\n        busy hangup\n    }\n}\n"),
        ("CF214", f"{ANNA}start {{\n    connect anna for 20s", " for 20s", "  # a while\n}\n"),
        ("CF214", f"{ANNA}start {{\n    connect anna\n        for 20s\n", "        for 20s\n", "        music\n}\n"),
        ("CF216", 'region DE\nnumber "+49 30 1234567" goto start\n', 'number "030 1234567" goto start\n', ANNA + CALL),
        ("CF217", f"{ANNA}{BORIS}group sales anna, boris", ", anna", f" ring all\n{CALL}"),
        ("CF217", f"{ANNA}{BORIS}group sales anna,\n    boris", ",\n    anna", f"\n{CALL}"),
    ],
)  # fmt: skip
def test_what_stands_twice_and_says_the_same_goes_once(code: str, before: str, second: str, behind: str) -> None:
    if "flow over" in second:
        before, second, behind = before + second, behind, ""
    text = before + second + behind
    _, fix = only(text, code)
    assert fix.safe
    assert edited(text, [fix]) == before + behind


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("CF207", f'{ANNA}agent anna "sip:anna@home.example"\n{CALL}'),
        ("CF208", f'timezone "Europe/Berlin"\ntimezone "Europe/Moscow"\n{ANNA}{CALL}'),
        ("CF212", f"{ANNA}start {{ answer menu {{ press 1 connect anna press 1 hangup }} }}\n"),
        ("CF213", f'{ANNA}start {{ connect anna {{ busy hangup busy play "Busy." }} }}\n'),
        ("CF216", 'number "+4930123456" goto start\nnumber "+4930123456" goto b\nstart {}\nflow b {}\n'),
    ],
)  # fmt: skip
def test_what_stands_twice_and_says_two_things_is_for_somebody_to_decide(code: str, text: str) -> None:
    (problem,) = (one for one in compile_text(text).problems if one.code.id == code)
    assert problem.fixes == ()


def test_an_option_that_says_two_things_is_only_offered_to_go() -> None:
    text = f"{ANNA}start {{\n    connect anna for 10s for 30s\n}}\n"
    _, fix = only(text, "CF214")
    assert not fix.safe
    assert edited(text, [fix]) == text.replace(" for 30s", "")


def test_no_comment_goes_with_what_is_removed() -> None:
    text = f"{ANNA}{BORIS}group sales anna, boris,  # the second time for luck\n    anna\n{CALL}"
    _, fix = only(text, "CF217")
    assert "# the second time for luck" in edited(text, [fix])
    whole = f"{ANNA}{CALL}\nflow over {{\n    hangup  # at last\n}}\n"
    twice = whole + "\nflow over {\n    # quite\n    hangup\n}\n"
    assert not only(twice, "CF207")[1].safe


def test_a_declaration_goes_with_its_lines_and_one_empty_line() -> None:
    prompt = 'prompt welcome {\n    en "Welcome."\n}\n'
    for text in (f"{ANNA}\n{prompt}\n{CALL}", f"{ANNA}{prompt}\n{CALL}", f"{ANNA}\n{prompt}{CALL}"):
        _, fix = only(text, "CF219")
        assert not fix.safe
        assert edited(text, [fix]) == f"{ANNA}\n{CALL}"


def test_a_flow_goes_only_when_nothing_names_it() -> None:
    text = f"{ANNA}{CALL}\nflow one {{\n    goto two\n}}\n\nflow two {{\n    hangup\n}}\n"
    fixes = {one.message: one.fixes for one in compile_text(text).problems}
    assert fixes["nobody gets to the flow `two`"] == ()
    (fix,) = fixes["nobody gets to the flow `one`"]
    assert edited(text, [fix]) == f"{ANNA}{CALL}\nflow two {{\n    hangup\n}}\n"


def test_what_nobody_gets_to_goes_to_the_end_of_its_block() -> None:
    text = f'{ANNA}start {{\n    hangup\n    play "One."\n    connect anna\n}}\n'
    _, fix = only(text, "CF405")
    assert not fix.safe
    assert edited(text, [fix]) == f"{ANNA}start {{\n    hangup\n}}\n"


def test_one_repair_puts_a_name_right_wherever_it_stands() -> None:
    lines = "    connect ana for 5s\n" * 6
    text = f"{ANNA}start {{\n{lines}}}\n"
    problem, fix = only(text, "CF203")
    assert len(problem.labels) == 3
    assert not fix.safe
    assert edited(text, [fix]) == text.replace("ana ", "anna ")


def test_lines_end_as_they_do_in_the_file() -> None:
    text = "start {\r\n    menu {\r\n        press 1 hangup\r\n    }\r\n}\r\n"
    _, fix = only(text, "CF401")
    assert edited(text, [fix]) == text.replace("    menu", "    answer\r\n    menu")
    text = "start {\r\n    hangup\r\n"
    assert edited(text, [only(text, "CF105")[1]]) == text + "}\r\n"


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("start {\n    play «It is “open”»\n}\n", 'start {\n    play "It is “open”"\n}\n'),
        ("start {\n    play 'Say \"hi\"'\n}\n", 'start {\n    play "Say \\"hi\\""\n}\n'),
        ('start { when digits=="1"&&digits!="2" hangup }\n', 'start { when digits=="1" and digits!="2" hangup }\n'),
        ('start { when !digits=="1" hangup }\n', 'start { when not digits=="1" hangup }\n'),
        ("agent anna sip:anna@pbx.example\nstart { connect anna }\n", f"{ANNA}start {{ connect anna }}\n"),
        ("scheme Acme\nstart { hangup }\n", 'scheme "Acme"\nstart { hangup }\n'),
        ("start { answer\n    hangup\n\n# The night.\nflow night { hangup }\n",
         "start { answer\n    hangup\n}\n\n# The night.\nflow night { hangup }\n"),
        ("start { answer hangup", "start { answer hangup }"),
        ("start { answer hangup # bye", "start { answer hangup # bye\n}"),
    ],
)  # fmt: skip
def test_what_was_plainly_meant_is_restored(text: str, fixed: str) -> None:
    (problem,) = compile_text(text).problems
    (fix,) = problem.fixes
    assert fix.safe
    assert edited(text, [fix]) == fixed


@pytest.mark.parametrize(
    "text",
    [
        "start { play 'Don't go' }\n",
        "scheme Acme Corporation\nstart { hangup }\n",
        "number +49 30 1234567 goto start\nstart { hangup }\n",
        "start {\n    answer\n    menu {\n        press 1 hangup\n}\n",
    ],
)
def test_what_may_have_been_meant_in_two_ways_is_left(text: str) -> None:
    assert not any(fix.safe for problem in compile_text(text).problems for fix in problem.fixes)
