import pytest

from tlstudio.datasets.dataset import Dataset, Ignored, Part, Sample
from tlstudio.datasets.reading.nests import NestLabels, find_nest, part_of
from tlstudio.datasets.reading.reading import Reading, apply_reading


def dataset_of(*paths: str, empty: tuple[str, ...] = ()) -> Dataset:
    found = [Sample(path, path.split("/")[0] if "/" in path else "", 8, 8, f"digest of {path}") for path in paths]
    samples = tuple(sample for sample in found if sample.class_name)
    unlabelled = tuple(sample for sample in found if not sample.class_name)
    classes = {sample.class_name for sample in samples}.union(empty)
    return Dataset("/nowhere", tuple(sorted(classes)), samples, unlabelled, ignored=(Ignored("notes.txt", "other"),))


def honoured(dataset: Dataset) -> Dataset:
    return apply_reading(dataset, Reading(dataset.root))


@pytest.mark.parametrize(
    ("part", "spellings"),
    [
        (
            "train",
            "train Train TRAINING trn tr learn flowers_train train_images 01_train TrainSet trainset flowersTrain",
        ),
        ("validation", "val VALID validation Validate dev eval valImages noodles_validate 2-dev val_2"),
        ("test", "test Testing tst holdout hold-out held_out test1 testA test.set TEST_IMAGES birds_test"),
        (None, "contest trainer device latest trees cats train_test evaluations valley 001 éclair"),
    ],
)
def test_usual_spellings(part: Part | None, spellings: str) -> None:
    assert {name: part_of(name) for name in spellings.split()} == dict.fromkeys(spellings.split(), part)
    if part == "test":
        assert part_of("Test set (2)") == "test"


def test_a_nest_becomes_labels_and_given_parts() -> None:
    found = dataset_of("train/a/1.jpg", "train/b/deep/2.jpg", "Test/a/3.jpg", empty=("labels",))
    dataset = honoured(found)
    assert dataset.counts() == {"a": 2, "b": 1}
    assert dataset.given == {"train/a/1.jpg": "train", "train/b/deep/2.jpg": "train", "Test/a/3.jpg": "test"}
    assert [sample.path for sample in dataset.samples] == ["Test/a/3.jpg", "train/a/1.jpg", "train/b/deep/2.jpg"]
    assert dataset.found == found.found
    assert [sample.digest for sample in dataset.samples] == [f"digest of {sample.path}" for sample in dataset.samples]


def test_a_flat_exam_takes_the_longest_class_name_that_fits() -> None:
    learnt = [f"x_train/{name}/{n}.jpg" for name in ("bull_dog", "bull", "Border_Collie") for n in range(2)]
    exam = ["bull_dog_1.jpg", "bull_1.jpg", "border_collie.7.jpg", "bulldog_2.jpg", "who.jpg"]
    dataset = honoured(dataset_of(*learnt, *(f"x_test/{name}" for name in exam)))
    labels = {sample.path[7:]: sample.class_name for sample in dataset.samples if sample.path.startswith("x_test/")}
    assert labels == {"bull_dog_1.jpg": "bull_dog", "bull_1.jpg": "bull", "border_collie.7.jpg": "Border_Collie"}
    assert [photo.path for photo in dataset.unlabelled] == ["x_test/bulldog_2.jpg", "x_test/who.jpg"]
    assert dataset.given["x_test/who.jpg"] == "test"


def test_folders_around_the_classes_are_looked_through() -> None:
    paths = ["train/images/a/1.jpg", "train/images/b/1.jpg", "val/pictures/a/1.jpg", "test/unknown/1.jpg"]
    rule = find_nest(paths)
    assert isinstance(rule, NestLabels)
    assert rule.parts == {"train/images": "train", "val/pictures": "validation", "test/unknown": "test"}
    assert [rule.label(path) for path in paths] == ["a", "b", "a", None]
    assert [rule.part(path) for path in paths] == ["train", "train", "validation", "test"]
    assert (rule.label("else/a/1.jpg"), rule.part("loose.jpg")) == (None, None)


def test_parts_in_several_folders_are_one_part() -> None:
    rule = find_nest(["train1/a/1.jpg", "train2/b/1.jpg", "test/a/1.jpg"])
    assert rule is not None
    assert [rule.part(path) for path in ("train1/a/1.jpg", "train2/b/1.jpg")] == ["train", "train"]
    assert rule.label("train2/b/1.jpg") == "b"


def test_parts_within_class_folders() -> None:
    dataset = honoured(dataset_of("a/train/1.jpg", "a/test/2.jpg", "b/Training/1.jpg", "b/test/x/2.jpg", "loose.jpg"))
    assert dataset.counts() == {"a": 2, "b": 2}
    assert sorted(dataset.given.values()) == ["test", "test", "train", "train"]
    assert [photo.path for photo in dataset.unlabelled] == ["loose.jpg"]


@pytest.mark.parametrize(
    "paths",
    [
        ["cats/1.jpg", "dogs/1.jpg"],
        ["train/a/1.jpg", "train/b/1.jpg"],  # no other part
        ["val/a/1.jpg", "test/a/1.jpg"],  # nothing to learn from
        ["train/1.jpg", "test/1.jpg"],  # no classes
        ["train/a/1.jpg", "test/b/1.jpg", "test/c/1.jpg"],  # other classes
        ["train/a/1.jpg", "test/a/1.jpg", "cats/1.jpg"],  # folders of another kind beside
        ["a/train/1.jpg", "a/test/1.jpg", "b/1.jpg"],  # parts in one class only
        ["a/train/1.jpg", "a/test/1.jpg"],
        ["1.jpg"],
        [],
    ],
)
def test_what_is_no_nest(paths: list[str]) -> None:
    assert find_nest(paths) is None
    assert not honoured(dataset_of(*paths)).given
