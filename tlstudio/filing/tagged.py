"""Copies with a keyword inside that earlier filings have made, and that are there still."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tlstudio.filing.files import facts_of
from tlstudio.filing.journal import Journal
from tlstudio.filing.tagging import RETAGGED_COPY, TAGGED_COPY

_INSIDE: Final = frozenset((TAGGED_COPY, RETAGGED_COPY))


@dataclass(frozen=True, slots=True)
class TaggedCopy:
    """One copy.

    Attributes:
        place: Where it is.
        class_name: Its keyword.
        size: In bytes.
        modified: Time of its last change, in nanoseconds.
    """

    place: str
    class_name: str
    size: int
    modified: int


def tagged_before(journals: Iterable[Journal]) -> Mapping[str, TaggedCopy]:
    """The copies of photos, by the paths of these.

    Args:
        journals: Those of filings into one folder, oldest first.
    """
    found: dict[str, TaggedCopy] = {}
    for journal in journals:
        for action, record in zip(journal.actions, journal.records, strict=True):
            if record.state not in ("done", "kept") or record.begun is None or record.left is None:
                continue
            if action.recipe is not None and action.recipe.maker in _INSIDE:
                left = record.left
                found[action.photo] = TaggedCopy(record.begun.target, action.class_name, left.size, left.modified)
            elif action.kind == "move" and action.photo in found:
                found[action.photo] = replace(found[action.photo], place=record.begun.target)
    return {photo: copy for photo, copy in found.items() if _is_there(copy)}


def _is_there(copy: TaggedCopy) -> bool:
    """Whether it is what was written: a person may have changed it or taken it away."""
    try:
        now = facts_of(Path(copy.place))
    except OSError:
        return False
    return (now.size, now.modified) == (copy.size, copy.modified)
