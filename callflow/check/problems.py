"""What can be wrong with the names (CF2xx) and the values (CF3xx) of a scheme."""

import re
from collections.abc import Sequence
from typing import Final

import attrs

from callflow.diagnostic import Code, Diagnostic, Fix, Label, Severity, fixed
from callflow.limits import KEYS_MAX, NUMBER_DIGITS_MAX
from callflow.saying import LANGUAGES
from callflow.source import Span
from callflow.syntax.tree import Whole
from callflow.syntax.unexpected import STATEMENTS
from callflow.words import did_you_mean, listed, listed_some, one_slip_from, shown

_DIGITS: Final = re.compile(r"\+?[0-9]{3,15}")
_ACCOUNT: Final = re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9.-]+")

_ERROR: Final = Severity.ERROR
_WARNING: Final = Severity.WARNING

UNKNOWN_FLOW: Final = Code("CF201", _ERROR, "unknown flow")
UNKNOWN_AGENT: Final = Code("CF202", _ERROR, "unknown agent")
UNKNOWN_TARGET: Final = Code("CF203", _ERROR, "unknown agent or group")
UNKNOWN_PROMPT: Final = Code("CF204", _ERROR, "unknown prompt")
UNKNOWN_SCHEDULE: Final = Code("CF205", _ERROR, "unknown schedule")
UNKNOWN_NAME: Final = Code("CF206", _ERROR, "unknown name")
DECLARED_TWICE: Final = Code("CF207", _ERROR, "declared twice")
SAID_TWICE: Final = Code("CF208", _ERROR, "said twice")
NO_START: Final = Code("CF209", _ERROR, "there is no `start`")
KNOWN_NAME_SET: Final = Code("CF210", _ERROR, "a name that is given cannot be set")
UNKNOWN_LANGUAGE: Final = Code("CF211", _ERROR, "a language that the scheme does not speak")
KEY_TWICE: Final = Code("CF212", _ERROR, "a key leads two ways")
CLAUSE_TWICE: Final = Code("CF213", _ERROR, "a clause stands twice")
OPTION_TWICE: Final = Code("CF214", _ERROR, "an option stands twice")
EXTENSION_TWICE: Final = Code("CF215", _ERROR, "two agents have one extension")
NUMBER_TWICE: Final = Code("CF216", _ERROR, "a number leads two ways")
MEMBER_TWICE: Final = Code("CF217", _WARNING, "an agent is twice in a group")
AGAIN_OUTSIDE: Final = Code("CF218", _ERROR, "`again` outside a menu")
NEVER_USED: Final = Code("CF219", _WARNING, "declared and never used")

UNKNOWN_LIST: Final = Code("CF220", _ERROR, "unknown list")
UNKNOWN_FUNCTION: Final = Code("CF221", _ERROR, "unknown function")
NO_GROUP: Final = Code("CF222", _ERROR, "a group is needed")
RUNS_ITSELF: Final = Code("CF223", _ERROR, "a flow runs itself")
NO_IMPORT: Final = Code("CF224", _ERROR, "a file to import is missing")
IMPORT_OUTSIDE: Final = Code("CF225", _ERROR, "a file to import lies outside the scheme's folder")
IMPORT_CIRCLE: Final = Code("CF226", _ERROR, "files import each other in a circle")
NO_FUNCTION_TO_RETURN: Final = Code("CF227", _WARNING, "`return` in a flow that nothing runs")

TYPES_DIFFER: Final = Code("CF301", _ERROR, "values of these types are never equal")
NO_TRUTH: Final = Code("CF302", _ERROR, "a condition is neither true nor false")
NO_NUMBER: Final = Code("CF303", _ERROR, "a number is needed")
NO_TEXT: Final = Code("CF304", _ERROR, "a text is needed")
UNKNOWN_TIMEZONE: Final = Code("CF305", _ERROR, "unknown time zone")
UNKNOWN_REGION: Final = Code("CF306", _ERROR, "unknown region")
NO_ADDRESS: Final = Code("CF309", _ERROR, "not an address")
NO_PHONE_NUMBER: Final = Code("CF310", _ERROR, "not a phone number")
NO_KEY: Final = Code("CF311", _ERROR, "not a key of a phone")
DURATION_OUT_OF_RANGE: Final = Code("CF312", _ERROR, "a duration is out of range")
COUNT_OUT_OF_RANGE: Final = Code("CF313", _ERROR, "a number is out of range")
NO_SOUND: Final = Code("CF314", _ERROR, "a sound file is missing")
SOUND_REFUSED: Final = Code("CF315", _ERROR, "a sound file cannot be played")
SOUND_OUTSIDE: Final = Code("CF316", _ERROR, "a sound file lies outside the scheme's folder")
PROMPT_LACKS_LANGUAGE: Final = Code("CF317", _WARNING, "a prompt lacks a language")
NOTHING_TO_HEAR: Final = Code("CF318", _ERROR, "nothing to hear")
NO_EXTENSIONS: Final = Code("CF319", _ERROR, "nobody has an extension")
FILLED_IN: Final = Code("CF320", _ERROR, "a value is filled in where it cannot be")
NOTHING_TO_PRESS: Final = Code("CF321", _ERROR, "a menu offers nothing")
SHARED_PAUSE: Final = Code("CF323", _WARNING, "a key has to wait for a longer choice")
NOT_HERE: Final = Code("CF330", _ERROR, "a statement has no place in this block")
NOBODY_IN_GROUP: Final = Code("CF331", _ERROR, "nobody is in a group")
SHARES_UNEVEN: Final = Code("CF332", _ERROR, "shares that do not make 100 percent")
SECRET_TOLD: Final = Code("CF333", _ERROR, "secret digits would be told")
RECORD_AS_VALUE: Final = Code("CF334", _ERROR, "a record is no value")
WRONG_ARGUMENT: Final = Code("CF335", _ERROR, "a function takes something else")
NO_HEADER: Final = Code("CF336", _ERROR, "a header that cannot be read")
CALLBACK_NOWHERE: Final = Code("CF337", _ERROR, "nobody is to call back")
NO_URL: Final = Code("CF338", _ERROR, "not an address of the web")
NOTHING_TO_MATCH: Final = Code("CF339", _ERROR, "nothing to choose from")
ROOM_NAMELESS: Final = Code("CF340", _ERROR, "a conference without a name or a pin")
NO_TIME_OF_DAY: Final = Code("CF341", _ERROR, "not a time of day")
NEVER_MATCHES: Final = Code("CF342", _ERROR, "a pattern that no digits fit")
NOT_DIALLABLE: Final = Code("CF343", _WARNING, "a number that nobody can have")
RING_OVER_BEFORE: Final = Code("CF344", _WARNING, "a time that never comes")
NOT_SAID_IN: Final = Code("CF345", _WARNING, "a language that values are not said in")


def unknown_flow(span: Span, name: str, known: Sequence[str]) -> Diagnostic:
    """Return the problem of a `goto` to a flow that is not there."""
    return _unknown(UNKNOWN_FLOW, "flow", span, name, known, f"declare it: `flow {name} {{ … }}`")


def unknown_agent(span: Span, name: str, known: Sequence[str]) -> Diagnostic:
    """Return the problem of a group's member who is not there."""
    return _unknown(UNKNOWN_AGENT, "agent", span, name, known, f'declare it: `agent {name} "sip:…"`')


def group_as_member(span: Span, name: str) -> Diagnostic:
    """Return the problem of a group in a group."""
    return Diagnostic(UNKNOWN_AGENT, f"`{name}` is a group and no agent", span, help="name its agents")


def unknown_target(span: Span, name: str, known: Sequence[str]) -> Diagnostic:
    """Return the problem of a connection to nobody."""
    return _unknown(UNKNOWN_TARGET, "agent or group", span, name, known, f'declare it: `agent {name} "sip:…"`')


def unknown_prompt(span: Span, name: str, known: Sequence[str]) -> Diagnostic:
    """Return the problem of a prompt that is not there."""
    return _unknown(UNKNOWN_PROMPT, "prompt", span, name, known, f'declare it: `prompt {name} "…"`')


def unknown_schedule(span: Span, name: str, known: Sequence[str]) -> Diagnostic:
    """Return the problem of a schedule that is not there."""
    declared = f'declare it: `schedule {name} "Mo-Fr 09:00-18:00"`'
    return _unknown(UNKNOWN_SCHEDULE, "schedule", span, name, known, declared)


def unknown_box(span: Span, name: str, known: Sequence[str]) -> Diagnostic:
    """Return the problem of a message for nobody who is there."""
    otherwise = f'put the name of a box in quotes: `"{name}"`'
    problem = _unknown(UNKNOWN_TARGET, "agent or group", span, name, known, otherwise)
    boxed = fixed("put it in quotes", span, f'"{name}"', safe=False) if problem.help == otherwise else ()
    return attrs.evolve(problem, fixes=problem.fixes or boxed)


def nameless_box(span: Span, name: str) -> Diagnostic:
    """Return the problem of a message for nobody, or for a name that nobody can read."""
    has = "has characters that cannot be seen in its name" if name.strip() else "has no name"
    return Diagnostic(UNKNOWN_TARGET, f"this box {has}", span, help="name an agent, a group or a box")


def schedule_as_value(span: Span, name: str) -> Diagnostic:
    """Return the problem of a schedule that stands where a value does."""
    return Diagnostic(UNKNOWN_NAME, f"`{name}` is a schedule and no value", span,
                      help=f"write `{name} open` or `{name} closed`")  # fmt: skip


def unknown_name(span: Span, name: str, known: Sequence[str]) -> Diagnostic:
    """Return the problem of a value that nobody gave."""
    return _unknown(UNKNOWN_NAME, "name", span, name, known, f"known are {listed_some(known[::-1])}")  # own ones first


def _unknown(code: Code, kind: str, span: Span, name: str, known: Sequence[str], otherwise: str) -> Diagnostic:
    help_, near = did_you_mean(name, known, otherwise), one_slip_from(name, known)
    if name in STATEMENTS:  # line ends count for nothing, so that the next statement is taken for what is missing
        help_, near = f"name the {kind} before the statement `{name}`", None
    fixes = fixed(f"write `{near}`", span, near, safe=False) if near else ()
    return Diagnostic(code, f"unknown {kind} `{name}`", span, help=help_, fixes=fixes)


def declared_twice(span: Span, first: Span, kind: str, name: str) -> Diagnostic:
    """Return the problem of two declarations of one name."""
    return Diagnostic(DECLARED_TWICE, f"the {kind} `{name}` is declared twice", span, "second declaration",
                      (Label(first, "first declared here"),), help="rename one of them")  # fmt: skip


def said_twice(span: Span, first: Span, word: str) -> Diagnostic:
    """Return the problem of a line of the header that stands twice."""
    return Diagnostic(SAID_TWICE, f"`{word}` is said twice", span, labels=(Label(first, "first said here"),),
                      help="remove one of them")  # fmt: skip


def no_start() -> Diagnostic:
    """Return the problem of a scheme that no call can enter."""
    return Diagnostic(NO_START, "there is no `start`", Span(0, 0), notes=("no call can enter this scheme",),
                      help="add `start { … }`")  # fmt: skip


def known_name_set(span: Span, name: str, what: str) -> Diagnostic:
    """Return the problem of setting what the call or the scheme gives."""
    return Diagnostic(KNOWN_NAME_SET, f"`{name}` is {what} and cannot be set", span, help="choose another name")


def unknown_language(span: Span, tag: str, known: Sequence[str]) -> Diagnostic:
    """Return the problem of a language that the header does not name."""
    added = f"use {listed(known)}, or add it to the header: `language {', '.join([*known, tag])}`"
    return Diagnostic(
        UNKNOWN_LANGUAGE, f"the scheme does not speak `{tag}`", span, help=did_you_mean(tag, known, added)
    )


def key_twice(span: Span, first: Span, key: str) -> Diagnostic:
    """Return the problem of a key with two choices."""
    return Diagnostic(KEY_TWICE, f"the key `{key}` leads two ways", span, labels=(Label(first, "first used here"),),
                      help="remove one of them")  # fmt: skip


def key_hides_extension(span: Span, extension: Span, key: str) -> Diagnostic:
    """Return the problem of a key that is somebody's extension too."""
    return Diagnostic(KEY_TWICE, f"the key `{key}` leads two ways", span,
                      labels=(Label(extension, "also an extension"),),
                      notes=("the extension cannot be dialled in this menu",),
                      help="choose another key, or another extension")  # fmt: skip


def clause_twice(span: Span, first: Span, name: str, help_: str = "put both into one block") -> Diagnostic:
    """Return the problem of a clause that stands twice."""
    return Diagnostic(CLAUSE_TWICE, f"`{name}` stands twice", span, labels=(Label(first, "first stands here"),),
                      help=help_)  # fmt: skip


def nothing_left(span: Span) -> Diagnostic:
    """Return the problem of an `otherwise` beside clauses for all that it could mean."""
    return Diagnostic(CLAUSE_TWICE, "`otherwise silence` and `otherwise invalid` leave nothing for `otherwise`", span,
                      help="remove one of them")  # fmt: skip


def option_twice(span: Span, first: Span, name: str) -> Diagnostic:
    """Return the problem of an option that stands twice."""
    return Diagnostic(OPTION_TWICE, f"`{name}` stands twice", span, labels=(Label(first, "first stands here"),),
                      help="remove one of them")  # fmt: skip


def extension_twice(span: Span, first: Span, number: str) -> Diagnostic:
    """Return the problem of one extension for two agents."""
    return Diagnostic(EXTENSION_TWICE, f"two agents have the extension `{number}`", span,
                      labels=(Label(first, "first given here"),), help="give one of them another")  # fmt: skip


def number_twice(span: Span, first: Span, number: str) -> Diagnostic:
    """Return the problem of a number with two flows."""
    return Diagnostic(NUMBER_TWICE, f"the number `{number}` leads two ways", span,
                      labels=(Label(first, "first led here"),), help="remove one of them")  # fmt: skip


def member_twice(span: Span, first: Span, name: str) -> Diagnostic:
    """Return the problem of an agent whom a group names twice."""
    return Diagnostic(MEMBER_TWICE, f"`{name}` is twice in this group", span,
                      labels=(Label(first, "first named here"),), help="remove one of them")  # fmt: skip


def again_outside(span: Span) -> Diagnostic:
    """Return the problem of an `again` that no menu surrounds."""
    return Diagnostic(AGAIN_OUTSIDE, "`again` stands outside every menu", span,
                      help="use `goto` with the flow to begin anew")  # fmt: skip


def again_afterwards(span: Span) -> Diagnostic:
    """Return the problem of an `again` where the tries of its menu are used up."""
    return Diagnostic(AGAIN_OUTSIDE, "`again` in `otherwise` comes when the tries are used up", span,
                      help="add to `tries`, or use `goto` with the flow to begin anew")  # fmt: skip


def never_used(span: Span, kind: str, name: str) -> Diagnostic:
    """Return the problem of a declaration that nothing uses."""
    return Diagnostic(NEVER_USED, f"the {kind} `{name}` is never used", span, help="use it or remove it")


def types_differ(span: Span, left: str, right: str, number: Whole | None, *, negated: bool) -> Diagnostic:
    """Return the problem of a comparison that is always the same; `number` is what wants quotes."""
    always = "true" if negated else "false"
    quoted = f'"{number.written}"' if number else ""
    return Diagnostic(TYPES_DIFFER, f"a {left} never equals a {right}", span, f"always {always}",
                      help=f"put the number in quotes: `{quoted}`" if number else "",
                      fixes=fixed("put it in quotes", number.span, quoted, safe=True) if number else ())  # fmt: skip


def no_truth(span: Span, kind: str) -> Diagnostic:
    """Return the problem of a condition that is no condition."""
    return Diagnostic(NO_TRUTH, f"this is a {kind}, neither true nor false", span,
                      help=f"compare it with another {kind}")  # fmt: skip


def no_number(span: Span, op: str, kind: str) -> Diagnostic:
    """Return the problem of reckoning with what is no number."""
    help_ = ""
    if "text" in kind or "phone" in kind:
        help_ = "texts are compared by `==`, `in` or `matches`"
        if op == "+":
            help_ = 'texts are joined in one text: `"{caller.name}, hello"`'
    return Diagnostic(NO_NUMBER, f"`{op}` needs numbers or durations, this is a {kind}", span, help=help_)


def units_differ(span: Span, op: str) -> Diagnostic:
    """Return the problem of reckoning with a number and a duration."""
    return Diagnostic(NO_NUMBER, f"`{op}` takes two numbers or two durations, not one of each", span,
                      help="write the number with its unit: `20s`")  # fmt: skip


def no_text(span: Span, op: str, kind: str) -> Diagnostic:
    """Return the problem of matching what is no text."""
    return Diagnostic(NO_TEXT, f"`{op}` needs a text, this is a {kind}", span, help="compare it by `==`")


def unknown_timezone(span: Span, name: str, near: Sequence[str]) -> Diagnostic:
    """Return the problem of a time zone that does not exist."""
    help_ = f"did you mean {listed(near)}?" if near else 'use an IANA name such as `"Europe/Berlin"`'
    message = f"unknown time zone {shown(name)}" if name.strip() else "this time zone has no name"
    only = near[0] if len(near) == 1 else ""
    fixes = fixed(f'write `"{only}"`', span, f'"{only}"', safe=only.lower() == name.lower()) if only else ()
    return Diagnostic(UNKNOWN_TIMEZONE, message, span, help=help_, fixes=fixes)


def unknown_region(span: Span, code: str, near: Sequence[str]) -> Diagnostic:
    """Return the problem of a region that does not exist."""
    help_ = f"did you mean {listed(near)}?" if near else "use ISO 3166 codes such as `DE` or `DE-BY`"
    only = near[0] if len(near) == 1 else ""
    fixes = fixed(f"write `{only}`", span, only, safe=only == code.upper()) if only else ()
    return Diagnostic(UNKNOWN_REGION, f"unknown region `{code}`", span, help=help_, fixes=fixes)


def no_address(span: Span, text: str) -> Diagnostic:
    """Return the problem of what nobody can dial."""
    bare = "".join(char for char in text if char not in " -./()")
    meant = f"tel:{bare}" if _DIGITS.fullmatch(bare) else f"sip:{text}" if _ACCOUNT.fullmatch(text) else ""
    return Diagnostic(NO_ADDRESS, f"{shown(text)} is no address", span,
                      help=f"write `{meant or 'sip:anna@pbx.example'}`" + ("" if meant else " or `tel:+74951234567`"),
                      fixes=fixed(f'write `"{meant}"`', span, f'"{meant}"', safe=True) if meant else ())  # fmt: skip


def no_phone_number(span: Span, text: str) -> Diagnostic:
    """Return the problem of what is no number."""
    return Diagnostic(NO_PHONE_NUMBER, f"{shown(text)} is no phone number", span,
                      help="write it with its country: `+49 30 1234567`")  # fmt: skip


def no_key(span: Span, text: str) -> Diagnostic:
    """Return the problem of what is on no phone."""
    return Diagnostic(NO_KEY, f"{shown(text)} is on no phone", span, help='keys are `0` to `9`, `*` and `"#"`')


def one_key_only(span: Span, text: str) -> Diagnostic:
    """Return the problem of several keys where one is taken at once."""
    return Diagnostic(NO_KEY, f"{shown(text)} is more than one key", span,
                      notes=("while a phone rings, every key counts by itself",),
                      help="choose one key, or offer a `menu`")  # fmt: skip


def duration_out_of_range(span: Span, word: str, least: str, most: str) -> Diagnostic:
    """Return the problem of a length of time that makes no sense."""
    return Diagnostic(DURATION_OUT_OF_RANGE, f"`{word}` takes from {least} to {most}", span)


def count_out_of_range(span: Span, word: str, most: int) -> Diagnostic:
    """Return the problem of a count that makes no sense."""
    return Diagnostic(COUNT_OUT_OF_RANGE, f"`{word}` takes from 1 to {most}", span)


def too_many_keys(span: Span, word: str) -> Diagnostic:
    """Return the problem of a choice or an extension that nobody would dial."""
    return Diagnostic(COUNT_OUT_OF_RANGE, f"`{word}` takes from 1 to {KEYS_MAX} keys", span)


def number_too_long(span: Span) -> Diagnostic:
    """Return the problem of a number that is out of all reckoning."""
    quotes = ((Span(span.start, span.start), '"'), (Span(span.end, span.end), '"'))
    return Diagnostic(COUNT_OUT_OF_RANGE, f"a number has at most {NUMBER_DIGITS_MAX} digits", span,
                      help="put a phone number in quotes",
                      fixes=(Fix("put it in quotes", quotes, safe=False),))  # fmt: skip


def no_sound(span: Span, file: str) -> Diagnostic:
    """Return the problem of a sound file that is not there."""
    return Diagnostic(NO_SOUND, f"there is no sound file {shown(file)}", span,
                      help="put it into the scheme's folder, or write its path from there")  # fmt: skip


def nameless_sound(span: Span, file: str) -> Diagnostic:
    """Return the problem of a sound file that has no name, or one that nobody can read."""
    has = "has characters that cannot be seen in its path" if file.strip() else "has no name"
    return Diagnostic(NO_SOUND, f"this sound file {has}", span, help="write its path from the scheme's folder")


def sound_refused(span: Span, file: str, reason: str) -> Diagnostic:
    """Return the problem of a sound file that the endpoint cannot play."""
    return Diagnostic(SOUND_REFUSED, f"{shown(file)} cannot be played: {reason}", span,
                      help="convert it to WAV, 16 bit, mono, 8 kHz")  # fmt: skip


def sound_outside(span: Span, file: str) -> Diagnostic:
    """Return the problem of a path that leaves the scheme's folder."""
    return Diagnostic(SOUND_OUTSIDE, f"{shown(file)} lies outside the scheme's folder", span,
                      help="move it beside the scheme")  # fmt: skip


def prompt_lacks_language(span: Span, name: str, missing: Sequence[str], spoken: str, *, braces: bool) -> Diagnostic:
    """Return the problem of a prompt that is not in every language of the scheme."""
    these = "that language" if len(missing) == 1 else "those languages"
    entries = " ".join(f'{tag} "…"' for tag in missing)
    return Diagnostic(PROMPT_LACKS_LANGUAGE, f"the prompt `{name}` lacks {listed(missing, 'and')}", span,
                      notes=(f"callers of {these} hear it in `{spoken}`",),
                      help=f"add `{entries}`" if braces else f'write `{{ {spoken} "…" {entries} }}`')  # fmt: skip


def nothing_to_hear(span: Span, what: str, otherwise: str = "") -> Diagnostic:
    """Return the problem of silence where something should be heard."""
    return Diagnostic(NOTHING_TO_HEAR, f"{what} says nothing", span, help=f"write what it says{otherwise}")


def no_extensions(span: Span) -> Diagnostic:
    """Return the problem of dialling extensions that nobody has."""
    return Diagnostic(NO_EXTENSIONS, "no agent has an extension", span,
                      help='give one: `agent anna "sip:…" extension 101`')  # fmt: skip


def filled_in(span: Span, what: str) -> Diagnostic:
    """Return the problem of a value in a text that must be known beforehand."""
    return Diagnostic(FILLED_IN, f"{what} cannot have values filled in", span, help="write it out")


def nothing_to_press(span: Span) -> Diagnostic:
    """Return the problem of a menu without choices."""
    return Diagnostic(NOTHING_TO_PRESS, "this menu offers nothing to press", span, help="add `press 1 …`")


def shared_pause(span: Span, key: str, longer: str, other: Span, seconds: str) -> Diagnostic:
    """Return the problem of a choice that another one begins with."""
    return Diagnostic(SHARED_PAUSE, f"`{key}` is also the beginning of `{longer}`", span,
                      labels=(Label(other, "the longer one"),),
                      notes=(f"a caller who presses `{key}` hears nothing for {seconds}, unless they press `#` too",),
                      help="give one of them another first digit, or shorten `pause`")  # fmt: skip


def extensions_share(span: Span, number: str, longer: str, other: Span) -> Diagnostic:
    """Return the problem of an extension that another one begins with."""
    return Diagnostic(SHARED_PAUSE, f"the extension `{number}` is also the beginning of `{longer}`", span,
                      labels=(Label(other, "the longer one"),),
                      notes=(f"a caller who dials `{number}` hears nothing for a while, unless they press `#` too",),
                      help="give one of them another first digit")  # fmt: skip


def unknown_list(span: Span, name: str, known: Sequence[str]) -> Diagnostic:
    """Return the problem of a list that is not declared."""
    return _unknown(UNKNOWN_LIST, "list", span, name, known, f'declare it: `list {name} "+4917*"`')


def unknown_function(span: Span, name: str, known: Sequence[str]) -> Diagnostic:
    """Return the problem of a function that does not exist."""
    return _unknown(UNKNOWN_FUNCTION, "function", span, name, known, f"known are {listed(known, 'and')}")


def no_group(span: Span, name: str, known: Sequence[str], *, agent: bool) -> Diagnostic:
    """Return the problem of a queue for what is no group."""
    if agent:
        return Diagnostic(NO_GROUP, f"`{name}` is an agent, and a queue is a group's", span,
                          help=f"declare a group of one: `group {name}_line {name}`")  # fmt: skip
    return _unknown(NO_GROUP, "group", span, name, known, f"declare it: `group {name} …`")


def runs_itself(span: Span, name: str, through: Sequence[str]) -> Diagnostic:
    """Return the problem of a flow that comes back to itself by `run`; `through` are the flows between."""
    way = f", through {listed(through, 'and')}" if through else ""
    return Diagnostic(RUNS_ITSELF, f"the flow `{name}` runs itself{way}", span,
                      help="use `goto` to begin it anew, or `repeat`")  # fmt: skip


def runs_too_deep(span: Span, most: int) -> Diagnostic:
    """Return the problem of flows that run flows that run flows."""
    return Diagnostic(RUNS_ITSELF, f"flows run each other more than {most} deep", span, help="join some of them")


def no_import(span: Span, path: str, reason: str) -> Diagnostic:
    """Return the problem of a file that cannot be taken in."""
    return Diagnostic(NO_IMPORT, f"{shown(path)} cannot be imported: {reason}", span,
                      help="write the path from the folder of the scheme")  # fmt: skip


def import_outside(span: Span, path: str) -> Diagnostic:
    """Return the problem of a file that does not belong to the scheme."""
    return Diagnostic(IMPORT_OUTSIDE, f"{shown(path)} lies outside the scheme's folder", span,
                      help="move it beside the scheme")  # fmt: skip


def import_circle(span: Span, path: str) -> Diagnostic:
    """Return the problem of a file that imports itself."""
    return Diagnostic(IMPORT_CIRCLE, f"{shown(path)} imports this file", span, help="remove one of the imports")


def return_not_run(span: Span, flow: str) -> Diagnostic:
    """Return the problem of a `return` that leads nowhere."""
    return Diagnostic(NO_FUNCTION_TO_RETURN, f"nothing runs `{flow}`, so there is nowhere to return to", span,
                      notes=("the call ends here",), help=f"enter it by `run {flow}`, or write `hangup`")  # fmt: skip


def not_here(span: Span, word: str, block: str) -> Diagnostic:
    """Return the problem of a statement that needs a caller where none is, or time where there is none."""
    note = {
        "hangup": "the caller is gone when `on hangup` runs",
        "limit": "the call has used up what it may use when `on limit` runs",
        "trouble": "something of the host's has failed when `on trouble` runs",
    }[block]
    return Diagnostic(NOT_HERE, f"`{word}` cannot stand in `on {block}`", span, notes=(note,))


def nobody_in_group(span: Span, name: str, skill: str) -> Diagnostic:
    """Return the problem of a group that no call can be given to."""
    if skill:
        return Diagnostic(NOBODY_IN_GROUP, f"nobody in the group `{name}` has the skill `{skill}`", span,
                          help=f'give it to an agent: `agent anna "sip:…" skills {skill}`')  # fmt: skip
    return Diagnostic(NOBODY_IN_GROUP, f"nobody is in the group `{name}`", span, help="name its agents")


def shares_uneven(span: Span, total: int, *, rest: bool) -> Diagnostic:
    """Return the problem of a split that is not whole."""
    if rest:
        return Diagnostic(SHARES_UNEVEN, f"the shares make {total} percent and leave nothing for `otherwise`", span,
                          help="lower a share, or remove `otherwise`")  # fmt: skip
    return Diagnostic(SHARES_UNEVEN, f"the shares make {total} percent", span,
                      help="make them 100" + ("" if total > 100 else ", or add `otherwise …` for the rest"))  # noqa: PLR2004  # fmt: skip


def secret_told(span: Span, name: str, where: str) -> Diagnostic:
    """Return the problem of digits that were asked for as a secret and get out."""
    return Diagnostic(SECRET_TOLD, f"`{name}` is secret and would reach {where}", span,
                      help="send it in `post { … }` of a `fetch` over https, or not at all")  # fmt: skip


def record_as_value(span: Span, name: str) -> Diagnostic:
    """Return the problem of a record where one of its fields is meant."""
    return Diagnostic(RECORD_AS_VALUE, f"`{name}` is a record and no value", span,
                      help=f"name one of its fields: `{name}.tier`")  # fmt: skip


def wrong_arguments(span: Span, name: str, usage: str) -> Diagnostic:
    """Return the problem of too many arguments or too few."""
    return Diagnostic(WRONG_ARGUMENT, f"`{name}` takes other arguments", span, help=f"write `{usage}`")


def wrong_argument(span: Span, name: str, kind: str, wanted: str) -> Diagnostic:
    """Return the problem of an argument of another kind."""
    return Diagnostic(WRONG_ARGUMENT, f"`{name}` takes a {wanted}, this is a {kind}", span)


def no_header(span: Span, text: str) -> Diagnostic:
    """Return the problem of a header that is not for schemes."""
    return Diagnostic(NO_HEADER, f"the header {shown(text)} cannot be read", span,
                      help="headers that begin with `X-` can")  # fmt: skip


def no_currency(span: Span, text: str) -> Diagnostic:
    """Return the problem of a currency that is none."""
    return Diagnostic(WRONG_ARGUMENT, f"{shown(text)} is no currency", span,
                      help="use ISO 4217 codes such as `EUR`")  # fmt: skip


def callback_nowhere(span: Span) -> Diagnostic:
    """Return the problem of a wish to be called back that nobody gets."""
    return Diagnostic(CALLBACK_NOWHERE, "nobody is named who calls back", span,
                      help="name a group: `callback sales`")  # fmt: skip


def no_url(span: Span, text: str) -> Diagnostic:
    """Return the problem of an address that cannot be fetched from."""
    return Diagnostic(NO_URL, f"{shown(text)} is no address of the web", span,
                      help="begin it with `https://` and a host that is written out")  # fmt: skip


def nothing_to_match(span: Span, word: str) -> Diagnostic:
    """Return the problem of a choice without choices."""
    example = '`"gold" goto vip_line`' if word == "match" else "`80% goto one_line`"
    return Diagnostic(NOTHING_TO_MATCH, f"this `{word}` has nothing to choose from", span, help=f"add {example}")


def nameless_room(span: Span) -> Diagnostic:
    """Return the problem of a room that cannot be told from others."""
    return Diagnostic(ROOM_NAMELESS, "this conference has no name", span, help='name it: `conference "team"`')


def no_pin(span: Span, most: int) -> Diagnostic:
    """Return the problem of a pin that cannot be typed."""
    return Diagnostic(ROOM_NAMELESS, f"a pin has 1 to {most} digits", span)


def no_time_of_day(span: Span) -> Diagnostic:
    """Return the problem of a time that no clock shows."""
    return Diagnostic(NO_TIME_OF_DAY, "this is no time of day", span, help="write it from `00:00` to `23:59`")


def never_matches(span: Span, pattern: str, least: int, most: int) -> Diagnostic:
    """Return the problem of digits that are refused whatever is typed."""
    count = f"{least}" if least == most else f"{least} to {most}"
    return Diagnostic(NEVER_MATCHES, f"no {count} digits fit {shown(pattern)}", span,
                      help="`*` stands for any digits, `?` for one")  # fmt: skip


def not_diallable(span: Span, number: str) -> Diagnostic:
    """Return the problem of a number that the numbering plan does not have."""
    return Diagnostic(NOT_DIALLABLE, f"nobody can have the number {shown(number)}", span,
                      help="look whether a digit is missing")  # fmt: skip


def never_comes(span: Span, word: str, time: str, limit: str) -> Diagnostic:
    """Return the problem of a time that lies behind the end of what it belongs to."""
    return Diagnostic(RING_OVER_BEFORE, f"`{word} {time}` never comes, it is over after {limit}", span,
                      help=f"shorten it, or write a longer `for` than {limit}")  # fmt: skip


def not_said_in(span: Span, tag: str) -> Diagnostic:
    """Return the problem of numbers and times for callers whose language has no words for them here."""
    return Diagnostic(NOT_SAID_IN, f"values are not said in `{tag}`", span,
                      notes=(f"callers of `{tag}` hear numbers, digits and times in English",),
                      help=f"leave values out of texts, or use {listed(LANGUAGES)}")  # fmt: skip
