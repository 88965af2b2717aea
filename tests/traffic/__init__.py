"""Days of calls in virtual time."""
