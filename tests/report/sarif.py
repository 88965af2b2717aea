"""What SARIF 2.1.0 says of the objects that we write: the properties of each, what they hold, and which it must have.

Taken from the schema of the standard, which closes its objects: a property that is not here is wrong.
"""

import re
from typing import Any

LEVELS = {"none", "note", "warning", "error"}

_TEXT = str
_COUNT = int

OBJECTS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "log": ({"$schema": _TEXT, "version": {"2.1.0"}, "runs": ["run"]}, {"version", "runs"}),
    "run": (
        {
            "tool": "tool",
            "invocations": ["invocation"],
            "artifacts": ["artifact"],
            "results": ["result"],
            "columnKind": {"utf16CodeUnits", "unicodeCodePoints"},
        },
        {"tool"},
    ),
    "tool": ({"driver": "driver"}, {"driver"}),
    "driver": ({"name": _TEXT, "version": _TEXT, "rules": ["rule"]}, {"name"}),
    "rule": (
        {"id": _TEXT, "shortDescription": "words", "help": "words", "defaultConfiguration": "configuration"},
        {"id"},
    ),
    "words": ({"text": _TEXT, "markdown": _TEXT}, {"text"}),
    "configuration": ({"level": LEVELS}, set()),
    "invocation": ({"executionSuccessful": bool}, {"executionSuccessful"}),
    "artifact": ({"location": "place"}, set()),
    "place": ({"uri": _TEXT, "uriBaseId": _TEXT}, set()),
    "result": (
        {
            "ruleId": _TEXT,
            "ruleIndex": _COUNT,
            "level": LEVELS,
            "message": "message",
            "locations": ["location"],
            "relatedLocations": ["location"],
            "fixes": ["fix"],
        },
        {"message"},
    ),
    "message": ({"text": _TEXT}, {"text"}),
    "location": ({"id": _COUNT, "physicalLocation": "physical", "message": "message"}, set()),
    "physical": ({"artifactLocation": "place", "region": "region"}, {"artifactLocation"}),
    "region": ({"startLine": _COUNT, "startColumn": _COUNT, "endLine": _COUNT, "endColumn": _COUNT}, set()),
    "fix": ({"description": "message", "artifactChanges": ["change"], "properties": dict}, {"artifactChanges"}),
    "change": ({"artifactLocation": "place", "replacements": ["replacement"]}, {"artifactLocation", "replacements"}),
    "replacement": ({"deletedRegion": "region", "insertedContent": "content"}, {"deletedRegion"}),
    "content": ({"text": _TEXT}, set()),
}

_NOT_EMPTY = {"artifactChanges", "replacements"}
_URI = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-F]{2})+")


def assert_is(kind: str, value: Any) -> None:
    """Fail where a value is not what the standard calls a log, a run …."""
    properties, required = OBJECTS[kind]
    assert isinstance(value, dict)
    assert required <= value.keys() <= properties.keys(), (kind, value.keys())
    for name, inner in value.items():
        _assert_holds(name, properties[name], inner)
    if kind == "region":
        _assert_region(value)
    if kind == "place":
        assert _URI.fullmatch(value["uri"])
    if kind == "run":
        _assert_refers(value)


def _assert_holds(name: str, wanted: Any, value: Any) -> None:
    if isinstance(wanted, str):
        assert_is(wanted, value)
    elif isinstance(wanted, list):
        assert isinstance(value, list)
        assert value or name not in _NOT_EMPTY
        for one in value:
            assert_is(wanted[0], one)
    elif isinstance(wanted, set):
        assert value in wanted
    else:
        assert type(value) is wanted


def _assert_region(region: dict[str, int]) -> None:
    start, end = (region["startLine"], region["startColumn"]), (region["endLine"], region["endColumn"])
    assert (1, 1) <= start <= end
    assert min(*start, *end) >= 1


def _assert_refers(run: dict[str, Any]) -> None:
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        ids = [one["id"] for one in result.get("relatedLocations", ())]
        assert len(set(ids)) == len(ids)
