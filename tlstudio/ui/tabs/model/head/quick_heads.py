"""Last layers that are often used, and the answers that a number of classes allows. Knows no Qt."""

from dataclasses import dataclass, replace
from typing import Final

from tlstudio.modeling.layer_table import Dense, Dropout
from tlstudio.modeling.spec import BARE_HEAD, HeadSpec, Loss, Output, Pooling


@dataclass(frozen=True, slots=True)
class QuickHead:
    """A head to choose with one click.

    Attributes:
        title: Its chip, in a few words.
        tip: What it is good for, without a full stop.
        head: Pooling and layers; the rest of what is chosen stays.
    """

    title: str
    tip: str
    head: HeadSpec

    def applied(self, head: HeadSpec) -> HeadSpec:
        """``head`` with the pooling and the layers of this one."""
        return replace(head, pooling=self.head.pooling, layers=self.head.layers)


QUICK_HEADS: Final[tuple[QuickHead, ...]] = (
    QuickHead("Simple", "Mean, half of it left out while learning, answer: enough for most photos", HeadSpec()),
    QuickHead("Answer alone", "Mean and answer, nothing in between: the fewest numbers to learn", BARE_HEAD),
    QuickHead(
        "Hidden (128)",
        "A hidden layer of 128 units, a fifth left out while learning: where classes differ in how finds go together",
        HeadSpec("avg", (Dense(128), Dropout(0.2))),
    ),
    QuickHead(
        "Hidden (1,024)",
        "A hidden layer of 1,024 units: for many photos",
        HeadSpec("avg", (Dense(1024),)),
    ),
    QuickHead(
        "Every place (512)",
        "Each place of the photo by itself, 512 units: where a thing stands counts; millions of numbers to learn",
        HeadSpec("flatten", (Dense(512), Dropout(0.2))),
    ),
)

POOLINGS: Final[tuple[tuple[Pooling, str, str], ...]] = (
    ("avg", "Mean", "The mean over all places of the photo: steady, and few numbers to learn."),
    ("max", "Strongest", "The strongest find anywhere in the photo: good for small things in large photos."),
    ("flatten", "Every place", "Every place by itself: it matters where a thing stands, and there is much to learn."),
)
"""Key, word and meaning of what is taken from the photo."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A way to answer.

    Attributes:
        title: As it is chosen.
        term: The field's words for it.
        meaning: A sentence.
        output: What makes it.
        loss: What is made small while learning.
        two_only: Whether it is for two classes.
    """

    title: str
    term: str
    meaning: str
    output: Output
    loss: Loss
    two_only: bool

    def fits(self, head: HeadSpec) -> bool:
        """Whether ``head`` answers so."""
        return (head.output, head.loss) == (self.output, self.loss)


ANSWERS: Final[tuple[Answer, ...]] = (
    Answer(
        "one score a class", "softmax", "One score for each class; together they are 100 %.", "softmax", "auto", False
    ),
    Answer(
        "one number for two",
        "sigmoid",
        "One number from 0, the first class, to 1, the second.",
        "sigmoid",
        "auto",
        True,
    ),
    Answer(
        "two scores, each judged",
        "softmax 2 with binary cross-entropy",
        "Two scores that together are 100 %, each judged by itself while learning, as some recipes ask for.",
        "softmax",
        "binary",
        True,
    ),
)


def answers_for(n_classes: int, head: HeadSpec) -> tuple[Answer, ...]:
    """What can be chosen for so many classes (0 while unknown), and what is chosen in any case."""
    return tuple(answer for answer in ANSWERS if not answer.two_only or n_classes == 2 or answer.fits(head))


def answer_of(head: HeadSpec) -> Answer:
    """How a head answers; the loss of a single sigmoid is the binary one in any case."""
    found = (answer for answer in ANSWERS if answer.output == head.output)
    return next((answer for answer in ANSWERS if answer.fits(head)), next(found))
