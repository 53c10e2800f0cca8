from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.edits import Edits, all_classes, class_counts, edited
from tlstudio.datasets.size_rule import SizeRule

FOUND = Dataset(
    "/photos",
    ("cat", "dog", "dogs"),
    tuple(Sample(path, path.split("/")[0], 8, 8, path) for path in ("cat/1", "cat/2", "dog/1", "dogs/1")),
    (Sample("loose", "", 8, 8, "loose"),),
)


def labels(edits: Edits) -> dict[str, str]:
    return {sample.path: sample.class_name for sample in edited(FOUND, edits).samples}


def test_without_edits_nothing_changes() -> None:
    assert edited(FOUND, Edits()) == FOUND


def test_classes_with_one_name_are_one_class() -> None:
    merged = edited(FOUND, Edits(renamed={"dogs": "dog"}))
    assert merged.classes == ("cat", "dog")
    assert merged.counts() == {"cat": 2, "dog": 2}


def test_a_moved_photo_follows_its_class_when_that_is_renamed() -> None:
    edits = Edits(labels={"cat/1": "dog", "loose": "cat"}, renamed={"dog": "hound"})
    assert labels(edits)["cat/1"] == "hound"
    assert labels(edits)["loose"] == "cat"
    assert edited(FOUND, edits).unlabelled == ()


def test_photos_and_classes_left_out_are_accounted_for() -> None:
    result = edited(FOUND, Edits(left_out=frozenset(["cat/1"]), switched_off=frozenset(["dog"])))
    assert [sample.path for sample in result.left_out] == ["cat/1", "dog/1"]
    assert result.classes == ("cat", "dogs")
    assert result.found == FOUND.found


def test_the_order_of_the_classes_can_be_chosen() -> None:
    edits = Edits(order=("dogs", "gone", "cat"), switched_off=frozenset(["cat"]))
    assert all_classes(FOUND, edits) == ("dogs", "cat", "dog")
    assert edited(FOUND, edits).classes == ("dogs", "dog")


def test_a_class_that_only_moved_photos_have_is_a_class() -> None:
    assert edited(FOUND, Edits(labels={"loose": "wolf"})).classes == ("cat", "dog", "dogs", "wolf")


def test_photos_outside_the_size_rule_are_left_out_and_accounted_for() -> None:
    sizes = {"cat/1": (63, 99), "cat/2": (64, 64), "dog/1": (64, 20)}
    photos = tuple(Sample(path, path.split("/")[0], *size, path) for path, size in sizes.items())
    found = Dataset("/photos", ("cat", "dog"), photos, (Sample("loose", "", 8, 8, "loose"),))
    result = edited(found, Edits(size_rule=SizeRule(min_width=64, min_height=64)))
    assert [sample.path for sample in result.samples] == ["cat/2"]
    assert [sample.path for sample in result.left_out] == ["cat/1", "dog/1"]
    assert [sample.path for sample in result.unlabelled] == ["loose"]
    assert result.classes == ("cat", "dog"), "a class that has lost its photos is still one"
    assert result.found == found.found


def test_a_class_that_is_switched_off_counts_what_it_would_bring_back() -> None:
    sizes = {"a/0.jpg": 10, "a/1.jpg": 10, "b/0.jpg": 10, "b/1.jpg": 90, "b/2.jpg": 10}
    samples = tuple(Sample(path, path[0], size, size, path) for path, size in sizes.items())
    found = Dataset("/photos", ("a", "b"), samples)
    edits = Edits(
        switched_off=frozenset("b"), size_rule=SizeRule(max_width=50), left_out=frozenset(("a/1.jpg", "b/2.jpg"))
    )
    assert class_counts(found, edited(found, edits), edits) == {"a": 1, "b": 1}
