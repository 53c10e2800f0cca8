"""How quick this computer trains: learnt from every training that ended, kept in one small file."""

import platform
import statistics
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

    def factor(self, kind: str, likeness: str = "") -> float:
        """How much longer work of a kind takes than reckoned.

        Args:
            kind: What is done, such as "head".
            likeness: With what, such as the backbone; work of the same kind with others counts where that is new.
        """
        kept = self._read().computers.get(self._computer, {})
        same = kept.get(f"{kind}:{likeness}")
        if same:
            return statistics.median(same)
        others = [statistics.median(factors) for name, factors in kept.items() if name.startswith(f"{kind}:")]
        return statistics.median(others) if others else 1.0

    def keep(self, kind: str, likeness: str, factor: float) -> None:
        """Keep a measurement."""
        kept = self._read()
        own = kept.computers.get(self._computer, {})
        name = f"{kind}:{likeness}"
        factors = (*own.get(name, ()), round(factor, 4))[-_REMEMBERED:]
        with suppress(OSError):  # without it, the next forecast is as rough as the last
            write_whole(self._file, to_json(_Kept({**kept.computers, self._computer: {**own, name: factors}})))

    def _read(self) -> _Kept:
        try:
            return from_json(self._file.read_bytes(), _Kept)
        except (OSError, ValueError):
            return _Kept()
