"""The answers of the review, each with the number of its key."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from tlstudio.ui.session import Session
from tlstudio.ui.tabs.evaluation.explanations import Explanations
from tlstudio.ui.tabs.predict.answer_card import AnswerCard
from tlstudio.ui.tabs.predict.review.answer_rows import AnswerRows
from tlstudio.ui.widgets.photo_table import PredictionRow
from tlstudio.ui.widgets.score_bars import Score
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

BIRDS = tuple(f"bird {number}" for number in range(1, 11))
ROW = PredictionRow(Path("/m/1.jpg"), "Meadow", BIRDS[0], 0, 0.3, "unsure")


@pytest.fixture
def card(session: Session, qtbot: QtBot) -> Iterator[AnswerCard]:
    cache = ThumbnailCache()
    made = AnswerCard(cache, Explanations(session))
    qtbot.addWidget(made)
    made.resize(376, 716)
    made.show()
    yield made
    cache.shutdown()


def ask(card: AnswerCard, classes: int, answers: int) -> list[str]:
    """Ask about a photo; gives back what is answered from now on."""
    card.set_classes(BIRDS[:classes])
    scores = [Score(name, index, 0.3 - index / 50) for index, name in enumerate(BIRDS[:answers])]
    card.show_answer(ROW, scores, classes, reviewed=True)
    answered: list[str] = []
    card.answered.connect(answered.append)
    return answered


def rows(card: AnswerCard) -> list[QAbstractButton]:
    """What can be pressed, from the first to the last."""
    buttons = card.findChild(AnswerRows).findChildren(QAbstractButton)
    return [button for button in buttons if button.isVisible()]


def other_is_offered(card: AnswerCard) -> bool:
    return any(
        button.text() == "Another class …" and button.isVisible() for button in card.findChildren(QAbstractButton)
    )


def test_every_key_from_1_to_9_answers(card: AnswerCard, qtbot: QtBot) -> None:
    answered = ask(card, classes=10, answers=9)
    for digit in range(1, 10):
        qtbot.keyClick(card, Qt.Key(Qt.Key.Key_0 + digit))
    assert answered == list(BIRDS[:9])
    qtbot.mouseClick(rows(card)[8], Qt.MouseButton.LeftButton)
    assert answered[-1] == "bird 9"
    assert other_is_offered(card), "there is a tenth"


def test_another_class_is_offered_only_where_some_have_no_key(card: AnswerCard, qtbot: QtBot) -> None:
    answered = ask(card, classes=7, answers=7)
    qtbot.keyClick(card, Qt.Key.Key_7)
    qtbot.keyClick(card, Qt.Key.Key_8)
    assert answered == ["bird 7"]
    assert not other_is_offered(card)


@pytest.mark.parametrize(("height", "answers"), [(716, 5), (716, 9), (520, 5), (520, 7)])
def test_what_a_key_stands_for_is_in_view(card: AnswerCard, height: int, answers: int, qtbot: QtBot) -> None:
    card.resize(376, height)
    ask(card, classes=answers, answers=answers)
    last = rows(card)[-1]
    assert len(rows(card)) == answers
    qtbot.waitUntil(lambda: last.visibleRegion().boundingRect() == last.rect())
