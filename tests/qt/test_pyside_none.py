import sys

from PySide6.QtCore import QObject


def test_void_qt_calls_keep_the_references_of_none() -> None:
    # PySide6 6.11.0, 6.11.1 and 6.12.0 drop one reference of None per void call and abort the process in the end.
    # From Python 3.12 on None is immortal: its count never moves, and nothing can abort.
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(1000):
        thing.setObjectName("thing")
    assert abs(sys.getrefcount(None) - before) < 100
