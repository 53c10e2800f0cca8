"""The starter backbone in PyTorch and in Keras is one network. Needs PyTorch, which only pretraining uses."""

from pathlib import Path

import numpy as np
import pytest

from tlstudio.modeling import backend

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
pytestmark = pytest.mark.slow


def test_the_twin_gives_the_same_features(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    backend.start()
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "tools" / "pretrain"))
    import keras
    from student import Student, save, to_keras

    from tlstudio.modeling.starter import starter_layers

    torch.manual_seed(0)
    student = Student()
    student.settle_statistics([torch.randn(8, 3, 96, 96) for _ in range(3)])
    student.eval()
    photos = np.random.default_rng(0).uniform(-1, 1, (2, 112, 112, 3)).astype(np.float32)
    with torch.no_grad():
        expected = student(torch.from_numpy(photos).permute(0, 3, 1, 2)).permute(0, 2, 3, 1).numpy()
    model = to_keras(student)
    assert np.allclose(model.predict_on_batch(photos), expected, atol=1e-4 * expected.max())
    save(model, tmp_path / "starter.weights.h5")
    seen = keras.Input((112, 112, 3))
    loaded = keras.Model(seen, starter_layers(seen))
    loaded.load_weights(tmp_path / "starter.weights.h5")
    assert np.allclose(loaded.predict_on_batch(photos), expected, atol=0.02 * expected.max())
