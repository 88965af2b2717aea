"""Checked scheme to machine, and the pipeline from text to machine."""
