"""What is wrong in a place where something else may stand: its problem, and what was plainly meant.

Only imported where there is a mistake; the codes are in `problems`.
"""

import re
from collections.abc import Sequence
from typing import Final

import attrs

from callflow.diagnostic import Code, Diagnostic, Fix, Label, fixed
from callflow.source import Source, Span
from callflow.syntax.problems import (
    HASH_KEY,
    NEVER_CLOSED,
    NO_UNIT,
    NOTHING_TO_CLOSE,
    STATEMENT_OUTSIDE,
    STRANGE_CHARACTER,
    TEXT_WITHOUT_END,
    UNEXPECTED,
    UNKNOWN_CLAUSE,
    UNKNOWN_DECLARATION,
    UNKNOWN_STATEMENT,
)
from callflow.syntax.tokens import is_whole_text, text_without_end, word_of
from callflow.words import did_you_mean, listed, nearest, one_slip_from, shown

UNKNOWN: Final = (UNKNOWN_STATEMENT, UNKNOWN_DECLARATION, UNKNOWN_CLAUSE)
"""Mistakes behind which the rest of the line means nothing."""

OUT_OF_PLACE: Final = (UNKNOWN_STATEMENT, UNKNOWN_CLAUSE, STATEMENT_OUTSIDE, NOTHING_TO_CLOSE)
"""Mistakes that may come from a brace that is missing or too many further up."""

DECLARATIONS: Final = ("scheme", "timezone", "region", "language", "import", "number", "schedule", "list", "agent",
                       "group", "prompt", "start", "flow", "on")  # fmt: skip
STATEMENTS: Final = ("answer", "play", "wait", "menu", "collect", "connect", "queue", "voicemail", "callback",
                     "conference", "transfer", "when", "match", "split", "repeat", "set", "remember", "forget",
                     "language", "goto", "run", "return", "again", "hangup", "reject", "record", "pause", "resume",
                     "stop", "force", "release", "fetch", "notify", "tag")  # fmt: skip
_MENU: Final = ("play", "retry", "press", "dial", "silence", "invalid", "otherwise")
_COLLECT: Final = ("play", "retry", "silence", "invalid", "otherwise")
_OUTCOMES: Final = ("busy", "no answer", "rejected", "unreachable", "on another call", "away", "failed", "answered",
                    "press")  # fmt: skip
_QUEUE: Final = ("every", "after", "press", "full", "empty", "answered")
_CONNECT: Final = tuple(clause.split()[0] for clause in _OUTCOMES)
CLAUSES: Final = tuple(dict.fromkeys((*_MENU, *_QUEUE, *_CONNECT)))
_MENU_OPTIONS: Final = ("tries", "timeout", "pause")

_ALONE: Final = ("answer", "again", "hangup", "return")
"""Statements of one word."""

PLACED: Final = frozenset((*STATEMENTS, *CLAUSES, *_MENU_OPTIONS, "else")) - {"on"}
"""Words that belong into a flow."""

NO_KEYWORDS: Final = frozenset(
    ("NAME", "TAG", "DIGITS", "DURATION", "STRING", "COMPARISON", "LBRACE", "RBRACE", "LPAR", "RPAREN", "STAR", "PLUS",
     "MINUS", "COMMA", "EQUAL", "DOT", "COLON", "PERCENT", "$END")
)  # fmt: skip
"""The terminals that are no words of the language."""

_UNITS: Final = {
    unit: words[0]
    for words in (("ms", "msec", "millis"), ("s", "sec", "secs", "second", "seconds"), ("d", "day", "days"),
                  ("m", "min", "mins", "minute", "minutes"), ("h", "hr", "hrs", "hour", "hours"))
    for unit in words
}  # fmt: skip
"""What people write for the units of time."""

_SIGNS: Final = {"&": "and", "|": "or", "!": "not"}
"""What other languages write for our words."""

_QUOTES: Final = {"'": "'", "`": "`", "“": "”", "”": "”", "„": "“", "«": "»", "\u2018": "\u2019"}
"""Other quotes than ours, and what ends them."""

_KEYWORDS_SHOWN_MAX: Final = 4
"""How many words are listed as what comes next; of more, none is."""

_THINGS: Final = (
    ({"NOT", "NAME", "DIGITS"}, "a condition"),
    ({"NAME", "STRING", "DIGITS", "DURATION"}, "a value"),
    ({"DURATION"}, "a duration such as `20s`"),
    ({"NAME", "STRING", "EXTENSION"}, "an agent, a group, an address in quotes or `extension`"),
    ({"NAME", "NEEDS"}, "an agent, or an option such as `ring in turn`"),
    ({"NAME", "START"}, "the name of a flow"),
    ({"NAME", "STRING"}, "a name, or a text in quotes"),
    ({"DIGITS", "STAR", "STRING"}, 'a key such as `1`, `*` or `"#"`'),
    ({"TAG", "FILE"}, "a language such as `en`, or `file`"),
    ({"TAG"}, "a language such as `en`"),
    ({"RETRY", "OTHERWISE"}, "a clause such as `press 1 …`"),
    ({"UNREACHABLE", "FAILED", "RBRACE"}, "a clause such as `busy …`"),
    ({"SCHEME", "FLOW"}, "a declaration"),
    ({"GOTO", "HANGUP"}, "a statement"),
    ({"STRING", "LBRACE"}, "a text in quotes, or `{`"),
    ({"NAME"}, "a name"),
    ({"STRING"}, "a text in quotes"),
    ({"DIGITS"}, "a number"),
    ({"LBRACE"}, "`{`"),
    ({"LPAR"}, "`(`"),
    ({"RPAREN"}, "`)`"),
    ({"EQUAL"}, "`=`"),
)
"""What to call a set of terminals that may stand in a place: the first whose terminals are all there."""

_THINGS_AFTER: Final = {
    "ring": "`all`, `in turn`, `longest idle`, `round robin`, `fewest calls` or `random`",
    "region": "a region such as `DE` or `DE-BY`",
    "play": "a prompt or a text in quotes",
    "greeting": "a prompt or a text in quotes",
    "voicemail": "an agent, a group, a box in quotes or `extension`",
}
"""The same where the terminals alone do not tell."""

_FOUND: Final = re.compile(r'"(?:\\[^\n]|[^"\\\n])*"?|[0-9]+(?:\.[0-9]+)?\w*|\w+|[=!<>]=|\S')
_AMOUNT: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)([ \t]*)([A-Za-z]*)")
_RUN: Final = re.compile(r"[^\s{}(),\"]+")
_REST_OF_NAME: Final = re.compile(r"[\w-]+")


@attrs.frozen
class Place:
    """Where a text cannot be understood: what stands before, and the terminals that may come next."""

    source: Source
    at: int
    before: Span | None
    expected: frozenset[str]
    opened: tuple[int, ...]
    """The braces that are open, the outermost first."""
    lost: int | None
    """A brace that was closed, by its indent, by the one of another."""
    outdented: bool
    """Whether a declaration begins a line here that stands no further right than the block around it."""
    surplus: bool
    """Whether there are more braces opened than closed, or the other way round."""

    @property
    def found(self) -> str:
        """Return what stands here, empty at the end of the file."""
        matched = _FOUND.match(self.source.text, self.at)
        return matched.group() if matched else ""

    @property
    def span(self) -> Span:
        """Return the span of what stands here."""
        return Span(self.at, self.at + len(self.found))

    @property
    def last(self) -> str:
        """Return the word before."""
        return self.source.text[self.before.start : self.before.end] if self.before else ""

    @property
    def gap(self) -> str:
        """Return the text between the word before and this place."""
        return self.source.text[self.before.end if self.before else 0 : self.at]


@attrs.frozen
class Repair:
    """What was plainly meant: go on at an offset as if `text` had been read, or nothing where there is no terminal."""

    at: int
    terminal: str = ""
    text: str = ""


Told = tuple[Diagnostic, Repair | None]


def unexpected(place: Place) -> Told:
    """Return the problem of a place where something else may stand than does, and what was meant, if that is plain."""
    if not place.found:
        return _ended_early(place), None
    for attempt in (_of_text, _of_brace, _of_comma, _of_amount, _of_sign, _of_word):
        told = attempt(place)
        if told is not None:
            return told
    return _misplaced(place)


def _of_text(place: Place) -> Told | None:
    """Quotes that are missing or different."""
    text, at, found = place.source.text, place.at, place.found
    meant = "STRING" if "STRING" in place.expected else ""
    if found[0] == '"' and not is_whole_text(found):
        end = at + len(found.rstrip())
        problem = Diagnostic(TEXT_WITHOUT_END, "this text has no end", Span(at, end),
                             help='close it with `"` on the same line',
                             fixes=_closing_quote(at, found))  # fmt: skip
        return problem, Repair(at + max(1, len(text_without_end(found))), meant, '""')
    if place.last == "press" and "#" in place.gap and "STAR" in place.expected:
        mark = text.index("#", at - len(place.gap))
        problem = Diagnostic(HASH_KEY, "`#` begins a comment here", Span(mark, mark + 1), help='write `press "#"`',
                             fixes=fixed('write `"#"`', Span(mark, mark + 1), '"#"', safe=True))  # fmt: skip
        return problem, Repair(mark + 1, "STRING", '"#"')
    if found in _QUOTES:
        line_end = _line_end(place.source, at)
        close = text.find(_QUOTES[found], at + 1, line_end)
        problem = Diagnostic(STRANGE_CHARACTER, f'a text stands in `"`, not in `{found}`', Span(at, at + 1),
                             help='put it in `"`', fixes=_other_quotes(text, at, close))  # fmt: skip
        return problem, Repair(close + 1, meant, '""') if close > 0 else None
    if place.expected == {"STRING"} and (found[0].isalnum() or found[0] in "+_<"):
        run = _RUN.match(text, at)
        end = run.end() if run else at + 1
        if found in {*PLACED, *DECLARATIONS, "extension"}:
            told, _ = _misplaced(place)
            return told, Repair(at, "STRING", '""') if found in {"extension", "goto"} else None
        if text[end:].lstrip(" \t").startswith('"'):
            return _misplaced(place)[0], Repair(end)
        problem = Diagnostic(UNEXPECTED, f"{_after(place)} comes a text in quotes, not {shown(found)}", place.span,
                             help="put it in quotes", fixes=_quotes(text, at, end))  # fmt: skip
        return problem, Repair(end, "STRING", '""')
    return None


def _of_brace(place: Place) -> Told | None:
    """Braces that close nothing, and those that are missing before a block."""
    if place.found == "}" and not place.opened:
        problem = Diagnostic(NOTHING_TO_CLOSE, "this `}` closes nothing", place.span, help="remove it",
                             fixes=fixed("remove it", place.span, "", safe=False))  # fmt: skip
        return problem, Repair(place.at + 1)
    if place.found == "{" and place.surplus and "LBRACE" not in place.expected:
        return _misplaced(place)[0], Repair(place.at + 1)
    if place.found == place.last:
        return None
    if "LBRACE" in place.expected and not place.expected & {"GOTO", "STRING"} and place.found in (*STATEMENTS, *_MENU):
        return _misplaced(place)[0], Repair(place.at, "LBRACE", "{")
    return None


def _of_comma(place: Place) -> Told | None:
    """Two things of a list with no comma between."""
    last, found = place.last, place.found
    alike = all(word.isidentifier() or word.isdecimal() or is_whole_text(word) for word in (last, found)) and (
        "UNINTERRUPTED" in place.expected or last.isidentifier() == found.isidentifier()
    )
    if place.before is None or "COMMA" not in place.expected or not alike or "\n" in place.gap:
        return None
    if found in PLACED or nearest(found, (*_keywords(place.expected), *STATEMENTS)):
        return None
    end = place.before.end
    problem = Diagnostic(UNEXPECTED, f"no comma stands between {shown(last)} and {shown(found)}", place.span,
                         help="put a comma between them",
                         fixes=fixed("add a comma", Span(end, end), ",", safe=True))  # fmt: skip
    return problem, Repair(place.at, "COMMA", ",")


def _of_amount(place: Place) -> Told | None:
    """Durations without a unit, or with one that is none."""
    amount = _AMOUNT.match(place.source.text, place.at)
    if amount is None or "DURATION" not in place.expected or "NAME" in place.expected:
        return None
    number, space, word = amount.groups()
    if space and word.lower() not in _UNITS:
        word = ""
    end = amount.end() if word else place.at + len(number)
    span = Span(place.at, end)
    written = place.source.text[place.at : end]
    meant = f"{number}{_UNITS.get(word.lower(), 's')}"
    if word and word.lower() not in _UNITS:
        problem = Diagnostic(NO_UNIT, f"`{written}` has no unit that is known", span,
                             help=f"units are {listed(('ms', 's', 'm', 'h', 'd'), 'and')}")  # fmt: skip
    else:
        problem = Diagnostic(NO_UNIT, f"`{written}` has no unit" if not word else f"`{written}` is no duration", span,
                             help=f"write `{meant}`" if word else f"write `{meant}` for seconds",
                             fixes=fixed(f"write `{meant}`", span, meant, safe=bool(word)))  # fmt: skip
    return problem, Repair(end, "DURATION", meant)


def _of_sign(place: Place) -> Told | None:
    """Single characters that mean something elsewhere, or nothing."""
    found, at, span = place.found, place.at, place.span
    if found == "=" and "COMPARISON" in place.expected:
        problem = Diagnostic(UNEXPECTED, "`=` compares nothing", span, help="write `==`",
                             fixes=fixed("write `==`", span, "==", safe=True))  # fmt: skip
        return problem, Repair(at + 1, "COMPARISON", "==")
    in_name = place.before is not None and not place.gap and place.last.isidentifier()
    foreign = not found[0].isascii() and found[0].isalnum()
    if (foreign and (in_name or "NAME" in place.expected)) or (in_name and found == "-"):
        rest = _REST_OF_NAME.match(place.source.text, at)
        end = rest.end() if rest else at + 1
        problem = Diagnostic(STRANGE_CHARACTER, f"`{found[0]}` cannot stand in a name", Span(at, at + 1),
                             help="names have the letters `a` to `z`, digits and `_`",
                             fixes=_underscores(place, end) if in_name and found == "-" else ())  # fmt: skip
        return problem, Repair(end) if in_name else Repair(end, "NAME", "unnamed")
    if found in _SIGNS:
        end = at + (2 if place.source.text.startswith(found * 2, at) else 1)
        word = _SIGNS[found]
        problem = Diagnostic(STRANGE_CHARACTER, f"`{place.source.text[at:end]}` means nothing here", Span(at, end),
                             help=f"write `{word}`", fixes=_in_words(place, end, word))  # fmt: skip
        return problem, Repair(end, word.upper() if word.upper() in place.expected else "", word)
    if len(found) == 1 and not found.isalnum() and found not in '{}(),=.+-*<>"':
        what = f"`{found}`" if found.isprintable() else f"the character U+{ord(found):04X}"
        problem = Diagnostic(STRANGE_CHARACTER, f"{what} means nothing here", span, help="remove it",
                             fixes=fixed("remove it", span, "", safe=found == ";"))  # fmt: skip
        return problem, Repair(at + 1)
    return None


def _of_word(place: Place) -> Told | None:
    """Words that are unknown, or known in another place."""
    found, span, expected = place.found, place.span, place.expected
    if not found.isidentifier():
        return None
    if found == "else" and "RBRACE" in expected:
        return Diagnostic(UNKNOWN_STATEMENT, "this `else` has no `when` before it", span), None
    around = _clauses_around(expected)
    if {"GOTO", "HANGUP", "RBRACE"} <= expected or around:
        if found in DECLARATIONS and found != "language" and place.opened:
            if place.outdented:
                return _never_closed(place, Label(span, "begins inside it")), None
            return Diagnostic(UNKNOWN_STATEMENT, f"`{found}` is a declaration and stands inside a flow", span,
                              help="move it out of the flow"), None  # fmt: skip
        if "GOTO" in expected:
            return _no_statement(place), None
        return _no_clause(place, around), None
    if {"FLOW", "SCHEME"} <= expected:
        if found in PLACED:
            return Diagnostic(STATEMENT_OUTSIDE, f"`{found}` stands outside every flow", span,
                              help="move it into `start { … }` or a `flow`"), None  # fmt: skip
        return _unknown(UNKNOWN_DECLARATION, "declaration", place, DECLARATIONS), None
    return None


def _no_statement(place: Place) -> Diagnostic:
    found, span = place.found, place.span
    if found in _MENU:
        return Diagnostic(UNKNOWN_STATEMENT, f"`{found}` is a clause of a menu and stands outside one", span,
                          help=f"write `menu {{ {found} … }}`")  # fmt: skip
    if found in _QUEUE and found not in _CONNECT:
        return Diagnostic(UNKNOWN_STATEMENT, f"`{found}` is a clause of `queue` and stands outside its braces", span,
                          help=f"write `queue … {{ {found} … }}`")  # fmt: skip
    if found in _CONNECT:
        return Diagnostic(UNKNOWN_STATEMENT, f"`{found}` is a clause of `connect` and stands outside its braces", span,
                          help=f"write `connect … {{ {found} … }}`")  # fmt: skip
    if found in _MENU_OPTIONS:
        return Diagnostic(UNKNOWN_STATEMENT, f"`{found}` is an option of a menu and stands apart from one", span,
                          help=f"write `menu {found} … {{ … }}`")  # fmt: skip
    return _unknown(UNKNOWN_STATEMENT, "statement", place, STATEMENTS)


def _no_clause(place: Place, of_what: str) -> Diagnostic:
    found, span = place.found, place.span
    if found in STATEMENTS and not (of_what == "of a menu" and found in _MENU_OPTIONS):
        first = {"of a menu": "press 1", "of `connect`": "busy", "of `queue`": "full"}.get(of_what, "otherwise")
        return Diagnostic(UNKNOWN_CLAUSE, f"`{found}` is a statement, no clause {of_what}", span,
                          help=f"say when: `{first} {found}{'' if found in _ALONE else ' …'}`")  # fmt: skip
    if of_what == "of a menu" and found in _MENU_OPTIONS:
        return Diagnostic(UNKNOWN_CLAUSE, f"`{found}` is an option and stands before the braces of a menu", span,
                          help=f"write `menu {found} … {{ … }}`")  # fmt: skip
    return _unknown(UNKNOWN_CLAUSE, f"clause {of_what}", place, _CLAUSES_OF[of_what])


_CLAUSES_OF: Final = {"of a menu": _MENU, "of `collect`": _COLLECT, "of `connect`": _OUTCOMES, "of `queue`": _QUEUE}


def _clauses_around(expected: frozenset[str]) -> str:
    """Return what the clauses belong to that may stand here; empty where none may."""
    if "RBRACE" not in expected:
        return ""
    marks = {"EVERY": "of `queue`", "DIAL": "of a menu", "RETRY": "of `collect`", "UNREACHABLE": "of `connect`"}
    return next((words for terminal, words in marks.items() if terminal in expected), "")


def _misplaced(place: Place) -> Told:
    thing = _thing(place)
    near = did_you_mean(place.found, _keywords(place.expected)) if place.found.isidentifier() else ""
    written = shown(place.found)
    message = f"{_after(place)} comes {thing}, not {written}" if thing else f"{written} cannot stand here"
    again = place.found == place.last and place.found not in {"{", "}"}
    if again:
        fixes = fixed("remove it", place.span, "", safe=False)
        return Diagnostic(UNEXPECTED, message, place.span, help=near, fixes=fixes), Repair(place.span.end)
    fixes = _slip(place, _keywords(place.expected)) if near else ()
    return Diagnostic(UNEXPECTED, message, place.span, help=near, fixes=fixes), None


def _thing(place: Place) -> str:
    """Return what may stand in a place, in words; empty where there is no short name for it."""
    expected = place.expected
    if {"LBRACE", "GOTO"} <= expected and (place.found == "}" or "RBRACE" not in expected):
        return "a statement or `{`"
    if place.last in _THINGS_AFTER:
        return _THINGS_AFTER[place.last]
    for terminals, words in _THINGS:
        if terminals <= expected:
            return "a value" if words == "a condition" and place.last in {"=", "("} else words
    keywords = _keywords(expected)
    return listed(keywords) if len(keywords) <= _KEYWORDS_SHOWN_MAX else ""


def _keywords(expected: frozenset[str]) -> list[str]:
    """Return the words of the language among terminals."""
    return sorted(word_of(name) for name in expected - NO_KEYWORDS)


def _after(place: Place) -> str:
    return f"after {shown(place.last)}" if place.last else "at the beginning of a file"


def _unknown(code: Code, kind: str, place: Place, known: tuple[str, ...]) -> Diagnostic:
    names = (*known, *_keywords(place.expected))
    help_ = did_you_mean(place.found, names, f"one of {listed(known)}")
    return Diagnostic(code, f"{shown(place.found)} is no {kind}", place.span, help=help_, fixes=_slip(place, names))


def _ended_early(place: Place) -> Diagnostic:
    span = Span(place.at, place.at)
    if place.opened:
        return _never_closed(place, Label(span, "the file ends here"))
    return Diagnostic(UNEXPECTED, f"the file ends where {_thing(place) or 'more'} is expected", span)


def _never_closed(place: Place, label: Label) -> Diagnostic:
    brace = place.opened[-1] if place.lost is None else place.lost
    only = place.lost is None and len(place.opened) == 1
    return Diagnostic(NEVER_CLOSED, "this `{` is never closed", Span(brace, brace + 1), labels=(label,),
                      help="close it with `}`", fixes=_closing_brace(place, brace) if only else ())  # fmt: skip


def _line_end(source: Source, at: int) -> int:
    end = source.text.find("\n", at)
    return end if end >= 0 else len(source.text)


# --- repairs ---------------------------------------------------------------------------------------------------------


def _slip(place: Place, names: Sequence[str]) -> tuple[Fix, ...]:
    near = one_slip_from(place.found, names)
    return fixed(f"write `{near}`", place.span, near, safe=False) if near else ()


def _closing_quote(at: int, found: str) -> tuple[Fix, ...]:
    written = text_without_end(found).rstrip()
    end = at + len(written)
    return fixed('add `"`', Span(end, end), '"', safe=False) if len(written) > 1 and written[-1] != "\\" else ()


def _other_quotes(text: str, at: int, close: int) -> tuple[Fix, ...]:
    """Return the repair of a text in other quotes; none where it is not plain that it ends at `close`."""
    inner = text[at + 1 : close]
    if close < 0 or "\\" in inner or text[close + 1 : close + 2] not in {"", " ", "\t", "\r", "\n", ",", ")", "}"}:
        return ()
    quoted = inner.replace('"', '\\"')
    return fixed('put it in `"`', Span(at, close + 1), f'"{quoted}"', safe=True)


def _quotes(text: str, at: int, end: int) -> tuple[Fix, ...]:
    """Return the repair of a text without quotes; none where it may go on behind the next space."""
    behind = _FOUND.match(text, end + len(text[end:]) - len(text[end:].lstrip(" \t")))
    word = behind.group() if behind else "\n"
    written = text[at:end]
    whole = word in {"\n", "#", "{", "}", ","} or word in (*PLACED, *DECLARATIONS) or word == "extension"
    safe = whole and "\\" not in written
    return fixed("put it in quotes", Span(at, end), f'"{written}"', safe=True) if safe else ()


def _underscores(place: Place, end: int) -> tuple[Fix, ...]:
    rest = place.source.text[place.at : end]
    return fixed("write `_`", Span(place.at, end), rest.replace("-", "_"), safe=False) if rest.isascii() else ()


def _in_words(place: Place, end: int, word: str) -> tuple[Fix, ...]:
    before = "" if place.gap or word == "not" else " "
    after = "" if place.source.text[end : end + 1].isspace() else " "
    return fixed(f"write `{word}`", Span(place.at, end), f"{before}{word}{after}", safe=True)


def _closing_brace(place: Place, brace: int) -> tuple[Fix, ...]:
    """Return the repair that closes the one block that is open behind the last thing in it."""
    source = place.source
    end = _line_end(source, place.before.end) if place.before else len(source.text)
    end -= source.text[:end].endswith("\r")
    line = source.line_of(brace)
    opening = source.line_text(line)
    indent = opening[: len(opening) - len(opening.lstrip())]
    same_line = line == source.line_of(end) and "#" not in source.text[place.before.end if place.before else 0 : end]
    return fixed("add `}`", Span(end, end), " }" if same_line else f"\n{indent}}}", safe=True)
