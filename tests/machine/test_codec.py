"""Machines as files: everything comes back as it was, and nothing that could not run is taken in."""

import json
import typing
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callflow import limits
from callflow.engine.events import CallOffered
from callflow.engine.step import begin, next_deadline_ms, step
from callflow.machine.codec import FORMAT, MachineRefused, from_json, to_json
from callflow.machine.model import Machine, State
from tests.machine.strategies import EVERYTHING, EXAMPLE, UNHURRIED, machines
from tests.strategies import events


def data() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(to_json(EXAMPLE))
    return found


# --- there and back -------------------------------------------------------------------------------------------------


def test_the_example_has_every_kind_of_state() -> None:
    assert {type(state) for state in EVERYTHING.states} == set(typing.get_args(State))


def test_the_example_comes_back_as_it_was() -> None:
    assert from_json(to_json(EVERYTHING)) == EVERYTHING


@UNHURRIED
@given(machines())
def test_a_machine_comes_back_as_it_was(machine: Machine) -> None:
    text = to_json(machine)
    back = from_json(text)
    assert back == machine
    assert to_json(back) == text
    text.encode()


@UNHURRIED
@given(machines())
def test_the_order_of_a_prompts_languages_is_kept_since_the_first_stands_in_for_missing_ones(machine: Machine) -> None:
    back = from_json(to_json(machine))
    for name, prompt in machine.prompts.items():
        assert list(back.prompts[name].texts) == list(prompt.texts)


def test_tables_are_sorted_and_short_states_stand_on_one_line() -> None:
    lines = to_json(EXAMPLE).splitlines()
    assert lines[:3] == ["{", f' "format": {FORMAT},', ' "scheme": "Acme \\"Climate\\"",']
    assert ' "flows": {"end": 16, "sales": 12, "start": 0},' in lines
    assert (
        '  {"kind": "Speaking", "where": {"flow": "start", "line": 1, "file": ""}, "language": "de", "next": 8},'
        in lines
    )
    assert max(map(len, lines)) <= 120


def test_a_key_with_a_default_may_be_missing() -> None:
    changed = data()
    del changed["agents"]["boris"]["extension"]
    assert from_json(json.dumps(changed)) == EXAMPLE


# --- what is refused ------------------------------------------------------------------------------------------------

TEXTS = {
    "nothing": ("", "no JSON: expecting value in line 1, column 1"),
    "a scheme": ('scheme "Hello"\n', "no JSON: expecting value in line 1, column 1"),
    "half a file": (to_json(EXAMPLE)[:300], "no JSON: "),
    "a list": ("[]", "no machine: it begins with no `format`"),
    "any object": ("{}", "no machine: it begins with no `format`"),
    "a later format": ('{"format": 2}', "the machine has format 2; this version of Callflow reads format 1"),
    "a format in words": ('{"format": "1"}', 'the machine has format "1"; this version of Callflow reads format 1'),
    "true, which Python takes for 1": ('{"format": true}', "the machine has format true; this version of "),
    "the format alone": ('{"format": 1}', "the key `scheme` is missing"),
    "a key twice": ('{"format": 1, "format": 1}', "the key `format` stands twice in one object"),
    "a fraction": ('{"format": 1.0}', "`1.0` is no whole number"),
    "not a number": ('{"format": NaN}', "`NaN` is no whole number"),
    "many digits": ('{"format": ' + 5_000 * "1" + "}", "has too many digits"),
    "deep lists": (100_000 * "[", "nested too deep"),
    "deep objects": (100_000 * '{"a":', "nested too deep"),
    "a large file": ((16 * 2**20 + 1) * " ", "the file has 16777217 characters, the limit is 16777216"),
}


@pytest.mark.parametrize(("text", "reason"), TEXTS.values(), ids=TEXTS)
def test_a_text_that_is_no_machine_is_refused(text: str, reason: str) -> None:
    with pytest.raises(MachineRefused) as refused:
        from_json(text)
    assert reason in refused.value.reason


def at(*path: str | int) -> Callable[[Any], Callable[[dict[str, Any]], None]]:
    """Return what puts a value into a place."""

    def put(value: Any) -> Callable[[dict[str, Any]], None]:
        def change(machine: Any) -> None:
            for one in path[:-1]:
                machine = machine[one]
            machine[path[-1]] = value

        return change

    return put


def nested(depth: int) -> dict[str, Any]:
    """Return an expression of `not` within `not`."""
    expr: dict[str, Any] = {"kind": "Const", "value": True}
    for _ in range(depth):
        expr = {"kind": "Negated", "part": expr}
    return expr


LAST = len(EXAMPLE.states) - 1
MENU = EXAMPLE.states.index(next(state for state in EXAMPLE.states if hasattr(state, "tries")))
CHANGES = {
    # shape
    "an unknown key": (at("colour")("red"), "the key `colour` is unknown"),
    "an unknown key in a state": (at("states", 0, "colour")(1), "`states[0]`: the key `colour` is unknown"),
    "an unknown kind": (at("states", 0, "kind")("Dancing"), "`states[0]`: the kind `Dancing` is unknown here"),
    "a kind of something else": (at("states", 0, "kind")("Const"), "`states[0]`: the kind `Const` is unknown here"),
    "a kind that is no text": (at("states", 0, "kind")([]), "`states[0]`: `kind` is no text"),
    "a state without a kind": (at("states", 0)({}), "`states[0]`: the key `kind` is missing"),
    "a kind where there is one only": (at("states", 0, "where", "kind")("Where"), "the key `kind` is unknown"),
    "a text for a number": (at("start")("0"), "`start`: a whole number is wanted, not a text"),
    "true for a number": (at("start")(True), "`start`: a whole number is wanted, not true or false"),
    "a number for a text": (at("scheme")(1), "`scheme`: a text is wanted, not a whole number"),
    "a list for an object": (at("agents")([]), "`agents`: an object is wanted, not a list"),
    "null for a list": (at("states")(None), "`states`: a list is wanted, not null"),
    "a list for a number or null": (at("states", MENU, "silence")([]), "a whole number or null is wanted, not a list"),
    "an unknown word": (at("groups", "both", "strategy")("loudly"), "`loudly` is not `all`, `in turn`, `longest idle`"),
    # sizes
    "no states": (at("states")([]), "`states`: a machine has 1 to 2000 states, not 0"),
    "many states": (at("states")([data()["states"][-1]] * 2_001), "a machine has 1 to 2000 states, not 2001"),
    "a long text": (
        at("prompts", "welcome", "texts", "en")(1_025 * "a"),
        "a text of 1025 characters, the limit is 1024",
    ),
    "a long name": (at("flows", 65 * "a")(0), "is no name"),
    "a name with a line end": (at("flows", "a\nb")(0), "`flows`: `a\\nb` is no name"),
    "a name of nothing": (at("flows", "")(0), "`flows`: `` is no name"),
    "a deep expression": (at("states", 5, "value")(nested(200)), "nested too deep"),
    "a very deep expression": (at("states", 5, "value")(nested(400)), "nested too deep"),
    "a long wait": (at("states", 14, "ms")(90_000_000), "`states[14] ms`: 90000000 is not from 100 to 86400000"),
    "no wait at all": (at("states", 14, "ms")(0), "`states[14] ms`: 0 is not from 100 to 86400000"),
    "a timeout in the past": (at("states", MENU, "timeout_ms")(-5), "-5 is not from 100 to 86400000"),
    "many tries": (at("states", MENU, "tries")(21), "21 is not from 1 to 20"),
    "a great number": (at("states", 5, "value", "value")(10**19), "is not from"),
    "half a character": (at("states", 5, "value", "value")("\ud800"), "half a character"),
    # what is referred to
    "a state too far": (at("start")(LAST + 1), f"`start`: there is no state {LAST + 1}"),
    "a state before the first": (at("start")(-1), "`start`: there is no state -1"),
    "a next state too far": (at("states", 0, "next")(99), "`states[0]`: there is no state 99"),
    "a key that leads nowhere": (at("states", MENU, "keys", "7")(99), f"`states[{MENU}] 7`: there is no state 99"),
    "an entry that leads nowhere": (at("numbers", "+4930123")(99), "`numbers[+4930123]`: there is no state 99"),
    "a flow that leads nowhere": (at("flows", "sales")(99), "`flows.sales`: there is no state 99"),
    "again without a menu": (at("states", 8, "menu")(0), "`states[8]`: state 0 is no menu"),
    "an unknown flow": (at("states", 0, "where", "flow")("x"), "`states[0]`: there is no flow `x`"),
    "an unknown agent": (at("states", 13, "target", "agent")("x"), "`states[13]`: there is no agent `x`"),
    "an unknown group": (at("states", 12, "target", "group")("x"), "`states[12]`: there is no group `x`"),
    "an unknown member": (at("groups", "both", "members")(["x"]), "`groups.both`: there is no agent `x`"),
    "an unknown prompt": (at("states", 2, "passage", "items", 0, "prompt")("x"), "there is no prompt `x`"),
    "an unknown schedule": (at("states", 3, "schedule")("x"), "`states[3]`: there is no schedule `x`"),
    "an unknown language": (at("states", 7, "language")("fr"), "`states[7]`: there is no language `fr`"),
    "a prompt in an unknown language": (at("prompts", "welcome", "texts", "fr")("x"), "there is no language `fr`"),
    # what could not run
    "no language": (at("languages")([]), "`languages`: a machine speaks at least one language"),
    "a language twice": (at("languages")(["en", "de", "en"]), "`languages`: a language stands there twice"),
    "a language that is none": (at("languages")(["en", "de", "../x"]), "`languages`: `../x` is no language"),
    "schedules nowhere": (at("timezone")(""), "`timezone`: schedules need a time zone"),
    "another name": (at("agents", "anna", "name")("boris"), "`agents.anna`: it is called `boris`"),
    "no address": (at("agents", "anna", "uri")("anna"), "`agents.anna`: `anna` is no address"),
    "an address with a header": (at("agents", "anna", "uri")("sip:a@b\r\nX: y"), "is no address"),
    "an extension in words": (at("agents", "anna", "extension")("twelve"), "`twelve` is no extension"),
    "an extension twice": (at("agents", "boris", "extension")("301"), "`agents.boris`: `anna` has the same extension"),
    "a number in words": (at("numbers", "anna")(0), "`numbers`: `anna` is no number"),
    "a key that no phone has": (at("states", MENU, "keys", "A")(0), f"`states[{MENU}]`: `A` cannot be pressed"),
    "a key of nothing": (at("states", MENU, "keys", "")(0), f"`states[{MENU}]`: `` cannot be pressed"),
    "tries half apart": (at("states", MENU, "silence_tries")(1), "are both counted apart, or neither"),
    "nothing to hear": (at("states", 2, "passage", "items")([]), "`states[2]`: there is nothing to hear"),
    "an empty prompt": (at("prompts", "welcome")({"name": "welcome", "texts": {}, "files": {}}), "nothing to hear"),
    "a sound elsewhere": (at("states", 2, "passage", "items", 1, "file")("../../etc/x.wav"), "lies outside"),
    "a sound from the root": (at("prompts", "welcome", "files", "")("/etc/x.wav"), "lies outside"),
    "an unknown built-in sound": (at("states", 2, "passage", "items", 1, "file")("builtin:bell"), "lies outside"),
    "a box without a name": (at("states", 16, "box")(" "), "`states[16]`: the box has no name"),
    "a box with a zero": (at("states", 16, "box")("a\0b"), "has characters that cannot be seen"),
    "an unknown comparison": (at("states", 18, "condition", "op")("=~"), "`states[18]`: `=~` is no comparison"),
    "an unknown sum": (
        at("states", 5, "value")({"kind": "Arithmetic", "op": "/", "left": nested(0), "right": nested(0)}),
        "`states[5]`: `/` is no sum",
    ),
}


@pytest.mark.parametrize(("change", "reason"), CHANGES.values(), ids=CHANGES)
def test_a_machine_that_could_not_run_is_refused(change: Callable[[dict[str, Any]], None], reason: str) -> None:
    changed = data()
    change(changed)
    with pytest.raises(MachineRefused) as refused:
        from_json(json.dumps(changed))
    assert reason in refused.value.reason
    assert len(refused.value.reason) < 200
    assert refused.value.reason.isprintable()


def test_the_deepest_expression_of_a_scheme_is_taken() -> None:
    changed = data()
    at("states", 5, "value")(nested(limits.LEVELS_MAX))(changed)
    assert from_json(json.dumps(changed)).states[5] != EXAMPLE.states[5]


# --- strangers ------------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["Menu", "Const", "en", "anna"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@UNHURRIED
@given(st.text() | JSON.map(json.dumps) | JSON.map(lambda value: json.dumps({"format": FORMAT, "states": value})))
def test_no_text_does_anything_but_be_refused(text: str) -> None:
    with pytest.raises(MachineRefused):
        from_json(text)


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return every place in a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [*([path] if path else []), *(one for key, item in inner for one in places(item, (*path, key)))]


@settings(UNHURRIED, max_examples=200)
@given(st.data())
def test_a_machine_that_is_taken_from_a_stranger_never_stops_the_engine(drawn: st.DataObject) -> None:
    changed = json.loads(to_json(drawn.draw(machines())))
    for _ in range(drawn.draw(st.integers(0, 2))):
        path = drawn.draw(st.sampled_from(places(changed)))
        at(*path)(drawn.draw(JSON | st.integers(-1, 9)))(changed)
    try:
        machine = from_json(json.dumps(changed))
    except MachineRefused:
        return
    done = begin(machine, CallOffered(0, "+49301", "+49302"))
    for _ in range(drawn.draw(st.integers(0, 12))):
        due = next_deadline_ms(done.session)
        if due is None:
            return
        at_ms = drawn.draw(st.sampled_from((done.session.at_ms, due)))
        done = step(machine, done.session, drawn.draw(events(at_ms, done.session.next_ticket)))
        assert 0 <= done.session.state < len(machine.states)
