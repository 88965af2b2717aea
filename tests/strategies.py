"""Random schemes that check, and random events: for laws that must hold for all of them."""

from hypothesis import strategies as st

from callflow.engine.events import (
    CallAnswered,
    CallerHungUp,
    DeadlinePassed,
    DigitPressed,
    Event,
    LegAnswered,
    LegEnded,
    LegRang,
    MessageRecorded,
    Outcome,
    PromptEnded,
    ScheduleReported,
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
OUTCOMES = ("busy", "no answer", "rejected", "unreachable", "failed", "answered", "press 0")


class _Writer:
    """Writes random statements; keeps them few, so that examples shrink well."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self._left = 24

    def body(self, most: int, depth: int, *, in_menu: bool) -> str:
        """Return a few statements; only the last of them may lead away."""
        lines = [self._statement(depth, in_menu=in_menu) for _ in range(self._draw(st.integers(0, most)))]
        if self._draw(st.integers(0, 2)) == 0:
            ways = ["hangup", "reject busy", *(f"goto {flow}" for flow in FLOWS)]
            lines.append(self._draw(st.sampled_from(["again", *ways] if in_menu else ways)))
        return " ".join(lines)

    def _statement(self, depth: int, *, in_menu: bool) -> str:
        self._left -= 1
        kind = self._draw(st.integers(0, 5)) if depth < 3 and self._left > 0 else 0
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
            case _:
                return self._draw(st.sampled_from(SIMPLE))

    def _block(self, depth: int, *, in_menu: bool) -> str:
        return f"{{ {self.body(2, depth + 1, in_menu=in_menu)} }}"

    def _menu(self, depth: int) -> str:
        options = self._draw(st.sampled_from(MENU_OPTIONS))
        words = self._draw(st.lists(st.sampled_from(["silence", "invalid", "otherwise"]), max_size=3, unique=True))
        keys = self._draw(st.lists(st.sampled_from(["1", "12", '"#"', "*"]), min_size=1, max_size=3, unique=True))
        clauses = [f"press {key} {self._block(depth, in_menu=True)}" for key in keys]
        clauses += [f"{word} {self._block(depth, in_menu=word != 'otherwise')}" for word in words]
        clauses += self._draw(st.sampled_from([[], ['retry play "short"'], ["dial extension"]]))
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
    return HEAD + "\n".join(flows) + "\n"


def events(at_ms: int, tickets: int) -> st.SearchStrategy[Event]:
    """Events of any kind at a moment, with tickets that were, are or never were given."""
    ticket = st.integers(0, tickets)
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
    )
