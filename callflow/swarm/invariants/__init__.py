"""What has to hold whatever happens: a small file each."""

from typing import Final

from callflow.swarm.invariants import (
    agents_are_let_go,
    bounds,
    bridges,
    nobody_is_overtaken,
    one_call_an_agent,
    one_outcome,
    places_never_grow,
    queues_are_left_once,
    quiet_after_the_end,
    remembered_agents,
    time_goes_on,
)
from callflow.swarm.invariants.base import Invariant

ALL: Final[tuple[type[Invariant], ...]] = (
    one_call_an_agent.OneCallAnAgent,
    one_outcome.OneOutcome,
    nobody_is_overtaken.NobodyIsOvertaken,
    places_never_grow.PlacesNeverGrow,
    queues_are_left_once.QueuesAreLeftOnce,
    bridges.Bridges,
    quiet_after_the_end.QuietAfterTheEnd,
    remembered_agents.RememberedAgents,
    agents_are_let_go.AgentsAreLetGo,
    bounds.Bounds,
    time_goes_on.TimeGoesOn,
)
