"""What the caller of one call hears, and those who answered for it: prompts by ticket, until each has ended once."""

from pathlib import Path

import attrs

from callflow.engine.effects import Play
from callflow.engine.events import PromptEnded
from callflow.machine.model import Spoken
from callflow.pjsip.facts import Fact, SoundEnded
from callflow.pjsip.line import GONE, Line
from callflow.pjsip.sounds import audible


@attrs.define
class _Prompt:
    """Something being heard by the leg `to`. `key` is the number of its sound, None: it is still being made."""

    to: int
    key: int | None = None


class Prompts:
    """The prompts of one call."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._prompts: dict[int, _Prompt] = {}

    @property
    def is_open(self) -> bool:
        """Return whether a ticket has not ended yet."""
        return bool(self._prompts)

    def heard_by_caller(self) -> set[int]:
        """Return the sounds that the caller hears now."""
        line = self._line
        return {one.key for one in self._prompts.values() if one.key is not None and one.to == line.caller}

    def play(self, order: Play, to: int | None) -> None:
        """Let a leg hear something, None: one that is not there any more."""
        if to is None or self._line.is_over:
            self._line.report(PromptEnded(self._line.now_ms, order.ticket, GONE))
            return
        prompt = self._prompts[order.ticket] = _Prompt(to)
        sounds = self._line.desk.sounds
        items = audible(order.items)
        ready = [path for path in map(sounds.ready, items) if path is not None]
        if len(ready) == len(items):
            self._begin(order, prompt, ready, "")
        else:
            self._line.in_background(self._fetch(order, prompt, items))

    async def _fetch(self, order: Play, prompt: _Prompt, items: tuple[Spoken, ...]) -> None:
        paths, trouble = await self._line.desk.sounds.fetch(items)
        if self._prompts.get(order.ticket) is prompt and not self._line.is_over:
            self._begin(order, prompt, paths, trouble)

    def _begin(self, order: Play, prompt: _Prompt, paths: list[Path], trouble: str) -> None:
        if trouble:
            self._line.note(trouble)
        if not paths:
            self._ended(order.ticket, trouble)
            return

        def ended(fact: Fact) -> None:
            assert isinstance(fact, SoundEnded)
            self._ended(order.ticket, fact.trouble or trouble)

        names = tuple(str(path) for path in paths)
        prompt.key = self._line.endpoint.play(prompt.to, names, ended, loop=order.loop)
        self._line.connect()

    def _ended(self, ticket: int, trouble: str) -> None:
        if self._prompts.pop(ticket, None) is not None:
            self._line.connect()
            self._line.report(PromptEnded(self._line.now_ms, ticket, trouble))

    def stop(self, ticket: int) -> None:
        """Fall silent at once."""
        prompt = self._prompts.get(ticket)
        if prompt is None:
            return
        if prompt.key is None:
            self._ended(ticket, "")
        else:
            self._line.endpoint.stop_sound(prompt.key)

    def stop_all(self) -> None:
        """Let nothing be heard any more."""
        for ticket in list(self._prompts):
            self.stop(ticket)
