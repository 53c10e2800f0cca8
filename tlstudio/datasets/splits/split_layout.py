"""Where the photos of a split lie once they are copied: one folder per part, in it one per class."""

from collections.abc import Mapping
from dataclasses import dataclass

from tlstudio.datasets.dataset import Dataset, Part
from tlstudio.datasets.file_names import DistinctNames, shown_name
from tlstudio.datasets.splits.split import PARTS, Split


@dataclass(frozen=True, slots=True)
class SplitLayout:
    """Places relative to the folder of the split, with forward slashes.

    Attributes:
        folders: All folders to make, those above before those below.
        targets: For each part, the place of each photo by its index into ``Dataset.samples``.
        class_folders: Folder name of each class, in the order of ``Dataset.classes``.
    """

    folders: tuple[str, ...]
    targets: Mapping[Part, Mapping[int, str]]
    class_folders: Mapping[str, str]


def lay_out(dataset: Dataset, split: Split, *, flat_test: bool = False) -> SplitLayout:
    """Give each photo of a split its place: ``PART/CLASS/NAME``.

    A part without photos has no folder. The others have one for each class of the split, so that other programs number
    the classes alike in all parts. Names that a folder can't have are changed as little as needed; photos of one name,
    from different folders of a class, are numbered.

    Args:
        dataset: What was split.
        split: Its parts.
        flat_test: Whether the test photos lie in ``test/CLASS_NAME`` instead, as in collection 001.
    """
    members = {part: getattr(split, part) for part in PARTS if getattr(split, part)}
    present = {dataset.samples[index].class_name for indices in members.values() for index in indices}
    distinct = DistinctNames()
    class_folders = {name: distinct.distinct(shown_name(name)) for name in dataset.classes if name in present}
    folders: list[str] = []
    targets: dict[Part, dict[int, str]] = {}
    for part, indices in members.items():
        flat = flat_test and part == "test"
        above = {name: f"{part}/" if flat else f"{part}/{folder}/" for name, folder in class_folders.items()}
        folders += [part, *([] if flat else [place[:-1] for place in above.values()])]
        names = {place: DistinctNames() for place in above.values()}
        targets[part] = {}
        for index in indices:
            sample = dataset.samples[index]
            name = sample.path.rpartition("/")[2]
            wanted = f"{class_folders[sample.class_name]}_{name}" if flat else name
            place = above[sample.class_name]
            targets[part][index] = place + names[place].distinct(shown_name(wanted))
    return SplitLayout(tuple(folders), targets, class_folders)
