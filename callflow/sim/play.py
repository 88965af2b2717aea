"""Plays a scripted call against a machine, and says what went differently."""

import json
from collections import Counter
from datetime import datetime
from functools import partial
from itertools import zip_longest
from typing import Final

import attrs

from callflow.almanac.almanac import Schedules
from callflow.almanac.zones import zone
from callflow.engine.effects import Fetch, HangUp, Notify, Play, Reject
from callflow.engine.events import CallerHungUp, CallOffered, LegAnswered, PromptEnded
from callflow.engine.session import Disposition
from callflow.machine.model import Machine, Prompt, Spoken, Value
from callflow.numbers import country_of, normalise
from callflow.runner.journal import Entry
from callflow.runner.transcript import Transcript, described
from callflow.sim.behaviour import Behaviour, parse_duration
from callflow.sim.call import ENDLESS_MS, SimCall, spoken_ms
from callflow.sim.results import GROWING, Results
from callflow.sim.scenario import Expectation, Other, Scenario, Step
from callflow.sim.trace import same, trace
from callflow.sim.world import WebAnswer, World, no_web

KEY_MS: Final = 200
"""Time from one key to the next when a caller types several."""

UNSTATED_AT: Final = datetime(2026, 3, 10, 10, 0)  # noqa: DTZ001  in the scheme's time zone
"""When a call takes place that does not say so: a Tuesday morning that is no public holiday in any region."""


def wall_clock_ms(machine: Machine, moment: datetime) -> int:
    """Return a moment as milliseconds since 1970 UTC, in the scheme's time zone where it names none itself."""
    if moment.tzinfo is not None:
        return round(moment.timestamp() * 1_000)
    return zone(machine.timezone or "UTC").opening(moment)


_MARK, _PLAIN = "▶ ", "  "
"""What stands before a line of a ladder: the first that is otherwise than the script says, and any other."""


@attrs.frozen
class Mismatch:
    """What was expected on a line of the scenario file, and what happened."""

    line: int
    message: str
    entry: int | None = None
    """The entry of the journal at which the call goes otherwise, as far as one is known."""


@attrs.frozen
class Played:
    """A scripted call that was played."""

    scenario: Scenario
    journal: tuple[Entry, ...]
    mismatches: tuple[Mismatch, ...]
    passed: tuple[int, ...] = ()
    """The states that were entered, in this call and in others beside it."""
    outcome: Disposition | None = None
    tags: Value = None

    def ladder(self, machine: Machine) -> str:
        """Return the call as a text ladder."""
        transcript = Transcript(machine)
        return "\n".join([transcript.head(), *(line for entry in self.journal for line in transcript.lines(entry))])

    def marked_ladder(self, machine: Machine) -> str:
        """Return the same, with a mark at the first place where the call goes otherwise than the script says."""
        transcript = Transcript(machine)
        at = min((one.entry for one in self.mismatches if one.entry is not None), default=None)
        drawn = [f"{_PLAIN}{transcript.head()}"]
        for number, entry in enumerate(self.journal):
            lines = transcript.lines(entry)
            if at is not None and number >= at and lines:
                lines[0], at = f"{_MARK}{lines[0]}", None
                drawn += [lines[0], *(f"{_PLAIN}{line}" for line in lines[1:])]
            else:
                drawn += [f"{_PLAIN}{line}" for line in lines]
        return "\n".join([*drawn, f"{_MARK}the call is over"] if at is not None else drawn)


def play(machine: Machine, scenario: Scenario) -> Played:
    """Return what comes of a scripted call."""
    return _Script(machine, scenario).play()


@attrs.frozen
class _Heard:
    """An item that begins to be heard: as part of which prompt, from when, and until when if nothing cuts it."""

    item: Spoken
    ticket: int
    begin_ms: int
    end_ms: int


class _Script:
    def __init__(self, machine: Machine, scenario: Scenario) -> None:
        self._machine = machine
        self._scenario = scenario
        self._mismatches: list[Mismatch] = []
        self._heard_to = 0
        """How many items the steps have passed."""
        self._items: list[_Heard] = []
        """Everything that was or is to be heard; what a prompt did not get to is taken out when it is cut."""
        wall_ms = wall_clock_ms(machine, scenario.at or UNSTATED_AT)
        self._wall_ms = wall_ms
        self._others: list[SimCall] = []
        self._times_rung: Counter[str] = Counter()
        self._times_asked: Counter[str] = Counter()
        forced = {name: held for name, held in scenario.schedules.items() if name in machine.schedules}
        almanac = Schedules(machine, forced=forced)
        self._world = World(machine, almanac, self._agent, self._duration, self._web)
        self._lead_ms = max((-other.after_ms for other in scenario.others if other.after_ms < 0), default=0)
        """When the scripted call begins, in the time of the world."""
        self._plan_others(tuple(other for other in scenario.others if other.after_ms < 0))
        if self._lead_ms:
            self._world.run_until(self._lead_ms)
        self._settle()
        self._plan_others(tuple(other for other in scenario.others if other.after_ms >= 0))
        self._call = SimCall(self._world, self._offer(), self._listen)

    def play(self) -> Played:
        """Play the steps, let the call end by itself, and compare."""
        self._check_names()
        for step in self._scenario.steps:
            if not self._do(step):
                break
        self._call.run_out()
        journal = tuple(self._call.runner.journal)
        for expectation in self._scenario.expect:
            self._compare(expectation)
        self._mismatches.extend(Mismatch(self._scenario.line, trouble) for trouble in self._call.runner.troubles)
        passed = tuple(number for call in (self._call, *self._others) for number in call.runner.passed)
        session = self._call.runner.session
        tags = session.names.get("call.tags")
        return Played(self._scenario, journal, tuple(self._mismatches), passed, session.disposition, tags)

    # --- the world ---

    def _settle(self) -> None:
        """Let the world be as the scenario says that it is when the call begins."""
        scenario, world = self._scenario, self._world
        world.settle_agents({name: does[0] for name, does in scenario.agents.items()})
        caller = normalise(scenario.caller, self._machine.region)
        world.remember(caller, scenario.remembered)
        for agent, ago_ms in scenario.last_agents:
            world.talked(caller, agent, ago_ms)

    def _offer(self) -> CallOffered:
        scenario = self._scenario
        return CallOffered(
            0,
            scenario.caller,
            scenario.called,
            scenario.caller_name,
            started_ms=self._wall_ms,
            call_id="1",
            country=country_of(normalise(scenario.caller, self._machine.region)),
            diverted_from=normalise(scenario.diverted_from, self._machine.region),
            headers=scenario.headers,
            seed=scenario.chance,
        )

    def _plan_others(self, others: tuple[Other, ...]) -> None:
        for other in others:
            self._world.plan(self._lead_ms + other.after_ms, partial(self._other_calls, other))

    def _other_calls(self, other: Other) -> None:
        """Let somebody else call now, press their keys and hang up at their times."""
        began_ms = self._world.now_ms
        offer = CallOffered(0, other.caller, other.called, started_ms=self._wall_ms - self._lead_ms + began_ms)
        call = SimCall(self._world, offer)
        self._others.append(call)
        for after_ms, key in other.keys:
            self._world.plan(began_ms + after_ms, partial(call.press, key))
        if other.hang_up_ms is not None:
            self._world.plan(began_ms + other.hang_up_ms, call.hang_up)

    def _agent(self, agent: str, uri: str) -> Behaviour:
        name = agent or uri
        does = self._scenario.agents.get(name, (Behaviour(),))
        self._times_rung[name] += 1
        return does[min(self._times_rung[name], len(does)) - 1]

    def _web(self, fetch: Fetch) -> WebAnswer:
        known = [url for url in self._scenario.web if fetch.url.startswith(url)]
        if not known:
            return no_web(fetch)
        url = max(known, key=len)
        answers = self._scenario.web[url]
        self._times_asked[url] += 1
        return answers[min(self._times_asked[url], len(answers)) - 1]

    def _duration(self, item: Spoken) -> int:
        told = self._scenario.prompts_ms
        for name in (self._name(item), item.file, item.text):
            if name and name in told:
                return told[name]
        if "" in told and not item.file.startswith("builtin:"):
            return told[""]
        return spoken_ms(item)

    def _name(self, item: Spoken) -> str:
        """Return the name of the prompt that an item is, or nothing."""
        for prompt in self._machine.prompts.values():
            if _is_of(prompt, item):
                return prompt.name
        return ""

    def _listen(self, entry: Entry) -> None:
        event = entry.event
        if isinstance(event, PromptEnded):
            self._items = [one for number, one in enumerate(self._items) if self._was_heard(number, one, event)]
        for effect in entry.effects:
            if isinstance(effect, Play):
                at = event.at_ms
                for item in effect.items:
                    end = at + (ENDLESS_MS if effect.loop else self._duration(item))
                    self._items.append(_Heard(item, effect.ticket, at, end))
                    at = end

    def _was_heard(self, number: int, one: _Heard, ended: PromptEnded) -> bool:
        """Return whether something stays heard when a prompt ends: what was to follow only now does not."""
        if one.ticket != ended.ticket or number < self._heard_to or one.begin_ms < ended.at_ms:
            return True
        is_first = number == 0 or self._items[number - 1].ticket != one.ticket
        return one.begin_ms == ended.at_ms and (is_first or one.end_ms == one.begin_ms)

    def _check_names(self) -> None:
        known = {*self._machine.agents}
        for name in self._scenario.agents:
            if name not in known and ":" not in name:
                self._mismatches.append(Mismatch(self._scenario.line, f"the scheme has no agent `{name}`"))
        for name in self._scenario.schedules:
            if name not in self._machine.schedules:
                self._mismatches.append(Mismatch(self._scenario.line, f"the scheme has no schedule `{name}`"))

    # --- steps ---

    def _otherwise(self, step: Step, message: str) -> None:
        """Take note that a step cannot be done: the call is otherwise since what happened last."""
        self._mismatches.append(Mismatch(step.line, message, len(self._call.runner.journal) - 1))

    def _do(self, step: Step) -> bool:
        """Do a step. Returns False when the call has gone another way and the rest makes no sense."""
        match step.kind:
            case "hear" | "during":
                return self._hear(step)
            case "wait":
                self._call.run_until(self._call.now_ms + step.ms)
            case "say":
                return self._say(step)
            case _:
                return self._act(step)
        return True

    def _act(self, step: Step) -> bool:
        """Press or hang up, which is too late when the call is over."""
        if self._call.over:
            self._otherwise(step, f"the call was over before `{step.kind}`")
            return False
        if step.kind == "hangup":
            self._call.hang_up()
            return True
        for number, key in enumerate(step.text):
            if number:
                self._call.run_until(self._call.now_ms + KEY_MS)
            self._call.press(key)
        return True

    def _say(self, step: Step) -> bool:
        """Speak as soon as a message is being recorded."""
        while not self._call.recording:
            if self._call.over or not self._call.step():
                self._otherwise(step, "no message was being recorded for `say`")
                return False
        self._call.say(step.ms)
        self._call.run_until(self._call.now_ms + step.ms)
        return True

    def _hear(self, step: Step) -> bool:
        while (found := self._next_like(step.text)) is None:
            if not self._advance():
                heard = [described(one.item) for one in self._items[self._heard_to :]]
                instead = f", only {', '.join(heard)}" if heard else ", and nothing else either"
                self._otherwise(step, f"`{step.text}` was not heard{instead}")
                return False
        self._heard_to = found + 1
        if step.kind == "hear":
            self._hear_out(self._items[found])
        return True

    def _advance(self) -> bool:
        """Let the next thing happen, be it only that the next item of a prompt begins."""
        begins = (one.begin_ms for one in self._items if one.begin_ms > self._call.now_ms)
        begin, at = min(begins, default=None), self._call.next_ms
        if begin is None or at is None or at <= begin:
            return self._call.step()
        self._call.run_until(begin)
        return True

    def _hear_out(self, heard: _Heard) -> None:
        """Let time pass until an item ends, or is cut."""
        while self._call.is_open(heard.ticket):
            at = self._call.next_ms
            if at is None or at > heard.end_ms:
                self._call.run_until(heard.end_ms)
                return
            self._call.step()

    def _next_like(self, text: str) -> int | None:
        for number in range(self._heard_to, len(self._items)):
            one = self._items[number]
            if one.begin_ms <= self._call.now_ms and self._is(one.item, text):
                return number
        return None

    def _is(self, item: Spoken, text: str) -> bool:
        prompt = self._machine.prompts.get(text)
        if prompt is not None:  # is what it names, and no part of other words
            return _is_of(prompt, item)
        if item.file == text or described(item) == text:
            return True
        return bool(text) and text.lower() in item.text.lower()

    # --- expectations ---

    def _compare(self, expectation: Expectation) -> None:
        match expectation.kind:
            case "heard":
                self._heard(expectation)
            case "waited":
                self._waited(expectation)
            case "remembered":
                self._remembered(expectation)
            case "notified":
                self._notified(expectation)
            case "trace":
                self._traced(expectation)
            case _:
                self._result(expectation)

    def _result(self, expectation: Expectation) -> None:
        """Compare what came of the call, and find the entry by which it was something else."""
        session, journal = self._call.runner.session, self._call.runner.journal
        kind, wanted, tags = expectation.kind, expectation.values, session.names.get("call.tags")
        got = Results(journal, session.disposition, tags).of(kind)
        if wanted == got or (wanted in ((), ("nobody",), ("none",)) and not got):
            return
        entry = None
        if kind in GROWING:
            parts = (Results(journal[: number + 1], None, tags).of(kind) for number in range(len(journal)))
            entry = next((number for number, part in enumerate(parts) if part != wanted[: len(part)]), len(journal))
        self._mismatches.append(Mismatch(expectation.line, _unlike(kind, wanted, got), entry))

    def _remembered(self, expectation: Expectation) -> None:
        caller = normalise(self._scenario.caller, self._machine.region)
        kept = self._world.floor.remembered(caller, self._world.now_ms)
        self._equal(expectation, expectation.values, tuple(f"{name} {value}" for name, value in sorted(kept.items())))

    def _notified(self, expectation: Expectation) -> None:
        """Compare the events that were told, and what they say where that is expected, too."""
        effects = (effect for entry in self._call.runner.journal for effect in entry.effects)
        told = [one for one in effects if isinstance(one, Notify)]
        got = tuple(
            _with_fields(one) if wanted and " " in wanted else one.event
            for wanted, one in zip_longest(expectation.values, told)
            if one is not None
        )
        self._equal(expectation, expectation.values, got)

    def _traced(self, expectation: Expectation) -> None:
        """Compare the whole call, one thing after another."""
        got = trace(self._call.runner.journal, self._called, self._duration)
        for number, (one, other) in enumerate(zip_longest(expectation.values, got), 1):
            if one is None or other is None or not same(one, other):
                line = expectation.line if number > len(expectation.lines) else expectation.lines[number - 1]
                wanted = f"should be `{one}`" if one else "should not be there"
                found = f"is `{other}`" if other else "the call is over"
                self._mismatches.append(Mismatch(line, f"`trace`: {number} {wanted}, but {found}"))
                return

    def _called(self, item: Spoken) -> str:
        return self._name(item) or item.file or f'"{item.text}"'

    def _equal(self, expectation: Expectation, wanted: tuple[str, ...], got: tuple[str, ...]) -> None:
        if wanted != got and not (wanted in ((), ("nobody",), ("none",)) and not got):
            self._mismatches.append(Mismatch(expectation.line, _unlike(expectation.kind, wanted, got)))

    def _heard(self, expectation: Expectation) -> None:
        at = 0
        for wanted in expectation.values:
            found = next((n for n in range(at, len(self._items)) if self._is(self._items[n].item, wanted)), None)
            if found is None:
                self._mismatches.append(Mismatch(expectation.line, f"`{wanted}` was not heard, or not in this order"))
                return
            at = found + 1

    def _waited(self, expectation: Expectation) -> None:
        journal = self._call.runner.journal
        answered = next((entry.event.at_ms for entry in journal if isinstance(entry.event, LegAnswered)), None)
        ended = next((entry.event.at_ms for entry in journal if _ends(entry)), 0)
        waited = ended if answered is None else answered
        for value in expectation.values:
            word, _, length = value.partition(" ")
            limit = parse_duration(length)
            if not (waited < limit if word == "under" else waited > limit):
                self._mismatches.append(
                    Mismatch(expectation.line, f"`waited` should be {value}, but is {waited / 1000:g}s")
                )


def _unlike(kind: str, wanted: tuple[str, ...], got: tuple[str, ...]) -> str:
    return f"`{kind}` should be {', '.join(wanted)}, but is {', '.join(got) or 'nothing'}"


def _with_fields(notify: Notify) -> str:
    """Return an event with what it says, by name and as JSON writes it, but texts without quotes."""
    told = ((name, value if isinstance(value, str) else json.dumps(value)) for name, value in notify.fields.items())
    return f"{notify.event} {', '.join(f'{name} {value}' for name, value in sorted(told))}"


def _is_of(prompt: Prompt, item: Spoken) -> bool:
    """Return whether an item is what a prompt says."""
    return bool(
        (item.file and item.file in prompt.files.values()) or (item.text and item.text in prompt.texts.values())
    )


def _ends(entry: Entry) -> bool:
    """Return whether the call ended with an entry."""
    return isinstance(entry.event, CallerHungUp) or any(isinstance(one, HangUp | Reject) for one in entry.effects)
