"""Where each state leads and what it sets: one table for proofs, diagrams and listings."""

from collections.abc import Iterator
from typing import Final, assert_never

from callflow.machine.model import (
    Answering,
    Branch,
    CallingBack,
    ChangingRecording,
    Collecting,
    Conferencing,
    Connecting,
    Const,
    Consulting,
    Counting,
    ExtensionTarget,
    Fetching,
    Forcing,
    Forgetting,
    HangingUp,
    Item,
    Joined,
    Menu,
    Notifying,
    Playing,
    PromptNamed,
    Queueing,
    RecordingCall,
    Rejecting,
    Remembering,
    Repass,
    Setting,
    SettingFields,
    Sound,
    Speaking,
    Splitting,
    State,
    Tagging,
    TakingMessage,
    Transferring,
    Waiting,
    Words,
)

AGAIN: Final = "again"
ANSWERED: Final = "answered"
EXTENSION: Final = "extension"
FAILURES: Final = ("busy", "no answer", "rejected", "unreachable", "on another call", "away")
"""The ways in which a `connect` reaches nobody."""


def exits(state: State) -> Iterator[tuple[str, int]]:
    """Yield every exit of a state: what it is called, and the number of the state it leads to."""
    match state:
        case Menu():
            for key, number in state.keys.items():
                yield key, number
            if state.extensions is not None:
                yield EXTENSION, state.extensions
            yield from _passes(state)
        case Collecting():
            yield "digits", state.next
            yield from _passes(state)
        case Connecting() | Queueing():
            yield from _reaching(state)
        case Splitting(percents=percents, ways=ways):
            for percent, number in zip(percents, ways, strict=True):
                yield f"{percent}%", number
        case Fetching(failed=failed, next=number):
            yield "", number
            yield "failed", failed
        case Conferencing(next=number):
            yield "full" if not state.pin else "full or wrong pin", number
        case Transferring(next=number):
            yield "refused", number
        case Branch(then=then, other=other):
            yield "yes", then
            yield "no", other
        case Repass(menu=number):
            yield AGAIN, number
        case HangingUp() | Rejecting() | CallingBack():
            return
        case (
            Answering(next=number) | Playing(next=number) | Waiting(next=number) | Consulting(next=number)
            | Setting(next=number) | Speaking(next=number) | TakingMessage(next=number) | RecordingCall(next=number)
            | ChangingRecording(next=number) | Counting(next=number) | SettingFields(next=number)
            | Tagging(next=number) | Remembering(next=number) | Forgetting(next=number) | Forcing(next=number)
            | Notifying(next=number)
        ):  # fmt: skip
            yield "", number
        case _:
            assert_never(state)


def _passes(menu: Menu | Collecting) -> Iterator[tuple[str, int]]:
    """Yield where passes lead that brought nothing, and where it goes when the tries are used up."""
    if menu.silence is not None:
        yield "silence", menu.silence
    if menu.invalid is not None:
        yield "invalid", menu.invalid
    if menu.silent_end is not None:
        yield "otherwise silence", menu.silent_end
    if menu.invalid_end is not None:
        yield "otherwise invalid", menu.invalid_end
    if menu.silent_end is None or menu.invalid_end is None:
        yield "otherwise", menu.next if isinstance(menu, Menu) else menu.otherwise


def used_up(menu: Menu | Collecting, *, silent: bool) -> int:
    """Return where a menu leads whose tries are used up, the last by silence or by a wrong key."""
    end = menu.silent_end if silent else menu.invalid_end
    if end is not None:
        return end
    return menu.next if isinstance(menu, Menu) else menu.otherwise


def _reaching(state: Connecting | Queueing) -> Iterator[tuple[str, int]]:
    yield from state.keys.items()
    if state.answered is not None:
        yield ANSWERED, state.answered
    if isinstance(state, Queueing):
        yield "full", state.full
        yield "empty", state.empty
        yield "time is up", state.next
        return
    yield "busy", state.busy
    yield "no answer", state.no_answer
    yield "rejected", state.rejected
    yield "unreachable", state.unreachable
    yield "on another call", state.on_call
    yield "away", state.away


def silent_exits(state: State) -> Iterator[int]:
    """Yield where a state leads while the caller does nothing and nobody answers. Another pass of a menu is counted by
    the menu and does not lead on.
    """
    match state:
        case Menu() | Collecting():
            if state.silence is not None:
                yield state.silence
            yield used_up(state, silent=True)
        case Repass():
            return
        case Connecting():
            yield from (state.busy, state.no_answer, state.rejected, state.unreachable, state.on_call, state.away)
        case Queueing():
            yield from (state.full, state.empty, state.next)
        case _:
            yield from (number for _, number in exits(state))


def ends_call(state: State) -> bool:
    """Return whether a call can end in a state by itself."""
    match state:
        case HangingUp() | Rejecting() | CallingBack() | Conferencing() | Transferring():
            return True
        case Connecting(answered=None) | Queueing(answered=None):
            return True
        case _:
            return False


def takes_time(state: State) -> bool:
    """Return whether time passes in a state whatever happens. Ringing may fail at once, so it does not count."""
    match state:
        case Playing(passage=passage):
            return any(_is_surely_heard(item) for item in passage.items)
        case TakingMessage(box=ExtensionTarget()):
            return False
        case _:
            return isinstance(state, Waiting | Menu | Collecting | TakingMessage)


def _is_surely_heard(item: Item) -> bool:
    match item:
        case Words(text=Const(value=str(text))):
            return bool(text.strip())
        case Words(text=Joined(parts=parts)):
            return any(isinstance(part, Const) and str(part.value).strip() for part in parts)
        case PromptNamed() | Sound():
            return True
        case _:
            return False


def sets(state: State) -> frozenset[str]:
    """Return the names that are set behind a state whatever happens."""
    match state:
        case (
            Setting(name=name) | SettingFields(name=name) | Remembering(name=name) | Collecting(name=name)
            | Fetching(name=name)
        ):  # fmt: skip
            return frozenset({name})  # of a web service that fails all fields are `none`
        case Forgetting(name=name):
            return frozenset({name})  # to `none`
        case TakingMessage(name=name) if name:
            return frozenset({name})
        case _:
            return frozenset()
