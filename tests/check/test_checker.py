"""The rules of names, values and limits that matter most, beyond the goldens; and schemes that make little sense."""

import pytest
from hypothesis import HealthCheck, given, settings

from callflow import limits
from callflow.check.checker import check
from callflow.compile.lower import lower
from callflow.compile.pipeline import Compiled, compile_text
from callflow.diagnostic import Diagnostic, Severity
from callflow.machine import model
from callflow.machine.exits import exits
from callflow.source import Source
from callflow.syntax.parser import parse
from tests.check import wild

AGENTS = """
agent anna "sip:anna@pbx.example" extension 101
agent boris "sip:boris@pbx.example"
"""


def told(text: str) -> list[str]:
    return [problem.code.id for problem in compile_text(text).problems]


def only(text: str) -> Diagnostic:
    """Return the one problem of a scheme."""
    problems = compile_text(text).problems
    assert len(problems) == 1, [problem.message for problem in problems]
    return problems[0]


def start(*statements: str) -> str:
    return AGENTS + "start {\n    answer\n    " + "\n    ".join(statements) + "\n}\n"


def shown(compiled: Compiled, problem: Diagnostic) -> str:
    return compiled.source.text[problem.span.start : problem.span.end]


# --- one mistake is told once ---


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param(
            start("connect salse", "connect salse for 5s", "voicemail salse") + "group sales anna",
            ["CF203"],
            id="a group that is misspelt three times, and so never used",
        ),
        pytest.param(
            start("goto slaes") + "flow sales { goto message } flow message { hangup }",
            ["CF201"],
            id="a flow that is misspelt, and so never entered, and the one behind it",
        ),
        pytest.param("flow a { goto b } flow b { hangup }", ["CF209"], id="no start, and so no flow that is entered"),
        pytest.param(
            'schedule a "Mo-Fr 09:00-18:00" schedule b "Sa 10:00-12:00"'
            + start("when a open hangup", "when b open hangup"),
            ["CF308"],
            id="two schedules without a time zone",
        ),
        pytest.param(
            'language en, de prompt hello { en "Hello." ed "Hallo." }' + start("play hello"),
            ["CF211"],
            id="a language that is misspelt, and so missing",
        ),
        pytest.param(
            'agent a "sip:a@b"\nstart { answer menu { press 1 hangup dial extension { connect extension } } hangup }',
            ["CF319"],
            id="extensions dialled and rung where nobody has one",
        ),
        pytest.param(
            'timezone "Europe/Bonn" schedule a "Mo-Fr 09:00-18:00; PH off"' + start("when a open hangup"),
            ["CF305"],
            id="an unknown time zone, and hours that cannot be checked there",
        ),
        pytest.param(
            start("when n + 1s > 2 hangup", "set n = 1").replace("answer", "answer set n = 1"),
            ["CF303"],
            id="a number and a duration added, and then compared",
        ),
        pytest.param(start("again", "hangup"), ["CF218"], id="an `again` outside, and what stands behind it"),
    ],
)
def test_one_mistake_is_told_once(text: str, codes: list[str]) -> None:
    assert told(text) == codes


def test_a_name_that_is_misspelt_again_is_shown_beside_the_first() -> None:
    compiled = compile_text(start(*["connect nobody"] * 6))
    (problem,) = compiled.problems
    assert [label.text for label in problem.labels] == ["also here"] * 3
    assert {compiled.source.text[label.span.start : label.span.end] for label in problem.labels} == {"nobody"}


def test_two_mistakes_are_told_both() -> None:
    assert told(start("connect nobody", "connect nowhere")) == ["CF203", "CF203"]


def test_problems_come_in_source_order() -> None:
    compiled = compile_text(start("play nothing", "connect nobody", "goto nowhere") + "flow unused { hangup }")
    spans = [problem.span for problem in compiled.problems]
    assert spans == sorted(spans)


def test_warnings_leave_a_machine_and_errors_do_not() -> None:
    warned = compile_text(start("hangup") + "flow unused { hangup }")
    assert warned.machine is not None
    assert [problem.code.severity for problem in warned.problems] == [Severity.WARNING]
    assert compile_text(start("goto nowhere")).machine is None


def test_more_problems_than_anybody_reads_are_cut_off_the_warnings_first() -> None:
    unused = "".join(f"flow unused{number} {{ hangup }} " for number in range(limits.PROBLEMS_MAX))
    compiled = compile_text(unused + start("play nothing"))
    assert len(compiled.problems) == limits.PROBLEMS_MAX
    assert compiled.problems[-1].code.id == "CF204"
    assert compiled.errors == 1


# --- limits: one below, at, and one above ---


def _source(size: int) -> str:
    head = "start {\n    hangup\n}\n#"
    return head + "x" * (size - len(head))


def _nested(depth: int) -> str:
    whens = "when digits == none { " * (depth - 1)
    return "start { " + whens + "hangup " + "} " * depth


def _parentheses(depth: int) -> str:
    return f"start {{ when {'(' * (depth - 1)}digits == none{')' * (depth - 1)} hangup }}"


def _text(size: int) -> str:
    return f'start {{ play "{"x" * size}" }}'


def _name(size: int) -> str:
    return f"start {{ set {'x' * size} = 1 hangup }}"


def _flow_of(states: int) -> str:
    return f"start {{ goto long }} flow long {{ {'wait 1s ' * (states - 1)} hangup }}"


def _scheme_of(states: int) -> str:
    sizes = [250] * ((states - 1) // 250)
    flows = [f"flow f{n} {{ {'wait 1s ' * (size - 1)} goto f{n + 1} }}" for n, size in enumerate(sizes)]
    waits = states - sum(size - 1 for size in sizes) - 1
    return f"start {{ goto f0 }} {' '.join(flows)} flow f{len(sizes)} {{ {'wait 1s ' * waits} hangup }}"


def _digits(size: int) -> str:
    return f'start {{ set n = {"1" * size} play "{{n}}" }}'


def _tries(count: int) -> str:
    return start(f"menu tries {count} {{ press 1 hangup }}", "hangup")


def _keys(count: int) -> str:
    return start(f"menu {{ press {'1' * count} hangup }}", "hangup")


def _extension(count: int) -> str:
    return f'agent a "sip:a@b" extension {"1" * count} start {{ connect a }}'


def _waiting(ms: int) -> str:
    return f"start {{ wait {ms}ms }}"


def _rounds(count: int) -> str:
    return start("set n = 0", "goto on") + f"flow on {{ wait 1s set n = n + 1 when n <= {count} goto on hangup }}"


@pytest.mark.parametrize(
    ("make", "limit", "code"),
    [
        pytest.param(_source, limits.SOURCE_BYTES_MAX, "CF601", id="bytes of a source"),
        pytest.param(_nested, limits.NESTING_MAX, "CF602", id="braces"),
        pytest.param(_parentheses, limits.NESTING_MAX, "CF602", id="parentheses"),
        pytest.param(_text, limits.STRING_CHARS_MAX, "CF603", id="characters of a text"),
        pytest.param(_name, limits.NAME_CHARS_MAX, "CF604", id="characters of a name"),
        pytest.param(_flow_of, limits.STATES_PER_FLOW_MAX, "CF605", id="states of a flow"),
        pytest.param(_scheme_of, limits.STATES_MAX, "CF606", id="states of a scheme"),
        pytest.param(_digits, limits.NUMBER_DIGITS_MAX, "CF313", id="digits of a number"),
        pytest.param(_tries, limits.TRIES_MAX, "CF313", id="tries"),
        pytest.param(_keys, limits.KEYS_MAX, "CF313", id="keys of a choice"),
        pytest.param(_extension, limits.KEYS_MAX, "CF313", id="digits of an extension"),
        pytest.param(_waiting, limits.DURATION_MS_MAX, "CF312", id="a wait"),
        pytest.param(_rounds, limits.ROUNDS_MAX, "CF406", id="rounds of a loop that counts"),
    ],
)
def test_a_limit_is_allowed_and_one_more_is_not(make, limit: int, code: str) -> None:
    assert told(make(limit - 1)) == []
    assert told(make(limit)) == []
    assert told(make(limit + 1)) == [code]


def test_bytes_are_counted_and_not_characters() -> None:
    assert told(_source(limits.SOURCE_BYTES_MAX - 1) + "ü") == ["CF601"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("start { " + "when digits == none hangup else " * 1_900 + "hangup }", id="else when"),
        pytest.param("start { when " + "not " * 9_000 + "true hangup }", id="not"),
        pytest.param("start { set x = " + "1 + " * 9_000 + "1 hangup }", id="plus"),
        pytest.param("start { set x = " + "1 * " * 9_000 + "1 hangup }", id="times"),
        pytest.param('start { play "{' + "1+" * 500 + '1}" }', id="plus in a text"),
        pytest.param(
            "start { "
            + ("when digits == none { " + "when digits == none hangup else " * 80) * 22
            + "hangup"
            + "}" * 23,
            id="else when in braces",
        ),
    ],
)
def test_what_is_nested_without_braces_is_bounded_too(text: str) -> None:
    assert told(text) == ["CF602"]


def test_sixty_ways_of_one_question_are_allowed() -> None:
    assert told("start { " + "when digits == none hangup else " * 60 + "hangup }") == []


@pytest.mark.parametrize("text", ["wait " + "9" * 400 + "d", "set x = " + "9" * 5_000, "connect anna for 1e9s"])
def test_numbers_out_of_all_reason_are_told_and_do_not_stop_the_compiler(text: str) -> None:
    assert told(start(text))


# --- keys and extensions ---


@pytest.mark.parametrize(
    ("clauses", "codes"),
    [
        ("press 1 hangup dial extension", ["CF323"]),
        ("press 10 hangup dial extension", ["CF323"]),
        ("press 101 hangup dial extension", ["CF212"]),
        ("press 1010 hangup dial extension", []),
        ("press 2 hangup dial extension", []),
        ("press 1 hangup", []),
        ("press 101 hangup", []),
        ("press 1 hangup press 12 hangup", ["CF323"]),
        ("press 12 hangup press 1 hangup", ["CF323"]),
        ('press "#" hangup press * hangup', []),
        ('press "#" hangup press "#1" hangup', ["CF323"]),
        ('press 1 hangup press "1" hangup', ["CF212"]),
        ('press "1 2" hangup', ["CF311"]),
        ('press "1{digits}" hangup', ["CF311"]),
    ],
)
def test_a_choice_that_is_hidden_or_has_to_wait_is_told(clauses: str, codes: list[str]) -> None:
    assert told(start(f"menu {{ {clauses} }}", "hangup")) == codes


def test_an_extension_that_hides_another_is_told_once_for_all_menus() -> None:
    text = start(*["menu { press 9 hangup dial extension }"] * 3, "hangup") + 'agent carla "sip:c@b" extension 1012\n'
    assert told(text) == ["CF323"]


def test_extensions_that_nobody_can_dial_may_begin_alike() -> None:
    assert told(start("connect anna") + 'agent carla "sip:c@b" extension 1012\n') == []


def test_the_wait_for_a_longer_choice_is_told_as_it_is_set() -> None:
    problem = only(start("menu pause 1.5s { press 1 hangup press 12 hangup }", "hangup"))
    assert "nothing for 1.5s" in problem.notes[0]


# --- what is heard ---


@pytest.mark.parametrize(
    ("item", "codes"),
    [
        ('"welcome.wav"', []),
        ('"sub/welcome.wav"', []),
        ('"../welcome.wav"', ["CF316"]),
        ('"sub/../../welcome.wav"', ["CF316"]),
        ('"/etc/welcome.wav"', ["CF316"]),
        ('"C:/welcome.wav"', ["CF316"]),
        (r'"..\\welcome.wav"', ["CF316"]),
        ('"../WELCOME.WAV"', ["CF316"]),
        ('"{caller.name}.wav"', ["CF320"]),
        ('"{caller.name}"', []),
        ('""', ["CF318"]),
        ('"   "', ["CF318"]),
    ],
)
def test_a_text_is_a_sound_file_or_words_wherever_it_is_heard(item: str, codes: list[str]) -> None:
    assert told(start(f"play {item}")) == codes
    assert told(start(f"menu {{ play {item} press 1 hangup }}", "hangup")) == codes
    assert told(start(f"voicemail anna greeting {item}")) == codes
    assert told(start(f"connect anna music {item}")) == codes
    if "{caller.name}" not in item:
        assert told(f"prompt hello {item}" + start("play hello")) == codes
        assert told(f"prompt hello {{ en {item} }}" + start("play hello")) == codes


@pytest.mark.parametrize(
    ("entries", "codes"),
    [
        ('{ en "Hello." de "Hallo." }', []),
        ('{ en "Hello." file "hello.wav" }', []),
        ('{ en "hello.wav" de file "hallo.wav" }', []),
        ('{ file "hello.wav" }', []),
        ('"hello.wav"', []),
        ('"Hello."', ["CF317"]),
        ('{ en "Hello." }', ["CF317"]),
        ('{ de "Hallo." }', ["CF317"]),
        ('{ en file "hello.wav" }', ["CF317"]),
        ('{ en "Hello." en file "hello.wav" }', ["CF317"]),
        ('{ en "Hello." fr "Bonjour." }', ["CF211"]),
        ("{ }", ["CF318"]),
    ],
)
def test_a_prompt_is_told_when_a_language_of_the_scheme_is_missing(entries: str, codes: list[str]) -> None:
    assert told(f"language en, de prompt hello {entries}" + start("play hello")) == codes


def test_callers_of_a_language_without_a_file_of_its_own_hear_the_first() -> None:
    compiled = compile_text('language en, de prompt hello { en file "hello.wav" }' + start("play hello"))
    assert compiled.machine is not None
    assert compiled.machine.prompts["hello"].files == {"en": "hello.wav", "": "hello.wav"}
    assert compiled.problems[0].notes == ("callers of that language hear it in `en`",)


# --- values ---


@pytest.mark.parametrize(
    ("condition", "codes"),
    [
        ('caller.number == "+49301"', []),
        ("caller.number == none", []),
        ("caller.number == digits", []),
        ("caller.number == 49301", ["CF301"]),
        ('digits == "1"', []),
        ("digits == 1", ["CF301"]),
        ("digits != 1", ["CF301"]),
        ("n == 1", []),
        ("n + 1 > 3 * n", []),
        ("d > 20s", []),
        ("d * 2 > 20s", []),
        ("d > 20", ["CF303"]),
        ("n > 20s", ["CF303"]),
        ("caller.name > n", ["CF303"]),
        ("n", ["CF302"]),
        ("t", []),
        ("not t", []),
        ("t and n", ["CF302"]),
        ("t == n", ["CF301"]),
        ("many", []),
        ("many == 1 or many == caller.name", []),
        ('n matches "1*"', ["CF304"]),
        ('caller.number in ("+4930*", "+49 40 1234567")', []),
        ('caller.number matches "{digits}*"', ["CF320"]),
        ("office", ["CF206"]),
        ("office open and not office closed", []),
        ("anna", ["CF206"]),
    ],
)
def test_a_condition_makes_sense_or_is_told(condition: str, codes: list[str]) -> None:
    text = 'timezone "Europe/Berlin" schedule office "Mo-Fr 09:00-18:00"' + start(
        "set n = 1", "set d = 5s", "set t = n == 1", "set many = 1", 'when t set many = "x"', f"when {condition} hangup"
    )
    assert [code for code in told(text) if code != "CF219"] == codes


@pytest.mark.parametrize(
    ("hours", "codes"),
    [
        ("Mo-Fr 09:00-18:00", []),
        ("24/7", ["CF322"]),
        ("Mo-Su 00:00-24:00", ["CF322"]),
        ("00:00-24:00", ["CF322"]),
        ("off", ["CF322"]),
        ("Mo-Fr off", ["CF322"]),
        ("24/7; Mo off", []),
        ("24/7; Mo 09:00-12:00", []),
        ("24/7, Mo 09:00-12:00", ["CF322"]),
        ("off; Mo 09:00-12:00", []),
        ("", ["CF307"]),
        ("PH off", ["CF307"]),
        ("{caller.number}", ["CF320"]),
    ],
)
def test_hours_are_read_and_are_told_when_they_never_change(hours: str, codes: list[str]) -> None:
    text = f'timezone "Europe/Berlin" schedule office "{hours}"' + start("when office open hangup")
    assert told(text) == codes


def test_a_schedule_that_is_set_into_a_name_is_asked_first() -> None:
    text = 'timezone "Europe/Berlin" schedule office "Mo-Fr 09:00-18:00"' + start(
        "set o = office open", 'play "{office closed}"', "when o hangup"
    )
    compiled = compile_text(text)
    assert compiled.problems == []
    assert compiled.machine is not None
    kinds = [type(state) for state in compiled.machine.states]
    assert kinds[:5] == [model.Answering, model.Consulting, model.Setting, model.Consulting, model.Playing]
    assert kinds.count(model.Consulting) == 2


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        ("sip:anna@pbx.example", []),
        ("sips:anna@pbx.example:5061;transport=tls", []),
        ("sip:pbx.example", []),
        ("tel:+74951234567", []),
        ("{caller.number}", []),
        ("anna@pbx.example", ["CF309"]),
        ("+74951234567", ["CF309"]),
        ("sip:anna smith@pbx.example", ["CF309"]),
        ("http://pbx.example", ["CF309"]),
        ("", ["CF309"]),
    ],
)
def test_an_address_is_one_by_its_shape(address: str, codes: list[str]) -> None:
    assert told(start(f'connect "{address}"')) == codes
    if "{" not in address:
        assert told(f'agent x "{address}" start {{ connect x }}') == codes


def test_what_somebody_wrote_cannot_move_a_terminal_or_fill_it() -> None:
    message = only(start(f'connect "{"x" * 900}\\n"')).message
    assert len(message) < 70
    assert "\n" not in message


# --- menus ---


@pytest.mark.parametrize(
    ("statement", "codes"),
    [
        ("menu { press 1 again }", []),
        ("menu { press 1 { when digits == none again } }", []),
        ("menu { silence again press 1 hangup }", []),
        ("menu { press 1 connect anna { busy again } }", []),
        ("menu { press 1 hangup otherwise again }", ["CF218"]),
        ("menu { press 1 menu { press 2 again otherwise again } }", ["CF218"]),
        ("menu { press 1 hangup otherwise menu { press 1 again } }", []),
        ("connect anna { busy again }", ["CF218"]),
        ("connect anna { press 1 hangup }", []),
        ("connect anna { press 12 hangup }", ["CF311"]),
        ('connect anna { press "" hangup }', ["CF311"]),
        ("menu { }", ["CF321"]),
        ('menu { play "Welcome." }', ["CF321"]),
        ("menu { dial extension }", []),
    ],
)
def test_clauses_of_menus_and_calls_make_sense_or_are_told(statement: str, codes: list[str]) -> None:
    assert told(start(statement, "hangup")) == codes


@pytest.mark.parametrize(
    ("statement", "codes"),
    [
        ('voicemail "a\tb"', ["CF203"]),
        ('play "a\tb.wav"', ["CF314"]),
        ('voicemail " "', ["CF203"]),
        ('play "a\tb"', []),
    ],
)
def test_names_and_paths_are_seen(statement: str, codes: list[str]) -> None:
    assert told(start(statement, "hangup")) == codes


def test_a_prompt_has_a_file_that_has_a_name() -> None:
    assert "CF314" in told('prompt a { file "" }\nstart { play a }')


# --- whatever is written ---

WILD = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


@WILD
@given(wild.scheme)
def test_no_scheme_stops_the_compiler_and_every_state_leads_somewhere(text: str) -> None:
    source = Source("wild.flow", text)
    parsed, unread = parse(source)
    assert not unread, text
    compiled = compile_text(text)
    for problem in compiled.problems:
        assert 0 <= problem.span.start <= problem.span.end <= len(text)
        assert "\n" not in problem.message
    lowered = lower(check(parsed), source)
    count = len(lowered.machine.states)
    for number, state in enumerate(lowered.machine.states):
        assert all(0 <= to < count for _, to in exits(state)), (number, state)
        assert 0 <= lowered.spans[number].start <= lowered.spans[number].end <= len(text)
    assert {lowered.machine.start, *lowered.machine.numbers.values(), *lowered.machine.flows.values()} <= set(
        range(count)
    )
    assert (compiled.machine is None) == (compiled.errors > 0)


@WILD
@given(wild.scheme)
def test_problems_do_not_depend_on_how_often_one_asks(text: str) -> None:
    assert compile_text(text).problems == compile_text(text).problems


# --- languages that values have no words in ---


@pytest.mark.parametrize(
    ("spoken", "codes"),
    [
        ("{caller.number}", ["CF345"]),
        ("{call.started}", ["CF345"]),
        ("{digits(caller.name)}", ["CF345"]),
        ("{caller.name} {agent.name}", []),
        ("Obrigado.", []),
    ],
)
def test_a_language_without_words_matters_where_a_value_becomes_words(spoken: str, codes: list[str]) -> None:
    scheme = start(f'play "{spoken}"')
    assert told(f"language en, pt\n{scheme}") == codes
    assert told(f"language en, de-AT\n{scheme}") == []
