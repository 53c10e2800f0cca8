"""What stands between a folder and a good classifier, each with a way out."""

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.doctor import classes, contents, label_sources, levels, names
from tlstudio.datasets.doctor.classes import FEWEST_PHOTOS, GREATEST_IMBALANCE
from tlstudio.datasets.doctor.problem import Fix, Problem, Severity
from tlstudio.datasets.reading.reading import Reading
from tlstudio.errors import TLStudioError

__all__ = (
    "FEWEST_PHOTOS", "GREATEST_IMBALANCE", "Fix", "Problem", "Severity", "find_problems", "require_trainable",
)  # fmt: skip

_ORDER: tuple[Severity, ...] = ("blocking", "warning", "note")


def find_problems(dataset: Dataset, reading: Reading | None = None) -> tuple[Problem, ...]:
    """All problems of a data set, the blocking ones first, the most telling one at the top.

    Args:
        dataset: What was found.
        reading: How it was read; by the folders at its top if None. Fixes change this one.
    """
    reading = reading or Reading(dataset.root)
    nothing = contents.nothing_there(dataset, reading)
    if nothing is not None:
        return (nothing,)
    unusable = label_sources.unusable(dataset, reading)
    if unusable is not None:
        return (unusable,)
    wrong = levels.wrong_level(dataset, reading)
    if wrong is not None and wrong.severity == "blocking":
        return (wrong,)
    problems = (
        *classes.too_few_classes(dataset),
        *classes.small_classes(dataset, reading),
        *classes.same_photo_in_two_classes(dataset),
        *names.near_equal_classes(dataset, reading),
        *levels.classes_further_down(dataset, reading),
        *((wrong,) if wrong is not None else ()),
        *contents.hidden_inside(dataset, reading),
        *classes.empty_classes(dataset, reading),
        *classes.unlabelled(dataset),
        *classes.imbalance(dataset),
        *levels.split_honoured(dataset, reading),
        *contents.archives_beside_photos(dataset),
    )
    return tuple(sorted(problems, key=lambda problem: _ORDER.index(problem.severity)))  # stable


def require_trainable(dataset: Dataset, reading: Reading | None = None) -> None:
    """Raise if training makes no sense.

    Args:
        dataset: What was found.
        reading: How it was read; by the folders at its top if None.

    Raises:
        TLStudioError: With the words of the first blocking problem.
    """
    for problem in find_problems(dataset, reading):
        if problem.severity == "blocking":
            raise TLStudioError(problem.message, problem.hint)
