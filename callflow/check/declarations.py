"""What is wrong with the declarations of a scheme: addresses, numbers, hours, prompts, groups."""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final, assert_never

from callflow import limits
from callflow.check import hours_problems, problems
from callflow.check.names import Names, names_sound
from callflow.check.ranges import in_count, in_range, options
from callflow.diagnostic import Diagnostic
from callflow.numbers import could_exist, is_e164_shape, is_pattern, normalise
from callflow.source import Span
from callflow.syntax import tree

if TYPE_CHECKING:
    from callflow.almanac.doubts import Doubt

_ADDRESS: Final = re.compile(r"sips?:[^\s<>\"@]+(@[^\s<>\"@]+)?|tel:\+?[0-9().\-]{3,24}")

Sound = Callable[[tree.Text], Iterator[Diagnostic]]


def is_address(text: str) -> bool:
    """Return whether a text is a SIP or tel URI by its shape."""
    return _ADDRESS.fullmatch(text) is not None


def check_number(text: tree.Text) -> Iterator[Diagnostic]:
    """Yield the problem of a `tel:` address that nobody can have."""
    number = text.plain.removeprefix("tel:")
    if text.is_plain and text.plain.startswith("tel:+") and not could_exist(normalise(number)):
        yield problems.not_diallable(text.span, number)


def check_declarations(names: Names, sound: Sound) -> Iterator[Diagnostic]:
    """Yield what is wrong with what is declared; `sound` answers for sound files."""
    yield from _header(names)
    yield from _numbers(names)
    yield from _schedules(names)
    yield from _agents(names)
    yield from _groups(names)
    yield from _lists(names)
    for prompt in names.prompts.values():
        yield from _prompt(names, prompt, sound)


def _header(names: Names) -> Iterator[Diagnostic]:
    if names.title is not None and not names.title.is_plain:
        yield problems.filled_in(names.title.span, "the title of a scheme")
    seen: dict[str, Span] = {}
    for tag in names.languages:
        if tag.name in seen:
            yield problems.said_twice(tag.span, seen[tag.name], tag.name)
        seen.setdefault(tag.name, tag.span)
    zone = names.timezone
    if zone is not None and not zone.is_plain:
        yield problems.filled_in(zone.span, "a time zone")
    if names.region is not None or zone is not None:
        from callflow.almanac import regions, zones  # noqa: PLC0415  loads tables

        if names.region is not None and not regions.known_region(names.region.name):
            near = regions.near_regions(names.region.name)
            yield problems.unknown_region(names.region.span, names.region.name, near)
        if zone is not None and zone.is_plain and not zones.known_timezone(zone.plain):
            yield problems.unknown_timezone(zone.span, zone.plain, zones.near_timezones(zone.plain))


def _numbers(names: Names) -> Iterator[Diagnostic]:
    region = names.region.name if names.region else ""
    seen: dict[str, Span] = {}
    for route in names.numbers:
        number = normalise(route.number.plain, region)
        if not route.number.is_plain:
            yield problems.filled_in(route.number.span, "a number")
        elif not is_e164_shape(number) and not re.fullmatch(r"[0-9]{1,6}", number):
            yield problems.no_phone_number(route.number.span, route.number.plain)
        elif number in seen:
            yield problems.number_twice(route.number.span, seen[number], number)
        seen.setdefault(number, route.number.span)
        if route.flow.name not in names.flows and route.flow.name != "start":
            yield problems.unknown_flow(route.flow.span, route.flow.name, tuple(names.flows))


def _schedules(names: Names) -> Iterator[Diagnostic]:
    nowhere = False
    for schedule in names.schedules.values():
        if not schedule.hours.is_plain:
            yield problems.filled_in(schedule.hours.span, "opening hours")
        elif names.timezone is None:
            if not nowhere:
                yield hours_problems.no_timezone(schedule.name.span, schedule.name.name)
            nowhere = True
        else:
            yield from _hours(names, schedule)


def _hours(names: Names, schedule: tree.ScheduleDecl) -> Iterator[Diagnostic]:
    from callflow.almanac import doubts, hours, regions, zones  # noqa: PLC0415  loads the opening hours library

    assert names.timezone is not None
    region = names.region.name if names.region else ""
    timezone = names.timezone.plain
    if not zones.known_timezone(timezone) or (region and not regions.known_region(region)):
        return
    text = schedule.hours.plain
    try:
        hours.compile_hours(text, timezone, region)
    except hours.HoursRefused as refused:
        span = _within(schedule.hours, refused.start, max(refused.end, refused.start + 1))
        yield hours_problems.hours_unclear(span, refused.message, refused.help)
        return
    always = doubts.constant(text)
    if always is not None:
        yield hours_problems.never_changes(schedule.name.span, schedule.name.name, is_open=always)
        return
    for doubt in doubts.doubts(text, timezone):
        yield _doubt(schedule.hours, doubt)


def _doubt(written: tree.Text, doubt: "Doubt") -> Diagnostic:
    from callflow.almanac import doubts  # noqa: PLC0415  as above

    match doubt:
        case doubts.Hidden(rule=rule, by=by, days=days):
            span, other = (_within(written, one.text.start, one.text.end) for one in (rule, by))
            return hours_problems.rule_hidden(span, rule.text.text, other, by.text.text, days)
        case doubts.Brief(start=start, end=end, minutes=minutes, pause=pause):
            return hours_problems.few_minutes(_within(written, start, end), minutes, pause=pause)
        case doubts.MinuteLost(start=start, end=end, last=last, full=full):
            return hours_problems.minute_lost(_within(written, start, end), last, full, exact=_is_exact(written))
        case doubts.Vanishing(start=start, end=end, leap=leap, onto=onto):
            return hours_problems.hours_vanish(_within(written, start, end), written.plain[start:end], leap, onto)
        case _:
            assert_never(doubt)


def _within(written: tree.Text, start: int, end: int) -> Span:
    """Return where a part of a text stands; all of the text where escapes in it hide that."""
    begin = written.span.start + 1
    return Span(begin + start, min(begin + end, written.span.end)) if _is_exact(written) else written.span


def _is_exact(written: tree.Text) -> bool:
    """Return whether a text means itself, without escapes."""
    return len(written.plain) == written.span.end - written.span.start - 2


def _agents(names: Names) -> Iterator[Diagnostic]:
    seen: dict[str, Span] = {}
    for agent in names.agents.values():
        if not agent.uri.is_plain:
            yield problems.filled_in(agent.uri.span, "the address of an agent")
        elif not is_address(agent.uri.plain):
            yield problems.no_address(agent.uri.span, agent.uri.plain)
        else:
            yield from check_number(agent.uri)
        yield from options(agent.options)
        for option in agent.options:
            if isinstance(option, tree.Amount) and option.name == "limit":
                yield from in_count(option.value, "limit", limits.AGENT_CALLS_MAX)
        if agent.extension is not None:
            number = agent.extension.written
            if len(number) > limits.KEYS_MAX:
                yield problems.too_many_keys(agent.extension.span, "extension")
            elif number in seen:
                yield problems.extension_twice(agent.extension.span, seen[number], number)
            seen.setdefault(number, agent.extension.span)


def _groups(names: Names) -> Iterator[Diagnostic]:
    for group in names.groups.values():
        seen: dict[str, Span] = {}
        for member in group.members:
            if member.name in names.groups and member.name not in names.agents:
                yield problems.group_as_member(member.span, member.name)
            elif member.name not in names.agents:
                yield problems.unknown_agent(member.span, member.name, tuple(names.agents))
            elif member.name in seen:
                yield problems.member_twice(member.span, seen[member.name], member.name)
            seen.setdefault(member.name, member.span)
        yield from options(group.options)
        for option in group.options:
            if isinstance(option, tree.Setting):
                yield from in_range(option.name, option.duration, 1_000, limits.CALL_MS_MAX)
        if not names.members(group) and all(member.name in names.agents for member in group.members):
            needed = next((one.skill.name for one in group.options if isinstance(one, tree.Needs)), "")
            yield problems.nobody_in_group(group.name.span, group.name.name, needed)


def _lists(names: Names) -> Iterator[Diagnostic]:
    region = names.region.name if names.region else ""
    for one in names.lists.values():
        if len(one.entries) > limits.LIST_ENTRIES_MAX:
            yield problems.count_out_of_range(one.name.span, "list", limits.LIST_ENTRIES_MAX)
        for entry in one.entries:
            if isinstance(entry, tree.RegionEntry):
                yield from _country(entry.tag)
            elif not entry.is_plain:
                yield problems.filled_in(entry.span, "a pattern")
            elif not is_pattern(entry.plain) and not is_e164_shape(normalise(entry.plain, region)):
                yield problems.no_phone_number(entry.span, entry.plain)


def _country(tag: tree.Ident) -> Iterator[Diagnostic]:
    from callflow.almanac import regions  # noqa: PLC0415  loads tables

    if "-" in tag.name or not regions.known_region(tag.name):
        yield problems.unknown_region(tag.span, tag.name, regions.near_regions(tag.name))


def _prompt(names: Names, prompt: tree.PromptDecl, sound: Sound) -> Iterator[Diagnostic]:
    name = prompt.name.name
    if not prompt.entries:
        yield problems.nothing_to_hear(prompt.name.span, f"the prompt `{name}`")
    seen: dict[str, Span] = {}
    for entry in prompt.entries:
        tag = entry.tag.name if entry.tag else ""
        is_file = entry.is_file or names_sound(entry.text)
        word = f"{tag} file".strip() if is_file else tag or "text"
        if word in seen:
            yield problems.clause_twice(entry.span, seen[word], word, "remove one of them")
        seen.setdefault(word, entry.span)
        if entry.tag is not None and tag not in names.tags:
            yield problems.unknown_language(entry.tag.span, tag, names.tags)
        if is_file:
            yield from sound(entry.text)
        elif not entry.text.is_plain:
            yield problems.filled_in(entry.text.span, "a prompt")
        elif not entry.text.plain.strip():
            yield problems.nothing_to_hear(entry.text.span, "this text")
    yield from _languages(names, prompt)


def _languages(names: Names, prompt: tree.PromptDecl) -> Iterator[Diagnostic]:
    words: list[str] = []
    files: list[str] = []
    for entry in prompt.entries:
        is_file = entry.is_file or names_sound(entry.text)
        if entry.tag is None and is_file:
            return  # one sound for every language
        (files if is_file else words).append(entry.tag.name if entry.tag else names.tags[0])
    spoken = [*words, *files]
    missing = [tag for tag in names.tags if tag not in spoken]
    braces = any(entry.tag is not None for entry in prompt.entries)
    if spoken and missing:
        yield problems.prompt_lacks_language(prompt.name.span, prompt.name.name, missing, spoken[0], braces=braces)
