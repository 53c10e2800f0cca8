"""How many photos a second a backbone computes on this computer: measured once and kept, estimated until then."""

import os
import platform
import statistics
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tlstudio import paths
from tlstudio.events import CancelToken
from tlstudio.modeling.backbones import Backbone, find_backbone
from tlstudio.modeling.engine import BATCH, ENGINE_VERSION, Engine
from tlstudio.serialization import from_json, to_json
from tlstudio.whole_files import write_whole

# Multiplications a second on two cores of a laptop, with plain and with depthwise convolutions: those wait for memory.
_RATES: Final = {False: 65e9, True: 20e9}
_RATED_CORES: Final = 2

_ENOUGH_SECONDS: Final = 1.5
_SLOW_SECONDS: Final = 4.0


@dataclass(frozen=True, slots=True)
class Speed:
    """How quick a backbone is here.

    Attributes:
        photos_per_second: Photos that the engine computes in a second, reading them from disk not counted.
        measured: Whether that was measured on this computer, or is a rough estimate.
    """

    photos_per_second: float
    measured: bool

    def in_words(self) -> str:
        """Photos a second: as measured, or an estimate that says so and is rounded as roughly as it is made."""
        photos = self.photos_per_second
        return _written(photos) if self.measured else f"about {_written(float(f'{photos:.1g}'))}"


def _written(photos: float) -> str:
    return f"{photos:,.0f}" if photos >= 10 or photos == round(photos) else f"{photos:.1f}"


@dataclass(frozen=True, slots=True)
class _Measured:
    backbone: str
    input_size: int
    photos_per_second: float


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the file holds: measurements by the computer and the kind of engine that they were made with."""

    computers: dict[str, tuple[_Measured, ...]] = field(default_factory=dict)


class SpeedStore:
    """Measured speeds, in one small file; a damaged one is as good as none, since all of it can be measured again."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file or paths.cache_dir() / "speeds.json"
        self._computer = f"{platform.node()}, {platform.machine()}, {_cores()} cores, engine {ENGINE_VERSION}"
        self._measured = {(one.backbone, one.input_size): one.photos_per_second for one in self._own(self._read())}

    def has(self, backbone: str, input_size: int) -> bool:
        """Whether the speed at this input size in pixels was measured here."""
        return (backbone, input_size) in self._measured

    def keep(self, backbone: str, input_size: int, photos_per_second: float) -> None:
        """Keep a measurement; what other processes kept meanwhile stays."""
        kept = self._read()
        others = [one for one in self._own(kept) if (one.backbone, one.input_size) != (backbone, input_size)]
        own = (*others, _Measured(backbone, input_size, round(photos_per_second, 3)))
        self._write(_Kept({**kept.computers, self._computer: own}))
        self._measured[backbone, input_size] = photos_per_second

    def speed(self, backbone: Backbone, input_size: int) -> Speed:
        """The speed at an input size in pixels: measured, else by the backbone's own at another size, else by others'.

        The time for a photo grows with its area, and with the multiplications; the second only roughly so.
        """
        measured = self._measured.get((backbone.name, input_size))
        if measured is not None:
            return Speed(measured, measured=True)
        elsewhere = [
            photos_per_second * (size / input_size) ** 2
            for (name, size), photos_per_second in self._measured.items()
            if name == backbone.name
        ]
        estimate = statistics.median(elsewhere) if elsewhere else self._pace() * _rated(backbone, input_size)
        return Speed(estimate, measured=False)

    def _pace(self) -> float:
        """How much quicker this computer is than the one of the rates."""
        return statistics.median(list(self._paces()) or [_cores() / _RATED_CORES])

    def _paces(self) -> Iterator[float]:
        for (name, size), photos_per_second in self._measured.items():
            backbone = find_backbone(name)
            if backbone is not None:
                yield photos_per_second / _rated(backbone, size)

    def _own(self, kept: _Kept) -> tuple[_Measured, ...]:
        return kept.computers.get(self._computer, ())

    def _read(self) -> _Kept:
        try:
            return from_json(self._file.read_bytes(), _Kept)
        except (OSError, ValueError):
            return _Kept()

    def _write(self, kept: _Kept) -> None:
        with suppress(OSError):  # a full or read-only disk costs the next start a second measurement, no more
            write_whole(self._file, to_json(kept))


def _cores() -> int:
    return os.cpu_count() or 1


def _rated(backbone: Backbone, input_size: int) -> float:
    """Photos a second on the computer of the rates."""
    return _RATES[backbone.depthwise] / backbone.multiplications(input_size)


def measure(engine: Engine, input_size: int, *, token: CancelToken) -> float:
    """Photos a second that an engine computes.

    The quickest of a few batches counts: whatever else the computer does only makes them slower.

    Args:
        engine: From photos to features.
        input_size: Width and height of a photo in pixels.
        token: A stop takes effect after the present batch.

    Raises:
        Cancelled: If a stop was asked for.
    """
    photos = np.random.default_rng(0).integers(0, 256, (BATCH, input_size, input_size, 3), dtype=np.uint8)
    first = _seconds(engine, photos)
    if first > _SLOW_SECONDS:
        return BATCH / first
    seconds: list[float] = []  # without the first batch, which sets things up
    while sum(seconds) < _ENOUGH_SECONDS:
        token.check()
        seconds.append(_seconds(engine, photos))
    return BATCH / min(seconds)


def _seconds(engine: Engine, photos: NDArray[np.uint8]) -> float:
    started = time.perf_counter()
    engine.run(photos)
    return time.perf_counter() - started
