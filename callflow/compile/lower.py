"""Checked scheme to machine. Total: what could not be settled becomes the end of the call, and is told elsewhere.

A block is lowered from its last statement to its first, so that every state knows where it leads. Flows are referred
to by labels (negative numbers) until all of them are there; then states are numbered as they were written.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, assert_never

from callflow import limits
from callflow.check.asking import USED_UP, digits_wanted
from callflow.check.checker import Checked
from callflow.check.running import runs_in_circles
from callflow.check.types import inside
from callflow.compile import given, tables
from callflow.compile.states import Behind, States, once_only
from callflow.machine import model
from callflow.machine.lowered import Lowered
from callflow.machine.redirect import redirect
from callflow.numbers import normalise
from callflow.source import Source, Span
from callflow.syntax import tree


def lower(checked: Checked, source: Source) -> Lowered:
    """Return the machine of a checked scheme."""
    return _Lowering(checked, source).machine()


class _Lowering(States):
    def __init__(self, checked: Checked, source: Source) -> None:
        super().__init__(checked, source, _remembered(checked.parsed))
        self._labels = {name: -1 - number for number, name in enumerate(self.names.flows)}
        self._labels.setdefault("start", -1 - len(self._labels))
        self._menus: list[int] = []
        self._returns: list[Behind] = []
        """Where `return` leads in the flow that is being run; empty in one that is gone to."""
        self._queue = ""
        """The group of the queue around a key."""
        self._circles = runs_in_circles(self.names)

    # --- the whole ---

    def machine(self) -> Lowered:
        """Return what the scheme becomes."""
        entries: dict[int, int] = {}
        for name, flow in self.names.flows.items():
            self.flow = name
            entries[self._labels[name]] = self._block(flow.body, self.end_of(flow.span))
        if self._labels["start"] not in entries:
            self.flow = "start"
            entries[self._labels["start"]] = self.end(Span(0, 0))
        handlers: dict[str, int] = {}
        reads = len(self.reads)
        for name, handler in self.names.handlers.items():
            self.flow = f"on {name}"
            handlers[name] = self._block(handler.body, self.end_of(handler.span))
            del self.reads[reads:]  # whatever was not set yet is `none` there
        landed, circles = self._land(entries)
        order = sorted(range(len(self.states)), key=lambda n: (self.spans[n].start, -self.spans[n].end, -n))
        place = {number: at for at, number in enumerate(order)}

        def settle(number: int) -> int:
            return place[landed[number] if number < 0 else number]

        states = tuple(redirect(self.states[number], settle) for number in order)
        flows = {name: settle(label) for name, label in self._labels.items()}
        return Lowered(
            machine=self._machine(states, flows, {name: settle(number) for name, number in handlers.items()}),
            spans=tuple(self.spans[number] for number in order),
            implied=frozenset(place[number] for number in self.implied),
            reads=tuple((place[number], name, span) for number, name, span in self.reads),
            circles=circles,
        )

    def _land(self, entries: dict[int, int]) -> tuple[dict[int, int], tuple[Span, ...]]:
        """Return the state behind every label; labels that only lead to each other end the call."""
        landed: dict[int, int] = {}
        circles: list[Span] = []
        flows = {self._labels[name]: flow for name, flow in self.names.flows.items()}
        for label in self._labels.values():
            seen: list[int] = []
            at = label
            while at < 0 and at not in seen:
                seen.append(at)
                at = entries[at]
            if at < 0:
                if label in seen[seen.index(at) :] and label == max(seen[seen.index(at) :]):
                    circles.append(flows[label].name.span)
                self.flow = "start"
                at = self.end(flows[label].name.span)
            landed[label] = at
        return landed, tuple(circles)

    def _machine(
        self, states: tuple[model.State, ...], flows: dict[str, int], handlers: dict[str, int]
    ) -> model.Machine:
        names = self.names
        numbers = {
            normalise(route.number.plain, self.region): flows.get(route.flow.name, flows["start"])
            for route in reversed(names.numbers)
        }
        return model.Machine(
            scheme=names.title.plain if names.title else "",
            timezone=names.timezone.plain if names.timezone else "",
            region=self.region,
            languages=names.tags,
            agents=tables.agents(names),
            groups=tables.groups(names),
            prompts=tables.prompts(names),
            schedules=tables.schedules(names),
            numbers=numbers,
            flows=flows,
            start=flows["start"],
            states=states,
            handlers=handlers,
            remembered=self.remembered,
            last_agent_ms=_last_agent_ms(states),
        )

    # --- states ---

    def _block(self, block: tree.Block, end: Behind) -> int:
        """Return the state in which a block begins; `end` makes the one behind it when it is needed."""
        following: int | None = None
        for statement in reversed(block.statements):
            behind = end if following is None else (lambda number=following: number)
            following = self._statement(statement, behind)
        return end() if following is None else following

    def _statement(self, statement: tree.Statement, behind: Callable[[], int]) -> int:
        span = statement.span
        where = self.where(span)
        match statement:
            case tree.Answer():
                return self.add(model.Answering(where, behind()), span)
            case tree.Play(passage=passage):
                return self.reading(model.Playing(where, self.passage(passage), behind()), span)
            case tree.Wait(duration=duration):
                return self.add(model.Waiting(where, duration.ms, behind()), span)
            case tree.Language(tag=tag):
                return self.add(model.Speaking(where, tag.name, behind()), span)
            case tree.Goto(flow=flow):
                return self._labels[flow.name] if flow.name in self._labels else self.end(span)
            case tree.Again():
                return self.add(model.Repass(where, self._menus[-1]), span) if self._menus else self.end(span)
            case tree.Hangup():
                return self.add(model.HangingUp(where), span)
            case tree.Reject(reason=reason):
                return self.add(model.Rejecting(where, model.RejectReason(reason)), span)
            case tree.RecordCall(side=side):
                return self.add(model.RecordingCall(where, model.Side(side), behind()), span)
            case tree.Run(flow=flow):
                return self._run(flow.name, behind)
            case tree.Return():
                return self._returns[-1]() if self._returns else self.end(span)
            case tree.Menu():
                return self._menu(statement, behind)
            case tree.Collect():
                return self._collect(statement, behind)
            case tree.Connect():
                return self._connect(statement, behind)
            case tree.Queue():
                return self._queueing(statement, behind)
            case tree.When() | tree.Match() | tree.Split() | tree.Repeat():
                return self._ways(statement, behind)
            case tree.Voicemail() | tree.RecordMessage() | tree.ChangeRecording() | tree.Conference() | tree.Transfer():
                return self._media(statement, behind)
            case _:
                return self._keeping(statement, behind)

    def _keeping(
        self,
        statement: tree.SetName
        | tree.Remember
        | tree.Forget
        | tree.Force
        | tree.Release
        | tree.Fetch
        | tree.Notify
        | tree.Tag
        | tree.Callback,
        behind: Behind,
    ) -> int:
        """Lower a statement that the caller does not hear."""
        span = statement.span
        where = self.where(span)
        state: model.State
        match statement:
            case tree.SetName(name=name, value=tree.Record() as record):
                state = model.SettingFields(where, name.name, self.values.fields(record), behind())
            case tree.SetName(name=name, value=value):
                assert not isinstance(value, tree.Record)
                state = model.Setting(where, name.name, self.values.value(value), behind())
            case tree.Remember(name=name, value=value, time=time):
                for_ms = time.duration.ms if time else None
                state = model.Remembering(where, name.name, self.values.value(value), for_ms, behind())
            case tree.Forget(name=name):
                state = model.Forgetting(where, name.name, behind())
            case tree.Force() | tree.Release():
                state = self._holding(statement, behind)
            case tree.Fetch():
                state = self._fetch(statement, behind)
            case tree.Notify(event=event, fields=fields):
                state = model.Notifying(where, event.plain, self.values.fields(fields), behind())
            case tree.Tag(tag=tag):
                state = model.Tagging(where, self.values.value(tag), behind())
            case tree.Callback(group=group, number=number, within=within):
                state = model.CallingBack(
                    where,
                    group.name if group and group.name in self.names.groups else self._queue,
                    self.values.value(number) if number else model.Name("caller.number"),
                    within.ms if within else limits.CALLBACK_MS,
                )
            case _:
                assert_never(statement)
        return self.reading(state, span)

    def _holding(self, statement: tree.Force | tree.Release, behind: Behind) -> model.State:
        where = self.where(statement.span)
        schedule = statement.schedule.name
        if schedule not in self.names.schedules:
            return model.HangingUp(where)
        if isinstance(statement, tree.Release):
            return model.Forcing(where, schedule, False, model.Until.RELEASED, None, "", behind())
        for_ms: int | None = None
        time = ""
        until = model.Until.WHILE
        match statement.until:
            case tree.Setting(duration=duration):
                for_ms = duration.ms
            case tree.TimeOfDay() as moment:
                until, time = model.Until.TIME, moment.written
            case tree.Ident():
                until = model.Until.CHANGE
            case None:
                pass
            case _:
                assert_never(statement.until)
        return model.Forcing(where, schedule, statement.open, until, for_ms, time, behind())

    def _fetch(self, fetch: tree.Fetch, behind: Behind) -> model.State:
        once = once_only(behind)
        post = next((one.fields for one in fetch.options if isinstance(one, tree.Post)), None)
        times = [one.duration.ms for one in fetch.options if isinstance(one, tree.Setting)]
        failed = self._block(fetch.failed.body, once) if fetch.failed else once()
        return model.Fetching(
            where=self.where(fetch.span),
            name=fetch.name.name,
            url=self.values.value(fetch.url),
            post=None if post is None else self.values.fields(post),
            timeout_ms=times[0] if times else limits.FETCH_MS,
            failed=failed,
            next=once(),
        )

    def _media(
        self,
        statement: tree.Voicemail | tree.RecordMessage | tree.ChangeRecording | tree.Conference | tree.Transfer,
        behind: Behind,
    ) -> int:
        """Lower a statement for the caller's leg or voice."""
        span = statement.span
        where = self.where(span)
        state: model.State
        match statement:
            case tree.Voicemail():
                return self._voicemail(statement, behind)
            case tree.RecordMessage(name=name, max=time):
                max_ms = time.duration.ms if time else limits.RECORD_MESSAGE_MS
                state = model.TakingMessage(where, "", max_ms, None, behind(), name.name)
            case tree.ChangeRecording(change=change):
                state = model.ChangingRecording(where, model.RecordingStep(change), behind())
            case tree.Conference():
                state = self._conference(statement, behind)
            case tree.Transfer(uri=uri):
                state = model.Transferring(where, self.values.value(uri), behind())
            case _:
                assert_never(statement)
        return self.reading(state, span)

    def _conference(self, conference: tree.Conference, behind: Behind) -> model.State:
        flags = [one.name for one in conference.options if isinstance(one, tree.Flag)]
        amounts = [one.value.value for one in conference.options if isinstance(one, tree.Amount)]
        pins = [one.text.plain for one in conference.options if isinstance(one, tree.Quoted)]
        return model.Conferencing(
            where=self.where(conference.span),
            room=self.values.value(conference.room),
            presence=model.Presence(flags[0]) if flags else model.Presence.MEMBER,
            pin=pins[0] if pins else "",
            up_to=amounts[0] if amounts else limits.ROOM_MEMBERS_MAX,
            passages=(model.Passage((model.PromptNamed(given.PIN),)),) if pins else (),
            next=behind(),
        )

    def _run(self, name: str, behind: Behind) -> int:
        """Lower a flow that is run: states of its own, so that what is proven of them is true of this one place."""
        flow = self.names.flows.get(name)
        if flow is None or name in self._circles or len(self.states) > 2 * limits.STATES_MAX:
            return behind()
        outer = self.flow, self._menus, self._queue
        self.flow, self._menus, self._queue = name, [], ""
        self._returns.append(once_only(behind))
        entered = self._block(flow.body, self._returns[-1])
        self._returns.pop()
        self.flow, self._menus, self._queue = outer
        return entered

    # --- ways ---

    def _ways(self, statement: tree.When | tree.Match | tree.Split | tree.Repeat, behind: Behind) -> int:
        match statement:
            case tree.When():
                return self._when(statement, behind)
            case tree.Match():
                return self._match(statement, behind)
            case tree.Split():
                return self._split(statement, behind)
            case tree.Repeat():
                return self._repeat(statement, behind)
            case _:
                assert_never(statement)

    def _when(self, when: tree.When, behind: Behind) -> int:
        once = once_only(behind)
        then = self._block(when.then, once)
        other = self._block(when.other, once) if when.other else once()
        condition = self.values.value(when.condition)
        return self.reading(model.Branch(self.where(when.span), condition, then, other), when.span)

    def _match(self, match: tree.Match, behind: Behind) -> int:
        once = once_only(behind)
        following = self._block(match.otherwise.body, once) if match.otherwise else once()
        for case in reversed(match.cases):
            then = self._block(case.body, once)
            tests = [self.values.value(tree.Binary("==", match.subject, one, one.span)) for one in case.values]
            condition = tests[0] if len(tests) == 1 else model.AnyOf(tuple(tests))
            branch = model.Branch(self.where(case.span), condition, then, following)
            following = self.reading(branch, case.span)
        return following

    def _split(self, split: tree.Split, behind: Behind) -> int:
        once = once_only(behind)
        ways = [(share.percent.value, self._block(share.body, once)) for share in split.shares]
        if split.otherwise is not None:
            ways.append((100 - sum(percent for percent, _ in ways), self._block(split.otherwise.body, once)))
        ways = ways or [(100, once())]
        percents, numbers = zip(*ways, strict=True)
        return self.add(model.Splitting(self.where(split.span), percents, numbers), split.span)

    def _repeat(self, repeat: tree.Repeat, behind: Behind) -> int:
        where, span = self.where(repeat.span), repeat.span
        name = f"repeat.{where.line}.{len(self.states)}"  # no scheme can set a name with a dot
        rounds = self.add(model.HangingUp(where), span)  # takes the place until its exits are there
        following = model.Arithmetic("+", model.Name(name), model.Const(1))
        body = self._block(repeat.body, lambda: rounds)
        counted = self.add(model.Setting(where, name, following, body), span)
        more = model.Compare("<", model.Name(name), model.Const(repeat.times.value))
        self.states[rounds] = model.Branch(where, more, counted, behind())
        return self.add(model.Setting(where, name, model.Const(0), rounds), span)

    # --- menu ---

    def _menu(self, menu: tree.Menu, behind: Callable[[], int]) -> int:
        number = self.add(
            model.HangingUp(self.where(menu.span)), menu.span
        )  # takes the place until its exits are there
        once = once_only(behind)
        ends = self._ends(menu.clauses, once)
        self._menus.append(number)
        keys = self._keys(menu.clauses, once)
        dial = next((one for one in menu.clauses if isinstance(one, tree.DialExtension)), None)
        extensions = None if dial is None else self._extension(dial, once)
        asking = self._asking(menu, ends, limits.MENU_PAUSE_MS)
        self._menus.pop()
        self.states[number] = model.Menu(keys=keys, extensions=extensions, next=ends[USED_UP[-1]], **asking)
        return self.noting(number)

    def _collect(self, collect: tree.Collect, behind: Behind) -> int:
        number = self.add(model.HangingUp(self.where(collect.span)), collect.span)
        once = once_only(behind)
        texts = {one.name: one.text.plain for one in collect.options if isinstance(one, tree.Quoted)}
        ends = self._ends(collect.clauses, once)
        self._menus.append(number)
        asking = self._asking(collect, ends, limits.COLLECT_PAUSE_MS)
        self._menus.pop()
        least, most = digits_wanted(collect)
        self.states[number] = model.Collecting(
            name=collect.name.name,
            least=least,
            most=most,
            until=texts.get("until", "#"),
            waits="until" in texts,
            pattern=texts.get("matching", ""),
            secret=any(isinstance(one, tree.Flag) for one in collect.options),
            otherwise=ends[USED_UP[-1]],
            next=once(),
            **asking,
        )
        return self.noting(number)

    def _asking(self, asked: tree.Menu | tree.Collect, ends: Mapping[str, int], pause_ms: int) -> dict[str, Any]:
        """Return the fields that a menu and digits asked for have in common."""
        times = {one.name: one.duration.ms for one in asked.options if isinstance(one, tree.Setting)}
        tries = next((one for one in asked.options if isinstance(one, tree.Tries)), None)
        apart = tries is not None and tries.invalid is not None
        again = self._again(asked)
        passes = {name: self._block(body, again) for name, body in _named(asked.clauses) if name not in USED_UP}
        return {
            "where": self.where(asked.span),
            "passages": tuple(self.passage(one.passage) for one in asked.clauses if isinstance(one, tree.Play)),
            "retry": tuple(self.passage(one.passage) for one in asked.clauses if isinstance(one, tree.Retry)),
            "tries": tries.silence.value if tries else limits.MENU_TRIES,
            "silence_tries": tries.silence.value if tries and apart else None,
            "invalid_tries": tries.invalid.value if tries and tries.invalid else None,
            "timeout_ms": times.get("timeout", limits.MENU_TIMEOUT_MS),
            "pause_ms": times.get("pause", pause_ms),
            "silence": passes.get("silence"),
            "invalid": passes.get("invalid"),
            "silent_end": ends.get("otherwise silence"),
            "invalid_end": ends.get("otherwise invalid"),
        }

    def _keys(self, clauses: Iterable[tree.Node], once: Behind) -> dict[str, int]:
        keys: dict[str, int] = {}
        for clause in clauses:
            if isinstance(clause, tree.Press):
                keys.update(dict.fromkeys((one.key for one in clause.keys), self._block(clause.body, once)))
        return keys

    def _ends(self, clauses: Iterable[tree.Node], once: Behind) -> dict[str, int]:
        """Return where it goes when the tries are used up."""
        *apart, rest = USED_UP
        ends = {name: self._block(body, once) for name, body in _named(clauses) if name in USED_UP}
        if rest not in ends:  # where nothing is left for it, it leads nowhere else
            ends[rest] = ends[apart[0]] if all(name in ends for name in apart) else once()
        return ends

    def _again(self, menu: tree.Menu | tree.Collect) -> Behind:
        number = self._menus[-1]
        end = Span(menu.span.end - 1, menu.span.end)
        return once_only(lambda: self.imply(model.Repass(self.where(menu.span), number), end))

    def _extension(self, dial: tree.DialExtension, once: Callable[[], int]) -> int:
        if dial.body is not None:
            return self._block(dial.body, once)
        connect = tree.Connect(tree.DialledExtension(dial.span), (), (), dial.span)
        return self._connect(connect, once)

    # --- connect and voicemail ---

    def _connect(self, connect: tree.Connect, behind: Behind) -> int:
        once = once_only(behind)
        clauses = {one.name: one.body for one in connect.clauses if isinstance(one, tree.Clause)}
        bodies = {name: self._block(body, once) for name, body in clauses.items()}
        times = {one.name: one.duration.ms for one in connect.options if isinstance(one, tree.Setting)}

        def failed(*names: str) -> int:
            named = [bodies[name] for name in (*names, "failed") if name in bodies]
            return named[0] if named else once()

        state = model.Connecting(
            where=self.where(connect.span),
            target=self._target(connect.target),
            strategy=tables.strategy(connect.options),
            ring_ms=times.get("for"),
            each_ms=times.get("each"),
            music=self._music(connect.options),
            manner=self._manner(connect.options),
            keys=self._keys(connect.clauses, once),
            answered=bodies.get("answered"),
            busy=failed("busy"),
            no_answer=failed("no answer"),
            rejected=failed("rejected"),
            unreachable=failed("unreachable"),
            on_call=failed("on another call", "busy"),
            away=failed("away", "unreachable"),
        )
        return self.reading(state, connect.span)

    def _queueing(self, queue: tree.Queue, behind: Behind) -> int:
        if queue.group.name not in self.names.groups:
            return self.end(queue.span)
        once = once_only(behind)
        bodies = {one.name: self._block(one.body, once) for one in queue.clauses if isinstance(one, tree.Clause)}
        times = {one.name: one.duration.ms for one in queue.options if isinstance(one, tree.Setting)}
        amounts = {one.name: one.value.value for one in queue.options if isinstance(one, tree.Amount)}
        outer, self._queue = self._queue, queue.group.name
        keys = self._keys(queue.clauses, once)
        self._queue = outer
        state = model.Queueing(
            where=self.where(queue.span),
            group=queue.group.name,
            wait_ms=times.get("for", limits.QUEUE_MS),
            priority=amounts.get("priority", 0),
            size=amounts.get("size"),
            strategy=tables.strategy(queue.options),
            each_ms=times.get("each"),
            music=self._music(queue.options),
            manner=self._manner(queue.options),
            announcements=tuple(
                model.Announcement(one.duration.ms, self.passage(one.passage))
                for one in queue.clauses
                if isinstance(one, tree.Every)
            ),
            widenings=tuple(
                model.Widening(one.duration.ms, one.group.name)
                for one in queue.clauses
                if isinstance(one, tree.After) and one.group.name in self.names.groups
            ),
            keys=keys,
            answered=bodies.get("answered"),
            full=bodies["full"] if "full" in bodies else once(),
            empty=bodies["empty"] if "empty" in bodies else once(),
            next=once(),
        )
        return self.reading(state, queue.span)

    def _manner(self, options: tuple[tree.QueueOption, ...]) -> model.Manner:
        shown = next((one.text for one in options if isinstance(one, tree.Quoted)), None)
        whisper = next((one.passage for one in options if isinstance(one, tree.Whisper)), None)
        times = {one.name: one.duration.ms for one in options if isinstance(one, tree.Setting)}
        return model.Manner(
            shown=self.values.value(shown) if shown else None,
            whisper=self.passage(whisper) if whisper else None,
            confirm=tables.confirmation(next((one for one in options if isinstance(one, tree.Confirm)), None)),
            talk_ms=times.get("max"),
        )

    def _target(self, target: tree.Ident | tree.Text | tree.DialledExtension | tree.LastAgent) -> model.Target:
        match target:
            case tree.Ident(name=name):
                if name in self.names.agents:
                    return model.AgentTarget(name)
                return model.GroupTarget(name) if name in self.names.groups else model.AddressTarget(model.Const(None))
            case tree.Text():
                return model.AddressTarget(self.values.value(target))
            case tree.DialledExtension():
                return model.ExtensionTarget()
            case tree.LastAgent(group=group, within=within):
                known = group.name if group and group.name in self.names.groups else ""
                return model.LastAgentTarget(known, within.ms if within else None)
            case _:
                assert_never(target)

    def _music(self, options: tuple[tree.QueueOption, ...]) -> model.Passage | None:
        music = next((one for one in options if isinstance(one, tree.Music)), None)
        if music is None:
            return None
        return model.Passage((model.Sound(model.MUSIC) if music.item is None else self.item(music.item),))

    def _voicemail(self, voicemail: tree.Voicemail, behind: Callable[[], int]) -> int:
        max_ms = limits.VOICEMAIL_MS
        greeting = model.Passage((model.PromptNamed(given.VOICEMAIL),))
        for option in voicemail.options:
            if isinstance(option, tree.Setting):
                max_ms = option.duration.ms
            else:
                greeting = self.passage(option.passage)
        match voicemail.box:
            case tree.Ident(name=name):
                box: str | model.ExtensionTarget = name
            case tree.Text() as text:
                box = text.plain
            case tree.DialledExtension():
                box = model.ExtensionTarget()
            case _:
                assert_never(voicemail.box)
        state = model.TakingMessage(self.where(voicemail.span), box, max_ms, greeting, behind())
        return self.reading(state, voicemail.span)


def _remembered(parsed: tree.Tree) -> dict[str, int | None]:
    """Return the names that are kept for a caller, and for how long at most; None: until forgotten."""
    found: dict[str, int | None] = {}
    blocks = (one.body for one in parsed.declarations if isinstance(one, tree.FlowDecl | tree.HandlerDecl))
    for statement in (statement for block in blocks for statement in inside(block)):
        if isinstance(statement, tree.Remember):
            name, ms = statement.name.name, statement.time.duration.ms if statement.time else None
            before = found.get(name, 0)
            found[name] = None if ms is None or before is None else max(ms, before)
    return found


def _last_agent_ms(states: tuple[model.State, ...]) -> int:
    """Return for how long it has to be kept who talked with whom."""
    asked = [state.target for state in states if isinstance(state, model.Connecting)]
    times = [one.within_ms or limits.LAST_AGENT_MS for one in asked if isinstance(one, model.LastAgentTarget)]
    if any(isinstance(state, model.Counting) and not state.group for state in states):
        times.append(limits.LAST_AGENT_MS)
    return max(times, default=0)


def _named(clauses: Iterable[tree.Node]) -> Iterator[tuple[str, tree.Block]]:
    return ((one.name, one.body) for one in clauses if isinstance(one, tree.Clause))
