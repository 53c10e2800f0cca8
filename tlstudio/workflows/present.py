"""Results in the form that other programs read: the JSON of the command line, the same from the window."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from tlstudio.datasets.dataset import Dataset, Rejected
from tlstudio.datasets.looks import duplicates, quality
from tlstudio.datasets.looks.looks import CloserLook, look_at, looks_of
from tlstudio.datasets.splits.report import report_on
from tlstudio.datasets.splits.sharing import share_out
from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.evaluation.folds import CrossValidation
from tlstudio.evaluation.promise import CERTAINTY, Promise
from tlstudio.evaluation.report import Report
from tlstudio.prediction.prediction import BatchSummary
from tlstudio.runs.run import Scores
from tlstudio.workflows.scan import Scanned
from tlstudio.workflows.train import Trained

Json = dict[str, Any]


def scan_json(
    scanned: Scanned, seconds: float, closer: CloserLook | None = None, shares: SplitConfig | None = None
) -> Json:
    """What ``scan --json`` writes.

    Args:
        scanned: The photos.
        seconds: How long that took.
        closer: What a network said of the photos, if one was asked.
        shares: How a training would share them out; as it does unless told otherwise if None.
    """
    dataset = scanned.dataset
    kinds = [entry.kind for entry in dataset.ignored]
    return {
        "folder": dataset.root,
        "found": dataset.found,
        "photos": len(dataset.samples),
        "classes": dataset.counts(),
        "unlabelled": [sample.path for sample in dataset.unlabelled],
        "rejected": _rejected(dataset.rejected),
        "ignored": {kind: kinds.count(kind) for kind in ("hidden", "system", "other")},
        "samples": [
            {"path": s.path, "class": s.class_name, "width": s.width, "height": s.height, "digest": s.digest}
            for s in dataset.samples
        ],
        "problems": [
            {"code": p.code, "message": p.message, "hint": p.hint, "severity": p.severity, "folder": p.folder}
            for p in scanned.problems
        ],
        **_quality(dataset, closer, shares or SplitConfig()),
        "seconds": round(seconds, 3),
    }


def _quality(dataset: Dataset, closer: CloserLook | None, shares: SplitConfig) -> Json:
    """What the photos are like, and what lies on which side of the split, as far as it is known without a network."""
    appearance = look_at(replace(dataset, unlabelled=()))
    looks = looks_of(dataset, appearance, closer)
    flagged, seen = looks.flagged, len(dataset.samples) - looks.unseen
    found, plain = looks.duplicates, duplicates.duplicates_of(dataset, appearance.alike)
    shared_out = share_out(dataset, shares, plain)
    leaks, parts = duplicates.leaks(dataset, shared_out, found), report_on(dataset, shared_out, shares, plain)
    sizes, imbalance = quality.sizes(dataset), quality.imbalance(dataset)
    balance = quality.counts_sentence(dataset)
    advice = (
        duplicates.conflicts_sentence(found),
        duplicates.leaks_sentence(leaks),
        duplicates.duplicates_sentence(plain),
        duplicates.more_sentence(looks.more or 0),
        quality.flags_sentence(flagged),
        balance,
    )
    return {
        "sizes": asdict(sizes) if sizes else None,
        "imbalance": {"ratio": imbalance.ratio if imbalance else None, "words": balance},
        "duplicates": [
            {
                "kind": group.kind,
                "conflict": group.conflict,
                "paths": _paths(dataset, group.indices),
                "classes": list(group.classes),
            }
            for group in found.groups
        ],
        "flagged": [{"path": dataset.samples[index].path, "flags": list(names)} for index, names in flagged.items()],
        "closer_look": {"network": closer.network, "photos": seen, "more": looks.more} if closer else None,
        "split": {"totals": parts.totals, "classes": {name: dict(of_class) for name, of_class in parts.counts.items()}},
        "leaks": [_paths(dataset, group.indices) for group in leaks],
        "advice": [sentence for sentence in advice if sentence],
    }


def _paths(dataset: Dataset, indices: Sequence[int]) -> list[str]:
    return [dataset.samples[index].path for index in indices]


def train_json(trained: Trained) -> Json:
    """What ``train --json`` writes."""
    run, report = trained.stored.run, trained.report
    return {
        "run": str(trained.stored.folder),
        "classes": list(run.classes),
        "counts": {
            "train": len(run.split.train),
            "validation": len(run.split.validation),
            "test": len(run.split.test),
            "rejected": len(run.rejected),
        },
        "rejected": _rejected(run.rejected),
        "backbone": run.spec.backbone,
        "weights": run.spec.weights,
        "validation": _scores(run.validation),
        "test": {**_scores(run.test), "macro_f1": report.macro_f1} if report else None,
        "seconds": run.seconds,
        "status": run.status,
        "origin": run.origin or None,
    }


def report_json(report: Report) -> Json:
    """What ``evaluate --json`` writes."""
    return {
        "photos": len(report.photos),
        "accuracy": report.accuracy,
        "interval": list(report.interval),
        "baseline": report.baseline,
        "loss": report.loss,
        "macro_f1": report.macro_f1,
        "balanced_accuracy": report.balanced_accuracy,
        "top_k": {"k": report.top_k, "accuracy": report.top_k_accuracy},
        "ece": report.ece,
        "temperature": report.temperature,
        "uncalibrated": _uncalibrated(report),
        "reliability": [asdict(entry) for entry in report.reliability],
        "classes": list(report.classes),
        "per_class": {
            entry.name: {
                "precision": entry.precision,
                "recall": entry.recall,
                "f1": entry.f1,
                "support": entry.support,
                "precision_interval": list(report.precision_interval(index)),
                "recall_interval": list(report.recall_interval(index)),
            }
            for index, entry in enumerate(report.per_class)
        },
        "confusion": [list(row) for row in report.confusion],
        "predictions": [
            {
                "path": photo.path,
                "label": report.classes[photo.true],
                "top": [{"label": report.classes[index], "score": score} for index, score in photo.top],
            }
            for photo in report.photos
        ],
        "rejected": [{"path": path, "reason": reason} for path, reason in report.rejected],
    }


def _uncalibrated(report: Report) -> Json | None:
    """The figures before temperature scaling."""
    raw = report.uncalibrated
    return {"loss": raw.loss, "ece": raw.ece} if raw else None


def folds_json(checked: CrossValidation) -> Json:
    """What a cross-validation adds to ``evaluate --json``."""
    return {
        "photos": checked.photos,
        "accuracy": checked.accuracy,
        "interval": list(checked.interval),
        "loss": checked.loss,
        "head_only": checked.head_only,
        "folds": [{"photos": fold.photos, "accuracy": fold.accuracy, "loss": fold.loss} for fold in checked.folds],
    }


def predict_json(summary: BatchSummary) -> Json:
    """What ``predict --json`` writes."""
    return {
        "found": summary.found,
        "classified": summary.classified,
        "unsure": summary.unsure,
        "unreadable": summary.unreadable,
        "skipped": summary.skipped,
        "ignored": summary.ignored,
        "known": summary.known,
        "unlike": summary.unlike,
        "seconds": summary.seconds,
        "photos_per_second": summary.photos_per_second,
    }


def promise_json(given: Promise | None) -> Json | None:
    """What ``predict --json`` says of a promise; None where nothing was promised."""
    if given is None:
        return None
    low, high = given.interval
    return {
        "most_wrong": given.most_wrong,
        "threshold": given.threshold,
        "share": given.share,
        "share_low": low,
        "share_high": high,
        "checked": given.checked,
        "certainty": CERTAINTY,
    }


def _scores(scores: Scores | None) -> Json:
    return {} if scores is None else {"accuracy": scores.accuracy, "loss": scores.loss}


def _rejected(entries: tuple[Rejected, ...]) -> list[Json]:
    return [{"path": entry.path, "reason": entry.reason} for entry in entries]
