"""What is said of labels in doubt, shortcuts and more photos. Knows no widget."""

from collections.abc import Sequence

from tlstudio.evaluation.label_errors import LabelDoubt
from tlstudio.evaluation.paired import LEVEL
from tlstudio.evaluation.shortcuts import Clue, Mark
from tlstudio.wording import counted, percent
from tlstudio.workflows.foresee_photos import Foresight
from tlstudio.workflows.relearn import Relearnt

_NEAR_ENOUGH = 0.005
_SIDES = {(0, 0): "top left", (1, 0): "top right", (0, 1): "bottom left", (1, 1): "bottom right"}


def why_doubted(doubt: LabelDoubt, classes: Sequence[str]) -> str:
    """Why a label is in doubt, in two sentences."""
    suggestion, label = classes[doubt.suggestion], classes[doubt.label]
    heads = f"A model that never saw this photo is {percent(doubt.score)} sure of {suggestion}."
    agreeing = round(doubt.agreeing * 10)
    if not agreeing:
        return f"{heads} None of the ten photos most like it is labelled {label}."
    return (
        f"{heads} Of the ten photos most like it, about {agreeing} {'is' if agreeing == 1 else 'are'} labelled {label}."
    )


def gain_in_words(relearnt: Relearnt) -> tuple[str, str]:
    """What corrections are worth: the figures in one sentence, and what to know about them."""
    before, after, paired = relearnt.before, relearnt.after, relearnt.paired
    exam = counted(len(after.photos), "exam photo")
    if not relearnt.differ:
        return (
            f"Nothing is corrected yet: {after.right:,} of {exam} are right.",
            "Correct some labels, and train again to see what that brings.",
        )
    first = f"{after.right:,} of {exam} are right now, {before.right:,} before the corrections."
    changed = f"{counted(relearnt.corrected, 'label')} changed, {counted(relearnt.left_out, 'photo')} left out."
    inside = relearnt.corrected_in_test
    exam_labels = (
        f"Both are judged by the labels of now, {inside:,} of them corrected in the exam itself."
        if inside
        else "The labels of the exam photos are the same as before."
    )
    if not paired.only_first + paired.only_second:
        told = "Both get the same photos right."
    elif paired.p_value < LEVEL:
        told = "That is more than chance would bring."
    else:
        told = "So small a difference may be chance."
    return first, f"{changed} {exam_labels} {told}"


def clue_in_words(clue: Clue) -> str:
    """How far one thing alone gets, and whether that is a worry."""
    whole, chance, alone = map(percent, (clue.whole, clue.chance, clue.accuracy))
    what = "The borders alone" if clue.kind == "border" else "The files alone (sizes, dates, cameras, kinds of names)"
    figures = f"{what} tell {alone} of the photos rightly, whole photos {whole}, and the largest class alone {chance}."
    if not clue.alarming:
        return f"{figures} That is no cause for worry."
    if clue.kind == "border":
        return (
            f"{figures} What surrounds your subjects gives them away: the model may not look at them at all. "
            "Take photos of each class in the same places."
        )
    return (
        f"{figures} The classes come from different cameras or programs, and the model may learn that instead. "
        "Take the photos of each class with the same device."
    )


def mark_in_words(mark: Mark, classes: Sequence[str]) -> str:
    """Where a class has something that the others don't have."""
    left, top, width, height = mark.place
    corner = _SIDES[round(left + width / 2), round(top + height / 2)]
    return (
        f"Photos of {classes[mark.label]} have something at the {corner} that others don't: a mark, a date or a wall "
        "there may be all that the model goes by. Crop it away, or put it on photos of every class."
    )


def foresight_in_words(foresight: Foresight) -> tuple[str, str]:
    """What twice as many photos would likely bring, and which class needs them most."""
    curve = foresight.curve
    expected, low, high = curve.doubled
    now, then = 100 - curve.now * 100, 100 - expected * 100
    worst, best = 100 - high * 100, 100 - low * 100
    bounds = f"(likely {worst:.0f} to {best:.0f})"
    if curve.now - expected < _NEAR_ENOUGH:
        first = f"Twice as many photos would hardly help: about {then:.0f} of 100 right {bounds}, {now:.0f} now."
    else:
        first = f"With twice as many photos about {then:.0f} of 100 would be right {bounds}, {now:.0f} now."
    neediest = curve.neediest
    if neediest is None or curve.class_gains[neediest] < _NEAR_ENOUGH:
        return first, "No class stands out as needing more than the others."
    name, gain = foresight.classes[neediest], curve.class_gains[neediest] * 100
    count = counted(foresight.counts[neediest], "photo")
    return first, f"{name} needs them most: it has {count}, and twice as many would bring about {gain:.0f} more of 100."
