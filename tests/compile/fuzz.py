"""Sources that nobody would write: generated ones, and real ones with bytes changed. Each is answered, soon, briefly.

    python -m tests.compile.fuzz --generated 50000 --mutated 50000 --seed 1

Prints the slowest source and the longest message, and keeps each source that fails, with what went wrong.
"""

import argparse
import gc
import json
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from callflow.compile.pipeline import Compiled, compile_path
from callflow.machine.codec import from_json, to_json
from callflow.prove.claims import claims
from callflow.report import concise, proofs, terminal
from callflow.report.json import as_values
from callflow.syntax.format import format_source
from callflow.syntax.parser import parse
from tests import strategies
from tests.check import wild

ROOT = Path(__file__).parents[2]
SECONDS_MAX = 2.0
MESSAGE_CHARS_MAX = 600
"""A message with its notes and its help, without the lines of the source."""
REPORT_CHARS_MAX = 200_000
"""All problems of a source, as they are shown on a terminal."""
CHANGES_MAX = 8


def answer(source: bytes, folder: Path) -> tuple[Compiled, int]:
    """Take a source through everything that a check does; return what came of it, and how long a message was."""
    path = folder / "scheme.flow"
    path.write_bytes(source)
    compiled = compile_path(path)
    longest = 0
    for problem in compiled.problems:
        said = " ".join((problem.message, problem.label, problem.help, *problem.notes))
        longest = max(longest, len(said))
        assert len(said) <= MESSAGE_CHARS_MAX, said
        assert len(concise.render(problem, compiled.source)) <= MESSAGE_CHARS_MAX
        json.dumps(as_values(problem, compiled.source))
    shown = terminal.render_all(compiled.problems, compiled.source)
    assert len(shown) <= REPORT_CHARS_MAX, len(shown)
    if compiled.lowered is not None:
        proofs.render(claims(compiled.lowered, compiled.problems), "scheme.flow")
    if compiled.machine is not None:
        assert from_json(to_json(compiled.machine)) == compiled.machine
    parsed, problems = parse(compiled.source)
    if not problems:
        format_source(compiled.source, parsed)
    return compiled, longest


def generated(count: int, number: int, take: Callable[[bytes], None]) -> None:
    """Give so many sources that parse, of which half make little sense."""
    plan = settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    @seed(number)
    @plan
    @given(st.one_of(strategies.schemes(), wild.scheme))
    def each(text: str) -> None:
        take(text.encode())

    each()


def texts() -> list[bytes]:
    """Return the sources that are changed: every scheme and directory there is."""
    found = [*ROOT.glob("examples/*.flow"), *ROOT.glob("tests/acceptance/*/scheme.flow")]
    return [path.read_bytes() for path in sorted(found)]


def mutated(count: int, number: int) -> Iterator[bytes]:
    """Yield so many sources with bytes changed, taken out, doubled, and put in from elsewhere."""
    random, sources = Random(number), texts()
    words = sorted({word for source in sources for word in source.split()})
    for _ in range(count):
        text = bytearray(random.choice(sources))
        for _ in range(random.randint(1, CHANGES_MAX)):
            _change(text, random, sources, words)
        yield bytes(text)


def _change(text: bytearray, random: Random, sources: list[bytes], words: list[bytes]) -> None:
    at = random.randrange(len(text) + 1)
    size = random.choice([1, 1, 2, 8, 40, 300])
    match random.randrange(7):
        case 0:
            text[at : at + 1] = bytes([random.randrange(256)])
        case 1:
            del text[at : at + size]
        case 2:
            text[at:at] = text[at : at + size]
        case 3:
            other = random.choice(sources)
            start = random.randrange(len(other))
            text[at : at + random.choice([0, size])] = other[start : start + size]
        case 4:
            text[at:at] = b" " + random.choice(words) + b" "
        case 5:
            text[at:at] = bytes([random.choice(b'{}"#\\(),.*=<>-+ \n\r\t\x00')]) * random.choice([1, 1, 2, 30])
        case _:
            text[at:at] = random.choice(["é", "\u2028", "\ufeff", "\u202e", "😀", "\x7f", "٣"]).encode()


class Count:
    """What has been answered, and what not."""

    def __init__(self, folder: Path, failures: Path) -> None:
        self.answered = self.machines = self.failed = self.longest = 0
        self.slowest = (0.0, b"")
        self._folder = folder
        self._failures = failures

    def take(self, source: bytes) -> None:
        """Answer a source, and keep it when that fails or takes too long."""
        gc.freeze()  # what was made so far is not looked through again and again while this source is answered
        begun = time.process_time()
        try:
            compiled, longest = answer(source, self._folder)
        except Exception:  # noqa: BLE001  whatever it is, it is what is looked for
            self._keep(source, traceback.format_exc())
            return
        taken = time.process_time() - begun
        self.answered += 1
        self.machines += compiled.machine is not None
        self.longest = max(self.longest, longest)
        self.slowest = max(self.slowest, (taken, source), key=lambda one: one[0])
        if taken > SECONDS_MAX:
            self._keep(source, f"{taken:.2f} s")
        if self.answered % (100 if sys.stderr.isatty() else 5_000) == 0:
            end = "" if sys.stderr.isatty() else "\n"
            print(f"\r{self.answered} answered, {self.failed} failed", end=end, file=sys.stderr, flush=True)

    def _keep(self, source: bytes, why: str) -> None:
        self.failed += 1
        self._failures.mkdir(parents=True, exist_ok=True)
        path = self._failures / f"{self.failed}.flow"
        path.write_bytes(source)
        path.with_suffix(".txt").write_text(why, encoding="utf-8")
        print(f"{path}: {why.strip().splitlines()[-1][:200]}", file=sys.stderr, flush=True)

    def __str__(self) -> str:
        return (
            f"{self.answered} answered, {self.failed} not; {self.machines} machines; the slowest took "
            f"{self.slowest[0]:.3f} s ({len(self.slowest[1])} bytes); the longest message has {self.longest} characters"
        )


def main() -> int:
    """Answer as many sources as were asked for."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--generated", type=int, default=1_000)
    options.add_argument("--mutated", type=int, default=1_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--failures", type=Path, default=Path("fuzz-failures"))
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        failed = 0
        for name, count in (("generated", asked.generated), ("mutated", asked.mutated)):
            found = Count(Path(folder), asked.failures / name)
            if name == "mutated":
                for source in mutated(count, asked.seed):
                    found.take(source)
            elif count:
                generated(count, asked.seed, found.take)
            print(f"{name}: {found}", flush=True)
            failed += found.failed
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
