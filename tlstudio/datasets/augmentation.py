"""Varied copies of training photos."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AugmentationConfig:
    """Which variations are applied, and how many varied copies of each training photo are kept.

    Attributes:
        names: Entries of ``AUGMENTATIONS``, applied in the order of that table.
        views: Varied copies of each training photo beside the photo itself; 0 switches augmentation off.
    """

    names: tuple[str, ...] = ()
    views: int = 0

    def __post_init__(self) -> None:
        if self.views < 0:
            raise ValueError(f"views must be 0 or more, not {self.views}")
