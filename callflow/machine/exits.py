"""Where each state leads: one table for proofs, diagrams and listings."""

from collections.abc import Iterator
from typing import Final, assert_never

from callflow.machine.model import (
    Answering,
    Branch,
    Connecting,
    Const,
    Consulting,
    HangingUp,
    Item,
    Joined,
    Menu,
    Playing,
    RecordingCall,
    Rejecting,
    Repass,
    Setting,
    Speaking,
    State,
    TakingMessage,
    Waiting,
    Words,
)

AGAIN: Final = "again"
ANSWERED: Final = "answered"
EXTENSION: Final = "extension"


def exits(state: State) -> Iterator[tuple[str, int]]:
    """Yield every exit of a state: what it is called, and the number of the state it leads to."""
    match state:
        case Menu():
            for key, number in state.keys.items():
                yield key, number
            if state.extensions is not None:
                yield EXTENSION, state.extensions
            if state.silence is not None:
                yield "silence", state.silence
            if state.invalid is not None:
                yield "invalid", state.invalid
            yield "otherwise", state.next
        case Connecting():
            for key, number in state.keys.items():
                yield key, number
            if state.answered is not None:
                yield ANSWERED, state.answered
            yield "busy", state.busy
            yield "no answer", state.no_answer
            yield "rejected", state.rejected
            yield "unreachable", state.unreachable
        case Branch(then=then, other=other):
            yield "yes", then
            yield "no", other
        case Repass(menu=number):
            yield AGAIN, number
        case HangingUp() | Rejecting():
            return
        case (
            Answering(next=number) | Playing(next=number) | Waiting(next=number) | Consulting(next=number)
            | Setting(next=number) | Speaking(next=number) | TakingMessage(next=number) | RecordingCall(next=number)
        ):  # fmt: skip
            yield "", number
        case _:
            assert_never(state)


def silent_exits(state: State) -> Iterator[int]:
    """Yield where a state leads while the caller does nothing and nobody answers. Another pass of a menu is counted by
    the menu and does not lead on.
    """
    match state:
        case Menu():
            if state.silence is not None:
                yield state.silence
            yield state.next
        case Repass():
            return
        case Connecting():
            yield from (state.busy, state.no_answer, state.rejected, state.unreachable)
        case _:
            yield from (number for _, number in exits(state))


def ends_call(state: State) -> bool:
    """Return whether a call can end in a state by itself."""
    match state:
        case HangingUp() | Rejecting():
            return True
        case Connecting(answered=None):
            return True
        case _:
            return False


def takes_time(state: State) -> bool:
    """Return whether time passes in a state whatever happens. Ringing may fail at once, so it does not count."""
    match state:
        case Playing(passage=passage):
            return any(_is_surely_heard(item) for item in passage.items)
        case _:
            return isinstance(state, Waiting | Menu | TakingMessage)


def _is_surely_heard(item: Item) -> bool:
    match item:
        case Words(text=Const(value=str(text))):
            return bool(text.strip())
        case Words(text=Joined(parts=parts)):
            return any(isinstance(part, Const) and str(part.value).strip() for part in parts)
        case Words():
            return False
        case _:
            return True
