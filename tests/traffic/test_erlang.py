"""Closed forms against published figures and against sums that say the same another way."""

import math

import pytest

from callflow.traffic.erlang import abandonment, blocking, mean_wait, priority_waits, waiting


def test_blocking_is_that_of_the_tables() -> None:
    assert blocking(10, 5.08) == pytest.approx(0.0195, abs=5e-4)
    assert blocking(10, 8.0) == pytest.approx(0.12166, abs=1e-5)
    assert blocking(1, 1.0) == 0.5


def test_blocking_is_the_last_share_of_a_poisson_cut_off() -> None:
    weights = [7.0**number / math.factorial(number) for number in range(9)]
    assert blocking(8, 7.0) == pytest.approx(weights[-1] / sum(weights))


def test_twenty_agents_at_seventeen_erlang() -> None:
    assert waiting(20, 17.0) == pytest.approx(0.3851, abs=1e-4)
    assert mean_wait(20, 17.0, 240.0) == pytest.approx(30.80, abs=0.01)


def test_one_agent_is_the_queue_of_the_textbook() -> None:
    assert waiting(1, 0.6) == pytest.approx(0.6)
    assert mean_wait(1, 0.6, 10.0) == pytest.approx(0.6 * 10 / 0.4)


def test_a_load_that_is_too_much_waits_for_ever() -> None:
    assert waiting(3, 3.0) == 1.0
    assert mean_wait(3, 3.0, 10.0) == math.inf


def test_twenty_agents_at_twenty_two_erlang_whose_callers_leave() -> None:
    found = abandonment(20, 22.0, 240.0, 120.0)
    assert found.waits == pytest.approx(0.5935, abs=1e-4)
    assert found.abandons == pytest.approx(0.1516, abs=1e-4)
    assert found.mean_wait == pytest.approx(18.19, abs=0.01)


def test_endless_patience_is_erlang_c() -> None:
    found = abandonment(4, 2.8, 180.0, 1e9)
    assert found.waits == pytest.approx(waiting(4, 2.8), rel=1e-5)
    assert found.mean_wait == pytest.approx(mean_wait(4, 2.8, 180.0), rel=1e-4)


def test_no_patience_is_erlang_b() -> None:
    assert abandonment(4, 2.8, 180.0, 1e-6).abandons == pytest.approx(blocking(4, 2.8), rel=1e-4)


def test_priorities_share_the_wait_of_all() -> None:
    urgent, others = priority_waits(4, [1.0, 1.8], 180.0)
    assert urgent < mean_wait(4, 2.8, 180.0) < others
    assert (urgent * 1.0 + others * 1.8) / 2.8 == pytest.approx(mean_wait(4, 2.8, 180.0))


def test_large_loads_are_worked_out_too() -> None:
    found = abandonment(1_000, 1_500.0, 180.0, 120.0)
    assert found.abandons == pytest.approx(1 / 3, abs=1e-3)
