"""What a training goes on from, where it doesn't begin anew."""

from dataclasses import dataclass
from pathlib import Path

from tlstudio.training.history import History


@dataclass(frozen=True, slots=True)
class Origin:
    """What an earlier training has reached; its phases are the first of those of the new one, and are over.

    Attributes:
        history: What those phases did.
        trained_from: Layer that the part begins after which they have trained.
        weights: File with the weights of that part.
    """

    history: History
    trained_from: str
    weights: Path
