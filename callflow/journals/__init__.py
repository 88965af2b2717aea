"""Journals of calls as files."""
