"""The 1000 classes of ImageNet, as they ship, and the advice that follows from an answer."""

import json
from pathlib import Path

import pytest

from tlstudio.errors import TLStudioError
from tlstudio.modeling import imagenet
from tlstudio.modeling.imagenet import imagenet_classes
from tlstudio.workflows.check_up import CheckUp, Guess, Opinion


def test_the_classes_are_those_of_keras_in_its_order(shared: Path) -> None:
    index = json.loads((shared / "weights" / "imagenet_class_index.json").read_text(encoding="utf-8"))
    expected = [(wordnet, name.replace("_", " ")) for wordnet, name in (index[str(n)] for n in range(1000))]
    assert [(entry.wordnet, entry.name) for entry in imagenet_classes()] == expected


def test_a_list_that_is_gone_is_an_error_for_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imagenet, "resources_dir", lambda: tmp_path)
    imagenet_classes.cache_clear()
    with pytest.raises(TLStudioError, match="not where it belongs"):
        imagenet_classes()
    imagenet_classes.cache_clear()


def answered(score: float, photos: int, training: int | None) -> CheckUp:
    guesses = ((Guess("n1", "thing", score),),) * photos
    return CheckUp(("a.jpg",) * photos, (), (Opinion("vgg16", "VGG 16", guesses),), training)


@pytest.mark.parametrize(
    ("score", "training", "likeness", "advice"),
    [
        (0.8, 300, "like", "300 photos are few: train the last layers alone"),
        (0.8, 9000, "like", "9,000 photos are many: train the last layers, then refine"),
        (0.2, 300, "unlike", "300 photos are few: train the last layers on an earlier layer"),
        (0.2, 9000, "unlike", "9,000 photos are many: refine the whole network, or train one from scratch"),
    ],
)
def test_the_four_cases(score: float, training: int, likeness: str, advice: str) -> None:
    result = answered(score, 30, training)
    assert result.likeness == likeness
    assert result.advice[-1].startswith(advice)
    assert f"a score of {round(100 * score)} of 100" in result.advice[0]
    assert "rough" not in result.advice[0]


def test_few_photos_are_a_rough_look_and_unknown_numbers_get_both_cases() -> None:
    advice = answered(0.8, 6, None).advice
    assert "a rough look, by 6 photos alone" in advice[0]
    assert [line.partition(",")[0] for line in advice[1:]] == ["With fewer than about 2", "With more"]
