"""What can be wrong with the names (CF2xx) and the values (CF3xx) of a scheme."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import attrs

from callflow.diagnostic import Code, Diagnostic, Fix, Label, Severity, fixed
from callflow.limits import KEYS_MAX, NUMBER_DIGITS_MAX
from callflow.source import Span
from callflow.syntax.tree import Whole
from callflow.syntax.unexpected import STATEMENTS
from callflow.words import did_you_mean, listed, one_slip_from, shown

if TYPE_CHECKING:
    from datetime import datetime

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

TYPES_DIFFER: Final = Code("CF301", _ERROR, "values of these types are never equal")
NO_TRUTH: Final = Code("CF302", _ERROR, "a condition is neither true nor false")
NO_NUMBER: Final = Code("CF303", _ERROR, "a number is needed")
NO_TEXT: Final = Code("CF304", _ERROR, "a text is needed")
UNKNOWN_TIMEZONE: Final = Code("CF305", _ERROR, "unknown time zone")
UNKNOWN_REGION: Final = Code("CF306", _ERROR, "unknown region")
HOURS_UNCLEAR: Final = Code("CF307", _ERROR, "opening hours cannot be understood")
NO_TIMEZONE: Final = Code("CF308", _ERROR, "a schedule without a time zone")
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
NEVER_OPEN: Final = Code("CF322", _WARNING, "a schedule never changes")
SHARED_PAUSE: Final = Code("CF323", _WARNING, "a key has to wait for a longer choice")
RULE_HIDDEN: Final = Code("CF324", _WARNING, "a rule of a schedule is replaced by a later one")
FEW_MINUTES: Final = Code("CF325", _WARNING, "hours or a pause of a few minutes")
HOURS_VANISH: Final = Code("CF326", _WARNING, "the clock leaps over opening hours")
MINUTE_LOST: Final = Code("CF327", _WARNING, "hours end a minute early")


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


def nameless_box(span: Span) -> Diagnostic:
    """Return the problem of a message for nobody."""
    return Diagnostic(UNKNOWN_TARGET, "this box has no name", span, help="name an agent, a group or a box")


def schedule_as_value(span: Span, name: str) -> Diagnostic:
    """Return the problem of a schedule that stands where a value does."""
    return Diagnostic(UNKNOWN_NAME, f"`{name}` is a schedule and no value", span,
                      help=f"write `{name} open` or `{name} closed`")  # fmt: skip


def unknown_name(span: Span, name: str, known: Sequence[str]) -> Diagnostic:
    """Return the problem of a value that nobody gave."""
    return _unknown(UNKNOWN_NAME, "name", span, name, known, f"known are {listed(known, 'and')}")


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


def hours_unclear(span: Span, message: str, help_: str) -> Diagnostic:
    """Return the problem of opening hours that the almanac refused, in its words."""
    otherwise = "write them as on a map: `Mo-Fr 09:00-18:00; Sa 10:00-14:00`"
    return Diagnostic(HOURS_UNCLEAR, message, span, help=help_ or otherwise)


def no_timezone(span: Span, name: str) -> Diagnostic:
    """Return the problem of hours of nowhere."""
    return Diagnostic(NO_TIMEZONE, f"the schedule `{name}` has no time zone", span,
                      help='add `timezone "Europe/Berlin"` to the header')  # fmt: skip


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


def never_changes(span: Span, name: str, *, is_open: bool) -> Diagnostic:
    """Return the problem of hours that are always or never open."""
    always, changes = ("always", "closes") if is_open else ("never", "opens")
    return Diagnostic(NEVER_OPEN, f"the schedule `{name}` is {always} open", span,
                      help=f"write when it {changes}, or remove it")  # fmt: skip


def rule_hidden(span: Span, rule: str, other: Span, by: str, days: str) -> Diagnostic:
    """Return the problem of a rule of opening hours that a later one replaces, everywhere or on some days."""
    exception = f"write the exception last: `{by}; {rule}`"
    return Diagnostic(RULE_HIDDEN, f"`{rule}` has no effect{f' on `{days}`' if days else ''}", span,
                      labels=(Label(other, "replaces it"),),
                      notes=("on its days a rule replaces the ones before it",),
                      help=exception if days else "remove it, write it last, or add to it with `,`")  # fmt: skip


def few_minutes(span: Span, minutes: int, *, pause: bool) -> Diagnostic:
    """Return the problem of hours that are over soon, or that nearly meet."""
    what = f"{minutes} minute{'' if minutes == 1 else 's'}"
    message = f"between these hours it is closed for {what}" if pause else f"these hours last {what}"
    return Diagnostic(FEW_MINUTES, message, span, help="begin where the others end" if pause else "write a later end")


def hours_vanish(span: Span, hours: str, leap: "datetime", onto: "datetime") -> Diagnostic:
    """Return the problem of hours that a clock leaps over."""
    return Diagnostic(HOURS_VANISH, f"`{hours}` does not come when the clock is put forward", span,
                      notes=(f"on {leap:%Y-%m-%d} the clock goes from {leap:%H:%M} to {onto:%H:%M}",),
                      help=f"begin before {leap:%H:%M} or end after {onto:%H:%M}")  # fmt: skip


def minute_lost(span: Span, last: str, full: str, *, exact: bool) -> Diagnostic:
    """Return the problem of an end that was meant to be part of the hours. `exact`: the span is that of the time."""
    return Diagnostic(MINUTE_LOST, f"these hours are over at `{last}`, a minute before `{full}`", span,
                      notes=("the end is not part of the hours",),
                      help=f"write `{full}`",
                      fixes=fixed(f"write `{full}`", span, full, safe=False) if exact else ())  # fmt: skip


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
