"""The only importer of `pjsua2`, which has no types: here it is `Any`, everywhere else plain values have theirs.

Besides the module there are three functions of the library under it, called by name: what the module leaves out is how
many calls the build can hold and how many slots are taken now.
"""

import ctypes
from typing import Any, Final

from callflow.pjsip.errors import SipUnavailable

STOCK_CALLS: Final = 4
"""Calls that a build holds which does not say: the library's own default."""

try:
    import pjsua2

    pjsua2.Endpoint  # noqa: B018  the wheel loads its binary on first use
except ImportError as error:
    raise SipUnavailable(
        f"install callflow-ivr[sip]; SIP needs Python 3.11 or 3.12 (pjsua2 cannot be imported: {error})"
    ) from None

pj: Any = getattr(pjsua2, "pjsua2", pjsua2)
_binary: Any = pj._pjsua2  # noqa: SLF001  the only way to the file that holds the library


def _function(name: str) -> Any:
    try:
        return getattr(ctypes.CDLL(_binary.__file__), name)
    except (OSError, AttributeError):
        return None


_max_count = _function("pjsua_call_get_max_count")
_count = _function("pjsua_call_get_count")
_log_level = _function("pj_log_set_level")


def slots_max() -> int:
    """Return how many calls this build can hold at once. Only after `libInit`."""
    return STOCK_CALLS if _max_count is None else int(_max_count())


def slots_taken() -> int | None:
    """Return how many slots are taken, calls that linger after their end included; None where it cannot be told."""
    return None if _count is None else int(_count())


def be_quiet() -> None:
    """Keep the lines off standard output that the library writes before it can be told not to."""
    if _log_level is not None:
        _log_level(0)
