"""How quick this computer trains: learnt from every training that ended, kept in one small file."""

import platform
import statistics
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tlstudio import paths
from tlstudio.modeling.hardware import cores
from tlstudio.serialization import from_json, to_json
from tlstudio.whole_files import write_whole

_REMEMBERED: Final = 5  # measurements of a kind: the computer may be busier today than it was


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the file holds: for each computer, by the kind of work, how much longer it took than reckoned."""

    computers: dict[str, dict[str, tuple[float, ...]]] = field(default_factory=dict)


class PaceStore:
    """Factors between reckoned and measured time; a damaged file is as good as none."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file or paths.cache_dir() / "paces.json"
        self._computer = f"{platform.node()}, {platform.machine()}, {cores()} cores"

    def factor(self, *kind: str) -> float:
        """How much longer work of a kind takes than reckoned.

        Args:
            kind: What is done, such as "head", then with what, from the backbone to the details. Where that is new,
                what counts is work that shares as much of it as any does.
        """
        kept = self._read().computers.get(self._computer, {})
        for shared in range(len(kind), 0, -1):
            name = _name(kind[:shared])
            alike = [statistics.median(kept[other]) for other in kept if f"{other}:".startswith(f"{name}:")]
            if alike:
                return statistics.median(alike)
        return 1.0

    def keep(self, kind: Sequence[str], factor: float) -> None:
        """Keep a measurement of work of a kind."""
        kept = self._read()
        own = kept.computers.get(self._computer, {})
        name = _name(kind)
        factors = (*own.get(name, ()), round(factor, 4))[-_REMEMBERED:]
        with suppress(OSError):  # without it, the next forecast is as rough as the last
            write_whole(self._file, to_json(_Kept({**kept.computers, self._computer: {**own, name: factors}})))

    def _read(self) -> _Kept:
        try:
            return from_json(self._file.read_bytes(), _Kept)
        except (OSError, ValueError):
            return _Kept()


def _name(kind: Sequence[str]) -> str:
    return ":".join(kind)
