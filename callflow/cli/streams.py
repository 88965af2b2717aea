"""What commands share about their streams: colour only on a terminal, or as the environment says."""

import os
from typing import TextIO


def wants_colour(stream: TextIO) -> bool:
    """Return whether to write colours: never with NO_COLOR, always with FORCE_COLOR, else on a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"
