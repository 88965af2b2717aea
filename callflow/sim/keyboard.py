"""A simulated call from the keyboard: what the user types is what the caller does. Time is virtual.

Reads lines and writes lines through the two functions it is given; knows no terminal.
"""

from collections.abc import Callable
from typing import Final

from callflow.acd.schedules import Almanac
from callflow.engine.events import CallOffered
from callflow.engine.session import MenuKeys, MessageBeing, Ringing, Talking
from callflow.machine.model import Machine
from callflow.runner.journal import Entry
from callflow.runner.transcript import Transcript
from callflow.sim.behaviour import Behaviour, Refused, parse_behaviour, parse_duration
from callflow.sim.call import SimCall

HELP: Final = """\
keys         press them: 1, 12#, *
wait 10s     let time pass
say 5s       speak, when a message is being recorded
hangup       hang up
(nothing)    let time pass until something happens
"""

Ask = Callable[[str], str | None]
"""Asks for a line; None when there are no more."""


class Keyboard:
    """One call, driven by lines of text."""

    def __init__(
        self,
        machine: Machine,
        offer: CallOffered,
        almanac: Almanac,
        agents: dict[str, Behaviour],
        others: Behaviour | None,
        ask: Ask,
        tell: Callable[[str], None],
    ) -> None:
        self._ask = ask
        self._tell = tell
        self._agents = agents
        self._others = others
        self._transcript = Transcript(machine)
        tell(self._transcript.head())
        self._call = SimCall.alone(machine, offer, almanac, self._agent, self._listen)

    def run(self) -> str:
        """Let the user call until the call is over. Returns its outcome."""
        lines_left = True
        while lines_left and not self._call.runner.ended:
            if self._wants_caller():
                line = self._ask(f"{self._call.now_ms / 1000:.1f}s> ")
                lines_left = line is not None
                if line is not None:
                    self._obey(line.strip())
            elif not self._call.step():
                break
        self._call.run_out()
        ending = self._call.runner.session.disposition
        assert ending is not None
        return ending.value

    def _wants_caller(self) -> bool:
        """Return whether the call now waits for the caller to do something, as far as the user should be asked."""
        due = self._call.next_ms
        if due is not None and due <= self._call.now_ms:
            return False
        return isinstance(self._call.runner.session.activity, MenuKeys | Talking | MessageBeing | Ringing)

    def _obey(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        if not line and self._call.talks_on:
            self._tell("they talk until somebody hangs up: type `hangup`")
        elif not line:
            self._call.step()
        elif word == "hangup":
            self._call.hang_up()
        elif word in ("wait", "say"):
            try:
                ms = parse_duration(rest)
            except Refused as refused:
                self._tell(str(refused))
                return
            if word == "say" and not self._call.recording:
                self._tell("no message is being recorded")
                return
            if word == "say":
                self._call.say(ms)
            self._call.run_until(self._call.now_ms + ms)
        elif not line.strip("0123456789*#"):
            for key in line:
                self._call.press(key)
        else:
            self._tell(HELP)

    def _listen(self, entry: Entry) -> None:
        for line in self._transcript.lines(entry):
            self._tell(line)

    def _agent(self, agent: str, uri: str) -> Behaviour:
        known = self._agents.get(agent or uri, self._others)
        if known is not None:
            return known
        while True:
            line = self._ask(f"what does {agent or uri} do? [answers] ")
            try:
                return parse_behaviour((line or "").strip() or "answers")
            except Refused as refused:
                self._tell(str(refused))
                if line is None:
                    return Behaviour()
