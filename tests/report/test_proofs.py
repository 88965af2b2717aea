"""What is proven, in words and as values."""

import json

import attrs
import pytest

from callflow.machine.model import Where
from callflow.prove.claims import Claims
from callflow.prove.problems import NEVER_WAITS, NO_WAY_OUT
from callflow.report.proofs import as_values, render

BEST = Claims((), 0, None, 0, 1, (), (), {})
USUAL = Claims(
    (), 9_500, Where("main", 31), 3_723_500, 6, ("connect ida 12s", "connect shop 15s", "connect shop 15s"), (),
    {"+49301": "main"},
)  # fmt: skip
WORST = Claims((NEVER_WAITS, NO_WAY_OUT), None, Where("main", 3), None, 0, None, ("night", "lunch"), {})


def test_what_is_proven_in_words() -> None:
    assert render(USUAL, "a.flow").splitlines() == [
        "a.flow: of every call is proven",
        "  every caller reaches an end",
        "  no caller hears nothing for longer than 9s 500ms (`main`, line 31)",
        "  a caller who does nothing is gone after 1h 2m 3s 500ms and 6 prompts",
        "  at most 3 tries in a row may fail: `connect ida 12s`, `connect shop 15s` 2 times",
        "  calls get to every flow",
        "  calls of +49301 begin in `main`",
        "  other calls begin in `start`",
    ]


def test_where_there_is_little_to_say_little_is_said() -> None:
    assert render(BEST, "a.flow").splitlines()[1:] == [
        "  every caller reaches an end",
        "  no caller ever waits in silence",
        "  a caller who does nothing is gone after 1 prompt",
        "  nobody is called",
        "  calls get to every flow",
        "  all calls begin in `start`",
    ]


def test_what_is_not_proven_is_said_as_plainly() -> None:
    assert render(WORST, "a.flow").splitlines()[1:] == [
        "  not every caller reaches an end: CF402, CF403",
        "  a caller may hear nothing until the call is ended after 2h (`main`, line 3)",
        "  a caller who does nothing may stay until the call is ended after 2h",
        "  tries to reach somebody may fail one after another without end",
        "  no call gets to `night` and `lunch`",
        "  all calls begin in `start`",
    ]
    assert render(None, "a.flow") == "a.flow: nothing is proven before the errors are mended"


@pytest.mark.parametrize(
    ("tries", "words"), [(1, "at most 1 try in a row may fail: `a`"), (2, "at most 2 tries in a row")]
)
def test_one_try_is_no_tries(tries: int, words: str) -> None:
    assert words in render(attrs.evolve(BEST, overflow=("a",) * tries), "a.flow")


def test_what_is_proven_as_values() -> None:
    assert json.loads(json.dumps(as_values(USUAL, "a.flow"))) == {
        "path": "a.flow",
        "proven": True,
        "ends": {"always": True, "against": []},
        "silence": {"ms": 9_500, "flow": "main", "line": 31},
        "alone": {"ms": 3_723_500, "prompts": 6},
        "overflow": ["connect ida 12s", "connect shop 15s", "connect shop 15s"],
        "unreached": [],
        "numbers": {"+49301": "main"},
    }
    worst = as_values(WORST, "a.flow")
    assert worst["ends"] == {"always": False, "against": ["CF402", "CF403"]}
    assert (worst["silence"]["ms"], worst["alone"]["ms"], worst["overflow"]) == (None, None, None)
    assert as_values(None, "a.flow") == {"path": "a.flow", "proven": False}
