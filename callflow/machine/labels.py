"""States and expressions of a machine in the words of the language: for diagrams and listings. Nothing is run."""

import re
from collections.abc import Collection, Mapping
from typing import Final, assert_never

from callflow.machine.model import (
    BEEP,
    MUSIC,
    RINGBACK,
    AddressTarget,
    AgentTarget,
    AllOf,
    Answering,
    AnyOf,
    Arithmetic,
    Branch,
    CallingBack,
    ChangingRecording,
    Collecting,
    Compare,
    Conferencing,
    Confirm,
    Connecting,
    Const,
    Consulting,
    Counting,
    Default,
    Expr,
    ExtensionTarget,
    Fetching,
    Forcing,
    Forgetting,
    GroupTarget,
    HangingUp,
    Item,
    Joined,
    LastAgentTarget,
    Manner,
    Matches,
    Menu,
    MonthAfter,
    Name,
    Negated,
    Notifying,
    Now,
    Passage,
    Playing,
    Presence,
    PromptNamed,
    Queueing,
    Recorded,
    RecordingCall,
    Rejecting,
    Remembering,
    Repass,
    Said,
    Setting,
    SettingFields,
    Side,
    Sound,
    Speaking,
    Splitting,
    State,
    Tagging,
    TakingMessage,
    Target,
    Transferring,
    Until,
    Value,
    Waiting,
    WholeNumber,
    Words,
)
from callflow.words import duration

_BUILT_IN: Final = {BEEP: "beep", MUSIC: "music", RINGBACK: "ringing tone"}
_OPEN: Final = ".open"
"""What the name of a schedule ends with that was consulted."""

_LOOSEST, _OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _VALUE = range(8)
"""How tight the operators bind."""

SAID_BY_NAME: Final = ("money", "date", "time", "month")
"""What is said so only where a scheme asks for it."""

_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def label(state: State, schedules: Collection[str] = ()) -> str:
    """Return a state in the words in which it was written, without where it leads."""
    match state:
        case Answering():
            return "answer"
        case Playing(passage=passage):
            return f"play {heard(passage)}"
        case Waiting(ms=ms):
            return f"wait {duration(ms)}"
        case Menu():
            return "menu"
        case Collecting(name=name):
            return f"collect {name}"
        case Repass():
            return "again"
        case Consulting(schedule=schedule):
            return f"look whether {schedule} is open"
        case Branch(condition=condition):
            return f"when {written(condition, schedules)}"
        case Setting(name=name, value=value):
            return f"set {name} = {written(value, schedules)}"
        case Speaking(language=language):
            return f"language {language}"
        case Connecting(target=target, ring_ms=ring_ms):
            return f"connect {_target(target)}{f' {duration(ring_ms)}' if ring_ms is not None else ''}"
        case Queueing(group=group, wait_ms=wait_ms):
            return f"queue {group} for {duration(wait_ms)}"
        case TakingMessage(box="", name=name):
            return f"record message into {name}"
        case TakingMessage(box=box):
            return f"voicemail {_box(box)}"
        case RecordingCall(side=side):
            return "record call" if side is Side.BOTH else f"record call {side.value}"
        case HangingUp():
            return "hang up"
        case Rejecting(reason=reason):
            return f"reject {reason.value}"
        case _:
            return _kept(state, schedules)


def _kept(
    state: Counting
    | Splitting
    | SettingFields
    | Tagging
    | CallingBack
    | Conferencing
    | Transferring
    | ChangingRecording
    | Remembering
    | Forgetting
    | Forcing
    | Fetching
    | Notifying,
    schedules: Collection[str],
) -> str:
    match state:
        case Counting(group=group):
            return f"look how {group} stands" if group else "look who talked last"
        case Splitting():
            return "split"
        case SettingFields(name=name, fields=fields):
            return f"set {name} = {_fields(fields)}"
        case Tagging(tag=tag):
            return f"tag {_spoken(tag)}"
        case CallingBack(group=group):
            return f"callback {group}"
        case Conferencing(room=room, presence=presence):
            role = "" if presence is Presence.MEMBER else f" {presence.value}"
            return f"conference {_spoken(room)}{role}"
        case Transferring(uri=uri):
            return f"transfer {_spoken(uri)}"
        case ChangingRecording(change=change):
            return f"{change.value} recording"
        case Remembering(name=name, value=value):
            return f"remember {name} = {written(value, schedules)}"
        case Forgetting(name=name):
            return f"forget {name}"
        case Forcing(schedule=schedule, until=Until.RELEASED):
            return f"release {schedule}"
        case Forcing(schedule=schedule, open=is_open):
            return f"force {schedule} {'open' if is_open else 'closed'}{_until(state)}"
        case Fetching(name=name, url=url):
            return f"fetch {name} from {_spoken(url)}"
        case Notifying(event=event):
            return f"notify {_quoted(event)}"
        case _:
            assert_never(state)


def _until(state: Forcing) -> str:
    match state.until:
        case Until.TIME:
            return f" until {state.time}"
        case Until.CHANGE:
            return " until change"
        case _:
            return "" if state.for_ms is None else f" for {duration(state.for_ms)}"


def _fields(fields: Mapping[str, Expr]) -> str:
    inner = ", ".join(f"{name}: {written(value)}" for name, value in fields.items())
    return f"{{ {inner} }}" if inner else "{}"


def details(state: State) -> str:
    """Return what `label` leaves out of a state, "" where that is nothing."""
    match state:
        case Menu():
            return _menu_details(state)
        case Collecting():
            return " ".join((_collect_details(state), _menu_details(state)))
        case Connecting():
            return _connect_details(state)
        case Queueing():
            return _queue_details(state)
        case TakingMessage(max_ms=max_ms, greeting=greeting):
            said = "" if greeting is None else f" greeting {heard(greeting)}"
            return f"max {duration(max_ms)}{said}"
        case Conferencing(pin=pin, up_to=up_to):
            return f"{'pin ' if pin else ''}up to {up_to}"
        case CallingBack(number=number, within_ms=within_ms):
            return f"to {written(number)} within {duration(within_ms)}"
        case Remembering(for_ms=int(for_ms)):
            return f"for {duration(for_ms)}"
        case Fetching(post=post, timeout_ms=timeout_ms):
            return f"timeout {duration(timeout_ms)}" + ("" if post is None else f" post {_fields(post)}")
        case Notifying(fields=fields) if fields:
            return _fields(fields)
        case _:
            return ""


def _collect_details(state: Collecting) -> str:
    count = f"digits {state.most}" if state.least == state.most else f"up to {state.most}"
    parts = [count, f"until {_quoted(state.until)}" if state.until else ""]
    parts += [f"matching {_quoted(state.pattern)}" if state.pattern else "", "secret" if state.secret else ""]
    return " ".join(part for part in parts if part)


def _queue_details(state: Queueing) -> str:
    parts = [f"priority {state.priority}"] if state.priority else []
    if state.size is not None:
        parts.append(f"size {state.size}")
    parts += _ringing(state)
    parts += [f"every {duration(one.every_ms)} play {heard(one.passage)}" for one in state.announcements]
    parts += [f"after {duration(one.after_ms)} also {one.group}" for one in state.widenings]
    return " ".join(parts)


def _menu_details(menu: Menu | Collecting) -> str:
    tries = f"tries {menu.tries}"
    if menu.silence_tries is not None and menu.invalid_tries is not None:
        tries = f"tries {menu.silence_tries} silence {menu.invalid_tries} invalid"
    return " ".join((
        tries,
        f"timeout {duration(menu.timeout_ms)}",
        f"pause {duration(menu.pause_ms)}",
        *(f"play {heard(passage)}" for passage in menu.passages),
        *(f"retry play {heard(passage)}" for passage in menu.retry),
    ))  # fmt: skip


def _connect_details(state: Connecting) -> str:
    return " ".join(_ringing(state))


def _ringing(state: Connecting | Queueing) -> list[str]:
    parts: list[str] = []
    if state.strategy is not None:
        parts.append(f"ring {state.strategy.value}")
    if state.each_ms is not None:
        parts.append(f"each {duration(state.each_ms)}")
    if state.music is not None:
        parts.append(f"music {heard(state.music)}".replace("music music", "music"))
    return parts + _manner(state.manner)


def _manner(manner: Manner) -> list[str]:
    parts: list[str] = []
    if manner.shown is not None:
        parts.append(f"as {_spoken(manner.shown)}")
    if manner.whisper is not None:
        parts.append(f"whisper {heard(manner.whisper)}")
    if manner.confirm is not None:
        parts.append("confirm" if manner.confirm is Confirm.KEY_1 else "confirm any key")
    if manner.talk_ms is not None:
        parts.append(f"max {duration(manner.talk_ms)}")
    return parts


def heard(passage: Passage) -> str:
    """Return what is heard: texts and files in quotes, prompts by their names."""
    return ", ".join(_item(item) for item in passage.items) + (" uninterrupted" if passage.uninterrupted else "")


def _item(item: Item) -> str:
    match item:
        case Words(text):
            return _spoken(text)
        case Sound(file):
            return _BUILT_IN.get(file) or _quoted(file)
        case PromptNamed(prompt):
            return prompt
        case Recorded(name):
            return name
        case _:
            assert_never(item)


def _box(box: str | ExtensionTarget) -> str:
    if isinstance(box, ExtensionTarget):
        return _target(box)
    return box if _WORD.fullmatch(box) else _quoted(box)


def _target(target: Target) -> str:
    match target:
        case AgentTarget(name) | GroupTarget(name):
            return name
        case AddressTarget(uri):
            return _spoken(uri)
        case ExtensionTarget():
            return "extension"
        case LastAgentTarget(group=group, within_ms=within_ms):
            of = f" of {group}" if group else ""
            return f"last agent{of}{'' if within_ms is None else f' within {duration(within_ms)}'}"
        case _:
            assert_never(target)


# --- expressions ----------------------------------------------------------------------------------------------------


def written(expr: Expr, schedules: Collection[str] = ()) -> str:
    """Return an expression as it is written in a scheme. `schedules` are the names that are open or closed."""
    return _Writer(schedules).write(expr, _LOOSEST)


def _spoken(expr: Expr) -> str:
    """Return a text that is spoken or dialled."""
    match expr:
        case Const(str()) | Joined():
            return written(expr)
        case _:
            return f'"{{{written(expr)}}}"'


class _Writer:
    def __init__(self, schedules: Collection[str]) -> None:
        self._schedules = schedules

    def write(self, expr: Expr, around: int) -> str:
        """Return an expression, in parentheses if what is around it binds tighter."""
        text, binds = self._bound(expr)
        return f"({text})" if binds < around else text

    def _bound(self, expr: Expr) -> tuple[str, int]:
        match expr:
            case Const(value):
                return _constant(value), _VALUE
            case Name(name):
                return self._name(name, "open")
            case Negated(Name(name)) if self._is_schedule(name):
                return self._name(name, "closed")
            case Negated(part):
                return f"not {self.write(part, _COMPARISON)}", _NOT
            case Joined(parts):
                return f'"{"".join(self._filled(part) for part in parts)}"', _VALUE
            case Said() | Now() | Default() | WholeNumber() | MonthAfter():
                return self._call(expr), _VALUE
            case Compare(op, left, right):
                return f"{self.write(left, _SUM)} {op} {self.write(right, _SUM)}", _COMPARISON
            case Arithmetic(op, left, right):
                binds = _PRODUCT if op == "*" else _SUM
                return f"{self.write(left, binds)} {op} {self.write(right, binds + 1)}", binds
            case Matches(subject, (pattern,)):
                return f"{self.write(subject, _SUM)} matches {_quoted(pattern)}", _COMPARISON
            case Matches(subject, patterns):
                among = ", ".join(_quoted(pattern) for pattern in patterns)
                return f"{self.write(subject, _SUM)} in ({among})", _COMPARISON
            case AllOf(parts):
                return " and ".join(self.write(part, _NOT) for part in parts) or "true", _AND
            case AnyOf(parts):
                return " or ".join(self.write(part, _AND) for part in parts) or "false", _OR
            case _:
                assert_never(expr)

    def _call(self, expr: Said | Now | Default | WholeNumber | MonthAfter) -> str:
        match expr:
            case Now():
                return "now"
            case Said(how, part, detail) if how.value in SAID_BY_NAME:
                return f"{how.value}({self.write(part, _LOOSEST)}{f', {_quoted(detail)}' if detail else ''})"
            case Said(part=part):
                return self.write(part, _LOOSEST)
            case Default(parts):
                return f"default({', '.join(self.write(part, _LOOSEST) for part in parts)})"
            case WholeNumber(part):
                return f"number({self.write(part, _LOOSEST)})"
            case MonthAfter(moment, months):
                return f"month_after({self.write(moment, _LOOSEST)}, {self.write(months, _LOOSEST)})"
            case _:
                assert_never(expr)

    def _is_schedule(self, name: str) -> bool:
        return name.endswith(_OPEN) and name.removesuffix(_OPEN) in self._schedules

    def _name(self, name: str, state: str) -> tuple[str, int]:
        if self._is_schedule(name):
            return f"{name.removesuffix(_OPEN)} {state}", _COMPARISON
        return name, _VALUE

    def _filled(self, part: Expr) -> str:
        match part:
            case Const(str(text)):
                return _quoted(text)[1:-1]
            case _:
                return f"{{{self.write(part, _LOOSEST)}}}"


def _constant(value: Value) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case _:
            return _quoted(value)


_ESCAPES: Final[Mapping[int, str]] = str.maketrans({'"': '\\"', "\\": "\\\\", "{": "\\{", "}": "\\}", "\n": "\\n"})


def _quoted(text: str) -> str:
    """Return a text as it is written in a scheme."""
    return f'"{text.translate(_ESCAPES)}"'
