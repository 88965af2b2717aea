"""Opening hours as text: OpenStreetMap's syntax read into rules, or refused in words. Nothing here knows a clock.

What is read is a subset. Left out because a call needs open or closed: `unknown`, open ends, fallback rules, times of
the sun, school holidays. Which days a date means is not decided here; dates keep their text, in one spelling.
"""

import calendar
import itertools
import re
from collections.abc import Sequence
from typing import Final, NoReturn

import attrs

from callflow.limits import STRING_CHARS_MAX

DAY_MINUTES: Final = 1_440
END_MINUTES_MAX: Final = 2 * DAY_MINUTES
"""`48:00`, the latest end in OpenStreetMap's syntax: a span reaches no further than into the next day."""

DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WORDS: Final = {word.lower(): word for word in (*DAYS, *_MONTHS, "easter", "week", "day", "days", "PH", "SH")}
_SUN: Final = frozenset({"sunrise", "sunset", "dawn", "dusk"})
_STATES: Final = {"open": True, "off": False, "closed": False}
_LEAP_YEAR: Final = 2_024
"""`Feb 29` is a date."""

_YEAR_MIN: Final = 1_000
"""Numbers from here on are years, smaller ones are days or weeks."""

_MOVED_DAYS_MAX: Final = 366
"""How far `PH +1 day` may move; further is another year's holiday."""

_TOKEN: Final = re.compile(
    r"(?P<space>\s+)"
    r'|(?P<comment>"[^"]*")'
    r"|(?P<always>(?<!\d)24/7(?!\d))"
    r"|(?P<time>\d{1,2}:\d{2}(?!\d))"
    r"|(?P<number>\d+)"
    r"|(?P<word>[^\W\d_]+)"
    r"|(?P<mark>\|\||\S)"
)
_CLOCK: Final = r"(?:\d{1,2}(?:[.:h]\d{2})?|(?:0\d|1[0-8])\d{2})(?:[ap]m|h)?"
"""A time as it is written elsewhere: `9`, `9.00`, `9am`, `0900` (but `1900` and later are years)."""

_DASHES: Final = "\u2013\u2014"
"""What word processors make of a hyphen."""

_HOURS_LIKE: Final = re.compile(rf"{_CLOCK}[-{_DASHES}](?:{_CLOCK}|\d{{4}})(?:,.*)?", re.IGNORECASE)
_ISO_DATE: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d)")
_POINT_DATE: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})?")


class HoursRefused(ValueError):
    """Opening hours that cannot be read: what is so, where (offsets into the text) and, where known, what to do."""

    def __init__(self, message: str, start: int, end: int, help_: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.help = help_


@attrs.frozen
class Part:
    """A part of the text in its one spelling, with the offsets where it was written."""

    text: str
    start: int
    end: int


@attrs.frozen
class Days:
    """Which days a rule is about. Everything empty: every day."""

    dates: Part | None = None
    """Years, months, dates and weeks."""
    weekdays: frozenset[int] = frozenset()
    """Monday is 0."""
    counted: tuple[Part, ...] = ()
    """Days counted within their month, such as `Mo[1]`."""
    holidays: tuple[int, ...] = ()
    """`PH`, each with the days by which it is moved: -1 is the day before."""
    holidays_at: tuple[int, int] = (0, 0)
    both: bool = False
    """`PH Mo-Fr`: a holiday that is one of the weekdays. Otherwise either is enough."""


@attrs.frozen
class Rule:
    """One rule. It replaces the earlier ones on its days, or adds to them (`,` before it)."""

    adds: bool
    days: Days
    spans: tuple[tuple[int, int], ...]
    """Minutes from the start of the day, half-open; the end may lie in the next day. None: the whole day."""
    open: bool
    comment: str
    text: Part
    """The rule as it is written."""
    spans_at: tuple[tuple[int, int], ...] = ()
    """Where each of `spans` is written."""

    @property
    def is_weekly(self) -> bool:
        """Return whether the rule says the same of every week: no dates, no counted days, no holidays."""
        return self.days == Days(weekdays=self.days.weekdays)

    def is_usual(self, weekday: int) -> bool:
        """Return whether the rule is about that day of every week, whatever its date."""
        return self.is_weekly or (self.days.dates is None and not self.days.both and weekday in self.days.weekdays)


@attrs.frozen
class _Token:
    kind: str
    text: str
    start: int
    end: int


def read_rules(expression: str) -> tuple[Rule, ...]:
    """Return the rules of opening hours, in their order. Raises `HoursRefused`."""
    if len(expression) > STRING_CHARS_MAX:
        raise HoursRefused(f"these hours are longer than {STRING_CHARS_MAX} characters", 0, len(expression))
    reader = _Reader(expression)
    if reader.peek().kind == "end":
        raise HoursRefused("these hours are empty", 0, len(expression), "write for example `Mo-Fr 09:00-18:00`")
    rules = [reader.rule(adds=False)]
    while (separator := reader.take()).kind != "end":
        if reader.peek().kind == "end":
            reader.refuse(f"nothing follows `{separator.text}`", separator)
        rules.append(reader.rule(adds=separator.text == ","))
    return tuple(rules)


class _Reader:
    """The tokens of one text, taken from left to right."""

    def __init__(self, expression: str) -> None:
        self._text = expression
        found = [_Token(m.lastgroup or "", m[0], m.start(), m.end()) for m in _TOKEN.finditer(expression)]
        self._tokens = [token for token in found if token.kind != "space"]
        self._tokens.append(_Token("end", "", len(expression), len(expression)))
        self._next = 0

    def peek(self, ahead: int = 0) -> _Token:
        """Return a token that was not taken yet."""
        return self._tokens[min(self._next + ahead, len(self._tokens) - 1)]

    def take(self) -> _Token:
        """Return the next token and go on."""
        token = self.peek()
        self._next += 1
        return token

    def refuse(self, message: str, first: _Token, last: _Token | None = None, help_: str = "") -> NoReturn:
        """Refuse the text for what stands from one token to another."""
        raise HoursRefused(message, first.start, (last or first).end, help_)

    def rule(self, *, adds: bool) -> Rule:
        """Read one rule and stop before what separates it from the next one."""
        first = self.peek()
        if first.text in {";", ","}:
            self.refuse(f"no rule stands before `{first.text}`", first)
        always = first.kind == "always"
        days = Days() if always else self._days()
        if always:
            self.take()
        spans = self._spans() if self.peek().kind == "time" else ()
        spans_at = tuple(at for _, at in spans)
        state, comment = self._state(), self._comment()
        bare = not (always or spans or days != Days())
        if bare and state is None and comment is not None:
            self.refuse("a comment alone is neither open nor closed", first, help_="write `open` or `off` before it")
        self._finish(first)
        end = self._tokens[self._next - 1].end
        text = Part(self._text[first.start : end], first.start, end)
        only = tuple(span for span, _ in spans)
        return Rule(adds, days, only, open=state is not False, comment=comment or "", text=text, spans_at=spans_at)

    def _state(self) -> bool | None:
        """Read `open`, `off` or `closed`."""
        token = self.peek()
        if token.text.lower() == "unknown":
            self.refuse("`unknown` is neither open nor closed", token)
        if token.kind != "word" or token.text.lower() not in _STATES:
            return None
        return _STATES[self.take().text.lower()]

    def _comment(self) -> str | None:
        """Read a comment."""
        token = self.peek()
        if token.text == '"':
            raise HoursRefused("this comment has no end", token.start, len(self._text), 'close it with `"`')
        return self.take().text[1:-1].strip() if token.kind == "comment" else None

    def _finish(self, first: _Token) -> None:
        """See that a rule ends here."""
        token = self.peek()
        if token.kind == "end" or token.text in {";", ","}:
            return
        if token.text == "||":
            self.refuse("fallback rules (`||`) are not supported", token, help_="separate rules with `;`")
        if token.kind == "always":
            self.refuse("`24/7` already means every day", token, help_="write `00:00-24:00`")
        if token == first:
            self.refuse(f"`{token.text}` has no place in opening hours", token)
        self.refuse(f"`{token.text}` follows a rule that is complete", token, help_="separate rules with `;`")

    # --- times ------------------------------------------------------------------------------------------------------

    def _spans(self) -> tuple[tuple[tuple[int, int], tuple[int, int]], ...]:
        """Read time ranges and where they stand. A comma after which no time stands begins another rule and is left."""
        spans = [self._span()]
        while self.peek().text == "," and self.peek(1).kind == "time":
            self.take()
            spans.append(self._span())
        return tuple(spans)

    def _span(self) -> tuple[tuple[int, int], tuple[int, int]]:
        first = self.take()
        start = self._minutes(first, DAY_MINUTES)
        dash = self.peek()
        if dash.text == "+":
            self.refuse(f"`{first.text}+` has no end", first, dash, "write both hours: `09:00-18:00`")
        self._no_long_dash(dash)
        if dash.text != "-":
            self.refuse(f"`{first.text}` is a moment, no range", first, help_="write both hours: `09:00-18:00`")
        self.take()
        last = self.peek()
        if last.text.lower() in _SUN:
            self._no_sun(last)
        if last.kind != "time":
            self.refuse(f"`{first.text}-` has no end", first, dash, "write both hours: `09:00-18:00`")
        self.take()
        end = self._minutes(last, END_MINUTES_MAX)
        after = self.peek()
        if after.text == "+":
            self.refuse(f"`{first.text}-{last.text}+` has no end", first, after, "leave out the `+`")
        if after.text == "/":
            self.refuse("intervals within a time range are not supported", after, self.peek(1))
        if start == DAY_MINUTES:
            self.refuse(f"`{first.text}` begins the next day", first, help_="begin it with `00:00` on the next day")
        return (start, end if end > start else end + DAY_MINUTES), (first.start, last.end)

    def _minutes(self, token: _Token, most: int) -> int:
        """Return a time in minutes from the start of the day."""
        hours, minutes = (int(part) for part in token.text.split(":"))
        total = hours * 60 + minutes
        if minutes >= 60 or total > most:  # noqa: PLR2004  minutes of an hour
            self.refuse(f"`{token.text}` is no time of day", token)
        return total

    # --- days -------------------------------------------------------------------------------------------------------

    def _days(self) -> Days:
        """Read what stands before the times: dates, then days of the week and holidays."""
        tokens: list[_Token] = []
        while self._is_of_days(self.peek()):
            tokens.append(self.take())
        if tokens and tokens[-1].text == ":":  # `Dec: 10:00-12:00`
            tokens.pop()
        if not tokens:
            return Days()
        self._known(tokens)
        if tokens[-1].text in {",", "-"}:
            self.refuse(f"nothing follows `{tokens[-1].text}`", tokens[-1])
        names = [_word(token) for token in tokens]
        split = next((i for i, name in enumerate(names) if name in DAYS or name == "PH"), len(tokens))
        later = next((i for i in range(split, len(tokens)) if names[i] in {*_MONTHS, "easter", "week"}), None)
        if later is not None:
            self.refuse(f"`{names[later]}` stands after a day of the week", tokens[later],
                        help_="write the date first: `Dec Mo-Fr`")  # fmt: skip
        days = self._weekdays(tokens[split:]) if split < len(tokens) else Days()
        return attrs.evolve(days, dates=self._dates(tokens[:split])) if split else days

    def _is_of_days(self, token: _Token) -> bool:
        if token.kind == "word":
            return token.text.lower() not in _STATES and token.text.lower() != "unknown"
        return token.kind == "number" or (token.kind == "mark" and token.text not in {";", "||", '"'})

    def _known(self, tokens: list[_Token]) -> None:
        """See that every word and mark has a place in days; say of frequent other spellings what they are."""
        for i, token in enumerate(tokens):
            if token.kind == "number":
                self._no_look_alike(tokens, i)
            elif token.kind == "mark":
                self._no_long_dash(token)
                if token.text not in ",-+/[]:":
                    self.refuse(f"`{token.text}` has no place in opening hours", token)
            elif token.text.lower() in _SUN:
                self._no_sun(token)
            elif token.text.lower() == "sh":
                self.refuse("school holidays (`SH`) are not supported", token, help_="write their dates")
            elif token.text.lower() not in _WORDS:
                self._no_day(tokens, i)

    def _no_look_alike(self, tokens: list[_Token], i: int) -> None:
        """Refuse hours and dates as they are written elsewhere."""
        token = tokens[i]
        if (found := _ISO_DATE.match(self._text, token.start)) or (found := _POINT_DATE.match(self._text, token.start)):
            year, month, day = found.groups() if found.re is _ISO_DATE else (found[3] or "", found[2], found[1])
            help_ = ""
            if 1 <= int(month) <= len(_MONTHS):
                help_ = f"write `{f'{year} {_MONTHS[int(month) - 1]} {int(day)}'.strip()}`"
            raise HoursRefused(f"`{found[0]}` is no date", found.start(), found.end(), help_)
        before = _word(tokens[i - 1]) if i else ""
        run = re.compile(r"[^\s;]+").match(self._text, token.start)
        if run and before not in {*_MONTHS, "week", "-", ",", "[", "+"} and _HOURS_LIKE.fullmatch(run[0]):
            raise HoursRefused(f"`{run[0]}` is no time range", run.start(), run.end(), "write hours as `09:00-18:00`")

    def _no_day(self, tokens: list[_Token], i: int) -> NoReturn:
        """Refuse a word that is neither a day nor a month."""
        token = tokens[i]
        joined = [*tokens, self.peek()]
        if i >= 2 and joined[i - 1].text == "-" and _word(joined[i - 2]) in {*DAYS, *_MONTHS}:  # noqa: PLR2004
            first, last = joined[i - 2], token
        elif joined[i + 1].text == "-" and i + 2 < len(tokens):
            first, last = token, joined[i + 2]
        else:
            first = last = token
        spelled = self._text[first.start : last.end]
        meant = next((one for one in (*_MONTHS, *DAYS) if token.text.lower().startswith(one.lower())), None)
        if meant is not None and token.text.isalpha():
            self.refuse(f"`{token.text}` is no day or month", token, help_=f"write `{meant}`")
        kind = "is no day range" if first != last else "is neither a day nor a month"
        days = f"days are {', '.join(f'`{day}`' for day in DAYS)}"
        self.refuse(f"`{spelled}` {kind}", first, last, days)

    def _no_sun(self, token: _Token) -> NoReturn:
        self.refuse(f"times of the sun (`{token.text}`) are not supported", token, help_="write hours: `09:00-18:00`")

    def _no_long_dash(self, token: _Token) -> None:
        if token.kind == "mark" and token.text in _DASHES:
            self.refuse(f"`{token.text}` is no hyphen", token, help_="write `-`")

    # --- dates ------------------------------------------------------------------------------------------------------

    def _dates(self, tokens: list[_Token]) -> Part:
        """Return dates in their one spelling. A day that follows a comma is one of the month before: `Dec 24,31`."""
        pieces: list[str] = []
        inherited = ""
        for piece in _split(tokens):
            self._date_exists(piece)
            if not piece:
                self.refuse("a date is missing beside `,`", tokens[0], tokens[-1], "give other days their own rule")
            months = [_word(token) for token in piece if _word(token) in _MONTHS]
            bare = not months and all(token.kind == "number" or token.text == "-" for token in piece)
            if bare and inherited and piece[0].kind == "number" and int(piece[0].text) < _YEAR_MIN:
                pieces.append(f"{inherited} {_joined(piece)}")
                continue
            pieces.append(_joined(piece))
            dated = len(months) > 0 and piece[-1].kind == "number"
            year = piece[0].text if dated and piece[0].kind == "number" else ""
            inherited = f"{year} {months[-1]}".strip() if dated else ""
        return Part(",".join(pieces), tokens[0].start, tokens[-1].end)

    def _date_exists(self, piece: Sequence[_Token]) -> None:
        """Refuse dates that no year has, and ranges that run backwards within a month or a year."""
        months = [_word(token) for token in piece[1:]]
        if len(months) == 3 and piece[0].kind == "number" and months[0] in _MONTHS and months[2] in _MONTHS:  # noqa: PLR2004
            year = int(piece[0].text)
            if _MONTHS.index(months[2]) < _MONTHS.index(months[0]):
                spelled = self._spelled(piece)
                help_ = f"write `{year} {months[0]}-Dec,{year + 1} Jan-{months[2]}`"
                self.refuse(f"`{spelled}` reaches into another year", piece[0], piece[-1], help_)
        for i, token in enumerate(piece[:-1]):
            number = piece[i + 1]
            if _word(token) not in _MONTHS or number.kind != "number":
                continue
            month = _MONTHS.index(_word(token)) + 1
            days_max = calendar.monthrange(_LEAP_YEAR, month)[1]
            more = piece[i + 2 : i + 4]
            within = len(more) == 2 and more[0].text == "-" and more[1].kind == "number"  # noqa: PLR2004
            for day in [number, more[1]] if within and int(more[1].text) < _YEAR_MIN else [number]:
                if not 1 <= int(day.text) <= days_max:
                    self.refuse(f"`{_word(token)} {day.text}` is no date", token, day)
            if within and int(more[1].text) < int(number.text):
                self.refuse(f"`{_word(token)} {number.text}-{more[1].text}` runs backwards", token, more[1])

    # --- days of the week and holidays ------------------------------------------------------------------------------

    def _weekdays(self, tokens: list[_Token]) -> Days:
        """Read days of the week and `PH`, apart by commas."""
        plain: set[int] = set()
        counted: list[Part] = []
        holidays: list[int] = []
        named: list[_Token] = []
        both = False
        for index, whole in enumerate(_split(tokens)):
            piece = whole
            if piece and _word(piece[0]) == "PH":
                offset, used = _offset(piece[1:])
                if abs(offset) > _MOVED_DAYS_MAX:
                    self.refuse(f"`{self._spelled(piece)}` moves by more than a year", piece[0], piece[-1])
                holidays.append(offset)
                named.append(piece[0])
                piece = piece[1 + used :]
                if not piece:
                    continue
                both = index == 0 and _word(piece[0]) in DAYS
                if not both:
                    self.refuse(f"`{self._spelled(whole)}` is no day range", whole[0], whole[-1])
            days = self._weekday_range(piece, tokens[0])
            if days is None:
                counted.append(Part(_joined(piece), piece[0].start, piece[-1].end))
            else:
                plain |= days
        if both and len(named) > 1:
            self.refuse(f"`{self._spelled(tokens)}` is no day range", tokens[0], tokens[-1])
        at = (named[0].start, named[-1].end) if named else (0, 0)
        return Days(None, frozenset(plain), tuple(counted), tuple(holidays), at, both=both)

    def _weekday_range(self, piece: Sequence[_Token], first: _Token) -> set[int] | None:
        """Return the days of `Mo` or `Fr-Mo`, None of days counted within their month."""
        if not piece:
            self.refuse("a day is missing beside `,`", first)
        names = [_word(token) for token in piece]
        if names[0] in DAYS and len(names) == 1:
            return {DAYS.index(names[0])}
        if len(names) == 3 and names[0] in DAYS and names[1] == "-" and names[2] in DAYS:  # noqa: PLR2004
            start, end = DAYS.index(names[0]), DAYS.index(names[2])
            return {day % 7 for day in range(start, end + 1 if end >= start else end + 8)}
        for before, after in itertools.pairwise(piece):
            if after.kind == "word" and _word(before) in DAYS:
                self.refuse(f"no comma stands between `{before.text}` and `{after.text}`", before, after)
        if names[0] not in DAYS or "[" not in names:
            self.refuse(f"`{self._spelled(piece)}` is no day range", piece[0], piece[-1])
        return None

    def _spelled(self, tokens: Sequence[_Token]) -> str:
        return self._text[tokens[0].start : tokens[-1].end]


def _word(token: _Token) -> str:
    """Return the one spelling of a word, and everything else as it is."""
    return _WORDS.get(token.text.lower(), token.text)


def _split(tokens: Sequence[_Token]) -> list[list[_Token]]:
    """Return the runs of tokens between commas; commas within brackets do not count."""
    pieces: list[list[_Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.text == "[") - (token.text == "]")
        if token.text == "," and depth == 0:
            pieces.append([])
        else:
            pieces[-1].append(token)
    return pieces


def _joined(tokens: Sequence[_Token]) -> str:
    """Return tokens in their one spelling: spaces between words and numbers, before `week` and before a moved day."""
    text = ""
    for i, token in enumerate(tokens):
        alone = _offset(tokens[i:])[1] > 0 or _word(token) == "week"
        apart = i > 0 and (alone or (token.kind != "mark" and tokens[i - 1].kind != "mark"))
        text += f"{' ' if apart else ''}{_word(token)}"
    return text


def _offset(tokens: Sequence[_Token]) -> tuple[int, int]:
    """Return by how many days `+1 day` moves, and how many tokens that is; 0 and 0 for anything else."""
    if len(tokens) < 3:  # noqa: PLR2004  sign, number, word
        return 0, 0
    sign, number, word = tokens[:3]
    if sign.text not in {"+", "-"} or number.kind != "number" or _word(word) not in {"day", "days"}:
        return 0, 0
    return int(sign.text + number.text), 3
