"""Varied copies of photos."""
