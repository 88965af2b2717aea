"""The schema for editors takes what the reader takes, and refuses what it refuses by its shape."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from callflow.cli import main
from callflow.sim.scenario import EXPECTATIONS, STEPS, ScenarioRefused, load
from callflow.sim.schema import schema

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("examples/*.call.yaml"), *ROOT.glob("tests/**/*.call.yaml")])
CHECK = jsonschema.Draft202012Validator(schema())


def as_editors_read(text: str) -> Any:
    """Return YAML 1.2's core values but dates, as editors have them."""

    class Loader(yaml.SafeLoader):
        yaml_implicit_resolvers = {  # noqa: RUF012
            first: [(tag, regexp) for tag, regexp in found if not tag.endswith(("timestamp", "bool", "int", "float"))]
            for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    Loader.add_implicit_resolver("tag:yaml.org,2002:int", __import__("re").compile(r"^[0-9]+$"), list("0123456789"))
    Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(loader.construct_scalar(node), 10))
    return yaml.load(text, Loader)


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
@pytest.mark.parametrize("read", [as_editors_read, lambda text: yaml.load(text, yaml.BaseLoader)])
def test_every_file_of_calls_is_right(path: Path, read: Any) -> None:
    assert [error.message for error in CHECK.iter_errors(read(path.read_text(encoding="utf-8")))] == []


@pytest.mark.parametrize(
    "text",
    [
        "scenarios: [{ steps: [] }]",
        "scenaros: []",
        "scenarios: [{ name: a, stepps: [] }]",
        "scenarios: [{ name: a, steps: [{ pres: 1 }] }]",
        "scenarios: [{ name: a, steps: [{ press: x }] }]",
        "scenarios: [{ name: a, steps: [{ wait: soon }] }]",
        "scenarios: [{ name: a, steps: [stop] }]",
        "scenarios: [{ name: a, expect: { outcome: good } }]",
        "scenarios: [{ name: a, expect: { rings: anna } }]",
        "scenarios: [{ name: a, expect: { waited: 20s } }]",
        "scenarios: [{ name: a, agents: { anna: sleeps } }]",
        "scenarios: [{ name: a, agents: [anna] }]",
        "scenarios: [{ name: a, schedules: { office: on } }]",
        "scenarios: [{ name: a, prompts: { hello: long } }]",
        "scenarios: [{ name: a, web: { 'https://x': later } }]",
        "scenarios: [{ name: a, others: [{ after: 5s }] }]",
    ],
)
def test_what_the_reader_refuses_by_its_shape_the_schema_refuses(text: str) -> None:
    with pytest.raises(ScenarioRefused):
        load(text)
    assert list(CHECK.iter_errors(as_editors_read(text)))


def test_every_key_is_there_and_says_what_it_is() -> None:
    found = schema()["$defs"]
    assert set(found["step"]["anyOf"][1]["properties"]) == set(STEPS)
    assert set(found["expect"]["properties"]) == set(EXPECTATIONS)
    assert all(one["description"].endswith(".") for one in found["call"]["properties"].values())


def test_the_command_writes_it(tmp_path: Path) -> None:
    assert json.loads(CliRunner().invoke(main, ["schema", "scenario"]).stdout) == schema()
    out = tmp_path / "scenario.json"
    assert CliRunner().invoke(main, ["schema", "scenario", "-o", str(out)]).exit_code == 0
    assert json.loads(out.read_text(encoding="utf-8")) == schema()


@pytest.mark.parametrize("value", ["no", "Yes", "ON", "off", "True", "012", "1:30", "0x1F", "190:20:30"])
@pytest.mark.parametrize("where", ["remembered: {{ a: {} }}", "web: {{ 'https://x': {{ a: {} }} }}"])
def test_values_that_mean_one_thing_here_and_another_there_need_quotes(value: str, where: str) -> None:
    with pytest.raises(ScenarioRefused, match="quotes"):
        load(f"scenarios: [{{ name: a, {where.format(value)} }}]")
    load(f"scenarios: [{{ name: a, {where.format(json.dumps(value))} }}]")


@pytest.mark.parametrize("key", ["on", "no", "012", "1:30"])
def test_texts_mean_what_they_look_like(key: str) -> None:
    (scenario,) = load(f"scenarios: [{{ name: {key}, caller name: {key}, headers: {{ X-{key}: {key} }} }}]").scenarios
    assert (scenario.name, scenario.caller_name) == (key, key)
    assert list(scenario.headers.values()) == [key]
