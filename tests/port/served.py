"""A scheme served over real SIP in a process of its own, and what it tells."""

import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from callflow.runner.journal import Entry, from_line

ROOT = Path(__file__).parents[2]
_CACHE = tempfile.TemporaryDirectory(prefix="callflow-sounds-")
"""What is said is spoken once for all tests of a process."""

LIFE_S = 90


class Served:
    """The process, its port, and everything it has told. A context manager: leaving it ends the process."""

    def __init__(
        self,
        scheme: str,
        folder: Path,
        agents: Mapping[str, str] | None = None,
        port: int = 0,
        life_s: float = LIFE_S,
        *,
        allowed: str = "",
        notify: str = "",
        agents_transfer: bool = False,
        fault: str = "",
    ) -> None:
        told = folder / "told.json"
        told.write_text(
            json.dumps(
                {
                    "scheme": scheme,
                    "folder": str(folder),
                    "cache": _CACHE.name,
                    "agents": dict(agents or {}),
                    "port": port,
                    "life_s": life_s,
                    "allowed": allowed,
                    "notify": notify,
                    "agents_transfer": agents_transfer,
                    "fault": fault,
                }
            ),
            encoding="utf-8",
        )
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.port.pjsip_child", str(told)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
        )
        self.pid = self._process.pid
        self.told: list[tuple[str, Any]] = []
        self._queue: queue.Queue[tuple[str, Any] | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._waited = 0
        self.port: int = 0
        self.failed = ""
        try:
            kind, value = self._wait(("port", "failed"), 20.0)
        except AssertionError:
            self.failed = "it did not start"
            self.__exit__(None, None, None)
            raise
        if kind == "port":
            self.port = value
        else:
            self.failed = value

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            try:
                found = json.loads(line)
                self._queue.put((found["kind"], found["value"]))
            except (ValueError, TypeError, KeyError):
                self._queue.put(("line", line.rstrip()))
        self._queue.put(None)

    def _wait(self, kinds: tuple[str, ...], timeout_s: float) -> tuple[str, Any]:
        until = time.monotonic() + timeout_s
        while True:
            try:
                found = self._queue.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                found = None
            assert found is not None, f"no {kinds} from the server:\n" + "\n".join(map(str, self.told))
            self.told.append(found)
            if found[0] in kinds:
                return found

    @property
    def uri(self) -> str:
        """Return the address that a caller dials."""
        return f"sip:line@127.0.0.1:{self.port}"

    @property
    def lines(self) -> list[str]:
        """Return the ladder and the notes so far."""
        return [value for kind, value in self.told if kind == "line"]

    def until_over(self, timeout_s: float = 25.0, *, failing: bool = False) -> tuple[Entry, ...]:
        """Return the journal of the calls so far, once the next call is over. Asserts that nothing of ours failed.

        failing: Something has to have failed.
        """
        if len(self._overs) <= self._waited:
            self._wait(("over",), timeout_s)
        self._waited += 1
        troubles = self._overs[self._waited - 1]
        assert bool(troubles) is failing, "\n".join(troubles)
        return self.journal

    def until_line(self, part: str, timeout_s: float = 10.0) -> str:
        """Return the next line that has `part` in it."""
        while True:
            _, line = self._wait(("line",), timeout_s)
            if part in line:
                return str(line)

    def take(self) -> None:
        """Take in what was told meanwhile."""
        while True:
            try:
                found = self._queue.get_nowait()
            except queue.Empty:
                return
            if found is not None:
                self.told.append(found)

    @property
    def over(self) -> bool:
        """Return whether a call is over."""
        self.take()
        return len(self._overs) > self._waited

    @property
    def _overs(self) -> list[list[str]]:
        return [value for kind, value in self.told if kind == "over"]

    @property
    def journal(self) -> tuple[Entry, ...]:
        """Return the entries so far."""
        return tuple(from_line(value) for kind, value in self.told if kind == "entry")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            status = self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        self._reader.join(5)
        assert self._process.stdout is not None
        self._process.stdout.close()
        if kind is None and not self.failed:
            assert status == 0, f"the server ended with {status}:\n" + "\n".join(map(str, self.told))
