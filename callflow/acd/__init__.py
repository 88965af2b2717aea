"""Automatic call distribution in memory: who is free, who waits, who talked with whom. No clock, no chance, no I/O."""
