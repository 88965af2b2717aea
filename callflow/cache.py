"""Where everything that can be made again is kept: tables, holidays, sounds."""

# importing pathlib would cost a check of a scheme more than it saves
# ruff: noqa: PTH103, PTH111, PTH116, PTH117, PTH118

import os


def cache_dir() -> str | None:
    """Return the folder for what can be made again, None where there is none that only this user writes."""
    root = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(root):
        root = os.path.join(os.path.expanduser("~"), ".cache")
    folder = os.path.join(root, "callflow")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        found = os.stat(folder)
    except OSError:
        return None
    mine = not hasattr(os, "getuid") or (found.st_uid == os.getuid() and not found.st_mode & 0o022)
    return folder if mine and os.access(folder, os.W_OK) else None
