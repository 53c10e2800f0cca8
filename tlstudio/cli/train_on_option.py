"""``train --from RUN``: train on from a run."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path

from tlstudio.cli.console import Console
from tlstudio.cli.training_options import changed, require_nothing_different
from tlstudio.events import CancelToken
from tlstudio.runs import store
from tlstudio.runs.continuation import phases_of
from tlstudio.runs.plan import plan_of
from tlstudio.workflows.train import TrainRequest
from tlstudio.workflows.train_on import continuation_in


def add_origin_option(parser: ArgumentParser) -> None:
    """Add ``--from``."""
    parser.add_argument(
        "--from",
        dest="origin",
        type=Path,
        metavar="RUN",
        help="train on from the best weights of an earlier run, on its photos, as a run of its own: what was left when "
        "it was stopped, else its last phase once more, or as many --head-epochs and --fine-tune-epochs as you say; "
        "what is listed under “how it learns” holds for them",
    )


def train_on_request(options: Namespace, console: Console, token: CancelToken) -> TrainRequest:
    """What to train on.

    Raises:
        TLStudioError: If an option says what the run settles, it can't be gone on from, or its photos are not there.
        Cancelled: If a stop was asked for.
    """
    require_nothing_different(options)
    store.require_free(options.out)
    stored = store.load(options.origin)
    plan_of(stored)  # of a model from elsewhere nothing is known
    phases = phases_of(stored.run, options.head_epochs, options.fine_tune_epochs, options.unfreeze_from)
    wanted = changed(replace(stored.run.config, phases=phases), options)
    request = continuation_in(stored, wanted.phases, options.folder, options.out, emit=console.emit, token=token)
    config = replace(request.config, reproducible=wanted.reproducible)
    return replace(request, config=config, tensorboard=options.tensorboard)
