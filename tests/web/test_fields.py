"""What a web service said becomes fields: bounded, of known kinds, and nothing it says can do harm."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflow.limits import TEXT_CHARS_MAX
from callflow.web.fields import DEPTH_MAX, LIST_FIELDS_MAX, NODES_MAX, AnswerRefused, fields_of


def test_an_object_becomes_fields_with_dotted_names() -> None:
    said = b"""{"tier": "gold", "debt": 12, "rate": 1.50, "vip": true, "manager": null,
                "address": {"city": "Bonn", "geo": {"lat": 50.7}}, "orders": [{"id": 7}, {"id": 8}], "none": []}"""
    assert fields_of(said) == {
        "tier": "gold",
        "debt": 12,
        "rate": "1.50",
        "vip": True,
        "manager": None,
        "address.city": "Bonn",
        "address.geo.lat": "50.7",
        "orders.length": 2,
        "orders.0.id": 7,
        "orders.1.id": 8,
        "none.length": 0,
    }


def test_keys_that_are_no_names_are_left_out_with_all_that_is_in_them() -> None:
    assert fields_of(b'{"a-b": 1, "": 2, "1st": 3, "a.b": {"c": 4}, "ok": {"not ok": 5, "fine": 6}}') == {"ok.fine": 6}


@pytest.mark.parametrize("said", [b"", b"[]", b'"text"', b"12", b"null", b"<html>", b'{"a": 1', b"{'a': 1}", b"\xff{}"])
def test_what_is_no_object_is_refused(said: bytes) -> None:
    with pytest.raises(AnswerRefused, match="no JSON"):
        fields_of(said)


@pytest.mark.parametrize("said", [b'{"a": NaN}', b'{"a": -Infinity}'])
def test_numbers_that_are_none_are_no_json(said: bytes) -> None:
    with pytest.raises(AnswerRefused, match="no JSON"):
        fields_of(said)


@pytest.mark.parametrize(
    ("digits", "value"),
    [
        (str(2**63 - 1), 2**63 - 1),
        (str(-(2**63) + 1), -(2**63) + 1),
        (str(2**63), str(2**63)),
        ("9" * 5_000, "9" * TEXT_CHARS_MAX),
        ("1e999", "1e999"),
    ],
)
def test_a_number_beyond_64_bits_is_text(digits: str, value: object) -> None:
    assert fields_of(f'{{"n": {digits}}}'.encode()) == {"n": value}


def test_texts_are_clipped_and_can_be_written() -> None:
    fields = fields_of(
        json.dumps({"long": "x" * 10_000, "half": "a\ud800b", "bell": "a\x07\u202eb", "lines": "a\nb"}).encode()
    )
    assert fields == {"long": "x" * TEXT_CHARS_MAX, "half": "a?b", "bell": "ab", "lines": "a\nb"}


def test_of_a_long_list_the_first_entries_are_fields() -> None:
    fields = fields_of(json.dumps({"a": list(range(100))}).encode())
    assert fields == {"a.length": 100} | {f"a.{number}": number for number in range(LIST_FIELDS_MAX)}


def nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


def test_depth_and_size_are_bounded() -> None:
    assert fields_of(nested(DEPTH_MAX)) == {".".join("a" * DEPTH_MAX): 1}
    for said in (nested(DEPTH_MAX + 1), b'{"a":' + b"[" * 40 + b"]" * 40 + b"}"):
        with pytest.raises(AnswerRefused, match="nested"):
            fields_of(said)
    with pytest.raises(AnswerRefused, match=r"JSON|nested"):
        fields_of(nested(10_000))
    with pytest.raises(AnswerRefused, match="parts"):
        fields_of(json.dumps({f"k{number}": number for number in range(NODES_MAX)}).encode())


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=5),
    max_leaves=30,
)


@given(st.dictionaries(st.text(max_size=8), _JSON, max_size=5))
def test_whatever_is_said_fields_are_of_known_kinds(said: dict[str, object]) -> None:
    for name, value in fields_of(json.dumps(said).encode()).items():
        assert all(part.isidentifier() or part.isdigit() for part in name.split("."))
        assert value is None or isinstance(value, str | bool | int)
        assert not isinstance(value, str) or len(value.encode()) <= 4 * TEXT_CHARS_MAX
        assert isinstance(value, bool) or not isinstance(value, int) or abs(value) < 2**63
