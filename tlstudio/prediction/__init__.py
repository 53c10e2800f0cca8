"""Putting a run to work on photos."""
