"""Finding the weights of a backbone: shipped with the program, in Keras's cache or by download, or a user's file."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import get_args

from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, Progress
from tlstudio.modeling.architectures import architecture_of, title_of
from tlstudio.modeling.backbones import STARTER, Backbone, Pretrained, get_backbone
from tlstudio.modeling.spec import ModelSpec
from tlstudio.paths import keras_models_dir, models_dir

_POLL_SECONDS = 0.2


def at_hand(backbone: Backbone, input_size: int) -> bool:
    """Whether its ready-made weights are on this computer, so that nothing needs downloading."""
    return ready_made(backbone, input_size).is_file()


def ready_made(backbone: Backbone, input_size: int) -> Path:
    """Where its ready-made weights are, or will be once they are downloaded."""
    if backbone.pretrained == "bundled":
        return models_dir() / backbone.weights_file
    return keras_models_dir() / backbone.imagenet_file(input_size)


def resolve(spec: ModelSpec, *, emit: Emit, token: CancelToken) -> str:
    """Path of the weights file that a spec asks for; "" for random weights. Downloads where it has to.

    Raises:
        TLStudioError: If a file is missing, or can't be downloaded.
        Cancelled: If the download was stopped.
    """
    if spec.weights == "none":
        return ""
    if architecture_of(spec):
        raise TLStudioError(
            f"{title_of(spec.backbone)} has no pre-trained weights.", "Choose weights “none”, or a pre-trained network."
        )
    backbone = get_backbone(spec.backbone)
    if spec.weights not in get_args(Pretrained):
        return str(_local_file(spec.weights))
    if spec.weights != backbone.pretrained:
        raise TLStudioError(*_no_such_weights(backbone))
    path = ready_made(backbone, spec.input_size)
    if path.is_file():
        return str(path)
    if spec.weights == "bundled":
        raise TLStudioError(
            f"The weights that ship with the program are not where they belong, in {path}.", "Install it again."
        )
    _download(backbone, spec.input_size, path, emit=emit, token=token)
    return str(path)


def _no_such_weights(backbone: Backbone) -> tuple[str, str]:
    """What is wrong, and what to do, where a backbone is asked for weights that it doesn't come with."""
    if backbone.pretrained == "bundled":
        return (
            f"There are no ImageNet weights of the {backbone.name} network: it learnt from other photos.",
            f"Leave out the weights, or choose “{backbone.pretrained}”.",
        )
    return (
        f"The weights of {backbone.title} don't ship with the program; only those of “{STARTER}” do.",
        f"Choose the network “{STARTER}”, or “{backbone.pretrained}” weights.",
    )


def _local_file(text: str) -> Path:
    path = Path(text).expanduser().resolve()
    if not path.is_file():
        raise TLStudioError(
            f"There is no weights file {text}.", "Give “bundled”, “imagenet”, “none” or the path of a file."
        )
    if path.suffix not in {".h5", ".hdf5"}:
        raise TLStudioError(
            f"{path.name} is no weights file in Keras's layout.", "Its name ends in .weights.h5 or .h5."
        )
    return path


def digest(path: str) -> str:
    """SHA-256 of a weights file, in hex; "" for no file."""
    if not path:
        return ""
    status = Path(path).stat()
    return _digest(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=64)
def _digest(path: str, size: int, changed: int) -> str:  # noqa: ARG001 - part of the key: a changed file is read again
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _download(backbone: Backbone, input_size: int, target: Path, *, emit: Emit, token: CancelToken) -> None:
    """Let Keras download, in a process of its own and into a folder of its own.

    Keras writes straight to the final name, so a download that is killed would look complete; and only a process can
    be stopped in the middle of one.
    """
    with _scratch_beside(target) as scratch:
        command = [sys.executable, "-m", "tlstudio.modeling.download", backbone.name, str(input_size)]
        environment = {**os.environ, "KERAS_HOME": scratch, "TF_CPP_MIN_LOG_LEVEL": "3"}
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(  # noqa: S603 - our own module
                command, env=environment, stdout=output, stderr=output, stdin=subprocess.DEVNULL
            )
            arriving = Path(scratch) / "models" / target.name
            try:
                _watch(process, arriving, backbone, emit=emit, token=token)
            finally:
                if process.poll() is None:
                    process.kill()
                process.wait()
            if process.returncode != 0 or not arriving.is_file():
                output.seek(0)
                raise _download_error(backbone, target, output.read().decode(errors="replace"))
        shutil.move(arriving, target)


def _scratch_beside(target: Path) -> "tempfile.TemporaryDirectory[str]":
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(prefix=".download-", dir=target.parent)
    except OSError as error:
        raise TLStudioError(
            f"Downloaded weights can't be kept in {target.parent}: {error.strerror}.",
            "Make the folder writable, or set KERAS_HOME to another one.",
        ) from error


def _watch(
    process: "subprocess.Popen[bytes]", arriving: Path, backbone: Backbone, *, emit: Emit, token: CancelToken
) -> None:
    total = backbone.weights_bytes
    while True:
        try:
            process.wait(_POLL_SECONDS)
        except subprocess.TimeoutExpired:
            token.check()
            done = arriving.stat().st_size if arriving.is_file() else 0
            emit(Progress("download", min(done, total), total, f"Downloading {backbone.title}"))
        else:
            return


def _download_error(backbone: Backbone, target: Path, output: str) -> TLStudioError:
    lines = [line for line in output.splitlines() if "fetch failure" in line] or output.splitlines()[-1:]
    return TLStudioError(
        f"The ImageNet weights of {backbone.title} are not on this computer and can't be downloaded.",
        f"Connect to the network and try again, or put the file {target.name} into {target.parent}, "
        f"or choose other weights. ({lines[-1].strip()[:200] if lines else 'no answer'})",
    )
