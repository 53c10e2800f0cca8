"""The real window, which imports photos, then relabels them and shares them out anew, and says what is done.

Run by test_import_kills.py. It says "begun", the number of photos once they are imported, then the number of each
action as soon as it is kept.
"""

import itertools
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from kills import say

from tlstudio.datasets.splits.split import SplitConfig

PHOTOS = 300
_AT_ONCE = 20


def names() -> list[str]:
    """The photos, as they lie in three class folders."""
    return [f"{('cat', 'dog', 'owl')[number % 3]}/{number:03}.png" for number in range(PHOTOS)]


@dataclass
class Wanted:
    """What the project has to hold after some actions.

    Attributes:
        labels: Class by path of the photos that were moved.
        seed: Of the shares that were chosen last; -1 for none.
    """

    labels: dict[str, str] = field(default_factory=dict)
    seed: int = -1

    @classmethod
    def after(cls, actions: int) -> "Wanted":
        """What actions 1, 2 and so on lead to."""
        wanted = cls()
        for number in range(1, actions + 1):
            if number % 3 == 0:
                wanted.seed = number
            else:
                wanted.labels.update(dict.fromkeys(moved_by(number), class_of(number)))
        return wanted


def moved_by(number: int) -> list[str]:
    """The photos that an action moves."""
    return names()[number % (PHOTOS // _AT_ONCE) :: PHOTOS // _AT_ONCE]


def class_of(number: int) -> str:
    """Where it moves them: each to a class of its own, so that every action changes something."""
    return f"class {number}"


def main(folder: Path, first: int) -> None:
    """Work until killed.

    Args:
        folder: The photos.
        first: Number of the first action.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import QSettings, QTimer

    from tlstudio import paths
    from tlstudio.app import create_application
    from tlstudio.ui.main_window import MainWindow

    patch("tlstudio.ui.session.prepare_training").start()  # no engine is made: it is not what is tried
    settings = paths.home_dir() / "settings"  # not the user's own
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(settings))
    app = create_application()
    window = MainWindow()
    photos, numbers = window.session.photos, itertools.count(first)

    def act() -> None:
        number = next(numbers)
        if number % 3 == 0:
            photos.set_split(SplitConfig(0.7, 0.2, 0.1, seed=number))
        elif photos.actions is not None:
            photos.do(photos.actions.move(moved_by(number), class_of(number)))
        say(number)

    def begin() -> None:
        say(len(photos.files.samples) if photos.files is not None else 0)
        photos.edited.connect(lambda: QTimer.singleShot(0, act))
        act()

    window.session.crashed.connect(say)
    photos.failed.connect(lambda _key, error: say(repr(error)))
    photos.opened.connect(begin)
    window.show()
    say("begun")
    window.open_place(folder)
    app.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
