"""What the Predict tab says of itself in the tab strip and in the bar at the bottom."""

from tlstudio.ui.session import Session
from tlstudio.ui.tabs.predict.folders.batch import BatchQueue
from tlstudio.ui.tabs.predict.folders.photo_batch import PhotoBatch
from tlstudio.ui.widgets.next_step_bar import JobStatus, NextStep
from tlstudio.ui.widgets.tab_strip import TabState
from tlstudio.wording import counted


def state(queue: BatchQueue, session: Session) -> TabState:
    """How many photos have an answer."""
    running = queue.running
    if running is not None:
        words = f"{running.done:,} of {running.total:,}" if running.total else "Getting ready"
        if running.paused:
            words = f"Paused at {running.done:,}"
        return TabState("running", words, running.share)
    if session.stored is None:
        return TabState("number", "After training")
    return TabState("done", counted(queue.answered, "photo")) if queue.answered else TabState("number", "Ready")


def next_step(queue: BatchQueue, session: Session) -> NextStep:
    """Choose a folder, then save its answers."""
    if session.stored is None:
        return NextStep("Nothing to classify with yet", "Train first.", "Go to training")
    waiting = queue.waiting or queue.unfinished
    if queue.answered:
        other = f"Go on with {waiting.title}" if waiting is not None else "Choose another folder"
        title = f"{counted(queue.answered, 'photo')} classified"
        return NextStep(title, "Save the answers as a table, one line a photo.", "Save as a table", choice=other)
    if waiting is not None:
        return NextStep("Not classified yet", f"{waiting.title} comes next.", f"Classify {waiting.title}")
    if session.training:
        line = "Classifying can begin when it has ended."
        return NextStep("A training runs now", line, "Choose a folder", enabled=False)
    line = f"With {session.stored.run.name}. Your photos are only read."
    return NextStep("Ready to classify", line, "Choose a folder", icon="folder")


def job_status(queue: BatchQueue, batch: PhotoBatch) -> JobStatus:
    """How far a folder is that is being classified."""
    detail = batch.note or "getting ready"
    if batch.total:
        so_far = f"{batch.done:,} of {counted(batch.total, 'photo')}"
        detail = ", ".join(part for part in (so_far, "" if queue.pausing else batch.pace.speed()) if part)
    title = f"Classifying {batch.title}"
    if queue.pausing:
        title = f"{'Paused' if batch.paused else 'Pausing'}: {batch.title}"
    left = "" if queue.pausing else batch.pace.left()
    return JobStatus(title, detail, batch.share, left, paused=queue.pausing)
