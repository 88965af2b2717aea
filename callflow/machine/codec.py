"""The machine as a file of JSON, and back: from anybody, so everything that the engine relies on is checked here.

What it looks like is in `encode`; here are the number of the format, its layout, and what a machine may refer to.
Nothing is opened or executed.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, cast

import attrs

from callflow import limits
from callflow.machine import model
from callflow.machine.encode import Json, Misfit, parse, read, shown, write
from callflow.machine.exits import exits
from callflow.machine.inside import objects, scalars
from callflow.machine.model import BEEP, HANDLERS, MUSIC, RINGBACK, Collecting, Machine, Menu, Repass

FORMAT: Final = 1
"""Counts up when a machine of before can no longer be read. A field with a default is no such change."""

FILE_CHARS_MAX: Final = 16 * 2**20
"""A whole file. The largest scheme, of nothing but values, becomes some 4 MiB; a usual one 10 KiB."""

WAIT_MS_MIN: Final = 100
"""The shortest time in a scheme. Without one a circle of waits would stand still in virtual time."""

_LINE_CHARS: Final = 110
_LINES_DEPTH: Final = 8
"""From here on everything is on one line; else the margins of a deep expression would be most of the file."""

_FORMAT_KEY: Final = "format"
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_TAG: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_NUMBER: Final = re.compile(r"\+?[0-9]+")
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_KEYS: Final = re.compile(r"[0-9*#]+")
_ADDRESS: Final = re.compile(r"(sips?|tel):[^\s<>\"\x00-\x1f\x7f]+")
_WHOLE: Final = 100
_COMPARISONS: Final = ("==", "!=", "<", "<=", ">", ">=")
_SUMS: Final = ("+", "-", "*")


class MachineRefused(ValueError):
    """A text that is no machine of this format, or one that could not run: why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def to_json(machine: Machine) -> str:
    """Return a machine as JSON: its tables by name, its states in their order, short things on one line."""
    data = cast("dict[str, Json]", write(Machine, machine))
    for name, value in data.items():
        if isinstance(value, dict):
            data[name] = dict(sorted(value.items()))
    return _laid_out({_FORMAT_KEY: FORMAT, **data}, 0) + "\n"


def from_json(text: str) -> Machine:
    """Return the machine of a text that anybody may have written. Raises MachineRefused."""
    if len(text) > FILE_CHARS_MAX:
        raise MachineRefused(f"the file has {len(text)} characters, the limit is {FILE_CHARS_MAX}")
    try:
        machine: Machine = read(Machine, _body(parse(text)))
    except Misfit as misfit:
        raise MachineRefused(str(misfit)) from None
    for place, reason in _Inspection(machine).complaints():
        raise MachineRefused(f"`{place}`: {reason}")
    return machine


def _body(data: Json) -> Json:
    """Return what is a machine, without the number of its format."""
    if not isinstance(data, dict) or _FORMAT_KEY not in data:
        raise Misfit("no machine: it begins with no `format`")
    told = data[_FORMAT_KEY]
    if type(told) is not int or told != FORMAT:
        raise Misfit(f"the machine has format {json.dumps(told)[:20]}; this version of Callflow reads format {FORMAT}")
    return {key: value for key, value in data.items() if key != _FORMAT_KEY}


def _laid_out(value: Json, depth: int) -> str:
    """Return JSON with every list and object on one line if it fits there."""
    if isinstance(value, dict):
        parts = [f"{json.dumps(key, ensure_ascii=False)}: {_laid_out(one, depth + 1)}" for key, one in value.items()]
        opening, closing = "{", "}"
    elif isinstance(value, list):
        parts = [_laid_out(one, depth + 1) for one in value]
        opening, closing = "[", "]"
    else:
        return json.dumps(value, ensure_ascii=False)
    short = sum(map(len, parts)) + 2 * len(parts) + depth <= _LINE_CHARS and not any("\n" in one for one in parts)
    if depth >= _LINES_DEPTH or (depth and short):
        return f"{opening}{', '.join(parts)}{closing}"
    if not parts:
        return opening + closing
    margin = "\n" + " " * (depth + 1)
    return f"{opening}{margin}{f',{margin}'.join(parts)}{margin[:-1]}{closing}"


# --- what a machine may be ------------------------------------------------------------------------------------------

_Told = Iterator[tuple[str, str]]
"""Places and what is so there."""


class _Inspection:
    """Goes through a machine whose shape is right, and says what the engine could not run."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def complaints(self) -> _Told:
        """Yield everything that is wrong."""
        yield from self._sizes()
        yield from _names(self._machine)
        yield from self._header()
        yield from self._entries()
        for table in ("agents", "groups", "prompts", "schedules"):
            for key, one in getattr(self._machine, table).items():
                place = f"{table}.{key}"
                if one.name != key:
                    yield place, f"it is called {shown(one.name)}"
                yield from self._values(place, one)
        yield from self._extensions()
        for number, state in enumerate(self._machine.states):
            place = f"states[{number}]"
            yield from self._state(place, state)
            yield from self._values(place, state)

    def _sizes(self) -> _Told:
        count = len(self._machine.states)
        if not 1 <= count <= limits.STATES_MAX:
            yield "states", f"a machine has 1 to {limits.STATES_MAX} states, not {count}"

    def _header(self) -> _Told:
        machine = self._machine
        yield from _text("scheme", machine.scheme, limits.STRING_CHARS_MAX)
        yield from _text("timezone", machine.timezone, limits.NAME_CHARS_MAX, plain=True)
        yield from _text("region", machine.region, limits.NAME_CHARS_MAX, plain=True)
        if not machine.languages:
            yield "languages", "a machine speaks at least one language"
        if len(set(machine.languages)) < len(machine.languages):
            yield "languages", "a language stands there twice"
        for tag in machine.languages:
            if not _TAG.fullmatch(tag) or len(tag) > limits.NAME_CHARS_MAX:
                yield "languages", f"{shown(tag)} is no language"
        if machine.schedules and not machine.timezone:
            yield "timezone", "schedules need a time zone"

    def _entries(self) -> _Told:
        yield from self._number("start", self._machine.start)
        for flow, number in self._machine.flows.items():
            yield from self._number(f"flows.{flow}", number)
        for dialled, number in self._machine.numbers.items():
            yield from self._number(f"numbers[{dialled}]", number)
        for name, number in self._machine.handlers.items():
            yield from self._known(f"handlers.{name}", name, HANDLERS, "block")
            yield from self._number(f"handlers.{name}", number)

    def _extensions(self) -> _Told:
        seen: dict[str, str] = {}
        for agent in self._machine.agents.values():
            if agent.extension in seen:
                yield f"agents.{agent.name}", f"`{seen[agent.extension]}` has the same extension"
            if agent.extension:
                seen[agent.extension] = agent.name

    def _number(self, place: str, number: int) -> _Told:
        if not 0 <= number < len(self._machine.states):
            yield place, f"there is no state {number}"

    def _known(self, place: str, name: str, table: Iterable[str], kind: str) -> _Told:
        if name not in table:
            yield place, f"there is no {kind} {shown(name)}"

    def _state(self, place: str, state: model.State) -> _Told:
        for name, number in exits(state):
            yield from self._number(f"{place} {name}".rstrip(), number)
        match state:
            case Repass(menu=number) if 0 <= number < len(self._machine.states):
                if not isinstance(self._machine.states[number], Menu | Collecting):
                    yield place, f"state {number} is no menu"
            case Menu() | Collecting() if (state.silence_tries is None) != (state.invalid_tries is None):
                yield place, "silence and wrong keys are both counted apart, or neither"
            case model.Splitting(percents=percents, ways=ways) if len(percents) != len(ways) or sum(percents) != _WHOLE:
                yield place, "the shares do not make 100 percent"
            case _:
                pass
        for keys in getattr(state, "keys", ()):
            if not _KEYS.fullmatch(keys) or len(keys) > limits.KEYS_MAX:
                yield place, f"{shown(keys)} cannot be pressed"

    def _values(self, place: str, value: Any) -> _Told:
        """Yield what is wrong with an object and those inside it."""
        for one in objects(value):
            for name, inner in scalars(one):
                if isinstance(inner, str):
                    yield from _text(f"{place} {name}", inner, limits.STRING_CHARS_MAX)
                elif inner is not None and not isinstance(inner, bool):
                    yield from _amount(f"{place} {name}", name, inner)
            yield from self._object(place, one)

    def _object(self, place: str, one: Any) -> _Told:
        machine = self._machine
        match one:
            case model.Where(flow=flow):
                yield from self._known(place, flow, (*machine.flows, *(f"on {name}" for name in HANDLERS)), "flow")
            case model.AgentTarget(agent=agent):
                yield from self._known(place, agent, machine.agents, "agent")
            case model.GroupTarget(group=group) | model.Queueing(group=group) | model.Widening(group=group):
                yield from self._known(place, group, machine.groups, "group")
            case model.LastAgentTarget(group=group) | model.Counting(group=group) | model.CallingBack(group=group):
                yield from self._known(place, group, (*machine.groups, ""), "group")
            case model.Group(members=members):
                for member in members:
                    yield from self._known(place, member, machine.agents, "agent")
            case model.PromptNamed(prompt=prompt):
                yield from self._known(place, prompt, machine.prompts, "prompt")
            case model.Consulting(schedule=schedule) | model.Forcing(schedule=schedule):
                yield from self._known(place, schedule, machine.schedules, "schedule")
                yield from _self_contained(place, one)
            case model.Speaking(language=language):
                yield from self._known(place, language, machine.languages, "language")
            case model.Prompt():
                yield from self._prompt(place, one)
            case _:
                yield from _self_contained(place, one)

    def _prompt(self, place: str, prompt: model.Prompt) -> _Told:
        if not prompt.texts and not prompt.files:
            yield place, "there is nothing to hear"
        for tag in prompt.texts:
            yield from self._known(place, tag, self._machine.languages, "language")
        for tag, file in prompt.files.items():
            yield from self._known(place, tag, (*self._machine.languages, ""), "language")
            yield from _sound(place, file)
        for text in (*prompt.texts.values(), *prompt.files.values()):
            yield from _text(place, text, limits.STRING_CHARS_MAX)


def _self_contained(place: str, one: Any) -> _Told:
    """Yield what is wrong with an object that refers to nothing."""
    match one:
        case model.Agent(uri=uri, extension=extension):
            if not _ADDRESS.fullmatch(uri):
                yield place, f"{shown(uri)} is no address"
            if extension and (not re.fullmatch("[0-9]+", extension, re.ASCII) or len(extension) > limits.KEYS_MAX):
                yield place, f"{shown(extension)} is no extension"
        case model.TakingMessage(box=str(box), name=name):
            if not (box.strip() or name):
                yield place, "the box has no name"
            yield from _text(place, box, limits.STRING_CHARS_MAX, plain=True)
        case model.Sound(file=file) if file not in (BEEP, MUSIC, RINGBACK):
            yield from _sound(place, file)
        case model.Passage(items=()):
            yield place, "there is nothing to hear"
        case model.Collecting(least=least, most=most, until=until):
            if not 0 <= least <= most:
                yield place, f"from {least} to {most} digits are none"
            if until and not _KEYS.fullmatch(until):
                yield place, f"{shown(until)} cannot be pressed"
        case model.Forcing(until=model.Until.TIME, time=time) if not _TIME.fullmatch(time):
            yield place, f"{shown(time)} is no time of day"
        case model.Compare(op=op) if op not in _COMPARISONS:
            yield place, f"{shown(op)} is no comparison"
        case model.Arithmetic(op=op) if op not in _SUMS:
            yield place, f"{shown(op)} is no sum"
        case _:
            pass


def _sound(place: str, file: str) -> _Told:
    yield from _text(place, file, limits.STRING_CHARS_MAX, plain=True)
    if not file or file.startswith(("/", "\\", "~")) or ":" in file or ".." in file.replace("\\", "/").split("/"):
        yield place, f"the file {shown(file)} lies outside of the scheme's folder"


def _text(place: str, text: str, most: int, *, plain: bool = False) -> _Told:
    """Yield what is wrong with a text; a plain one is more than words to be spoken."""
    if len(text) > most:
        yield place, f"a text of {len(text)} characters, the limit is {most}"
    if any("\ud800" <= char <= "\udfff" for char in text):
        yield place, "half a character"
    if plain and not text.isprintable():
        yield place, f"{shown(text)} has characters that cannot be seen"


def _amount(place: str, name: str, amount: int) -> _Told:
    """Yield what is wrong with a number, by the name of its field."""
    least, most = -(10**limits.NUMBER_DIGITS_MAX), 10**limits.NUMBER_DIGITS_MAX
    if name in ("within_ms", "for_ms"):
        least, most = WAIT_MS_MIN, limits.REMEMBER_MS_MAX
    elif name == "last_agent_ms":
        least, most = 0, limits.REMEMBER_MS_MAX
    elif name == "ms" or name.endswith("_ms"):
        least, most = WAIT_MS_MIN, limits.DURATION_MS_MAX
    elif name.endswith("tries"):
        least, most = 1, limits.TRIES_MAX
    elif name == "line":
        least, most = 0, limits.SOURCE_BYTES_MAX
    if not least <= amount <= most:
        yield place, f"{amount} is not from {least} to {most}"


def _names(machine: Machine) -> _Told:
    """Yield what is wrong with the names of a machine's tables."""
    for table, value in attrs.asdict(machine, recurse=False).items():
        fits: Callable[[str], Any] = (_NUMBER if table == "numbers" else _NAME).fullmatch
        for key in value if isinstance(value, dict) else ():
            if not fits(key) or len(key) > limits.NAME_CHARS_MAX:
                yield table, f"{shown(key)} is no {'number' if table == 'numbers' else 'name'}"
