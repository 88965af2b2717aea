"""Many short calls in a row: the process stays, memory and descriptors are flat, and every slot is free again.

`CALLFLOW_SOAK_CALLS` says how many are counted, after as many as pools need; the suite makes few of the ten thousand
that the endpoint is meant for, and finds only what leaks much.
"""

import os
import time
from pathlib import Path

import pytest

from callflow.speech.wav import write_tone
from tests.phones.phone import Phone
from tests.pjsip import sipp
from tests.port.served import Served

LONG = "CALLFLOW_SOAK_CALLS" in os.environ
CALLS = int(os.environ.get("CALLFLOW_SOAK_CALLS", "100"))
WARM_UP = 2_500 if LONG else 300
"""After 2,500 calls, and one collection of cyclic garbage, pools and caches have their size; after 300 nearly."""

COLLECTED_S = 6.0
"""The endpoint collects every five seconds."""

GROWTH_KIB_MAX = 6_000 if LONG else 12_000
"""What the process may have grown by since: pools grow in steps. Of ten thousand calls a leak of a kilobyte each is
found, of a hundred one of 120: a leg with its sockets and sound.
"""

CALL_S_MAX = 0.1


def resident_kib(pid: int) -> int:
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1])


def descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


@pytest.mark.timeout(60 + int((WARM_UP + CALLS) * CALL_S_MAX) * 2)
@pytest.mark.skipif(not sipp.AVAILABLE, reason="sipp is not installed")
def test_many_short_calls_leave_nothing_behind(tmp_path: Path) -> None:
    write_tone(tmp_path / "tick.wav", 1_000, 500)
    call = sipp.invite() + sipp.PROVISIONAL + sipp.receive(200) + sipp.ACK + sipp.pause(10) + sipp.BYE
    life_s = 60 + (WARM_UP + CALLS) * CALL_S_MAX * 2
    with Served('start { answer play "tick.wav" }', tmp_path, life_s=life_s) as served:

        def place(calls: int) -> None:
            done = sipp.run(
                tmp_path, call, served.port, calls=calls, rate=200, together=1, timeout_s=30 + int(calls * CALL_S_MAX)
            )
            assert done.returncode == 0, sipp.told(tmp_path, done)

        place(WARM_UP)
        time.sleep(COLLECTED_S)
        before, open_before = resident_kib(served.pid), descriptors(served.pid)
        begun = time.monotonic()
        place(CALLS)
        took = time.monotonic() - begun
        time.sleep(COLLECTED_S)
        grown, opened = resident_kib(served.pid) - before, descriptors(served.pid) - open_before
        print(f"{CALLS} calls in {took:.1f} s, {grown} KiB and {opened} descriptors more")
        assert grown < GROWTH_KIB_MAX
        assert opened <= 2
        for _ in range(3):
            with Phone() as phone:
                phone.dial(served.uri)
                phone.wait_for("established")
                phone.hangup()
