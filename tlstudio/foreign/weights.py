"""HDF5 files from elsewhere: looked at object by object, so that reading them can't reach or fill anything else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tlstudio.foreign.refusal import refusal

_MOST_OBJECTS: Final = 50_000
_DEEPEST: Final = 48
_MOST_BYTES: Final = 2 << 30
_MAGIC: Final = b"\x89HDF\r\n\x1a\n"


def check_weights(path: Path, file: Path) -> None:
    """See that a file holds plain arrays of numbers and nothing else.

    Refused are links of all kinds but plain names, arrays that lie in other files (external storage, virtual data
    sets), packed or unwritten ones (they can claim any size), and anything but numbers.

    Args:
        path: The HDF5 file.
        file: The model that it belongs to, for the sentence.

    Raises:
        RefusedModelError: If there is anything else in it.
    """
    import h5py

    with path.open("rb") as stream:
        if stream.read(len(_MAGIC)) != _MAGIC:
            raise refusal(file, "holds no weights: they are damaged, or in another format", "Get the file again.")
    try:
        with h5py.File(path, "r") as opened:
            total = 0
            for name, dataset in _datasets(opened, file):
                total += _checked_size(name, dataset, file)
                if total > _MOST_BYTES:
                    raise refusal(file, f"claims weights of more than {_MOST_BYTES / 1e9:.0f} GB")
    except (OSError, KeyError, ValueError, RuntimeError, TypeError) as error:
        raise refusal(file, "holds damaged weights", "Get the file again.") from error


def _datasets(opened: Any, file: Path) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - h5py has no types
    """All arrays below the root, each once; a file may name one group in many places, and even within itself."""
    import h5py

    waiting: list[tuple[str, Any, int]] = [("", opened, 0)]
    seen: set[int] = set()
    while waiting:
        place, item, depth = waiting.pop()
        address = h5py.h5o.get_info(item.id).addr
        if address in seen or len(seen) > _MOST_OBJECTS or depth > _DEEPEST:
            raise refusal(file, "has weights that are nested or repeated without end")
        seen.add(address)
        if isinstance(item, h5py.Dataset):
            yield place, item
            continue
        if not isinstance(item, h5py.Group):
            raise refusal(file, f"holds something other than numbers among its weights (“{place[:80]}”)")
        if len(item) + len(waiting) > _MOST_OBJECTS:
            raise refusal(file, "has weights that are nested or repeated without end")
        for name in item:
            if not isinstance(item.get(name, getlink=True), h5py.HardLink):
                raise refusal(file, f"has weights that point to another place or file (“{place}/{name}”)"[:300])
            waiting.append((f"{place}/{name}", item[name], depth + 1))


def _checked_size(name: str, dataset: Any, file: Path) -> int:  # noqa: ANN401
    """Bytes of an array that lies in the file as it is."""
    if dataset.external or dataset.is_virtual:
        raise refusal(file, f"takes weights from another file (“{name[:80]}”)")
    if dataset.dtype.kind not in "fiub" or dataset.dtype.hasobject:
        raise refusal(file, f"holds something other than numbers among its weights (“{name[:80]}”)")
    size = int(dataset.nbytes)
    if dataset.id.get_storage_size() < size:
        raise refusal(file, f"claims weights that aren't in it (“{name[:80]}”)")
    return size
