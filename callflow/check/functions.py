"""The functions of the language: what they take and what they give."""

from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from callflow.check import problems
from callflow.check.kinds import Kind
from callflow.diagnostic import Diagnostic
from callflow.syntax import tree

_DIGITS: Final = (Kind.DIGITS, Kind.PHONE, Kind.TEXT, Kind.NUMBER)
_AMOUNT: Final = (Kind.NUMBER, Kind.TEXT, Kind.DIGITS)
_MONEY_CODE: Final = 3


@attrs.frozen
class Signature:
    """What a function takes, one tuple of kinds an argument, and the kind of what it gives."""

    usage: str
    takes: tuple[tuple[Kind, ...], ...]
    result: Kind


FUNCTIONS: Final = {
    "default": Signature('default(crm.tier, "none")', ((), ()), Kind.ANY),
    "header": Signature('header("X-Campaign")', ((Kind.TEXT,),), Kind.TEXT),
    "number": Signature("number(pin)", (_DIGITS,), Kind.NUMBER),
    "digits": Signature("digits(crm.account)", (_DIGITS,), Kind.TEXT),
    "money": Signature('money(crm.balance, "EUR")', (_AMOUNT, (Kind.TEXT,)), Kind.TEXT),
    "date": Signature("date(office.opens)", ((Kind.TIME,),), Kind.TEXT),
    "time": Signature("time(now)", ((Kind.TIME,),), Kind.TEXT),
    "month": Signature("month(now)", ((Kind.TIME,),), Kind.TEXT),
    "month_after": Signature("month_after(now, 3)", ((Kind.TIME,), (Kind.NUMBER,)), Kind.TIME),
}
"""By name. An empty tuple of kinds takes any."""

SAID: Final = ("digits", "money", "date", "time", "month")
"""Functions that give words for the caller, in the call's language."""


def check_function(function: tree.Function, kinds: Sequence[Kind]) -> Iterator[Diagnostic]:
    """Yield what is wrong with the use of a function whose arguments have the kinds given."""
    name = function.name.name
    if name not in FUNCTIONS:
        yield problems.unknown_function(function.name.span, name, tuple(FUNCTIONS))
        return
    signature = FUNCTIONS[name]
    if len(kinds) != len(signature.takes):
        yield problems.wrong_arguments(function.span, name, signature.usage)
        return
    for argument, kind, wanted in zip(function.arguments, kinds, signature.takes, strict=True):
        if wanted and kind not in (*wanted, Kind.ANY):
            yield problems.wrong_argument(argument.span, name, kind.value, wanted[0].value)
    yield from _literal(function)


def _literal(function: tree.Function) -> Iterator[Diagnostic]:
    """Yield what is wrong with an argument that has to be written out: a header, a currency."""
    last = function.arguments[-1]
    name = function.name.name
    if name not in ("header", "money") or not isinstance(last, tree.Text):
        return
    if not last.is_plain:
        yield problems.filled_in(last.span, "a header" if name == "header" else "a currency")
    elif name == "header" and not last.plain.lower().startswith("x-"):
        yield problems.no_header(last.span, last.plain)
    elif name == "money" and not (len(last.plain) == _MONEY_CODE and last.plain.isascii() and last.plain.isupper()):
        yield problems.no_currency(last.span, last.plain)
