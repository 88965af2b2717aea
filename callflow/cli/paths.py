"""Where commands keep what can be made again."""

import os
import tempfile
from pathlib import Path


def cache_dir() -> Path:
    """Return the user's cache folder for us, or a new one that goes with the machine's temporary files."""
    root = os.environ.get("XDG_CACHE_HOME")
    folder = (Path(root) if root else Path.home() / ".cache") / "callflow"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="callflow-"))
    return folder if os.access(folder, os.W_OK) else Path(tempfile.mkdtemp(prefix="callflow-"))
