"""What writing keywords would come to: sidecar files beside the photos, or copies of them with the keyword inside."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from tlstudio.events import CancelToken, Emit, Progress
from tlstudio.filing.action import FilingAction
from tlstudio.filing.embedding import can_embed
from tlstudio.filing.files import facts_of
from tlstudio.filing.journals import journals_into
from tlstudio.filing.plan import FilingEntry, FilingOptions, FilingPlan, LeftOut
from tlstudio.filing.planning import plan_filing
from tlstudio.filing.reasons import CHANGED, GONE, reason_of
from tlstudio.filing.sidecars import ENDING, SidecarFolders, name_beside
from tlstudio.filing.tagged import TaggedCopy, tagged_before
from tlstudio.filing.tagging import copy_recipe, retagging_recipe, sidecar_copy_recipe, sidecar_recipe
from tlstudio.filing.xml_places import UnknownPacketError
from tlstudio.filing.xmp import with_keyword
from tlstudio.wording import counted

SidecarNames = Literal["full", "short"]
"""How new sidecars are called: "full" is ``photo.jpg.xmp``, "short" is ``photo.xmp``.

"full" is the default: darktable and digiKam read and write it for every photo, and ``photo.jpg`` and ``photo.png`` get
one each. Lightroom and Bridge look for "short", but only beside raw photos; what they are to find in a JPEG has to be
inside it, that is, in a copy.
"""

_BLOCK: Final = 4096  # bytes that the smallest file takes on most disks
_BEGINNING: Final = 16  # bytes that tell the kind of a file
_REPORTED: Final = 50  # files between two reports


def plan_sidecars(
    entries: Sequence[FilingEntry], names: SidecarNames = "full", *, emit: Emit, token: CancelToken
) -> FilingPlan:
    """See what writing sidecars beside photos would come to; nothing is touched.

    A sidecar that is there already is added to, whatever it is called. "short" names are used where only one photo has
    this name before its ending.

    Args:
        entries: Photos and their classes.
        names: How new ones are called.
        emit: Told the progress, stage "plan".
        token: Ends it.

    Raises:
        Cancelled: After a stop.
    """
    folders = SidecarFolders()
    actions: list[FilingAction] = []
    left_out: list[LeftOut] = []
    needed = added_to = 0
    for done, entry in enumerate(entries):
        if done % _REPORTED == 0:
            emit(Progress("plan", done, len(entries)))
            token.check()
        found = _look(entry, names, folders)
        if isinstance(found, LeftOut):
            left_out.append(found)
            continue
        actions.append(found.action)
        needed += found.needed
        added_to += found.is_there
    where = _common_folder(actions)
    free = shutil.disk_usage(where).free if where else 0
    notes = _added_note(added_to)
    return FilingPlan(where, "write", tuple(actions), tuple(left_out), needed=needed, free=free, notes=notes)


def _common_folder(actions: Sequence[FilingAction]) -> str:
    folders = sorted({str(action.target_path.parent) for action in actions})
    try:
        return os.path.commonpath(folders)
    except ValueError:  # none, or on several drives
        return folders[0] if folders else ""


def plan_tagged_copies(
    entries: Sequence[FilingEntry],
    options: FilingOptions,
    journal_folder: Path | None = None,
    *,
    emit: Emit,
    token: CancelToken,
) -> FilingPlan:
    """See what copies with their keyword inside would come to: in class folders, as ``plan_filing`` makes them.

    Photos of kinds that have no place for keywords are copied as they are, with a sidecar beside the copy. A copy that
    was made earlier, for another answer, is moved and gets the other keyword.

    Args:
        entries: Photos and their classes.
        options: Where to; the kind is "copy" whatever they say.
        journal_folder: As for ``plan_filing``.
        emit: Told the progress, stage "plan".
        token: Stops it.

    Raises:
        TLStudioError: As ``plan_filing``.
        Cancelled: If a stop was asked for.
    """
    target = Path(os.path.realpath(options.target))
    known = tagged_before(journals_into(journal_folder, target) if journal_folder else ())
    plan = plan_filing(entries, replace(options, kind="copy"), journal_folder, emit=emit, token=token)
    actions: list[FilingAction] = []
    left_out = list(plan.left_out)
    beside, folders = 0, SidecarFolders()
    for action, companions in _photos(plan.actions):
        before = known.get(action.photo)
        if before is not None and before.class_name == action.class_name:
            left_out.append(LeftOut(action.photo, "Its copy has the keyword already.", filed=True))
            continue
        if before is not None:
            actions += _retagged(action, before, folders)
            continue
        embeds = _embeds(Path(action.source))
        beside += not embeds
        actions += _tagged(action, companions, embeds=embeds)
    notes = plan.notes + _beside_note(beside)
    needed = plan.needed + _BLOCK * len(actions)
    return replace(plan, kind="write", actions=tuple(actions), left_out=tuple(left_out), needed=needed, notes=notes)


def _beside_note(beside: int) -> tuple[str, ...]:
    if not beside:
        return ()
    photos = f"{counted(beside, 'photo')} {'has' if beside == 1 else 'have'}"
    return (f"{photos} no place for keywords, being neither JPEG nor PNG: they go into a file beside the copy.",)


def _photos(actions: Sequence[FilingAction]) -> list[tuple[FilingAction, list[FilingAction]]]:
    """The action of each photo, with those of its sidecars."""
    photos: list[tuple[FilingAction, list[FilingAction]]] = []
    for action in actions:
        if action.companion:
            photos[-1][1].append(action)
        else:
            photos.append((action, []))
    return photos


def _tagged(action: FilingAction, companions: Sequence[FilingAction], *, embeds: bool) -> Iterator[FilingAction]:
    """A copy, or the move of an earlier one, as the actions that give it and its sidecars the keyword too."""
    is_new = action.kind == "copy"
    yield replace(action, kind="write", recipe=copy_recipe(action.class_name)) if embeds and is_new else action
    for companion in companions:
        yield from _tagged_sidecar(companion)
    if embeds and not is_new:
        yield _written_anew(action)
    if not embeds and not companions:
        yield _new_sidecar(action)


def _tagged_sidecar(companion: FilingAction) -> Iterator[FilingAction]:
    """The copy of a sidecar, or the move of an earlier one, as the actions that give it the keyword too."""
    if companion.kind == "copy":
        yield replace(companion, kind="write", recipe=sidecar_copy_recipe(companion.class_name))
    else:
        recipe = sidecar_recipe(companion.class_name)
        yield companion
        yield replace(companion, kind="write", source=companion.target, recipe=recipe)


def _new_sidecar(action: FilingAction) -> FilingAction:
    """What writes the sidecar of a copy that has none."""
    # Looked at after the action before has been done; the copy has the time of the photo.
    return replace(
        action,
        kind="write",
        source=action.target if action.kind == "move" else action.source,
        target=action.target + ENDING,
        origin=action.photo,
        recipe=sidecar_recipe(action.class_name),
        companion=True,
    )


def _retagged(action: FilingAction, before: TaggedCopy, folders: SidecarFolders) -> Iterator[FilingAction]:
    """What takes an earlier copy and its sidecars to the place of a new answer, with the keyword of that."""
    move = replace(
        action,
        kind="move",
        source=before.place,
        size=before.size,
        modified=before.modified,
        digest="",
        origin=action.photo,
    )
    yield move
    for companion in _along(move, folders):
        yield from _tagged_sidecar(companion)
    yield _written_anew(move)


def _along(move: FilingAction, folders: SidecarFolders) -> Iterator[FilingAction]:
    """The moves of the sidecars beside an earlier copy."""
    place, target = Path(move.source), move.target_path
    with suppress(OSError):  # gone since
        for name in folders.beside(str(place.parent), place.name).own:
            facts = facts_of(place.with_name(name))
            yield replace(
                move,
                source=str(place.with_name(name)),
                target=str(target.with_name(name_beside(name, place.name, target.name))),
                size=facts.size,
                modified=facts.modified,
                origin="",
                companion=True,
            )


def _written_anew(move: FilingAction) -> FilingAction:
    """What gives a copy another keyword where it has been moved to."""
    recipe = retagging_recipe(move.class_name)
    return replace(move, kind="write", source=move.target, digest="", origin=move.photo, recipe=recipe)


def _embeds(photo: Path) -> bool:
    try:
        with photo.open("rb") as file:
            return can_embed(file.read(_BEGINNING))
    except OSError:
        return False  # said when it is to be copied


@dataclass(frozen=True, slots=True)
class _Sidecar:
    """What is to be written beside a photo.

    Attributes:
        action: That writes it.
        needed: Bytes that it takes more than now.
        is_there: Whether there is one already.
    """

    action: FilingAction
    needed: int
    is_there: bool


def _look(entry: FilingEntry, names: SidecarNames, folders: SidecarFolders) -> _Sidecar | LeftOut:
    """What is to be done for one photo, or why nothing."""
    photo = entry.path.absolute()
    try:
        facts = photo.stat()
        if entry.stamp is not None and entry.stamp != (facts.st_size, facts.st_mtime_ns):
            return LeftOut(str(photo), CHANGED)
        place, is_there = _sidecar_of(photo, names, folders)
        before = place.read_bytes() if is_there else None
        after = with_keyword(before, entry.class_name)
    except FileNotFoundError:
        return LeftOut(str(photo), GONE)
    except OSError as error:
        return LeftOut(str(photo), reason_of(error))
    except UnknownPacketError as error:
        return LeftOut(str(photo), f"{place.name} stays as it is. {error}")
    if after == before:
        return LeftOut(str(photo), "Its keyword is there already.", filed=True)
    if not os.access(photo.parent, os.W_OK):
        return LeftOut(str(photo), "You may not write in its folder.")
    action = FilingAction(
        "write",
        str(photo),
        str(place),
        facts.st_size,
        facts.st_mtime_ns,
        entry.class_name,
        entry.digest,
        recipe=sidecar_recipe(entry.class_name),
    )
    return _Sidecar(action, max(len(after), _BLOCK), is_there)


def _added_note(added_to: int) -> tuple[str, ...]:
    if not added_to:
        return ()
    have, stays = ("has", "it") if added_to == 1 else ("have", "them")
    return (f"{counted(added_to, 'photo')} {have} a sidecar file: the rest of what is in {stays} stays.",)


def _sidecar_of(photo: Path, names: SidecarNames, folders: SidecarFolders) -> tuple[Path, bool]:
    """Where the sidecar of a photo is or is to be, and which of both."""
    beside = folders.beside(str(photo.parent), photo.name)
    if beside.own:
        return photo.with_name(beside.own[0]), True
    short = beside.alone and names == "short"
    return photo.with_name(f"{photo.stem if short else photo.name}{ENDING}"), False
