"""Lines a second from text to proven machine, from 1,000 to 10,000 lines, beside a bare Lark parse; how the time of one
line grows, of both (1.00: ten times the lines take ten times the time); and the whole process of `callflow check`,
beside `python -c "import lark, attrs"`.

The bound on a source is lifted for the large one. Run with `python -m tests.bench.check_lines`.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from lark import Lark

from callflow.compile.pipeline import compile_text
from callflow.syntax.table import grammar_text

ROOT = Path(__file__).parents[2]
ROUNDS = 5
PROCESSES = 15
LINES = (1_000, 2_000, 5_000, 10_000)

FLOW = """
flow f{n} {{
    play "This is number {n}."
    menu tries 2 timeout 4s {{
        play "For the next one, press 1. To hear this again, press 9."
        press 1 goto f{following}
        press 9 again
        invalid play "There is no such choice."
        press 5 play "Please hold the line."
    }}
    when caller.number in ("+49*", "+7*") {{
        connect anna for 20s {{
            busy play "Anna is on the phone."
            no answer play "Anna does not answer."
        }}
    }} else {{
        voicemail anna max 1m
    }}
    hangup
}}
"""


def scheme(lines: int) -> str:
    """Return a scheme of about so many lines."""
    flows = max(1, lines // FLOW.count("\n"))
    body = "".join(FLOW.format(n=n, following=(n + 1) % flows) for n in range(flows))
    return f'agent anna "sip:anna@x.example"\nstart {{ answer goto f0 }}\n{body}'


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of some work, the median of a few rounds."""
    taken = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return statistics.median(taken)


def process_seconds(*command: str) -> float:
    """Return user and system time of one run of a whole process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    compiled = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    subprocess.run([sys.executable, *command], check=True, capture_output=True, env=compiled)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print lines a second with their ratios, then whole processes with theirs."""
    bare = Lark(grammar_text(), parser="lalr", lexer="contextual", start="start", propagate_positions=True)
    first: tuple[float, float] | None = None
    for lines in LINES:
        text = scheme(lines)
        count = text.count("\n")
        with (
            mock.patch("callflow.syntax.parser.SOURCE_BYTES_MAX", 10**7),
            mock.patch("callflow.prove.prover.STATES_MAX", 10**6),
        ):
            assert compile_text(text).machine is not None
            ours = seconds(lambda text=text: compile_text(text))
        parse = seconds(lambda text=text: bare.parse(text))
        first = first or (ours / count, parse / count)
        print(
            f"{count:6} lines: check {count / ours:10,.0f} lines/s, growth {ours / count / first[0]:.2f}   "
            f"Lark tree {count / parse:10,.0f} lines/s, growth {parse / count / first[1]:.2f}   "
            f"ratio {parse / ours:.2f}"
        )
    for name, limit in (("hello", 1.6), ("reception", 2.5)):
        file = str(ROOT / "examples" / f"{name}.flow")
        process_seconds("-m", "callflow", "check", file)
        pairs = [
            (process_seconds("-m", "callflow", "check", file), process_seconds("-c", "import lark, attrs"))
            for _ in range(PROCESSES)
        ]
        ratio = statistics.median(one / other for one, other in pairs)
        ours = statistics.median(one for one, _ in pairs)
        print(f"callflow check {name}.flow: {ours * 1_000:.0f} ms CPU   ratio {ratio:.2f} (bar {limit})")


if __name__ == "__main__":
    main()
