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
    Compare,
    Connecting,
    Const,
    Consulting,
    Expr,
    ExtensionTarget,
    GroupTarget,
    HangingUp,
    Item,
    Joined,
    Matches,
    Menu,
    Name,
    Negated,
    Passage,
    Playing,
    PromptNamed,
    RecordingCall,
    Rejecting,
    Repass,
    Setting,
    Side,
    Sound,
    Speaking,
    Spelled,
    State,
    TakingMessage,
    Target,
    Value,
    Waiting,
    Words,
)
from callflow.words import duration

_BUILT_IN: Final = {BEEP: "beep", MUSIC: "music", RINGBACK: "ringing tone"}
_OPEN: Final = ".open"
"""What the name of a schedule ends with that was consulted."""

_LOOSEST, _OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _VALUE = range(8)
"""How tight the operators bind."""

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
        case TakingMessage(box=box):
            return f"voicemail {box if _WORD.fullmatch(box) else _quoted(box)}"
        case RecordingCall(side=side):
            return "record call" if side is Side.BOTH else f"record call {side.value}"
        case HangingUp():
            return "hang up"
        case Rejecting(reason=reason):
            return f"reject {reason.value}"
        case _:
            assert_never(state)


def details(state: State) -> str:
    """Return what `label` leaves out of a state, "" where that is nothing."""
    match state:
        case Menu():
            return _menu_details(state)
        case Connecting():
            return _connect_details(state)
        case TakingMessage(max_ms=max_ms, greeting=greeting):
            return f"max {duration(max_ms)} greeting {heard(greeting)}"
        case _:
            return ""


def _menu_details(menu: Menu) -> str:
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
    parts: list[str] = []
    if state.strategy is not None:
        parts.append(f"ring {state.strategy.value}")
    if state.each_ms is not None:
        parts.append(f"each {duration(state.each_ms)}")
    if state.music is not None:
        parts.append(f"music {heard(state.music)}".replace("music music", "music"))
    return " ".join(parts)


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
        case _:
            assert_never(item)


def _target(target: Target) -> str:
    match target:
        case AgentTarget(name) | GroupTarget(name):
            return name
        case AddressTarget(uri):
            return _spoken(uri)
        case ExtensionTarget():
            return "extension"
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
            case Spelled(part):
                return self._bound(part)
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
