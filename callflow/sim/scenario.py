"""Scripted calls in YAML: read, checked and turned into values. Every mistake is told with its line.

All scalars are read as text, so `no`, `012` and `1:30` mean what they look like.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

import attrs
import yaml

from callflow.sim.behaviour import Behaviour, Refused, parse_behaviour, parse_duration
from callflow.words import did_you_mean, listed

SCENARIO_BYTES_MAX: Final = 262_144
"""A file of scripted calls is written by people; what is larger is something else."""

STEPS: Final = ("hear", "during", "press", "wait", "say", "hangup")
EXPECTATIONS: Final = ("outcome", "heard", "rang", "answered by", "message", "waited")
_TOP: Final = ("flow", "from", "to", "at", "agents", "schedules", "prompts", "scenarios")
_CALL: Final = ("name", "from", "to", "at", "agents", "schedules", "prompts", "steps", "expect")
LIMITS: Final = ("under", "over")
"""What `waited` may be. Words, because YAML has its own meaning for `>` at the beginning of a text."""

OUTCOMES: Final = ("answered", "voicemail", "abandoned", "rejected", "completed", "no-input", "failed")

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


@attrs.frozen
class Scenario:
    """One scripted call."""

    name: str
    line: int
    caller: str
    called: str
    at: datetime | None
    agents: dict[str, Behaviour]
    schedules: dict[str, bool]
    prompts_ms: dict[str, int]
    """How long prompts and sound files last, by name or text; `""` for all others."""
    steps: tuple[Step, ...]
    expect: tuple[Expectation, ...]


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
        case yaml.ScalarNode(value=value):
            return _Node(str(value), line)
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
            return _Node(found, line, keys)
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
    top = _mapping(root, _TOP, "a file of scenarios")
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
    own = _mapping(node, _CALL, "a scenario")
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

    at = own.get("at") or top.get("at")
    return Scenario(
        name=_text(own["name"], "`name`"),
        line=node.line,
        caller=text("from", UNSTATED_CALLER),
        called=text("to"),
        at=_moment(at) if at else None,
        agents={name: _behaviour(one) for name, one in merged("agents").items()},
        schedules={name: _open(one) for name, one in merged("schedules").items()},
        prompts_ms={("" if name == "all" else name): _ms(one) for name, one in merged("prompts").items()},
        steps=tuple(step for one in _list(own["steps"]) for step in _steps(one)) if "steps" in own else (),
        expect=tuple(_expectations(own["expect"])) if "expect" in own else (),
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
        values = tuple(_text(one, f"`{kind}`") for one in _list(value))
        if kind == "outcome" and (len(values) != 1 or values[0] not in OUTCOMES):
            raise ScenarioRefused(f"`outcome` is one of {listed(OUTCOMES)}", value.line)
        if kind == "waited":
            _limit(values, value.line)
        yield Expectation(kind, values, value.line)


def _limit(values: tuple[str, ...], line: int) -> None:
    for value in values:
        word, _, length = value.partition(" ")
        if word not in LIMITS:
            raise ScenarioRefused("`waited` is a limit such as `under 20s` or `over 1m`", line)
        try:
            parse_duration(length)
        except Refused as refused:
            raise ScenarioRefused(str(refused), line) from None
