import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from tlstudio.datasets.looks.looks import CloserLook
from tlstudio.events import CancelToken, ignore_events
from tlstudio.workflows.present import scan_json
from tlstudio.workflows.scan import scan


def scanned(root: Path) -> dict[str, Any]:
    result = scan_json(scan(root, emit=ignore_events, token=CancelToken()), 1.5)
    return dict(json.loads(json.dumps(result)))


def test_a_scan_tells_sizes_balance_duplicates_flags_and_advice(class_folders: Callable[..., Path]) -> None:
    root = class_folders({"daisy": 8, "rose": 4})
    shutil.copy(root / "daisy/photo_003.jpg", root / "rose/again.jpg")
    Image.new("RGB", (60, 90)).save(root / "rose/black.png")
    result = scanned(root)
    assert result["sizes"]["largest"] == [60, 90]
    assert result["sizes"]["portrait"] + result["sizes"]["landscape"] + result["sizes"]["square"] == 1
    assert result["imbalance"] == {
        "ratio": 8 / 6,
        "words": "“rose” has the fewest photos: “daisy” has 1.3 times as many. That is fine.",
    }
    assert result["duplicates"][0] == {
        "kind": "identical",
        "conflict": True,
        "paths": ["daisy/photo_003.jpg", "rose/again.jpg"],
        "classes": ["daisy", "rose"],
    }
    assert result["flagged"] == [{"path": "rose/black.png", "flags": ["blank"]}]
    assert result["leaks"] == []
    assert len(result["advice"]) == 4
    assert "more than one class" in result["advice"][0]
    assert result["seconds"] == 1.5


def test_what_a_network_found_is_told_apart(class_folders: Callable[..., Path]) -> None:
    found = scan(class_folders({"daisy": 8, "rose": 4}), emit=ignore_events, token=CancelToken())
    plain = scan_json(found, 1.5)
    assert plain["closer_look"] is None
    digests = [sample.digest for sample in found.dataset.samples]
    closer = CloserLook("starter", frozenset(digests[:-1]), ((digests[0], digests[-2]),))
    result = scan_json(found, 1.5, closer)
    assert result["closer_look"] == {"network": "starter", "photos": 11, "more": 2}
    assert len(result["duplicates"]) == len(plain["duplicates"]) + 1
    assert any(sentence.startswith("2 more photos show the same") for sentence in result["advice"])


def test_a_folder_without_classes_has_nothing_to_tell(tmp_path: Path) -> None:
    result = scanned(tmp_path)
    assert result["sizes"] is None
    assert result["imbalance"] == {"ratio": None, "words": ""}
    assert result["duplicates"] == result["flagged"] == result["leaks"] == result["advice"] == []
