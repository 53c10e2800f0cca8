"""``--preset`` of ``train``: everything from a preset, but for what other options say."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from typing import Final

from tlstudio.cli.console import Console
from tlstudio.cli.preprocessing_option import preprocessed
from tlstudio.cli.split_options import SPLIT_OPTIONS, split_config
from tlstudio.cli.training_options import HOW_IT_LEARNS, changed
from tlstudio.datasets.augmentation.presets import find_augmentation
from tlstudio.datasets.reading.reading import FOLDER_LABELS, Reading, parse_reading
from tlstudio.datasets.walk import top_folders
from tlstudio.events import Notice
from tlstudio.modeling.head_text import parse_head
from tlstudio.modeling.layer_file import read_layers
from tlstudio.modeling.spec import ModelSpec
from tlstudio.paths import is_folder
from tlstudio.presets.preset import Preset, Setup
from tlstudio.presets.shelf import find_preset
from tlstudio.training.adjustment import adjusted, carried_over
from tlstudio.training.config import TrainConfig
from tlstudio.training.recipes import config_for, own_spec, spec_for
from tlstudio.workflows.train import TrainRequest

# What changes a preset, in the order of ``--help``.
_CHANGING: Final = (
    *("backbone", "architecture", "layers", "weights", "cut_layer", "head", "input_size", "preprocessing"),
    *("head_epochs", "fine_tune_epochs", "unfreeze_from", "augment"),
    *SPLIT_OPTIONS,
    "reproducible",
    *HOW_IT_LEARNS,
)


def add_preset_option(parser: ArgumentParser) -> None:
    """Add the option."""
    parser.add_argument(
        "--preset",
        metavar="NAME|FILE[,…]",
        help="network, training and shares from a preset: see “tlstudio list presets”; other options change it",
    )


def preset_request(options: Namespace, console: Console) -> TrainRequest:
    """What to train by a preset; one notice says what the other options change in it.

    Raises:
        TLStudioError: If there is no such preset, or an option doesn't go with it.
    """
    preset = find_preset(options.preset)
    setup = preset.setup()
    spec = _spec(setup.spec, options)
    config = changed(_config(setup, spec, options), options)
    console.emit(Notice(_notice(preset, setup, spec, options)))
    return TrainRequest(
        options.folder, options.out, spec, config, split_config(options, setup.split), _reading(setup, options)
    )


def _spec(spec: ModelSpec, options: Namespace) -> ModelSpec:
    """The network of the preset with what the options change; what belongs to a network goes with it."""
    head = parse_head(options.head) if options.head is not None else spec.head
    name = options.architecture or options.backbone
    if options.layers is not None:
        spec = own_spec(read_layers(options.layers), head=head)
    elif name is not None and name != spec.backbone:
        spec = spec_for(name, head=head)
    spec = replace(spec, head=head)
    if options.weights is not None:
        spec = replace(spec, weights=options.weights)
    if options.cut_layer is not None:
        spec = replace(spec, cut_layer=options.cut_layer)
    spec = preprocessed(spec, options)
    return spec.with_input_size(options.input_size) if options.input_size is not None else spec


def _config(setup: Setup, spec: ModelSpec, options: Namespace) -> TrainConfig:
    recipe = carried_over(setup.config, setup.spec, spec) or config_for(spec, augmentation=setup.config.augmentation)
    recipe = adjusted(
        recipe,
        spec,
        first_epochs=options.head_epochs,
        fine_tune_epochs=options.fine_tune_epochs,
        unfreeze_from=options.unfreeze_from,
    )
    if options.augment is not None:
        recipe = replace(recipe, augmentation=find_augmentation(options.augment))
    return replace(recipe, seed=setup.config.seed if options.seed is None else options.seed)


def _reading(setup: Setup, options: Namespace) -> Reading:
    labels = _labels(setup, options)
    return parse_reading(labels, parts=options.parts, hidden=options.hidden)


def _labels(setup: Setup, options: Namespace) -> str:
    """The rule of the options; that of the preset only where no folders can be classes."""
    flat = is_folder(options.folder) and not top_folders(options.folder)
    labels: str = setup.labels if options.labels == FOLDER_LABELS and flat else options.labels
    return labels


def _notice(preset: Preset, setup: Setup, spec: ModelSpec, options: Namespace) -> str:
    named = [f"--{name.replace('_', '-')}" for name in _CHANGING if getattr(options, name)]
    words = f"Preset {preset.name}: {preset.title}"
    words += f", changed by {', '.join(named)}." if named else "."
    if carried_over(setup.config, setup.spec, spec) is None:
        words += " Its training doesn't suit this network, which learns in its usual way."
    if setup.sizes is not None:
        words += f" Its source uses photos of {setup.sizes.words()} only; here all are used."
    return words
