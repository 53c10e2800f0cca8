"""What a change of the shares is called, for the person who may want to undo it."""

from typing import Final

from tlstudio.datasets.splits.grouping import GroupBy
from tlstudio.datasets.splits.split import Method, SplitConfig

_METHODS: Final[dict[Method, str]] = {
    "stratified": "Share out the photos of each class alike",
    "plain": "Share out all photos at once",
    "nested": "Take first the check, then the exam from what is left",
}
_GROUPS: Final[dict[GroupBy, str]] = {
    "none": "Keep no other photos together",
    "folder": "Keep the photos of one subfolder together",
    "day": "Keep the photos of one day together",
    "column": "Keep photos with the same “{}” together",
}


def share_sentence(before: SplitConfig, after: SplitConfig) -> str:
    """The sentence of the action that shares out by ``after`` what was shared out by ``before``."""
    if after.method != before.method:
        return _METHODS[after.method]
    if after.shares != before.shares:
        return "Share out the photos " + "/".join(f"{100 * share:.0f}" for share in after.shares)
    if (after.group_by, after.group_column) != (before.group_by, before.group_column):
        return _GROUPS[after.group_by].format(after.group_column)
    if after.keep_together != before.keep_together:
        return "Keep copies of a photo together" if after.keep_together else "Let copies of a photo part"
    if after.use_given != before.use_given:
        return "Keep to the folders of the split" if after.use_given else "Share out across the folders of the split"
    return "Deal the photos out anew"
