"""For the tests of those who write schemes: a scheme to call, strategies for Hypothesis, a law for callers."""

from callflow.testing.scheme import Called, Scheme, assert_nobody_gets_stuck

__all__ = ["Called", "Scheme", "assert_nobody_gets_stuck"]
