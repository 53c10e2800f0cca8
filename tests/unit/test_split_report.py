"""What is said of a split: counts, what was asked and reached, warnings, and the columns it can go by."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.index import index_folder
from tlstudio.datasets.reading.labels import CsvLabels
from tlstudio.datasets.reading.reading import Reading, apply_reading
from tlstudio.datasets.splits.lock import locked
from tlstudio.datasets.splits.report import SplitReport, report_on
from tlstudio.datasets.splits.split import Split, SplitConfig, split
from tlstudio.events import CancelToken, Emit
from tlstudio.projects.share_actions import share_sentence
from tlstudio.ui.words import shares


def numbered(**photos: int) -> Dataset:
    names = [(name, f"{name}/{number}") for name, count in photos.items() for number in range(count)]
    samples = (Sample(path, name, 1, 1, path.replace("/", "")) for name, path in names)
    return Dataset("/photos", tuple(sorted(photos)), tuple(samples))


def told(dataset: Dataset, config: SplitConfig) -> SplitReport:
    return report_on(dataset, split(dataset, config), config)


def test_a_report_counts_parts_groups_and_copies() -> None:
    dataset = numbered(cat=10, dog=10)
    copies = (*dataset.samples[:19], replace(dataset.samples[19], digest="cat0"))
    dataset = replace(
        dataset,
        samples=copies,
        columns={"patient": {"cat/0": "Mia", "dog/0": "Mia", "cat/1": "Tom"}},
        given={"cat/1": "test"},
    )
    config = SplitConfig().grouped_by("column:patient")
    report = told(dataset, config)
    assert (report.alike, report.grouped, report.groups, report.given) == (2, 2, 1, 1)
    assert report.columns == ("patient",)
    assert sum(report.totals.values()) == 20
    assert sum(report.reached) == pytest.approx(1)
    assert not report.locked
    assert told(replace(dataset, lock=locked(dataset, split(dataset, config))), config).locked
    assert report_on(Dataset("/", (), ()), Split((), (), ()), config).reached == (0, 0, 0)


def test_enough_photos_of_each_class_need_no_warning() -> None:
    config = SplitConfig()
    assert shares.warnings(told(numbered(cat=50, dog=50), config), config) == []
    assert shares.warnings(told(numbered(), config), config) == []


def test_classes_without_exam_photos_are_named() -> None:
    config = SplitConfig()
    few = told(numbered(cat=60, dog=60, ant=1, bee=2), config)
    assert shares.warnings(few, config) == [
        "No photo of “ant” is in the final exam.",
        "No photo of “ant” and “bee” is left to check on while learning.",
        "“bee” has fewer than 5 exam photos: too few to tell.",
    ]
    many = told(numbered(**{f"c{number:03}": 8 for number in range(151)}), config)
    assert shares.warnings(many, config) == [
        "“c000”, “c001” and 149 more classes have fewer than 5 exam photos: too few to tell."
    ]


def test_an_exam_that_nobody_wants_is_said_once() -> None:
    config = SplitConfig(80, 20, 0)
    assert shares.warnings(told(numbered(cat=60, dog=60), config), config) == [
        "No photo is in the final exam. Nobody will know how good it is."
    ]
    config = SplitConfig(80, 0, 20)
    assert shares.warnings(told(numbered(cat=60, dog=60), config), config) == [
        "No photo is left to check on while learning."
    ]


def test_shares_that_groups_change_are_said() -> None:
    dataset = numbered(cat=100, dog=100)
    config = SplitConfig()
    assert shares.reached(told(dataset, config), config) == ""
    patients = {sample.path: str(number % 3) for number, sample in enumerate(dataset.samples)}
    grouped = replace(dataset, columns={"patient": patients})
    config = config.grouped_by("column:patient")
    assert shares.reached(told(grouped, config), config) == (
        "You asked for 70, 15 and 15 %. Photos that stay together make it 33.5, 33 and 33.5 %."
    )
    held = replace(grouped, lock=locked(grouped, split(grouped, config)))
    assert "Photos that are locked in their parts make it" in shares.reached(told(held, config), config)
    given = replace(dataset, given={sample.path: "test" for sample in dataset.samples[:80]})
    assert "The folders of the split make it" in shares.reached(told(given, SplitConfig()), SplitConfig())
    tiny = numbered(cat=3, dog=3)
    assert shares.reached(told(tiny, SplitConfig()), SplitConfig()) == (
        "You asked for 70, 15 and 15 %. Small classes make it 33.3, 33.3 and 33.3 %."
    )
    together = replace(dataset, samples=tuple(replace(sample, digest="same") for sample in dataset.samples))
    assert "Photos that stay together make it 100, 0 and 0 %." in shares.reached(told(together, config), SplitConfig())
    nested = SplitConfig.nested()
    rounded = numbered(**dict.fromkeys("abcdef", 6))
    assert "Rounding up in each class makes it" in shares.reached(told(rounded, nested), nested)


def test_what_stays_together_is_said_in_words() -> None:
    report = SplitReport({}, alike=4, grouped=68, groups=7, columns=("patient",))
    config = SplitConfig()
    assert shares.alike(report).startswith("4 photos show the same")
    assert shares.alike(SplitReport({})) == "No photo shows the same as another one."
    assert shares.grouped(report, config) == ""
    assert shares.grouped(report, config.grouped_by("day")) == "68 photos are in 7 groups of the same day."
    assert "no column “camera” now" in shares.grouped(report, config.grouped_by("column:camera"))
    assert "No two photos have the same subfolder" in shares.grouped(SplitReport({}), config.grouped_by("folder"))


BEFORE = SplitConfig()


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        (SplitConfig(60, 20, 20), "Share out the photos 60/20/20"),
        (SplitConfig(seed=1), "Deal the photos out anew"),
        (SplitConfig(method="plain"), "Share out all photos at once"),
        (SplitConfig.nested(), "Take first the check, then the exam from what is left"),
        (SplitConfig(group_by="day"), "Keep the photos of one day together"),
        (SplitConfig().grouped_by("column:patient"), "Keep photos with the same “patient” together"),
        (SplitConfig(keep_together=False), "Let copies of a photo part"),
        (SplitConfig(use_given=False), "Share out across the folders of the split"),
    ],
)
def test_every_change_has_a_sentence(after: SplitConfig, sentence: str) -> None:
    assert share_sentence(BEFORE, after) == sentence
    assert share_sentence(after, BEFORE) != sentence or after.seed != BEFORE.seed or after.shares != BEFORE.shares


def test_columns_come_with_the_labels_of_a_table(
    tmp_path: Path, photos_factory: Callable[..., list[Path]], silent: Emit
) -> None:
    photos_factory(tmp_path / "photos", 4)
    table = tmp_path / "photos" / "labels.csv"
    table.write_text(
        "label,file,patient,number,remark\n"
        "ill,photo_000.jpg, Mia ,1,\nwell,./photo_001.jpg,Mia,2,\nill,photo_002.jpg,,3,blurred\nwell,gone.jpg,Tom,4,\n"
    )
    token = CancelToken()
    dataset = index_folder(tmp_path / "photos", CsvLabels(table), emit=silent, token=token)
    assert dataset.columns == {"patient": {"photo_000.jpg": "Mia", "photo_001.jpg": "Mia"}}
    files = index_folder(tmp_path / "photos", emit=silent, token=token)
    assert files.columns == {}
    assert apply_reading(files, Reading(files.root, f"csv:{table}")).columns == dataset.columns
