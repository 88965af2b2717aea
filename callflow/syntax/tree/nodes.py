"""What all nodes share, and the nodes of expressions."""

from typing import Any, ClassVar, dataclass_transform

from callflow.limits import NUMBER_DIGITS_MAX
from callflow.source import Span


@dataclass_transform(frozen_default=True)
class Node:
    """What all nodes share: made from their fields in order, equal and shown by them, and never changed.

    As `attrs.frozen` would do it, but for fifty classes that takes longer at every start than checking a short scheme.
    """

    __match_args__: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls.__match_args__ = tuple(cls.__annotations__)  # type: ignore[misc]
        made: dict[str, Any] = {}
        lines = "".join(f"\n    self.{name} = {name}" for name in cls.__match_args__)
        given = (f"{name}={vars(cls)[name]!r}" if name in vars(cls) else name for name in cls.__match_args__)
        exec(f"def __init__(self, {', '.join(given)}):{lines}", made)  # noqa: S102  names of fields only
        cls.__init__ = made["__init__"]  # type: ignore[method-assign]

    def __eq__(self, other: object) -> bool:
        return self.__dict__ == other.__dict__ if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash((type(self), *self.__dict__.values()))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"{type(self).__name__}({fields})"


class Ident(Node):
    """A name or a tag as it was written."""

    name: str
    span: Span


# --- expressions ----------------------------------------------------------------------------------------------------


class Text(Node):
    """A text in quotes; its parts are what is literal and what stands between `{` and `}`."""

    parts: tuple["str | Expression", ...]
    span: Span

    @property
    def plain(self) -> str:
        """Return the literal parts, joined."""
        return "".join(part for part in self.parts if isinstance(part, str))

    @property
    def is_plain(self) -> bool:
        """Return whether nothing has to be filled in."""
        return all(isinstance(part, str) for part in self.parts)


class Duration(Node):
    """A length of time with its unit."""

    ms: int
    span: Span


class Whole(Node):
    """A whole number; `written` keeps leading zeros."""

    written: str
    span: Span

    @property
    def value(self) -> int:
        """Return the number; one of too many digits is as large as any."""
        return int(self.written) if len(self.written) <= NUMBER_DIGITS_MAX else 10**NUMBER_DIGITS_MAX


class Constant(Node):
    """`true`, `false` or `none`."""

    value: bool | None
    span: Span


class NameRef(Node):
    """A name that stands for a value: `caller.number`."""

    name: str
    span: Span


class Binary(Node):
    """`+ - *` or a comparison."""

    op: str
    left: "Expression"
    right: "Expression"
    span: Span


class Logic(Node):
    """`and` or `or` between two parts or more."""

    op: str
    parts: tuple["Expression", ...]
    span: Span


class Negation(Node):
    """`not`."""

    part: "Expression"
    span: Span


class Matching(Node):
    """`in ("…", "…")` or `matches "…"`."""

    subject: "Expression"
    patterns: tuple[Text, ...]
    span: Span


class ScheduleIs(Node):
    """`office open` or `office closed`."""

    schedule: Ident
    open: bool
    span: Span


class Listed(Node):
    """`caller.number in vips`."""

    subject: "Expression"
    list: Ident
    span: Span


class Function(Node):
    """`default(crm.tier, "none")`."""

    name: Ident
    arguments: tuple["Expression", ...]
    span: Span


Expression = (
    Text | Duration | Whole | Constant | NameRef | Binary | Logic | Negation | Matching | Listed | ScheduleIs | Function
)


class Field(Node):
    """`number: caller.number`."""

    name: Ident
    value: Expression
    span: Span


class Record(Node):
    """`{ number: caller.number, tag: call.tags }`."""

    fields: tuple[Field, ...]
    span: Span


class TimeOfDay(Node):
    """`18:00`."""

    hour: Whole
    minute: Whole
    span: Span

    @property
    def written(self) -> str:
        """Return the time as `HH:MM`."""
        return f"{self.hour.value:02}:{self.minute.value:02}"
