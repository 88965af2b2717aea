"""Frozen attrs values to JSON and back, led by their type hints. Knows no machine, no event, no file.

An object has a key for every field. Where a hint allows several classes, the key `kind` names the one; an enum is
written as its value, a tuple as a list. What is read fits its hint exactly, or is a `Misfit`; a key may be missing only
where the class has a default.
"""

import enum
import functools
import json
import types
import typing
from collections import Counter
from typing import Any, Final, NoReturn

import attrs

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]
"""What is written. Numbers are whole: nothing here is a fraction."""

KIND: Final = "kind"

DEPTH_MAX: Final = 160
"""Objects inside one another: an expression of `limits.LEVELS_MAX` and what stands around it. Reading calls itself."""

_DIGITS_MAX: Final = 20
"""Digits of a number with its sign: 64 bits, and no more work than that."""

_SHOWN_CHARS_MAX: Final = 40
_STEPS_MAX: Final = 8

_WORDS: Final[dict[type, str]] = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
    types.NoneType: "null",
    list: "a list",
    dict: "an object",
    float: "a fraction",
}


class Misfit(ValueError):
    """JSON that is not what its hint wants: what is so, and the way to it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self._path: list[str] = []

    def inside(self, step: str) -> "Misfit":
        """Return this misfit with one more step before its way."""
        self._path.insert(0, step)
        return self

    @property
    def place(self) -> str:
        """Return the way to the value, "" for the whole: `states[4].next`. Of a long one the beginning says where."""
        way = "".join(self._path[:_STEPS_MAX]).removeprefix(".")
        return way if len(self._path) <= _STEPS_MAX else f"{way}…"

    def __str__(self) -> str:
        return f"`{self.place}`: {self.reason}" if self._path else self.reason


# --- hints ----------------------------------------------------------------------------------------------------------


@attrs.frozen
class _Form:
    """What a hint allows."""

    scalars: frozenset[type]
    classes: dict[str, type]
    enum: type[enum.Enum] | None
    item: Any
    """Hint of a tuple's items, or None: no tuple."""
    value: Any
    """Hint of a table's values, or None: no table."""

    @property
    def tagged(self) -> bool:
        """Return whether an object says which class it is."""
        return len(self.classes) > 1

    @property
    def words(self) -> str:
        """Return what is wanted, in words."""
        wanted = [_WORDS[scalar] for scalar in _WORDS if scalar in self.scalars]
        if self.enum is not None:
            wanted[:0] = [f"`{one.value}`" for one in self.enum]
        if self.item is not None:
            wanted.append(_WORDS[list])
        if self.value is not None or self.classes:
            wanted.append(_WORDS[dict])
        return " or ".join((*([", ".join(wanted[:-1])] if wanted[1:] else []), *wanted[-1:]))


@functools.cache
def _form(hint: Any) -> _Form:
    members = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    origins = {typing.get_origin(one): typing.get_args(one) for one in members}
    plain = [one for one in members if isinstance(one, type) and typing.get_origin(one) is None]
    enums = [one for one in plain if issubclass(one, enum.Enum)]
    form = _Form(
        scalars=frozenset(one for one in plain if one in (str, int, bool, types.NoneType)),
        classes={one.__name__: one for one in plain if attrs.has(one)},
        enum=enums[0] if enums else None,
        item=origins[tuple][0] if tuple in origins else None,
        value=origins[dict][1] if dict in origins else None,
    )
    understood = len(form.scalars) + len(form.classes) + len(enums) + (tuple in origins) + (dict in origins)
    assert understood == len(members), f"{hint} has no form in JSON"
    return form


@functools.cache
def _fields(cls: type) -> dict[str, tuple[Any, bool]]:
    """Return of every field of a class its hint, and whether it has to be there."""
    hints = typing.get_type_hints(cls)
    return {field.name: (hints[field.name], field.default is attrs.NOTHING) for field in attrs.fields(cls)}


# --- writing --------------------------------------------------------------------------------------------------------


def tagged(value: Any) -> dict[str, Json]:
    """Return an attrs value as an object that says its kind: an event or an effect for a line of a journal."""
    return {KIND: type(value).__name__, **_written(value)}


def write(hint: Any, value: Any) -> Json:
    """Return a value of a hint as JSON."""
    form = _form(hint)
    if attrs.has(type(value)):
        assert type(value).__name__ in form.classes, f"{value!r} is no {hint}"
        return tagged(value) if form.tagged else _written(value)
    match value:
        case enum.Enum(value=str(word)):
            return word
        case tuple():
            return [write(form.item, one) for one in value]
        case dict():
            return {key: write(form.value, one) for key, one in value.items()}
        case str() | int() | None:
            return value
        case _:
            raise AssertionError(f"{value!r} is no {hint}")


def _written(value: Any) -> dict[str, Json]:
    cls: Any = type(value)
    return {name: write(hint, getattr(value, name)) for name, (hint, _) in _fields(cls).items()}


# --- reading --------------------------------------------------------------------------------------------------------


def parse(text: str) -> Json:
    """Return the JSON of a text. Raises Misfit for anything else, and for fractions, keys said twice, great depth."""
    try:
        data: Json = json.loads(
            text, object_pairs_hook=_object, parse_float=_no_number, parse_constant=_no_number, parse_int=_whole
        )
    except json.JSONDecodeError as error:
        message = f"{error.msg[:1].lower()}{error.msg[1:]}"
        raise Misfit(f"no JSON: {message} in line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise Misfit("nested too deep") from None
    return data


def read(hint: Any, data: Json) -> Any:
    """Return the value of a hint that was written as `data`. Raises Misfit."""
    return _read(hint, data, 0)


def shown(text: str) -> str:
    """Return a text of a stranger as it may stand in a message: short, in backquotes, on one line."""
    clipped = text if len(text) <= _SHOWN_CHARS_MAX else f"{text[:_SHOWN_CHARS_MAX]}…"
    return f"`{clipped if clipped.isprintable() else clipped.encode('unicode_escape').decode()}`"


def _step(key: str) -> str:
    return f".{key}" if key.isidentifier() and len(key) <= _SHOWN_CHARS_MAX else f"[{shown(key)[1:-1]}]"


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = next(key for key, count in counts.items() if count > 1)
        raise Misfit(f"the key {shown(twice)} stands twice in one object")
    return found


def _no_number(written: str) -> NoReturn:
    raise Misfit(f"{shown(written)} is no whole number")


def _whole(written: str) -> int:
    if len(written) > _DIGITS_MAX:
        raise Misfit(f"{shown(written)} has too many digits")
    return int(written)


def _read(hint: Any, data: Json, depth: int) -> Any:
    form = _form(hint)
    if type(data) in form.scalars:
        return data
    if isinstance(data, str) and form.enum is not None:
        for member in form.enum:
            if member.value == data:
                return member
        raise Misfit(f"{shown(data)} is not {form.words}")
    if isinstance(data, list) and form.item is not None:
        return tuple(_inside(form.item, one, depth, f"[{number}]") for number, one in enumerate(data))
    if isinstance(data, dict):
        if form.value is not None:
            return {key: _inside(form.value, one, depth, _step(key)) for key, one in data.items()}
        if form.classes:
            return _read_object(form, data, depth)
    raise Misfit(f"{form.words} is wanted, not {_WORDS[type(data)]}")


def _inside(hint: Any, data: Json, depth: int, step: str) -> Any:
    try:
        return _read(hint, data, depth)
    except Misfit as misfit:
        raise misfit.inside(step) from None


def _read_object(form: _Form, data: dict[str, Json], depth: int) -> Any:
    if depth >= DEPTH_MAX:
        raise Misfit("nested too deep")
    cls = _class_of(form, data)
    fields = _fields(cls)
    for key in data:
        if key not in fields and not (form.tagged and key == KIND):
            raise Misfit(f"the key {shown(key)} is unknown")
    values: dict[str, Any] = {}
    for name, (hint, needed) in fields.items():
        if name in data:
            values[name] = _inside(hint, data[name], depth + 1, f".{name}")
        elif needed:
            raise Misfit(f"the key `{name}` is missing")
    return cls(**values)


def _class_of(form: _Form, data: dict[str, Json]) -> type:
    if not form.tagged:
        return next(iter(form.classes.values()))
    kind = data.get(KIND)
    if not isinstance(kind, str):
        raise Misfit(f"the key `{KIND}` is missing" if KIND not in data else f"`{KIND}` is no text")
    if kind not in form.classes:
        raise Misfit(f"the kind {shown(kind)} is unknown here")
    return form.classes[kind]
