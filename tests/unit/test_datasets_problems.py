from pathlib import Path

import pytest

from tlstudio.datasets.dataset import Dataset, Rejected, Sample
from tlstudio.datasets.problems import Problem, find_problems, require_trainable
from tlstudio.errors import TLStudioError


def samples(*paths: str, label: str | None = None) -> tuple[Sample, ...]:
    return tuple(Sample(p, p.split("/")[0] if label is None else label, 1, 1, f"digest of {p}") for p in paths)


def photos(folder: str, count: int) -> list[str]:
    return [f"{folder}/{index}.jpg" for index in range(count)]


def dataset_of(*paths: str, root: str = "/nowhere/Photos", classes: tuple[str, ...] | None = None) -> Dataset:
    found = samples(*paths)
    return Dataset(root, classes or tuple(sorted({sample.class_name for sample in found})), found)


def only(dataset: Dataset) -> Problem:
    (problem,) = find_problems(dataset)
    assert problem.message.endswith(".")
    assert problem.hint.endswith(".")
    return problem


def test_a_good_folder_has_no_problem() -> None:
    dataset = dataset_of(*photos("cats", 5), *photos("dogs", 9))
    assert find_problems(dataset) == ()
    require_trainable(dataset)


def test_nothing_there() -> None:
    problem = only(Dataset("/nowhere/Photos", ("cats",), ()))
    assert (problem.code, problem.severity) == ("no_photos", "blocking")
    assert problem.message == "There are no photos in “Photos”."


def test_nothing_readable() -> None:
    problem = only(Dataset("/nowhere/Photos", ("cats",), (), rejected=(Rejected("cats/a.jpg", "Empty file."),)))
    assert problem.code == "nothing_readable"
    assert "cats/a.jpg. Empty file." in problem.hint


def test_one_folder_too_high() -> None:
    flowers = [path for name in "abcde" for path in photos(f"Garden flowers/{name}", 4)]
    problem = only(dataset_of(*flowers, classes=("Garden flowers", "notes")))
    assert (problem.code, problem.severity) == ("one_folder_too_high", "blocking")
    assert problem.message == (
        "This looks like one folder too high. The 5 folders of photos are one level further down, in “Garden flowers”."
    )
    assert problem.folder is not None
    assert Path(problem.folder) == Path("/nowhere/Photos/Garden flowers")


def test_two_folders_too_high() -> None:
    problem = only(dataset_of(*photos("x/y/cats", 3), *photos("x/y/dogs/deep", 3)))
    assert "2 folders too high" in problem.message
    assert problem.folder is not None
    assert Path(problem.folder) == Path("/nowhere/Photos/x/y")


@pytest.mark.parametrize("extra", [["cats/loose.jpg"], ["dogs/a.jpg", "dogs/b.jpg", "dogs/c.jpg"]])
def test_nested_classes_are_not_too_high(extra: list[str]) -> None:
    codes = [p.code for p in find_problems(dataset_of(*photos("cats/indoors", 2), *photos("cats/outdoors", 2), *extra))]
    assert "one_folder_too_high" not in codes


def test_photos_that_are_already_shared_out() -> None:
    both = [path for part, n in (("train", 5), ("val", 3)) for c in ("a", "b") for path in photos(f"{part}/{c}", n)]
    problem = only(dataset_of(*both))
    assert (problem.code, problem.severity) == ("shared_out_already", "blocking")
    assert problem.folder is not None
    assert Path(problem.folder).name == "train"


def test_one_folder_too_low_offers_the_parent(tmp_path: Path) -> None:
    for name in ("cats", "dogs"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.jpg").write_bytes(b"")
    root = tmp_path / "cats"
    problem = only(Dataset(str(root), (), (), unlabelled=samples("a.jpg", "b.jpg", label="")))
    assert (problem.code, problem.severity) == ("one_folder_too_low", "blocking")
    assert problem.folder == str(tmp_path)
    (tmp_path / "dogs/a.jpg").unlink()
    problem = only(Dataset(str(root), (), (), unlabelled=samples("a.jpg", label="")))
    assert (problem.code, problem.folder) == ("no_class_folders", None)
    assert "1 photo," in problem.message


def test_a_single_class() -> None:
    problem = only(dataset_of(*photos("cats", 5)))
    assert problem.message == "At least 2 classes are needed. There is 1."
    with pytest.raises(TLStudioError) as caught:
        require_trainable(dataset_of(*photos("cats", 5)))
    assert (caught.value.message, caught.value.hint) == (problem.message, problem.hint)


def test_classes_with_fewer_than_three_different_photos() -> None:
    dataset = dataset_of(*photos("cats", 5), *photos("dogs", 2))
    assert only(dataset).message == "This class has fewer than 3 photos: “dogs” (2)."
    copies = tuple(Sample(f"dogs/{i}.jpg", "dogs", 1, 1, "same") for i in range(5))
    problem = only(Dataset("/nowhere", ("cats", "dogs"), samples(*photos("cats", 5)) + copies))
    assert (problem.code, problem.severity) == ("too_few_photos", "blocking")


def test_warnings_do_not_block() -> None:
    found = samples(*photos("cats", 12), *photos("dogs", 4))
    clash = (Sample("dogs/x.jpg", "dogs", 1, 1, "same"), Sample("cats/x.jpg", "cats", 1, 1, "same"))
    dataset = Dataset(
        "/nowhere", ("cats", "dogs", "empty"), found[:-1] + clash, unlabelled=samples("loose.jpg", label="")
    )
    problems = {problem.code: problem for problem in find_problems(dataset)}
    assert set(problems) == {"empty_class", "unlabelled_photos", "imbalance", "same_photo_in_two_classes"}
    assert {problem.severity for problem in problems.values()} == {"warning"}
    assert "“empty”" in problems["empty_class"].message
    assert "“loose.jpg”" in problems["unlabelled_photos"].message
    assert problems["imbalance"].message == "“dogs” has the fewest photos: “cats” has 3.2 times as many."
    assert "dogs/x.jpg = cats/x.jpg" in problems["same_photo_in_two_classes"].message
    require_trainable(dataset)


def test_blocking_problems_come_first_and_long_lists_are_cut() -> None:
    small = [path for index in range(8) for path in photos(f"small {index}", 1)]
    problems = find_problems(dataset_of(*photos("cats", 30), *small))
    assert [problem.severity for problem in problems] == ["blocking", "warning"]
    assert "and 3 more" in problems[0].message
