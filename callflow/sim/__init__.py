"""The world in virtual time: callers, agents, scripted calls."""
