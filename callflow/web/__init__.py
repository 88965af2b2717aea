"""Web services that calls ask, and the one that is told of events. The only part that speaks HTTP."""
