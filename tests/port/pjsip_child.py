"""A machine served over real SIP in a process of its own, for tests: prints its port, then journals as JSON lines.

Arguments: a JSON file with `scheme` (text of a .flow), `folder` (for recordings and sounds), `agents` (name to
address), `cache`, `life_s`, `allowed` (a web service), `notify`, `agents_transfer` and `fault` (a tag that leads
nowhere, as by a mistake of ours). Ends when standard input closes.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

from callflow.almanac.almanac import Schedules
from callflow.compile.pipeline import compile_text
from callflow.journals.shelf import Shelf
from callflow.pjsip.admission import phones_of
from callflow.pjsip.errors import ListenFailed
from callflow.pjsip.options import EndpointOptions
from callflow.pjsip.server import ServeOptions, Server
from callflow.pjsip.sounds import Sounds
from callflow.runner.journal import Entry, to_line
from callflow.speech.engines import find_engine
from callflow.speech.speaker import Speaker
from callflow.web.web import options_of
from tests.engine.world import at_fault


def say(kind: str, value: object) -> None:
    """Print one line for the test."""
    print(json.dumps({"kind": kind, "value": value}), flush=True)


class Told(Server):
    """A server that prints the journal of every call."""

    def _entry(self, call_id: str, entry: Entry) -> None:
        say("entry", to_line(entry))
        super()._entry(call_id, entry)

    def _over(self, key: int) -> None:
        troubles = self._calls[key].runner.troubles
        super()._over(key)
        say("over", troubles)


async def main(told: dict[str, object]) -> int:
    """Serve until told to stop."""
    folder = Path(str(told["folder"]))
    compiled = compile_text(str(told["scheme"]), folder=folder)
    machine = compiled.machine
    assert machine is not None, f"the scheme has errors: {compiled.problems}"
    machine = at_fault(machine, str(told["fault"]))
    cache = Path(str(told["cache"]))
    sounds = Sounds(folder, Speaker(cache, find_engine()), cache, folder)
    for trouble in await asyncio.to_thread(sounds.prepare, machine, lambda _done, _of: None):
        say("trouble", trouble)
    first = 30_000 + (os.getpid() % 200) * 100
    options = ServeOptions(
        endpoint=EndpointOptions(
            port=int(str(told.get("port", 0))),
            rtp_first=first,
            rtp_last=first + 99,
            phones=phones_of(machine),
        ),
        recordings=folder,
        agents={str(name): str(uri) for name, uri in dict(told["agents"]).items()},  # type: ignore[call-overload]
        agents_transfer=bool(told["agents_transfer"]),
        web=options_of((str(told["allowed"]),) if told["allowed"] else (), str(told["notify"])),
    )
    shelf = Shelf(folder / "journals", machine, "test.flow")
    server = Told(machine, Schedules(machine), sounds, options, lambda line: say("line", line), shelf)
    try:
        await server.start()
    except ListenFailed as error:
        say("failed", str(error))
        return 1
    say("port", server.endpoint.port)
    closed = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await asyncio.wait([asyncio.ensure_future(closed)], timeout=float(str(told["life_s"])))
    await server.stop()
    return 0


if __name__ == "__main__":
    status = asyncio.run(main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
    sys.stdout.flush()
    os._exit(status)
