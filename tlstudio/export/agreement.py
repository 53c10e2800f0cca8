"""How far a written model says the same as the program."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tlstudio.export.exporters import Exporter
from tlstudio.wording import counted


@dataclass(frozen=True, slots=True)
class Agreement:
    """What came out when both were asked about the same pictures.

    Attributes:
        photos: How many pictures.
        same: How many of them get the same answer: the class with the highest score.
        undecided: How many of the others the program itself is undecided about: its two best scores are closer to each
            other than the scores of pictures differ that do get the same answer.
        largest_difference: Between a score of the one and of the other, 0 to 1; infinite where there is no number.
        made_up: Whether they are pictures of noise, since no photo of the run is there any more.
    """

    photos: int
    same: int
    undecided: int
    largest_difference: float
    made_up: bool = False

    def holds(self, exporter: Exporter) -> bool:
        """Whether that is good enough for a format."""
        if exporter.tolerance is None:
            return bool(np.isfinite(self.largest_difference))
        return self.same + self.undecided == self.photos and self.largest_difference <= exporter.tolerance

    @property
    def sentence(self) -> str:
        """For a person: "All 200 photos get the same answer; scores differ by at most 0.0003."."""
        what = "picture" if self.made_up else "photo"
        if self.same < self.photos:
            verb = "gets" if self.same == 1 else "get"
            start = f"{self.same:,} of {counted(self.photos, what)} {verb} the same answer"
        elif self.photos == 1:
            start = f"The {what} gets the same answer"
        else:
            start = f"All {counted(self.photos, what)} get the same answer"
        made_up = " They are made up, since the photos of this run are not there any more." if self.made_up else ""
        return f"{start}; {self._difference}.{self._doubt}{made_up}"

    @property
    def _doubt(self) -> str:
        """What is to be said of other answers that are no mistake of the file."""
        if not self.undecided or self.same + self.undecided < self.photos:
            return ""
        which = "the other one" if self.undecided == 1 else f"the other {self.undecided:,}"
        return f" Of {which}, the two best scores are so close that the rounding decides."

    @property
    def _difference(self) -> str:
        if not np.isfinite(self.largest_difference):
            return "some scores are no numbers"
        if self.largest_difference < 5e-7:
            return "their scores are equal to six digits"
        # Rounded up, so that "at most" is true, but for what 32 bits can't hold.
        digits = 6 if self.largest_difference < 1e-4 else 4
        upper = np.ceil(self.largest_difference * 10**digits - 1e-3) / 10**digits
        return f"scores differ by at most {f'{upper:.{digits}f}'.rstrip('0')}"


def agreement(
    expected: NDArray[np.float32], found: NDArray[Any], exporter: Exporter, *, made_up: bool = False
) -> Agreement:
    """Compare the scores of the program with those of a written model.

    Another answer counts as undecided only if the rounding that other pictures show explains it: what the flipped one
    itself shows would explain every flip, since two scores change places by differing by half their distance each.

    Args:
        expected: Scores of the program, shape (n, classes).
        found: Scores of the written model for the same pictures; any other shape agrees with nothing.
        exporter: The format.
        made_up: Whether the pictures are none of photos.
    """
    photos = len(expected)
    if found.shape != expected.shape or not np.isfinite(found).all():
        return Agreement(photos, 0, 0, float("inf"), made_up)
    differs = expected.argmax(axis=1) != found.argmax(axis=1)
    second, first = np.sort(expected, axis=1)[:, -2:].T
    differences = np.abs(expected - found).max(axis=1)
    undecided = differs & (first - second < differences[~differs].max(initial=0.0)) & exporter.undecided
    largest = float(differences.max(initial=0.0))
    return Agreement(photos, int(photos - differs.sum()), int(undecided.sum()), largest, made_up)
