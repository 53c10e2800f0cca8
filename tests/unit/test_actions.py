"""Actions change the project only, and each can be undone."""

from pathlib import Path

import pytest

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.edits import all_classes, edited
from tlstudio.datasets.size_rule import SizeRule
from tlstudio.errors import TLStudioError
from tlstudio.projects.actions import Action, Actions
from tlstudio.projects.project import Project

FOUND = Dataset(
    "/photos",
    ("bird", "cat", "dog", "dogs"),
    tuple(Sample(path, path.split("/")[0], 8, 8, path) for path in ("bird/1", "cat/1", "cat/2", "dog/1", "dogs/1")),
    (Sample("loose", "", 8, 8, "loose"),),
)


class Bench:
    def __init__(self, folder: Path) -> None:
        self.project = Project(folder)

    @property
    def actions(self) -> Actions:
        return Actions(FOUND, self.project.edits())

    def do(self, action: Action) -> None:
        assert self.project.change(action.sentence, action.changes)

    @property
    def dataset(self) -> Dataset:
        return edited(FOUND, self.project.edits())

    @property
    def labels(self) -> dict[str, str]:
        return {sample.path: sample.class_name for sample in self.dataset.samples}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "project")


def test_photos_move_to_a_class_and_back(bench: Bench) -> None:
    bench.do(bench.actions.move(["cat/1", "loose"], "dog"))
    assert bench.labels["cat/1"] == bench.labels["loose"] == "dog"
    bench.do(bench.actions.move(["cat/1"], "cat"))
    assert bench.labels["cat/1"] == "cat"
    assert bench.project.edits().labels == {"loose": "dog"}, "what is as it was found is no change"
    assert bench.project.steps().undo == "Move 1 photo to “cat”"


def test_photos_move_to_a_renamed_class_and_to_a_new_one(bench: Bench) -> None:
    bench.do(bench.actions.rename("dog", "hound"))
    bench.do(bench.actions.move(["cat/1"], "hound"))
    bench.do(bench.actions.move(["cat/2"], "wolf"))
    bench.do(bench.actions.rename("hound", "canine"))
    assert bench.labels == {"bird/1": "bird", "cat/1": "canine", "cat/2": "wolf", "dog/1": "canine", "dogs/1": "dogs"}
    assert bench.dataset.classes == ("bird", "canine", "cat", "dogs", "wolf")


def test_photos_are_left_out_and_brought_back(bench: Bench) -> None:
    bench.do(bench.actions.leave_out(["cat/1", "cat/2"]))
    assert [sample.path for sample in bench.dataset.left_out] == ["cat/1", "cat/2"]
    bench.do(bench.actions.bring_back(["cat/1"]))
    assert [sample.path for sample in bench.dataset.left_out] == ["cat/2"]


@pytest.mark.parametrize("how", ["merge", "rename"])
def test_two_classes_become_one(bench: Bench, how: str) -> None:
    actions = bench.actions
    bench.do(actions.merge(["dog", "dogs"], "dog") if how == "merge" else actions.rename("dogs", "dog"))
    assert bench.dataset.counts() == {"bird": 1, "cat": 2, "dog": 2}
    bench.project.undo()
    assert bench.dataset == FOUND


def test_a_merged_class_can_get_a_third_name(bench: Bench) -> None:
    bench.do(bench.actions.merge(["dogs"], "dog"))
    bench.do(bench.actions.rename("dog", "hound"))
    assert bench.dataset.counts() == {"bird": 1, "cat": 2, "hound": 2}
    bench.do(bench.actions.rename("hound", "dogs"))
    assert bench.dataset.counts() == {"bird": 1, "cat": 2, "dogs": 2}


def test_classes_are_switched_off_and_on_again(bench: Bench) -> None:
    bench.do(bench.actions.switch(["cat", "bird"], on=False))
    assert bench.dataset.classes == ("dog", "dogs")
    bench.do(bench.actions.rename("cat", "kitten"))
    assert bench.dataset.classes == ("dog", "dogs"), "it stays off under its new name"
    bench.do(bench.actions.switch(["kitten"], on=True))
    assert bench.dataset.classes == ("dog", "dogs", "kitten")


def test_classes_picked_at_random_follow_the_seed(bench: Bench) -> None:
    bench.do(bench.actions.pick(2, seed=1))
    first = bench.dataset.classes
    assert len(first) == 2
    others = {Actions(FOUND, bench.project.edits()).pick(2, seed).sentence for seed in range(3)}
    assert others == {"Pick 2 classes at random"}
    bench.do(bench.actions.use_only(["cat"]))
    bench.do(bench.actions.pick(2, seed=1))
    assert bench.dataset.classes == first


def test_the_order_follows_a_renamed_class(bench: Bench) -> None:
    bench.do(bench.actions.order(["dogs", "cat", "bird", "dog"]))
    bench.do(bench.actions.rename("cat", "kitten"))
    assert all_classes(FOUND, bench.project.edits()) == ("dogs", "kitten", "bird", "dog")


def test_a_class_needs_a_name(bench: Bench) -> None:
    with pytest.raises(TLStudioError, match="needs a name"):
        bench.actions.rename("cat", "  ")
    assert bench.actions.rename("cat", "  house   cat ").sentence == "Rename “cat” to “house cat”"


def test_a_size_rule_is_one_action_and_holds_for_photos_that_come_later(bench: Bench) -> None:
    rule = SizeRule(min_width=9, max_height=70)
    bench.do(bench.actions.limit_sizes(rule))
    assert bench.project.steps().undo == "Use only photos at least 9 px wide, at most 70 px high"
    assert bench.project.size_rule() == bench.project.edits().size_rule == rule
    assert bench.dataset.samples == ()
    later = Dataset("/photos", ("cat",), (Sample("cat/3", "cat", 9, 70, "new"), Sample("cat/4", "cat", 8, 70, "small")))
    assert [sample.path for sample in edited(later, bench.project.edits()).samples] == ["cat/3"]
    bench.project.undo()
    assert bench.project.size_rule() is None
    assert bench.dataset == FOUND


def test_a_size_rule_is_taken_back_and_an_empty_one_is_none(bench: Bench) -> None:
    bench.do(bench.actions.limit_sizes(SizeRule(exact=(28, 28))))
    assert Project(bench.project.folder).size_rule() == SizeRule(exact=(28, 28))
    bench.do(bench.actions.limit_sizes(SizeRule()))
    assert bench.project.size_rule() is None
    assert bench.project.steps().undo == "Use photos of every size"
