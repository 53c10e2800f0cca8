"""What a project knows of the looks of its photos from a network: a fact of the photos, which undo leaves alone."""

import hashlib

from tlstudio.datasets.looks.looks import CloserLook
from tlstudio.projects.cache import ProjectCache
from tlstudio.projects.project import Project
from tlstudio.serialization import to_json

_NAME = "closer look"  # of the setting that stands for what is known, and of what the cache keeps under it


def closer_look_of(project: Project) -> CloserLook | None:
    """What a network said of the photos; None if none was asked, or the cache was lost."""
    key = project.setting(_NAME)
    return ProjectCache(project).recall(_NAME, key, CloserLook) if key else None


def keep_closer_look(project: Project, look: CloserLook) -> None:
    """Keep what a network said, beside what it said earlier of other photos."""
    earlier = closer_look_of(project)
    if earlier is not None and earlier.network == look.network:
        look = look.with_earlier(earlier)
    plain = [look.network, sorted(look.seen), sorted(look.near)]
    key = hashlib.sha256(to_json(plain)).hexdigest()
    ProjectCache(project).keep(_NAME, key, look)
    project.set_setting(_NAME, key)
