"""Writes the classes of ImageNet: ``python tools/write_imagenet_classes.py imagenet_class_index.json``.

The order of the 1000 classes, their WordNet ids and their English names are facts that every network trained on
ImageNet goes by; Keras downloads them as ``imagenet_class_index.json`` when they are needed. The program
needs them without a network: one line each, id and name, with a space for each underscore.
"""

import argparse
import json
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "resources" / "imagenet_classes.tsv"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path, help="Keras's imagenet_class_index.json")
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    index = json.loads(options.index.read_text(encoding="utf-8"))
    entries = [index[str(number)] for number in range(len(index))]
    lines = [f"{wordnet}\t{name.replace('_', ' ')}\n" for wordnet, name in entries]
    options.out.write_text("".join(lines), encoding="utf-8")
    print(f"{len(lines)} classes in {options.out}")


if __name__ == "__main__":
    main()
