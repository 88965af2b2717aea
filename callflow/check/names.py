"""Who is called what in a scheme: tables of everything declared, and what is declared or said twice."""

from collections.abc import Iterable
from typing import Final, TypeVar

import attrs

from callflow.check import problems
from callflow.diagnostic import Diagnostic
from callflow.source import Span
from callflow.syntax import tree

GIVEN_NAMES: Final = (
    "caller.number", "caller.name", "caller.country", "caller.hidden", "called.number", "call.id", "call.started",
    "call.tags", "call.diverted_from", "now", "digits", "agent.name", "queue.position", "queue.length", "queue.wait",
    "last.agent", "last.available",
)  # fmt: skip
"""Names that every call knows without setting them."""

LAST_AGENT: Final = "last"
"""What the names begin with that tell of the agent who talked with this caller last."""

GROUP_FACTS: Final = ("available", "waiting", "wait")
"""What can be asked of a group: `sales.available`."""

SCHEDULE_FACT: Final = "opens"
"""What can be asked of a schedule: `office.opens`."""

SOUND_ENDING: Final = ".wav"
"""A text that ends so is the path of a sound file."""


_D = TypeVar(
    "_D",
    tree.ScheduleDecl,
    tree.ListDecl,
    tree.AgentDecl,
    tree.GroupDecl,
    tree.PromptDecl,
    tree.FlowDecl,
    tree.HandlerDecl,
)


@attrs.define
class Names:
    """Declarations by name. Of two with one name the first counts."""

    title: tree.Text | None = None
    timezone: tree.Text | None = None
    region: tree.Ident | None = None
    languages: tuple[tree.Ident, ...] = ()
    schedules: dict[str, tree.ScheduleDecl] = attrs.field(factory=dict)
    agents: dict[str, tree.AgentDecl] = attrs.field(factory=dict)
    groups: dict[str, tree.GroupDecl] = attrs.field(factory=dict)
    prompts: dict[str, tree.PromptDecl] = attrs.field(factory=dict)
    flows: dict[str, tree.FlowDecl] = attrs.field(factory=dict)
    lists: dict[str, tree.ListDecl] = attrs.field(factory=dict)
    handlers: dict[str, tree.HandlerDecl] = attrs.field(factory=dict)
    numbers: list[tree.NumberRoute] = attrs.field(factory=list)
    used: set[str] = attrs.field(factory=set)
    """`kind name` of everything that something refers to."""

    @property
    def tags(self) -> tuple[str, ...]:
        """Return the languages, the default first."""
        return tuple(tag.name for tag in self.languages) or ("en",)

    @property
    def targets(self) -> tuple[str, ...]:
        """Return everybody who can be connected to."""
        return (*self.agents, *self.groups)

    def members(self, group: tree.GroupDecl) -> tuple[str, ...]:
        """Return the agents of a group: those it names, or all, and of them those who have the skill it needs."""
        needed = [one.skill.name for one in group.options if isinstance(one, tree.Needs)]
        named = dict.fromkeys(one.name for one in group.members) if group.members else (self.agents if needed else ())
        known = (self.agents[name] for name in named if name in self.agents)
        return tuple(agent.name.name for agent in known if all(skill in skills_of(agent) for skill in needed))

    def use(self, kind: str, name: str) -> None:
        """Remember that something refers to a declaration."""
        self.used.add(f"{kind} {name}")


def skills_of(agent: tree.AgentDecl) -> frozenset[str]:
    """Return what an agent can do."""
    lists = (one.names for one in agent.options if isinstance(one, tree.Skills))
    return frozenset(skill.name for names in lists for skill in names)


def names_sound(text: tree.Text) -> bool:
    """Return whether a text is the path of a sound file rather than words."""
    last = text.parts[-1] if text.parts else ""
    return isinstance(last, str) and last.lower().endswith(SOUND_ENDING)


def gather(parsed: tree.Tree) -> tuple[Names, list[Diagnostic]]:
    """Return the tables of a scheme and what is wrong with its declarations as such."""
    names = Names()
    found: list[Diagnostic] = []
    said: dict[str, Span] = {}

    def once(word: str, span: Span) -> bool:
        if word in said:
            found.append(problems.said_twice(span, said[word], word))
            return False
        said[word] = span
        return True

    for declaration in parsed.declarations:
        match declaration:
            case tree.SchemeTitle(title, span) if once("scheme", span):
                names.title = title
            case tree.Timezone(name, span) if once("timezone", span):
                names.timezone = name
            case tree.Region(tag, span) if once("region", span):
                names.region = tag
            case tree.Languages(tags, span) if once("language", span):
                names.languages = tags
            case tree.NumberRoute():
                names.numbers.append(declaration)
            case tree.ScheduleDecl(name=ident):
                found.extend(_declare(names.schedules, "schedule", ident, declaration))
            case tree.AgentDecl(name=ident):
                found.extend(_declare(names.agents, "agent", ident, declaration))
            case tree.GroupDecl(name=ident):
                found.extend(_declare(names.groups, "group", ident, declaration))
            case tree.PromptDecl(name=ident):
                found.extend(_declare(names.prompts, "prompt", ident, declaration))
            case tree.ListDecl(name=ident):
                found.extend(_declare(names.lists, "list", ident, declaration))
            case tree.HandlerDecl(name=ident):
                found.extend(_declare(names.handlers, "block", ident, declaration))
            case tree.FlowDecl(name=ident):
                found.extend(_declare(names.flows, "flow", ident, declaration))
            case _:
                pass
    for group in names.groups.values():
        if group.name.name in names.agents:
            first = names.agents[group.name.name].name.span
            found.append(problems.declared_twice(group.name.span, first, "name", group.name.name))
    if "start" not in names.flows:
        found.append(problems.no_start())
    return names, found


def _declare(table: dict[str, _D], kind: str, ident: tree.Ident, declaration: _D) -> Iterable[Diagnostic]:
    first = table.setdefault(ident.name, declaration)
    if first is not declaration:
        yield problems.declared_twice(ident.span, first.name.span, kind, ident.name)
