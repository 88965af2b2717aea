"""One set of tests for every driver: what the simulator promises, the SIP endpoint must do."""
