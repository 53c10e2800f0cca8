"""What a project knows of the looks of its photos from a network: a fact of the photos, which undo leaves alone."""

import hashlib

from tlstudio.datasets.looks import CloserLook
from tlstudio.projects.cache import ProjectCache
from tlstudio.projects.project import Project
from tlstudio.serialization import to_json

_SETTING = "closer look"


def closer_look_key(project: Project) -> str:
    """Stands for what is known, so that what follows from it is found out again when it changes; "" for nothing."""
    return project.setting(_SETTING)


def closer_look_of(project: Project) -> CloserLook | None:
    """What a network said of the photos; None if none was asked, or the cache was lost."""
    key = closer_look_key(project)
    return ProjectCache(project).recall("closer look", key, CloserLook) if key else None


def keep_closer_look(project: Project, look: CloserLook) -> None:
    """Keep what a network said, beside what it said earlier of other photos."""
    earlier = closer_look_of(project)
    if earlier is not None and earlier.network == look.network:
        look = look.with_earlier(earlier)
    plain = [look.network, sorted(look.seen), sorted(look.near)]
    key = hashlib.sha256(to_json(plain)).hexdigest()
    ProjectCache(project).keep("closer look", key, look)
    project.set_setting(_SETTING, key)
