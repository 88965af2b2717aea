"""What is proven of a scheme, for people and for programs. Returns text and plain values; prints nothing."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from callflow.limits import CALL_MS_MAX
from callflow.prove.claims import Claims
from callflow.words import counted, duration, listed

_UNITS: Final = (("h", 3_600_000), ("m", 60_000), ("s", 1_000))


def render(claims: Claims | None, path: str) -> str:
    """Return what is proven as lines of text; `claims` is None where mistakes keep everything from being proven."""
    if claims is None:
        return f"{path}: nothing is proven before the errors are mended"
    return "\n  ".join((f"{path}: of every call is proven", *_lines(claims)))


def as_values(claims: Claims | None, path: str) -> dict[str, Any]:
    """Return what is proven as a mapping. Times are milliseconds, None where only the host ends a call."""
    if claims is None:
        return {"path": path, "proven": False}
    at = claims.silence_at
    return {
        "path": path,
        "proven": True,
        "ends": {"always": not claims.against, "against": [code.id for code in claims.against]},
        "silence": {"ms": claims.silence_ms, "flow": at.flow if at else None, "line": at.line if at else None},
        "alone": {"ms": claims.alone_ms, "prompts": claims.alone_prompts},
        "overflow": None if claims.overflow is None else list(claims.overflow),
        "unreached": list(claims.unreached),
        "numbers": dict(claims.numbers),
    }


def _lines(claims: Claims) -> Iterator[str]:
    if claims.against:
        yield f"not every caller reaches an end: {', '.join(code.id for code in claims.against)}"
    else:
        yield "every caller reaches an end"
    yield _silence(claims)
    yield _alone(claims)
    yield _overflow(claims)
    if claims.unreached:
        yield f"no call gets to {listed(claims.unreached, 'and')}"
    else:
        yield "calls get to every flow"
    for number, flow in claims.numbers.items():
        yield f"calls of {number} begin in `{flow}`"
    yield f"{'other calls' if claims.numbers else 'all calls'} begin in `start`"


def _silence(claims: Claims) -> str:
    at = claims.silence_at
    place = f" (`{at.flow}`, line {at.line})" if at else ""
    if claims.silence_ms is None:
        return f"a caller may hear nothing until the call is ended after {duration(CALL_MS_MAX)}{place}"
    if not claims.silence_ms:
        return "no caller ever waits in silence"
    return f"no caller hears nothing for longer than {_long(claims.silence_ms)}{place}"


def _alone(claims: Claims) -> str:
    if claims.alone_ms is None:
        return f"a caller who does nothing may stay until the call is ended after {duration(CALL_MS_MAX)}"
    if not claims.alone_ms:
        return f"a caller who does nothing is gone after {counted(claims.alone_prompts, 'prompt')}"
    prompts = f" and {counted(claims.alone_prompts, 'prompt')}" if claims.alone_prompts else ""
    return f"a caller who does nothing is gone after {_long(claims.alone_ms)}{prompts}"


def _overflow(claims: Claims) -> str:
    if claims.overflow is None:
        return "tries to reach somebody may fail one after another without end"
    if not claims.overflow:
        return "nobody is called"
    runs = [(name, len(list(run))) for name, run in groupby(claims.overflow)]
    tries = ", ".join(f"`{name}`" + (f" {times} times" if times > 1 else "") for name, times in runs)
    return f"at most {counted(len(claims.overflow), 'try').replace('trys', 'tries')} in a row may fail: {tries}"


def _long(ms: int) -> str:
    """Return a length of time in hours, minutes and seconds."""
    parts: list[str] = []
    for unit, size in _UNITS:
        if ms >= size:
            parts.append(f"{ms // size}{unit}")
            ms %= size
    return " ".join(parts + ([f"{ms}ms"] if ms else []))
