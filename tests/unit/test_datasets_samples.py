import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tlstudio import paths
from tlstudio.datasets.sources import samples
from tlstudio.datasets.sources.catalogue import SAMPLE_DATASETS, SampleDataset
from tlstudio.datasets.sources.samples import sample_folder
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import CancelToken, Emit, Event, Progress


def photos_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("sample", SAMPLE_DATASETS, ids=lambda sample: sample.name)
def test_every_sample_holds_what_its_entry_says(sample: SampleDataset, silent: Emit) -> None:
    folder = sample_folder(sample.name, emit=silent, token=CancelToken())
    photos = photos_of(folder)
    assert len(photos) == sample.photos
    assert len({photo.relative_to(folder).parts[0] for photo in photos}) == sample.classes
    assert all(len(photo.relative_to(folder).parts) == 2 for photo in photos)


def test_digits_are_scikit_learns_enlarged(home: Path, silent: Emit) -> None:
    from sklearn.datasets import load_digits

    folder = sample_folder("digits", emit=silent, token=CancelToken())
    assert folder == home / "samples" / "digits"
    values, labels = load_digits(return_X_y=True)
    found = Counter(photo.parent.name for photo in photos_of(folder))
    assert found == Counter(str(label) for label in labels)
    first_three = values[labels == 3][0].reshape(8, 8) * 255 / 16
    with Image.open(folder / "3" / "3_001.png") as photo:
        assert photo.size == (64, 64)
        small = np.asarray(photo.resize((8, 8), Image.Resampling.BOX), dtype=float)
    assert np.corrcoef(small.ravel(), first_three.ravel())[0, 1] > 0.95
    assert small.max() > 200


def test_digits_are_written_once(home: Path, silent: Emit) -> None:
    folder = sample_folder("digits", emit=silent, token=CancelToken())
    (folder / "3" / "3_001.png").unlink()
    events: list[Event] = []
    assert sample_folder("digits", emit=events.append, token=CancelToken()) == folder
    assert events == []
    assert not (folder / "3" / "3_001.png").exists()
    assert [path.name for path in (home / "samples").iterdir()] == ["digits"]


@pytest.mark.usefixtures("home")
def test_progress_counts_every_photo() -> None:
    events: list[Event] = []
    sample_folder("digits", emit=events.append, token=CancelToken())
    assert events == [Progress("samples", done, 1797) for done in range(1, 1798)]


def test_a_stop_leaves_nothing_behind_and_the_next_call_writes_all(home: Path, silent: Emit) -> None:
    token = CancelToken()

    def stop_at_100(event: Event) -> None:
        if isinstance(event, Progress) and event.done == 100:
            token.cancel()

    with pytest.raises(Cancelled):
        sample_folder("digits", emit=stop_at_100, token=token)
    assert list((home / "samples").iterdir()) == []
    assert len(photos_of(sample_folder("digits", emit=silent, token=CancelToken()))) == 1797


def test_another_process_may_be_faster(home: Path) -> None:
    target = home / "samples" / "digits"

    def other_process_finishes(event: Event) -> None:
        if isinstance(event, Progress) and event.done == event.total:
            target.mkdir()
            (target / "marker").touch()

    assert sample_folder("digits", emit=other_process_finishes, token=CancelToken()) == target
    assert [path.name for path in target.iterdir()] == ["marker"]
    assert [path.name for path in target.parent.iterdir()] == ["digits"]


def test_an_unknown_sample_names_the_known_ones(silent: Emit) -> None:
    with pytest.raises(TLStudioError) as caught:
        sample_folder("birds", emit=silent, token=CancelToken())
    assert "birds" in caught.value.message
    assert all(sample.name in caught.value.hint for sample in SAMPLE_DATASETS)


def test_a_home_that_cant_be_written_is_a_mendable_error(home: Path, silent: Emit) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / "samples").write_text("a file stands where the folder goes")
    with pytest.raises(TLStudioError) as caught:
        sample_folder("digits", emit=silent, token=CancelToken())
    assert str(home / "samples" / "digits") in caught.value.message
    assert "TLSTUDIO_HOME" in caught.value.hint


def test_missing_leaves_are_a_mendable_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, silent: Emit) -> None:
    monkeypatch.setattr(paths, "data_dir", lambda: tmp_path)
    with pytest.raises(TLStudioError, match="leaves"):
        sample_folder("leaves", emit=silent, token=CancelToken())


def test_scikit_learn_is_not_imported_with_the_module() -> None:
    code = f"import sys, {samples.__name__}; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
