"""A diagram in Graphviz' language to SVG, by Graphviz: the system's `dot`, or `graphviz-pure` from the extra `graph`.

The only place that runs these programs. Which one it is makes no difference but to lengths and letters.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

DRAW_S_MAX: Final = 30
"""A machine of 2,000 states in flows of a usual size takes five; what takes longer cannot be read anyway."""

_REASON_CHARS_MAX: Final = 200
"""How much is repeated of what a program complains about."""


class NotDrawn(Exception):
    """There is no picture: why, and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def svg(dot: str) -> str:
    """Return the picture of a text in Graphviz' language, from `<svg` on: for a file and within a page alike.

    Raises NotDrawn.
    """
    program = _program()
    if program is None:
        raise NotDrawn("there is no Graphviz; install the system's package `graphviz`, or `callflow-ivr[graph]`")
    try:
        done = subprocess.run(  # noqa: S603  the program is found, not told; the text is read from its input
            [program, "-Tsvg"], input=dot.encode(), capture_output=True, timeout=DRAW_S_MAX, check=False
        )
    except subprocess.TimeoutExpired:
        raise NotDrawn(f"`{program}` took longer than {DRAW_S_MAX} s; draw one flow of it") from None
    except OSError as error:
        raise NotDrawn(f"`{program}` cannot be run: {(error.strerror or 'it does not start').lower()}") from None
    picture = done.stdout.decode(errors="replace")
    start = picture.find("<svg")
    if done.returncode or start < 0:
        complaint = " ".join(done.stderr.decode(errors="replace").split())[:_REASON_CHARS_MAX]
        raise NotDrawn(f"`{program}` failed: {complaint or f'it ended with {done.returncode}'}")
    return picture[start:].rstrip() + "\n"


def _program() -> str | None:
    """Return a program that draws, also one that is installed beside Python and not on the path."""
    beside = os.pathsep.join((os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)))
    return shutil.which("dot") or shutil.which("graphviz-pure", path=beside)
