"""Days of calls against what queueing theory says of them, within the confidence interval of 99 %."""

import pytest

from tests.traffic.cases import CASES, Case

DAYS = range(12)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_theory_lies_in_the_confidence_interval(case: Case) -> None:
    found = case.estimate(DAYS)
    assert found.within is not None
    assert abs(found.mean - case.wanted) <= found.within, (found, case.wanted)
    assert found.within < 0.5 * case.wanted


def test_another_value_does_not() -> None:
    found = CASES[-1].estimate(DAYS)
    assert found.within is not None
    assert abs(found.mean - 1.2 * CASES[-1].wanted) > found.within
