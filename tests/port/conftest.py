"""The drivers that every test of this folder runs against."""

import pytest

from tests.port.rig import Rig
from tests.port.sim_rig import SimRig

RIGS = {"sim": SimRig}


@pytest.fixture(params=list(RIGS))
def rig(request: pytest.FixtureRequest) -> Rig:
    """Return a driver under test."""
    made: Rig = RIGS[request.param]()
    return made
