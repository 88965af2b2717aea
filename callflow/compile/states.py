"""States as they are made, before anybody numbered them: where each was written, and what it has to know first."""

from collections.abc import Callable

from callflow.check.checker import Checked
from callflow.check.names import names_sound
from callflow.compile.values import Values
from callflow.machine import model
from callflow.machine.model import Where
from callflow.source import Source, Span
from callflow.syntax import tree

Behind = Callable[[], int]
"""Makes the state behind a statement when it is needed."""


def once_only(make: Callable[[], int]) -> Callable[[], int]:
    """Return a function that makes a state the first time and gives the same one ever after."""
    made: list[int] = []

    def give() -> int:
        if not made:
            made.append(make())
        return made[0]

    return give


class States:
    """States in the order they were made, with their places."""

    def __init__(self, checked: Checked, source: Source, remembered: dict[str, int | None]) -> None:
        self.names = checked.names
        self.kinds = checked.kinds
        self.source = source
        self.states: list[model.State] = []
        self.spans: list[Span] = []
        self.implied: set[int] = set()
        self.reads: list[tuple[int, str, Span]] = []
        self.flow = "start"
        self.region = self.names.region.name if self.names.region else ""
        self.remembered = remembered
        self.values = Values(self.kinds, self.names, remembered)

    def add(self, state: model.State, span: Span) -> int:
        self.states.append(state)
        self.spans.append(span)
        return len(self.states) - 1

    def where(self, span: Span) -> Where:
        place = self.source.place_of(span.start)
        return Where(self.flow, place.line, "" if place.path == self.source.path else place.path)

    def end(self, span: Span) -> int:
        number = self.add(model.HangingUp(self.where(span)), span)
        self.implied.add(number)
        return number

    def end_of(self, body: Span) -> Behind:
        return once_only(lambda: self.end(Span(body.end - 1, body.end)))

    def reading(self, state: model.State, span: Span) -> int:
        """Add a state whose values were just lowered, and note which names it reads. Returns where it is entered."""
        return self.noting(self.add(state, span))

    def noting(self, number: int) -> int:
        """Note which names a state reads; return where it is entered: where the schedules it reads are asked after."""
        self.reads.extend((number, name, place) for name, place in self.values.take_reads())
        entered = number
        for schedule in self.values.take_schedules():
            if schedule in self.names.schedules:
                asking = model.Consulting(self.states[number].where, schedule, entered)
                entered = self.add(asking, self.spans[number])
        for group in self.values.take_counts():
            entered = self.add(model.Counting(self.states[number].where, group, entered), self.spans[number])
        return entered

    def passage(self, passage: tree.PlayItems) -> model.Passage:
        items = tuple(self.item(item) for item in passage.items)
        return model.Passage(items, passage.uninterrupted)

    def item(self, item: tree.Text | tree.Ident) -> model.Item:
        if isinstance(item, tree.Ident):
            if item.name in self.names.prompts:
                return model.PromptNamed(item.name)
            return model.Recorded(item.name) if item.name in self.kinds else model.Words(model.Const(""))
        if item.is_plain and names_sound(item):
            return model.Sound(item.plain)
        return model.Words(self.values.text(item))

    def imply(self, state: model.State, span: Span) -> int:
        number = self.add(state, span)
        self.implied.add(number)
        return number
