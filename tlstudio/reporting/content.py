"""What a report is made from."""

from dataclasses import dataclass
from typing import Final

from tlstudio.evaluation.report import JudgedPhoto, Report
from tlstudio.runs.run import Run

MOST_PHOTOS: Final = 60
"""So many wrong photos are shown, those that the model was surest of."""


@dataclass(frozen=True, slots=True)
class WrongPhoto:
    """A photo that the model gets wrong.

    Attributes:
        photo: What it is and what the model says.
        picture: The photo itself as a ``data:`` address; "" if it can't be read any more.
    """

    photo: JudgedPhoto
    picture: str


@dataclass(frozen=True, slots=True)
class ReportContent:
    """A run, its judgement, and what both should be taken with.

    Attributes:
        run: The run.
        title: What the run is called.
        report: Its judgement.
        made: When the report is made, ISO 8601.
        cautions: Reasons to trust the judgement less, each with what follows from it.
        wrong: Photos that it gets wrong, surest first.
        own_exam: Whether the judgement is on the photos that the run kept for the exam, not on another folder.
    """

    run: Run
    title: str
    report: Report
    made: str
    cautions: tuple[tuple[str, str], ...] = ()
    wrong: tuple[WrongPhoto, ...] = ()
    own_exam: bool = True

    @property
    def day(self) -> str:
        """The day it is made on: "2026-11-21"."""
        return self.made[:10]


def wrong_photos(report: Report) -> list[JudgedPhoto]:
    """The wrong photos that a report shows, surest first."""
    wrong = [photo for photo in report.photos if not photo.right]
    return sorted(wrong, key=lambda photo: -photo.score)[:MOST_PHOTOS]
