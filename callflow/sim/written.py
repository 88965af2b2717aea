"""Scripted calls as YAML that `scenario.load` reads as the same calls."""

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from callflow.limits import CALL_MS_MAX
from callflow.sim.behaviour import Behaviour, Reaction
from callflow.sim.scenario import UNSTATED_CALLER, Scenario
from callflow.sim.world import WebAnswer
from callflow.words import duration


def written(scenarios: Iterable[Scenario], flow: str = "") -> str:
    """Return a file of scripted calls. Calls beside them are not written, nor are lengths of prompts."""
    top: dict[str, Any] = {"flow": flow} if flow else {}
    top["scenarios"] = [_scenario(one) for one in scenarios]
    return yaml.safe_dump(top, sort_keys=False, allow_unicode=True, width=110)


def _scenario(one: Scenario) -> dict[str, Any]:
    assert not one.others, "calls beside a scripted one are not written"
    parts: dict[str, Any] = {
        "name": one.name,
        "from": None if one.caller == UNSTATED_CALLER else one.caller,
        "to": one.called or None,
        "at": one.at.isoformat(sep=" ", timespec="minutes") if one.at else None,
        "caller name": one.caller_name or None,
        "diverted from": one.diverted_from or None,
        "headers": one.headers or None,
        "chance": str(one.chance) if one.chance else None,
        "schedules": {name: "open" if is_open else "closed" for name, is_open in one.schedules.items()} or None,
        "agents": {name: _alone([behaviour(d) for d in does]) for name, does in one.agents.items()} or None,
        "web": {url: _alone([_web(answer) for answer in answers]) for url, answers in one.web.items()} or None,
        "remembered": one.remembered or None,
        "last agent": _alone([f"{agent} {duration(ms)} ago" for agent, ms in one.last_agents]) or None,
        "steps": ["hangup" if step.kind == "hangup" else {step.kind: step.text} for step in one.steps] or None,
        "expect": {each.kind: _alone(list(each.values)) for each in one.expect} or None,
    }
    return {key: value for key, value in parts.items() if value is not None}


def behaviour(does: Behaviour) -> str:
    """Return what an agent does as `parse_behaviour` reads it."""
    if does.on_call and does.on_call_ms is None:
        return "on a call"
    said = does.reaction.value
    if does.reaction is Reaction.ANSWERS:
        keys = (f", presses {key} after {duration(ms)}" for ms, key in does.keys)
        ends = f", hangs up after {duration(does.talk_ms)}" if does.talk_ms is not None else ""
        said = f"{said} after {duration(does.after_ms)}{''.join(keys)}{ends}"
    return f"on a call for {duration(does.on_call_ms)}, {said}" if does.on_call_ms is not None else said


def _web(answer: WebAnswer) -> Any:
    """Return what a web service answers: fields, or how it fails."""
    if not answer.trouble:
        return _nested(answer.fields)
    return "never answers" if answer.after_ms >= CALL_MS_MAX else f"fails after {duration(answer.after_ms)}"


def _nested(fields: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in fields.items():
        *outer, last = name.split(".")
        inside = found
        for part in outer:
            inside = inside.setdefault(part, {})
        inside[last] = value
    return found


def _alone(values: list[Any]) -> Any:
    """Return a list, or what stands in it alone."""
    return values[0] if len(values) == 1 else values
