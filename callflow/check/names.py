"""Who is called what in a scheme: tables of everything declared, and what is declared or said twice."""

from collections.abc import Iterable
from typing import Final, TypeVar

import attrs

from callflow.check import problems
from callflow.diagnostic import Diagnostic
from callflow.source import Span
from callflow.syntax import tree

GIVEN_NAMES: Final = ("caller.number", "caller.name", "called.number", "digits", "agent.name")
"""Names that every call knows without setting them."""

SOUND_ENDING: Final = ".wav"
"""A text that ends so is the path of a sound file."""


_D = TypeVar("_D", tree.ScheduleDecl, tree.AgentDecl, tree.GroupDecl, tree.PromptDecl, tree.FlowDecl)


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

    def use(self, kind: str, name: str) -> None:
        """Remember that something refers to a declaration."""
        self.used.add(f"{kind} {name}")


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
