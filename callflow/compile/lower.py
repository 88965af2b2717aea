"""Checked scheme to machine. Total: what could not be settled becomes the end of the call, and is told elsewhere.

A block is lowered from its last statement to its first, so that every state knows where it leads. Flows are referred
to by labels (negative numbers) until all of them are there; then states are numbered as they were written.
"""

from collections.abc import Callable
from typing import Any, Final, assert_never

import attrs

from callflow import limits
from callflow.check.checker import Checked
from callflow.check.names import names_sound
from callflow.compile.values import Values
from callflow.machine import model
from callflow.machine.lowered import Lowered
from callflow.machine.model import Where
from callflow.numbers import normalise
from callflow.source import Source, Span
from callflow.syntax import tree

_VOICEMAIL_GREETINGS: Final = {
    "en": "Please leave a message after the tone.",
    "de": "Bitte hinterlassen Sie eine Nachricht nach dem Ton.",
    "fr": "Veuillez laisser un message après le bip.",
    "es": "Deje su mensaje después de la señal.",
    "ru": "Пожалуйста, оставьте сообщение после сигнала.",
    "id": "Silakan tinggalkan pesan setelah nada.",
    "it": "Lasci un messaggio dopo il segnale acustico.",
    "pt": "Deixe a sua mensagem após o sinal.",
}
VOICEMAIL_PROMPT: Final = "voicemail.greeting"
"""The prompt that is said before a message where the scheme says nothing; no scheme can declare a name with a dot."""


def lower(checked: Checked, source: Source) -> Lowered:
    """Return the machine of a checked scheme."""
    return _Lowering(checked, source).machine()


class _Lowering:
    def __init__(self, checked: Checked, source: Source) -> None:
        self._names = checked.names
        self._kinds = checked.kinds
        self._source = source
        self._states: list[model.State] = []
        self._spans: list[Span] = []
        self._implied: set[int] = set()
        self._reads: list[tuple[int, str, Span]] = []
        self._labels = {name: -1 - number for number, name in enumerate(self._names.flows)}
        self._labels.setdefault("start", -1 - len(self._labels))
        self._flow = "start"
        self._menus: list[int] = []
        self._region = self._names.region.name if self._names.region else ""
        self._values = Values(self._kinds, self._region)

    # --- the whole ---

    def machine(self) -> Lowered:
        """Return what the scheme becomes."""
        entries: dict[int, int] = {}
        for name, flow in self._names.flows.items():
            self._flow = name
            entries[self._labels[name]] = self._block(flow.body, self._end_of(flow))
        if self._labels["start"] not in entries:
            self._flow = "start"
            entries[self._labels["start"]] = self._end(Span(0, 0))
        landed, circles = self._land(entries)
        order = sorted(range(len(self._states)), key=lambda n: (self._spans[n].start, -self._spans[n].end, -n))
        place = {number: at for at, number in enumerate(order)}

        def settle(number: int) -> int:
            return place[landed[number] if number < 0 else number]

        states = tuple(redirect(self._states[number], settle) for number in order)
        flows = {name: settle(label) for name, label in self._labels.items()}
        return Lowered(
            machine=self._machine(states, flows),
            spans=tuple(self._spans[number] for number in order),
            implied=frozenset(place[number] for number in self._implied),
            reads=tuple((place[number], name, span) for number, name, span in self._reads),
            circles=circles,
        )

    def _land(self, entries: dict[int, int]) -> tuple[dict[int, int], tuple[Span, ...]]:
        """Return the state behind every label; labels that only lead to each other end the call."""
        landed: dict[int, int] = {}
        circles: list[Span] = []
        flows = {self._labels[name]: flow for name, flow in self._names.flows.items()}
        for label in self._labels.values():
            seen: list[int] = []
            at = label
            while at < 0 and at not in seen:
                seen.append(at)
                at = entries[at]
            if at < 0:
                if label in seen[seen.index(at) :] and label == max(seen[seen.index(at) :]):
                    circles.append(flows[label].name.span)
                self._flow = "start"
                at = self._end(flows[label].name.span)
            landed[label] = at
        return landed, tuple(circles)

    def _machine(self, states: tuple[model.State, ...], flows: dict[str, int]) -> model.Machine:
        names = self._names
        numbers = {
            normalise(route.number.plain, self._region): flows.get(route.flow.name, flows["start"])
            for route in reversed(names.numbers)
        }
        return model.Machine(
            scheme=names.title.plain if names.title else "",
            timezone=names.timezone.plain if names.timezone else "",
            region=self._region,
            languages=names.tags,
            agents={name: self._agent(one) for name, one in names.agents.items()},
            groups={name: self._group(one) for name, one in names.groups.items()},
            prompts={name: self._prompt(one) for name, one in names.prompts.items()} | self._given_prompts(),
            schedules={name: model.Schedule(name, one.hours.plain) for name, one in names.schedules.items()},
            numbers=numbers,
            flows=flows,
            start=flows["start"],
            states=states,
        )

    def _agent(self, one: tree.AgentDecl) -> model.Agent:
        return model.Agent(one.name.name, one.uri.plain, one.extension.written if one.extension else "")

    def _group(self, one: tree.GroupDecl) -> model.Group:
        strategy, each_ms = _ring_options(one.options)
        members = tuple(dict.fromkeys(m.name for m in one.members if m.name in self._names.agents))
        return model.Group(one.name.name, members, strategy or model.Strategy.ALL, each_ms)

    def _prompt(self, one: tree.PromptDecl) -> model.Prompt:
        texts: dict[str, str] = {}
        files: dict[str, str] = {}
        for entry in one.entries:
            tag = entry.tag.name if entry.tag else ""
            if entry.is_file or names_sound(entry.text):
                files.setdefault(tag, entry.text.plain)
            else:
                texts.setdefault(tag or self._names.tags[0], entry.text.plain)
        if files and not texts:
            files.setdefault("", next(iter(files.values())))  # a language without its own hears the first one
        return model.Prompt(one.name.name, texts, files)

    def _given_prompts(self) -> dict[str, model.Prompt]:
        if not any(isinstance(state, model.TakingMessage) for state in self._states):
            return {}
        texts = {
            tag: _VOICEMAIL_GREETINGS.get(tag.split("-")[0].lower(), _VOICEMAIL_GREETINGS["en"])
            for tag in self._names.tags
        }
        return {VOICEMAIL_PROMPT: model.Prompt(VOICEMAIL_PROMPT, texts, {})}

    # --- states ---

    def _add(self, state: model.State, span: Span) -> int:
        self._states.append(state)
        self._spans.append(span)
        return len(self._states) - 1

    def _where(self, span: Span) -> Where:
        return Where(self._flow, self._source.line_of(span.start))

    def _end(self, span: Span) -> int:
        number = self._add(model.HangingUp(self._where(span)), span)
        self._implied.add(number)
        return number

    def _end_of(self, flow: tree.FlowDecl) -> Callable[[], int]:
        made: list[int] = []

        def end() -> int:
            if not made:
                made.append(self._end(Span(flow.span.end - 1, flow.span.end)))
            return made[0]

        return end

    def _block(self, block: tree.Block, end: Callable[[], int]) -> int:
        """Return the state in which a block begins; `end` makes the one behind it when it is needed."""
        following: int | None = None
        for statement in reversed(block.statements):
            behind = end if following is None else (lambda number=following: number)
            following = self._statement(statement, behind)
        return end() if following is None else following

    def _statement(self, statement: tree.Statement, behind: Callable[[], int]) -> int:
        span = statement.span
        where = self._where(span)
        match statement:
            case tree.Answer():
                return self._add(model.Answering(where, behind()), span)
            case tree.Play(passage=passage):
                return self._reading(model.Playing(where, self._passage(passage), behind()), span)
            case tree.Wait(duration=duration):
                return self._add(model.Waiting(where, duration.ms, behind()), span)
            case tree.SetName(name=name, value=value):
                return self._reading(model.Setting(where, name.name, self._values.value(value), behind()), span)
            case tree.Language(tag=tag):
                return self._add(model.Speaking(where, tag.name, behind()), span)
            case tree.Goto(flow=flow):
                return self._labels[flow.name] if flow.name in self._labels else self._end(span)
            case tree.Again():
                return self._add(model.Repass(where, self._menus[-1]), span) if self._menus else self._end(span)
            case tree.Hangup():
                return self._add(model.HangingUp(where), span)
            case tree.Reject(reason=reason):
                return self._add(model.Rejecting(where, model.RejectReason(reason)), span)
            case tree.RecordCall(side=side):
                return self._add(model.RecordingCall(where, model.Side(side), behind()), span)
            case tree.When():
                return self._when(statement, behind)
            case tree.Menu():
                return self._menu(statement, behind)
            case tree.Connect():
                return self._connect(statement, behind)
            case tree.Voicemail():
                return self._voicemail(statement, behind)
            case _:
                assert_never(statement)

    def _reading(self, state: model.State, span: Span) -> int:
        """Add a state whose values were just lowered, and note which names it reads. Returns where it is entered."""
        return self._noting(self._add(state, span))

    def _noting(self, number: int) -> int:
        """Note which names a state reads; return where it is entered: where the schedules it reads are asked after."""
        self._reads.extend((number, name, place) for name, place in self._values.take_reads())
        entered = number
        for schedule in self._values.take_schedules():
            if schedule in self._names.schedules:
                asking = model.Consulting(self._states[number].where, schedule, entered)
                entered = self._add(asking, self._spans[number])
        return entered

    def _when(self, when: tree.When, behind: Callable[[], int]) -> int:
        once = _once(behind)
        then = self._block(when.then, once)
        other = self._block(when.other, once) if when.other else once()
        condition = self._values.value(when.condition)
        return self._reading(model.Branch(self._where(when.span), condition, then, other), when.span)

    def _passage(self, passage: tree.PlayItems) -> model.Passage:
        items = tuple(self._item(item) for item in passage.items)
        return model.Passage(items, passage.uninterrupted)

    def _item(self, item: tree.Text | tree.Ident) -> model.Item:
        if isinstance(item, tree.Ident):
            known = item.name in self._names.prompts
            return model.PromptNamed(item.name) if known else model.Words(model.Const(""))
        if item.is_plain and names_sound(item):
            return model.Sound(item.plain)
        return model.Words(self._values.text(item))

    # --- menu ---

    def _menu(self, menu: tree.Menu, behind: Callable[[], int]) -> int:
        where = self._where(menu.span)
        number = self._add(model.HangingUp(where), menu.span)  # takes the place until its exits are there
        once = _once(behind)
        options = {one.name: one.duration.ms for one in menu.options if isinstance(one, tree.Setting)}
        tries = next((one for one in menu.options if isinstance(one, tree.Tries)), None)
        apart = tries is not None and tries.invalid is not None
        clauses = {one.name: one.body for one in menu.clauses if isinstance(one, tree.Clause)}
        following = self._block(clauses["otherwise"], once) if "otherwise" in clauses else None
        self._menus.append(number)
        keys = {one.key: self._block(one.body, once) for one in menu.clauses if isinstance(one, tree.Press)}
        dial = next((one for one in menu.clauses if isinstance(one, tree.DialExtension)), None)
        again = self._again(menu)
        passes = {name: self._block(clauses[name], again) for name in ("silence", "invalid") if name in clauses}
        extensions = None if dial is None else self._extension(dial, once)
        lowered = model.Menu(
            where=where,
            passages=tuple(self._passage(one.passage) for one in menu.clauses if isinstance(one, tree.Play)),
            retry=tuple(self._passage(one.passage) for one in menu.clauses if isinstance(one, tree.Retry)),
            keys=keys,
            extensions=extensions,
            tries=tries.silence.value if tries else limits.MENU_TRIES,
            silence_tries=tries.silence.value if tries and apart else None,
            invalid_tries=tries.invalid.value if tries and tries.invalid else None,
            timeout_ms=options.get("timeout", limits.MENU_TIMEOUT_MS),
            pause_ms=options.get("pause", limits.MENU_PAUSE_MS),
            silence=passes.get("silence"),
            invalid=passes.get("invalid"),
            next=once() if following is None else following,
        )
        self._menus.pop()
        self._states[number] = lowered
        return self._noting(number)

    def _again(self, menu: tree.Menu) -> Callable[[], int]:
        number = self._menus[-1]
        end = Span(menu.span.end - 1, menu.span.end)
        return _once(lambda: self._imply(model.Repass(self._where(menu.span), number), end))

    def _imply(self, state: model.State, span: Span) -> int:
        number = self._add(state, span)
        self._implied.add(number)
        return number

    def _extension(self, dial: tree.DialExtension, once: Callable[[], int]) -> int:
        if dial.body is not None:
            return self._block(dial.body, once)
        connect = tree.Connect(tree.DialledExtension(dial.span), (), (), dial.span)
        return self._connect(connect, once)

    # --- connect and voicemail ---

    def _connect(self, connect: tree.Connect, behind: Callable[[], int]) -> int:
        once = _once(behind)
        clauses = {one.name: one.body for one in connect.clauses if isinstance(one, tree.Clause)}
        bodies = {name: self._block(body, once) for name, body in clauses.items()}
        keys = {one.key: self._block(one.body, once) for one in connect.clauses if isinstance(one, tree.Press)}
        strategy, each_ms = _ring_options(connect.options)
        times = {one.name: one.duration.ms for one in connect.options if isinstance(one, tree.Setting)}
        music = next((one for one in connect.options if isinstance(one, tree.Music)), None)

        def failed(name: str) -> int:
            return bodies[name] if name in bodies else bodies["failed"] if "failed" in bodies else once()

        state = model.Connecting(
            where=self._where(connect.span),
            target=self._target(connect.target),
            strategy=strategy,
            ring_ms=times.get("for"),
            each_ms=each_ms,
            music=self._music(music) if music else None,
            keys=keys,
            answered=bodies.get("answered"),
            busy=failed("busy"),
            no_answer=failed("no answer"),
            rejected=failed("rejected"),
            unreachable=failed("unreachable"),
        )
        return self._reading(state, connect.span)

    def _target(self, target: tree.Ident | tree.Text | tree.DialledExtension) -> model.Target:
        match target:
            case tree.Ident(name=name):
                if name in self._names.agents:
                    return model.AgentTarget(name)
                return model.GroupTarget(name) if name in self._names.groups else model.AddressTarget(model.Const(None))
            case tree.Text():
                return model.AddressTarget(self._values.value(target))
            case tree.DialledExtension():
                return model.ExtensionTarget()
            case _:
                assert_never(target)

    def _music(self, music: tree.Music) -> model.Passage:
        item = model.Sound(model.MUSIC) if music.item is None else self._item(music.item)
        return model.Passage((item,))

    def _voicemail(self, voicemail: tree.Voicemail, behind: Callable[[], int]) -> int:
        max_ms = limits.VOICEMAIL_MS
        greeting = model.Passage((model.PromptNamed(VOICEMAIL_PROMPT),))
        for option in voicemail.options:
            if isinstance(option, tree.Setting):
                max_ms = option.duration.ms
            else:
                greeting = self._passage(option.passage)
        box = voicemail.box.name if isinstance(voicemail.box, tree.Ident) else voicemail.box.plain
        state = model.TakingMessage(self._where(voicemail.span), box, max_ms, greeting, behind())
        return self._reading(state, voicemail.span)


def _once(make: Callable[[], int]) -> Callable[[], int]:
    """Return a function that makes a state the first time and gives the same one ever after."""
    made: list[int] = []

    def give() -> int:
        if not made:
            made.append(make())
        return made[0]

    return give


def _ring_options(
    options: tuple[tree.RingStrategy | tree.Setting | tree.Music, ...],
) -> tuple[model.Strategy | None, int | None]:
    strategy: model.Strategy | None = None
    each_ms: int | None = None
    for option in options:
        match option:
            case tree.RingStrategy(in_turn=in_turn):
                strategy = model.Strategy.IN_TURN if in_turn else model.Strategy.ALL
            case tree.Setting(name="each", duration=duration):
                each_ms = duration.ms
            case _:
                pass
    return strategy, each_ms


def redirect(state: model.State, settle: Callable[[int], int]) -> model.State:
    """Return a state with every number of a state put through `settle`."""
    changes: dict[str, Any] = {}
    for name in ("next", "then", "other", "menu", "busy", "no_answer", "rejected", "unreachable"):
        if hasattr(state, name):
            changes[name] = settle(getattr(state, name))
    for name in ("extensions", "silence", "invalid", "answered"):
        number = getattr(state, name, None)
        if number is not None:
            changes[name] = settle(number)
    if isinstance(state, model.Menu | model.Connecting):
        changes["keys"] = {key: settle(number) for key, number in state.keys.items()}
    return attrs.evolve(state, **changes)
