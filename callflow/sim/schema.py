"""The JSON Schema of files of scripted calls, for editors that complete and check them."""

from typing import Any, Final

from callflow.sim.behaviour import Reaction
from callflow.sim.scenario import EXPECTATIONS, KEYS_OF_A_CALL, KEYS_OF_A_FILE, KEYS_OF_ANOTHER, LIMITS, OUTCOMES, STEPS

URL: Final = "https://json-schema.org/draft/2020-12/schema"

_DURATION: Final = r"^[0-9]+(\.[0-9]+)?(ms|s|m|h|d)( ?[0-9]+(\.[0-9]+)?(ms|s|m|h|d))*$"
_PRESSED: Final = r"^[0-9*#ABCD]+$"
_TEXT: Final[dict[str, Any]] = {"type": ["string", "number"]}
_ANY: Final[dict[str, Any]] = {"type": ["string", "number", "boolean", "null"]}

_SAID: Final = {
    "flow": "The scheme, relative to this file.",
    "name": "What the call is called in reports; once in a file.",
    "from": "Who calls; an empty text withholds the number.",
    "to": "The number that is called.",
    "at": "When, in the scheme's time zone: 2026-12-24 10:00.",
    "caller name": "What the call says of its caller.",
    "diverted from": "The number this call was diverted from.",
    "headers": "Headers of the call that begin with X-, by name.",
    "chance": "A whole number: another one, other luck.",
    "agents": "What each agent does when their phone is called; a list: the first time, the second time.",
    "schedules": "Schedules that are held, by name.",
    "prompts": "How long prompts and sound files last, by name; all is every other.",
    "web": "What web services answer, by the beginning of their address.",
    "remembered": "What was remembered of this caller, name by name.",
    "last agent": "Who talked with them, and when: anna 2d ago.",
    "others": "Who else calls.",
    "scenarios": "The calls.",
    "steps": "What the caller does, one step after the other.",
    "expect": "What must come of the call.",
    "hear": "Waits until this was heard to its end.",
    "during": "Waits until this begins to be heard.",
    "press": "Presses keys, 200 ms apart.",
    "wait": "Lets time pass.",
    "say": "Waits until a message is being recorded, and speaks into it for so long.",
    "hangup": "Hangs up.",
    "outcome": "What became of the call.",
    "heard": "What was heard, in this order; other things may have been heard, too.",
    "rang": "Everybody whose phone was called, in order; nobody.",
    "answered by": "Everybody who answered; nobody.",
    "message": "The boxes of the messages that were kept; none.",
    "waited": "Until somebody answered, or the call ended: under 20s, over 1m.",
    "queued": "The groups whose queues the caller waited in.",
    "notified": "The events that were told.",
    "tags": "The tags of the call.",
    "transferred to": "Addresses the call was transferred to.",
    "called back": "Numbers that are to be called back.",
    "trace": "Everything that happened.",
    "before": "How long before the scripted call.",
    "after": "How long after the beginning of the scripted call.",
    "presses": "Keys and when: 1 after 3s.",
    "hangs up after": "How long the call lasts.",
}


def schema() -> dict[str, Any]:
    """Return the schema of a file. Numbers may stand where texts do: editors read `press: 1` as a number."""
    return {
        "$schema": URL,
        "title": "Scripted calls of Callflow",
        **_mapping(KEYS_OF_A_FILE, ("scenarios",)),
        "$defs": {
            "behaviour": _behaviour(),
            "duration": {"type": "string", "pattern": _DURATION, "examples": ["10s", "1.5m"]},
            "call": _mapping(KEYS_OF_A_CALL, ("name",)),
            "other": _mapping(KEYS_OF_ANOTHER, ("from",)),
            "step": {"anyOf": [{"const": "hangup"}, _mapping(STEPS, ())]},
            "expect": _mapping(EXPECTATIONS, ()),
            "answer": {"anyOf": [_fails(), {"$ref": "#/$defs/fields"}]},
            "fields": {"type": "object", "additionalProperties": {"anyOf": [_ANY, {"$ref": "#/$defs/fields"}]}},
        },
    }


def _mapping(keys: tuple[str, ...], needed: tuple[str, ...]) -> dict[str, Any]:
    properties = {key: {"description": _SAID[key], **_value(key)} for key in keys}
    found: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": properties}
    return found | ({"required": list(needed)} if needed else {})


def _value(key: str) -> dict[str, Any]:
    """Return what may stand behind a key."""
    match key:
        case "agents":
            return _named(_some({"$ref": "#/$defs/behaviour"}))
        case "schedules":
            return _named({"enum": ["open", "closed"]})
        case "prompts":
            return _named({"$ref": "#/$defs/duration"})
        case "web":
            return _named(_some({"$ref": "#/$defs/answer"}))
        case "remembered":
            return {"anyOf": [_named(_ANY), _some(_TEXT)]}  # what it is in a call, and what is expected
        case "headers":
            return _named(_ANY)
        case "scenarios":
            return _some({"$ref": "#/$defs/call"})
        case "steps":
            return _some({"$ref": "#/$defs/step"})
        case "others":
            return _some({"$ref": "#/$defs/other"})
        case "expect":
            return {"$ref": "#/$defs/expect"}
        case "outcome":
            return {"enum": list(OUTCOMES)}
        case "waited":
            return _some({"type": "string", "pattern": f"^({'|'.join(LIMITS)}) "})
        case "wait" | "say" | "before" | "after" | "hangs up after":
            return {"$ref": "#/$defs/duration"}
        case "press":
            return {"type": ["string", "integer"], "pattern": _PRESSED}
        case "hangup":
            return {}
        case "heard" | "rang" | "answered by" | "message" | "queued" | "notified" | "tags" | "trace" | "presses" | (
            "transferred to" | "called back" | "last agent"
        ):  # fmt: skip
            return _some(_TEXT)
        case _:
            return _TEXT


def _behaviour() -> dict[str, Any]:
    words = "|".join(one.value for one in Reaction)
    examples = [*(one.value for one in Reaction), "answers after 4s, hangs up after 2m", "on a call for 20s, answers"]
    return {"type": "string", "pattern": f"^({words}|on a call)", "examples": examples}


def _fails() -> dict[str, Any]:
    return {"type": "string", "pattern": "^(fails( after .+)?|never answers)$", "examples": ["fails", "never answers"]}


def _named(inner: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": inner}


def _some(inner: dict[str, Any]) -> dict[str, Any]:
    """Return one, or a list of them."""
    return {"anyOf": [inner, {"type": "array", "items": inner}]}
