"""Who wants to be called back by a group, in the order they asked for it or came to its queue. Calls nobody."""

from collections.abc import Collection

import attrs


@attrs.frozen
class Wanted:
    """Somebody is to be called back. `since_ms` is their place: the time of arrival that orders a queue."""

    number: str
    group: str
    since_ms: int
    until_ms: int
    """When it is too late."""


class CallBacks:
    """Wanted callbacks; of one number a group has one."""

    def __init__(self) -> None:
        self._wanted: dict[tuple[str, str], Wanted] = {}

    def want(self, wanted: Wanted, now_ms: int) -> Wanted:
        """Note a callback. Who asks again keeps the better place and has the later end. Returns what is noted now."""
        key = wanted.group, wanted.number
        before = self._wanted.get(key)
        if before is not None and before.until_ms > now_ms:
            since_ms, until_ms = min(before.since_ms, wanted.since_ms), max(before.until_ms, wanted.until_ms)
            wanted = attrs.evolve(wanted, since_ms=since_ms, until_ms=until_ms)
        self._wanted[key] = wanted
        return wanted

    def done(self, number: str, groups: Collection[str]) -> None:
        """Cross out what is no longer wanted: an agent of these groups talked with the caller."""
        for group in groups:
            self._wanted.pop((group, number), None)

    def now(self, now_ms: int) -> tuple[Wanted, ...]:
        """Return what is wanted, who comes first in front; what is too late is gone."""
        self._wanted = {key: one for key, one in self._wanted.items() if one.until_ms > now_ms}
        return tuple(sorted(self._wanted.values(), key=lambda one: one.since_ms))
