"""How sure a mean is."""

import pytest

from callflow.traffic.figures import estimate, estimates, student


@pytest.mark.parametrize(
    ("freedom", "confidence", "value"),
    [(1, 0.95, 12.7062), (2, 0.95, 4.3027), (4, 0.95, 2.7764), (9, 0.95, 2.2622), (9, 0.99, 3.2498), (30, 0.95, 2.0423),
     (5_000, 0.95, 1.9600)],
)  # fmt: skip
def test_student_is_that_of_the_tables(freedom: int, confidence: float, value: float) -> None:
    assert student(freedom, confidence) == pytest.approx(value, abs=1e-4)


def test_a_mean_is_as_sure_as_its_values_are_alike() -> None:
    found = estimate([9.0, 10.0, 11.0], 0.95)
    assert found.mean == 10.0
    assert found.within == pytest.approx(4.3027 / 3**0.5, abs=1e-3)
    assert estimate([9.0], 0.95).within is None


def test_a_figure_that_a_day_has_not_is_left_out_of_its_mean() -> None:
    found = estimates([{"calls": 1.0, "mean wait": 4.0}, {"calls": 3.0}])
    assert (found["calls"].mean, found["mean wait"].mean) == (2.0, 4.0)
