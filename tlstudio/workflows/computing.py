"""What a training says of the computer before it begins, and what is learnt of the computer after it."""

from dataclasses import replace

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.splits.split import Split
from tlstudio.errors import TLStudioError
from tlstudio.events import Emit, Notice
from tlstudio.modeling import backend
from tlstudio.modeling.hardware import Hardware, missing_support, nvidia_card
from tlstudio.modeling.spec import ModelSpec
from tlstudio.training.config import TrainConfig
from tlstudio.training.duration import learn_paces
from tlstudio.training.history import History
from tlstudio.training.paces import PaceStore
from tlstudio.training.workload import workloads
from tlstudio.workflows.forecast import amount_of, fit_memory


def started_hardware(config: TrainConfig, emit: Emit) -> Hardware:
    """Start TensorFlow, and say what it computes on where that is more, or less, than the processor.

    Raises:
        TLStudioError: If it already runs with other threads than the training needs.
    """
    backend.start(1 if config.reproducible else 0)
    hardware = backend.hardware()
    if hardware.gpus:
        emit(Notice(f"Computing on {' and '.join(hardware.gpus)}."))
    elif backend.preference().graphics:
        advice = missing_support(nvidia_card())
        if advice:
            emit(Notice(advice))
    return hardware


def fitted(spec: ModelSpec, config: TrainConfig, dataset: Dataset, parts: Split, emit: Emit) -> TrainConfig:
    """The training with batches that the free memory is enough for; says so where they are smaller.

    Raises:
        TLStudioError: If even single photos take far more memory than is free.
    """
    fitting, words = fit_memory(spec, config, dataset, parts)
    if words:
        emit(Notice(words))
    return fitting


def learn_from(spec: ModelSpec, config: TrainConfig, history: History, dataset: Dataset, parts: Split) -> None:
    """Keep how long the epochs of a training took: the next forecast is better for it."""
    try:
        works = workloads(spec, config, len(dataset.classes))
    except TLStudioError:
        return  # layers of a kind that nobody can count yet
    amount = replace(amount_of(config, dataset, parts), read=(0,) * len(works))
    learn_paces(spec, works, history, amount, PaceStore())
