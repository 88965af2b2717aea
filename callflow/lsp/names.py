"""Every place where a name stands in a tree: what it is the name of, and whether it is declared there."""

import enum
from collections.abc import Iterator
from typing import Any, Final

import attrs

from callflow.check.names import GIVEN_NAMES, GROUP_FACTS, SCHEDULE_FACT
from callflow.source import Span
from callflow.syntax import tree


class Kind(enum.Enum):
    """What a name can be the name of. Names of one kind are not given twice."""

    FLOW = "flow"
    TARGET = "agent or group"
    PROMPT = "prompt"
    SCHEDULE = "schedule"
    LIST = "list"
    SKILL = "skill"
    LANGUAGE = "language"
    VALUE = "name"
    GIVEN = "name that every call knows"


@attrs.frozen
class Name:
    """A name where it stands."""

    kinds: tuple[Kind, ...]
    """What it may be; of several it is the first that is declared."""
    text: str
    span: Span
    owner: Any
    """The node that it is a part of."""
    declares: bool = False


Field = tuple[type[tree.Node], str]

PLACES: Final[dict[Field, tuple[tuple[Kind, ...], bool]]] = {
    (tree.FlowDecl, "name"): ((Kind.FLOW,), True),
    (tree.NumberRoute, "flow"): ((Kind.FLOW,), False),
    (tree.Goto, "flow"): ((Kind.FLOW,), False),
    (tree.Run, "flow"): ((Kind.FLOW,), False),
    (tree.AgentDecl, "name"): ((Kind.TARGET,), True),
    (tree.GroupDecl, "name"): ((Kind.TARGET,), True),
    (tree.GroupDecl, "members"): ((Kind.TARGET,), False),
    (tree.Connect, "target"): ((Kind.TARGET,), False),
    (tree.LastAgent, "group"): ((Kind.TARGET,), False),
    (tree.Queue, "group"): ((Kind.TARGET,), False),
    (tree.After, "group"): ((Kind.TARGET,), False),
    (tree.Callback, "group"): ((Kind.TARGET,), False),
    (tree.Voicemail, "box"): ((Kind.TARGET,), False),
    (tree.PromptDecl, "name"): ((Kind.PROMPT,), True),
    (tree.PlayItems, "items"): ((Kind.PROMPT, Kind.VALUE), False),
    (tree.Music, "item"): ((Kind.PROMPT, Kind.VALUE), False),
    (tree.ScheduleDecl, "name"): ((Kind.SCHEDULE,), True),
    (tree.ScheduleIs, "schedule"): ((Kind.SCHEDULE,), False),
    (tree.Force, "schedule"): ((Kind.SCHEDULE,), False),
    (tree.Release, "schedule"): ((Kind.SCHEDULE,), False),
    (tree.ListDecl, "name"): ((Kind.LIST,), True),
    (tree.Listed, "list"): ((Kind.LIST,), False),
    (tree.Skills, "names"): ((Kind.SKILL,), True),
    (tree.Needs, "skill"): ((Kind.SKILL,), False),
    (tree.Languages, "tags"): ((Kind.LANGUAGE,), True),
    (tree.PromptEntry, "tag"): ((Kind.LANGUAGE,), False),
    (tree.Language, "tag"): ((Kind.LANGUAGE,), False),
    (tree.SetName, "name"): ((Kind.VALUE,), True),
    (tree.RecordMessage, "name"): ((Kind.VALUE,), True),
    (tree.Collect, "name"): ((Kind.VALUE,), True),
    (tree.Fetch, "name"): ((Kind.VALUE,), True),
    (tree.Remember, "name"): ((Kind.VALUE,), True),
    (tree.Forget, "name"): ((Kind.VALUE,), False),
}
"""Which fields of which nodes hold names."""

NO_NAMES: Final[frozenset[Field]] = frozenset(
    {
        (tree.Region, "tag"),
        (tree.RegionEntry, "tag"),
        (tree.HandlerDecl, "name"),
        (tree.Force, "until"),
        (tree.Function, "name"),
        (tree.Field, "name"),
    }
)
"""Fields with words of the language, of a library or of others. A test finds fields that are in neither table."""


def names_in(node: Any) -> Iterator[Name]:
    """Yield the names in a node and below it."""
    work = [node]
    while work:
        one = work.pop()
        if isinstance(one, tree.NameRef):
            yield _value(one)
            continue
        for field in one.__match_args__:
            place = PLACES.get((type(one), field))
            if place is not None:
                value = getattr(one, field)
                for ident in value if isinstance(value, tuple) else (value,):
                    if isinstance(ident, tree.Ident):
                        yield Name(place[0], ident.name, ident.span, one, place[1])
        work.extend(tree.below(one))


def _value(ref: tree.NameRef) -> Name:
    """Return the name in an expression: all of `caller.number`, the first part of `crm.tier` and of `office.opens`."""
    if ref.name in GIVEN_NAMES:
        return Name((Kind.GIVEN,), ref.name, ref.span, ref)
    first, dot, fact = ref.name.partition(".")
    span = Span(ref.span.start, ref.span.start + len(first))
    if not dot:
        return Name((Kind.VALUE, Kind.SCHEDULE), first, span, ref)
    if fact == SCHEDULE_FACT:
        return Name((Kind.SCHEDULE, Kind.VALUE), first, span, ref)
    if fact in GROUP_FACTS:
        return Name((Kind.TARGET, Kind.VALUE), first, span, ref)
    return Name((Kind.VALUE,), first, span, ref)
