import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from stored_runs import make_run

from tlstudio.datasets.augmentation.amounts import DEFAULT_AUGMENTATION, AugmentationConfig
from tlstudio.datasets.augmentation.presets import find_augmentation
from tlstudio.datasets.dataset import Rejected, Sample
from tlstudio.datasets.splits.split import Split, SplitConfig
from tlstudio.errors import TLStudioError
from tlstudio.evaluation.report import ClassMetrics, JudgedPhoto, Report
from tlstudio.events import EpochEnded
from tlstudio.modeling.spec import HeadSpec, ModelSpec
from tlstudio.runs import store
from tlstudio.runs.run import SCHEMA, Run, Scores
from tlstudio.runs.scores import load_scores
from tlstudio.training.config import Phase, Stop, TrainConfig
from tlstudio.training.history import History

RUN = Run(
    schema=SCHEMA,
    name="first",
    created="2026-01-02T03:04:05+01:00",
    status="complete",
    root="/photos",
    classes=("cat", "dog"),
    samples=(Sample("cat/1.jpg", "cat", 3, 4, "aa"), Sample(os.fsdecode(b"dog/\xe9.jpg"), "dog", 3, 4, "bb")),
    split=Split((0,), (), (1,)),
    split_config=SplitConfig(),
    rejected=(Rejected("cat/2.jpg", "Empty file."),),
    spec=ModelSpec("mobilenet_0.25", "imagenet", 64, head=HeadSpec.plain(units=(8,))),
    trained_from="pooling",
    weights_digest="cc",
    config=TrainConfig((Phase("head", 3, 1e-3),)),
    history=History(("head",), (EpochEnded(0, 0, 0.7, 0.5, None, None, 1.25, 1e-3, True),)),
    validation=None,
    test=Scores(1.0, 0.1),
    seconds={"total": 1.5},
    versions={"tlstudio": "0.1.0"},
)
REPORT = Report(
    root="/photos",
    classes=("cat", "dog"),
    accuracy=1.0,
    interval=(0.2, 1.0),
    baseline=1.0,
    loss=0.1,
    macro_f1=1.0,
    ece=0.1,
    per_class=(ClassMetrics("cat", 0.0, 0.0, 0.0, 0), ClassMetrics("dog", 1.0, 1.0, 1.0, 1)),
    confusion=((0, 0), (0, 1)),
    photos=(JudgedPhoto("dog/1.jpg", 1, 1, ((1, 0.9), (0, 0.1))),),
)

Save = Callable[..., Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    weights = tmp_path / "any.weights.h5"
    weights.write_bytes(b"backbone")

    def make(name: str, run: Run = RUN, report: Report | None = REPORT) -> Path:
        folder = tmp_path / "runs" / name
        with store.new_run(folder) as scratch:
            (scratch / store.TAIL_FILE).write_bytes(b"tail")
            store.write(scratch, run, report, str(weights) if run.weights_digest else "")
        return folder

    return make


def test_a_run_comes_back_as_it_was(save: Save) -> None:
    folder = save("first")
    stored = store.load(folder)
    assert stored.run == RUN
    assert stored.report() == REPORT
    assert stored.tail_weights.read_bytes() == b"tail"
    assert Path(stored.backbone_weights).read_bytes() == b"backbone"
    assert [path.name for path in folder.parent.iterdir()] == ["first"], "nothing temporary is left"


def test_an_empty_test_part_has_no_report(save: Save) -> None:
    assert store.load(save("first", report=None)).report() is None


def test_a_network_from_scratch_has_no_backbone_weights(save: Save) -> None:
    assert store.load(save("first", replace(RUN, weights_digest=""))).backbone_weights == ""


@pytest.mark.parametrize(("given", "kept"), [("a.weights.h5", "backbone.weights.h5"), ("a_no_top.h5", "backbone.h5")])
def test_keras_can_tell_the_layout_of_kept_weights(tmp_path: Path, given: str, kept: str) -> None:
    (tmp_path / given).write_bytes(b"weights")
    store.write(tmp_path, RUN, None, str(tmp_path / given))
    assert Path(store.StoredRun(tmp_path, RUN).backbone_weights).name == kept


def test_a_folder_that_holds_something_is_refused_and_stays(save: Save, tmp_path: Path) -> None:
    folder = save("first")
    before = (folder / store.RUN_FILE).read_bytes()
    with pytest.raises(TLStudioError, match="there already"):
        save("first", replace(RUN, name="second"))
    assert (folder / store.RUN_FILE).read_bytes() == before
    (tmp_path / "file").touch()
    with pytest.raises(TLStudioError, match="there already"):
        store.require_free(tmp_path / "file")


def test_an_empty_folder_is_taken(save: Save, tmp_path: Path) -> None:
    (tmp_path / "runs" / "first").mkdir(parents=True)
    assert store.load(save("first")).run == RUN


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_a_failure_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), store.new_run(tmp_path / "runs" / "first"):
        raise error
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_full_disk_is_an_error_for_people(tmp_path: Path) -> None:
    with pytest.raises(TLStudioError, match="No space left") as caught, store.new_run(tmp_path / "first"):
        raise OSError(28, "No space left on device")
    assert str(tmp_path / "first") in caught.value.message
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_can_not_be_written_to_is_an_error_for_people(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TLStudioError, match="can't be saved"), store.new_run(tmp_path / "file" / "run"):
        pass


def test_a_folder_without_a_run_says_so(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(TLStudioError, match="holds no run"):
            store.load(folder)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"{}", b'{"schema": "one"}', b"\xff\xfe\x00", b'{"schema": 1}'])
def test_a_damaged_run_says_so(save: Save, text: bytes) -> None:
    folder = save("first")
    (folder / store.RUN_FILE).write_bytes(text)
    with pytest.raises(TLStudioError, match="damaged") as caught:
        store.load(folder)
    assert caught.value.hint


def test_a_run_cut_short_says_so(save: Save) -> None:
    folder = save("first")
    text = (folder / store.RUN_FILE).read_bytes()
    (folder / store.RUN_FILE).write_bytes(text[: len(text) // 2])
    with pytest.raises(TLStudioError, match="damaged"):
        store.load(folder)


def test_the_amounts_of_varied_copies_come_back(save: Save) -> None:
    run = replace(RUN, config=replace(RUN.config, augmentation=find_augmentation("001")))
    assert store.load(save("first", run)).run.config.augmentation == find_augmentation("001")


@pytest.mark.parametrize(
    ("names", "amounts"),
    [
        ([], AugmentationConfig(views=3)),
        (["flip", "rotate", "shift", "zoom", "brightness"], replace(DEFAULT_AUGMENTATION, views=3)),
        (["shear", "contrast", "colour"], AugmentationConfig(shear=10, contrast=0.2, colour=0.3, views=3)),
    ],
)
def test_a_run_from_before_amounts_says_what_its_names_stood_for(
    save: Save, names: list[str], amounts: AugmentationConfig
) -> None:
    path = save("first") / store.RUN_FILE
    contents = json.loads(path.read_text(encoding="ascii"))
    contents["schema"] = 1
    contents["config"]["augmentation"] = {"names": names, "views": 3}
    path.write_text(json.dumps(contents), encoding="ascii")
    run = store.load(path.parent).run
    assert run == replace(RUN, config=replace(RUN.config, augmentation=amounts))


@pytest.mark.parametrize("schema", [1, 2, 3])
def test_a_run_from_before_reasons_to_stop_had_patience(save: Save, schema: int) -> None:
    path = save("first") / store.RUN_FILE
    contents = json.loads(path.read_text(encoding="ascii"))
    contents["schema"] = schema
    contents["config"]["phases"] = [
        {"name": "head", "epochs": 3, "learning_rate": 1e-3, "batch_size": 16, "patience": 7, "unfreeze_from": ""}
    ]
    if schema == 1:
        contents["config"]["augmentation"] = {"names": [], "views": 0}
    if schema < 3:
        contents["spec"]["head"] = {"pooling": "avg", "dense": [], "activation": "relu", "dropout": 0.5}
    del contents["spec"]["preprocessing"]
    path.write_text(json.dumps(contents), encoding="ascii")
    run = store.load(path.parent).run
    assert run.config.phases == (Phase("head", 3, 1e-3, 16, stops=(Stop(patience=7),)),)
    assert run.spec.preprocessing == ""


@pytest.mark.parametrize(
    ("before", "head"),
    [
        ({"dense": [], "activation": "relu", "dropout": 0.5}, HeadSpec()),
        ({"dense": [], "activation": "relu", "dropout": 0.0}, HeadSpec(layers=())),
        ({"dense": [64, 8], "activation": "gelu", "dropout": 0.25}, HeadSpec.plain("avg", (64, 8), "gelu", 0.25)),
    ],
)
@pytest.mark.parametrize("schema", [1, 2])
def test_a_run_from_before_layers_says_what_its_head_was(
    save: Save, before: dict[str, object], head: HeadSpec, schema: int
) -> None:
    path = save("first") / store.RUN_FILE
    contents = json.loads(path.read_text(encoding="ascii"))
    contents["schema"] = schema
    contents["spec"]["head"] = {"pooling": "avg", **before}
    del contents["spec"]["layers"]
    path.write_text(json.dumps(contents), encoding="ascii")
    run = store.load(path.parent).run
    assert run == replace(RUN, spec=replace(RUN.spec, head=head))


def test_amounts_out_of_range_are_damage(save: Save) -> None:
    path = save("first") / store.RUN_FILE
    path.write_text(path.read_text(encoding="ascii").replace('"rotation": 0.0', '"rotation": 999.0'), encoding="ascii")
    with pytest.raises(TLStudioError, match="rotation must be 0 to 180"):
        store.load(path.parent)


def test_a_newer_run_says_so_whatever_it_holds(save: Save) -> None:
    folder = save("first")
    (folder / store.RUN_FILE).write_text(json.dumps({"schema": SCHEMA + 1, "novel": True}), encoding="utf-8")
    with pytest.raises(TLStudioError, match="newer TL Studio"):
        store.load(folder)


@pytest.mark.parametrize("name", [store.TAIL_FILE, "backbone.weights.h5"])
def test_a_run_without_its_weights_is_damaged(save: Save, name: str) -> None:
    folder = save("first")
    (folder / name).unlink()
    with pytest.raises(TLStudioError, match=r"damaged: (tail|backbone).* missing"):
        store.load(folder)


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: data.replace(b"NUMPY", b"NIMPY")])
def test_damaged_scores_say_so(
    tmp_path: Path, class_folders: Callable[..., Path], damage: Callable[[bytes], bytes]
) -> None:
    stored = make_run(tmp_path / "run", class_folders({"a": 4, "b": 4}))
    scores = stored.folder / store.SCORES_FILE
    scores.write_bytes(damage(scores.read_bytes()))
    with pytest.raises(TLStudioError, match="damaged"):
        load_scores(stored)


def test_a_damaged_report_says_so(save: Save) -> None:
    folder = save("first")
    (folder / store.REPORT_FILE).write_bytes(b"{")
    with pytest.raises(TLStudioError, match="damaged"):
        store.load(folder).report()


def test_runs_are_listed_newest_first_and_damaged_ones_apart(save: Save) -> None:
    save("old", replace(RUN, created="2025-01-01T00:00:00+01:00"))
    save("new")
    (save("bad") / store.RUN_FILE).write_bytes(b"{")
    found, damaged = store.list_runs(save("newest", replace(RUN, created="2026-02-01T00:00:00+01:00")).parent)
    assert [stored.folder.name for stored in found] == ["newest", "new", "old"]
    assert len(damaged) == 1
    assert "bad" in damaged[0].message


def test_times_of_several_zones_are_put_in_order(save: Save) -> None:
    save("later", replace(RUN, created="2026-01-01T00:30:00+00:00"))
    folder = save("earlier", replace(RUN, created="2026-01-01T01:00:00+02:00"))
    assert [stored.folder.name for stored in store.list_runs(folder.parent)[0]] == ["later", "earlier"]


def test_a_run_that_is_being_written_is_not_listed(tmp_path: Path) -> None:
    with store.new_run(tmp_path / "first") as scratch:
        store.write(scratch, RUN, None, "")
        assert store.list_runs(tmp_path) == ([], [])


def test_a_folder_that_is_not_there_lists_nothing(tmp_path: Path) -> None:
    assert store.list_runs(tmp_path / "nowhere") == ([], [])


def test_a_second_run_of_the_same_moment_gets_a_number(tmp_path: Path) -> None:
    wanted = tmp_path / "Garden 2026-11-21 17.30.00"
    assert store.free_folder(wanted) == wanted
    for number in (2, 3):
        store.free_folder(wanted).mkdir()
        assert store.free_folder(wanted).name == f"{wanted.name} {number}"
