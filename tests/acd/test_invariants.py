"""Many calls on one floor, whatever callers and agents do: nobody is skipped, rung twice, forgotten or told nonsense.

Whole calls run: engine, runner and floor are the real ones, phones and time are not.
"""

from collections import Counter
from collections.abc import Iterator

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from callflow.acd.agents import Availability, Desk, Stage
from callflow.acd.floor import Floor
from callflow.acd.queues import Entry
from callflow.engine.effects import Enqueue
from callflow.engine.events import Outcome, QueueLeft, QueueMoved
from callflow.machine.model import (
    Agent,
    AgentTarget,
    Announcement,
    Answering,
    CallingBack,
    Connecting,
    Group,
    GroupTarget,
    HangingUp,
    LastAgentTarget,
    Machine,
    Manner,
    Name,
    Passage,
    Queueing,
    Sound,
    State,
    Strategy,
    Target,
    Waiting,
    Widening,
)
from tests.acd.world import WHERE, Office, Phones, machine

AGENTS = (
    Agent("anna", "sip:anna@x"),
    Agent("boris", "sip:boris@x"),
    Agent("carla", "sip:carla@x", limit=2),
    Agent("dora", "sip:dora@x"),
)
GROUPS = (
    Group("sales", ("anna", "boris"), Strategy.LONGEST_IDLE, wrap_up_ms=10_000),
    Group("support", ("boris", "carla", "dora"), Strategy.ALL, each_ms=8_000),
    Group("night", ("dora",)),
)
OTHERS = (Group("sales", ("boris", "carla"), Strategy.ROUND_ROBIN), Group("support", ("dora",), Strategy.RANDOM))
END, BACK, PAUSE, ANYBODY = range(4)


def queueing(group: str, priority: int = 0, size: int | None = None, strategy: Strategy | None = None) -> Queueing:
    return Queueing(
        where=WHERE,
        group=group,
        wait_ms=240_000,
        priority=priority,
        size=size,
        strategy=strategy,
        each_ms=None,
        music=None,
        manner=Manner(),
        announcements=(Announcement(30_000, Passage((Sound("wait.wav"),))),),
        widenings=(Widening(45_000, "night"),) if group == "sales" else (),
        keys={"1": BACK, "2": PAUSE},
        answered=None,
        full=PAUSE,
        empty=PAUSE,
        next=PAUSE,
    )


def connecting(target: Target, otherwise: int = END) -> Connecting:
    ways = dict.fromkeys(("busy", "no_answer", "rejected", "unreachable", "on_call", "away"), otherwise)
    return Connecting(WHERE, target, None, 20_000, None, None, {}, None, **ways)


WAYS = (
    queueing("sales"),
    queueing("sales", priority=1),
    queueing("sales", size=2, strategy=Strategy.ROUND_ROBIN),
    queueing("support"),
    queueing("support", strategy=Strategy.RANDOM),
    queueing("night", priority=2),
    connecting(GroupTarget("sales")),
    connecting(GroupTarget("support")),
    connecting(AgentTarget("dora")),
    connecting(LastAgentTarget("", None)),
)


def scheme(groups: tuple[Group, ...] = GROUPS) -> Machine:
    """Return a machine with a number for each of the ways."""
    states: list[State] = [HangingUp(WHERE), CallingBack(WHERE, "sales", Name("caller.number"), 600_000)]
    states += [Waiting(WHERE, 20_000, ANYBODY), connecting(GroupTarget("support"))]
    numbers = {}
    for digit, way in enumerate(WAYS):
        numbers[str(digit)] = len(states)
        states += [Answering(WHERE, len(states) + 1), way]
    return machine(*states, agents=AGENTS, groups=groups, numbers=numbers)


def rank(entry: Entry) -> tuple[int, int]:
    """Return when a caller came, with a minute's grace for each step of priority."""
    return entry.place.joined_ms - entry.order.priority * 60_000, entry.number


class Watched(Floor):
    """A floor that sees to it that nobody is skipped."""

    def _offer(self, entry: Entry, group: Group, desk: Desk) -> None:
        for other in self.queues:
            wanted = {name for one in other.groups for name in self.members(one)}
            passed = rank(other) < rank(entry) and not other.legs and desk.agent.name in wanted
            assert not passed, f"{other} is skipped"
        assert len(entry.legs) < (entry.lines if (entry.order.strategy or group.strategy) is Strategy.ALL else 1)
        super()._offer(entry, group, desk)


class Floors(RuleBasedStateMachine):
    """Callers come and go, agents do what they like, time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.now_ms = 0
        self.scheme = scheme()
        self.floor = Watched(self.scheme, Office())
        self.calls: list[Phones] = []

    # --- what happens ---

    @initialize(away=st.sets(st.sampled_from([one.name for one in AGENTS]), max_size=2))
    def begin(self, away: set[str]) -> None:
        for agent in sorted(away):
            self.floor.set_presence(agent, Availability.AWAY, 0)

    @precondition(lambda self: len(self.calls) < 12)
    @rule(way=st.sampled_from([str(digit) for digit in range(len(WAYS))]), caller=st.sampled_from("0123"))
    def call(self, way: str, caller: str) -> None:
        number = f"+4930{caller}00000" if caller != "0" else ""
        self.calls.append(Phones(self.floor, self.scheme, self.now_ms, number, way, lines=3))

    @precondition(lambda self: any(one.ringing for one in self.calls))
    @rule(
        data=st.data(),
        outcome=st.sampled_from([None, None, Outcome.REJECTED, Outcome.BUSY, Outcome.UNREACHABLE, Outcome.NO_ANSWER]),
    )
    def phone(self, data: st.DataObject, outcome: Outcome | None) -> None:
        """Answer a phone that rings, or do not."""
        call, ticket = data.draw(st.sampled_from([(one, ticket) for one in self.calls for ticket in one.ringing]))
        if outcome is None:
            call.answer(ticket)
        else:
            call.end(ticket, outcome)

    @precondition(lambda self: any(one.up for one in self.calls))
    @rule(data=st.data())
    def agent_hangs_up(self, data: st.DataObject) -> None:
        call, ticket = data.draw(st.sampled_from([(one, ticket) for one in self.calls for ticket in one.up]))
        call.end(ticket, Outcome.HUNG_UP)

    @precondition(lambda self: any(not one.gone for one in self.calls))
    @rule(data=st.data(), key=st.sampled_from([None, "1", "2", "9"]))
    def caller_acts(self, data: st.DataObject, key: str | None) -> None:
        """Press a key, or hang up."""
        call = data.draw(st.sampled_from([one for one in self.calls if not one.gone]))
        if key is None:
            call.hang_up()
        else:
            call.press(key)

    @rule(agent=st.sampled_from(AGENTS), availability=st.sampled_from(Availability))
    def presence(self, agent: Agent, availability: Availability) -> None:
        self.floor.set_presence(agent.name, availability, self.now_ms)

    @rule(groups=st.sampled_from([GROUPS, OTHERS]))
    def reload(self, groups: tuple[Group, ...]) -> None:
        self.floor.reload(scheme(groups), Office(), self.now_ms)

    @rule(ms=st.sampled_from([100, 3_000, 16_000, 70_000]))
    def time(self, ms: int) -> None:
        """Let time pass, from one moment at which something is due to the next."""
        until_ms = self.now_ms + ms
        for _ in range(2_000):
            dues = [(due, call) for call in self.calls if (due := call.next_ms) is not None and due <= until_ms]
            floor_ms = self.floor.next_deadline_ms
            first_ms = min([due for due, _ in dues], default=until_ms + 1)
            if floor_ms is not None and floor_ms <= min(first_ms, until_ms):
                self._now(floor_ms)
                self.floor.wake(self.now_ms)
            elif dues:
                self._now(first_ms)
                next(call for due, call in dues if due == first_ms).wake(self.now_ms)
            else:
                self._now(until_ms)
                return
            self.holds()
        raise AssertionError("time stands still")

    def _now(self, now_ms: int) -> None:
        self.now_ms = max(self.now_ms, now_ms)
        for call in self.calls:
            call.now_ms = self.now_ms

    # --- what always holds ---

    @invariant()
    def holds(self) -> None:
        self.agents_hold_what_they_may()
        self.entries_leave_once()
        self.nobody_is_skipped_or_left_waiting()
        self.places_only_get_better()
        assert not [trouble for call in self.calls for trouble in call.runner.troubles]
        assert not self.floor._outbox

    def agents_hold_what_they_may(self) -> None:
        """An agent has no more calls than they take, one phone rings, and the floor knows the same as the phones."""
        ringing = Counter(agent for call in self.calls for agent in call.ringing.values())
        up = Counter(agent for call in self.calls for agent in call.up.values())
        for agent in AGENTS:
            assert ringing[agent.name] <= 1
            assert ringing[agent.name] + up[agent.name] <= agent.limit
            desk = self.floor._desks[agent.name]
            assert not any(leg.stage is Stage.OFFERED for leg in desk.legs), "an offer is taken at once"
            live = [leg for leg in desk.legs if leg.over_ms is None]
            assert len(live) == ringing[agent.name] + up[agent.name]

    def entries_leave_once(self) -> None:
        """Who joined a queue left it once or waits, and who waits is there."""
        waiting = {(entry.call, entry.order.ticket) for entry in self.floor.queues}
        seats = {seat.number: seat for seat in self.floor._seats.values()}
        for call in self.calls:
            joined = [one.ticket for entry in call.runner.journal for one in entry.effects if isinstance(one, Enqueue)]
            left = Counter(one.event.ticket for one in call.runner.journal if isinstance(one.event, QueueLeft))
            assert set(left) <= set(joined)
            assert all(count == 1 for count in left.values())
            open_tickets = {ticket for ticket in joined if not left[ticket]}
            if call.gone:
                assert not open_tickets
                assert not call.ringing
                assert not call.up
        assert all(not seats[number].is_over for number, _ in waiting)

    def nobody_is_skipped_or_left_waiting(self) -> None:
        """No agent who may be offered is wanted by anybody who waits and is rung nowhere."""
        free = {name for name, desk in self.floor._desks.items() if desk.may_be_offered(self.now_ms)}
        for entry in self.floor.queues:
            if not entry.legs:
                assert any(self.floor._desks[name].answers(self.now_ms) for name in self._wanted(entry)), "nobody"
                wanted = self._wanted(entry)
                assert not wanted & free, entry

    def _wanted(self, entry: Entry) -> set[str]:
        return {name for group in entry.groups for name in self.floor.members(group)}

    def places_only_get_better(self) -> None:
        """A place told is never worse than the one before, but for callers with priority who came since."""
        for call in self.calls:
            worst: dict[int, int] = {}
            for moved in (one.event for one in call.runner.journal if isinstance(one.event, QueueMoved)):
                before = worst.get(moved.ticket, moved.position)
                arrived = self._overtook(call, moved)
                assert moved.position <= before + arrived, (moved, before)
                assert 1 <= moved.position <= moved.length
                worst[moved.ticket] = min(before, moved.position)

    def _overtook(self, call: Phones, moved: QueueMoved) -> int:
        """Count who came later with more priority than a caller has."""
        own, at_ms = next(
            (one, call.began_ms + entry.event.at_ms)
            for entry in call.runner.journal
            for one in entry.effects
            if isinstance(one, Enqueue) and one.ticket == moved.ticket
        )
        return sum(
            at_ms <= came_ms <= call.began_ms + moved.at_ms
            for other, came_ms in self._arrivals()
            if other.group == own.group and other.priority > own.priority
        )

    def _arrivals(self) -> Iterator[tuple[Enqueue, int]]:
        for call in self.calls:
            for entry in call.runner.journal:
                for one in entry.effects:
                    if isinstance(one, Enqueue):
                        yield one, call.began_ms + entry.event.at_ms

    def teardown(self) -> None:
        """Let everybody hang up: nothing is left, and every agent is free in the end."""
        for call in self.calls:
            if not call.gone:
                call.hang_up()
        self.time(70_000)
        self.time(70_000)
        assert not len(self.floor.queues)
        assert not self.floor._seats
        assert all(not desk.legs for desk in self.floor._desks.values())


TestFloors = Floors.TestCase
TestFloors.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
