"""Data, recipe and circumstances of a run as names and values, for HTML and Markdown alike."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from tlstudio.datasets.splits.split import PARTS
from tlstudio.errors import TLStudioError
from tlstudio.modeling.architectures import title_of
from tlstudio.modeling.head_text import written_head
from tlstudio.runs.run import Run, Scores
from tlstudio.training.config import Phase
from tlstudio.wording import counted, percent

Facts = list[tuple[str, str]]

_PHASES: Final = {"head": "Last layers (head)", "fine_tune": "Refining (fine-tuning)", "scratch": "All layers"}
_WEIGHTS: Final = {"bundled": "came with the program", "imagenet": "ImageNet", "none": "random"}


def network_title(run: Run) -> str:
    """What the network is called."""
    try:
        return title_of(run.spec.backbone)
    except TLStudioError:  # of a version of the program that knew more networks
        return run.spec.backbone


def counts(run: Run) -> list[tuple[str, int, int, int, int]]:
    """For each class its name and photos: learnt from, checked on, kept for the exam, all; the last line sums up."""
    tallies = [Counter(run.samples[index].class_name for index in getattr(run.split, part)) for part in PARTS]
    rows = []
    for name in run.classes:
        train, validation, test = (tally[name] for tally in tallies)
        rows.append((name, train, validation, test, train + validation + test))
    sums = [sum(row[column] for row in rows) for column in range(1, 5)]  # type: ignore[misc]
    return [*rows, ("All", sums[0], sums[1], sums[2], sums[3])]


def sharing(run: Run) -> str:
    """How the photos were shared out."""
    split = run.split_config
    shares = " / ".join(percent(share) for share in split.shares)
    groups = f", grouped by {split.group_column or split.group_by}" if split.group_by != "none" else ""
    return f"{split.method}{groups}, {shares} to learn from, check on and judge on, seed {split.seed}"


def network(run: Run) -> Facts:
    """What was built."""
    spec = run.spec
    found = [
        ("Network (backbone)", network_title(run)),
        ("Its weights at the beginning", f"{_WEIGHTS.get(spec.weights, 'a file of your own')}"),
        ("Identity of these weights (SHA-256)", run.weights_digest or "none"),
        ("Photo size", f"{spec.input_size} × {spec.input_size} pixels"),
        ("Cut after layer", spec.cut_layer or "the usual one"),
        ("Last layers (head)", written_head(spec.head)),
        ("Trained from layer", run.trained_from),
    ]
    return [fact for fact in found if fact[1] != "none"]


def phases(run: Run) -> list[tuple[str, str, str, str, str, str]]:
    """For each phase its name, epochs done, settings, and what it ended with: validation, exam, error of both."""
    rows = []
    for index, name in enumerate(run.history.phases):
        epochs = [epoch for epoch in run.history.epochs if epoch.phase == index]
        end = run.phase_ends[index] if index < len(run.phase_ends) else None
        figures = (end.validation, end.test) if end else (None, None)
        rows.append(
            (
                _PHASES.get(name, name),
                f"{len(epochs):,}",
                _settings(run.config.phases[index]) if index < len(run.config.phases) else "",
                _accuracy(figures[0]),
                _accuracy(figures[1]),
                " / ".join(f"{part.loss:.3f}" if part else "–" for part in figures),
            )
        )
    return rows


def training(run: Run) -> Facts:
    """How it learnt, apart from the phases."""
    seconds = run.seconds.get("total")
    varied = run.config.augmentation
    words = [f"{entry.name} {entry.in_words(getattr(varied, entry.name))}" for entry in varied.varied]
    return [
        ("Begun", run.created),
        *([("Goes on from", f"{run.origin}, {counted(run.origin_rounds, 'epoch')}")] if run.origin else []),
        ("Ended", "stopped by hand, the best weights kept" if run.status == "stopped" else "by itself"),
        ("Time in all", f"{seconds:,.0f} seconds" if seconds is not None else "unknown"),
        ("Varied copies (augmentation)", f"{', '.join(words)}; {varied.views} of each photo" if words else "none"),
        ("Seed", str(run.config.seed)),
        ("Repeatable bit for bit", "yes, one thread" if run.config.reproducible else "no"),
        ("Temperature of the scores", f"{run.temperature:.3f}"),
    ]


def circumstances(run: Run) -> Facts:
    """Versions and hardware."""
    hardware = run.hardware
    found = list(run.versions.items())
    if hardware.system:
        found.append(("System", hardware.system))
        found.append(("Processor", f"{hardware.processor}, {counted(hardware.cores, 'core')}"))
        found.append(("Graphics cards", ", ".join(hardware.gpus) or "none"))
    return found


def rejected(run: Run, further: Sequence[tuple[str, str]] = ()) -> Facts:
    """Files that could not be read, with the reason; ``further`` are those found when the model was judged."""
    return [*((entry.path, entry.reason) for entry in run.rejected), *further]


def _settings(phase: Phase) -> str:
    found = [
        f"{phase.optimizer.name}, learning rate {phase.learning_rate:g} ({phase.schedule.kind})",
        f"batches of {phase.batch_size}",
    ]
    if phase.unfreeze_from:
        found.append(f"from {phase.unfreeze_from} on")
    if phase.class_weights != "none":
        named = isinstance(phase.class_weights, str)
        found.append(f"class weights: {phase.class_weights if named else 'by hand'}")
    if phase.label_smoothing:
        found.append(f"label smoothing {phase.label_smoothing:g}")
    return ", ".join(found)


def _accuracy(scores: Scores | None) -> str:
    return percent(scores.accuracy, 1) if scores else "–"
