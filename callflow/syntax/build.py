"""Makes the nodes of the tree on the way. One method a rule of the grammar; no meaning is asked for here."""

import re
from collections.abc import Callable
from typing import Any, Final

from callflow.source import Span
from callflow.syntax import tree
from callflow.syntax.tokens import Token

_UNITS_MS: Final = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_MS_MAX: Final = 1e15
"""Longer than anything that can be written without a mistake; a float may be endless."""

_PIECE: Final = r"(?s:\\.)|\{|\}|[^\\{}]+"
_ESCAPES: Final = {'"': '"', "\\": "\\", "{": "{", "}": "}", "n": "\n"}

_RESERVED: Final = frozenset(("true", "false", "none", "not"))
"""Words that are no names where a value stands."""

Embedded = Callable[[int, int], "tree.Expression | None"]
"""Parses the expression between two offsets; None when it is none, which was told already."""

Complain = Callable[[str, Span], None]
"""Tells a problem of a text by its kind: `escape`, `brace`, `empty`."""


def _over(first: Any, last: Any) -> Span:
    """Return the span from one token or node to another."""
    start = first.start if isinstance(first, Token) else first.span.start
    end = last.end if isinstance(last, Token) else last.span.end
    return Span(start, end)


def _nodes(children: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(child for child in children if child is not None and not isinstance(child, Token))


def _last(children: tuple[Any, ...]) -> Any:
    return next(child for child in reversed(children) if child is not None)


class Builder:
    """Rules to nodes. `embedded` and `complain` are for what stands inside texts."""

    def __init__(self, embedded: Embedded, complain: Complain) -> None:
        self._embedded = embedded
        self._complain = complain

    # --- tokens ---

    def STRING(self, written: str, start: int, end: int) -> tree.Text:  # noqa: N802  the name is the terminal's
        """Split a text into what is literal and what is filled in."""
        span = Span(start, end)
        inner = written[1:-1]
        if "\\" not in inner and "{" not in inner and "}" not in inner:
            return tree.Text((inner,) if inner else (), span)
        return tree.Text(self._parts(inner, start + 1), span)

    def _parts(self, inner: str, start: int) -> "tuple[str | tree.Expression, ...]":
        parts: list[str | tree.Expression] = []
        literal = ""
        at = 0
        while at < len(inner):
            piece = re.compile(_PIECE).match(inner, at)
            assert piece is not None
            text = piece.group()
            here = Span(start + at, start + piece.end())
            at = piece.end()
            if text == "{":
                close = inner.find("}", at)
                if close < 0:
                    self._complain("brace", here)
                    break
                if literal:
                    parts.append(literal)
                literal = ""
                found = self._expression(inner[at:close], start + at)
                if found is not None:
                    parts.append(found)
                at = close + 1
            elif text == "}":
                self._complain("brace", here)
            elif text[0] == "\\":
                if text[1] not in _ESCAPES:
                    self._complain("escape", here)
                literal += _ESCAPES.get(text[1], text[1])
            else:
                literal += text
        if literal:
            parts.append(literal)
        return tuple(parts)

    def _expression(self, inner: str, start: int) -> "tree.Expression | None":
        name = inner.strip()
        if not name:
            self._complain("empty", Span(start - 1, start + len(inner) + 1))
            return None
        if name.isascii() and name not in _RESERVED and all(part.isidentifier() for part in name.split(".")):
            begin = start + inner.index(name)
            return tree.NameRef(name, Span(begin, begin + len(name)))
        return self._embedded(start, start + len(inner))

    def NAME(self, written: str, start: int, end: int) -> tree.Ident:  # noqa: N802
        return tree.Ident(written, Span(start, end))

    TAG = NAME

    def DIGITS(self, written: str, start: int, end: int) -> tree.Whole:  # noqa: N802
        return tree.Whole(written, Span(start, end))

    def DURATION(self, written: str, start: int, end: int) -> tree.Duration:  # noqa: N802
        amount = written.rstrip("mshd")
        ms = min(float(amount) * _UNITS_MS[written[len(amount) :]], _MS_MAX)
        return tree.Duration(round(ms), Span(start, end))

    # --- declarations ---

    def start(self, *declarations: Any) -> tuple[Any, ...]:
        return declarations

    def expression_only(self, expression: Any) -> Any:
        return expression

    def scheme(self, word: Token, title: tree.Text) -> tree.SchemeTitle:
        return tree.SchemeTitle(title, _over(word, title))

    def timezone(self, word: Token, name: tree.Text) -> tree.Timezone:
        return tree.Timezone(name, _over(word, name))

    def region(self, word: Token, tag: tree.Ident) -> tree.Region:
        return tree.Region(tag, _over(word, tag))

    def languages(self, word: Token, *tags: tree.Ident) -> tree.Languages:
        return tree.Languages(tags, _over(word, tags[-1]))

    def number(self, word: Token, number: tree.Text, _goto: Token, flow: tree.Ident) -> tree.NumberRoute:
        return tree.NumberRoute(number, flow, _over(word, flow))

    def schedule(self, word: Token, name: tree.Ident, hours: tree.Text) -> tree.ScheduleDecl:
        return tree.ScheduleDecl(name, hours, _over(word, hours))

    def importing(self, word: Token, path: tree.Text) -> tree.Import:
        return tree.Import(path, _over(word, path))

    def list(self, word: Token, name: tree.Ident, *entries: Any) -> tree.ListDecl:
        return tree.ListDecl(name, entries, _over(word, entries[-1]))

    def list_entry(self, *children: Any) -> Any:
        return tree.RegionEntry(children[1], _over(*children)) if len(children) > 1 else children[0]

    def agent(self, word: Token, name: tree.Ident, uri: tree.Text, *options: Any) -> tree.AgentDecl:
        return tree.AgentDecl(name, uri, options, _over(word, options[-1] if options else uri))

    def _amount(self, word: Token, value: tree.Whole) -> tree.Amount:
        return tree.Amount(str(word), value, _over(word, value))

    own_extension = limit = priority = size = digits = _amount

    def up_to(self, word: Token, to: Token, value: tree.Whole) -> tree.Amount:
        return tree.Amount(f"{word} {to}", value, _over(word, value))

    up_to_members = up_to

    def skills(self, word: Token, names: tuple[tree.Ident, ...]) -> tree.Skills:
        return tree.Skills(names, _over(word, names[-1]))

    def confirm(self, word: Token, _any: Token | None, key: Token | None) -> tree.Confirm:
        return tree.Confirm(any_key=key is not None, span=_over(word, key or word))

    def group(
        self, word: Token, name: tree.Ident, members: tuple[tree.Ident, ...] | None, *options: Any
    ) -> tree.GroupDecl:
        last = options[-1] if options else members[-1] if members else name
        return tree.GroupDecl(name, members or (), options, _over(word, last))

    def wrap_up(self, word: Token, up: Token, duration: tree.Duration) -> tree.Setting:
        return tree.Setting(f"{word} {up}", duration, _over(word, duration))

    def needs(self, word: Token, skill: tree.Ident) -> tree.Needs:
        return tree.Needs(skill, _over(word, skill))

    def prompt(self, word: Token, name: tree.Ident, *rest: Any) -> tree.PromptDecl:
        span = _over(word, rest[-1])
        if isinstance(rest[0], tree.Text):
            return tree.PromptDecl(name, (tree.PromptEntry(None, rest[0], is_file=False, span=rest[0].span),), span)
        return tree.PromptDecl(name, _nodes(rest), span)

    def prompt_entry(self, *children: Any) -> tree.PromptEntry:
        tag = children[0] if isinstance(children[0], tree.Ident) else None
        is_file = any(isinstance(child, Token) for child in children)
        return tree.PromptEntry(tag, children[-1], is_file, _over(children[0], children[-1]))

    def start_flow(self, word: Token, body: tree.Block) -> tree.FlowDecl:
        return tree.FlowDecl(tree.Ident("start", word.span), body, _over(word, body))

    def flow(self, word: Token, name: tree.Ident, body: tree.Block) -> tree.FlowDecl:
        return tree.FlowDecl(name, body, _over(word, body))

    def handler(self, on: Token, word: Token, body: tree.Block) -> tree.HandlerDecl:
        return tree.HandlerDecl(tree.Ident(str(word), word.span), body, _over(on, body))

    def names(self, *names: tree.Ident) -> tuple[tree.Ident, ...]:
        return names

    def flow_name(self, name: Any) -> tree.Ident:
        return name if isinstance(name, tree.Ident) else tree.Ident(str(name), name.span)

    def ring(self, word: Token, *how: Token) -> tree.RingStrategy:
        return tree.RingStrategy(" ".join(map(str, how)), _over(word, how[-1]))

    def _setting(self, word: Token, duration: tree.Duration) -> tree.Setting:
        return tree.Setting(str(word), duration, _over(word, duration))

    each = timeout = pause = for_time = max_time = _setting

    # --- statements ---

    def block(self, *children: Any) -> tree.Block:
        return tree.Block(_nodes(children), _over(children[0], children[-1]), braced=True)

    def single(self, statement: Any) -> tree.Block:
        return tree.Block((statement,), statement.span, braced=False)

    plain_single = single

    def when(self, word: Token, condition: Any, then: tree.Block, _else: Token | None, other: Any) -> tree.When:
        return tree.When(condition, then, other, _over(word, other or then))

    def answer(self, word: Token) -> tree.Answer:
        return tree.Answer(word.span)

    def play(self, word: Token, items: tuple[Any, ...], mark: Token | None) -> tree.Play:
        span = _over(word, mark or items[-1])
        return tree.Play(tree.PlayItems(items, mark is not None, span), span)

    def wait(self, word: Token, duration: tree.Duration) -> tree.Wait:
        return tree.Wait(duration, _over(word, duration))

    def set(self, word: Token, name: tree.Ident, value: Any) -> tree.SetName:
        return tree.SetName(name, value, _over(word, value))

    def language(self, word: Token, tag: tree.Ident) -> tree.Language:
        return tree.Language(tag, _over(word, tag))

    def goto(self, word: Token, flow: tree.Ident) -> tree.Goto:
        return tree.Goto(flow, _over(word, flow))

    def again(self, word: Token) -> tree.Again:
        return tree.Again(word.span)

    def hangup(self, word: Token) -> tree.Hangup:
        return tree.Hangup(word.span)

    def reject(self, word: Token, reason: Token) -> tree.Reject:
        return tree.Reject(str(reason), _over(word, reason))

    def record_call(self, word: Token, call: Token, side: Token | None) -> tree.RecordCall:
        return tree.RecordCall(str(side) if side else "both", _over(word, side or call))

    def record_message(
        self, word: Token, _message: Token, time: tree.Setting | None, _into: Token, name: tree.Ident
    ) -> tree.RecordMessage:
        return tree.RecordMessage(time, name, _over(word, name))

    def change_recording(self, change: Token, recording: Token) -> tree.ChangeRecording:
        return tree.ChangeRecording(str(change), _over(change, recording))

    def match(self, word: Token, subject: Any, *children: Any) -> tree.Match:
        cases = tuple(child for child in children if isinstance(child, tree.Case))
        otherwise = next((child for child in children if isinstance(child, tree.Clause)), None)
        return tree.Match(subject, cases, otherwise, _over(word, children[-1]))

    def case(self, *children: Any) -> tree.Case:
        *values, body = children
        return tree.Case(tuple(values), body, _over(values[0], body))

    def split(self, word: Token, *children: Any) -> tree.Split:
        shares = tuple(child for child in children if isinstance(child, tree.Share))
        otherwise = next((child for child in children if isinstance(child, tree.Clause)), None)
        return tree.Split(shares, otherwise, _over(word, children[-1]))

    def share(self, percent: tree.Whole, body: tree.Block) -> tree.Share:
        return tree.Share(percent, body, _over(percent, body))

    def repeat(self, word: Token, times: tree.Whole, body: tree.Block) -> tree.Repeat:
        return tree.Repeat(times, body, _over(word, body))

    def run(self, word: Token, flow: tree.Ident) -> tree.Run:
        return tree.Run(flow, _over(word, flow))

    def returning(self, word: Token) -> tree.Return:
        return tree.Return(word.span)

    def tag(self, word: Token, text: tree.Text) -> tree.Tag:
        return tree.Tag(text, _over(word, text))

    def notify(self, word: Token, event: tree.Text, fields: tree.Record | None) -> tree.Notify:
        return tree.Notify(event, fields, _over(word, fields or event))

    def fetch(self, word: Token, name: tree.Ident, _from: Token, url: tree.Text, *children: Any) -> tree.Fetch:
        options = tuple(one for one in children if isinstance(one, tree.Setting | tree.Post))
        failed = next((one for one in children if isinstance(one, tree.Clause)), None)
        return tree.Fetch(name, url, options, failed, _over(word, _last((url, *children))))

    def post(self, word: Token, fields: tree.Record) -> tree.Post:
        return tree.Post(fields, _over(word, fields))

    def remember(self, word: Token, name: tree.Ident, value: Any, time: tree.Setting | None) -> tree.Remember:
        return tree.Remember(name, value, time, _over(word, time or value))

    def forget(self, word: Token, name: tree.Ident) -> tree.Forget:
        return tree.Forget(name, _over(word, name))

    def force(self, word: Token, schedule: tree.Ident, state: Token, until: Any) -> tree.Force:
        return tree.Force(schedule, str(state) == "open", until, _over(word, until or state))

    def until_time(self, _until: Token, time: tree.TimeOfDay) -> tree.TimeOfDay:
        return time

    def until_change(self, _until: Token, change: Token) -> tree.Ident:
        return tree.Ident(str(change), _over(change, change))

    def release(self, word: Token, schedule: tree.Ident) -> tree.Release:
        return tree.Release(schedule, _over(word, schedule))

    def time(self, hour: tree.Whole, minute: tree.Whole) -> tree.TimeOfDay:
        return tree.TimeOfDay(hour, minute, _over(hour, minute))

    def items(self, *items: Any) -> tuple[Any, ...]:
        return items

    def item(self, item: Any) -> Any:
        return item

    # --- menus ---

    def menu(self, word: Token, *children: Any) -> tree.Menu:
        nodes = _nodes(children)
        options = tuple(node for node in nodes if isinstance(node, tree.Tries | tree.Setting))
        clauses = tuple(node for node in nodes if not isinstance(node, tree.Tries | tree.Setting))
        return tree.Menu(options, clauses, _over(word, children[-1]))

    def tries(
        self, word: Token, silence: tree.Whole, _s: Token | None, invalid: tree.Whole | None, last: Token | None
    ) -> tree.Tries:
        return tree.Tries(silence, invalid, _over(word, last or silence))

    def retry(self, word: Token, play: Token, items: tuple[Any, ...], mark: Token | None) -> tree.Retry:
        span = _over(play, mark or items[-1])
        return tree.Retry(tree.PlayItems(items, mark is not None, span), _over(word, span_end(span)))

    def key(self, key: Any) -> tree.Key:
        match key:
            case tree.Whole(written, span):
                return tree.Key(written, span)
            case tree.Text():
                return tree.Key(key.plain if key.is_plain else "{…}", key.span)
            case _:
                return tree.Key(str(key), key.span)

    def press(self, word: Token, *children: Any) -> tree.Press:
        *keys, body = children
        return tree.Press(tuple(keys), body, _over(word, body))

    def dial_extension(self, word: Token, extension: Token, body: tree.Block | None) -> tree.DialExtension:
        return tree.DialExtension(body, _over(word, body or extension))

    def _clause(self, word: Token, body: tree.Block) -> tree.Clause:
        return tree.Clause(str(word), body, _over(word, body))

    on_silence = on_invalid = otherwise = failed = _clause

    # --- connect and voicemail ---

    def connect(self, word: Token, target: Any, *children: Any) -> tree.Connect:
        nodes = _nodes(children)
        options = tuple(node for node in nodes if not isinstance(node, tree.Clause | tree.Press))
        clauses = tuple(node for node in nodes if isinstance(node, tree.Clause | tree.Press))
        return tree.Connect(target, options, clauses, _over(word, _last((target, *children))))

    def target(self, target: Any) -> Any:
        return tree.DialledExtension(target.span) if isinstance(target, Token) else target

    box = target

    def music(self, word: Token, item: Any) -> tree.Music:
        return tree.Music(item, _over(word, item or word))

    def last_agent(
        self,
        word: Token,
        agent: Token,
        _of: Token | None,
        group: tree.Ident | None,
        _within: Token | None,
        within: tree.Duration | None,
    ) -> tree.LastAgent:
        return tree.LastAgent(group, within, _over(word, within or group or agent))

    def _quoted(self, word: Token, text: tree.Text) -> tree.Quoted:
        return tree.Quoted(str(word), text, _over(word, text))

    shown = until_key = like = pin = _quoted

    def _flag(self, word: Token) -> tree.Flag:
        return tree.Flag(str(word), word.span)

    secret = presence = _flag

    def whisper(self, word: Token, items: tuple[Any, ...]) -> tree.Whisper:
        span = _over(word, items[-1])
        return tree.Whisper(tree.PlayItems(items, uninterrupted=False, span=span), span)

    def outcome(self, *children: Any) -> tree.Clause:
        *words, body = children
        return tree.Clause(" ".join(str(word) for word in words if word), body, _over(words[0], body))

    place = used_up = outcome

    # --- queues, digits, rooms ---

    def queue(self, word: Token, group: tree.Ident, *children: Any) -> tree.Queue:
        nodes = _nodes(children)
        clauses = tuple(node for node in nodes if isinstance(node, tree.QueueClause))
        options = tuple(node for node in nodes if not isinstance(node, tree.QueueClause))
        return tree.Queue(group, options, clauses, _over(word, _last((group, *children))))

    def every(self, word: Token, duration: tree.Duration, play: Token, items: tuple[Any, ...]) -> tree.Every:
        passage = tree.PlayItems(items, uninterrupted=False, span=_over(play, items[-1]))
        return tree.Every(duration, passage, _over(word, items[-1]))

    def after(self, word: Token, duration: tree.Duration, _also: Token, group: tree.Ident) -> tree.After:
        return tree.After(duration, group, _over(word, group))

    def callback(
        self, word: Token, group: Any, _to: Token | None, number: Any, _within: Token | None, within: Any
    ) -> tree.Callback:
        return tree.Callback(group, number, within, _over(word, within or number or group or word))

    def collect(self, word: Token, name: tree.Ident, *children: Any) -> tree.Collect:
        nodes = _nodes(children)
        options = tuple(node for node in nodes if not isinstance(node, tree.CollectClause))
        clauses = tuple(node for node in nodes if isinstance(node, tree.CollectClause))
        return tree.Collect(name, options, clauses, _over(word, children[-1]))

    def conference(self, word: Token, room: tree.Text, *options: Any) -> tree.Conference:
        return tree.Conference(room, options, _over(word, options[-1] if options else room))

    def transfer(self, word: Token, uri: tree.Text) -> tree.Transfer:
        return tree.Transfer(uri, _over(word, uri))

    def voicemail(self, word: Token, box: Any, *options: Any) -> tree.Voicemail:
        return tree.Voicemail(box, options, _over(word, options[-1] if options else box))

    def greeting(self, word: Token, items: tuple[Any, ...]) -> tree.GreetingItems:
        span = _over(word, items[-1])
        return tree.GreetingItems(tree.PlayItems(items, uninterrupted=False, span=span), span)

    # --- expressions ---

    def _logic(self, *children: Any) -> tree.Logic:
        parts = _nodes(children)
        op = next(str(child) for child in children if isinstance(child, Token))
        return tree.Logic(op, parts, _over(parts[0], parts[-1]))

    expression = conjunction = _logic

    def negation(self, word: Token, part: Any) -> tree.Negation:
        return tree.Negation(part, _over(word, part))

    def _chain(self, *children: Any) -> tree.Binary:
        left = children[0]
        for op, right in zip(children[1::2], children[2::2], strict=True):
            left = tree.Binary(str(op), left, right, _over(left, right))
        assert isinstance(left, tree.Binary)
        return left

    comparison = sum = product = _chain

    def among(self, subject: Any, _in: Token, *patterns: Any) -> tree.Matching:
        texts = tuple(child for child in patterns if isinstance(child, tree.Text))
        return tree.Matching(subject, texts, _over(subject, patterns[-1]))

    def matching(self, subject: Any, _matches: Token, pattern: tree.Text) -> tree.Matching:
        return tree.Matching(subject, (pattern,), _over(subject, pattern))

    def listed(self, subject: Any, _in: Token, name: tree.Ident) -> tree.Listed:
        return tree.Listed(subject, name, _over(subject, name))

    def function(self, name: tree.Ident, *arguments: Any) -> tree.Function:
        *values, end = arguments
        return tree.Function(name, _nodes(tuple(values)), _over(name, end))

    def record(self, *children: Any) -> tree.Record:
        return tree.Record(_nodes(children), _over(children[0], children[-1]))

    def field(self, name: tree.Ident, value: Any) -> tree.Field:
        return tree.Field(name, value, _over(name, value))

    def schedule_is(self, schedule: tree.Ident, state: Token) -> tree.ScheduleIs:
        return tree.ScheduleIs(schedule, str(state) == "open", _over(schedule, state))

    def _itself(self, value: Any) -> Any:
        return value

    whole_number = duration = text = _itself

    def constant(self, word: Token) -> tree.Constant:
        return tree.Constant({"true": True, "false": False}.get(str(word)), word.span)

    def name(self, *idents: tree.Ident) -> tree.NameRef:
        return tree.NameRef(".".join(ident.name for ident in idents), _over(idents[0], idents[-1]))


class _End:
    def __init__(self, span: Span) -> None:
        self.span = span


def span_end(span: Span) -> _End:
    """Return something that ends where a span does."""
    return _End(span)
