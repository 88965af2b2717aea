"""Machines for tests: one written by hand that has every kind of state, and random ones led by the classes' hints."""

import enum
import types
import typing
from typing import Any

import attrs
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from callflow.machine.model import (
    MUSIC,
    AddressTarget,
    Agent,
    AgentTarget,
    Announcement,
    Answering,
    Branch,
    CallingBack,
    ChangingRecording,
    Collecting,
    Compare,
    Conferencing,
    Confirm,
    Connecting,
    Const,
    Consulting,
    Counting,
    ExtensionTarget,
    Fetching,
    Forcing,
    Forgetting,
    Group,
    GroupTarget,
    HangingUp,
    How,
    Joined,
    LastAgentTarget,
    Machine,
    Manner,
    Menu,
    Name,
    Negated,
    Notifying,
    Passage,
    Playing,
    Presence,
    Prompt,
    PromptNamed,
    Queueing,
    Recorded,
    RecordingCall,
    RecordingStep,
    Rejecting,
    RejectReason,
    Remembering,
    Repass,
    Said,
    Schedule,
    Setting,
    SettingFields,
    Side,
    Sound,
    Speaking,
    Splitting,
    State,
    Strategy,
    Tagging,
    TakingMessage,
    Transferring,
    Until,
    Waiting,
    Where,
    Widening,
    Words,
)

START, SALES, END, MORE_OF_IT, AFTERWARDS = (Where(flow, 1) for flow in ("start", "sales", "end", "more", "on hangup"))


def said(text: str, *, uninterrupted: bool = False) -> Passage:
    """Return a passage of one text."""
    return Passage((Words(Const(text)),), uninterrupted)


def connecting(where: Where, then: int, **changes: Any) -> Connecting:
    """Return a state that rings the group and goes on to `then` when nobody takes the call."""
    state = Connecting(
        where=where,
        target=GroupTarget("both"),
        strategy=None,
        ring_ms=20_000,
        each_ms=None,
        music=None,
        keys={},
        answered=None,
        busy=then,
        no_answer=then,
        rejected=then,
        unreachable=then,
        on_call=then,
        away=then,
    )
    return attrs.evolve(state, **changes)


MORE: tuple[State, ...] = (
    Collecting(
        where=MORE_OF_IT,
        name="account",
        passages=(said("Your account number, please."),),
        retry=(),
        least=4,
        most=8,
        until="#",
        waits=True,
        pattern="4*",
        secret=True,
        tries=2,
        silence_tries=None,
        invalid_tries=None,
        timeout_ms=5_000,
        pause_ms=2_000,
        silence=None,
        silent_end=None,
        invalid_end=None,
        invalid=None,
        otherwise=22,
        next=23,
    ),
    Splitting(MORE_OF_IT, (80, 20), (23, 24)),
    Fetching(MORE_OF_IT, "crm", Const("https://crm.example/"), {"account": Name("account")}, 3_000, 24, 24),
    Counting(MORE_OF_IT, "both", 25),
    SettingFields(MORE_OF_IT, "crm", {"tier": Const("gold")}, 26),
    Tagging(MORE_OF_IT, Const("gold"), 27),
    Queueing(
        where=MORE_OF_IT,
        group="both",
        wait_ms=300_000,
        priority=2,
        size=5,
        strategy=Strategy.LONGEST_IDLE,
        each_ms=15_000,
        music=Passage((Sound(MUSIC),)),
        manner=Manner(Const("Sales"), said("A call."), Confirm.KEY_1, 600_000),
        announcements=(Announcement(30_000, said("Please hold.")),),
        widenings=(Widening(60_000, "both"),),
        keys={"1": 38},
        answered=28,
        full=28,
        empty=28,
        next=28,
    ),
    Conferencing(MORE_OF_IT, Const("team"), Presence.MEMBER, "1234", 10, (said("The pin, please."),), 29),
    Transferring(MORE_OF_IT, Const("sip:desk@pbx.example"), 30),
    ChangingRecording(MORE_OF_IT, RecordingStep.PAUSE, 31),
    Remembering(MORE_OF_IT, "tier", Const("gold"), 86_400_000, 32),
    Forgetting(MORE_OF_IT, "note", 33),
    Forcing(MORE_OF_IT, "office", True, Until.TIME, None, "18:00", 34),
    connecting(MORE_OF_IT, 35, target=LastAgentTarget("both", 86_400_000)),
    TakingMessage(MORE_OF_IT, "", 30_000, None, 36, "said"),
    Playing(MORE_OF_IT, Passage((Recorded("said"),)), 37),
    HangingUp(MORE_OF_IT),
    CallingBack(MORE_OF_IT, "both", Name("caller.number"), 3_600_000),
    Notifying(AFTERWARDS, "over", {"number": Name("caller.number")}, 40),
    HangingUp(AFTERWARDS),
)
"""States 21 to 40."""

EXAMPLE = Machine(
    scheme='Acme "Climate"',
    timezone="Europe/Berlin",
    region="DE",
    languages=("en", "de"),
    agents={
        "anna": Agent("anna", "sip:anna@pbx.example", "301"),
        "boris": Agent("boris", "tel:+4930123456"),
    },
    groups={"both": Group("both", ("boris", "anna"), Strategy.IN_TURN, 15_000)},
    prompts={"welcome": Prompt("welcome", {"en": "Welcome.", "de": "Willkommen."}, {"": "welcome.wav"})},
    schedules={"office": Schedule("office", "Mo-Fr 09:00-18:00; PH off")},
    numbers={"+4930123": 0, "+4930124": 12},
    flows={"start": 0, "sales": 12, "end": 16},
    start=0,
    states=(
        Answering(START, 1),
        RecordingCall(START, Side.BOTH, 2),
        Playing(START, Passage((PromptNamed("welcome"), Sound("chime.wav"))), 3),
        Consulting(START, "office", 4),
        Branch(START, Negated(Name("office.open")), 16, 5),
        Setting(START, "n", Const(1), 6),
        Menu(
            where=START,
            passages=(said("For sales, press 1."),),
            retry=(said("Press 1."),),
            keys={"1": 12, "9": 7, "0": 12, "*": 8},
            extensions=9,
            tries=3,
            silence_tries=None,
            invalid_tries=None,
            timeout_ms=5_000,
            pause_ms=2_000,
            silence=None,
            silent_end=None,
            invalid_end=None,
            invalid=10,
            next=12,
        ),
        Speaking(START, "de", 8),
        Repass(START, 6),
        connecting(START, 16, target=ExtensionTarget(), ring_ms=None, strategy=Strategy.ALL, each_ms=5_000),
        Playing(START, said("There is no such option."), 11),
        Repass(START, 6),
        connecting(SALES, 16, busy=13, keys={"0": 16}, answered=14, music=Passage((Sound(MUSIC),))),
        connecting(SALES, 16, target=AgentTarget("anna"), ring_ms=90_500),
        Waiting(SALES, 1_500, 15),
        connecting(SALES, 18, target=AddressTarget(Joined((Const("sip:"), Name("caller.number"), Const("@x"))))),
        TakingMessage(END, "sales", 120_000, said("After the tone."), 17),
        Playing(END, Passage((Words(Joined((Const("You are "), Said(How.DIGITS, Name("caller.number"))))),), True), 19),
        Branch(END, Compare("==", Name("n"), Const(1)), 20, 19),
        HangingUp(END),
        Rejecting(END, RejectReason.BUSY),
    ),
)
"""A reception."""

EVERYTHING = attrs.evolve(
    EXAMPLE,
    flows={**EXAMPLE.flows, "more": 21},
    states=(*EXAMPLE.states, *MORE),
    handlers={"hangup": 39},
    remembered={"tier": 86_400_000, "note": None},
    last_agent_ms=86_400_000,
)
"""The reception with every kind of state."""

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For laws over machines: how long one takes says nothing where other tests run beside it."""

NASTY = (
    "end",
    '"',
    "\\",
    "<b>&amp;",
    "a\nb",
    "`x`",
    "[x](y)",
    "%%{init}%%",
    "style x:#y;",
    "— über 日本 🙂",
    "#quot;",
    "{a}",
    "",
)
"""Texts that mean something to somebody who draws or reads."""

_TEXTS = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
_NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,9}", fullmatch=True)
_LANGUAGES = ("en", "de", "ru", "pt-BR")
_KEYS = st.dictionaries(st.from_regex(r"[0-9*#]{1,3}", fullmatch=True), st.none(), max_size=4)
_DEPTH = 3


class Values:
    """Draws values by the hints of attrs classes; the names of fields say what a text or a number is."""

    def __init__(self, draw: st.DrawFn, words: dict[str, st.SearchStrategy[Any]]) -> None:
        self._draw = draw
        self._words = words

    def object(self, cls: type, depth: int = _DEPTH) -> Any:
        """Return an object of a class."""
        hints = typing.get_type_hints(cls)
        names = [one.name for one in attrs.fields(cls)]
        own = {name: f"{cls.__name__}.{name}" if f"{cls.__name__}.{name}" in self._words else name for name in names}
        made = cls(**{name: self.field(own[name], hints[name], depth) for name in names})
        if isinstance(made, Splitting):
            ways = made.ways or (0,)
            rest = 100 - (len(ways) - 1)
            return attrs.evolve(made, percents=(rest, *(1 for _ in ways[1:])), ways=ways)
        return made

    def field(self, name: str, hint: Any, depth: int) -> Any:
        """Return a value for a field."""
        members = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
        if depth <= 0:
            members = tuple(one for one in members if not _inner(one)) or members
        one = self._draw(st.sampled_from(members))
        if typing.get_origin(one) is tuple:
            item = typing.get_args(one)[0]
            least = 1 if name in ("items", "patterns") else 0
            return tuple(self.field(name, item, depth - 1) for _ in range(self._draw(st.integers(least, 2))))
        if typing.get_origin(one) is dict:
            return {key: self.field(name, typing.get_args(one)[1], depth) for key in self._draw(_KEYS)}
        if attrs.has(one):
            return self.object(one, depth - 1)
        return self._scalar(name, one)

    def _scalar(self, name: str, hint: type) -> Any:
        if hint is types.NoneType:
            return None
        if hint is bool:
            return self._draw(st.booleans())
        if issubclass(hint, enum.Enum):
            return self._draw(st.sampled_from(hint))
        if hint is str:
            return self._draw(self._words.get(name, _TEXTS))
        if name.endswith("ms"):
            return self._draw(st.sampled_from((100, 1_000, 2_500, 20_000, 3_600_000)))
        if name.endswith("tries"):
            return self._draw(st.integers(1, 20))
        if name == "value":
            return self._draw(st.integers(-(10**18), 10**18))
        return self._draw(self._words.get(name, self._words["number"]))


def _inner(hint: Any) -> bool:
    """Return whether a class has objects inside it."""
    if not attrs.has(hint):
        return False
    hints = typing.get_type_hints(hint).values()
    inside = [
        one for hint in hints for one in (typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,))
    ]
    return any(attrs.has(one) or typing.get_origin(one) is tuple for one in inside)


@st.composite
def machines(draw: st.DrawFn) -> Machine:
    """Return machines that `codec` takes. They need not make sense: no checker has seen them."""
    kinds = draw(st.lists(st.sampled_from(typing.get_args(State)), min_size=1, max_size=10))
    kinds = [HangingUp if kind is Repass and Menu not in kinds else kind for kind in kinds]
    menus = [number for number, kind in enumerate(kinds) if kind is Menu]
    names = draw(st.lists(_NAMES, min_size=4, max_size=7, unique=True))
    languages = draw(st.lists(st.sampled_from(_LANGUAGES), min_size=1, max_size=3, unique=True))
    numbers = st.integers(0, len(kinds) - 1)
    agents = {
        name: Agent(name, f"sip:{name}@pbx.example", draw(st.sampled_from(("", f"{number}01"))))
        for number, name in enumerate(names[: draw(st.integers(1, len(names)))])
    }
    members = st.lists(st.sampled_from(list(agents)), max_size=3, unique=True).map(tuple)
    groups = {name: Group(name, draw(members), draw(st.sampled_from(Strategy))) for name in names[:2]}
    texts = st.dictionaries(st.sampled_from(languages), _TEXTS, min_size=1)
    prompts = {name: Prompt(name, draw(texts), draw(st.sampled_from(({}, {"": "x.wav"})))) for name in names[:2]}
    words: dict[str, st.SearchStrategy[Any]] = {
        "flow": st.sampled_from(names),
        "agent": st.sampled_from(list(agents)),
        "group": st.sampled_from(list(groups)),
        "prompt": st.sampled_from(list(prompts)),
        "schedule": st.just("office"),
        "language": st.sampled_from(languages),
        "Arithmetic.op": st.sampled_from("+-*"),
        "Compare.op": st.sampled_from(("==", "!=", "<", "<=", ">", ">=")),
        "file": st.sampled_from(("a.wav", "sub/b.wav", MUSIC)),
        "box": st.sampled_from((*names, "the box", 'a "b"')),
        "name": st.sampled_from((*names, "caller.number", "office.open")),
        "menu": st.sampled_from(menus) if menus else st.nothing(),
        "line": st.integers(1, 1_500),
        "Collecting.least": st.just(1),
        "Collecting.until": st.sampled_from(("", "#")),
        "Collecting.most": st.integers(1, 8),
        "Collecting.pattern": st.sampled_from(("", "4*")),
        "Forcing.time": st.just("18:00"),
        "Conferencing.pin": st.sampled_from(("", "1234")),
        "number": numbers,
    }
    values = Values(draw, words)
    return Machine(
        scheme=draw(_TEXTS),
        timezone="Europe/Berlin",
        region="",
        languages=tuple(languages),
        agents=agents,
        groups=groups,
        prompts=prompts,
        schedules={"office": Schedule("office", "Mo-Fr 09:00-18:00")},
        numbers=draw(st.dictionaries(st.from_regex(r"\+[1-9][0-9]{6,9}", fullmatch=True), numbers, max_size=3)),
        flows={name: draw(numbers) for name in names},
        start=draw(numbers),
        states=tuple(_state(values, kind, draw) for kind in kinds),
    )


def _state(values: Values, kind: type, draw: st.DrawFn) -> State:
    state: State = values.object(kind)
    if not isinstance(state, Menu | Collecting):
        return state
    apart = draw(st.booleans())
    return attrs.evolve(state, silence_tries=2 if apart else None, invalid_tries=3 if apart else None)
