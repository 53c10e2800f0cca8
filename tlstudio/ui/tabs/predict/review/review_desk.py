"""The review queue: which photo comes next, what was decided, and how it is taken back."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken
from tlstudio.prediction.answers_file import answers_folder
from tlstudio.prediction.review.bursts import BurstFinder
from tlstudio.prediction.review.decisions import Decision, DecisionLog, Step, Verdict
from tlstudio.prediction.review.order import Candidate, Lineup, Order, Suggestion, suggestions
from tlstudio.runs.store import StoredRun
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.predict.review.gathering import Gather
from tlstudio.ui.tabs.quiet_job import QuietJob

_KEY: Final = "review"
_SETTLE_MS: Final = 600
_REST: Final = 5
_BESIDE: Final = 12  # photos before and after one that may be of the same moment


class ReviewDesk(QObject):
    """Photos that wait for a person, in the order wished, and all that was decided about them.

    Attributes:
        changed: Other photos wait, or something was decided or taken back.
        decided: Carries the paths (tuple of str) about which something else stands now.
        asked: Carries the path (str) of the photo to show next.
        recalled: Carries the answers (tuple of Candidate) about which something was decided earlier.
        burst_found: Carries the paths (tuple of Path) of the moment of the photo that is looked at.
    """

    changed = Signal()
    decided = Signal(object)
    asked = Signal(str)
    recalled = Signal(object)
    burst_found = Signal(object)

    def __init__(self, session: Session, collect: Callable[[], Gather], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._collect = session, collect
        self._log: DecisionLog | None = None
        self._steps: list[Step] = []
        self._said: dict[str, list[Decision]] = {}
        self._standing: dict[str, Decision] = {}
        self._closed: set[str] = set()
        self._line = Lineup()
        self._asks = False
        self._here: set[str] = set()
        self._order: Order = "least_sure"
        self._current = ""
        self._finder = BurstFinder()
        self._loading, self._gathering, self._looking = (QuietJob(session, self) for _ in range(3))
        self._settling = QTimer(self, interval=_SETTLE_MS, singleShot=True)
        self._settling.timeout.connect(self._gather)
        self._loading.succeeded.connect(self._loaded)
        self._gathering.succeeded.connect(lambda found: self._take_gathered(*found))
        self._begun = 0.0
        self._looking.succeeded.connect(self.burst_found)

    # What waits

    def set_run(self, stored: StoredRun | None) -> None:
        """Review the answers of another run."""
        for job in (self._loading, self._gathering, self._looking):
            job.cancel()
        self._take_steps([])
        self._current = ""
        self._here = set()
        if self._log is not None:
            self._log.release()
        self._log = DecisionLog(answers_folder(stored.folder), stored.run.classes) if stored is not None else None
        self._line_up(Lineup())
        if self._log is not None:
            log = self._log
            self._loading.start(lambda _emit, _token: log.steps())

    def refresh(self) -> None:
        """Look soon which photos wait: there are other answers, or others are sure now."""
        if not self._settling.isActive():
            self._settling.start()

    def set_order(self, order: Order) -> None:
        """Ask about the photos in another order, from its beginning."""
        self._order, self._asks = order, True
        self._gather()

    @property
    def order(self) -> Order:
        """The order in which photos are asked about."""
        return self._order

    @property
    def to_go(self) -> int:
        """Photos that wait, those put off included."""
        return len(self._line.candidates) - len(self._closed)

    @property
    def undoable(self) -> bool:
        """Whether there is a decision about these photos to take back."""
        return self._last_step() is not None

    def standing(self) -> Mapping[str, Decision]:
        """What stands about each photo, by absolute path."""
        return self._standing

    def decision(self, path: str) -> Decision | None:
        """What stands about a photo."""
        return self._standing.get(path)

    def candidate(self, path: str) -> Candidate | None:
        """What is known of a photo of the queue."""
        place = self._line.places.get(path)
        return self._line.candidates[place] if place is not None else None

    def suggestions(self) -> list[Suggestion]:
        """The photos that nothing was decided about, by the class that the model suggests."""
        return suggestions([each for each in self._line.candidates if each.path not in self._standing])

    # Walking

    def look_at(self, path: str) -> None:
        """A photo is looked at: the one that is decided next."""
        self._current = path
        self._looking.cancel()
        if path in self._line.places and self._is_open(path):
            photos = [Path(other) for other in self._line.beside(path, _BESIDE) if self._is_open(other)]
            if len(photos) > 1:
                find = partial(self._finder.burst_of, Path(path), photos)
                self._looking.start(lambda _emit, token: find(token=token))

    def walk(self, by: int) -> None:
        """Show the next photo that waits, or the one before, without a decision."""
        waiting = [each.path for each in self._line.candidates if self._is_open(each.path)]
        if not waiting:
            return
        at = waiting.index(self._current) + by if self._current in waiting else 0
        self.asked.emit(waiting[at % len(waiting)])

    def ask_first(self) -> None:
        """Show the first photo that waits."""
        following = self._following(-1)
        if following:
            self.asked.emit(following)

    # Deciding

    def decide(self, verdict: Verdict, class_name: str = "", photos: Iterable[Path] = ()) -> None:
        """Decide about the photo that is looked at, and all that are decided with it; then ask about the next one.

        Args:
            verdict: What is said.
            class_name: The class, where it is one.
            photos: Those of the same moment, which are decided alike.
        """
        if self._current:
            paths = dict.fromkeys([self._current, *(str(photo) for photo in photos)])
            self.record([Decision(path, verdict, class_name, self._digest(path)) for path in paths])

    def record(self, decisions: Sequence[Decision]) -> None:
        """Keep decisions as one step, and ask about the next photo where the one looked at is among them."""
        if self._log is None or not decisions:
            return
        try:
            self._log.hold()
            step = self._log.record(decisions)
        except TLStudioError as error:
            self._session.report_failure(_KEY, error)
            return
        self._steps.append(step)
        self._here.update(each.path for each in step.decisions)
        for each in step.decisions:
            self._said.setdefault(each.path, []).append(each)
        self._tell(step)
        place = self._line.places.get(self._current)
        if place is not None and any(each.path == self._current for each in step.decisions):
            following = self._following(place)
            self.asked.emit(following or self._current)

    def undo(self) -> None:
        """Take the last decision about these photos back, and show what it was about."""
        step = self._last_step()
        if step is None or self._log is None:
            return
        try:
            self._log.undo(step)
        except TLStudioError as error:
            self._session.report_failure(_KEY, error)
            return
        self._steps.remove(step)
        for each in step.decisions:
            self._said[each.path].remove(each)
        self._tell(step)
        self.refresh()
        self.asked.emit(step.decisions[0].path)

    def _digest(self, path: str) -> str:
        candidate = self.candidate(path)
        return candidate.digest if candidate is not None else ""

    def _tell(self, step: Step) -> None:
        for path in {each.path for each in step.decisions}:
            if self._said[path]:
                self._standing[path] = self._said[path][-1]
            else:
                del self._standing[path]
            closed = path in self._line.places and not self._is_open(path)
            (self._closed.add if closed else self._closed.discard)(path)
        self.decided.emit(tuple(each.path for each in step.decisions))
        self.changed.emit()

    def _last_step(self) -> Step | None:
        return next((step for step in reversed(self._steps) if any(map(self._concerns, step.decisions))), None)

    def _concerns(self, decision: Decision) -> bool:
        return decision.path in self._line.places or decision.path in self._here

    def _is_open(self, path: str) -> bool:
        decision = self._standing.get(path)
        return decision is None or decision.verdict == "later"

    def _following(self, place: int) -> str:
        """The next photo that nothing was said about after a place, else from the beginning, else one put off."""
        put_off = ""
        for each in chain(self._line.candidates[place + 1 :], self._line.candidates[: place + 1]):
            if each.path not in self._standing:
                return each.path
            if not put_off and self._is_open(each.path):
                put_off = each.path
        return put_off

    # What comes from other threads

    def _loaded(self, steps: Sequence[Step]) -> None:
        here = {step.moment for step in self._steps}
        self._take_steps([*(step for step in steps if step.moment not in here), *self._steps])
        self.changed.emit()
        self.refresh()

    def _take_steps(self, steps: list[Step]) -> None:
        self._steps, self._said = steps, {}
        for step in steps:
            for each in step.decisions:
                self._said.setdefault(each.path, []).append(each)
        self._standing = {path: said[-1] for path, said in self._said.items()}
        self._count_closed()

    def _count_closed(self) -> None:
        self._closed = {path for path in self._standing if path in self._line.places and not self._is_open(path)}

    def _gather(self) -> None:
        if self._log is not None and not self._session.runner.closed:
            self._begun = time.monotonic()
            gather, order = self._collect(), self._order
            self._gathering.start(lambda _emit, token: _gathered(gather, order, token))

    def _take_gathered(self, line: Lineup, recalled: tuple[Candidate, ...]) -> None:
        # Whoever classifies 100,000 photos wants the processor for that.
        took = round((time.monotonic() - self._begun) * 1000)
        self._settling.setInterval(max(_SETTLE_MS, _REST * took))
        self._here.update(each.path for each in recalled)
        self._line_up(line)
        if recalled:
            self.recalled.emit(recalled)

    def _line_up(self, line: Lineup) -> None:
        self._line = line
        self._count_closed()
        self.changed.emit()
        if self._asks:
            self._asks = False
            self.ask_first()


def _gathered(gather: Gather, order: Order, token: CancelToken) -> tuple[Lineup, tuple[Candidate, ...]]:
    """All of the queue, and what was decided of it: that stays in its place, so that undo leads back there."""
    found = gather(token)
    every = {each.path: each for each in (*found.decided, *found.waiting)}
    return Lineup.of(every.values(), order), found.decided
