"""What a run looked at in photos and what it learnt from: found out beside the window, kept, told to all views."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from PySide6.QtCore import QObject, QSettings, QTimer, Signal

from tlstudio.errors import TLStudioError
from tlstudio.events import Event, Progress
from tlstudio.prediction.explanation.heat_map import DEFAULT_STRENGTH, HeatMap, MapLayer, Method, Wish
from tlstudio.prediction.explanation.neighbours import Neighbour
from tlstudio.ui.session import Session
from tlstudio.workers.job import Task
from tlstudio.workflows.explain import Explainer

_KEPT: Final = 300
_SETTLE_MS: Final = 120  # whoever walks through photos with the arrow keys asks for the last one only
_IDLE_MS: Final = 180_000
_SHOWN_KEY, _STRENGTH_KEY = "evaluation/heat map", "evaluation/heat map strength"


@dataclass(frozen=True, slots=True)
class HeatView:
    """How heat maps are looked at, in every view alike.

    Attributes:
        shown: Whether they lie over the photos.
        strength: Of their colours, 0 to 1.
        method: How they are found; None for what fits the network.
        layer: Where Grad-CAM looks; "" for the last feature map.
    """

    shown: bool = False
    strength: float = DEFAULT_STRENGTH
    method: Method | None = None
    layer: str = ""

    def wish(self, class_index: int) -> Wish:
        """The heat map that is wanted for a class."""
        return Wish(class_index, self.method, self.layer)


class Explanations(QObject):
    """Asks for one photo at a time: first for its heat map where that is shown, then for its neighbours.

    Attributes:
        found: Something is known now, or known to be impossible; carries the ``Path`` of the photo.
        progressed: Carries what is being done, in a few words.
        view_changed: Heat maps are looked at in another way.
    """

    found = Signal(object)
    progressed = Signal(str)
    view_changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._explainer: Explainer | None = None
        self._known: OrderedDict[Hashable, object] = OrderedDict()
        self._wanted: tuple[Path, Wish | None] | None = None
        self.view = _remembered()
        self.layers: tuple[MapLayer, ...] = ()
        self._settling = QTimer(self, interval=_SETTLE_MS, singleShot=True)
        self._settling.timeout.connect(self._go_on)
        self._idle = QTimer(self, interval=_IDLE_MS, singleShot=True)
        self._idle.timeout.connect(self.release)
        session.run_changed.connect(self._follow_run)
        self._follow_run()

    @property
    def root(self) -> Path | None:
        """Folder of the photos that the open run learnt from."""
        return Path(self._explainer.stored.run.root) if self._explainer is not None else None

    def ask(self, photo: Path, class_index: int) -> None:
        """Find out about a photo what isn't known yet, instead of what was asked for before.

        Args:
            photo: One that the open run was judged on.
            class_index: What the heat map is to speak for.
        """
        self._wanted = (photo, self.view.wish(class_index) if self.view.shown else None)
        self._settling.start()

    def neighbours(self, photo: Path) -> tuple[Neighbour, ...] | str | None:
        """The photos most like it among those that were learnt from; why there are none; None while unknown."""
        return cast("tuple[Neighbour, ...] | str | None", self._known.get(photo))

    def heat_map(self, photo: Path, class_index: int) -> HeatMap | str | None:
        """The heat map as it is looked at now; why there is none; None while unknown."""
        return cast("HeatMap | str | None", self._known.get((photo, self.view.wish(class_index))))

    def set_view(self, view: HeatView) -> None:
        """Look at heat maps in another way, now and the next time the program runs."""
        if view != self.view:
            self.view = view
            QSettings().setValue(_SHOWN_KEY, view.shown)
            QSettings().setValue(_STRENGTH_KEY, view.strength)
            self.view_changed.emit()

    def release(self) -> None:
        """End the process that computes heat maps; the next question starts it again."""
        self._idle.stop()
        if self._explainer is not None:
            self._explainer.close()

    def _follow_run(self) -> None:
        stored = self._session.stored
        if self._explainer is not None and stored is not None and self._explainer.stored.folder == stored.folder:
            return
        self.release()
        self._settling.stop()
        self._wanted, self.layers = None, ()
        self._known.clear()
        self._explainer = Explainer(stored) if stored is not None else None

    def _go_on(self) -> None:
        """Begin the next thing that isn't known of the photo asked for."""
        explainer = self._explainer
        if explainer is None or self._wanted is None or self._session.runner.closed:
            return
        photo, wish = self._wanted
        self._idle.start()
        if wish is not None and (photo, wish) not in self._known:
            self._run((photo, wish), lambda emit, token: explainer.heat_map(photo, wish, emit=emit, token=token), photo)
        elif photo not in self._known:
            self._run(photo, lambda emit, token: explainer.neighbours(photo, emit=emit, token=token), photo)

    def _run(self, key: Hashable, task: Task, photo: Path) -> None:
        explainer = self._explainer
        job = self._session.runner.start("explain", task)
        job.reported.connect(self._tell)
        job.succeeded.connect(lambda answer: self._keep(explainer, key, answer, photo))
        job.failed.connect(lambda error: self._fail(explainer, key, error, photo))

    def _tell(self, event: Event) -> None:
        if isinstance(event, Progress):
            share = f" {event.done:,} of {event.total:,}" if event.total else ""
            self.progressed.emit(f"{event.note}{share}")

    def _keep(self, explainer: Explainer | None, key: Hashable, answer: object, photo: Path) -> None:
        if explainer is not self._explainer:
            return
        if isinstance(answer, HeatMap) and answer.layers:
            self.layers = answer.layers
        self._known[key] = answer
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        self.found.emit(photo)
        self._go_on()

    def _fail(self, explainer: Explainer | None, key: Hashable, error: Exception, photo: Path) -> None:
        if isinstance(error, TLStudioError):
            self._keep(explainer, key, f"{error.message} {error.hint}".strip(), photo)
        else:
            self._session.report_failure("evaluation", error)


def _remembered() -> HeatView:
    settings = QSettings()
    shown = settings.value(_SHOWN_KEY, False, type=bool) is True
    kept = settings.value(_STRENGTH_KEY, DEFAULT_STRENGTH, type=float)
    return HeatView(shown, kept if isinstance(kept, float) and 0 <= kept <= 1 else DEFAULT_STRENGTH)
