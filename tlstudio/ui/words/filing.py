"""What is said while photos are filed, and afterwards. Knows no Qt."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from tlstudio.filing.action import Kind
from tlstudio.filing.execute import Failed, Filed
from tlstudio.filing.journals import Filing
from tlstudio.filing.undo import Undone
from tlstudio.wording import counted

_DOING: Final[dict[Kind, str]] = {
    "copy": "Copying photos",
    "move": "Moving photos",
    "hard link": "Linking photos",
    "symbolic link": "Linking photos",
    "write": "Writing keywords",
}
_DONE: Final[dict[Kind, str]] = {
    "copy": "copied",
    "move": "moved",
    "hard link": "linked",
    "symbolic link": "linked",
    "write": "written",
}


def doing(kind: Kind, done: int, total: int) -> str:
    """The title while it goes on: "Copying photos: 512 of 5,402"."""
    return f"{_DOING[kind]}: {done:,} of {total:,}" if total else _DOING[kind]


def done(kind: Kind, filed: Filed) -> str:
    """The title afterwards: "48 photos are copied into 5 folders"."""
    if kind == "write":
        title = f"{counted(filed.files, 'file')} {'is' if filed.files == 1 else 'are'} written"
    else:
        are = "is" if filed.done == 1 else "are"
        classes = counted(len(filed.counts), "folder")
        title = f"{counted(filed.done, 'photo')} {are} {_DONE[kind]} into {classes}"
    return f"Stopped: {title}" if filed.stopped else title


def rest(filed: Filed, place: str) -> str:
    """The line under it: where to, and what was left out."""
    parts = [place] if place else []
    if filed.sidecars:
        parts.append(f"{counted(filed.sidecars, 'sidecar file')} (.xmp) went along.")
    if filed.left:
        parts.append(f"{filed.left:,} not reached.")
    if filed.failed:
        parts.append(f"{counted(len(filed.failed), 'file')} left out. {first_of(filed.failed)}")
    parts += [f"{counted(count, 'photo')}: {remark}" for remark, count in filed.remarks.items()]
    return "  ".join(parts)


def first_of(failed: Sequence[Failed]) -> str:
    """The first of them, for instance "IMG_1.JPG: The disk is full."."""
    name = failed[0].path.replace("\\", "/").rsplit("/", 1)[-1]
    return f"{name}: {failed[0].reason}"


def undone(result: Undone) -> tuple[str, str]:
    """Title and line after undoing."""
    if result.left:
        return "Undoing has stopped", f"{counted(result.left, 'file')} to go: undo once more to go on."
    if result.kept:
        stay = f"{counted(len(result.kept), 'file')} {'stays' if len(result.kept) == 1 else 'stay'} as they are now."
        return "Undone, but for some files", f"{stay} {first_of(result.kept)}"
    return "Undone: everything is as it was before", f"{counted(result.done, 'file')} looked after."


def entry(filing: Filing) -> tuple[str, str]:
    """Title and line of a filing in the list of what was filed."""
    if filing.phase == "undone":
        rest = f", but for {counted(filing.failed, 'file')}" if filing.failed else ""
        title = f"{_DOING[filing.kind]}: undone{rest}"
    elif filing.interrupted:
        title = f"{_DOING[filing.kind]}: cut off"
    elif filing.phase == "stopped":
        title = f"{_DOING[filing.kind]}: stopped at {filing.done:,} of {filing.total:,}"
    elif filing.kind == "write":
        title = f"{counted(filing.done, 'file')} with keywords written"
    else:
        title = f"{counted(filing.done, 'photo')} {_DONE[filing.kind]}"
    moment = datetime.fromisoformat(filing.created).astimezone()
    return title, f"{moment.day} {moment:%b %Y, %H:%M}  {filing.target}"


def cut_off(filing: Filing) -> tuple[str, str]:
    """Title and line for one that a crash has cut off. No photo is lost by that."""
    if filing.phase == "undoing":
        return "Undoing was cut off", f"Go on brings back the rest. It is about {filing.target}."
    title = f"{_DOING[filing.kind]} was cut off"
    return title, f"Go on does the rest, Roll back brings back what was before. It is about {filing.target}."
