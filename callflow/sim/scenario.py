"""Scripted calls in YAML: read, checked and turned into values. Every mistake is told with its line.

All scalars are read as text, so `no`, `012` and `1:30` mean what they look like.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

import attrs
import yaml

from callflow.limits import CALL_MS_MAX
from callflow.machine.model import Value
from callflow.sim.behaviour import Behaviour, Refused, parse_behaviour, parse_duration
from callflow.sim.world import WebAnswer
from callflow.words import did_you_mean, listed

SCENARIO_BYTES_MAX: Final = 262_144
"""A file of scripted calls is written by people; what is larger is something else."""

STEPS: Final = ("hear", "during", "press", "wait", "say", "hangup")
EXPECTATIONS: Final = (
    "outcome", "heard", "rang", "answered by", "message", "waited", "queued", "notified", "tags", "remembered",
    "transferred to", "called back", "trace",
)  # fmt: skip
_EITHER: Final = (
    "from", "to", "at", "caller name", "diverted from", "headers", "chance", "agents", "schedules", "prompts", "web",
    "remembered", "last agent", "others",
)  # fmt: skip
KEYS_OF_A_FILE: Final = ("flow", *_EITHER, "scenarios")
KEYS_OF_A_CALL: Final = ("name", *_EITHER, "steps", "expect")
KEYS_OF_ANOTHER: Final = ("from", "to", "before", "after", "presses", "hangs up after")
LIMITS: Final = ("under", "over")
"""What `waited` may be. Words, because YAML has its own meaning for `>` at the beginning of a text."""

OUTCOMES: Final = ("answered", "voicemail", "abandoned", "rejected", "completed", "no-input", "failed")

_CONSTANTS: Final[Mapping[str, Value]] = {"true": True, "false": False, "null": None}

_TRUTHS: Final = dict.fromkeys(("yes", "on", "true"), "true") | dict.fromkeys(("no", "off", "false"), "false")
_TWO_MEANINGS: Final = re.compile(r"[-+]?(?:0[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[0-9]+(?::[0-5]?[0-9])+)")
"""Octal in one YAML and decimal in another, or sixty times as much: `012`, `1:30`."""

UNSTATED_CALLER: Final = "+4930123456"
"""Who calls when a scenario does not say so. An empty `from` withholds the number."""


class ScenarioRefused(ValueError):
    """A file of scenarios that cannot be used: what is wrong, and the line."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


@attrs.frozen
class Step:
    """One thing the caller does: `kind` is one of `STEPS`."""

    kind: str
    text: str
    ms: int
    line: int


@attrs.frozen
class Expectation:
    """One thing that must be so in the end: `kind` is one of `EXPECTATIONS`."""

    kind: str
    values: tuple[str, ...]
    line: int
    lines: tuple[int, ...] = ()
    """Those of the values."""


@attrs.frozen
class Other:
    """Another call: at about the same time, or long before. Times in milliseconds: `after_ms` from the beginning of
    the scripted call, negative before it, the others from that of their own.
    """

    line: int
    caller: str
    called: str = ""
    after_ms: int = 0
    keys: tuple[tuple[int, str], ...] = ()
    hang_up_ms: int | None = None


@attrs.frozen
class Scenario:
    """One scripted call."""

    name: str
    line: int
    caller: str
    called: str
    at: datetime | None
    agents: dict[str, tuple[Behaviour, ...]]
    """What each agent does: the first time their phone is called, the second time, and so on."""
    schedules: dict[str, bool]
    prompts_ms: dict[str, int]
    """How long prompts and sound files last, by name or text; `""` for all others."""
    steps: tuple[Step, ...]
    expect: tuple[Expectation, ...]
    caller_name: str = ""
    diverted_from: str = ""
    headers: dict[str, str] = attrs.field(factory=dict)
    chance: int = 0
    web: dict[str, tuple[WebAnswer, ...]] = attrs.field(factory=dict)
    """What web services answer, by the beginning of their address: the first time, the second time, and so on."""
    remembered: dict[str, Value] = attrs.field(factory=dict)
    last_agents: tuple[tuple[str, int], ...] = ()
    """Who talked with this caller before, and how many milliseconds ago."""
    others: tuple[Other, ...] = ()


@attrs.frozen
class ScenarioFile:
    """A file of scripted calls. `flow` is the scheme it is for, relative to the file; empty where none is named."""

    flow: str
    scenarios: tuple[Scenario, ...]


# --- YAML to nodes ----------------------------------------------------------------------------------------------------


@attrs.frozen
class _Node:
    value: "str | list[_Node] | dict[str, _Node]"
    line: int
    is_quoted: bool = False
    keys: Mapping[str, int] = {}
    """Lines of the keys of a mapping."""


def _nodes(text: str) -> _Node:
    if len(text.encode()) > SCENARIO_BYTES_MAX:
        raise ScenarioRefused(f"the file has more than {SCENARIO_BYTES_MAX} bytes", 1)
    try:
        for token in yaml.scan(text):
            if isinstance(token, yaml.AliasToken | yaml.AnchorToken | yaml.TagToken):
                raise ScenarioRefused("anchors, aliases and tags are not taken", token.start_mark.line + 1)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = f"{error.problem or 'this is no YAML'}; a text with signs such as `:`, `?` or `>` needs quotes"
        raise ScenarioRefused(message, mark.line + 1 if mark else 1) from None
    except yaml.YAMLError as error:
        raise ScenarioRefused(str(error).splitlines()[0], 1) from None
    if root is None:
        raise ScenarioRefused("the file is empty", 1)
    return _node(root)


def _node(node: yaml.Node) -> _Node:
    line = node.start_mark.line + 1
    match node:
        case yaml.ScalarNode(value=value, style=style):
            return _Node(str(value), line, is_quoted=style is not None)
        case yaml.SequenceNode(value=items):
            return _Node([_node(item) for item in items], line)
        case yaml.MappingNode(value=pairs):
            found: dict[str, _Node] = {}
            keys: dict[str, int] = {}
            for key, value in pairs:
                if not isinstance(key, yaml.ScalarNode):
                    raise ScenarioRefused("a key has to be a word", key.start_mark.line + 1)
                if key.value in found:
                    raise ScenarioRefused(f"`{key.value}` stands twice", key.start_mark.line + 1)
                found[key.value] = _node(value)
                keys[key.value] = key.start_mark.line + 1
            return _Node(found, line, keys=keys)
        case _:
            raise ScenarioRefused("this is neither text, list nor mapping", line)


def _mapping(node: _Node, known: tuple[str, ...] | None, what: str) -> dict[str, _Node]:
    if not isinstance(node.value, dict):
        raise ScenarioRefused(f"{what} is a mapping with keys such as {listed((known or ('anna',))[:3])}", node.line)
    for key in node.value if known else ():
        if key not in (known or ()):
            help_ = did_you_mean(key, known or (), f"known are {listed(known or (), 'and')}")
            raise ScenarioRefused(f"{what} has no key `{key}`: {help_}", node.keys[key])
    return node.value


def _text(node: _Node, what: str) -> str:
    if not isinstance(node.value, str):
        raise ScenarioRefused(f"{what} is a text", node.line)
    return node.value


def _list(node: _Node) -> list[_Node]:
    return node.value if isinstance(node.value, list) else [node]


# --- nodes to scenarios -----------------------------------------------------------------------------------------------


def load(text: str) -> ScenarioFile:
    """Return the scripted calls of a file. Raises `ScenarioRefused`."""
    root = _nodes(text)
    top = _mapping(root, KEYS_OF_A_FILE, "a file of scenarios")
    if "scenarios" not in top:
        raise ScenarioRefused("there are no `scenarios`", root.line)
    scenarios = tuple(_scenario(node, top) for node in _list(top["scenarios"]))
    seen: set[str] = set()
    for one in scenarios:
        if one.name in seen:
            raise ScenarioRefused(f"two scenarios are called `{one.name}`", one.line)
        seen.add(one.name)
    return ScenarioFile(_text(top["flow"], "`flow`") if "flow" in top else "", scenarios)


def _scenario(node: _Node, top: dict[str, _Node]) -> Scenario:
    own = _mapping(node, KEYS_OF_A_CALL, "a scenario")
    if "name" not in own:
        raise ScenarioRefused("a scenario needs a `name`", node.line)

    def text(key: str, otherwise: str = "") -> str:
        found = own.get(key) or top.get(key)
        return _text(found, f"`{key}`") if found else otherwise

    def merged(key: str) -> dict[str, _Node]:
        both: dict[str, _Node] = {}
        for place in (top, own):
            if key in place:
                both |= _mapping(place[key], None, f"`{key}`")
        return both

    def listed_in(key: str) -> list[_Node]:
        found = own.get(key) or top.get(key)
        return _list(found) if found else []

    at = own.get("at") or top.get("at")
    return Scenario(
        name=_text(own["name"], "`name`"),
        line=node.line,
        caller=text("from", UNSTATED_CALLER),
        called=text("to"),
        at=_moment(at) if at else None,
        agents={name: tuple(map(_behaviour, _list(one))) for name, one in merged("agents").items()},
        schedules={name: _open(one) for name, one in merged("schedules").items()},
        prompts_ms={("" if name == "all" else name): _ms(one) for name, one in merged("prompts").items()},
        steps=tuple(step for one in _list(own["steps"]) for step in _steps(one)) if "steps" in own else (),
        expect=tuple(_expectations(own["expect"])) if "expect" in own else (),
        caller_name=text("caller name"),
        diverted_from=text("diverted from"),
        headers={name.lower(): _text(one, "a header") for name, one in merged("headers").items()},
        chance=_number(own.get("chance") or top.get("chance")),
        web={url: tuple(map(_web_answer, _list(one))) for url, one in merged("web").items()},
        remembered={name: _value(one) for name, one in merged("remembered").items()},
        last_agents=tuple(_last_agent(one) for one in listed_in("last agent")),
        others=tuple(_other(one) for one in listed_in("others")),
    )


def _moment(node: _Node) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(node, "`at`"))
    except ValueError:
        raise ScenarioRefused("`at` is a date and time such as `2026-12-24 10:00`", node.line) from None
    return moment


def _behaviour(node: _Node) -> Behaviour:
    try:
        return parse_behaviour(_text(node, "what an agent does"))
    except Refused as refused:
        raise ScenarioRefused(str(refused), node.line) from None


def _number(node: _Node | None) -> int:
    text = _text(node, "`chance`") if node else "0"
    if not text.isascii() or not text.isdigit():
        raise ScenarioRefused("`chance` is a whole number: another one, other luck", node.line if node else 1)
    return int(text)


def _value(node: _Node) -> Value:
    """Return a value as JSON has it: a number, `true`, `false`, `null`, or else a text."""
    text = _text(node, "a value")
    if node.is_quoted:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text.lower() in _TRUTHS:
        raise ScenarioRefused(f'`{text}` is `{_TRUTHS[text.lower()]}`, or a text in quotes: `"{text}"`', node.line)
    if _TWO_MEANINGS.fullmatch(text):
        raise ScenarioRefused(f"`{text}` means one number here and another there: put it in quotes", node.line)
    return int(text) if re.fullmatch(r"-?[0-9]{1,18}", text) else text


def _web_answer(node: _Node) -> WebAnswer:
    if isinstance(node.value, dict):
        return WebAnswer(dict(_fields("", node)))
    word, _, length = _text(node, "a web service").partition(" after ")
    after_ms = _ms(_Node(length, node.line)) if length else WebAnswer().after_ms
    if word == "never answers":
        return WebAnswer(trouble=word, after_ms=CALL_MS_MAX)
    if word != "fails":
        raise ScenarioRefused(
            "a web service answers with fields, `fails`, `fails after 3s` or `never answers`", node.line
        )
    return WebAnswer(trouble="the web service fails", after_ms=after_ms)


def _fields(before: str, node: _Node) -> Iterator[tuple[str, Value]]:
    """Yield the fields of an answer, inner ones with dots in their names."""
    for name, inner in _mapping(node, None, "an answer").items():
        if isinstance(inner.value, dict):
            yield from _fields(f"{before}{name}.", inner)
        else:
            yield f"{before}{name}", _value(inner)


def _last_agent(node: _Node) -> tuple[str, int]:
    name, _, ago = _text(node, "`last agent`").partition(" ")
    if not ago.endswith(" ago"):
        raise ScenarioRefused("`last agent` is who and when, such as `anna 2d ago`", node.line)
    return name, _ms(_Node(ago.removesuffix(" ago"), node.line))


def _other(node: _Node) -> Other:
    own = _mapping(node, KEYS_OF_ANOTHER, "another caller")
    if "from" not in own:
        raise ScenarioRefused("another caller needs a number: `from`", node.line)
    if "before" in own and "after" in own:
        raise ScenarioRefused("another caller calls `before` or `after` the scripted call, not both", node.line)
    keys: list[tuple[int, str]] = []
    for one in _list(own["presses"]) if "presses" in own else ():
        key, _, after = _text(one, "`presses`").partition(" after ")
        if not key or key.strip("0123456789*#") or not after:
            raise ScenarioRefused("`presses` is keys and when, such as `1 after 5s`", one.line)
        keys.extend((_ms(_Node(after, one.line)) + 200 * place, digit) for place, digit in enumerate(key))
    return Other(
        node.line,
        _text(own["from"], "`from`"),
        _text(own["to"], "`to`") if "to" in own else "",
        -_ms(own["before"]) if "before" in own else _ms(own["after"]) if "after" in own else 0,
        tuple(keys),
        _ms(own["hangs up after"]) if "hangs up after" in own else None,
    )


def _open(node: _Node) -> bool:
    text = _text(node, "a schedule")
    if text not in ("open", "closed"):
        raise ScenarioRefused(f"a schedule is `open` or `closed`, not `{text}`", node.line)
    return text == "open"


def _ms(node: _Node) -> int:
    try:
        return parse_duration(_text(node, "a duration"))
    except Refused as refused:
        raise ScenarioRefused(str(refused), node.line) from None


def _steps(node: _Node) -> Iterator[Step]:
    if node.value == "hangup":
        yield Step("hangup", "", 0, node.line)
        return
    for kind, value in _mapping(node, STEPS, "a step").items():
        text = _text(value, f"`{kind}`")
        ms = _ms(value) if kind in ("wait", "say") else 0
        if kind == "press" and (not text or text.strip("0123456789*#ABCD")):
            raise ScenarioRefused(f"`{text}` is not what a phone can press", value.line)
        yield Step(kind, text, ms, value.line)


def _expectations(node: _Node) -> Iterator[Expectation]:
    for kind, value in _mapping(node, EXPECTATIONS, "`expect`").items():
        items = _list(value)
        values = tuple(_text(one, f"`{kind}`") for one in items)
        if kind == "outcome" and (len(values) != 1 or values[0] not in OUTCOMES):
            raise ScenarioRefused(f"`outcome` is one of {listed(OUTCOMES)}", value.line)
        if kind == "waited":
            _limit(values, value.line)
        yield Expectation(kind, values, value.line, tuple(one.line for one in items))


def _limit(values: tuple[str, ...], line: int) -> None:
    for value in values:
        word, _, length = value.partition(" ")
        if word not in LIMITS:
            raise ScenarioRefused("`waited` is a limit such as `under 20s` or `over 1m`", line)
        try:
            parse_duration(length)
        except Refused as refused:
            raise ScenarioRefused(str(refused), line) from None
