"""Which states, exits and keys of a scheme calls went through."""
