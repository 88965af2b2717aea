"""The language server: what editors ask about schemes. Only `server` and `messages` know the protocol."""
