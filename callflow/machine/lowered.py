"""A machine together with where it was written: what proofs and editors ask after, and no call needs."""

import attrs

from callflow.machine import model
from callflow.source import Span


@attrs.frozen
class Lowered:
    """A machine, and for its proofs: where each state was written and where names are read."""

    machine: model.Machine
    spans: tuple[Span, ...]
    implied: frozenset[int]
    """States that nobody wrote: the ends of flows."""
    reads: tuple[tuple[int, str, Span], ...]
    """States that read a name which `set` gives, with the place where they do."""
    circles: tuple[Span, ...]
    """Flows that only lead to each other."""
