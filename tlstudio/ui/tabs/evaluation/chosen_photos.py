"""The exam photos that are chosen now: a click in one view of the Evaluation tab selects them in all."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from tlstudio.evaluation.report import JudgedPhoto


class ChosenPhotos(QObject):
    """A choice of photos of the open report, and what they are.

    Attributes:
        changed: Other photos are chosen now, or none.
        view_requested: They are to be shown in another view; carries its key.
    """

    changed = Signal()
    view_requested = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.title = ""
        self.photos: tuple[JudgedPhoto, ...] = ()

    def choose(self, title: str, photos: Sequence[JudgedPhoto]) -> None:
        """Choose photos.

        Args:
            title: What they are, such as "4 roses taken for tulips"; it stands over them.
            photos: Of the open report, in the order in which they are shown; there may be none.
        """
        self.title, self.photos = title, tuple(photos)
        self.changed.emit()

    def clear(self) -> None:
        """Choose nothing: the views show what they show by themselves."""
        if self.title or self.photos:
            self.choose("", ())

    def __bool__(self) -> bool:
        """Whether something is chosen, if only an empty cell."""
        return bool(self.title)
