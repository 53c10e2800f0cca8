"""Reusable widgets; none knows the session."""
