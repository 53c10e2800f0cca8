from dataclasses import replace

import pytest

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.facts import PhotoFacts
from tlstudio.datasets.splits.grouping import GroupBy, group_photos
from tlstudio.datasets.splits.split import SplitConfig, require_column, split
from tlstudio.errors import TLStudioError


def dataset_of(*photos: str, classes: tuple[str, ...] = ()) -> Dataset:
    """Photos at these paths; labels are the folders at the top unless given; no two are equal."""
    labels = classes or tuple(path.split("/")[0] for path in photos)
    samples = tuple(Sample(path, label, 1, 1, path) for path, label in zip(photos, labels, strict=True))
    return Dataset("/photos", tuple(sorted(set(labels))), samples)


def grouped(dataset: Dataset, group_by: GroupBy) -> list[list[str]]:
    groups = group_photos(dataset, group_by, keep_together=True)
    return [[dataset.samples[index].path for index in group] for group in groups if len(group) > 1]


def taken(dataset: Dataset, *moments: str) -> Dataset:
    facts = {
        sample.digest: PhotoFacts(0.5, 0.2, 1.0, 0, taken=moment)
        for sample, moment in zip(dataset.samples, moments, strict=False)
    }
    return replace(dataset, facts=facts)


def test_photos_are_alone_unless_there_is_a_reason() -> None:
    assert group_photos(dataset_of("a/1", "a/2", "b/1"), "none", keep_together=True) == [[0], [1], [2]]
    assert group_photos(dataset_of(), "folder", keep_together=True) == []


def test_groups_that_touch_are_one() -> None:
    dataset = dataset_of(*(f"a/{number}" for number in range(8)))
    assert group_photos(dataset, "none", True, [(5, 6), (2, 0), (6, 2), ()]) == [[0, 2, 5, 6], [1], [3], [4], [7]]
    copies = replace(dataset, samples=(*dataset.samples[:7], replace(dataset.samples[7], digest="a/0")))
    assert group_photos(copies, "none", True, [(7, 1)]) == [[0, 1, 7], [2], [3], [4], [5], [6]]
    assert len(group_photos(copies, "none", False, [(7, 1)])) == 8


def test_a_subfolder_is_a_group_and_the_class_folder_is_none() -> None:
    dataset = dataset_of("cats/1", "cats/2", "cats/mia/1", "cats/mia/2", "dogs/1", "dogs/rex/1", "dogs/rex/2", "dogs/3")
    assert grouped(dataset, "folder") == [["cats/mia/1", "cats/mia/2"], ["dogs/rex/1", "dogs/rex/2"]]


def test_subfolders_of_one_name_in_two_classes_are_two_groups() -> None:
    assert grouped(dataset_of("cats/1/x", "cats/1/y", "dogs/1/x", "dogs/1/y"), "folder") == [
        ["cats/1/x", "cats/1/y"],
        ["dogs/1/x", "dogs/1/y"],
    ]


@pytest.mark.parametrize(
    "names",
    [
        ("Katzen", "Katzen", "Katzen", "Hunde", "Hunde", "Hunde"),  # renamed in the project
        ("Katzen", "Katzen", "Katzen", "Hunde", "Hunde", "Vogel"),  # one photo moved to a class of its own
    ],
)
def test_class_folders_are_known_by_what_they_hold(names: tuple[str, ...]) -> None:
    photos = [f"{folder}/{number}" for folder in ("a", "b") for number in range(30)]
    classes = [names[number // 10] for number in range(60)]
    if "Vogel" in names:
        classes = [*["Katzen"] * 30, *["Hunde"] * 29, "Vogel"]
    assert grouped(dataset_of(*photos, classes=tuple(classes)), "folder") == []


def test_class_folders_in_folders_of_a_split() -> None:
    photos = [f"{part}/{name}/{n}" for part in ("train", "val") for name in ("cats", "dogs") for n in range(3)]
    photos += ["train/cats/mia/1", "train/cats/mia/2", "test/cats_1", "test/dogs_1"]
    classes = tuple("cats" if "cats" in path else "dogs" for path in photos)
    assert grouped(dataset_of(*photos, classes=classes), "folder") == [["train/cats/mia/1", "train/cats/mia/2"]]


def test_a_split_folder_with_nearly_one_class_is_no_class_folder() -> None:
    photos = [f"{part}/cats/{n}" for part in ("train", "val") for n in range(30)] + ["train/dogs/1", "val/dogs/1"]
    classes = tuple("cats" if "cats" in path else "dogs" for path in photos)
    assert grouped(dataset_of(*photos, classes=classes), "folder") == []


def test_folders_that_give_no_class_are_groups() -> None:
    # A table says which patient is ill; each has a folder.
    photos = [f"patient{number}/{shot}.png" for number in range(8) for shot in range(3)]
    classes = tuple("ill" if number % 2 else "well" for number in range(8) for _ in range(3))
    dataset = dataset_of(*photos, "loose.png", "other.png", classes=(*classes, "ill", "well"))
    assert len(grouped(dataset, "folder")) == 8
    parts = split(dataset, SplitConfig(group_by="folder", seed=4))
    people = [
        {dataset.samples[i].path.split("/")[0] for i in part} for part in (parts.train, parts.validation, parts.test)
    ]
    assert sum(len(part) for part in people) == 10
    assert all(people)


def test_folders_that_mix_classes_are_groups() -> None:
    photos = [f"{place}/{number}" for place in ("field", "wood") for number in range(10)]
    classes = ("cats",) * 6 + ("dogs",) * 4 + ("cats",) * 4 + ("dogs",) * 6
    assert [len(group) for group in grouped(dataset_of(*photos, classes=classes), "folder")] == [10, 10]


def test_a_day_is_a_group_across_classes() -> None:
    dataset = taken(
        dataset_of("cats/1", "cats/2", "dogs/1", "dogs/2", "dogs/3"),
        "2024-05-06T12:00:00", "2024-05-07T12:00:00", "2024-05-06T23:59:59", "",
    )  # fmt: skip
    assert grouped(dataset, "day") == [["cats/1", "dogs/1"]]


def test_days_and_copies_are_kept_together_at_once() -> None:
    dataset = taken(dataset_of("a/1", "a/2", "b/1", "b/2"), "2024-05-06T12:00:00", "2024-05-06T13:00:00")
    assert group_photos(dataset, "day", True, [(1, 3)]) == [[0, 1, 3], [2]]
    assert group_photos(dataset, "day", False, [(1, 3)]) == [[0, 1], [2], [3]]


def test_a_value_of_a_column_is_a_group_across_classes_and_folders() -> None:
    dataset = dataset_of("cats/1", "cats/2", "dogs/1", "dogs/2", "dogs/3")
    patients = {"cats/1": "Mia", "dogs/1": "Mia", "cats/2": "Tom", "dogs/3": "Tom"}
    dataset = replace(dataset, columns={"patient": patients, "camera": {"dogs/1": "A", "dogs/2": "A"}})
    assert group_photos(dataset, "column", True, column="patient") == [[0, 2], [1, 4], [3]]
    assert group_photos(dataset, "column", True, column="camera") == [[0], [1], [2, 3], [4]]
    assert len(group_photos(dataset, "column", True, column="gone")) == 5
    for seed in range(5):
        parts = split(dataset, SplitConfig(0.4, 0.2, 0.4, seed=seed).grouped_by("column:patient"))
        assert any({0, 2} <= set(part) for part in (parts.train, parts.validation, parts.test))


@pytest.mark.parametrize(
    ("text", "group_by", "column"),
    [("none", "none", ""), ("folder", "folder", ""), ("day", "day", ""), ("column:a:b", "column", "a:b")],
)
def test_groups_are_named_in_a_word(text: str, group_by: str, column: str) -> None:
    config = SplitConfig().grouped_by(text)
    assert (config.group_by, config.group_column) == (group_by, column)


@pytest.mark.parametrize("text", ["", "column", "column:", "month", "day:2", "folder:x"])
def test_what_names_no_groups_is_said(text: str) -> None:
    with pytest.raises(TLStudioError, match="stay together"):
        SplitConfig().grouped_by(text)


def test_a_column_that_is_not_there_is_said() -> None:
    dataset = replace(dataset_of("a/1", "b/1"), columns={"patient": {"a/1": "Mia"}})
    require_column(dataset, SplitConfig())
    require_column(dataset, SplitConfig().grouped_by("column:patient"))
    with pytest.raises(TLStudioError, match="“camera”") as caught:
        require_column(dataset, SplitConfig().grouped_by("column:camera"))
    assert "patient" in caught.value.hint
    with pytest.raises(ValueError, match="no name"):
        SplitConfig(group_by="column")
