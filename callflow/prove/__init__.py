"""What can be proven of a machine before it takes a call."""
