"""Names in schemes: what they are, where they are declared and used."""

from typing import get_args, get_type_hints

import pytest

from callflow.compile.pipeline import compile_text
from callflow.lsp.names import NO_NAMES, PLACES, Kind
from callflow.lsp.scheme import Place, Scheme, read_file
from callflow.syntax import tree
from tests.lsp.schemes import EVERYTHING, offset_of

SCHEME = Scheme([read_file("a.flow", EVERYTHING)])


def at(where: str) -> Place | None:
    return SCHEME.at("a.flow", offset_of(where))


def uses(place: Place) -> list[int]:
    """Return the lines on which a name stands."""
    return [EVERYTHING.count("\n", 0, one.span.start) + 1 for one in SCHEME.references(place)]


def holds_ident(annotation: object) -> bool:
    return annotation is tree.Ident or any(map(holds_ident, get_args(annotation)))


def test_every_field_that_may_hold_a_name_is_in_a_table() -> None:
    nodes = [one for one in vars(tree).values() if isinstance(one, type) and issubclass(one, tree.Node)]
    fields = {
        (node, name)
        for node in nodes
        for name, annotation in get_type_hints(node, vars(tree)).items()
        if holds_ident(annotation)
    }
    assert fields == PLACES.keys() | NO_NAMES
    assert not PLACES.keys() & NO_NAMES


def test_the_scheme_of_these_tests_has_every_kind_of_place() -> None:
    assert not [one for one in compile_text(EVERYTHING).problems if one.code.id[2] in "12"]
    found = {(type(name.owner), field) for file in SCHEME.files for name in file.names
             for field in type(name.owner).__match_args__ if (type(name.owner), field) in PLACES}  # fmt: skip
    assert found == PLACES.keys()


@pytest.mark.parametrize(
    ("where", "kind", "lines"),
    [
        ('199" goto |help', Kind.FLOW, [19, 26, 36, 51]),
        ("run |survey", Kind.FLOW, [34, 43]),
        ("connect |anna", Kind.TARGET, [8, 12, 48]),
        ("queue |sales", Kind.TARGET, [12, 28, 29, 37, 40, 52]),
        ("greeting |welcome", Kind.PROMPT, [14, 25, 30, 35, 48, 52]),
        ("force |office", Kind.SCHEDULE, [6, 26, 37, 38, 39]),
        ("in |vips", Kind.LIST, [7, 27]),
        ("needs |vip", Kind.SKILL, [9, 13]),
        ("{|rounds}", Kind.VALUE, [23, 25, 26, 46]),
        ("when |crm.tier", Kind.VALUE, [36, 37]),
        ("play |said", Kind.VALUE, [44, 45]),
        ("language |en", Kind.LANGUAGE, [4, 16, 24]),
        ("to caller|.number", Kind.GIVEN, [25, 27, 40]),
        ("failed goto help|", Kind.FLOW, [19, 26, 36, 51]),
    ],
)
def test_a_name_is_found_everywhere(where: str, kind: Kind, lines: list[int]) -> None:
    place = at(where)
    assert place is not None
    assert place.kind is kind
    assert uses(place) == lines


@pytest.mark.parametrize("where", ["a|nswer", "crm.tie|r", "# Who |sells", '"tune|.wav"'])
def test_other_words_are_no_names(where: str) -> None:
    assert at(where) is None


def test_agents_and_groups_share_their_names_and_flows_have_their_own() -> None:
    text = 'agent sales "sip:a@x"\nflow sales { connect sales goto sales }'
    scheme = Scheme([read_file("a.flow", text)])
    (agent,) = scheme.named(Kind.TARGET)
    assert [one.span.start for one in scheme.references(agent)] == [6, text.index("connect sales") + 8]
