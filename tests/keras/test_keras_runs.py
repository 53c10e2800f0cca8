import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tlstudio.errors import TLStudioError
from tlstudio.evaluation.report import Report
from tlstudio.events import Batch, CancelToken, Emit, Event, Progress, ignore_events
from tlstudio.modeling import engine as engine_module
from tlstudio.modeling.spec import ModelSpec
from tlstudio.prediction.batch import PredictOptions
from tlstudio.prediction.prediction import Prediction
from tlstudio.runs import store
from tlstudio.runs.store import StoredRun
from tlstudio.serialization import from_json
from tlstudio.training.config import Phase
from tlstudio.workflows.evaluate import evaluate
from tlstudio.workflows.predict import predict
from tlstudio.workflows.train import Trained

HEAD = Phase("head", epochs=6, learning_rate=0.01, batch_size=8)
TUNE = Phase("fine_tune", epochs=1, learning_rate=1e-3, batch_size=8, unfreeze_from="conv_dw_12")

TrainTiny = Callable[..., Trained]
ClassFolders = Callable[..., Path]

EVALUATE = """
import sys
from pathlib import Path
from tlstudio.events import CancelToken, ignore_events
from tlstudio.runs import store
from tlstudio.serialization import to_json
from tlstudio.workflows.evaluate import evaluate
report = evaluate(store.load(Path(sys.argv[1])), emit=ignore_events, token=CancelToken())
Path(sys.argv[2]).write_bytes(to_json(report))
assert "tensorflow" not in sys.modules, "the engines are enough"
"""

TRAIN = """
import hashlib, sys
from pathlib import Path
from tlstudio.events import CancelToken, ignore_events
from tlstudio.modeling.spec import HeadSpec, ModelSpec
from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.training.config import Phase, TrainConfig
from tlstudio.workflows.train import TrainRequest, train
photos, weights = sys.argv[1:3]
for seed, out in zip(sys.argv[3].split(","), sys.argv[4:], strict=True):
    config = TrainConfig(
        (Phase("head", 3, 0.01, 8), Phase("fine_tune", 1, 1e-3, 8, unfreeze_from="conv_dw_12")),
        seed=int(seed), reproducible=True,
    )
    spec = ModelSpec("mobilenet_0.25", weights, 64, head=HeadSpec.plain(units=(8,), dropout=0.3))
    request = TrainRequest(Path(photos), Path(out), spec, config, SplitConfig(seed=1))
    train(request, emit=ignore_events, token=CancelToken())
import tensorflow
assert tensorflow.config.threading.get_intra_op_parallelism_threads() == 1
assert tensorflow.config.threading.get_inter_op_parallelism_threads() == 1
"""


@pytest.fixture
def photos(class_folders: ClassFolders) -> Path:
    return class_folders({"daisy": 12, "rose": 12, "tulip": 12}, size=(40, 32))


def same(one: Report, other: Report, tolerance: float = 1e-4) -> None:
    assert one.confusion == other.confusion
    assert (one.accuracy, one.classes, one.per_class) == (other.accuracy, other.classes, other.per_class)
    assert one.loss == pytest.approx(other.loss, abs=tolerance)
    assert [photo.path for photo in one.photos] == [photo.path for photo in other.photos]
    for mine, theirs in zip(one.photos, other.photos, strict=True):
        assert dict(mine.top) == pytest.approx(dict(theirs.top), abs=tolerance)


def answers(stored: StoredRun, *inputs: Path) -> dict[str, Prediction]:
    found: dict[str, Prediction] = {}

    def collect(event: Event) -> None:
        if isinstance(event, Batch):
            found.update((item.path, item) for item in event.items if isinstance(item, Prediction))

    predict(stored, inputs, PredictOptions(), emit=collect, token=CancelToken())
    return found


def child(script: str, *arguments: object) -> None:
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)], env={**os.environ}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.parametrize("phases", [(HEAD,), (HEAD, TUNE)], ids=["head", "refined"])
def test_a_fresh_process_gives_the_same_figures(
    photos: Path, train_tiny: TrainTiny, tmp_path: Path, phases: tuple[Phase, ...]
) -> None:
    trained = train_tiny(photos, *phases)
    child(EVALUATE, trained.stored.folder, tmp_path / "report.json")
    assert trained.report is not None
    same(from_json((tmp_path / "report.json").read_bytes(), Report), trained.report)


def test_prediction_gives_the_scores_of_evaluation(photos: Path, train_tiny: TrainTiny, silent: Emit) -> None:
    stored = train_tiny(photos).stored
    report = evaluate(stored, emit=silent, token=CancelToken())
    found = answers(stored, photos)
    assert len(found) == 36
    for photo in report.photos:
        answer = found[str(photos / photo.path)]
        expected = {report.classes[index]: score for index, score in photo.top}
        assert dict(answer.top) == pytest.approx(expected, abs=1e-4)
        assert answer.label == report.classes[photo.predicted]


def test_a_labelled_folder_is_judged_as_a_whole(photos: Path, train_tiny: TrainTiny, silent: Emit) -> None:
    stored = train_tiny(photos).stored
    (photos / "rose" / "broken.jpg").write_bytes(b"")
    report = evaluate(stored, photos, emit=silent, token=CancelToken())
    assert len(report.photos) == 36
    assert report.rejected == (("rose/broken.jpg", "Empty file."),)
    assert sum(map(sum, report.confusion)) == 36


def test_a_folder_that_can_not_be_judged_is_an_error_for_people(
    photos: Path, train_tiny: TrainTiny, tmp_path: Path, silent: Emit
) -> None:
    stored = train_tiny(photos, replace(HEAD, epochs=1)).stored
    (photos / "rose").rename(photos / "peony")
    with pytest.raises(TLStudioError, match="doesn't know peony") as caught:
        evaluate(stored, photos, emit=silent, token=CancelToken())
    assert "daisy, rose, tulip" in caught.value.hint
    (tmp_path / "empty").mkdir()
    with pytest.raises(TLStudioError, match="holds no labelled photos"):
        evaluate(stored, tmp_path / "empty", emit=silent, token=CancelToken())
    photos.rename(tmp_path / "moved")
    with pytest.raises(TLStudioError, match="can be read"):
        evaluate(stored, emit=silent, token=CancelToken())


def test_a_run_that_was_moved_still_predicts_without_cache_and_first_weights(
    photos: Path, spec: ModelSpec, tmp_path: Path, warm_home: Path, train_tiny: TrainTiny
) -> None:
    """The run folder needs nothing outside itself."""
    weights = tmp_path / "mine.weights.h5"
    shutil.copyfile(spec.weights, weights)
    stored = train_tiny(photos, weights=str(weights)).stored
    before = answers(stored, photos)
    weights.unlink()
    shutil.rmtree(warm_home / "cache")
    moved = shutil.move(stored.folder, tmp_path / "elsewhere")
    after = answers(store.load(Path(moved)), photos)
    assert after.keys() == before.keys()
    for path, answer in after.items():
        assert dict(answer.top) == pytest.approx(dict(before[path].top), abs=1e-4)


def test_a_stop_while_engines_are_made_ends_all_of_them(
    photos: Path, train_tiny: TrainTiny, warm_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = train_tiny(photos, replace(HEAD, epochs=1)).stored
    shutil.rmtree(warm_home / "cache")
    children = []
    start = subprocess.Popen

    def count(*arguments: object, **options: object) -> object:
        children.append(start(*arguments, **options))  # type: ignore[call-overload]
        return children[-1]

    monkeypatch.setattr(engine_module.subprocess, "Popen", count)
    token = CancelToken()

    def stop(event: Event) -> None:
        if isinstance(event, Progress) and event.stage == "engine":
            token.cancel()

    summary = predict(stored, [photos], PredictOptions(), emit=stop, token=token)
    assert summary.skipped == summary.found > 0
    assert len(children) == 2
    assert all(process.poll() is not None for process in children)


def test_weights_that_were_exchanged_are_noticed(photos: Path, train_tiny: TrainTiny, shared: Path) -> None:
    stored = train_tiny(photos, replace(HEAD, epochs=1)).stored
    shutil.copyfile(shared / "weights" / "mobilenet_v2_0.35_224_notop.weights.h5", stored.backbone_weights)
    with pytest.raises(TLStudioError, match="is damaged"):
        answers(stored, photos)


def test_damaged_trained_weights_are_an_error_for_people(photos: Path, train_tiny: TrainTiny) -> None:
    stored = train_tiny(photos, replace(HEAD, epochs=1)).stored
    stored.tail_weights.write_bytes(stored.tail_weights.read_bytes()[:500])
    with pytest.raises(TLStudioError, match="are damaged"):
        answers(stored, photos)


def test_the_table_is_written_while_answers_come(photos: Path, train_tiny: TrainTiny, tmp_path: Path) -> None:
    stored = train_tiny(photos, replace(HEAD, epochs=1)).stored
    table = tmp_path / "answers.csv"
    summary = predict(stored, [photos], PredictOptions(top=9), table, emit=ignore_events, token=CancelToken())
    lines = table.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "path,label,score,label_2,score_2,label_3,score_3,status,error", "no more classes than there are"
    assert len(lines) == 1 + summary.found == 37


def test_nothing_to_predict_is_an_error_for_people(photos: Path, train_tiny: TrainTiny, tmp_path: Path) -> None:
    stored = train_tiny(photos, replace(HEAD, epochs=1)).stored
    (tmp_path / "empty").mkdir()
    with pytest.raises(TLStudioError, match="no files"):
        answers(stored, tmp_path / "empty")


def test_one_seed_repeats_a_run_bit_for_bit(photos: Path, warm_home: Path, spec: ModelSpec, tmp_path: Path) -> None:
    """The second process finds features and engines ready, the first has to compute them: it must not matter."""
    child(TRAIN, photos, spec.weights, "5,5,6", tmp_path / "one", tmp_path / "again", tmp_path / "other")
    shutil.rmtree(warm_home / "cache" / "features")
    child(TRAIN, photos, spec.weights, "5", tmp_path / "two")
    tails = {name: (tmp_path / name / store.TAIL_FILE).read_bytes() for name in ("one", "two", "again", "other")}
    assert tails["one"] == tails["two"] == tails["again"]
    assert tails["other"] != tails["one"]
    histories = [json.loads((tmp_path / name / store.RUN_FILE).read_bytes())["history"] for name in ("one", "two")]
    for history in histories:
        for epoch in history["epochs"]:
            del epoch["seconds"]
    assert histories[0] == histories[1]
