import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tlstudio.evaluation.intervals import wilson_interval
from tlstudio.evaluation.judge import build_report


@st.composite
def judged(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    classes, photos = draw(st.integers(2, 6)), draw(st.integers(1, 30))
    raw = draw(arrays(np.float32, (photos, classes), elements=st.floats(0, 1, width=32)))
    labels = draw(arrays(np.int64, photos, elements=st.integers(0, classes - 1)))
    return (raw + np.float32(1e-3)) / (raw + np.float32(1e-3)).sum(axis=1, keepdims=True), labels


@settings(max_examples=50, deadline=None)
@given(judged())
def test_every_photo_is_counted_once_everywhere(case: tuple[np.ndarray, np.ndarray]) -> None:
    scores, labels = case
    photos, classes = scores.shape
    names = [f"{number}.jpg" for number in range(photos)]
    report = build_report("/", [f"class {number}" for number in range(classes)], names, labels, scores)
    confusion = np.array(report.confusion)
    assert confusion.sum() == photos
    assert confusion.sum(axis=1).tolist() == [entry.support for entry in report.per_class]
    assert confusion.trace() == report.right == round(report.accuracy * photos)
    for photo in report.photos:
        assert photo.top[0][0] == photo.predicted
        assert confusion[photo.true, photo.predicted] > 0
    low, high = report.interval
    assert 0 <= low <= report.accuracy + 1e-9
    assert report.accuracy - 1e-9 <= high <= 1
    assert 0 <= report.ece <= 1
    assert 0 <= report.macro_f1 <= 1
    assert 1 / classes <= report.baseline <= 1


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 2000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_wilson_is_symmetric_and_narrows(case: tuple[int, int]) -> None:
    right, total = case
    low, high = wilson_interval(right, total)
    mirrored = wilson_interval(total - right, total)
    assert np.allclose((low, high), (1 - mirrored[1], 1 - mirrored[0]))
    wider = wilson_interval(10 * right, 10 * total)
    assert wider[1] - wider[0] < high - low
