"""Photos of a report: which of them, in which order, and how they look as tiles. Knows no widget."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal

from tlstudio.evaluation.report import JudgedPhoto, Report
from tlstudio.ui.widgets.matrix_layout import Selection, cell_sentence, confused_pairs, confusion_sentence
from tlstudio.ui.widgets.photo_tile import PhotoItem
from tlstudio.wording import counted, percent

DOUBTFUL_BELOW = 0.6
_MOST_CHANGES = 3

Kind = Literal["all", "wrong", "doubtful", "right", "chosen"]

# What is chosen is known to whoever chose.
_KINDS: dict[Kind, Callable[[JudgedPhoto], bool]] = {
    "all": lambda photo: True,  # noqa: ARG005
    "wrong": lambda photo: not photo.right,
    "doubtful": lambda photo: photo.score < DOUBTFUL_BELOW,
    "right": lambda photo: photo.right,
}


def of_kind(report: Report, kind: Kind) -> list[JudgedPhoto]:
    """Photos of one kind but "chosen", surest first; the doubtful ones most doubtful first."""
    found = surest_first(filter(_KINDS[kind], report.photos))
    return found[::-1] if kind == "doubtful" else found


def selected(report: Report, selection: Selection) -> list[JudgedPhoto]:
    """Photos of a cell, a row or a column of the confusion matrix, wrong ones first, surest first."""
    found = (
        photo
        for photo in report.photos
        if selection.true in (None, photo.true) and selection.predicted in (None, photo.predicted)
    )
    return wrong_first(found)


def confused(report: Report, first: int, second: int) -> list[JudgedPhoto]:
    """Photos of either of two classes that were taken for the other."""
    pair = {first, second}
    return surest_first(photo for photo in report.photos if not photo.right and {photo.true, photo.predicted} == pair)


def surest_first(photos: Iterable[JudgedPhoto]) -> list[JudgedPhoto]:
    """Photos by how sure the answer is; equal ones in the order of the data set."""
    return sorted(photos, key=lambda photo: -photo.score)


def wrong_first(photos: Iterable[JudgedPhoto]) -> list[JudgedPhoto]:
    """Wrong photos before right ones, each surest first."""
    return sorted(photos, key=lambda photo: (photo.right, -photo.score))


def title_of(report: Report, selection: Selection) -> str:
    """What a selection holds: "4 roses taken for tulips"."""
    classes, counts = report.classes, report.confusion
    match selection:
        case Selection(int(true), int(predicted)):
            count = counts[true][predicted]
            if true == predicted or not count:
                return cell_sentence(classes[true], classes[predicted], count)
            return confusion_sentence(classes[true], classes[predicted], count)
        case Selection(int(true), None):
            total = sum(counts[true])
            return f"{counted(total, 'photo')} of {classes[true]}, {counts[true][true]:,} right"
        case Selection(None, int(predicted)):
            total = sum(row[predicted] for row in counts)
            return f"{counted(total, 'photo')} called {classes[predicted]}, {counts[predicted][predicted]:,} right"
    wrong = len(report.photos) - report.right
    return f"{wrong:,} wrong {'photo' if wrong == 1 else 'photos, surest first'}"


def matrix_changes(before: Report, after: Report) -> tuple[str, ...]:
    """What changed most among the confusions, if anything: "roses taken for tulips: 4 before, 2 now".

    Args:
        before: One judgement.
        after: Another one by the same classes.
    """
    were, are = (Counter(_confusions(report)) for report in (before, after))
    changes = {pair: abs(are[pair] - were[pair]) for pair in were | are if are[pair] != were[pair]}
    changed = sorted(changes, key=lambda pair: -changes[pair])
    told = [f"{true} taken for {said}: {were[true, said]:,} before, {are[true, said]:,} now" for true, said in changed]
    further = len(told) - _MOST_CHANGES
    rest = (f"and {counted(further, 'other pair')} of classes",) if further > 0 else ()
    return (*told[:_MOST_CHANGES], *rest)


def _confusions(report: Report) -> dict[tuple[str, str], int]:
    pairs = confused_pairs(report.classes, report.confusion)
    return {(pair.true, pair.predicted): pair.count for pair in pairs}


def to_tiles(report: Report, photos: Sequence[JudgedPhoto]) -> list[PhotoItem]:
    """Tiles with their labels, unless all have the same label: then it stands in the title."""
    root = Path(report.root)
    mixed = len({photo.true for photo in photos}) > 1
    return [
        PhotoItem(
            root / photo.path,
            report.classes[photo.true] if mixed else "",
            photo.true,
            "right" if photo.right else "wrong",
            note=sentence_on(report, photo),
        )
        for photo in photos
    ]


def classes_of(report: Report, photo: JudgedPhoto) -> list[tuple[str, int]]:
    """Name and index of the classes that can be meant by a photo: the best answers, and its label."""
    indices = [index for index, _ in photo.top]
    if photo.true not in indices:
        indices.append(photo.true)
    return [(report.classes[index], index) for index in indices]


def sentence_on(report: Report, photo: JudgedPhoto) -> str:
    """What became of one photo: "labelled roses, the model says tulips, 94 %"."""
    answer = report.classes[photo.predicted]
    return f"labelled {report.classes[photo.true]}, the model says {answer}, {percent(photo.score)}"
