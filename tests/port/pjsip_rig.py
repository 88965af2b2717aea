"""The SIP endpoint as a driver under test: an independent phone calls it, others are its agents."""

import contextlib
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from callflow.runner.journal import Entry
from callflow.sim.behaviour import Behaviour, Reaction
from tests.engine.world import machine_of
from tests.phones.phone import Phone
from tests.port.rig import LONGEST_MS, Plan
from tests.port.served import Served

STATUS = {Reaction.BUSY: 486, Reaction.REJECTS: 603, Reaction.UNREACHABLE: 480}
TURN_S = 0.01


class PjsipRig:
    """Real time, real SIP and RTP on loopback."""

    name = "pjsip"

    def call(self, scheme: str, plans: tuple[Plan, ...], agents: Mapping[str, Behaviour]) -> tuple[Entry, ...]:
        """Place a call and return its journal."""
        with contextlib.ExitStack() as stack:
            phones: dict[str, Phone] = {}
            for name in machine_of(scheme).agents:
                phones[name] = stack.enter_context(_agent(agents.get(name, Behaviour())))
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            uris = {name: phone.uri for name, phone in phones.items()}
            served = stack.enter_context(Served(scheme, folder, uris))
            caller = stack.enter_context(Phone(tone_hz=440))
            caller.dial(served.uri)
            self._follow(caller, served, phones, plans, agents)
            return served.until_over()

    def _follow(
        self,
        caller: Phone,
        served: Served,
        phones: Mapping[str, Phone],
        plans: tuple[Plan, ...],
        agents: Mapping[str, Behaviour],
    ) -> None:
        begun = time.monotonic()
        left = [*plans, Plan(LONGEST_MS, hang_up=True)]
        hang_up_at = {name: None for name, does in agents.items() if does.talk_ms is not None}
        ends: dict[str, float | None] = dict(hang_up_at)
        while left and not served.over:
            now_ms = (time.monotonic() - begun) * 1_000
            for name, at in ends.items():
                talk_ms = agents[name].talk_ms
                if at is None and talk_ms is not None and phones[name].seen("established"):
                    ends[name] = now_ms + talk_ms
                elif at is not None and now_ms >= at:
                    ends[name] = float("inf")
                    phones[name].hangup()
            if now_ms < left[0].at_ms:
                time.sleep(TURN_S)
                continue
            plan = left.pop(0)
            if plan.hang_up:
                caller.hangup()
                return
            caller.press(plan.key)


def _agent(does: Behaviour) -> Phone:
    if does.reaction is Reaction.ANSWERS:
        return Phone(answer_after_ms=does.after_ms, tone_hz=660)
    if does.reaction is Reaction.NEVER_ANSWERS:
        return Phone(ring_forever=True)
    return Phone(reject=STATUS[does.reaction])
