"""Every way a caller can take through a scheme, found by simulated calls that choose."""
