"""Options of ``train`` for single settings of the training, and how they change one."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar, cast, get_args

from tlstudio.cli.split_options import SPLIT_OPTIONS
from tlstudio.errors import TLStudioError
from tlstudio.training.config import (
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
    group.add_argument("--live", action="store_true", help="read and vary the photos anew in each epoch")


def add_resume_option(parser: ArgumentParser) -> None:
    """Add ``--resume``."""
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on where the training of RUN was interrupted by a crash or an error, with its own settings",
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
    *("preset", "weights", "cut_layer", "head", "input_size", "head_epochs", "fine_tune_epochs", "unfreeze_from"),
    *("augment", *SPLIT_OPTIONS),
)
_NETWORKS: Final = ("backbone", "architecture", "like", "layers", "tensorboard")
_HOW_IT_LEARNS: Final = (
    *("optimizer", "learning_rate", "fine_tune_learning_rate", "schedule", "batch_size", "class_weights"),
    *("label_smoothing", "stop", "keep", "checkpoints", "live"),
)


def require_nothing_else(options: Namespace) -> None:
    """Refuse options beside ``--like`` that the run brings itself.

    Raises:
        TLStudioError: If there is one.
    """
    _refuse(options, _BROUGHT_BY_A_RUN, "--like")


def require_nothing_new(options: Namespace) -> None:
    """Refuse options beside ``--resume``: a training goes on as it was begun.

    Raises:
        TLStudioError: If there is one.
    """
    _refuse(options, (*_BROUGHT_BY_A_RUN, *_NETWORKS, *_HOW_IT_LEARNS), "--resume")


def _refuse(options: Namespace, names: Sequence[str], beside: str) -> None:
    named = [name for name in names if getattr(options, name) not in (None, "", False)]
    if named:
        raise TLStudioError(
            f"“--{named[0].replace('_', '-')}” and “{beside}” don't go together: the run says that itself.",
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
        "checkpoint": "every" if options.checkpoints else None,
        "data": "live" if options.live else None,
    }
    given = {name: value for name, value in settings.items() if value is not None}
    try:
        phases = tuple(_changed_phase(phase, given, options) for phase in config.phases)
        return replace(config, phases=phases, reproducible=config.reproducible or options.reproducible)
    except ValueError as error:
        raise TLStudioError(f"This can't be trained: {error}.", "“tlstudio train --help” says what goes.") from error


def _changed_phase(phase: Phase, given: dict[str, Any], options: Namespace) -> Phase:
    rate = options.fine_tune_learning_rate if phase.name == "fine_tune" else options.learning_rate
    rates = {} if rate is None else {"learning_rate": rate}
    return replace(phase, **given, **rates)


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
