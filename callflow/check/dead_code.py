"""Which statements a call never gets to, because the one before always leads away."""

from collections.abc import Iterator
from typing import assert_never

from callflow.syntax import tree

_FAILURES = ("busy", "no answer", "rejected", "unreachable", "on another call", "away")


def falls_through(block: tree.Block | None) -> bool:
    """Return whether a call can come out behind a block."""
    return all(_goes_on(statement) for statement in block.statements) if block else True


def unreachable(block: tree.Block | None) -> Iterator[tree.Statement]:
    """Yield the first statement of every run that a call never gets to, in inner blocks too."""
    gone = False
    for statement in block.statements if block else ():
        if gone:
            yield statement
            return
        if isinstance(statement, tree.Connect):
            yield from _never_failed(statement.clauses)
        for inner in bodies(statement):
            yield from unreachable(inner)
        gone = not _goes_on(statement)


def _never_failed(clauses: tuple[tree.ConnectClause, ...]) -> Iterator[tree.Statement]:
    """Yield the first statement of a `failed` beside which every outcome that fails has a clause of its own."""
    named = {clause.name: clause.body for clause in clauses if isinstance(clause, tree.Clause)}
    if named.keys() >= {"failed", *_FAILURES}:
        yield from named["failed"].statements[:1]


def bodies(statement: tree.Statement) -> Iterator[tree.Block]:
    """Yield the blocks directly inside a statement."""
    match statement:
        case tree.When(then=then, other=other):
            yield then
            if other is not None:
                yield other
        case tree.Match(cases=ways, otherwise=last) | tree.Split(shares=ways, otherwise=last):
            yield from (way.body for way in ways)
            if last is not None:
                yield last.body
        case tree.Repeat(body=body):
            yield body
        case tree.Fetch(failed=tree.Clause(body=body)):
            yield body
        case (
            tree.Menu(clauses=clauses)
            | tree.Collect(clauses=clauses)
            | tree.Connect(clauses=clauses)
            | tree.Queue(clauses=clauses)
        ):
            for clause in clauses:
                if isinstance(clause, tree.Press | tree.Clause | tree.DialExtension) and clause.body is not None:
                    yield clause.body
        case _:
            pass


def _goes_on(statement: tree.Statement) -> bool:
    match statement:
        case tree.Goto() | tree.Hangup() | tree.Reject() | tree.Again() | tree.Return() | tree.Callback():
            return False
        case tree.Match(otherwise=None):
            return True
        case tree.Match() | tree.Split():
            return any(falls_through(body) for body in bodies(statement))
        case tree.When(then=then, other=other):
            return falls_through(then) or falls_through(other)
        case tree.Menu(clauses=clauses):
            return _menu_goes_on(clauses)
        case tree.Connect(clauses=clauses):
            return _connect_goes_on(clauses)
        case (
            tree.Answer() | tree.Play() | tree.Wait() | tree.SetName() | tree.Language() | tree.RecordCall()
            | tree.RecordMessage() | tree.ChangeRecording() | tree.Voicemail() | tree.Repeat() | tree.Run()
            | tree.Collect() | tree.Queue() | tree.Conference() | tree.Transfer() | tree.Remember() | tree.Forget()
            | tree.Force() | tree.Release() | tree.Fetch() | tree.Notify() | tree.Tag()
        ):  # fmt: skip
            return True
        case _:
            assert_never(statement)


def _menu_goes_on(clauses: tuple[tree.MenuClause, ...]) -> bool:
    ends = {clause.name: clause.body for clause in clauses if isinstance(clause, tree.Clause)}
    if any(falls_through(ends.get(name, ends.get("otherwise"))) for name in ("otherwise silence", "otherwise invalid")):
        return True
    return any(falls_through(c.body) for c in clauses if isinstance(c, tree.Press | tree.DialExtension))


def _connect_goes_on(clauses: tuple[tree.ConnectClause, ...]) -> bool:
    named = {clause.name: clause.body for clause in clauses if isinstance(clause, tree.Clause)}
    if any(falls_through(named.get(outcome, named.get("failed"))) for outcome in _FAILURES):
        return True
    if "answered" in named and falls_through(named["answered"]):
        return True
    return any(falls_through(clause.body) for clause in clauses if isinstance(clause, tree.Press))
