"""Declarations to the tables of a machine: agents, groups, prompts, schedules, numbers."""

from callflow.check.names import Names, names_sound, skills_of
from callflow.compile.given import given_prompts
from callflow.machine import model
from callflow.syntax import tree


def agents(names: Names) -> dict[str, model.Agent]:
    """Return the agents of a scheme."""
    return {name: _agent(one) for name, one in names.agents.items()}


def _agent(one: tree.AgentDecl) -> model.Agent:
    confirm = next((option for option in one.options if isinstance(option, tree.Confirm)), None)
    amounts = {option.name: option.value for option in one.options if isinstance(option, tree.Amount)}
    return model.Agent(
        name=one.name.name,
        uri=one.uri.plain,
        extension=amounts["extension"].written if "extension" in amounts else "",
        skills=tuple(sorted(skills_of(one))),
        confirm=confirmation(confirm),
        limit=amounts["limit"].value if "limit" in amounts else 1,
    )


def confirmation(option: tree.Confirm | None) -> model.Confirm | None:
    """Return how a call is to be confirmed."""
    if option is None:
        return None
    return model.Confirm.ANY_KEY if option.any_key else model.Confirm.KEY_1


def groups(names: Names) -> dict[str, model.Group]:
    """Return the groups of a scheme with those of their members that there are."""
    return {name: _group(names, one) for name, one in names.groups.items()}


def _group(names: Names, one: tree.GroupDecl) -> model.Group:
    times = {option.name: option.duration.ms for option in one.options if isinstance(option, tree.Setting)}
    return model.Group(
        name=one.name.name,
        members=names.members(one),
        strategy=strategy(one.options) or model.Strategy.ALL,
        each_ms=times.get("each"),
        wrap_up_ms=times.get("wrap up"),
    )


def strategy(options: tuple[object, ...]) -> model.Strategy | None:
    """Return in which order phones ring, None where nothing is said."""
    ring = next((option for option in options if isinstance(option, tree.RingStrategy)), None)
    return None if ring is None else model.Strategy(ring.how)


def schedules(names: Names) -> dict[str, model.Schedule]:
    """Return the schedules of a scheme."""
    return {name: model.Schedule(name, one.hours.plain) for name, one in names.schedules.items()}


def prompts(names: Names) -> dict[str, model.Prompt]:
    """Return the prompts of a scheme and those that it has without declaring them."""
    return {name: _prompt(names, one) for name, one in names.prompts.items()} | given_prompts(names.tags)


def _prompt(names: Names, one: tree.PromptDecl) -> model.Prompt:
    texts: dict[str, str] = {}
    files: dict[str, str] = {}
    for entry in one.entries:
        tag = entry.tag.name if entry.tag else ""
        if entry.is_file or names_sound(entry.text):
            files.setdefault(tag, entry.text.plain)
        else:
            texts.setdefault(tag or names.tags[0], entry.text.plain)
    if files and not texts:
        files.setdefault("", next(iter(files.values())))  # a language without its own hears the first one
    return model.Prompt(one.name.name, texts, files)
