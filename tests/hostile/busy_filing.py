"""Files photos, goes on with it or undoes it, and says when it begins. Run by test_filing_kills.py, which kills it."""

import sys
from pathlib import Path

from kills import say

from tlstudio.events import CancelToken, ignore_events
from tlstudio.filing.action import SORTING_KINDS, FilingAction
from tlstudio.filing.execute import continue_filing, execute
from tlstudio.filing.journals import journals as listed
from tlstudio.filing.plan import FilingEntry, FilingOptions, FilingPlan
from tlstudio.filing.planning import plan_filing
from tlstudio.filing.tagging import copy_recipe, sidecar_recipe
from tlstudio.filing.undo import undo

TAGS = "tags"
CLASSES = ("daisy", "rose", "tulip?")


def entries(photos: Path) -> list[FilingEntry]:
    """Every photo, with a class that follows from its name."""
    found = sorted(photos.rglob("*.jpg"))
    return [FilingEntry(path, CLASSES[int(path.stem[-2:]) % len(CLASSES)], photos) for path in found]


def tags(photos: Path, target: Path) -> FilingPlan:
    """A sidecar beside each photo, of which some are there already, and a tagged copy."""
    actions = []
    for entry in entries(photos):
        facts, source = entry.path.stat(), str(entry.path)
        for place, recipe in (
            (f"{source}.xmp", sidecar_recipe(entry.class_name)),
            (str(target / entry.class_name.strip("?") / entry.path.name), copy_recipe(entry.class_name)),
        ):
            actions.append(
                FilingAction("write", source, place, facts.st_size, facts.st_mtime_ns, entry.class_name, recipe=recipe)
            )
    return FilingPlan(str(target), "write", tuple(actions))


def plan(photos: Path, target: Path, kind: str, journals: Path) -> FilingPlan:
    """What a child is to do."""
    if kind == TAGS:
        return tags(photos, target)
    chosen = next(known for known in SORTING_KINDS if known == kind)
    return plan_filing(
        entries(photos), FilingOptions(target, chosen), journals, emit=ignore_events, token=CancelToken()
    )


def main(deed: str, folder: Path, kind: str) -> None:
    photos, target, journals = folder / "photos", folder / "sorted", folder / "journals"
    token = CancelToken()
    if deed == "file":
        planned = plan(photos, target, kind, journals)
        say("begun")
        execute(planned, journals, emit=ignore_events, token=token)
        return
    [filing] = listed(journals)
    say("begun")
    act = continue_filing if deed == "continue" else undo
    act(filing.journal, emit=ignore_events, token=token)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
