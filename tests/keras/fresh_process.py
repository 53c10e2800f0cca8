"""Child process: load trained tails that another process saved, and write what they answer.

Its only argument is a folder that holds, for each network ``NAME``, ``NAME.json`` (the Part) and ``NAME.npy`` (inputs).
"""

import sys
from pathlib import Path

import numpy as np

from tlstudio.modeling import backend
from tlstudio.modeling.part import Part
from tlstudio.serialization import from_json


def main(folder: Path) -> None:
    backend.start()
    from tlstudio.modeling.network import build_part

    for request in sorted(folder.glob("*.json")):
        tail = build_part(from_json(request.read_bytes(), Part))
        answer = tail(np.load(request.with_suffix(".npy")), training=False)
        np.save(request.with_suffix(".answer.npy"), np.asarray(answer))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
