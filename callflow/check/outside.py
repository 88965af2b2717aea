"""What leaves the call: web services, events, what is remembered; and secrets, which must not."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from callflow import limits
from callflow.check import problems
from callflow.check.ranges import in_range, options
from callflow.check.types import check_expression, inside
from callflow.diagnostic import Diagnostic
from callflow.syntax import tree

if TYPE_CHECKING:
    from callflow.check.checker import Walk

_URL: Final = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?([/?]|\Z)")
"""The host is written out, so that no caller can say where a request goes."""


def fetch(walk: "Walk", wanted: tree.Fetch) -> Iterator[Diagnostic]:
    """Yield what is wrong with asking a web service."""
    yield from walk.settable(wanted.name)
    yield from check_expression(wanted.url, walk.names, walk.kinds)
    first = wanted.url.parts[0] if wanted.url.parts else ""
    host = first if isinstance(first, str) else ""
    written_out = wanted.url.is_plain or "/" in host.partition("://")[2] or "?" in host
    if not _URL.match(host) or not written_out:
        yield problems.no_url(wanted.url.span, host or "{…}")
    yield from options(wanted.options)
    for option in wanted.options:
        if isinstance(option, tree.Setting):
            yield from in_range("timeout", option.duration, 100, limits.FETCH_MS_MAX)
        else:
            yield from record(walk, option.fields)


def record(walk: "Walk", written: tree.Record) -> Iterator[Diagnostic]:
    """Yield what is wrong with the fields of a record."""
    seen: dict[str, tree.Field] = {}
    for field in written.fields:
        if field.name.name in seen:
            yield problems.clause_twice(field.span, seen[field.name.name].span, field.name.name, "remove one of them")
        seen.setdefault(field.name.name, field)
        yield from check_expression(field.value, walk.names, walk.kinds)


# --- secrets --------------------------------------------------------------------------------------------------------


def secret_names(parsed: tree.Tree) -> frozenset[str]:
    """Return the names that hold secret digits: those collected so, and those set from them."""
    blocks = [one.body for one in parsed.declarations if isinstance(one, tree.FlowDecl | tree.HandlerDecl)]
    statements = [statement for block in blocks for statement in inside(block)]
    secret: set[str] = set()
    for one in statements:
        if isinstance(one, tree.Collect) and any(isinstance(option, tree.Flag) for option in one.options):
            secret.add(one.name.name)
    grown = bool(secret)
    while grown:
        grown = False
        for one in statements:
            if isinstance(one, tree.SetName) and one.name.name not in secret and set(_names(one.value)) & secret:
                secret.add(one.name.name)
                grown = True
    return frozenset(secret)


def told_secrets(statement: tree.Statement, secret: frozenset[str]) -> Iterator[Diagnostic]:
    """Yield where a statement would tell a secret."""
    for place, node in _told_by(statement):
        for name, span in _references(node):
            if name in secret:
                yield problems.secret_told(span, name, place)


def _told_by(statement: tree.Statement) -> Iterator[tuple[str, Any]]:
    match statement:
        case tree.Play(passage=passage):
            yield "what is heard and written down", passage
        case tree.Tag(tag=tag):
            yield "the tags of the call", tag
        case tree.Notify(fields=tree.Record() as fields):
            yield "a notification", fields
        case tree.Remember(value=value):
            yield "what is remembered", value
        case tree.Conference(room=room):
            yield "the name of a room", room
        case tree.Transfer(uri=uri):
            yield "an address", uri
        case tree.Callback(number=number) if number is not None:
            yield "a request to be called back", number
        case tree.Connect():
            yield "what is heard and written down", statement.options
            if isinstance(statement.target, tree.Text):
                yield "an address", statement.target
        case tree.Queue(options=options):
            yield "what is heard and written down", options
        case tree.Menu(clauses=clauses) | tree.Collect(clauses=clauses):
            yield (
                "what is heard and written down",
                [one.passage for one in clauses if isinstance(one, tree.Play | tree.Retry)],
            )
        case tree.Fetch(url=url, options=options):
            yield "the address of a web service", url
            if not (url.parts and isinstance(url.parts[0], str) and url.parts[0].startswith("https:")):
                yield "a web service without https", options
        case _:
            pass


def _names(node: Any) -> Iterator[str]:
    return (name for name, _ in _references(node))


def _references(node: Any) -> Iterator[tuple[str, Any]]:
    """Yield every name that is read in a node, with its place."""
    match node:
        case tree.NameRef(name, span):
            yield name, span
        case tree.PlayItems(items=items):
            for item in items:
                if isinstance(item, tree.Ident):
                    yield item.name, item.span
                else:
                    yield from _references(item)
        case tuple() | list():
            for one in node:
                yield from _references(one)
        case _ if hasattr(node, "__match_args__"):
            for one in tree.below(node):
                yield from _references(one)
        case _:
            pass
