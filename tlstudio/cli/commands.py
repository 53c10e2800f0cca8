"""What each command does: read the options, run the use case, show the result."""

import time
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from tlstudio.cli.compare_command import run_compare
from tlstudio.cli.computing_options import choose_computing
from tlstudio.cli.console import Console
from tlstudio.cli.explain_command import run_explain
from tlstudio.cli.export_command import list_exporters, run_export
from tlstudio.cli.filing_options import run_undo
from tlstudio.cli.find_rate_command import run_find_rate
from tlstudio.cli.layer_listing import LAYERS, listed_layers, refuse_layer_options
from tlstudio.cli.open_model_command import run_open_model
from tlstudio.cli.predict_command import run_predict
from tlstudio.cli.preprocessing_option import preprocessed
from tlstudio.cli.preset_options import preset_request
from tlstudio.cli.queue_command import queued_names, train_several
from tlstudio.cli.report_options import write_reports
from tlstudio.cli.split_options import split_config
from tlstudio.cli.train_on_option import train_on_request
from tlstudio.cli.training_options import changed, require_nothing_else, require_nothing_new
from tlstudio.cli.weights_commands import run_check_up, run_weights
from tlstudio.datasets.augmentation.amounts import AUGMENTATIONS, AugmentationConfig
from tlstudio.datasets.augmentation.presets import AUGMENTATION_PRESETS, find_augmentation
from tlstudio.datasets.reading.reading import Reading, parse_reading
from tlstudio.datasets.sizes import size_in_words
from tlstudio.datasets.sources.catalogue import Download, SampleDataset, all_samples, find_sample
from tlstudio.errors import TLStudioError
from tlstudio.evaluation.folds import folds_sentence
from tlstudio.evaluation.report import Report
from tlstudio.evaluation.verdict import verdict
from tlstudio.events import CancelToken, Notice
from tlstudio.modeling.architectures import ARCHITECTURES, get_architecture, title_of
from tlstudio.modeling.head_text import parse_head, written_head
from tlstudio.modeling.layer_file import layers_json, read_layers
from tlstudio.modeling.spec import ModelSpec
from tlstudio.runs import store
from tlstudio.training.recipes import config_for, own_spec, spec_for
from tlstudio.training.recommendation import recommended_spec
from tlstudio.wording import counted
from tlstudio.workflows import present
from tlstudio.workflows.cautions import cautions
from tlstudio.workflows.cross_validate import cross_validate
from tlstudio.workflows.demo import demo
from tlstudio.workflows.evaluate import evaluate
from tlstudio.workflows.list_backbones import list_backbones
from tlstudio.workflows.list_presets import list_presets
from tlstudio.workflows.look_closer import closer_look
from tlstudio.workflows.open_sample import delete_download, unpacked_sample
from tlstudio.workflows.recommend import facts_of_folder
from tlstudio.workflows.repeat import repetition
from tlstudio.workflows.resume import resumption
from tlstudio.workflows.scan import scan
from tlstudio.workflows.train import Trained, TrainRequest, train

_SHOWN_FILES = 20


def _scan(options: Namespace, console: Console, token: CancelToken) -> None:
    started, shares = time.monotonic(), split_config(options)
    scanned = scan(options.folder, _reading(options), emit=console.emit, token=token)
    dataset = scanned.dataset
    closer = closer_look(dataset, emit=console.emit, token=token) if options.closer else None
    words = [counted(len(dataset.samples) + len(dataset.unlabelled), "photo")]
    words += [f"{len(dataset.rejected):,} unreadable"] if dataset.rejected else []
    kinds = [entry.kind for entry in dataset.ignored]
    words += [counted(kinds.count(kind), f"{kind} file") for kind in ("hidden", "system", "other") if kind in kinds]
    console.say(f"{counted(dataset.found, 'file')}: {', '.join(words)}.")
    for name, number in dataset.counts().items():
        console.say(f"  {number:>7,}  {name}")
    _say_files(console, "Unreadable:", [(entry.path, entry.reason) for entry in dataset.rejected])
    for problem in scanned.problems:
        console.say(f"{problem.message} {problem.hint}".strip())
    result = present.scan_json(scanned, time.monotonic() - started, closer, shares)
    if closer is not None:
        _say_closer(console, result)
    totals = result["split"]["totals"]
    if dataset.samples:
        console.say("Shared out: {train:,} to learn, {validation:,} to check, {test:,} to judge on.".format(**totals))
    console.finish(result)


def _say_closer(console: Console, result: dict[str, Any]) -> None:
    """What the network has found: the photos that it alone takes for the same."""
    seen = result["closer_look"]
    more = f"{seen['more']:,} more" if seen["more"] else "no more"
    console.say(f"{title_of(seen['network'])} compared {seen['photos']:,} photos: {more} look alike than without it.")


def _train(options: Namespace, console: Console, token: CancelToken) -> None:
    choose_computing(options)
    if options.resume:
        require_nothing_new(options)
        request = resumption(options.out, options.folder, emit=console.emit, token=token)
        _finish_training(train(request, emit=console.emit, token=token), console)
        return
    if options.origin is not None:
        _finish_training(train(train_on_request(options, console, token), emit=console.emit, token=token), console)
        return
    if queued_names(options)[1]:
        train_several(options, lambda single: _train_request(single, console, token), console, token)
        return
    _finish_training(train(_train_request(options, console, token), emit=console.emit, token=token), console)


def _finish_training(trained: Trained, console: Console) -> None:
    _say_trained(console, trained)
    console.finish(present.train_json(trained))


def _find_rate(options: Namespace, console: Console, token: CancelToken) -> None:
    choose_computing(options)
    if queued_names(options)[1]:
        raise TLStudioError("A learning rate is found for one network at a time.", "Name one.")
    run_find_rate(_train_request(options, console, token), options.phase, console, token)


def _train_request(options: Namespace, console: Console, token: CancelToken) -> TrainRequest:
    """What the options ask to train."""
    if options.like is not None:
        require_nothing_else(options)
        request = repetition(
            options.like, options.folder, options.out, _reading(options), emit=console.emit, token=token
        )
    elif options.preset is not None:
        request = preset_request(options, console)
    else:
        request = _request(options, console)
    return replace(request, config=changed(request.config, options), tensorboard=options.tensorboard)


def _request(options: Namespace, console: Console) -> TrainRequest:
    """What the options ask to train, but for single settings of the phases."""
    seed = options.seed or 0
    spec = preprocessed(_spec(options, console), options)
    config = config_for(
        spec,
        head_epochs=options.head_epochs,
        fine_tune_epochs=options.fine_tune_epochs,
        unfreeze_from=options.unfreeze_from,
        augmentation=None if options.augment is None else find_augmentation(options.augment),
        seed=seed,
        reproducible=options.reproducible,
    )
    return TrainRequest(options.folder, options.out, spec, config, split_config(options), _reading(options))


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
        facts = facts_of_folder(options.folder) if options.weights is None else None
        chosen, why = recommended_spec(options.weights, facts)
        console.emit(Notice(f"{why} It is used here: {title_of(chosen.backbone)}."))
        return spec_for(chosen.backbone, chosen.weights, size or chosen.input_size, cut, head)
    return spec_for(options.backbone, options.weights, size, cut, head)


def _say_trained(console: Console, trained: Trained) -> None:
    run = trained.stored.run
    if run.status == "stopped":
        console.say("Stopped early; the best weights so far are kept. “train --from” goes on from them.")
    if run.origin:
        more = counted(len(run.own_history.epochs), "epoch")
        console.say(f"It goes on from {run.origin}: {more} more, {len(run.history.epochs):,} in all.")
    _say_files(console, "Left out, because they can't be read:", [(e.path, e.reason) for e in run.rejected])
    if trained.report:
        _say_verdict(console, trained.report)
    else:
        console.say("No photos were set aside for a final exam, so nobody knows how good it is.")
    console.say(f"The run is in {trained.stored.folder} ({run.seconds['total']:.1f} seconds).")


def _say_verdict(console: Console, report: Report) -> None:
    right = f"{report.right} of {len(report.photos)} photos it had never seen are right ({report.accuracy:.1%})."
    console.say(f"{right} {verdict(report)}")


def _evaluate(options: Namespace, console: Console, token: CancelToken) -> None:
    stored = store.load(options.run)
    report = evaluate(stored, options.folder, _reading(options), emit=console.emit, token=token)
    _say_verdict(console, report)
    for caution in cautions(stored, report) if options.folder is None else ():
        console.say(f"{caution.sentence} {caution.advice}")
    width = max(map(len, report.classes))
    console.say(f"{'':{width}}  found  right when said  photos")
    for entry in report.per_class:
        console.say(f"{entry.name:{width}}  {entry.recall:5.0%}  {entry.precision:15.0%}  {entry.support:6,}")
    _say_files(console, "Left out, because they can't be read:", list(report.rejected))
    result = present.report_json(report)
    if options.folds:
        checked = cross_validate(stored, options.folds, reading=_reading(options), emit=console.emit, token=token)
        console.say(folds_sentence(checked))
        result["cross_validation"] = present.folds_json(checked)
    write_reports(options, stored, report, emit=console.emit, token=token)
    console.finish(result)


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
    entries = _listed(options)
    width = max(len(entry["name"]) for entry in entries)
    for entry in entries:
        console.say(f"{entry['name']:{width}}  {entry['title']}: {entry['text']}")
    console.finish({options.what: entries})


def _listed(options: Namespace) -> Sequence[Mapping[str, Any]]:
    if options.what == LAYERS:
        return listed_layers(options)
    refuse_layer_options(options)
    return _LISTS[options.what]()


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
    "presets": list_presets,
    "augmentations": _list_augmentations,
    "samples": _list_samples,
    "exporters": list_exporters,
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
    "find-rate": _find_rate,
    "evaluate": _evaluate,
    "compare": run_compare,
    "predict": run_predict,
    "undo": run_undo,
    "open-model": run_open_model,
    "explain": run_explain,
    "export": run_export,
    "download": _download,
    "weights": run_weights,
    "check-up": run_check_up,
    "list": _list,
}
