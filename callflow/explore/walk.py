"""One simulated call that goes as it was decided, up to the first thing that was not."""

from collections import Counter
from typing import Any, Final

import attrs

from callflow import words
from callflow.engine.effects import Fetch, Play
from callflow.engine.events import CallOffered
from callflow.engine.session import (
    Activity,
    Consultation,
    Disposition,
    InRoom,
    MenuKeys,
    MessageBeing,
    Pausing,
    Queued,
    Ringing,
    Session,
)
from callflow.explore.given import Act, Given, Ground, Plan
from callflow.explore.questions import HANG_UP, OF_THE_NUMBER, SILENCE, SPEAK, SPEAK_MS, Question, Situation
from callflow.machine.model import Connecting, Counting, Fetching, Queueing, Splitting, State, Transferring, Value
from callflow.runner.journal import Entry
from callflow.sim.behaviour import Behaviour, Reaction
from callflow.sim.call import SimCall, spoken_ms
from callflow.sim.play import KEY_MS
from callflow.sim.scenario import Scenario
from callflow.sim.world import WebAnswer, World

EVENTS_MAX: Final = 5_000
"""Things that happen in one call, at most: a call that waits for hours hears much music."""

THINK_MS, WAIT_MS = 200, 2_000
_SILENT, _WAITS = "silent", "waits"


class _Undecided(Exception):
    def __init__(self, question: Question, state: int) -> None:
        super().__init__()
        self.question = question
        self.state = state


@attrs.frozen
class Known:
    """What is known of a call so far."""

    passed: tuple[int, ...]
    """The states it came to."""
    heard: frozenset[str]
    """Words and sound files that were played."""
    silent_ms: int
    """The longest time for which the caller heard nothing and talked with nobody."""
    waited_ms: int
    """The longest time the caller waited for somebody at a stretch."""


@attrs.frozen
class Halt:
    """A call has come to something that has to be decided. Calls with the same `place` go the same ways from here."""

    known: Known
    question: Question
    place: tuple[Any, ...]


@attrs.frozen
class Call:
    """A call that came to its end, and a script that goes the same way."""

    known: Known
    scenario: Scenario
    journal: tuple[Entry, ...]
    outcome: Disposition
    tags: Value = None


def walk(ground: Ground, called: str, plan: Plan) -> Halt | Call:
    """Return where a call to a number halts, or the call when all was decided that came up."""
    return _Walk(ground, called, plan).walk()


def usual(ground: Ground, called: str, plan: Plan) -> Call:
    """Return a call in which everything that was not decided goes the first way that there is, and the caller who was
    not told does nothing: which the checker proves to come to an end.
    """
    while isinstance(found := walk(ground, called, plan), Halt):
        answers = found.question.answers
        key, value = next((one for one in answers if one[1] == SILENCE and one[0][0] == "do"), answers[0])
        plan = {**plan, key: value}
    return found


class _Caller(SimCall):
    """A call whose walk knows it before its first step."""

    def __init__(self, walk: "_Walk", world: World, offer: CallOffered) -> None:
        walk.call = self
        super().__init__(world, offer, walk.listen)


class _Walk:
    call: SimCall

    def __init__(self, ground: Ground, called: str, plan: Plan) -> None:
        self._ground = ground
        self._machine = ground.machine
        self._called = called
        self._plan = plan
        self._given = Given(ground, called, plan)
        self._counts: Counter[str] = Counter()
        self._draws = 0
        self._involved: set[str] = set()
        self._manner = Behaviour(Reaction.NEVER_ANSWERS)
        self._answering = False
        """Whether somebody is being rung who answers: the others do not."""
        self._did: dict[str, list[Behaviour]] = {}
        self._webs: dict[str, list[WebAnswer]] = {}
        self._looked = 0
        """How many of the states that were passed have been looked at."""
        self._acts: list[Act] = []
        self._heard: set[str] = set()
        self._left: Activity | None = None
        """What is left to itself: the caller decided to do nothing about it."""
        self._doing, self._since_ms = "", 0
        self._longest: Counter[str] = Counter()

    def walk(self) -> Halt | Call:
        try:
            return self._to_the_end()
        except _Undecided as undecided:
            return Halt(self._known(), undecided.question, self._place(undecided))

    def _to_the_end(self) -> Call:
        world = World(self._machine, self._given.almanac(), self._agent, spoken_ms, self._web)
        self._given.settle(world)
        call = _Caller(self, world, self._given.offer())
        for _ in range(EVENTS_MAX):
            if call.over:
                break
            if not self._decide(call) and not call.step():
                break
        if not call.over:
            self._hang_up(call)
        call.run()
        self._goes_on(call.now_ms, "")
        session = call.runner.session
        assert session.disposition is not None, "a call came to no end"
        script = self._given.scenario(self._acts, self._did, self._webs)
        return Call(
            self._known(), script, tuple(call.runner.journal), session.disposition, session.names.get("call.tags")
        )

    def _known(self) -> Known:
        runner = self.call.runner
        return Known(tuple(runner.passed), frozenset(self._heard), self._longest[_SILENT], self._longest[_WAITS])

    # --- what the call does ---

    def listen(self, entry: Entry) -> None:
        """Look at a step before what it orders is done."""
        runner = self.call.runner
        session = runner.session
        self._goes_on(entry.event.at_ms, _doing(session.activity))
        while self._looked < len(runner.passed):
            number = runner.passed[self._looked]
            question = self._ground.questions.at(number, self._situation(session))
            if question is not None:
                raise _Undecided(question, number)
            self._enter(self._machine.states[number], session)
            self._looked += 1
        self._draws = session.draws
        for effect in entry.effects:
            if isinstance(effect, Play):
                self._heard.update(said for item in effect.items for said in (item.text, item.file) if said)
            if isinstance(effect, Fetch):
                self._webs.setdefault(effect.url, []).append(self._plan["web", self._counts["web"] - 1])

    def _enter(self, state: State, session: Session) -> None:
        """Take note of a state that is entered with everything decided that it asks for."""
        match state:
            case Connecting() | Queueing() | Transferring():
                self._involved.update(self._ground.questions.members(state, self._situation(session)))
                self._manner = self._plan.get(("manner", self._counts["manner"]), Behaviour(Reaction.NEVER_ANSWERS))
                self._answering = False
                self._counts["manner"] += 1
            case Counting(group=group) if group:
                self._involved.update(self._machine.groups[group].members)
            case Fetching():
                self._counts["web"] += 1
            case Splitting():
                self._counts["split"] += 1
                self._draws += 1
            case _:
                pass

    def _situation(self, session: Session) -> Situation:
        return Situation(session.names, self._plan, self._counts, self._draws, frozenset(self._involved))

    def _agent(self, agent: str, uri: str) -> Behaviour:
        does = self._manner
        if does.reaction is Reaction.ANSWERS and self._answering:
            does = Behaviour(Reaction.NEVER_ANSWERS)
        self._answering = True
        self._did.setdefault(agent or uri, []).append(does)
        return does

    def _web(self, fetch: Fetch) -> WebAnswer:
        return self._webs[fetch.url][-1]

    def _goes_on(self, at_ms: int, doing: str) -> None:
        """Take note of what is going on from a moment on."""
        if doing != self._doing:
            self._longest[self._doing] = max(self._longest[self._doing], at_ms - self._since_ms)
            self._doing, self._since_ms = doing, at_ms

    # --- what the caller does ---

    def _decide(self, call: SimCall) -> bool:
        """Let the caller do what was decided, where there is something to do. Returns whether they did something."""
        session = call.runner.session
        state = self._machine.states[session.state]
        questions, count = self._ground.questions, self._counts["do"]
        if session.activity == self._left or session.disposition is not None:
            return False
        match session.activity:
            case MenuKeys(keys=""):
                return self._do(call, questions.keys(state, count), THINK_MS)
            case Ringing() | Queued() if not isinstance(self._left, Ringing | Queued):
                return self._do(call, questions.waiting(state, count), WAIT_MS)
            case Ringing() | Queued():
                return False
            case MessageBeing():
                return self._do(call, questions.message(count), 0)
            case InRoom():
                call.run_until(call.now_ms + WAIT_MS)
                self._hang_up(call)
                return True
            case _:
                self._left = None
                return False

    def _do(self, call: SimCall, question: Question | None, after_ms: int) -> bool:
        activity = call.runner.session.activity
        self._left = activity
        if question is None:
            return False
        if question.key not in self._plan:
            self._left = None
            raise _Undecided(question, call.runner.session.state)
        self._counts["do"] += 1
        does = self._plan[question.key]
        speaks = isinstance(activity, MessageBeing)
        if does == SILENCE or (
            does != HANG_UP and speaks is not (does == SPEAK)
        ):  # as another scheme's plan may have it
            return False
        call.run_until(call.now_ms + after_ms)
        if type(call.runner.session.activity) is not type(activity):
            return True
        if does == HANG_UP:
            self._hang_up(call)
        elif does == SPEAK:
            self._acts.append(Act(call.now_ms, "say", words.duration(SPEAK_MS)))
            call.say(SPEAK_MS)
        else:
            self._press(call, does)
        return True

    def _press(self, call: SimCall, keys: str) -> None:
        began_ms = call.now_ms
        for number, key in enumerate(keys):
            if number:
                call.run_until(call.now_ms + KEY_MS)
            if call.over:
                keys = keys[:number]
                break
            call.press(key)
        self._acts.append(Act(began_ms, "press", keys))

    def _hang_up(self, call: SimCall) -> None:
        if not call.over:
            self._acts.append(Act(call.now_ms, "hangup", ""))
            call.hang_up()

    # --- where the call stands ---

    def _place(self, undecided: _Undecided) -> tuple[Any, ...]:
        """Return everything that can still matter to where this call goes."""
        session = self.call.runner.session
        matter = self._ground.live.at(undecided.state)
        names = [(name, str(value)) for name, value in session.names.items() if name in matter.names]
        visits = [
            (menu, visit.passes > 0, visit.fruitless, visit.silences, visit.invalids, visit.silent)
            for menu, visit in session.visits.items()
            if menu in matter.menus
        ]
        settled = [
            (kind, str(name), str(value))
            for (kind, name), value in self._plan.items()
            if kind in ("crowd", "last")
            or (kind == "schedule" and name in matter.schedules)
            or (
                kind == "given"
                and (name in matter.names or (name in OF_THE_NUMBER and matter.names.intersection(OF_THE_NUMBER)))
            )
        ]
        return (
            tuple(part for part in undecided.question.key if isinstance(part, str)),
            undecided.state,
            session.state,
            _shape(session.activity),
            self._manner if isinstance(session.activity, Ringing | Queued) else None,
            session.answered,
            session.handler,
            session.typed,
            tuple(sorted(names)),
            tuple(sorted(visits)),
            tuple(sorted(settled)),
        )


def _doing(activity: Activity) -> str:
    """Return what a caller is left with: silence, or waiting for somebody."""
    match activity:
        case Ringing() | Queued():
            return _WAITS
        case MenuKeys() | Pausing() | Consultation():
            return _SILENT
        case _:
            return ""


def _shape(activity: Activity) -> str:
    """Return an activity without times and tickets."""
    detail = activity.keys if isinstance(activity, MenuKeys) else ""
    return f"{type(activity).__name__} {detail}"
