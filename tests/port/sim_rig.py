"""The simulator as a driver under test."""

from collections.abc import Mapping

from callflow.almanac.almanac import Schedules
from callflow.engine.events import CallOffered
from callflow.runner.journal import Entry
from callflow.sim.behaviour import Behaviour
from callflow.sim.call import SimCall
from tests.engine.world import machine_of
from tests.port.rig import LONGEST_MS, Plan


class SimRig:
    """Virtual time."""

    name = "sim"

    def call(self, scheme: str, plans: tuple[Plan, ...], agents: Mapping[str, Behaviour]) -> tuple[Entry, ...]:
        """Place a call and return its journal."""
        machine = machine_of(scheme)
        offer = CallOffered(0, "+49301", "+49302", lines=2)
        call = SimCall.alone(machine, offer, Schedules(machine), lambda agent, _uri: agents.get(agent, Behaviour()))
        for plan in (*plans, Plan(LONGEST_MS, hang_up=True)):
            call.run_until(plan.at_ms)
            if plan.hang_up:
                call.hang_up()
            else:
                call.press(plan.key)
        call.run()
        assert not call.runner.troubles
        return tuple(call.runner.journal)
