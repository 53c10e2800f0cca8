"""What each command does: read the options, run the use case, show the result."""

import time
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from tlstudio.cli.console import Console
from tlstudio.datasets.augmentation.amounts import AUGMENTATIONS, AugmentationConfig
from tlstudio.datasets.augmentation.presets import AUGMENTATION_PRESETS, find_augmentation
from tlstudio.datasets.reading.reading import Reading, parse_reading
from tlstudio.datasets.sizes import size_in_words
from tlstudio.datasets.sources.catalogue import Download, SampleDataset, all_samples, find_sample
from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.evaluation.report import Report
from tlstudio.events import CancelToken, Notice
from tlstudio.modeling.architectures import ARCHITECTURES, get_architecture, title_of
from tlstudio.modeling.head_text import parse_head, written_head
from tlstudio.modeling.layer_file import layers_json, read_layers
from tlstudio.modeling.spec import ModelSpec
from tlstudio.prediction.batch import DEFAULT_THRESHOLD, DEFAULT_TOP, PredictOptions
from tlstudio.runs import store
from tlstudio.training.recipes import config_for, own_spec, recommended_spec, spec_for
from tlstudio.workflows import present
from tlstudio.workflows.demo import demo
from tlstudio.workflows.evaluate import evaluate
from tlstudio.workflows.list_backbones import list_backbones
from tlstudio.workflows.look_closer import closer_look
from tlstudio.workflows.open_sample import delete_download, unpacked_sample
from tlstudio.workflows.predict import predict
from tlstudio.workflows.scan import scan
from tlstudio.workflows.train import Trained, TrainRequest, train

_SHOWN_FILES = 20


def _scan(options: Namespace, console: Console, token: CancelToken) -> None:
    started = time.monotonic()
    scanned = scan(options.folder, _reading(options), emit=console.emit, token=token)
    dataset = scanned.dataset
    closer = closer_look(dataset, emit=console.emit, token=token) if options.closer else None
    counts = {"photos": len(dataset.samples) + len(dataset.unlabelled), "unreadable": len(dataset.rejected)}
    words = [f"{number:,} {what}" for what, number in counts.items() if number or what == "photos"]
    kinds = [entry.kind for entry in dataset.ignored]
    words += [f"{kinds.count(kind):,} {kind} files" for kind in ("hidden", "system", "other") if kind in kinds]
    console.say(f"{dataset.found:,} files: {', '.join(words)}.")
    for name, number in dataset.counts().items():
        console.say(f"  {number:>7,}  {name}")
    _say_files(console, "Unreadable:", [(entry.path, entry.reason) for entry in dataset.rejected])
    for problem in scanned.problems:
        console.say(f"{problem.message} {problem.hint}".strip())
    result = present.scan_json(scanned, time.monotonic() - started, closer)
    if closer is not None:
        _say_closer(console, result)
    console.finish(result)


def _say_closer(console: Console, result: dict[str, Any]) -> None:
    """What the network has found: the photos that it alone takes for the same."""
    seen = result["closer_look"]
    more = f"{seen['more']:,} more" if seen["more"] else "no more"
    console.say(f"{title_of(seen['network'])} compared {seen['photos']:,} photos: {more} look alike than without it.")


def _train(options: Namespace, console: Console, token: CancelToken) -> None:
    spec = _spec(options, console)
    config = config_for(
        spec,
        head_epochs=options.head_epochs,
        fine_tune_epochs=options.fine_tune_epochs,
        unfreeze_from=options.unfreeze_from,
        augmentation=None if options.augment is None else find_augmentation(options.augment),
        seed=options.seed,
        reproducible=options.reproducible,
    )
    shares = SplitConfig.parse(options.split, options.seed)
    parts = replace(shares, method=options.split_method).grouped_by(options.group_by)
    request = TrainRequest(options.folder, options.out, spec, config, parts, _reading(options))
    trained = train(request, emit=console.emit, token=token)
    _say_trained(console, trained)
    console.finish(present.train_json(trained))


def _spec(options: Namespace, console: Console) -> ModelSpec:
    """The network that the options name; where they name none, the program chooses and says so."""
    size, cut = options.input_size or 0, options.cut_layer
    head = None if options.head is None else parse_head(options.head)
    if options.layers is not None:
        own = own_spec(read_layers(options.layers), size, head)
        return replace(own, weights=options.weights or own.weights, cut_layer=cut)
    if options.architecture is not None:
        return spec_for(get_architecture(options.architecture).name, options.weights, size, cut, head)
    if options.backbone is None:
        chosen, why = recommended_spec(options.weights)
        console.emit(Notice(f"{why} It is used here: {title_of(chosen.backbone)}."))
        return spec_for(chosen.backbone, chosen.weights, size, cut, head)
    return spec_for(options.backbone, options.weights, size, cut, head)


def _say_trained(console: Console, trained: Trained) -> None:
    run = trained.stored.run
    if run.status == "stopped":
        console.say("Stopped early; the best weights so far are kept.")
    _say_files(console, "Left out, because they can't be read:", [(e.path, e.reason) for e in run.rejected])
    if trained.report:
        _say_verdict(console, trained.report)
    else:
        console.say("No photos were set aside for a final exam, so nobody knows how good it is.")
    console.say(f"The run is in {trained.stored.folder} ({run.seconds['total']:.1f} seconds).")


def _say_verdict(console: Console, report: Report) -> None:
    low, high = (round(100 * bound) for bound in report.interval)
    console.say(
        f"{report.right} of {len(report.photos)} photos it had never seen are right ({report.accuracy:.1%}). "
        f"Of 100 new photos, about {low} to {high} will be right."
    )


def _evaluate(options: Namespace, console: Console, token: CancelToken) -> None:
    stored = store.load(options.run)
    report = evaluate(stored, options.folder, _reading(options), emit=console.emit, token=token)
    _say_verdict(console, report)
    width = max(map(len, report.classes))
    console.say(f"{'':{width}}  found  right when said  photos")
    for entry in report.per_class:
        console.say(f"{entry.name:{width}}  {entry.recall:5.0%}  {entry.precision:15.0%}  {entry.support:6,}")
    _say_files(console, "Left out, because they can't be read:", list(report.rejected))
    console.finish(present.report_json(report))


def _predict(options: Namespace, console: Console, token: CancelToken) -> None:
    settings = PredictOptions(
        DEFAULT_TOP if options.top is None else options.top,
        DEFAULT_THRESHOLD if options.threshold is None else options.threshold,
    )
    stored = store.load(options.run)
    result = predict(stored, options.inputs, settings, options.csv, emit=console.emit, token=token)
    skipped = f" + {result.skipped:,} not reached" if result.skipped else ""
    console.say(
        f"{result.classified:,} sure + {result.unsure:,} unsure + {result.unreadable:,} unreadable{skipped} "
        f"= {result.found:,} photos, {result.photos_per_second:,.0f} a second."
    )
    console.finish(present.predict_json(result))


def _demo(options: Namespace, console: Console, token: CancelToken) -> Path | None:
    result = demo(options.out, emit=console.emit, token=token)
    _say_trained(console, result.trained)
    console.say(f"The {result.batch.found} exam photos, classified one by one, are in {result.table}.")
    console.finish(present.train_json(result.trained) | {"predict": present.predict_json(result.batch)})
    return None if options.headless else result.trained.stored.folder


def _download(options: Namespace, console: Console, token: CancelToken) -> None:
    sample = find_sample(options.sample)
    if options.delete:
        console.say(f"The download of {delete_download(sample.name)} is deleted.")
        console.finish({"sample": sample.name, "folder": None})
        return
    folder = unpacked_sample(sample.name, emit=console.emit, token=token)
    console.say(f"{sample.title} is in {folder}: {sample.photos:,} photos in {sample.classes} classes.")
    if isinstance(sample, Download):
        console.say(sample.licence)
    console.finish({"sample": sample.name, "folder": str(folder), "photos": sample.photos, "classes": sample.classes})


def _list(options: Namespace, console: Console, _token: CancelToken) -> None:
    entries = _LISTS[options.what]()
    width = max(len(entry["name"]) for entry in entries)
    for entry in entries:
        console.say(f"{entry['name']:{width}}  {entry['title']}: {entry['text']}")
    console.finish({options.what: entries})


def _list_architectures() -> list[dict[str, Any]]:
    """What is known of each, and its layers as ``--layers`` takes them."""
    return [
        {
            "name": entry.name,
            "title": entry.title,
            "text": f"{entry.description} {entry.parameters:,} numbers to learn before its last layers, "
            f"{'grey' if entry.table.channels == 1 else 'colour'}, {entry.input_size} px",
            "parameters": entry.parameters,
            "smallest": entry.min_size,
            "head": written_head(entry.head),
            "layers": layers_json(entry.table),
        }
        for entry in ARCHITECTURES
    ]


def _list_augmentations() -> list[dict[str, Any]]:
    """The amounts, and after them the presets that ``--augment`` takes."""
    amounts = [
        {
            "name": entry.name,
            "title": entry.title,
            "text": f"{entry.range_in_words()}. {entry.description}",
            "kind": "amount",
            "unit": entry.unit,
            "range": [entry.minimum, entry.maximum],
            "usual": entry.default,
        }
        for entry in AUGMENTATIONS
    ]
    presets = [
        {
            "name": preset.key,
            "title": f"Preset “{preset.title}”",
            "text": f"{preset.sentence} {_amounts_in_words(preset.config)}.",
            "kind": "preset",
            "config": preset.config,
        }
        for preset in AUGMENTATION_PRESETS
    ]
    return amounts + presets


def _amounts_in_words(config: AugmentationConfig) -> str:
    amounts = [f"{entry.name} {entry.in_words(getattr(config, entry.name))}" for entry in config.varied]
    checked = ["also of the photos to check on"] if config.validation else []
    return ", ".join([*amounts, f"fill {config.fill}", f"{config.views} copies of each photo", *checked])


def _list_samples() -> list[dict[str, Any]]:
    return [
        {"name": entry.name, "title": entry.title, "text": f"{_sample_facts(entry)}. {entry.description}"}
        for entry in all_samples()
    ]


def _sample_facts(sample: SampleDataset) -> str:
    size = f"{size_in_words(sample.size)} to download" if isinstance(sample, Download) else "comes with the program"
    return f"{sample.photos:,} photos, {sample.classes} classes, {size}"


_LISTS: Final[dict[str, Callable[[], Sequence[Mapping[str, Any]]]]] = {
    "backbones": list_backbones,
    "architectures": _list_architectures,
    "augmentations": _list_augmentations,
    "samples": _list_samples,
}


def _reading(options: Namespace) -> Reading:
    return parse_reading(options.labels, parts=options.parts, hidden=options.hidden)


def _say_files(console: Console, title: str, files: list[tuple[str, str]]) -> None:
    if files:
        console.say(title)
    for path, reason in files[:_SHOWN_FILES]:
        console.say(f"  {path}: {reason}")
    if len(files) > _SHOWN_FILES:
        console.say(f"  and {len(files) - _SHOWN_FILES:,} more; --json names them all")


# Each may return a run to show in the window.
RUNNERS: Final[dict[str, Callable[[Namespace, Console, CancelToken], Path | None]]] = {
    "demo": _demo,
    "scan": _scan,
    "train": _train,
    "evaluate": _evaluate,
    "predict": _predict,
    "download": _download,
    "list": _list,
}
