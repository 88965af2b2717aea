"""The drivers that every test of this folder runs against."""

import pytest

from tests.port.pjsip_rig import PjsipRig
from tests.port.rig import Rig
from tests.port.sim_rig import SimRig

RIGS = {"sim": SimRig, "pjsip": PjsipRig}


@pytest.fixture(params=list(RIGS))
def rig(request: pytest.FixtureRequest) -> Rig:
    """Return a driver under test."""
    made: Rig = RIGS[request.param]()
    return made
