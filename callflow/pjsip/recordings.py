"""What is written of one call: its recording, which may be paused, and the message that its caller speaks."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import assert_never

import attrs

from callflow.engine.effects import RecordMessage
from callflow.engine.events import MessageRecorded
from callflow.machine.model import RecordingStep, Side
from callflow.pjsip.facts import Fact, FellQuiet, Recorded
from callflow.pjsip.files import complete, message_path, recording_path
from callflow.pjsip.line import Line


@attrs.define
class _Message:
    """A message being recorded."""

    ticket: int
    key: int
    min_ms: int
    timer: asyncio.TimerHandle


class Recordings:
    """The files of one call."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._message: _Message | None = None
        self._recording: int | None = None
        self._side = Side.BOTH
        self._paused = False
        self._recorded = 0
        self._files = 0

    @property
    def is_open(self) -> bool:
        """Return whether a file is not complete yet."""
        return bool(self._files)

    def wanted(self, agents: set[int], prompts: set[int]) -> set[tuple[int, int]]:
        """Return who is to be heard by the recording of the call: nobody while it is paused: it stands still."""
        if self._recording is None or self._paused:
            return set()
        caller = {self._line.caller}
        heard = {Side.CALLER: caller, Side.AGENT: agents, Side.BOTH: caller | agents | prompts}[self._side]
        return {(source, self._recording) for source in heard}

    def record_call(self, side: Side) -> None:
        """Record the call from now on."""
        if self._recording is not None or self._line.is_over:
            return
        self._recorded += 1
        path = recording_path(self._line.desk.recordings, self._line.call_id, self._recorded)
        self._side = side
        self._paused = False
        self._recording = self._record(path, self._call_recorded)
        self._line.connect()

    def change(self, change: RecordingStep) -> None:
        """Pause the recording of the call, go on with it, or end it. Without one nothing happens."""
        if self._recording is None:
            return
        match change:
            case RecordingStep.PAUSE | RecordingStep.RESUME:
                self._paused = change is RecordingStep.PAUSE
            case RecordingStep.STOP:
                key, self._recording = self._recording, None
                self._line.endpoint.end_recording(key)
            case _:
                assert_never(change)
        self._line.connect()

    def record_message(self, order: RecordMessage) -> None:
        """Record what the caller says, for a box or without one."""
        line = self._line
        if line.is_over or self._message is not None:
            line.report(MessageRecorded(line.now_ms, order.ticket, "", 0))
            return
        path = message_path(line.desk.recordings, order.box, line.call_id, order.ticket)
        key = self._record(path, self._message_recorded, order.silence_ms)
        timer = asyncio.get_running_loop().call_later(order.max_ms / 1000, line.endpoint.end_recording, key)
        self._message = _Message(order.ticket, key, order.min_ms, timer)

    def stop_message(self, ticket: int) -> None:
        """End a message; it is kept."""
        if self._message is not None and self._message.ticket == ticket:
            self._line.endpoint.end_recording(self._message.key)

    def end_all(self) -> None:
        """Close every file."""
        if self._message is not None:
            self._line.endpoint.end_recording(self._message.key)
        if self._recording is not None:
            self._line.endpoint.end_recording(self._recording)

    def _record(
        self, path: Path, then: Callable[[Recorded, Path], Coroutine[None, None, None]], silence_ms: int | None = None
    ) -> int:
        """Begin a file. With `silence_ms` it takes what the caller says and ends when that much is silence."""
        line = self._line
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:  # the recorder fails over it and is reported as any other
            line.note(f"{path.parent} cannot be made: {error}")

        def watcher(fact: Fact) -> None:
            if isinstance(fact, FellQuiet):
                line.endpoint.end_recording(fact.key)
            elif isinstance(fact, Recorded):
                if fact.trouble:
                    line.note(f"{path} cannot be written: {fact.trouble}")
                line.in_background(then(fact, path))

        self._files += 1
        if silence_ms is None:
            return line.endpoint.record(str(path), (), watcher)
        return line.endpoint.record(str(path), (line.caller,), watcher, hears=line.caller, silence_ms=silence_ms)

    async def _message_recorded(self, fact: Recorded, path: Path) -> None:
        message, self._message = self._message, None
        assert message is not None
        message.timer.cancel()
        duration_ms = 0 if fact.trouble else await complete(path)
        kept = fact.heard and duration_ms - fact.quiet_ms >= message.min_ms
        if not kept:
            await asyncio.to_thread(path.unlink, missing_ok=True)
        self._files -= 1
        event = MessageRecorded(self._line.now_ms, message.ticket, str(path), duration_ms)
        self._line.report(event if kept else attrs.evolve(event, file="", duration_ms=0))

    async def _call_recorded(self, fact: Recorded, path: Path) -> None:
        if self._recording == fact.key:
            self._recording = None
            self._line.connect()
        if not fact.trouble:
            await complete(path)
            self._line.note(f"recorded in {path}")
        self._files -= 1
        self._line.perhaps_done()
