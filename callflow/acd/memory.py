"""What is kept of callers from one call to the next, by number. Of a withheld number nothing is."""

from collections.abc import Collection

import attrs

from callflow.limits import CALLERS_REMEMBERED_MAX, LAST_AGENTS_MAX
from callflow.machine.model import Value


@attrs.define
class _Caller:
    values: dict[str, tuple[Value, int | None]] = attrs.field(factory=dict)
    """Values by name, with the time at which each is forgotten."""
    agents: dict[str, int] = attrs.field(factory=dict)
    """When the last conversation with each agent ended; the latest is the last."""


class Memory:
    """Values that schemes remember, and who talked with whom."""

    def __init__(self, callers_max: int = CALLERS_REMEMBERED_MAX) -> None:
        self._callers: dict[str, _Caller] = {}
        self._callers_max = callers_max

    def remember(self, caller: str, name: str, value: Value, until_ms: int | None) -> None:
        """Keep a value, or forget it when it is `none`."""
        if value is not None:
            if caller:
                self._touch(caller).values[name] = value, until_ms
        elif caller in self._callers:
            self._callers[caller].values.pop(name, None)

    def remembered(self, caller: str, now_ms: int) -> dict[str, Value]:
        """Return what is kept of a caller."""
        if caller not in self._callers:
            return {}
        one = self._callers[caller]
        one.values = {name: kept for name, kept in one.values.items() if kept[1] is None or kept[1] > now_ms}
        return {name: value for name, (value, _) in one.values.items()}

    def talked(self, caller: str, agent: str, now_ms: int) -> None:
        """Keep that a conversation of the two is over."""
        if caller:
            agents = self._touch(caller).agents
            agents.pop(agent, None)
            agents[agent] = now_ms
            while len(agents) > LAST_AGENTS_MAX:
                del agents[next(iter(agents))]

    def last_agent(self, caller: str, among: Collection[str], since_ms: int) -> str:
        """Return who of `among` talked with a caller last, and not before `since_ms`; empty: nobody."""
        one = self._callers.get(caller)
        talks = reversed(one.agents.items()) if one else ()
        return next((agent for agent, ended_ms in talks if agent in among and ended_ms >= since_ms), "")

    def expire(self, now_ms: int, talks_before_ms: int) -> None:
        """Forget what was to be kept until now, conversations that ended before a time, and callers of whom nothing
        is left.
        """
        for caller, one in list(self._callers.items()):
            self.remembered(caller, now_ms)
            one.agents = {agent: ended_ms for agent, ended_ms in one.agents.items() if ended_ms >= talks_before_ms}
            if not one.agents and not one.values:
                del self._callers[caller]

    def erase(self, caller: str) -> None:
        """Forget everything of a caller."""
        self._callers.pop(caller, None)

    def _touch(self, caller: str) -> _Caller:
        one = self._callers.pop(caller, None) or _Caller()
        self._callers[caller] = one
        if len(self._callers) > self._callers_max:
            del self._callers[next(iter(self._callers))]
        return one
