"""Counts and lists as they stand in sentences."""

from collections.abc import Sequence

from tlstudio.wording import in_quotes

_NAMES_SHOWN = 5


def quoted(names: Sequence[str]) -> str:
    """At most five names in quotes and how many more there are."""
    return listed([in_quotes(name) for name in names])


def listed(parts: Sequence[str]) -> str:
    """At most five parts and how many more there are."""
    more = len(parts) - _NAMES_SHOWN
    return ", ".join(parts[:_NAMES_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
