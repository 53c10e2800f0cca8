"""Networks and heads that come from a run or a preset, in the window."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from tlstudio.modeling.head_text import parse_head
from tlstudio.modeling.layer_table import Conv2D, Dense, Flatten, LayerTable
from tlstudio.training.recipes import own_spec, spec_for
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.model.head.head_page import HeadPage
from tlstudio.ui.tabs.model.model_tab import ModelTab
from tlstudio.ui.tabs.model.network_table import NetworkTable
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

OWN = own_spec(LayerTable(24, 24, 1, (Conv2D(4), Flatten(), Dense(8))), head=parse_head("dropout 0.25, dense 4 tanh"))


@pytest.fixture
def tab(session: Session, qtbot: QtBot) -> Iterator[ModelTab]:
    cache = ThumbnailCache()
    made = ModelTab(session, cache)
    qtbot.addWidget(made)
    made.show()
    yield made
    cache.shutdown()


def box(tab: ModelTab, name: str) -> QComboBox:
    (found,) = (box for box in tab.findChildren(QComboBox) if box.accessibleName() == name)
    return found


def pick(tab: ModelTab, name: str, data: object) -> None:
    found = box(tab, name)
    found.setCurrentIndex(found.findData(data))
    found.activated.emit(found.currentIndex())


def test_an_own_network_is_shown_and_changed(tab: ModelTab, session: Session) -> None:
    session.set_choices(session.choices.with_spec(OWN))
    assert "Your own network" in {label.text() for label in tab.findChildren(TextLabel)}
    tab.findChild(HeadPage).edited.emit(parse_head("gmp, dense 8 selu"), False)
    spec = session.choices.spec
    assert spec.layers == OWN.layers
    assert spec.head == parse_head("gmp, dense 8 selu")
    assert [phase.name for phase in session.choices.config().phases] == ["scratch"]


@pytest.mark.parametrize("own", [True, False])
def test_a_head_that_was_chosen_goes_along_and_a_usual_one_does_not(tab: ModelTab, session: Session, own: bool) -> None:
    head = parse_head("gmp, dense 32 elu") if own else None
    session.set_choices(session.choices.with_spec(spec_for("starter", head=head)))
    tab.findChild(NetworkTable).chosen.emit("lenet")
    assert session.choices.spec == spec_for("lenet", head=head)
    pick(tab, "Size of the photos", 32)
    assert session.choices.spec == spec_for("lenet", input_size=32, head=head)
