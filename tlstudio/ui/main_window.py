"""The frame of the window: header, message bar, the page of the open tab, next-step bar."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QEvent, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFileDialog, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from tlstudio import paths
from tlstudio.datasets.sources.opening import can_open
from tlstudio.modeling.architectures import title_of
from tlstudio.paths import is_file, is_there
from tlstudio.runs.store import RUN_FILE, StoredRun
from tlstudio.ui import icons, theme, theme_settings
from tlstudio.ui.crash_dialog import CrashDialog
from tlstudio.ui.focus_order import neighbour
from tlstudio.ui.opening_models import ModelDesk, is_model
from tlstudio.ui.project_menu import ProjectMenu
from tlstudio.ui.session import TRAINED_MESSAGE, Session
from tlstudio.ui.shortcuts import HELP
from tlstudio.ui.tabs import TABS
from tlstudio.ui.tabs.tab import Tab
from tlstudio.ui.unfinished_filings import UnfinishedFilings
from tlstudio.ui.widgets.drop_area import dropped_paths
from tlstudio.ui.widgets.fields import SearchField
from tlstudio.ui.widgets.header import Header
from tlstudio.ui.widgets.help_dialog import HelpDialog
from tlstudio.ui.widgets.message_bar import Message, MessageBar
from tlstudio.ui.widgets.next_step_bar import NextStepBar
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.workflows.train import Trained

_SIZE: Final = (1440, 900)
_COMPACT_BELOW: Final = 1100
_SECONDS_TO_END: Final = 10.0


class MainWindow(QMainWindow):
    """The window. It shows what the tabs say and passes on what is pressed; it decides nothing about photos.

    Attributes:
        ready: Every tab has been made.
    """

    ready = Signal()

    def __init__(self, session: Session | None = None) -> None:
        super().__init__()
        self.session = session or Session(self)
        self._thumbnails = ThumbnailCache(self)
        self._tabs: dict[str, Tab] = {}
        self._closing = False
        self._header = Header(tuple(entry.title for entry in TABS))
        self._messages = MessageBar()
        self._pages = QStackedWidget()
        self._next = NextStepBar()
        self._models = ModelDesk(self.session, self)
        self._set_up()
        self._connect()
        self._add_shortcuts()
        self._make_tab(0)
        QTimer.singleShot(0, lambda: self._make_rest(1))

    # Making

    def _set_up(self) -> None:
        self.setWindowTitle("TL Studio")
        self.setWindowIcon(icons.mark_icon())
        self.setAcceptDrops(True)
        self.setMinimumSize(960, 540)
        self.resize(*_SIZE)
        frame = QWidget()
        column = QVBoxLayout(frame)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget, stretch in ((self._header, 0), (self._messages, 0), (self._pages, 1), (self._next, 0)):
            column.addWidget(widget, stretch)
        self.setCentralWidget(frame)
        menu = ProjectMenu(self.session, self.choose_folder, self.choose_run, self)
        self._header.project.setMenu(menu)
        self.addActions([menu.steps.undo, menu.steps.redo])
        self._header.set_steps(menu.steps.undo, menu.steps.redo)
        self.ready.connect(menu.leftovers.offer)
        self.ready.connect(UnfinishedFilings(self.session, self).offer)
        for _ in TABS:
            self._pages.addWidget(QWidget())
        geometry = QSettings().value("geometry")
        if isinstance(geometry, QByteArray):  # whatever stands in a file that others may have changed
            self.restoreGeometry(geometry)
        self._show_project()

    def _connect(self) -> None:
        self._header.tabs.currentChanged.connect(self._open_tab)
        self._header.help_requested.connect(self.show_help)
        self._messages.has_fix_changed.connect(self._next.set_waiting)
        self._next.action_triggered.connect(lambda: self._current().take_action())
        self._next.choice_triggered.connect(lambda: self._current().take_choice())
        self._next.pause_triggered.connect(lambda: self._current().pause_job())
        self._next.stop_triggered.connect(lambda: self._current().stop_job())
        self.session.posted.connect(self._messages.show_message)
        self.session.withdrawn.connect(self._messages.clear)
        self.session.tab_requested.connect(self.open)
        self.session.model_requested.connect(self._models.take)
        self.session.crashed.connect(self._show_crash)
        self.session.photos.changed.connect(self._show_project)
        self.session.run_changed.connect(self._show_project)
        self.session.training_ended.connect(self._training_ended)
        theme.notifier().chosen.connect(theme_settings.keep)

    def _add_shortcuts(self) -> None:
        actions = {
            "Ctrl+O": self.choose_folder,
            "Ctrl+Return": self._next.trigger_action,
            "Ctrl+Enter": self._next.trigger_action,
            "Ctrl+F": self._find,
            "F1": self.show_help,
            "F6": lambda: self._next_region(1),
            "Shift+F6": lambda: self._next_region(-1),
            "F8": self._next.trigger_pause,
            "Shift+F8": self._next.trigger_stop,
            "Esc": self._messages.close_current,
        }
        for keys, action in actions.items():
            QShortcut(QKeySequence(keys), self).activated.connect(action)
        for index in range(len(TABS)):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{index + 1}"), self)
            shortcut.activated.connect(lambda index=index: self._header.tabs.setCurrentIndex(index))

    def _make_tab(self, index: int) -> None:
        entry = TABS[index]
        tab = entry.make(self.session, self._thumbnails)
        self._tabs[entry.key] = tab
        self._pages.insertWidget(index, tab)
        placeholder = self._pages.widget(index + 1)
        if placeholder is not None:
            self._pages.removeWidget(placeholder)
            placeholder.deleteLater()
        tab.changed.connect(lambda: self._show_state(index))
        self._pages.setCurrentIndex(self._header.tabs.currentIndex())
        self._show_state(index)

    def _make_rest(self, index: int) -> None:
        """One tab in two turns of the event loop, after the window has been shown: its modules, then itself."""
        if self._closing:
            return
        if index == len(TABS):
            self.ready.emit()
            return
        TABS[index].load()
        QTimer.singleShot(0, lambda: self._make_next(index))

    def _make_next(self, index: int) -> None:
        if not self._closing:
            self._make_tab(index)
            QTimer.singleShot(0, lambda: self._make_rest(index + 1))

    # Showing

    def open(self, key: str) -> None:
        """Show the tab of this key."""
        self._header.tabs.setCurrentIndex([entry.key for entry in TABS].index(key))

    def _current(self) -> Tab:
        return self._tabs.get(TABS[self._header.tabs.currentIndex()].key) or self._tabs[TABS[0].key]

    def _open_tab(self, index: int) -> None:
        self._pages.setCurrentIndex(index)
        self._show_state(index)

    def _show_state(self, index: int) -> None:
        tab = self._tabs.get(TABS[index].key)
        if tab is None:
            return
        self._header.tabs.set_state(index, tab.state())
        if index != self._header.tabs.currentIndex():
            return
        job = tab.job_status()
        if job is None:
            self._next.show_step(tab.next_step())
        else:
            self._next.show_job(job, tab.stop_words, TABS[index].key)

    def _show_project(self) -> None:
        dataset, stored = self.session.photos.dataset, self.session.stored
        if stored is not None and stored.run.foreign:
            self._header.project.set_project(stored.run.name, title_of(stored.run.spec.backbone))
        elif dataset is None:
            self._header.project.set_project("TL Studio", "No photos yet")
        else:
            title = self.session.photos.title
            self._header.project.set_project(title, "Run saved" if stored else "Not trained yet")

    def _training_ended(self, trained: object) -> None:
        if self._closing:
            QTimer.singleShot(0, self.close)  # after everybody else has heard of it
        elif isinstance(trained, Trained):
            is_open = self.session.is_open(trained.stored)
            if not is_open or self._current() is not self._tabs.get("training"):
                line = "The run is saved." if is_open else "Its run is saved. Other photos are open now."
                see = partial(self._see, trained.stored)
                message = Message(TRAINED_MESSAGE, "The training is done.", "done", line)
                self.session.posted.emit(replace(message, choice="See how good it is", on_choice=see))

    def _see(self, stored: StoredRun) -> None:
        """Show how good a run is; open it first where other photos have been opened."""
        if not self.session.is_open(stored):
            self.session.open_run(stored.folder)
        self.open("evaluation")

    def show_help(self) -> None:
        """List the keys."""
        dialog = HelpDialog(HELP, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _show_crash(self, traceback_text: str) -> None:
        if self.findChild(CrashDialog) is not None:
            return  # one mistake leads to the next; the first one tells most
        dialog = CrashDialog(traceback_text, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _find(self) -> None:
        field = next((field for field in self._current().findChildren(SearchField) if field.isVisible()), None)
        if field is not None:
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _next_region(self, step: int) -> None:
        """Move the focus to the next part of the window that can take it."""
        regions = [self._header, self._messages, self._current(), self._next]
        focus = self.focusWidget()
        here = next((i for i, region in enumerate(regions) if focus is not None and region.isAncestorOf(focus)), 0)
        for distance in range(1, len(regions) + 1):
            region = regions[(here + step * distance) % len(regions)]
            target = next((w for w in region.findChildren(QWidget) if _takes_focus(w)), None)
            if region.isVisible() and target is not None:
                target.setFocus(Qt.FocusReason.TabFocusReason)
                return

    # Opening

    def open_place(self, place: Path) -> None:
        """Open a run or a model, or read a folder or archive of photos; nothing else is one of them."""
        if is_file(place / RUN_FILE):
            self.session.open_run(place)
        elif is_model(place):
            self._models.take(place)
        elif can_open(place) or not is_there(place):  # who reads it says what is the matter with it
            self.open("dataset")
            self.session.photos.open_folder(place)
        else:
            self.session.posted.emit(
                Message(
                    "dataset",
                    f"{place.name} is neither a folder nor an archive.",
                    "unsure",
                    "Drop the folder that the photos are in.",
                )
            )

    def choose_folder(self) -> None:
        """Ask for a folder of photos."""
        chosen = QFileDialog.getExistingDirectory(self, "Choose a folder of photos")
        if chosen:
            self.open_place(Path(chosen))

    def choose_run(self) -> None:
        """Ask for the folder of a run."""
        chosen = QFileDialog.getExistingDirectory(self, "Choose the folder of a run", str(paths.runs_dir()))
        if chosen:
            self.session.open_run(Path(chosen))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """The whole window takes a folder."""
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        dropped = dropped_paths(event.mimeData())
        if dropped:
            event.acceptProposedAction()
            self.open_place(dropped[0])

    # Closing

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lower bars where there is little room."""
        super().resizeEvent(event)
        self._next.set_compact(event.size().width() < _COMPACT_BELOW)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, N802 - Qt's own signature
        """Tab goes through the window in the order of reading.

        Qt asks for this as well when a widget that has the focus is hidden, switched off or about to be destroyed: it
        finds the way itself then, since half-destroyed widgets must not be touched from here.
        """
        current = self.focusWidget()
        if current is not None and not (current.isVisible() and current.isEnabled()):
            return super().focusNextPrevChild(next)
        stop = neighbour(self, forward=next)
        if stop is not None:
            stop.setFocus(Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason)
        return stop is not None

    def changeEvent(self, event: QEvent) -> None:
        """Follow what was done to the project in another window, before anything is done to it here."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.session.photos.catch_up()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close; a training is stopped first, and what it learnt is saved."""
        if self.session.training:
            self._closing = True
            self.session.stop_training()
            self.session.posted.emit(
                Message("training", "Closing as soon as the training has stopped.", "info", "What it learnt is saved.")
            )
            event.ignore()
            return
        self._closing = True
        QSettings().setValue("geometry", self.saveGeometry())
        self._thumbnails.shutdown()
        self.session.runner.shutdown(_SECONDS_TO_END)
        event.accept()


def _takes_focus(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
