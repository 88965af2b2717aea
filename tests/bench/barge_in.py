"""Barge-in: from the key leaving the caller to silence at the caller, over many calls, beside a bare loop on pjsua2.

The caller is our scripted phone, recording what it hears: the key goes out (RFC 4733) at a known moment, and the last
loud sample of a tone prompt tells when it stopped. The bare loop answers, plays the same file, and stops the player in
the turn in which it hears the key. Run with `python -m tests.bench.barge_in [CALLS]`.
"""

import statistics
import subprocess
import sys
import tempfile
import wave
from array import array
from pathlib import Path

from callflow.speech.wav import write_tone
from tests.port.served import ROOT, Served

RATE = 8_000
LOUD = 1_000
KEY_AT_S = 0.7
LISTEN_S = 0.6
ROUNDS = 10
"""Sound goes in frames of 20 ms, and two processes keep the phase they have to each other: a round has a new caller."""

BARE = """
import sys, time, os
import pjsua2 as pj
ep = pj.Endpoint(); ep.libCreate(); c = pj.EpConfig()
c.uaConfig.threadCnt = 0; c.uaConfig.mainThreadOnly = True
c.logConfig.level = c.logConfig.consoleLevel = 0
c.medConfig.clockRate = 8000; c.medConfig.noVad = True; c.medConfig.ecTailLen = 0
ep.libInit(c); t = pj.TransportConfig(); t.boundAddress = "127.0.0.1"
number = ep.transportCreate(pj.PJSIP_TRANSPORT_UDP, t); ep.libStart(); ep.audDevManager().setNullDev()
for k in ep.codecEnum2(): ep.codecSetPriority(k.codecId, {"PCMU/8000/1": 200, "PCMA/8000/1": 199}.get(k.codecId, 0))
live, dead, grave, keys = {}, [], [], []
class Call(pj.Call):
    player = None
    def onCallState(self, p):
        i = self.getInfo()
        if i.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            live.pop(id(self), None); dead.append(self)
            if self.player: grave.append((time.monotonic() + .5, self.player)); self.player = None
    def onCallMediaState(self, p):
        i = self.getInfo()
        for m in i.media:
            if m.status == pj.PJSUA_CALL_MEDIA_ACTIVE and not self.player:
                self.player = pj.AudioMediaPlayer(); self.player.createPlayer(sys.argv[1])
                self.player.startTransmit(self.getAudioMedia(m.index))
    def onDtmfDigit(self, p): keys.append(self)
class Account(pj.Account):
    def onIncomingCall(self, p):
        k = Call(self, p.callId); live[id(k)] = k; q = pj.CallOpParam(); q.statusCode = 200; k.answer(q)
a = pj.AccountConfig(); a.idUri = "sip:bare@127.0.0.1"; m = a.mediaConfig.transportConfig
m.port = 41000; m.portRange = 80; m.boundAddress = "127.0.0.1"
account = Account(); account.create(a, True)
print(ep.transportGetInfo(number).localName.rpartition(":")[2], flush=True)
end = time.monotonic() + float(sys.argv[2])
while time.monotonic() < end:
    ep.libHandleEvents(10); dead.clear()
    while keys:
        k = keys.pop()
        if k.player:
            k.player.stopTransmit(k.getAudioMedia(0))
            grave.append((time.monotonic() + .5, k.player)); k.player = None
    while grave and grave[0][0] < time.monotonic(): grave.pop(0)
os._exit(0)
"""

CALLER = """
import asyncio, json, os, sys, time
from pathlib import Path
from callflow.pjsip.facts import Down, Up
from callflow.pjsip.files import complete
from callflow.pjsip.phone import phone_options
from callflow.pjsip.endpoint import Endpoint

async def main(uri, folder, calls, key_at_s, listen_s):
    facts = asyncio.Queue()
    endpoint = Endpoint(phone_options(), lambda offer: None, lambda note: None)
    await endpoint.start()
    for number in range(calls):
        leg = endpoint.dial(uri, "", facts.put_nowait)
        while not isinstance(await facts.get(), Up):
            pass
        path = Path(folder) / f"{number}.wav"
        begun = time.monotonic()
        recording = endpoint.record(str(path), (leg,), lambda fact: None)
        await asyncio.sleep(key_at_s)
        pressed = time.monotonic()
        endpoint.send_keys(leg, "1")
        await asyncio.sleep(listen_s)
        endpoint.end_recording(recording)
        ended = time.monotonic()
        length = await complete(path)
        print(json.dumps([number, ended - pressed, length / 1000]), flush=True)
        endpoint.hang_up(leg)
        while not isinstance(await facts.get(), Down):
            pass
    await endpoint.stop()

asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), float(sys.argv[5])))
os._exit(0)
"""


def last_loud_s(path: Path) -> float:
    """Return when the last loud sample of a recording was, counted from its end."""
    with wave.open(str(path)) as file:
        samples = array("h", file.readframes(file.getnframes()))
    last = max((at for at, value in enumerate(samples) if abs(value) > LOUD), default=0)
    return (len(samples) - last) / RATE


def measure(uri: str, calls: int) -> list[float]:
    """Return the barge-in of so many calls in milliseconds."""
    import json

    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", CALLER, uri, folder, str(calls), str(KEY_AT_S), str(LISTEN_S)],
            capture_output=True, text=True, timeout=60 + calls * 4, check=True, cwd=ROOT,
        )  # fmt: skip
        took = []
        for line in done.stdout.splitlines():
            number, since_key, _ = json.loads(line)
            took.append((since_key - last_loud_s(Path(folder) / f"{number}.wav")) * 1_000)
    return took


def report(name: str, took: list[float]) -> None:
    """Print median and worst."""
    print(f"{name:16} {len(took)} calls: median {statistics.median(took):5.1f} ms, worst {max(took):5.1f} ms")


def main() -> None:
    """Print both, and their difference and ratio."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_tone(folder / "long.wav", 1_000, 20_000)
        life_s = 60 + calls * 4
        bare = subprocess.Popen([sys.executable, "-c", BARE, str(folder / "long.wav"), str(life_s)],
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)  # fmt: skip
        assert bare.stdout is not None
        port = next(line.strip() for line in bare.stdout if line.strip().isdigit())
        scheme = 'start { answer menu { play "long.wav" press 1 { wait 5s hangup } } }'
        with Served(scheme, folder, life_s=life_s) as served:
            each = max(1, calls // ROUNDS)
            ours, theirs = [], []
            for _ in range(ROUNDS):  # in turn, because machines change their speed
                ours += measure(served.uri, each)
                theirs += measure(f"sip:x@127.0.0.1:{port}", each)
        bare.terminate()
        bare.wait()
        bare.stdout.close()
    report("callflow", ours)
    report("bare pjsua2 loop", theirs)
    gap = statistics.median(ours) - statistics.median(theirs)
    ratio = statistics.median(ours) / statistics.median(theirs)
    print(f"difference of medians {gap:+.1f} ms, ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
