"""Sharing out the photos: to learn from, to check while learning, for the final exam."""

from dataclasses import dataclass

from tlstudio.errors import TLStudioError


@dataclass(frozen=True, slots=True)
class SplitConfig:
    """How to share out.

    Attributes:
        train: Share of the photos to learn from.
        validation: Share to check on while learning.
        test: Share for the final exam.
        seed: Same seed, same photos: same split.
    """

    train: float = 0.70
    validation: float = 0.15
    test: float = 0.15
    seed: int = 0

    @classmethod
    def parse(cls, text: str, seed: int = 0) -> "SplitConfig":
        """Read "70/15/15" (any three numbers in these proportions).

        Raises:
            TLStudioError: If the text is not three numbers.
        """
        raise TLStudioError(text)


@dataclass(frozen=True, slots=True)
class Split:
    """Indices into ``Dataset.samples``, ascending; together every sample exactly once."""

    train: tuple[int, ...]
    validation: tuple[int, ...]
    test: tuple[int, ...]
