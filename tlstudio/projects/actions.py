"""What a person can do to labels, classes and photos, each as one action that can be undone."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.edits import Edits, all_classes
from tlstudio.datasets.size_rule import SizeRule
from tlstudio.errors import TLStudioError
from tlstudio.projects.project import LABEL, LABEL_KEPT, LEFT_OUT, ORDER, RENAMED, SIZE_RULE, SWITCHED_OFF, Changes
from tlstudio.serialization import to_json


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do.

    Attributes:
        sentence: What it does, for the person who may want to undo it.
        changes: New values, as ``Project.change`` takes them.
    """

    sentence: str
    changes: Changes


class Actions:
    """Makes actions for a data set as it was found and the changes made so far."""

    def __init__(self, found: Dataset, edits: Edits) -> None:
        self._found, self._edits = found, edits
        self._classes = dict.fromkeys((*found.classes, *edits.labels.values()))

    def move(self, paths: Sequence[str], name: str) -> Action:
        """Give photos another class, which may be a new one."""
        name = _checked(name)
        target = next(iter(self._edits.found_as(name, self._classes)), name)
        labels = {sample.path: sample.class_name for sample in (*self._found.samples, *self._found.unlabelled)}
        changes = {(LABEL, path): None if labels.get(path) == target else target for path in paths}
        return Action(f"Move {_photos(len(paths))} to “{name}”", changes)

    def keep_label(self, path: str, name: str) -> Action:
        """Say that a label that was doubted is right: it isn't asked for again while it stays the same."""
        return Action("Keep the label of 1 photo", {(LABEL_KEPT, path): name})

    def leave_out(self, paths: Sequence[str]) -> Action:
        """Use photos no longer."""
        return Action(f"Leave out {_photos(len(paths))}", {(LEFT_OUT, path): "1" for path in paths})

    def bring_back(self, paths: Sequence[str]) -> Action:
        """Use photos again."""
        return Action(f"Bring back {_photos(len(paths))}", {(LEFT_OUT, path): None for path in paths})

    def limit_sizes(self, rule: SizeRule | None) -> Action:
        """Use only photos whose size a rule allows, also those that come later; None takes the rule back."""
        if rule is None or not rule.words():
            return Action("Use photos of every size", {(SIZE_RULE, "current"): None})
        return Action(f"Use only photos {rule.words()}", {(SIZE_RULE, "current"): to_json(rule).decode()})

    def rename(self, name: str, new: str) -> Action:
        """Call a class something else; if there is a class of that name, they become one."""
        new = _checked(new)
        if new in all_classes(self._found, self._edits):
            return self.merge([name], new)
        changes = self._renaming([name], new)
        if name in self._edits.order:
            changes |= {(ORDER, name): None, (ORDER, new): str(self._edits.order.index(name))}
        if name in self._edits.switched_off:
            changes |= {(SWITCHED_OFF, name): None, (SWITCHED_OFF, new): "1"}
        return Action(f"Rename “{name}” to “{new}”", changes)

    def merge(self, names: Sequence[str], into: str) -> Action:
        """Make one class of several."""
        others = [name for name in names if name != into]
        changes = self._renaming(others, into)
        changes |= {(kind, name): None for name in others for kind in (ORDER, SWITCHED_OFF)}
        return Action(f"Merge {_listed(others)} into “{into}”", changes)

    def switch(self, names: Sequence[str], *, on: bool) -> Action:
        """Use classes, or leave them out."""
        word = "on" if on else "off"
        what = f"“{names[0]}”" if len(names) == 1 else f"{len(names)} classes"
        return Action(f"Switch {what} {word}", {(SWITCHED_OFF, name): None if on else "1" for name in names})

    def use_only(self, names: Sequence[str]) -> Action:
        """Use these classes and no others."""
        wanted = set(names)
        everything = all_classes(self._found, self._edits)
        changes = {(SWITCHED_OFF, name): None if name in wanted else "1" for name in everything}
        return Action(f"Use only {len(wanted)} of {len(everything)} classes", changes)

    def pick(self, count: int, seed: int) -> Action:
        """Use so many classes at random; the same seed picks the same ones of the same classes."""
        names = sorted(all_classes(self._found, self._edits))
        picked = random.Random(seed).sample(names, min(count, len(names)))  # noqa: S311 - no secret
        return Action(f"Pick {len(picked)} classes at random", self.use_only(picked).changes)

    def order(self, names: Sequence[str]) -> Action:
        """Put the classes into another order, which is that of their indices."""
        changes: dict[tuple[str, str], str | None] = {(ORDER, name): None for name in self._edits.order}
        return Action("Reorder the classes", changes | {(ORDER, name): str(at) for at, name in enumerate(names)})

    def _renaming(self, names: Sequence[str], new: str) -> dict[tuple[str, str], str | None]:
        found = [each for name in names for each in self._edits.found_as(name, self._classes)]
        return {(RENAMED, each): None if each == new else new for each in found}


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise TLStudioError("A class needs a name.", "Type one.")
    return name


def _photos(count: int) -> str:
    return "1 photo" if count == 1 else f"{count:,} photos"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(f"“{name}”" for name in names) if len(names) < 3 else f"{len(names)} classes"
