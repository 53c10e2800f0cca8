import subprocess
import sys
from pathlib import Path

import pytest

from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import CancelToken, Emit, Event, Progress
from tlstudio.modeling import weights as module
from tlstudio.modeling.backbones import get_backbone
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.weights import at_hand, digest, resolve
from tlstudio.paths import models_dir
from tlstudio.training.recipes import spec_for

IMAGENET = ModelSpec("mobilenet_0.25", "imagenet", 128)
FILE = "mobilenet_2_5_128_tf_no_top.h5"

_WRITES_HALF = "open(target, 'wb').write(b'half')"
_WRITES_ALL = "open(target, 'wb').write(b'whole')"
_FAILS = "sys.exit('Exception: URL fetch failure on https://example.org: no route')"
_WAITS = "time.sleep(30)"


@pytest.fixture
def downloader(monkeypatch: pytest.MonkeyPatch) -> list["subprocess.Popen[bytes]"]:
    """Runs ``downloader.script`` in place of the download; the list holds the processes."""

    class Started(list["subprocess.Popen[bytes]"]):
        script = ""

    started = Started()
    start = subprocess.Popen

    def instead(command: list[str], **options: object) -> "subprocess.Popen[bytes]":
        assert command[1:] == ["-m", "tlstudio.modeling.download", "mobilenet_0.25", "128"]
        begin = (
            "import os, sys, time\n"
            "folder = os.path.join(os.environ['KERAS_HOME'], 'models')\n"
            "os.makedirs(folder)\n"
            f"target = os.path.join(folder, {FILE!r})\n"
        )
        started.append(start([sys.executable, "-c", begin + started.script], **options))  # type: ignore[call-overload]
        return started[-1]

    monkeypatch.setattr(module.subprocess, "Popen", instead)
    return started


def models(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "keras" / "models").glob("*"))


def test_a_download_ends_in_kerass_own_cache(home: Path, downloader: list, silent: Emit) -> None:
    downloader.script = _WRITES_ALL
    path = resolve(IMAGENET, emit=silent, token=CancelToken())
    assert Path(path) == home / "keras" / "models" / FILE
    assert Path(path).read_bytes() == b"whole"
    assert models(home) == [FILE]
    assert at_hand(get_backbone("mobilenet_0.25"), 128)
    assert resolve(IMAGENET, emit=silent, token=CancelToken()) == path
    assert len(downloader) == 1, "what is there isn't downloaded"


@pytest.mark.parametrize("script", [_FAILS, f"{_WRITES_HALF}\n{_FAILS}", "pass"])
def test_a_download_that_fails_names_file_and_folder_and_leaves_nothing(
    home: Path, downloader: list, silent: Emit, script: str
) -> None:
    downloader.script = script
    with pytest.raises(TLStudioError, match="can't be downloaded") as caught:
        resolve(IMAGENET, emit=silent, token=CancelToken())
    assert FILE in caught.value.hint
    assert str(home / "keras" / "models") in caught.value.hint
    assert ("URL fetch failure" in caught.value.hint) == ("fetch failure" in script)
    assert models(home) == []


def test_a_download_that_is_stopped_leaves_nothing(home: Path, downloader: list) -> None:
    downloader.script = f"{_WRITES_HALF}\n{_WAITS}"
    token = CancelToken()
    seen: list[Event] = []

    def stop(event: Event) -> None:
        seen.append(event)
        if isinstance(event, Progress) and event.done:
            token.cancel()

    with pytest.raises(Cancelled):
        resolve(IMAGENET, emit=stop, token=token)
    assert downloader[0].poll() is not None
    assert models(home) == []
    assert {event.stage for event in seen if isinstance(event, Progress)} == {"download"}


def test_a_real_download_without_network(home: Path, monkeypatch: pytest.MonkeyPatch, silent: Emit) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("NO_PROXY", "")
    with pytest.raises(TLStudioError, match=r"MobileNet 0\.25 are not on this computer") as caught:
        resolve(IMAGENET, emit=silent, token=CancelToken())
    assert FILE in caught.value.hint
    assert "fetch failure" in caught.value.hint
    assert models(home) == []


def test_a_cache_that_can_not_be_written_is_an_error_for_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, silent: Emit
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "file"))
    with pytest.raises(TLStudioError, match="can't be kept"):
        resolve(IMAGENET, emit=silent, token=CancelToken())


def test_weights_of_ones_own(tmp_path: Path, silent: Emit) -> None:
    path = tmp_path / "my.weights.h5"
    path.write_bytes(b"x")
    assert resolve(ModelSpec("vgg16", str(path), 224), emit=silent, token=CancelToken()) == str(path.resolve())
    assert resolve(ModelSpec("vgg16", "none", 224), emit=silent, token=CancelToken()) == ""


@pytest.mark.parametrize(
    ("backbone", "weights", "message"),
    [
        ("vgg16", "nowhere.h5", "no weights file nowhere.h5"),
        ("vgg16", "notes.txt", "no weights file in Keras"),
        ("small_cnn", "imagenet", "no pre-trained weights"),
        ("alexnet", "imagenet", "no network called"),
        ("vgg16", "bundled", "only those of “starter” do"),
        ("starter", "imagenet", "no ImageNet weights of the starter"),
    ],
)
def test_weights_that_are_not_there_are_errors_for_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, silent: Emit, backbone: str, weights: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.txt").touch()
    with pytest.raises(TLStudioError, match=message):
        resolve(ModelSpec(backbone, weights, 224), emit=silent, token=CancelToken())


def test_bundled_weights_ship_with_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, silent: Emit) -> None:
    spec = spec_for("starter")
    assert Path(resolve(spec, emit=silent, token=CancelToken())).is_relative_to(models_dir())
    monkeypatch.setattr(module, "models_dir", lambda: tmp_path)
    with pytest.raises(TLStudioError, match="not where they belong"):
        resolve(spec, emit=silent, token=CancelToken())


def test_a_digest_follows_the_contents(tmp_path: Path) -> None:
    path = tmp_path / "any.h5"
    path.write_bytes(b"one")
    first = digest(str(path))
    path.write_bytes(b"other")
    assert digest(str(path)) != first
    assert digest("") == ""
