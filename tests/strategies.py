"""Random schemes that check, and random events: for laws that must hold for all of them."""

from hypothesis import strategies as st

from callflow.engine.events import (
    AgentOffered,
    AgentsFound,
    CallAnswered,
    CallerHungUp,
    DeadlinePassed,
    DigitPressed,
    Event,
    Fetched,
    GroupCounted,
    LegAnswered,
    LegEnded,
    LegRang,
    MessageRecorded,
    Outcome,
    PromptEnded,
    QueueEnd,
    QueueLeft,
    QueueMoved,
    RoomEnd,
    RoomJoined,
    RoomLeft,
    ScheduleReported,
    TransferEnded,
)

HEAD = """scheme "Random"
timezone "Europe/Berlin"
language en, de
schedule office "Mo-Fr 09:00-18:00"
agent anna "sip:anna@x.example" extension 301
agent boris "sip:boris@x.example" extension 302
agent carla "tel:+4930123456"
group both anna, boris
group turns carla, anna, boris ring in turn each 5s
prompt hello { en "Hello." de "Hallo." }
"""

FLOWS = ("start", "f1", "f2", "f3")

SIMPLE = (
    "answer",
    'play "one", hello',
    'play "law" uninterrupted',
    'play "you called {called.number} from {caller.number}, {n}"',
    'play "you owe {money(n, "EUR")}, {default(caller.name, "you")}"',
    "wait 2s",
    "set n = n + 1",
    "set n = 3 * 2",
    "language de",
    "record call",
    "voicemail both max 30s",
    'voicemail "box" greeting hello',
    "connect anna",
    "connect both for 10s music",
    "connect turns",
    'connect "sip:x@y.example" for 5s',
    "connect last agent within 30d for 5s",
    "connect carla for 9s confirm whisper hello",
    'connect anna as "+4930123456" max 1m',
    "queue both for 30s",
    "queue turns for 20s priority 2 size 3 music",
    'conference "room" pin "12" up to 3',
    'conference "room" guest',
    'transfer "tel:+4930999999"',
    "record message max 5s into said play said",
    "pause recording",
    "stop recording",
    'tag "t{n}"',
    'notify "seen" { n: n, who: caller.number }',
    "remember n = n + 1 for 30d",
    "force office closed for 1h",
    "release office",
    "run sub",
    'collect m digits 2 until "#" { play hello otherwise set m = "00" } tag "{m}"',
    'fetch crm from "https://x.example/{n}" post { n: n } { failed set crm = { tier: "none" } } tag "{crm.tier}"',
    "split { 50% wait 1s 50% play hello }",
    "match n { 1, 2 wait 1s otherwise play hello }",
    "repeat 2 { play hello }",
    "when both.available > 0 or both.waiting == 0 play hello",
)
CONDITIONS = (
    "office open",
    "office closed and n == 2",
    'caller.number == "+49 30 1"',
    'caller.number in ("+4930*", "+7*")',
    'not called.number matches "*9"',
    "n < 3 or n >= 7",
    "caller.name == none",
)
MENU_OPTIONS = ("", "tries 2", "tries 2 silence 1 invalid", "timeout 1s pause 500ms")
ENDS = (
    [],
    ["otherwise"],
    ["otherwise silence"],
    ["otherwise invalid", "otherwise"],
    ["otherwise silence", "otherwise invalid"],
)
EXTRAS = ([], ['retry play "short"'], ["dial extension"], ["dial extension { voicemail extension max 9s }"])
OUTCOMES = ("busy", "no answer", "rejected", "unreachable", "on another call", "away", "failed", "answered", "press 0")
QUEUED = ("full", "empty", "answered", "press 0", "press 1")
HANDLERS = {
    "hangup": 'notify "over" { who: caller.number } fetch bye from "https://x.example/bye" remember last = 1',
    "limit": 'play "Time is up."',
    "trouble": 'play "Sorry." connect carla for 5s',
}


class _Writer:
    """Writes random statements; keeps them few, so that examples shrink well."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self._left = 24

    def body(self, most: int, depth: int, *, in_menu: bool) -> str:
        """Return a few statements; only the last of them may lead away."""
        lines = [self._statement(depth, in_menu=in_menu) for _ in range(self._draw(st.integers(0, most)))]
        if self._draw(st.integers(0, 2)) == 0:
            ways = ["hangup", "reject busy", "callback both", *(f"goto {flow}" for flow in FLOWS)]
            lines.append(self._draw(st.sampled_from(["again", *ways] if in_menu else ways)))
        return " ".join(lines)

    def _statement(self, depth: int, *, in_menu: bool) -> str:
        self._left -= 1
        kind = self._draw(st.integers(0, 6)) if depth < 3 and self._left > 0 else 0
        match kind:
            case 3:
                condition = self._draw(st.sampled_from(CONDITIONS))
                then, other = self._block(depth, in_menu=in_menu), self._block(depth, in_menu=in_menu)
                return f"when {condition} {then} else {other}"
            case 4:
                return self._menu(depth)
            case 5:
                target = self._draw(st.sampled_from(["anna", "both", "turns"]))
                outcomes = self._draw(st.lists(st.sampled_from(OUTCOMES), max_size=3, unique=True))
                clauses = " ".join(f"{outcome} {self._block(depth, in_menu=in_menu)}" for outcome in outcomes)
                return f"connect {target} for 8s {{ {clauses} }}"
            case 6:
                places = self._draw(st.lists(st.sampled_from(QUEUED), max_size=3, unique=True))
                clauses = " ".join(f"{place} {self._block(depth, in_menu=in_menu)}" for place in places)
                return f'queue both for 1m {{ every 20s play "wait", hello after 30s also turns {clauses} }}'
            case _:
                return self._draw(st.sampled_from(SIMPLE))

    def _block(self, depth: int, *, in_menu: bool) -> str:
        return f"{{ {self.body(2, depth + 1, in_menu=in_menu)} }}"

    def _menu(self, depth: int) -> str:
        options = self._draw(st.sampled_from(MENU_OPTIONS))
        words = self._draw(st.lists(st.sampled_from(["silence", "invalid"]), max_size=2, unique=True))
        words += self._draw(st.sampled_from(ENDS))
        keys = self._draw(st.lists(st.sampled_from(["1", "12", '"#"', "*"]), min_size=1, max_size=3, unique=True))
        clauses = [f"press {key} {self._block(depth, in_menu=True)}" for key in [*keys, "7, 8"]]
        clauses += [f"{word} {self._block(depth, in_menu='otherwise' not in word)}" for word in words]
        clauses += self._draw(st.sampled_from(EXTRAS))
        return f"menu {options} {{ play hello {' '.join(clauses)} }}"


@st.composite
def schemes(draw: st.DrawFn) -> str:
    """Texts of schemes; many of them check, the others have problems of paths or types."""
    writer = _Writer(draw)
    flows = [
        ("start" if flow == "start" else f"flow {flow}") + " {\n    " + writer.body(5, 0, in_menu=False) + "\n}"
        for flow in FLOWS
    ]
    flows[0] = flows[0].replace("{\n    ", "{\n    answer\n    set n = 0\n    ", 1)
    flows.append('flow sub { play "sub" when office open return wait 1s }')
    for name, body in HANDLERS.items():
        if draw(st.booleans()):
            flows.append(f"on {name} {{ {body} }}")
    return HEAD + "\n".join(flows) + "\n"


def events(at_ms: int, tickets: int) -> st.SearchStrategy[Event]:
    """Events of any kind at a moment, with tickets that were, are or never were given."""
    ticket = st.integers(0, tickets)
    agent = st.sampled_from(("anna", "boris", "carla"))
    return st.one_of(
        st.just(CallerHungUp(at_ms)),
        st.just(DeadlinePassed(at_ms)),
        st.sampled_from("0123456789*#").map(lambda digit: DigitPressed(at_ms, digit)),
        ticket.map(lambda t: PromptEnded(at_ms, t)),
        ticket.map(lambda t: CallAnswered(at_ms, t)),
        ticket.map(lambda t: LegRang(at_ms, t)),
        ticket.map(lambda t: LegAnswered(at_ms, t)),
        st.builds(lambda t, outcome: LegEnded(at_ms, t, outcome), ticket, st.sampled_from(Outcome)),
        st.builds(lambda t, file: MessageRecorded(at_ms, t, file, 1), ticket, st.sampled_from(["", "m.wav"])),
        st.builds(lambda t, is_open: ScheduleReported(at_ms, t, is_open), ticket, st.booleans()),
        st.builds(lambda t, digit: DigitPressed(at_ms, digit, t), ticket, st.sampled_from("01#")),
        st.builds(lambda t, some: GroupCounted(at_ms, t, some, some, 1_000 * some, "anna"), ticket, st.integers(0, 2)),
        st.builds(lambda t, found: AgentsFound(at_ms, t, tuple(found), 1, 1), ticket, st.lists(agent, unique=True)),
        st.builds(lambda t, at: QueueMoved(at_ms, t, at, at, None), ticket, st.integers(1, 3)),
        st.builds(lambda t, one, ms: AgentOffered(at_ms, t, one, ms), ticket, agent, st.sampled_from((1_000, 15_000))),
        st.builds(lambda t, end: QueueLeft(at_ms, t, end), ticket, st.sampled_from(QueueEnd)),
        st.builds(lambda t, is_open: RoomJoined(at_ms, t, 1, is_open), ticket, st.booleans()),
        st.builds(lambda t, end: RoomLeft(at_ms, t, end), ticket, st.sampled_from(RoomEnd)),
        st.builds(lambda t, taken: TransferEnded(at_ms, t, taken), ticket, st.booleans()),
        st.builds(lambda t, trouble: Fetched(at_ms, t, {"tier": "gold"}, trouble), ticket, st.sampled_from(("", "no"))),
    )
