"""Callflow: a language for call distribution, and the engine that runs it."""

__version__ = "0.1.0"
