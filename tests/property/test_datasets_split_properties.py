import random
from collections import defaultdict
from dataclasses import replace
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.splits.grouping import group_photos
from tlstudio.datasets.splits.split import PARTS, SplitConfig, split

CLASSES = ("a", "b", "c")
shares = st.tuples(st.integers(1, 100), st.integers(0, 100), st.integers(0, 100))
photos = st.lists(st.tuples(st.sampled_from(CLASSES), st.integers(0, 40)), max_size=80)


def dataset_of(entries: list[tuple[str, str]]) -> Dataset:
    samples = tuple(Sample(f"{name}/{i}.jpg", name, 1, 1, digest) for i, (name, digest) in enumerate(entries))
    return Dataset("/photos", CLASSES, samples)


def names_by_part(dataset: Dataset, config: SplitConfig) -> list[set[str]]:
    parts = split(dataset, config)
    return [{dataset.samples[i].path for i in part} for part in (parts.train, parts.validation, parts.test)]


@given(photos, shares, st.integers(0, 3))
def test_every_photo_is_in_one_part_and_copies_stay_together(
    entries: list[tuple[str, int]], fractions: tuple[int, int, int], seed: int
) -> None:
    dataset = dataset_of([(name, str(number)) for name, number in entries])
    parts = split(dataset, SplitConfig(*fractions, seed=seed))
    every = (parts.train, parts.validation, parts.test)
    assert sorted(index for part in every for index in part) == list(range(len(entries)))
    assert all(list(part) == sorted(part) for part in every)
    digests = [{dataset.samples[index].digest for index in part} for part in every]
    assert len(set().union(*digests)) == sum(len(part) for part in digests)
    assert all(share > 0 or not part for share, part in zip(fractions, every, strict=True))


@given(photos, shares, st.integers(0, 3), st.randoms(use_true_random=False))
def test_the_order_of_the_files_does_not_matter(
    entries: list[tuple[str, int]], fractions: tuple[int, int, int], seed: int, shuffler: random.Random
) -> None:
    dataset = dataset_of([(name, str(number)) for name, number in entries])
    shuffled = list(dataset.samples)
    shuffler.shuffle(shuffled)
    config = SplitConfig(*fractions, seed=seed)
    other = Dataset(dataset.root, dataset.classes, tuple(shuffled))
    assert names_by_part(dataset, config) == names_by_part(other, config)


@given(photos, shares)
def test_no_part_lacks_a_class_that_has_enough_different_photos(
    entries: list[tuple[str, int]], fractions: tuple[int, int, int]
) -> None:
    # Digests that belong to one class only: where classes share photos it can be impossible.
    dataset = dataset_of([(name, f"{name}{number}") for name, number in entries])
    parts = split(dataset, SplitConfig(*fractions))
    different: dict[str, set[str]] = defaultdict(set)
    for sample in dataset.samples:
        different[sample.class_name].add(sample.digest)
    served = [part for share, part in zip(fractions, (parts.train, parts.validation, parts.test), strict=True) if share]
    for name, digests in different.items():
        holding = [any(dataset.samples[index].class_name == name for index in part) for part in served]
        assert sum(holding) == min(len(digests), len(served))
        assert holding[0]
        if fractions[2] and len(digests) == 2:
            assert holding[-1]


@given(st.lists(st.integers(0, 60), min_size=3, max_size=3), shares)
def test_each_class_misses_its_shares_by_less_than_one_photo(
    counts: list[int], fractions: tuple[int, int, int]
) -> None:
    dataset = dataset_of([(name, f"{name}{i}") for name, n in zip(CLASSES, counts, strict=True) for i in range(n)])
    config = SplitConfig(*fractions)
    parts = split(dataset, config)
    for name, count in zip(CLASSES, counts, strict=True):
        if any(0 < count * share < 1 for share in config.shares):
            continue  # such a part gets its one photo at the cost of the others
        for part, share in zip((parts.train, parts.validation, parts.test), config.shares, strict=True):
            got = sum(dataset.samples[index].class_name == name for index in part)
            assert abs(got - count * share) < 1 + 1e-6


methods = st.sampled_from(["stratified", "plain", "nested"])
together = st.lists(st.lists(st.integers(0, 79), max_size=5), max_size=8)
given_parts = st.dictionaries(st.integers(0, 79), st.sampled_from(PARTS))


@given(photos, shares, methods, together, given_parts, st.booleans())
def test_given_photos_stay_and_groups_stay_whole_unless_given_to_two_parts(
    entries: list[tuple[str, int]],
    fractions: tuple[int, int, int],
    method: str,
    near: list[list[int]],
    parts: dict[int, str],
    keep_together: bool,
) -> None:
    dataset = dataset_of([(name, str(number)) for name, number in entries])
    there = range(len(entries))
    given_to = {index: part for index, part in parts.items() if index in there}
    dataset = replace(dataset, given={dataset.samples[index].path: part for index, part in given_to.items()})
    near = [[index for index in group if index in there] for group in near]
    config = SplitConfig(*fractions, method=method, keep_together=keep_together)
    shared_out = split(dataset, config, near)
    members = {part: getattr(shared_out, part) for part in PARTS}
    assert sorted(index for indices in members.values() for index in indices) == list(there)
    where = {index: part for part, indices in members.items() for index in indices}
    for index, part in given_to.items():
        assert where[index] == part or (part == "train" and where[index] not in given_to.values())
    for group in group_photos(dataset, "none", keep_together, near):
        if len({given_to[index] for index in group if index in given_to}) < 2:
            assert len({where[index] for index in group}) == 1


@given(photos, together, st.randoms(use_true_random=False))
def test_groups_are_the_closure_of_all_reasons(
    entries: list[tuple[str, int]], near: list[list[int]], shuffler: random.Random
) -> None:
    dataset = dataset_of([(name, str(number)) for name, number in entries])
    near = [[index for index in group if index < len(entries)] for group in near]
    pairs = [pair for group in near for pair in combinations(group, 2)]
    pairs += [
        (one, other)
        for one, other in combinations(range(len(entries)), 2)
        if dataset.samples[one].digest == dataset.samples[other].digest
    ]
    label = list(range(len(entries)))
    for _ in label:  # slow and plain: lower labels spread until nothing changes
        for one, other in pairs:
            label[one] = label[other] = min(label[one], label[other])
    shuffler.shuffle(near)
    groups = group_photos(dataset, "none", keep_together=True, together=near)
    assert [index for group in groups for index in group[:1]] == sorted(set(label))
    assert all({label[index] for index in group} == {group[0]} and group == sorted(group) for group in groups)


@given(st.lists(st.integers(0, 300), min_size=1, max_size=3), st.integers(0, 99), st.integers(0, 99))
def test_nested_rounds_up_in_each_class(sizes: list[int], check: int, exam: int) -> None:
    dataset = dataset_of([(name, f"{name}{i}") for name, n in zip(CLASSES, sizes, strict=False) for i in range(n)])
    parts = split(dataset, SplitConfig.nested(check / 100, exam / 100))
    for name, size in zip(CLASSES, sizes, strict=False):
        validation = max(min(-(-size * check // 100), size - 1), 0)
        test = max(min(-(-(size - validation) * exam // 100), size - validation - 1), 0)
        got = [sum(dataset.samples[index].class_name == name for index in getattr(parts, part)) for part in PARTS]
        assert got == [size - validation - test, validation, test]
