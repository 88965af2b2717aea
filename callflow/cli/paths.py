"""Where commands keep what can be made again."""

import tempfile
from pathlib import Path

from callflow import cache


def cache_dir() -> Path:
    """Return the user's cache folder for us, or a new one that goes with the machine's temporary files."""
    return Path(cache.cache_dir() or tempfile.mkdtemp(prefix="callflow-"))
