"""Who is let in: whoever is admitted has a line to every phone that may ring for them, and one slot stays free."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflow.pjsip.admission import Admission, phones_of
from tests.engine.world import machine_of

STOCK = 4


@pytest.mark.parametrize(
    ("slots", "phones", "lines"),
    [
        (STOCK, 0, [0, 0, 0, None]),
        (STOCK, 1, [1, 1, None]),
        (STOCK, 2, [2, None]),
        (STOCK, None, [2, None]),
        (12, 4, [3, 3, 3, 3, 3, 3, 3, None]),
        (12, None, [3, 3, 2, None]),
    ],
)
def test_few_phones_leave_room_for_many_callers(slots: int, phones: int | None, lines: list[int | None]) -> None:
    admission = Admission(slots, 3 if phones != 0 else 0, phones)
    assert [admission.offer(key, 0) for key in range(len(lines))] == lines
    assert admission.offer(99, 0) is None
    admission.release(0)
    assert admission.offer(100, 0) is not None
    assert admission.calls == len(lines) - 1


@given(
    st.integers(2, 20),
    st.none() | st.integers(0, 9),
    st.lists(st.tuples(st.booleans(), st.integers(0, 8), st.integers(0, 3))),
)
def test_what_is_promised_always_fits(slots: int, phones: int | None, steps: list[tuple[bool, int, int]]) -> None:
    admission = Admission(slots, 3, phones)
    held: dict[int, int] = {}
    for comes, key, lingering in steps:
        if not comes:
            admission.release(key)
            held.pop(key, None)
        elif key not in held:
            lines = admission.offer(key, lingering)
            if lines is not None:
                held[key] = lines
                assert lines > 0 or phones == 0 or slots == 2
                in_use = sum(held.values()) if phones is None else min(sum(held.values()), phones)
                assert len(held) + in_use + lingering <= slots - 1
    assert admission.calls == len(held)


def test_doors_that_are_closed_let_nobody_in() -> None:
    admission = Admission(STOCK, 3)
    admission.open = False
    assert admission.offer(1, 0) is None


@pytest.mark.parametrize(
    ("flow", "phones"),
    [
        ("answer hangup", 0),
        ("answer queue both hangup", 4),
        ("connect anna", 4),
        ("connect anna connect last agent", 4),
        ('connect "sip:elsewhere@127.0.0.1"', None),
    ],
)
def test_how_many_phones_a_scheme_has(flow: str, phones: int | None) -> None:
    agents = 'agent anna "sip:a@127.0.0.1"\nagent boris "sip:b@127.0.0.1" limit 3\ngroup both anna, boris\n'
    assert phones_of(machine_of(f"{agents}start {{ {flow} }}")) == phones
