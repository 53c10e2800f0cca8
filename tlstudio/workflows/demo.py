"""Use case: the whole job on the bundled sample."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tlstudio import paths
from tlstudio.datasets.sources.samples import sample_folder
from tlstudio.events import CancelToken, Emit
from tlstudio.prediction.batch import PredictOptions
from tlstudio.prediction.prediction import BatchSummary
from tlstudio.training.recipes import config_for
from tlstudio.training.recommendation import recommended_spec
from tlstudio.workflows.predict import predict
from tlstudio.workflows.train import Trained, TrainRequest, train


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demonstration made.

    Attributes:
        trained: The run and its report.
        batch: The accounting of the classified exam photos.
        table: Their answers as a CSV file.
    """

    trained: Trained
    batch: BatchSummary
    table: Path


def demo(out: Path | None = None, *, emit: Emit, token: CancelToken) -> Demo:
    """Train on the sample leaves, judge, and classify the photos of the final exam.

    Args:
        out: Folder for the run and the table; a new one among the runs of the window if None.
        emit: Told everything.
        token: Stops it.

    Raises:
        TLStudioError: If ``out`` is taken.
        Cancelled: If a stop was asked for before anything was learnt.
    """
    folder = sample_folder("leaves", emit=emit, token=token)
    place = out or paths.runs_dir() / f"Leaves {datetime.now().astimezone():%Y-%m-%d %H.%M.%S}"
    spec, _ = recommended_spec()
    request = TrainRequest(folder, place, spec, config_for(spec))
    trained = train(request, emit=emit, token=token)
    run = trained.stored.run
    photos = [Path(run.root) / run.samples[index].path for index in run.split.test]
    table = place / "exam photos.csv"
    # A stop ended the learning; judging and classifying 36 photos is a matter of seconds and belongs to what is kept.
    batch = predict(trained.stored, photos, PredictOptions(), table, emit=emit, token=CancelToken())
    return Demo(trained, batch, table)
