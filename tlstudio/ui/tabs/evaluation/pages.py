"""The views of the Evaluation tab: a new one is one entry of ``PAGES``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tlstudio.ui.tabs.evaluation.classes_page import ClassesPage
from tlstudio.ui.tabs.evaluation.compare_page import ComparePage
from tlstudio.ui.tabs.evaluation.labels_page import LabelsPage
from tlstudio.ui.tabs.evaluation.map_page import MapPage
from tlstudio.ui.tabs.evaluation.more_photos_page import MorePhotosPage
from tlstudio.ui.tabs.evaluation.overview_page import OverviewPage
from tlstudio.ui.tabs.evaluation.page import EvaluationPage, PageContext
from tlstudio.ui.tabs.evaluation.photos_page import PhotosPage
from tlstudio.ui.tabs.evaluation.shortcuts_page import ShortcutsPage


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One view.

    Attributes:
        key: What the program calls it.
        title: What the person calls it.
        build: Makes it.
    """

    key: str
    title: str
    build: Callable[[PageContext], EvaluationPage]


PAGES: Final = (
    PageEntry("overview", "Overview", OverviewPage),
    PageEntry("classes", "Classes", ClassesPage),
    PageEntry("photos", "Photos", PhotosPage),
    PageEntry("labels", "Labels", LabelsPage),
    PageEntry("shortcuts", "Shortcuts", ShortcutsPage),
    PageEntry("map", "Map", MapPage),
    PageEntry("more_photos", "More photos", MorePhotosPage),
    PageEntry("compare", "Compare runs", ComparePage),
)
