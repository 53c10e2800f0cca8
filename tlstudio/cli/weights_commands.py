"""The commands about ready-made weights: the weights themselves, and the check-up with ImageNet's classes."""

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tlstudio.cli.console import Console
from tlstudio.datasets.sizes import size_in_words
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken
from tlstudio.modeling.weights_cache import delete, fetch, kept, written_directions
from tlstudio.modeling.weights_files import WeightsFile, published_files, weights_file
from tlstudio.workflows.check_up import Candidate, CheckUp, check_up, check_up_json
from tlstudio.workflows.manage_weights import check_weights, fit_json, list_weights, write_directions

_SHOWN_LAYERS: Final = 20
_STATES: Final = {
    "bundled": "comes with the program",
    "here": "on this computer",
    "partly": "partly downloaded",
    "away": "to download",
}


def run_weights(options: Namespace, console: Console, token: CancelToken) -> None:
    """``tlstudio weights ACTION``."""
    _ACTIONS[options.action](options, console, token)


def run_check_up(options: Namespace, console: Console, token: CancelToken) -> None:
    """``tlstudio check-up IMAGE... --backbone NAME``.

    Raises:
        TLStudioError: If there are more files of weights than networks; and as ``check_up``.
    """
    names, files = options.backbone, options.weights
    if len(files) > len(names):
        raise TLStudioError("There are more files of weights than networks.", "Give one --backbone for each --weights.")
    candidates = [Candidate(name, files[number] if number < len(files) else "") for number, name in enumerate(names)]
    result = check_up(options.images, candidates, options.photos, emit=console.emit, token=token)
    _say_answers(console, result)
    for path, reason in result.unreadable:
        console.say(f"{path}: {reason}")
    for sentence in result.advice:
        console.say(sentence)
    console.finish(check_up_json(result))


def _say_answers(console: Console, result: CheckUp) -> None:
    width = max(len(opinion.title) for opinion in result.opinions)
    for number, photo in enumerate(result.photos):
        console.say(Path(photo).name)
        for opinion in result.opinions:
            answers = ", ".join(f"{guess.name} {guess.score:.0%}" for guess in opinion.guesses[number])
            console.say(f"  {opinion.title:{width}}  {answers}")


def _list(_options: Namespace, console: Console, _token: CancelToken) -> None:
    entries = list_weights()
    width = max(len(entry["network"]) for entry in entries)
    for entry in entries:
        purpose = "for the check-up" if entry["top"] else "for training"
        size = size_in_words(entry["bytes"])
        some = f", {size_in_words(entry['arrived'])} of it here" if entry["state"] == "partly" else ""
        line = f"{entry['network']:{width}}  {purpose:16}  {size:>8}  {_STATES[entry['state']]}{some}"
        console.say(line)
    console.finish({"weights": entries})


def _download(options: Namespace, console: Console, token: CancelToken) -> None:
    file = _named(options)
    path = fetch(file, emit=console.emit, token=token)
    console.say(f"The weights of {file.title} are in {path}.")
    console.finish({"network": file.backbone.name, "top": file.top, "file": str(path)})


def _delete(options: Namespace, console: Console, _token: CancelToken) -> None:
    file = _named(options)
    if kept(file).place == "away":
        raise TLStudioError(f"The weights of {file.title} are not on this computer.", "There is nothing to delete.")
    freed = delete(file)
    console.say(f"The weights of {file.title} are deleted; {size_in_words(freed)} are free again.")
    console.finish({"network": file.backbone.name, "top": file.top, "freed": freed})


def _check(options: Namespace, console: Console, token: CancelToken) -> None:
    report = check_weights(options.file, options.backbone, top=options.top, token=token)
    console.say(report.sentence)
    if report.hint:
        console.say(report.hint)
    wrong = [layer for layer in report.layers if layer.verdict != "fits"]
    for layer in wrong[:_SHOWN_LAYERS]:
        console.say(f"  {layer.layer}: {layer.words}")
    if len(wrong) > _SHOWN_LAYERS:
        console.say(f"  and {len(wrong) - _SHOWN_LAYERS:,} more; --json names them all")
    console.finish(fit_json(report))
    if not report.fits:
        raise TLStudioError("The file can't be used for this network.")


def _directions(options: Namespace, console: Console, _token: CancelToken) -> None:
    names = options.name
    files = tuple(weights_file(name, top=options.top) for name in names) if names else published_files()
    text = written_directions(files)
    if options.out is None:
        console.say(text.rstrip())
    else:
        write_directions(options.out, text)
        console.say(f"The directions are in {options.out}.")
    facts = [{"name": file.name, "url": file.remote.urls[0], "checksum": file.remote.checksum} for file in files]
    console.finish({"files": facts})


def _named(options: Namespace) -> WeightsFile:
    return weights_file(options.name, top=options.top, input_size=options.input_size or 0)


_ACTIONS: Final[dict[str, Callable[[Namespace, Console, CancelToken], None]]] = {
    "list": _list,
    "download": _download,
    "delete": _delete,
    "check": _check,
    "directions": _directions,
}
