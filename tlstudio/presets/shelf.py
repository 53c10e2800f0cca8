"""All presets: those that come with the program, and those that a person saved."""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from tlstudio import paths
from tlstudio.errors import TLStudioError
from tlstudio.presets.preset import Preset
from tlstudio.presets.preset_file import ENDING, read_preset, write_preset


def shipped_dir() -> Path:
    """Where the presets are that come with the program."""
    return paths.resources_dir() / "presets"


def own_dir() -> Path:
    """Where a person's own presets are kept."""
    return paths.home_dir() / "presets"


@lru_cache(maxsize=1)
def shipped_presets() -> tuple[Preset, ...]:
    """The presets that come with the program, by name.

    Raises:
        TLStudioError: If one of them is damaged.
    """
    return tuple(read_preset(file) for file in _files(shipped_dir()))


@dataclass(frozen=True, slots=True)
class OwnPresets:
    """What a person saved.

    Attributes:
        presets: By name.
        damaged: What is wrong with each file that can't be read.
    """

    presets: tuple[Preset, ...]
    damaged: tuple[TLStudioError, ...] = ()


def own_presets() -> OwnPresets:
    """A person's own presets; files that can't be read are told, and stop nothing."""
    presets, damaged = [], []
    for file in _files(own_dir()):
        try:
            presets.append(read_preset(file, shipped_dir()))
        except TLStudioError as error:
            damaged.append(error)
    return OwnPresets(tuple(presets), tuple(damaged))


def find_preset(text: str) -> Preset:
    """The preset of a name, in capitals or not, or in a file.

    Args:
        text: A name, or the path of a file.

    Raises:
        TLStudioError: If there is neither, or the file holds no preset.
    """
    wanted = text.lower()
    for preset in (*shipped_presets(), *own_presets().presets):
        if preset.name.lower() == wanted:
            return preset
    if text.lower().endswith(ENDING):
        return read_preset(Path(text), shipped_dir())
    raise TLStudioError(
        f"There is no preset called “{text}”.",
        f"“tlstudio list presets” names them all; the path of a file ends in {ENDING}.",
    )


def is_shipped(name: str) -> bool:
    """Whether a preset of this name comes with the program."""
    return any(preset.name.lower() == name.lower() for preset in shipped_presets())


def keep_preset(preset: Preset) -> None:
    """Keep a preset among the person's own, in the place of one of the same name.

    Raises:
        TLStudioError: If one of that name comes with the program, or it can't be written.
    """
    if is_shipped(preset.name):
        raise TLStudioError(f"A preset “{preset.name}” comes with the program.", "Choose another name.")
    write_preset(preset, _own_file(preset.name))


def add_preset(preset: Preset) -> Preset:
    """Keep a preset from elsewhere among the person's own, in nobody's place.

    Returns:
        What is here now: under another name where one that differs has its own, and the one that is here if it is the
        same.

    Raises:
        TLStudioError: If it can't be written.
    """
    here = {known.name.lower(): known for known in (*shipped_presets(), *own_presets().presets)}
    number, named = 1, preset
    while here.get(named.name.lower(), named) != named:
        number += 1
        name = f"{preset.name} {number}"
        named = replace(preset, name=name, title=name if preset.title == preset.name else preset.title)
    if named.name.lower() not in here:
        keep_preset(named)
    return named


def delete_preset(name: str) -> None:
    """Delete an own preset; nothing happens if there is none.

    Raises:
        TLStudioError: If its file can't be deleted.
    """
    try:
        _own_file(name).unlink(missing_ok=True)
    except OSError as error:
        raise TLStudioError(f"The preset “{name}” can't be deleted: {error.strerror}.") from error


def _own_file(name: str) -> Path:
    return own_dir() / f"{name}{ENDING}"


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob(f"*{ENDING}") if not file.name.startswith("."))
