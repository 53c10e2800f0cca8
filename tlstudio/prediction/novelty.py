"""How unlike a photo is to everything that a run learnt from: a photo of none of its classes gets an answer, too.

Measured by the cosine to the third nearest photo that was learnt from, between what the first part of the network says
of both (Y. Sun et al., "Out-of-Distribution Detection with Deep Nearest Neighbors", ICML 2022). The predictor computes
that in any case, and no label has shaped it. A network that was trained as a whole has one part only: there the entropy
of its scores takes the place, which tells less, since it learnt to be sure.

Chosen by measurement (MobileNetV2 1.0, `flowers5`, 95 % of other flowers let through): of `cats_dogs_flat` 99 % are
held back, as by the Mahalanobis distance (Lee et al. 2018) on vectors of length 1; by the residual of principal
components 98 %, by ViM 69 %, by the energy of the scores 48 %.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.evaluation.threads import threads_for
from tlstudio.whole_files import write_whole

NOVELTY_FILE: Final = "novelty.npz"

NEAREST: Final = 3
"""Which of the nearest photos counts: a single odd photo among those that were learnt from explains nothing."""

FEWEST_HELD_OUT: Final = 60
"""With fewer photos held out than this, those that were learnt from are compared with each other as well."""

_MOST_KEPT: Final = 1500
_KEPT_BYTES: Final = 4 << 20
_TINY: Final = 1e-12

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Novelty:
    """What is kept of a run's photos to tell what is unlike them.

    Attributes:
        learnt: (m, d) Some of the photos that were learnt from, as vectors of length 1; (0, 0) where scores tell.
        held_out: (n,) How unlike the photos are that were held out: validation part first, then the test part; NaN for
            one that could not be looked at any more.
        among: (k,) How unlike those that were learnt from are to each other; empty where enough were held out.
    """

    learnt: Vectors
    held_out: Vectors
    among: Vectors

    @classmethod
    def of_vectors(cls, learnt: Vectors, held_out: Vectors) -> "Novelty":
        """From photos that were learnt from, (m, d), and others, (n, d), as ``pooled`` makes them; NaN for missing."""
        # Rounded first: what is compared is what will be read from the file.
        kept = learnt.astype(np.float16).astype(np.float32)
        others = _distances(held_out, kept, NEAREST)
        few = np.isfinite(others).sum() < FEWEST_HELD_OUT
        return cls(kept, others, _distances(kept, kept, NEAREST + 1) if few else np.zeros(0, np.float32))

    @classmethod
    def of_scores(cls, held_out: NDArray[np.float32]) -> "Novelty":
        """From the scores of photos that were held out, (n, classes)."""
        return cls(np.zeros((0, 0), np.float32), _entropy(held_out), np.zeros(0, np.float32))

    def shares(self, outputs: NDArray[Any], scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """For each photo of a batch the share of the run's own photos that are less unlike, 0 to below 1.

        Photos like those of the run get such numbers evenly: above 0.95 lie 5 % of them (a conformal p-value turned
        round; V. Vovk et al., 2005). With fewer than 20 photos to compare with, nothing comes that high.

        Args:
            outputs: What the first part of the network says of them, (n, ...).
            scores: Their scores, (n, classes).
        """
        if not len(self.learnt):
            return self._shares(_entropy(scores))
        return self._shares(_distances(pooled(outputs, self.learnt.shape[1]), self.learnt, NEAREST))

    def held_out_shares(self) -> NDArray[np.float32]:
        """The same for the photos that were held out, (n,); at its highest for those that could not be looked at."""
        return self._shares(self.held_out)

    def _shares(self, found: Vectors) -> NDArray[np.float32]:
        own = np.concatenate((self.held_out, self.among))
        own = np.sort(own[np.isfinite(own)])
        less = np.searchsorted(own, found, side="left")
        return (less / (len(own) + 1)).astype(np.float32)


def pooled(outputs: NDArray[Any], width: int) -> Vectors:
    """Vectors of length 1 from what a part of a network puts out: maps, flattened or not, become their mean.

    Args:
        outputs: (n, width), (n, height, width of the map, width) or (n, any multiple of width); channels come last.
        width: Number of channels.
    """
    means = outputs.reshape(len(outputs), -1, width).mean(axis=1, dtype=np.float32)
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    return np.asarray(means / np.maximum(lengths, np.float32(_TINY)), dtype=np.float32)


def choose_learnt(labels: Sequence[int], width: int) -> NDArray[np.int64]:
    """Positions of the photos that are kept, in order: as many of each class as there is room for 4 MB, at most 1,500.

    Args:
        labels: Class index of each photo that was learnt from.
        width: Numbers in a vector.
    """
    of_class = np.asarray(labels, dtype=np.int64)
    order = np.argsort(of_class, kind="stable")
    sorted_labels = of_class[order]
    first = np.searchsorted(sorted_labels, sorted_labels, side="left")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - first
    room = max(min(_MOST_KEPT, _KEPT_BYTES // (2 * width)), NEAREST + 1)
    return np.sort(np.argsort(rank, kind="stable")[:room])


def save_novelty(folder: Path, novelty: Novelty) -> None:
    """Keep it beside a run.

    Raises:
        OSError: If it can't be written.
    """
    buffer = io.BytesIO()
    np.savez(buffer, learnt=novelty.learnt.astype(np.float16), held_out=novelty.held_out, among=novelty.among)
    write_whole(folder / NOVELTY_FILE, buffer.getvalue())


def load_novelty(folder: Path) -> Novelty | None:
    """What was kept beside a run; None if nothing was, or it is damaged: it can be made anew."""
    try:
        # Opened here: NumPy leaves a file open that is no archive.
        with (folder / NOVELTY_FILE).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            found = Novelty(*(arrays[name].astype(np.float32) for name in ("learnt", "held_out", "among")))
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile):
        return None
    sound = found.learnt.ndim == 2 and found.held_out.ndim == 1 and found.among.ndim == 1
    return found if sound else None


def _distances(vectors: Vectors, learnt: Vectors, nearest: int) -> Vectors:
    """(n,) 1 minus the cosine to the ``nearest``-th nearest, or to the farthest of fewer."""
    if not len(vectors):
        return np.zeros(0, np.float32)
    with threads_for(vectors.size * len(learnt)):
        likeness = vectors @ learnt.T
    place = max(likeness.shape[1] - nearest, 0)
    return np.asarray(1 - np.partition(likeness, place, axis=1)[:, place], dtype=np.float32)


def _entropy(scores: NDArray[np.float32]) -> Vectors:
    """(n,) Of the scores of each photo, in nats."""
    safe = np.maximum(scores.astype(np.float64), np.finfo(np.float32).tiny)
    return np.asarray(-(safe * np.log(safe)).sum(axis=1), dtype=np.float32)
