"""Options of ``train`` for single settings of the training, and how they change one."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar, cast, get_args

from tlstudio.cli.numbers import at_least
from tlstudio.cli.split_options import SPLIT_OPTIONS
from tlstudio.errors import TLStudioError
from tlstudio.training.config import (
    BatchNormMode,
    ClassWeights,
    Metric,
    Optimizer,
    OptimizerName,
    Phase,
    Schedule,
    ScheduleKind,
    Stop,
    TrainConfig,
    Weighting,
)

_T = TypeVar("_T")

_STOP_GRAMMAR: Final = (
    "when a phase ends early, with commas between several reasons: METRIC:N (N epochs in which it got no better), "
    "METRIC=X (as soon as an accuracy is that high, or a loss that low) or never; METRIC is one of "
    f"{', '.join(get_args(Metric))} (default: val_loss:5; from scratch val_loss:15)"
)


def add_training_options(parser: ArgumentParser) -> None:
    """Add the options; those left out leave what the network, a preset or ``--like`` says."""
    group = parser.add_argument_group("how it learns", "of all phases, unless it says otherwise")
    group.add_argument("--optimizer", type=_type(_optimizer), metavar="NAME", help=_OPTIMIZER_HELP)
    group.add_argument("--learning-rate", type=_rate, metavar="X", help="of the last layers, or of all from scratch")
    group.add_argument("--fine-tune-learning-rate", type=_rate, metavar="X", help="of fine-tuning (default 0.00001)")
    group.add_argument("--schedule", type=_type(_schedule), metavar="KIND", help=_SCHEDULE_HELP)
    group.add_argument("--batch-size", type=int, metavar="N", help="photos in one step (default 32)")
    group.add_argument("--class-weights", type=_type(_class_weights), metavar="RULE", help=_WEIGHTS_HELP)
    group.add_argument("--label-smoothing", type=float, metavar="X", help="share of the target for all classes alike")
    group.add_argument("--stop", type=_type(_stops), metavar="REASONS", help=_STOP_GRAMMAR)
    group.add_argument("--keep", choices=("best", "last"), help="weights of the best epoch (default) or of the last")
    group.add_argument(
        "--checkpoints", action="store_true", help="keep the weights after each epoch in the folder of the run"
    )
    group.add_argument("--keep-by", choices=get_args(Metric), help="what makes an epoch the best (default val_loss)")
    group.add_argument("--steps-per-epoch", type=at_least(0), metavar="N", help="batches in an epoch; 0 for all photos")
    group.add_argument("--validation-steps", type=at_least(0), metavar="N", help="batches in a check; 0 for all photos")
    group.add_argument("--batch-norm", choices=get_args(BatchNormMode), help=_BATCH_NORM_HELP)
    group.add_argument("--weight-decay", type=float, metavar="X", help="share of each weight that a step takes away")
    group.add_argument(
        "--decay", type=float, metavar="X", help="divide the learning rate by 1 + X times the steps done"
    )
    group.add_argument("--phase-sizes", type=_type(_sizes), metavar="N,N", help=_SIZES_HELP)
    group.add_argument("--live", action="store_true", help="read and vary the photos anew in each epoch")


def add_resume_option(parser: ArgumentParser) -> None:
    """Add ``--resume``."""
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on where the training of RUN was interrupted by a crash or an error, with its own settings",
    )


_BATCH_NORM_HELP: Final = "whether fine-tuning keeps the network's own averages (default) or learns them, too"
_SIZES_HELP: Final = (
    "width and height of the photos in each phase, with commas between them (progressive resizing); the last phase is "
    "repeated where there are more sizes than phases, and phases without one have the last"
)
_OPTIMIZER_HELP: Final = (
    f"{', '.join(get_args(OptimizerName))}; sgd:MOMENTUM, rmsprop:MOMENTUM or sgd:MOMENTUM:nesterov"
)
_SCHEDULE_HELP: Final = (
    "constant (default); step[:FACTOR[:EPOCHS]] (times FACTOR every so many epochs); cosine (down to 0); "
    "plateau[:FACTOR[:EPOCHS]] (times FACTOR when the validation loss has not fallen for so long); "
    "+N behind any of them for N epochs of warm-up"
)
_WEIGHTS_HELP: Final = (
    "none (default), balanced, max_count (photos of the largest class / photos of the class), or CLASS=WEIGHT with "
    "commas between them, the others counting 1"
)


# Options of the network and the split: a run says all of that itself.
_BROUGHT_BY_A_RUN: Final = (
    *("preset", "weights", "cut_layer", "head", "input_size", "preprocessing"),
    *("head_epochs", "fine_tune_epochs", "unfreeze_from", "augment", *SPLIT_OPTIONS),
)
_LENGTHS: Final = ("head_epochs", "fine_tune_epochs", "unfreeze_from")
_NETWORKS: Final = ("backbone", "architecture", "like", "layers", "tensorboard")
HOW_IT_LEARNS: Final = (
    *("optimizer", "learning_rate", "fine_tune_learning_rate", "schedule", "batch_size", "class_weights"),
    *("label_smoothing", "stop", "keep", "keep_by", "checkpoints", "live", "steps_per_epoch", "validation_steps"),
    *("batch_norm", "weight_decay", "decay", "phase_sizes"),
)
"""Options for single settings of phases, in the order of ``--help``."""


_WRITTEN: Final = {"origin": "from"}
"""Options whose words can't be names in Python."""


def require_nothing_else(options: Namespace) -> None:
    """Refuse options beside ``--like`` that the run brings itself.

    Raises:
        TLStudioError: If there is one.
    """
    _refuse(options, _BROUGHT_BY_A_RUN, "--like")


def require_nothing_different(options: Namespace) -> None:
    """Refuse options beside ``--from`` that are settled: a network goes on with what it is and what it has learnt from.

    Raises:
        TLStudioError: If there is one.
    """
    settled = (name for name in (*_BROUGHT_BY_A_RUN, *_NETWORKS) if name not in _LENGTHS and name != "tensorboard")
    _refuse(options, tuple(settled), "--from")


def require_nothing_new(options: Namespace) -> None:
    """Refuse options beside ``--resume``: a training goes on as it was begun.

    Raises:
        TLStudioError: If there is one.
    """
    _refuse(options, (*_BROUGHT_BY_A_RUN, *_NETWORKS, *HOW_IT_LEARNS, "origin"), "--resume")


def _refuse(options: Namespace, names: Sequence[str], beside: str) -> None:
    named = [name for name in names if getattr(options, name) not in (None, "", False)]
    if named:
        option = _WRITTEN.get(named[0], named[0].replace("_", "-"))
        raise TLStudioError(
            f"“--{option}” and “{beside}” don't go together: the run says that itself.",
            "Leave one of them out.",
        )


def changed(config: TrainConfig, options: Namespace) -> TrainConfig:
    """A training with the settings that the options name.

    Raises:
        TLStudioError: If a value is none that the setting can have.
    """
    settings: dict[str, Any] = {
        "optimizer": options.optimizer,
        "schedule": options.schedule,
        "batch_size": options.batch_size,
        "class_weights": options.class_weights,
        "label_smoothing": options.label_smoothing,
        "stops": options.stop,
        "keep": options.keep,
        "keep_by": options.keep_by,
        "steps_per_epoch": options.steps_per_epoch,
        "validation_steps": options.validation_steps,
        "checkpoint": "every" if options.checkpoints else None,
        "data": "live" if options.live else None,
    }
    given = {name: value for name, value in settings.items() if value is not None}
    try:
        phases = tuple(_changed_phase(phase, given, options) for phase in _sized(config.phases, options.phase_sizes))
        return replace(config, phases=phases, reproducible=config.reproducible or options.reproducible)
    except ValueError as error:
        raise TLStudioError(f"This can't be trained: {error}.", "“tlstudio train --help” says what goes.") from error


def _changed_phase(phase: Phase, given: dict[str, Any], options: Namespace) -> Phase:
    rate = options.fine_tune_learning_rate if phase.name == "fine_tune" else options.learning_rate
    rates = {} if rate is None else {"learning_rate": rate}
    phase = replace(phase, **given, **rates)
    if options.weight_decay is not None:
        phase = replace(phase, optimizer=replace(phase.optimizer, weight_decay=options.weight_decay))
    if options.decay is not None:
        phase = replace(phase, schedule=replace(phase.schedule, decay=options.decay))
    if options.batch_norm is not None and phase.name == "fine_tune":
        phase = replace(phase, batch_norm=options.batch_norm)
    return phase


def _sized(phases: tuple[Phase, ...], sizes: tuple[int, ...] | None) -> tuple[Phase, ...]:
    """The phases at these sizes, one after the other; the shorter of the two goes on as it ended."""
    if sizes is None:
        return phases
    phases = (*phases, *phases[-1:] * (len(sizes) - len(phases)))
    sizes = (*sizes, *sizes[-1:] * (len(phases) - len(sizes)))
    return tuple(replace(phase, input_size=size) for phase, size in zip(phases, sizes, strict=True))


def _type(read: Callable[[str], _T]) -> Callable[[str], _T]:
    """The type of an option: what is no value of it is said in a sentence."""

    def value(text: str) -> _T:
        try:
            return read(text)
        except ValueError as error:
            raise ArgumentTypeError(f"“{text}” can't be used: {error}") from error

    return value


def _rate(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise ArgumentTypeError(f"{text} is not above 0")
    return value


def _sizes(text: str) -> tuple[int, ...]:
    sizes = tuple(int(size) for size in text.split(","))
    if min(sizes) < 1:
        raise ValueError("a size is a number of pixels")
    return sizes


def _optimizer(text: str) -> Optimizer:
    name, *more = text.split(":")
    if name not in get_args(OptimizerName):
        raise ValueError(f"the optimizers are {', '.join(get_args(OptimizerName))}")
    if len(more) > 2 or more[1:] not in ([], ["nesterov"]):
        raise ValueError("behind the name come a momentum and “nesterov” at most")
    kind = cast("OptimizerName", name)
    return Optimizer(kind, momentum=float(more[0]) if more else 0.0, nesterov=len(more) == 2)


def _schedule(text: str) -> Schedule:
    course, _, warm_up = text.partition("+")
    name, *more = course.split(":")
    if name not in get_args(ScheduleKind):
        raise ValueError(f"the schedules are {', '.join(get_args(ScheduleKind))}")
    if len(more) > (2 if name in ("step", "plateau") else 0):
        raise ValueError("there are too many figures behind the name")
    usual = Schedule()
    return Schedule(
        kind=cast("ScheduleKind", name),
        factor=float(more[0]) if more else usual.factor,
        every=int(more[1]) if len(more) == 2 else usual.every,
        warm_up=int(warm_up) if warm_up else 0,
    )


def _class_weights(text: str) -> ClassWeights:
    if text in get_args(Weighting):
        return cast("Weighting", text)
    pairs = [entry.rpartition("=") for entry in text.split(",")]
    if not all(name for name, _, _ in pairs):
        raise ValueError(f"it is {', '.join(get_args(Weighting))} or CLASS=WEIGHT, with commas between several")
    return tuple((name.strip(), float(weight)) for name, _, weight in pairs)


def _stops(text: str) -> tuple[Stop, ...]:
    return () if text == "never" else tuple(_stop(reason.strip()) for reason in text.split(","))


def _stop(text: str) -> Stop:
    sign = "=" if "=" in text else ":"
    name, _, value = text.partition(sign)
    if name not in get_args(Metric) or not value:
        raise ValueError("a reason looks like val_loss:5 or accuracy=0.98")
    metric = cast("Metric", name)
    if sign == ":":
        return Stop(metric, patience=int(value))
    return Stop(metric, 0, at_most=float(value)) if name.endswith("loss") else Stop(metric, 0, at_least=float(value))
