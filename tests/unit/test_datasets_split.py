from dataclasses import replace

import pytest

from tlstudio.datasets.dataset import Dataset, Part, Sample
from tlstudio.datasets.splits.split import Split, SplitConfig, counts, split
from tlstudio.errors import TLStudioError
from tlstudio.serialization import from_json, to_json

# Collection 001: raw photos of each class, and what its notebooks print for train, validation and test.
NESTED_TOTALS = {
    "noodles": ((194, 157), (251, 71, 29)),
    "leaves": ((63, 57, 57), (125, 37, 15)),
    "dogs": ((96, 88, 89, 85, 88, 95), (386, 110, 45)),
    "birds": ((36, 31, 23, 37, 37, 33, 28, 29, 27, 36), (219, 69, 29)),
    "butterflies": ((82, 93, 61, 90, 88, 100, 89, 55, 90, 84), (592, 169, 71)),
}


def dataset_of(**classes: str) -> Dataset:
    """Each letter of a class is a photo; the same letter is the same photo."""
    samples = [
        Sample(f"{name}/{index}.jpg", name, 1, 1, digest)
        for name, digests in classes.items()
        for index, digest in enumerate(digests)
    ]
    return Dataset("/photos", tuple(sorted(classes)), tuple(samples))


def sizes(dataset: Dataset, config: SplitConfig) -> tuple[int, int, int]:
    parts = split(dataset, config)
    return len(parts.train), len(parts.validation), len(parts.test)


@pytest.mark.parametrize(
    ("photos", "shares", "expected"),
    [
        ("a", (70, 15, 15), (1, 0, 0)),
        ("ab", (70, 15, 15), (1, 0, 1)),
        ("abc", (70, 15, 15), (1, 1, 1)),
        ("abcde", (98, 1, 1), (3, 1, 1)),
        ("abcdefghij", (70, 15, 15), (7, 1, 2)),
        ("abcdefghij", (80, 20, 0), (8, 2, 0)),
        ("abcdefghij", (80, 0, 20), (8, 0, 2)),
        ("abcdefghij", (1, 0, 0), (10, 0, 0)),
        ("ab", (70, 30, 0), (1, 1, 0)),
        ("aaaaaaaa", (70, 15, 15), (8, 0, 0)),
        ("aaaaabbbbbcd", (70, 15, 15), (10, 1, 1)),
    ],
)
def test_sizes(photos: str, shares: tuple[float, float, float], expected: tuple[int, int, int]) -> None:
    for seed in range(5):
        assert sizes(dataset_of(cats=photos), SplitConfig(*shares, seed=seed)) == expected


def test_photos_that_two_classes_share_are_spread_too() -> None:
    parts = split(dataset_of(cats="xyz", dogs="xyz"), SplitConfig())
    assert (len(parts.train), len(parts.validation), len(parts.test)) == (2, 2, 2)


def test_the_seed_changes_who_is_where() -> None:
    dataset = dataset_of(cats="abcdefghijklmnopqrst")
    assert len({split(dataset, SplitConfig(seed=seed)).test for seed in range(10)}) > 5


def test_an_empty_dataset_is_three_empty_parts() -> None:
    assert sizes(Dataset("/photos", (), ()), SplitConfig()) == (0, 0, 0)


@pytest.mark.parametrize("text", ["70/15/15", "0.7/0.15/0.15", "14/3/3", " 70 / 15 / 15 "])
def test_shares_are_proportions(text: str) -> None:
    assert SplitConfig.parse(text, seed=3).shares == pytest.approx((0.7, 0.15, 0.15))
    assert SplitConfig.parse(text, seed=3).seed == 3


def test_shares_survive_being_written_and_read() -> None:
    once = SplitConfig(1, 1, 1)
    assert SplitConfig(*once.shares) == once
    assert SplitConfig().shares == (0.70, 0.15, 0.15)


@pytest.mark.parametrize("text", ["", "70/30", "70/15/15/0", "a/b/c", "0/50/50", "-1/1/1", "nan/1/1", "inf/1/1"])
def test_what_is_no_sharing_out_is_said(text: str) -> None:
    with pytest.raises(TLStudioError) as caught:
        SplitConfig.parse(text)
    assert "70/15/15" in caught.value.hint


def test_the_config_refuses_what_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="shares"):
        SplitConfig(train=0)


def numbered(*photos: int) -> Dataset:
    """Classes of that many different photos."""
    samples = [
        Sample(f"c{number}/{index}.jpg", f"c{number}", 1, 1, f"{number}-{index}")
        for number, count in enumerate(photos)
        for index in range(count)
    ]
    return Dataset("/photos", tuple(f"c{number}" for number in range(len(photos))), tuple(samples))


def given(dataset: Dataset, parts: dict[int, Part]) -> Dataset:
    return replace(dataset, given={dataset.samples[index].path: part for index, part in parts.items()})


def test_the_seeded_draw_stays_what_runs_on_disk_were_made_with() -> None:
    parts = split(dataset_of(cats="abcdefghij", dogs="klmnopjihg"), SplitConfig(seed=3))
    assert (parts.validation, parts.test) == ((2, 15), (1, 5, 12, 13))


@pytest.mark.parametrize("name", NESTED_TOTALS)
@pytest.mark.parametrize("config", [SplitConfig.nested(0.2, 0.1, seed=42), SplitConfig(72, 20, 8, method="nested")])
def test_nested_rounding_reproduces_collection_001(name: str, config: SplitConfig) -> None:
    photos, totals = NESTED_TOTALS[name]
    assert sizes(numbered(*photos), config) == totals


@pytest.mark.parametrize(("photos", "expected"), [(1, (1, 0, 0)), (2, (1, 1, 0)), (3, (1, 1, 1)), (50, (36, 10, 4))])
def test_nested_leaves_something_to_learn_from(photos: int, expected: tuple[int, int, int]) -> None:
    assert sizes(numbered(photos), SplitConfig.nested()) == expected


def test_nested_without_a_check_or_an_exam() -> None:
    assert sizes(numbered(10, 10), SplitConfig(80, 20, 0, method="nested")) == (16, 4, 0)
    assert sizes(numbered(10, 10), SplitConfig(80, 0, 20, method="nested")) == (16, 0, 4)


def test_nested_keeps_groups_together() -> None:
    parts = split(numbered(20, 20), SplitConfig.nested(), [range(15, 25)])
    assert any(set(range(15, 25)) <= set(part) for part in (parts.train, parts.validation, parts.test))


def test_plain_meets_the_shares_of_all_photos_and_not_of_each_class() -> None:
    dataset = numbered(20, 80)
    tested: dict[str, set[int]] = {"plain": set(), "stratified": set()}
    for seed in range(10):
        plain, stratified = SplitConfig(seed=seed, method="plain"), SplitConfig(seed=seed)
        assert sizes(dataset, plain) == sizes(dataset, stratified) == (70, 15, 15)
        for config in (plain, stratified):
            tested[config.method].add(counts(dataset, split(dataset, config))["c0"]["test"])
    assert len(tested["plain"]) > 2
    assert tested["stratified"] == {3}


def test_counts_by_class_and_part() -> None:
    dataset = replace(numbered(4, 2), classes=("c1", "empty", "c0"))
    assert counts(dataset, Split((0, 1, 4), (2,), (3, 5))) == {
        "c1": {"train": 1, "validation": 0, "test": 1},
        "empty": {"train": 0, "validation": 0, "test": 0},
        "c0": {"train": 2, "validation": 1, "test": 1},
    }
    assert list(counts(dataset, Split((), (), ()))) == ["c1", "empty", "c0"]


def test_given_parts_stay() -> None:
    parts: dict[int, Part] = dict.fromkeys(range(5), "train") | {5: "validation", 6: "validation"}
    parts |= dict.fromkeys(range(7, 30), "test")
    dataset = given(numbered(10, 20), parts)
    assert split(dataset, SplitConfig()) == Split(tuple(range(5)), (5, 6), tuple(range(7, 30)))
    assert sizes(dataset, SplitConfig(use_given=False)) == sizes(numbered(10, 20), SplitConfig())


def test_a_part_that_nothing_is_given_to_is_taken_from_training() -> None:
    dataset = given(numbered(100), dict.fromkeys(range(80), "train") | dict.fromkeys(range(80, 100), "test"))
    parts = split(dataset, SplitConfig(60, 20, 20))
    assert parts.test == tuple(range(80, 100))
    assert len(parts.validation) == 20  # a quarter: 20 of the 80 in 100 that are no exam
    nested = split(given(numbered(100), dict.fromkeys(range(100), "train")), SplitConfig.nested())
    assert (len(nested.train), len(nested.validation), len(nested.test)) == (72, 20, 8)


def test_photos_without_a_given_part_are_shared_out_as_usual() -> None:
    dataset = given(numbered(140), dict.fromkeys(range(20), "train") | dict.fromkeys(range(20, 40), "validation"))
    parts = split(dataset, SplitConfig())
    assert set(range(40)) <= set(parts.train) | set(parts.validation) | set(parts.test)
    assert set(range(20, 40)) <= set(parts.validation)
    assert len(set(range(40, 140)) & set(parts.validation)) == 15
    assert len(set(range(40, 140)) & set(parts.test)) == 15


def test_photos_like_a_given_one_follow_it() -> None:
    dataset = given(numbered(10), {0: "test", 5: "train", 6: "validation"})
    parts = split(dataset, SplitConfig(), [(0, 1, 2)])
    assert {0, 1, 2} <= set(parts.test)


def test_a_group_in_two_given_parts_stays_where_each_photo_is() -> None:
    dataset = given(numbered(6), {0: "train", 1: "test", 2: "test", 3: "validation", 4: "train"})
    parts = split(dataset, SplitConfig(), [(0, 1, 2, 5)])
    assert parts == Split((0, 4), (3,), (1, 2, 5))


def test_copies_may_part_when_asked() -> None:
    dataset = dataset_of(cats="aaaaaaaaaa")
    assert sizes(dataset, SplitConfig(keep_together=False)) == (7, 1, 2)
    other = replace(dataset, samples=dataset.samples[::-1])
    config = SplitConfig(keep_together=False)
    assert {dataset.samples[i] for i in split(dataset, config).test} == {
        other.samples[i] for i in split(other, config).test
    }
    assert sizes(numbered(10), SplitConfig(keep_together=False)) == (7, 1, 2)


def test_a_config_of_an_older_run_is_read() -> None:
    old = b'{"train": 0.7, "validation": 0.15, "test": 0.15, "seed": 3}'
    assert from_json(old, SplitConfig) == SplitConfig(seed=3)
    new = SplitConfig.nested(0.25, 0.125, seed=2)
    assert from_json(to_json(new), SplitConfig) == new
    assert new != replace(new, method="stratified")


@pytest.mark.parametrize("text", [b'{"method": "sorted"}', b'{"group_by": "month"}', b'{"keep_together": 1}'])
def test_a_config_that_says_something_unknown_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the reader words it
        from_json(text, SplitConfig)


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(ValueError, match="sorted"):
        SplitConfig(method="sorted")  # type: ignore[arg-type]
    for fractions in ((1.0, 0.1), (0.2, 1.0), (-0.1, 0.1)):
        with pytest.raises(ValueError, match="shares"):
            SplitConfig.nested(*fractions)
