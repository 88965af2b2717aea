"""What is told of the thing under the pointer, in Markdown: what a name is, what a word of the language does."""

from collections.abc import Iterator
from typing import Any, Final, assert_never

from callflow.almanac.describe import describe
from callflow.almanac.hours import HoursRefused, RegionUnknown, TimezoneUnknown, compile_hours
from callflow.check.functions import FUNCTIONS
from callflow.check.names import gather
from callflow.check.types import kinds_of_names
from callflow.lsp.names import Kind
from callflow.lsp.reference import help_on
from callflow.lsp.scheme import File, Place, Scheme
from callflow.source import Span
from callflow.syntax import tree
from callflow.syntax.tokens import TOKEN
from callflow.words import counted

_LINES_MAX: Final = 12
"""Lines of a declaration that are shown."""

Told = tuple[str, Span]
"""Markdown, and what it is about."""


def hover(scheme: Scheme, key: str, offset: int, now_ms: int) -> Told | None:
    """Return what is told of an offset of a file at an instant, None where nothing is."""
    place = scheme.at(key, offset)
    if place is not None:
        told = "\n\n".join(_of_name(scheme, place, now_ms))
        return (told, place.span) if told else None
    file = next((one for one in scheme.files if one.key == key), None)
    return None if file is None or not file.is_scheme else _of_word(file, offset)


# --- names ----------------------------------------------------------------------------------------------------------


def _of_name(scheme: Scheme, place: Place, now_ms: int) -> Iterator[str]:
    declared = scheme.definitions(place)
    match place.kind:
        case Kind.GIVEN:
            yield _code(place.name.text)
            yield f"{_kind(scheme, place.name.text)}, known to every call"
        case Kind.VALUE:
            if declared:
                yield _code(_shortened(declared[0].said))
                where = "" if len(declared) == 1 else f", set at {len(declared)} places"
                yield f"{_kind(scheme, place.name.text)}{where}"
        case Kind.SKILL:
            having = [one.name for one in _agents(scheme) if place.name.text in _skills(one)]
            yield f"skill of {counted(len(having), 'agent')}: {', '.join(f'`{one.name}`' for one in having)}"
        case Kind.LANGUAGE:
            if declared:
                first = declared[0].name.owner.tags[0].name == place.name.text
                yield "the language in which calls begin" if first else "a language of the scheme"
        case Kind.FLOW | Kind.TARGET | Kind.PROMPT | Kind.SCHEDULE | Kind.LIST:
            for one in declared[:1]:
                yield _code(_shown(one))
                yield from _comment(one)
                if isinstance(one.name.owner, tree.ScheduleDecl):
                    yield from _now(scheme, one.name.owner, now_ms)
                if isinstance(one.name.owner, tree.GroupDecl):
                    yield from _members(scheme, one.name.owner)
        case _:
            assert_never(place.kind)


def _code(text: str) -> str:
    return f"```callflow\n{text}\n```"


def _shortened(text: str) -> str:
    lines = text.splitlines()
    return "\n".join((*lines[:_LINES_MAX], *(["…"] if len(lines) > _LINES_MAX else [])))


def _shown(place: Place) -> str:
    """Return what declares a name: of a flow its name alone, of all else the whole."""
    match place.name.owner:
        case tree.FlowDecl(name=tree.Ident(name="start")):
            return "start"
        case tree.FlowDecl(name=name):
            return f"flow {name.name}"
        case tree.AgentDecl() as agent if not place.file.is_scheme:
            return f'agent {agent.name.name} "{agent.uri.plain}"'
        case _:
            return _shortened(place.said)


def _comment(place: Place) -> Iterator[str]:
    """Yield the comments that stand right above a declaration."""
    text = place.file.text
    lines = text[: place.name.owner.span.start].splitlines()
    if lines and text[: place.name.owner.span.start].endswith(("\n", "\r")):
        lines.append("")
    found: list[str] = []
    for line in reversed(lines[:-1]):
        if not line.lstrip().startswith("#"):
            break
        found.append(line.lstrip().lstrip("#").strip())
    if any(found):
        yield "\n".join(reversed(found))


def _kind(scheme: Scheme, name: str) -> str:
    names, _ = gather(scheme.whole)
    kind = kinds_of_names(scheme.whole, names).get(name)
    return kind.value if kind is not None else "value"


def _agents(scheme: Scheme) -> list[tree.AgentDecl]:
    return [one for one in scheme.whole.declarations if isinstance(one, tree.AgentDecl)]


def _skills(agent: tree.AgentDecl) -> list[str]:
    return [skill.name for one in agent.options if isinstance(one, tree.Skills) for skill in one.names]


def _members(scheme: Scheme, group: tree.GroupDecl) -> Iterator[str]:
    """Yield who is in a group and where they are reached."""
    names, _ = gather(scheme.whole)
    for member in names.members(group):
        yield f"- `{member}`: {names.agents[member].uri.plain}"


def _now(scheme: Scheme, schedule: tree.ScheduleDecl, now_ms: int) -> Iterator[str]:
    """Yield whether a schedule is open now, and until when; nothing where its hours cannot be understood."""
    names, _ = gather(scheme.whole)
    if names.timezone is None:
        return
    region = names.region.name if names.region else ""
    try:
        hours = compile_hours(schedule.hours.plain, names.timezone.plain, region)
    except (HoursRefused, TimezoneUnknown, RegionUnknown):
        return
    yield f"{describe(hours.at(now_ms), now_ms, hours.zone)}, in {hours.zone.name}"


# --- words of the language ------------------------------------------------------------------------------------------


def _of_word(file: File, offset: int) -> Told | None:
    begin = file.text.rfind("\n", 0, offset) + 1
    for found in TOKEN.finditer(file.text, begin):
        if found.start() <= offset <= found.end() and found[0].isidentifier():
            span = Span(*found.span())
            told = _on_word(file, found[0], span)
            return None if not told else (told, span)
        if found.start() > offset:
            break
    return None


def _on_word(file: File, word: str, span: Span) -> str:
    around = _around(file.parsed, span)
    if any(isinstance(node, tree.Function) and node.name.span == span for node in around) and word in FUNCTIONS:
        return f"{_code(FUNCTIONS[word].usage)}\n\ngives a {FUNCTIONS[word].result.value}"
    kept = help_on(word, (type(node).__name__ for node in around))
    return "\n\n".join(f"{_code(rule.syntax)}\n\n{rule.said}".rstrip() for rule in kept)


def _around(node: Any, span: Span) -> list[Any]:
    """Return the nodes around a span, the innermost first."""
    found: list[Any] = []
    work = [node]
    while work:
        one = next((one for one in work if isinstance(one, tree.Tree) or _holds(one.span, span)), None)
        if one is None:
            break
        found.append(one)
        work = list(tree.below(one))
    return found[::-1]


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
