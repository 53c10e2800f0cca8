"""The log of a training: what happened and when, one line each, in the folder of the run."""

from collections.abc import Callable, Container, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from tlstudio.events import Continued, Emit, EpochEnded, Event, Notice, Paused, PhaseStarted, Progress
from tlstudio.modeling.hardware import Hardware
from tlstudio.runs.run import Run
from tlstudio.training.state import TrainingState

LOG_FILE: Final = "log.txt"


class TrainingLog:
    """Takes down the events of a training on their way to whoever shows them."""

    def __init__(self, emit: Emit, now: Callable[[], datetime] | None = None) -> None:
        self._emit = emit
        self._now = now or (lambda: datetime.now().astimezone())
        self._lines: list[str] = []
        self._stage = ""
        self._place: Path | None = None
        self._told_phases = 0
        self._told: Container[tuple[int, int]] = ()

    def keep_in(self, folder: Path) -> None:
        """Write every line into a folder at once, behind those that a training which was interrupted has left there."""
        file = folder / LOG_FILE
        lines, self._lines = self._lines, []
        if file.is_file():
            self._lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        self._place = file
        for line in lines:
            self._append(line)

    def resume(self, state: TrainingState) -> None:
        """Take down that a training goes on; what it tells again of the time before is in the log already."""
        self._know(state.phase + 1, state.epochs)
        self.add(f"Interrupted; goes on in phase {state.phase + 1} behind epoch {len(state.course.rows)}")

    def go_on(self, run: Run) -> None:
        """Take down that a training goes on from a run; what that one did is in its own log."""
        self._know(len(run.history.phases), run.history.epochs)
        self.add(f"Goes on from {run.name}, behind phase {len(run.history.phases)}, epoch {len(run.history.epochs)}")

    def _know(self, phases: int, epochs: Iterable[EpochEnded]) -> None:
        """So many phases, and these epochs, will be told again."""
        self._told_phases = phases
        self._told = {(epoch.phase, epoch.epoch) for epoch in epochs}

    def emit(self, event: Event) -> None:
        """Take an event down and pass it on."""
        words = self._words(event)
        if words:
            self.add(words)
        self._emit(event)

    def add(self, words: str) -> None:
        """Take down a line."""
        self._append(f"{self._now().isoformat(timespec='milliseconds')}  {words}")

    def _append(self, line: str) -> None:
        self._lines.append(line)
        if self._place is not None:
            with suppress(OSError), self._place.open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(f"{line}\n")

    def add_hardware(self, hardware: Hardware) -> None:
        """Take down what computes."""
        threads = f"{hardware.threads} threads" if hardware.threads else "as many threads as TensorFlow likes"
        self.add(f"{hardware.system}; {hardware.processor}, {hardware.cores} cores, {hardware.memory / 1e9:.1f} GB")
        self.add(f"Computing on {', '.join(hardware.gpus) or 'the processor'}, {threads}")

    def write(self, folder: Path) -> None:
        """Put the lines so far into a folder."""
        (folder / LOG_FILE).write_text("\n".join(self._lines) + "\n", encoding="utf-8", errors="backslashreplace")

    def _words(self, event: Event) -> str:
        match event:
            case Notice(message=message):
                return message
            case PhaseStarted() | EpochEnded() if self._is_told_again(event):
                return ""
            case PhaseStarted(index=index, name=name, epochs=epochs, steps=steps):
                return f"Phase {index + 1} ({name}): at most {epochs} epochs of {steps} steps"
            case EpochEnded():
                return _epoch_words(event)
            case Progress(stage=stage, total=total) if stage != self._stage:
                self._stage = stage
                return f"{stage}: {total}" if total else stage
            case Paused():
                return "Paused"
            case Continued(seconds=seconds):
                return f"Continued after {seconds:.0f} seconds"
        return ""

    def _is_told_again(self, event: PhaseStarted | EpochEnded) -> bool:
        if isinstance(event, PhaseStarted):
            return event.index < self._told_phases
        return (event.phase, event.epoch) in self._told


def _epoch_words(epoch: EpochEnded) -> str:
    checked = ""
    if epoch.val_loss is not None and epoch.val_accuracy is not None:
        checked = f" val_loss {epoch.val_loss:.5f} val_accuracy {epoch.val_accuracy:.4f}"
    best = " best" if epoch.best else ""
    learnt = f"loss {epoch.loss:.5f} accuracy {epoch.accuracy:.4f}"
    return (
        f"Phase {epoch.phase + 1} epoch {epoch.epoch + 1}: {learnt}{checked} "
        f"learning_rate {epoch.learning_rate:.3g} seconds {epoch.seconds:.2f}{best}"
    )
